"""Vectors of the entries' wordings, kept on disk: a start computes none, a changed entry only its own."""

from __future__ import annotations

import hashlib
import logging
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.knowledge.encoder import Encoder

if TYPE_CHECKING:
    import numpy as np

logger = logging.getLogger(__name__)


def kept_vectors(texts: Sequence[str], encoder: Encoder, cache_dir: Path | None) -> np.ndarray[Any, Any]:
    """Return one vector for each of `texts`, computing those that are not in `cache_dir`. A broken cache is made again."""
    import numpy as np

    if not texts:
        return np.zeros((0, encoder.dimension), np.float32)
    file = None if cache_dir is None else cache_dir / f"{encoder.name}.npz"
    known = {} if file is None else _read(file, encoder, texts[0])
    keys = [_key(text) for text in texts]
    new = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
    if new:
        known.update(zip(new, encoder.encode(list(new.values())), strict=True))
    vectors: np.ndarray[Any, Any] = np.stack([known[key] for key in keys])
    if file is not None and new:
        _write(file, keys, vectors)
    return vectors


def _read(file: Path, encoder: Encoder, sample: str) -> dict[str, np.ndarray[Any, Any]]:
    import numpy as np

    try:
        with np.load(file, allow_pickle=False) as kept:
            known = dict(zip(kept["keys"].tolist(), kept["vectors"], strict=True))
    except FileNotFoundError:
        return {}
    except Exception as error:  # cut off, of another version, unreadable: whatever it is, it can be made again
        logger.warning("kept vectors cannot be read (%s): they are computed again", type(error).__name__)
        return {}
    kept_sample = known.get(_key(sample))
    # An encoder of another version gives other vectors under the same name.
    if kept_sample is None or kept_sample.shape != (encoder.dimension,):
        return {} if kept_sample is not None else known
    return known if np.allclose(kept_sample, encoder.encode([sample])[0], atol=1e-3) else {}


def _write(file: Path, keys: Sequence[str], vectors: np.ndarray[Any, Any]) -> None:
    import numpy as np

    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=file.parent, suffix=".part")
        try:
            # Written beside and moved: a process that is killed here leaves the old file whole.
            with os.fdopen(descriptor, "wb") as part:
                np.savez(part, keys=np.array(keys), vectors=vectors)
            os.replace(name, file)
        except OSError:
            os.unlink(name)
            raise
    except OSError as error:
        logger.warning("vectors cannot be kept (%s): the next start computes them again", type(error).__name__)


def _key(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:24]
