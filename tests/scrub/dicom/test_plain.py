"""What stays as it is for everybody: the short way and the long one write the same, and nothing known gets past."""

from __future__ import annotations

import random
import struct

import pytest
from scrub_support import coder, policy, subject

from curator.scrub.dicom import cleaning
from curator.scrub.dicom.cleaning import Cleaner, Decisions
from curator.scrub.dicom.matcher import Matcher
from curator.scrub.dicom.plain import MOST_PLAIN, is_plain
from curator.scrub.dicom.text import standard_terms
from curator.scrub.dicom.tree import Node

PERSONS = (
    (),
    (("id", "1234567"), ("birth_date", "19310407"), ("name", "QUILLFEATHER^ADA")),
    (("id", "12345"), ("accession", "0065536"), ("date", "20210304")),
    (("id", "CHEST"), ("name", "LI^NA"), ("other", "AXIAL")),
    (("birth_date", "00001234"),),
    (("more", "1"),),
)
NUMBERS = {"DS": (0x00180050, 0x00201041, 0x00280030), "IS": (0x00200013, 0x00181150)}
BINARY = {"US": 0x00280010, "SS": 0x00280106, "UL": 0x00081163, "FD": 0x00189073, "FL": 0x00189306, "SL": 0x00186018}
CODES = (0x00080060, 0x00180015, 0x00080008, 0x00185100)


def values(chance: random.Random) -> list[Node]:
    """Elements that a rule keeps: measures and codes, and among them what is known of one of the persons."""
    figures = ["0", "1", "1.5", "-12.25", "1234", "12345", "1234567", "4071931", "19310407", "65536", "1e6", "NaN?"]
    figures += [f"{chance.uniform(-2000, 2000):.{chance.randrange(5)}f}" for _ in range(20)]
    terms = ["CHEST", "AXIAL", "NA", "Ada", "ORIGINAL\\PRIMARY", "QUILLFEATHER", *sorted(standard_terms())[::400]]
    whole = [0, 1, 512, 12345, 65536, 1234567, 19310407, 0x20414441, 0x61646151]
    made = []
    for vr, tags in NUMBERS.items():
        for tag in tags:
            text = "\\".join(chance.choices(figures, k=chance.choice((1, 1, 2, 3))))
            made.append(Node(tag, chance.choice((vr, None, "UN")), text.encode("ascii")))
    for tag in CODES:
        made.append(Node(tag, chance.choice(("CS", None)), chance.choice(terms).encode("ascii")))
    for vr, tag in BINARY.items():
        number, kind = chance.choice(whole), {"US": "H", "SS": "h", "UL": "I", "SL": "i", "FD": "d", "FL": "f"}[vr]
        count = chance.choice((1, 1, 4))
        value = struct.pack(f"<{count}{kind}", *[number % 32000 if kind in "hH" else number] * count)
        made.append(Node(tag, vr, value + chance.choice((b"", b"", b"\0"))))
    return made


def cleaned(nodes: list[Node], known: tuple[tuple[str, str], ...]) -> tuple[object, object]:
    """What becomes of copies of elements, and what is said of it."""
    cleaner = Cleaner(Decisions(policy(), False), subject(known=known), policy(), coder)
    made = cleaner.clean([Node(node.tag, node.vr, node.value, node.items) for node in nodes], little=True)
    return [(node.tag, node.vr, node.value, node.items is None) for node in made], cleaner.actions()


@pytest.mark.parametrize("known", PERSONS)
def test_the_short_way_writes_what_the_long_one_writes(monkeypatch, known) -> None:
    chance = random.Random(7)
    cases = [values(chance) for _ in range(150)]
    short = [cleaned(nodes, known) for nodes in cases]
    taken = 0

    def never(tag: int, vr: str, value: bytes) -> bool:
        nonlocal taken
        taken += is_plain(tag, vr, value)
        return False

    monkeypatch.setattr(cleaning, "is_plain", never)
    assert [cleaned(nodes, known) for nodes in cases] == short
    assert bool(taken) is Matcher(known).usual  # the short way was there to be taken, or was not asked for


def test_who_is_known_by_a_short_number_is_not_usual() -> None:
    known = (("birth_date", "00001234"),)
    assert not Matcher(known).usual
    assert is_plain(0x00180050, "DS", b"1234")
    made, _ = cleaned([Node(0x00180050, "DS", b"1234")], known)
    assert b"1234" not in [value for _, _, value, _ in made]
    made, _ = cleaned([Node(0x00180050, "DS", b"1234")], ())
    assert b"1234" in [value for _, _, value, _ in made]


@pytest.mark.parametrize(
    ("vr", "value"),
    [
        ("DS", b"12345"),
        ("DS", b"123.4567890"),
        ("IS", b"19310407"),
        ("IS", b"04\\07\\1931"),
        ("DS", b"Ada"),
        ("CS", b"QUILLFEATHER"),
        ("CS", b"ORIGINAL\\ADA"),
        ("UL", struct.pack("<I", 1234567)),
        ("FD", struct.pack("<d", 19310407)),
        ("US", b"AdaQui"),
        ("US", b"AdaQuillf\1\2 "),
        ("US", b"\1"),
        ("AT", b"\x10\0\x10\0"),
        ("OW", b"\1\0"),
        ("LO", b"CHEST"),
    ],
)
def test_what_may_tell_of_somebody_is_never_plain(vr, value) -> None:
    assert not is_plain(0x00180050, vr, value)


def test_a_long_value_is_not_asked_for(monkeypatch) -> None:
    asked = []
    monkeypatch.setattr(cleaning, "is_plain", lambda *told: asked.append(told))
    cleaned([Node(0x00180050, "DS", b"1\\" * MOST_PLAIN + b"1")], ())
    cleaned([Node(0x00080060, "CS", b"", items=[])], ())
    assert not asked
