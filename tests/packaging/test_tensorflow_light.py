"""The light TensorFlow: Rasa is content with it on every platform, and what would compute with it says what to install."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
LIGHT = ROOT / "packaging" / "tensorflow_light"
PLATFORMS = {
    "Linux x86_64": {"sys_platform": "linux", "platform_machine": "x86_64"},
    "Linux aarch64": {"sys_platform": "linux", "platform_machine": "aarch64"},
    "macOS Intel": {"sys_platform": "darwin", "platform_machine": "x86_64"},
    "macOS Apple": {"sys_platform": "darwin", "platform_machine": "arm64"},
}


def light_versions() -> dict[str, str]:
    files = [path.read_text(encoding="utf-8") for path in LIGHT.glob("*/pyproject.toml")]
    fields = [dict(re.findall(r'^(name|version) = "(.+)"$', text, re.MULTILINE)) for text in files]
    return {field["name"]: field["version"] for field in fields}


@pytest.mark.parametrize("platform", PLATFORMS)
def test_what_rasa_requires_of_tensorflow_is_there_in_the_right_version(platform):
    environment = {"python_version": "3.10", "extra": "", **PLATFORMS[platform]}
    wanted = [Requirement(line) for line in metadata.requires("rasa") or () if line.lower().startswith("tensorflow")]
    wanted = [one for one in wanted if one.marker is None or one.marker.evaluate(environment)]
    versions = light_versions()

    assert wanted
    for one in wanted:
        assert one.specifier.contains(versions[one.name.replace("_", "-")]), one


def python(code: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(LIGHT / "core"), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    "code",
    [
        "import tensorflow as tf\nclass Model(tf.keras.Model): pass",
        "from tensorflow.keras.callbacks import Callback\nclass Mine(Callback): pass",
        "import tensorflow as tf\n@tf.function\ndef f(): return 7\nassert f() == 7",
        "import tensorflow as tf\ndef f(x: tf.Tensor) -> tf.RaggedTensor: ...",
        "from keras.utils import tf_utils",
    ],
)
def test_it_can_be_imported_named_and_subclassed(code):
    assert python(code).returncode == 0


def test_making_a_model_says_in_one_sentence_what_to_install():
    ran = python("import tensorflow as tf\nclass Model(tf.keras.Model): pass\nModel()")

    assert ran.returncode != 0 and "`make full`" in ran.stderr.splitlines()[-1]


def test_feature_checks_find_no_dunder_that_is_not_there():
    assert python("import tensorflow\nassert not hasattr(tensorflow.keras, '__wrapped__')").returncode == 0


@pytest.mark.slow
def test_training_with_diet_fails_and_says_what_to_install(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "config.yml").write_text(
        "recipe: default.v1\nassistant_id: x\nlanguage: en\npipeline:\n- name: WhitespaceTokenizer\n"
        "- name: CountVectorsFeaturizer\n- name: DIETClassifier\n  epochs: 1\npolicies:\n- name: RulePolicy\n",
        encoding="utf-8",
    )
    (tmp_path / "domain.yml").write_text('version: "3.1"\nintents: [a, b]\n', encoding="utf-8")
    examples = "- intent: a\n  examples: |\n    - hello\n    - hi\n- intent: b\n  examples: |\n    - bye\n    - see you\n"
    (tmp_path / "data/nlu.yml").write_text(f'version: "3.1"\nnlu:\n{examples}', encoding="utf-8")

    command = [sys.executable, "-m", "rasa", "train", "nlu"]
    environment = {**os.environ, "RASA_TELEMETRY_ENABLED": "false"}
    ran = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)

    assert ran.returncode != 0 and not list(tmp_path.rglob("*.tar.gz"))
    assert "`make full`" in ran.stdout + ran.stderr
