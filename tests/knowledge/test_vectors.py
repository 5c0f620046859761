"""Vectors are computed once for each wording; a broken, foreign or unwritable cache costs time and nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from bot.knowledge.encoder import CharacterGrams, SentenceVectors
from bot.knowledge.vectors import kept_vectors


class Counting:
    """An encoder that counts."""

    name, dimension = "counting", 3

    def __init__(self, turned=0.0):
        self.encoded, self._turned = [], turned

    def encode(self, texts):
        self.encoded += texts
        vectors = np.array([[len(text), text.count("a"), 1 + self._turned] for text in texts], np.float32)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def test_a_second_start_computes_nothing_but_one_sample(tmp_path):
    first = kept_vectors(["aa", "bcd"], Counting(), tmp_path)
    again = Counting()

    assert np.array_equal(kept_vectors(["aa", "bcd"], again, tmp_path), first) and again.encoded == ["aa"]


def test_a_changed_entry_computes_only_its_own_wording(tmp_path):
    kept_vectors(["aa", "bcd"], Counting(), tmp_path)
    again = Counting()
    vectors = kept_vectors(["aa", "new"], again, tmp_path)

    assert again.encoded == ["aa", "new"] and np.array_equal(vectors, Counting().encode(["aa", "new"]))


def test_the_order_of_the_wordings_is_kept_and_the_same_wording_is_computed_once(tmp_path):
    encoder = Counting()

    assert np.array_equal(kept_vectors(["b", "aa", "b"], encoder, tmp_path), Counting().encode(["b", "aa", "b"]))
    assert encoder.encoded == ["b", "aa"]


@pytest.mark.parametrize("damage", [lambda file: file.write_bytes(file.read_bytes()[:50]), lambda file: file.write_bytes(b"")])
def test_a_cache_that_was_cut_off_is_made_again(tmp_path, damage):
    kept_vectors(["aa", "bcd"], Counting(), tmp_path)
    damage(tmp_path / "counting.npz")

    assert np.array_equal(kept_vectors(["aa", "bcd"], Counting(), tmp_path), Counting().encode(["aa", "bcd"]))
    third = Counting()
    kept_vectors(["aa", "bcd"], third, tmp_path)
    assert third.encoded == ["aa"]


def test_vectors_of_another_version_of_the_encoder_are_not_used(tmp_path):
    kept_vectors(["aa", "bcd"], Counting(), tmp_path)
    other = Counting(turned=5.0)

    assert np.array_equal(kept_vectors(["aa", "bcd"], other, tmp_path), Counting(turned=5.0).encode(["aa", "bcd"]))


def test_a_folder_that_cannot_be_written_is_no_reason_to_stop(tmp_path):
    (tmp_path / "file").write_text("not a folder")

    assert kept_vectors(["aa"], Counting(), tmp_path / "file").shape == (1, 3)


def test_no_wording_gives_no_vector(tmp_path):
    assert kept_vectors([], Counting(), tmp_path).shape == (0, 3) and not list(tmp_path.iterdir())


def test_sentence_vectors_are_what_they_were():
    vectors = SentenceVectors().encode(
        ["where can I park", "wo kann ich parken", "停车场在哪里", "أين أوقف السيارة", "my ear hurts"]
    )

    assert np.allclose(vectors[0][:6], [0.019, -0.013, -0.046, -0.006, -0.082, 0.003], atol=4e-3)
    assert np.allclose(vectors @ vectors[0], [1.0, 0.902, 0.708, 0.593, 0.142], atol=0.02)


def test_letter_vectors_are_what_they_were():
    vectors = CharacterGrams().encode(["where can I park", "wo kann ich parken", "wher can I prak"])

    assert vectors.dtype == np.float32 and np.allclose(vectors @ vectors[0], [1.0, 0.791, 0.905], atol=1e-3)


def test_broken_characters_and_long_texts_are_cut_and_not_refused():
    one, cut = SentenceVectors().encode(["x" * 300, "\ud800" + "x" * 5000])

    assert np.allclose(one, cut, atol=1e-4)
