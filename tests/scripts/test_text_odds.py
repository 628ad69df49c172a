"""The table of odds is the one that the script writes from the templates that stand here."""

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("text_odds", ROOT / "scripts" / "data" / "text_odds.py")
    module = importlib.util.module_from_spec(spec)
    import sys

    sys.modules["text_odds"] = module
    spec.loader.exec_module(module)
    return module


def test_the_table_names_the_templates_that_it_was_trained_on(script):
    paths = [path for listed in script.sources().values() for path in listed]
    assert f"templates: {script.digest(paths)}\n" in script.OUT.read_text(encoding="utf-8")


def test_no_template_of_the_held_back_notes_was_trained_on(script):
    def blocks(split):
        return {
            block.split("\n", 1)[1].strip()
            for path in (script.HERE / split).glob("*.txt")
            for block in f"\n{path.read_text(encoding='utf-8')}".split("\n=== ")[1:]
        }

    assert not blocks("test") & (blocks("learn") | blocks("dev"))
    assert len(blocks("apart")) > 200
    assert not blocks("apart") & (blocks("learn") | blocks("dev"))


def test_training_twice_gives_the_same_weights_and_tells_the_missed_name(script):
    listed = [
        script.Row(
            "capital",
            (("before", word), ("word", f"w{number % 7}")),
            "NAME" if word == "with" else "",
            False,
            ("t", number),
            False,
        )
        for number in range(120)
        for word in ("with", "the")
    ]
    labels = [script.wanted(row) for row in listed]
    one, two = script.train(listed, labels), script.train(listed, labels)
    assert one == two
    assert one.of(listed[0]) > 0 > one.of(listed[1])


def test_every_learned_template_fills(script):
    for path in script.sources()["learn"]:
        for text, gold, _ in script.filled(path, (3,)):
            assert text
            assert all(text[start:end].strip() for start, end, *_ in gold)
