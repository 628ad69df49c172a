"""The table of odds is the one that the script writes from the templates that stand here."""

import dataclasses
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
    for name in ("odds.txt", "odds_cased.txt"):
        assert f"templates: {script.digest(paths)}\n" in (script.OUT / name).read_text(encoding="utf-8")


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
            foreign=False,
            cased=False,
            laid=False,
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
        for note in script.filled(path, (3,)):
            assert note.text
            assert all(note.text[start:end].strip() for start, end, *_ in note.gold)


def test_every_template_is_filled_in_letters_of_one_case_too(script):
    notes = script.filled(script.sources()["learn"][0], (3,))
    plain, small, capitals = (notes[at :: len(notes) // 3][:1] for at in (0, len(notes) // 3, 2 * len(notes) // 3))
    assert not plain[0].laid
    assert small[0].laid
    assert small[0].text == small[0].text.lower()
    assert capitals[0].text == capitals[0].text.upper()


def test_the_second_table_learns_words_from_texts_of_one_case_alone(script):
    def row(word, *, cased, laid=False, category="NAME"):
        return script.Row("capital", (("before", word),), category, False, ("t", 0), False, cased, laid)

    rows = [
        dataclasses.replace(row(word, cased=cased, laid=laid, category=category), template=("t", number))
        for number in range(40)
        for word, cased, laid, category in (("loud", True, True, "NAME"), ("plain", False, False, ""))
    ]
    plain, cased = script.models(rows, cased=False), script.models(rows, cased=True)
    assert {sign for _, sign in plain["capital"].weights} == {"plain"}
    assert {sign for _, sign in cased["capital"].weights} == {"loud"}
