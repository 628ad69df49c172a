# ruff: noqa: E501 - a table of values that is cut into lines hides what it holds
"""Measures the cleaner of descriptors on made-up texts: what it takes out, and what it takes with it.

    python scripts/bench/descriptors.py [dev|dev2|test|third|fourth] [--seed 7] [--count 200] [--show KIND]

An identifier counts as found when no part of it of three letters or digits or more is left in the text. A base counts
as kept when all its words are left in their order. All data are synthetic; the split ``test`` has other bases, other
templates and other people than the one that the rules were developed on.
"""

from __future__ import annotations

import argparse
import random
import re
import time
import tomllib
import unicodedata
from collections import defaultdict
from pathlib import Path
from typing import Any

from curator.identifiers.spelling import fold, words
from curator.scrub.dicom.descriptors import Descriptors
from curator.scrub.policy import load_policy

HERE = Path(__file__).resolve().parent
KINDS = ("name", "physician", "date", "age", "number", "phone", "place", "link")
#: Splits of whole texts in which the identifiers are marked.
_MARKED = ("third", "fourth")
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_SLOT = re.compile(r"\{(n|l)(\d)\}")
_LEAST = 3
COMMON = [
    "Robert|Johnson", "Linda|Martinez", "James|Wilson", "Patricia|Anderson", "Emily|Carter", "Thomas|Schmidt", "Julie|Moreau",
    "Carlos|Ramirez", "Anna|Rossi", "Ahmed|Hassan", "Wei|Zhang", "Yuki|Tanaka", "Ivan|Petrov", "Fatima|Khan", "Susan|White",
]  # fmt: skip


def filled(template: str, rng: random.Random) -> str:
    """Put drawn digits and letters for {n7} and {l2}."""

    def draw(match: re.Match[str]) -> str:
        size = int(match[2])
        if match[1] == "l":
            return "".join(rng.choice("ABCDEFGHKMNPRSTVWXZ") for _ in range(size))
        return str(rng.randrange(2, 10)) + "".join(str(rng.randrange(10)) for _ in range(size - 1))

    return _SLOT.sub(draw, template)


def plain(text: str) -> str:
    """Return a text without accents, as most equipment has it."""
    table = str.maketrans(
        {"ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae", "ı": "i", "Ł": "L", "Ø": "O", "Þ": "Th", "ð": "d"}
    )
    found = unicodedata.normalize("NFD", text.translate(table))
    return "".join(mark for mark in found if not unicodedata.combining(mark))


def make(kind: str, data: dict[str, Any], people: list[str], rng: random.Random) -> tuple[str, str, list[str]]:
    """Return base, whole text and the identifiers in it."""
    base = rng.choice(data["base"])
    section = data[kind]
    given, family = (rng.choice(people) if rng.random() < 0.7 else rng.choice(COMMON)).split("|")
    if rng.random() < 0.8:
        given, family = plain(given), plain(family)
    template = rng.choice(section["templates"])
    y, m, d = rng.randrange(1931, 2025), rng.randrange(1, 13), rng.randrange(1, 29)
    old = rng.randrange(90, 105)
    place = data["place"]
    city = rng.choice(place["city"])
    hosp = (
        rng.choice(place["hosp"])
        .replace("{X}", rng.choice(place["x"]))
        .replace("{Y}", city)
        .replace("{s}", rng.choice(place["s"]))
    )
    street = rng.choice(place["street"])
    mark = "\x01"
    values = {
        "full": f"{given} {family}", "FULL": f"{given} {family}".upper(), "LF": f"{family}, {given}".upper(),
        "LAST": family.upper(), "FIRST": given.upper(), "last": family, "first": given, "lowlast": plain(family).lower().replace(" ", "").replace("'", "") if kind == "link" else family.lower(),
        "lowfirst": given.lower(), "I": given[0].upper(), "CARET": f"{family}^{given}".upper(), "HOSP": hosp.upper(), "hosp": hosp,
        "CITY": city.upper(), "city": city, "ST": rng.choice(["OH", "TX", "CA"]), "STREET": street, "street": street,
        "y": y, "m": m, "d": d, "yy": f"{y % 100:02d}", "Mon": _MONTHS[m - 1], "MON": _MONTHS[m - 1].upper(), "old": old,
    }  # fmt: skip
    body = filled(template, rng)
    rest = body.replace("{base}", mark).format(**values)
    text = rest.replace(mark, base)
    if kind in {"name", "physician", "link"}:
        hidden = [
            part
            for part in words(f"{family} {given}")
            if part in words(rest) or (kind == "link" and part in fold(rest))
        ]
    elif kind == "place":
        hidden = [
            part
            for part in words(rest.replace(mark, " "))
            if part in words(f"{hosp} {city} {street}") or part.isdecimal()
        ]
    elif kind == "age":
        hidden = [str(old)]
    else:
        hidden = re.findall(r"\d+", rest) + [part for part in words(rest) if any(c.isdigit() for c in part)]
    common = {"general", "hospital", "medical", "center", "university", "clinic", "imaging", "radiology", "associates", "community", "family",
              "of", "saint", "st", "med", "ctr", "de", "regional", "diagnostic", "infirmary", "royal", "klinikum", "hopital", "ospedale"}  # fmt: skip
    hidden = [
        part
        for part in hidden
        if len(part) >= (2 if kind == "age" else _LEAST) and part not in common and part not in words(base)
    ]
    return base, text, hidden


def measure(split: str, seed: int, count: int, show: str, known: bool) -> None:
    """Print the figures of a split."""
    data = tomllib.loads((HERE / "descriptorset" / f"{split}.toml").read_text(encoding="utf-8"))
    people = (
        data.get("people")
        or tomllib.loads((HERE / "textset" / data["people_from"]).read_text(encoding="utf-8"))["PEOPLE"]
    )
    policy = load_policy("safe-harbor")
    totals: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    nobody = Descriptors((), policy)
    rng = random.Random(seed)
    for kind in KINDS:
        for _ in range(count):
            base, text, hidden = make(kind, data, people, rng)
            cleaner = nobody
            if known:
                cleaner = Descriptors(
                    tuple(("name" if kind in {"name", "physician"} else "other", part) for part in hidden), policy
                )
            out = cleaner.clean(text, vr="LO")
            left = [part for part in hidden if part in words(out) or (len(part) > 4 and part in fold(out))]
            kept = words(out)
            wanted = words(base)
            missing = [word for word in wanted if word not in kept]
            total = totals[kind]
            total[0] += 1
            total[1] += not left
            total[2] += not missing
            total[3] += not left and out == base
            if kind == show and (left or missing):
                print(f"  {text!r} -> {out!r}  left {left} missing {missing}")
    print(
        f"{split}, seed {seed}, {'known values' if known else 'nothing known'}: kind, texts, found %, base kept %, exactly the base %"
    )
    for kind, (all_, found, kept_, exact) in [
        *totals.items(),
        ("all", [sum(t[i] for t in totals.values()) for i in range(4)]),
    ]:
        print(f"  {kind:10} {all_:6} {100 * found / all_:7.1f} {100 * kept_ / all_:7.1f} {100 * exact / all_:7.1f}")


def marked(path: Path, *, show: bool) -> None:
    """Print the figures of texts in which the identifiers are marked."""
    cleaner = Descriptors((), load_policy("safe-harbor"))
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    found = kept = 0
    for line in lines:
        text, base = re.sub(r"\{\{|\}\}|[<>]", "", line), re.sub(r"\{\{.*?\}\}|<.*?>", " ", line)
        whole = " ".join(re.findall(r"\{\{(.*?)\}\}", line))
        hidden = [
            part
            for part in words(whole)
            if (len(part) >= _LEAST or part.isdigit()) and part not in words(base) and part not in _COMMON
        ]
        out = cleaner.clean(text, vr="LO")
        left = [part for part in hidden if part in words(out) or (len(part) > 4 and part in fold(out))]
        missing = [part for part in words(base) if len(part) > 1 and part not in words(out)]
        found += not left
        kept += not missing
        if show and (left or missing):
            print(f"  {text!r} -> {out!r}  left {left} missing {missing}")
    print(
        f"{path.name}: {len(lines)} texts, found {100 * found / len(lines):.1f} %, base kept {100 * kept / len(lines):.1f} %"
    )


#: Parts of marked identifiers that tell nobody.
_COMMON = frozenset(
    ["dr", "mr", "mrs", "prof", "hospital", "general", "clinic", "imaging", "radiology", "road", "rue", "des", "com", "org", "http", "https", "subj", "tech", "export", "users", "desktop", "home", "dicom", "share", "pacs", "icu"]
)  # fmt: skip


def clean_share(path: Path, *, show: bool) -> None:
    """Print how many texts without identifiers are changed, and the time that a first look takes."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    cleaner = Descriptors(
        (("name", "Kowalczyk^Jadwiga"), ("id", "40417723"), ("birth_date", "19480517")), load_policy("safe-harbor")
    )
    for line in lines:
        cleaner.clean(f"{line} 1", vr="LO")
    begun = time.process_time()
    changed = [(line, made) for line in lines if (made := cleaner.clean(line, vr="LO")) != line]
    spent = time.process_time() - begun
    print(
        f"{path.name}: {len(lines)} texts, {len(changed)} changed ({100 * len(changed) / len(lines):.2f} %), {1000 * spent / len(lines):.3f} ms each"
    )
    if show:
        for line, made in changed:
            print(f"  {line!r} -> {made!r}")


def main() -> None:
    """Print all figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("split", nargs="?", default="test", choices=["dev", "dev2", "test", *_MARKED])
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--show", default="")
    chosen = parser.parse_args()
    if chosen.split in _MARKED:
        marked(HERE / "descriptorset" / f"{chosen.split}_marked.txt", show=chosen.show == "marked")
    for known in () if chosen.split in _MARKED else (False, True):
        measure(chosen.split, chosen.seed, chosen.count, chosen.show, known)
    tests = HERE.parents[1] / "tests" / "scrub" / "dicom" / "descriptors" / "clean.txt"
    clean_share(
        tests if chosen.split == "dev" else HERE / "descriptorset" / f"{chosen.split}_clean.txt",
        show=chosen.show == "clean",
    )


if __name__ == "__main__":
    main()
