"""Windows of one long text that several processes search: what comes out is what one alone makes of it."""

import io
import random
import re
import sys

import pytest
from text_support import People, treatment

from curator.core import strides
from curator.engine import hands
from curator.identifiers.categories import Category
from curator.scrub.text import medium, stream
from curator.scrub.text.view import Change

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere no process is forked")
NAME = re.compile(r"NAME\s+OF\s+\w+|X{2,}")


@pytest.fixture
def lent(monkeypatch):
    """Work on a large file with so many processes besides this one."""
    monkeypatch.setattr(strides, "LARGE", 1)
    strides.listen(lambda *_: None)

    def lend(number):
        hands.lend(None if number is None else lambda: number)

    with strides.over(100):
        yield lend
    hands.lend(None)
    strides.listen(None)


def made_up(seed):
    """A text in which names go over the ends of lines and paragraphs, where cuts are made."""
    draw = random.Random(seed)
    words = ("stable", "seen", "NAME\nOF Roe", "NAME OF\n\nPell", "XXXX", "no", "pain", "today.\n\n", "and\n")
    return " ".join(draw.choice(words) for _ in range(draw.randint(1, 400)))


def search(window):
    return [Change(one.start(), one.end(), "[GONE]", Category.NAME, "name") for one in NAME.finditer(window)]


def pieces(text, draw):
    while text:
        size = draw.randint(1, 90)
        yield text[:size]
        text = text[size:]


def test_windows_that_were_made_ahead_give_the_same_text_and_changes(lent):
    anew = []
    for seed in range(12):
        text, made = made_up(seed), []
        for number in (None, 0, 2):
            lent(number)
            asked = []

            def counted(window, asked=asked):
                asked.append(window)
                return search(window)

            draw = random.Random(seed)
            made.append(list(stream.cleaned(pieces(text, draw), counted, size=120, lap=30)))
            if number == 0:
                anew.append(len(asked))
        assert made[0] == made[1] == made[2]
        assert "NAME" not in "".join(part for part, _ in made[2])
    assert sum(count > 3 for count in anew) > 5


def test_a_cut_that_is_made_elsewhere_begins_the_search_anew(lent):
    # A name over each paragraph's end: no cut is where it would be without.
    text = ("stable and well today NAME OF\n\nPell " * 40).strip()
    expected = None
    for number in (None, 1):
        lent(number)
        begun = []

        def parts(self, begun=begun, plain=stream._Windows.parts):
            begun.append(self.at)
            return plain(self)

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(stream._Windows, "parts", parts)
            made = list(stream.cleaned(iter([text]), search, size=120, lap=30))
        expected = expected or made
        assert made == expected
        assert (len(begun) > 1) == (number == 1)
        assert begun == sorted(begun)


@pytest.mark.parametrize("number", [None, 0, 1, 2])
@pytest.mark.parametrize("broken", [150, 700, 2900])
def test_a_text_that_breaks_off_is_never_taken_for_one_that_ends(lent, number, broken):
    # A name over each paragraph's end: the search begins anew behind what was read ahead.
    text = ("stable and well today NAME OF\n\nPell " * 90).strip()

    def pieces():
        yield from (text[at : at + 50] for at in range(0, broken, 50))
        raise OSError(5, "the disk")

    lent(number)
    with pytest.raises(OSError, match="the disk"):
        list(stream.cleaned(pieces(), search, size=120, lap=30))


@pytest.mark.parametrize("ending", [".txt", ".md"])
def test_a_long_note_comes_out_the_same_whoever_searches_it(lent, monkeypatch, ending):
    monkeypatch.setattr(stream, "SIZE", 600)
    monkeypatch.setattr(stream, "LAP", 100)
    mark = "**" if ending == ".md" else ""
    visits = (
        f"Seen with her daughter {mark}Ottoline Brackenridge{mark} on 3/{day}/2021 at Ogden General Hospital.\n"
        f"MRN: 00482913. Call 617-555-01{day:02d}; 120/80, stable.\n\n"
        for day in range(1, 29)
    )
    data = ("# Visits\n\n" * (ending == ".md") + "".join(visits)).encode()
    made = []
    for number in (None, 2):
        lent(number)
        rules, out = treatment(), io.BytesIO()
        rules.met.clear(keeps=True)
        told = medium.harvest(io.BytesIO(data), len(data), rules)
        found = rules.met.document()
        rules.met.clear()
        done = medium.rewrite(io.BytesIO(data), out, People(), rules)
        made.append((told, done, out.getvalue(), sorted(found["texts"])))
    assert made[0] == made[1]
    assert b"Brackenridge" not in made[1][2]
    assert len(made[1][3]) > 3


def test_what_a_window_must_not_hold_is_told_in_its_turn(lent, monkeypatch):
    monkeypatch.setattr(stream, "SIZE", 300)
    monkeypatch.setattr(stream, "LAP", 50)
    data = ("Stable and well.\n\n" * 60 + "Content-Transfer-Encoding: base64\n\n" + "Well.\n\n" * 60).encode()
    for number in (None, 2):
        lent(number)
        with pytest.raises(Exception, match="TXT-026"):
            medium.harvest(io.BytesIO(data), len(data), treatment())
