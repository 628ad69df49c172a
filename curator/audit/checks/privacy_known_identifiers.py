"""``privacy/known-identifiers``: what the vault knows of everybody stands nowhere in what leaves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby, islice
from typing import Any

from curator.audit.closed.forms import sheet_of
from curator.audit.closed.plain import plain_text
from curator.audit.closed.probe import KnownProbe
from curator.audit.closed.search import Search
from curator.audit.closed.vault import digest_of, read_roll
from curator.audit.model import SHOWN, VAULT, Answer, Finding, Outcome, Severity, Subject
from curator.core.errors import CheckError

#: Paths that are searched together, and what parts them: more marks than a value's letters may stand apart, and an end
#: of a line on either side.
_PATHS, _APART = 64, b"\n\n\n;;;;\n\n\n"


class KnownIdentifiersCheck:
    """Search every known identifier of every person in every file, its parts, its name."""

    id = "privacy/known-identifiers"
    title = "No identifier that the vault knows of anybody stands in what leaves"
    severity = Severity.BLOCKER
    clause = "45 CFR 164.514(b)(2)(i)"
    needs: tuple[str, ...] = (VAULT,)

    def run(self, subject: Subject) -> Answer:
        """Search. Raises CheckError AUP-001 when the vault has nothing to search for."""
        if subject.origin is None:
            raise CheckError("AUP-001")
        vault = subject.secret()
        roll = read_roll(subject.origin, vault)
        sheet = sheet_of(roll.people)
        search = Search(sheet)
        about: dict[str, frozenset[int]] = {}
        findings: list[Finding] = []
        blind: Counter[str] = Counter()
        files = 0
        paths: list[tuple[str, str, frozenset[int]]] = []
        for file in subject.files():
            files += 1
            persons = roll.persons_of(file.path)
            about[file.sha256] = about.get(file.sha256, frozenset()) | persons
            paths.append((file.path, file.sha256, persons))
        names: Counter[str] = Counter()
        for sha256, category, count in _in_names(search, paths):
            names[category] += count
            # The path itself is the finding: it is named by its bytes' digest.
            findings.append(Finding(f"sha256:{sha256}", f"{_word(category)} in its name or folder", count))
        kinds: Counter[str] = Counter(names)
        searched: Counter[str] = Counter()
        probe = KnownProbe(sheet, about, digest_of(vault, roll))
        for seen in subject.looked(probe):
            if seen.found is None:
                blind[seen.code] += 1
                findings.append(Finding(seen.file.path, f"not searched: {seen.code}"))
                continue
            searched.update(seen.found["searched"])
            for place, category, count in seen.found["hits"]:
                kinds[category] += count
                findings.append(Finding(seen.file.path, f"{_word(category)} in {place}", count))
        return _answer(findings, kinds, searched, blind, sheet.counts, files, len(roll.people) - 1, roll.unsearchable)


def _in_names(search: Search, paths: list[tuple[str, str, frozenset[int]]]) -> Iterator[tuple[str, str, int]]:
    """Yield (digest, category, count) of what stands in paths, given with digest and persons of their files.

    Paths about the same persons are searched together, and one by one where something is found: with what parts them no
    place that stands in one of them is judged otherwise.
    """
    for _, several in groupby(paths, key=lambda one: one[2]):
        for some in _pages(several):
            if len(some) > 1 and not search.count(
                _APART.join(plain_text(one[0]) for one in some), some[0][2], prose=True
            ):
                continue
            for path, sha256, persons in some:
                for category, count in search.count(plain_text(path), persons, prose=True).items():
                    yield sha256, category, count


def _pages(several: Iterable[tuple[str, str, frozenset[int]]]) -> Iterator[list[tuple[str, str, frozenset[int]]]]:
    held = iter(several)
    while some := list(islice(held, _PATHS)):
        yield some


def _word(category: str) -> str:
    return "a known " + category.replace("_", " ")


def _answer(
    findings: list[Finding],
    kinds: Counter[str],
    searched: Counter[str],
    blind: Counter[str],
    counts: dict[str, dict[str, int]],
    files: int,
    people: int,
    more: int,
) -> Answer:
    hits, lost = sum(kinds.values()), sum(blind.values())
    totals = {word: sum(one[word] for one in counts.values()) for word in ("strong", "weak", "unsearched")}
    figures: dict[str, Any] = {
        "files": files,
        "people": people,
        "values": sum(totals.values()),
        **totals,
        "people_with_more": more,
        "bytes": sum(searched.values()),
        "hits": hits,
        "not_searched": lost,
    }
    tables = {
        "values": [{"category": category, **one} for category, one in sorted(counts.items())],
        "hits": [{"category": category, "hits": count} for category, count in sorted(kinds.items())],
        "searched": [{"place": place, "bytes": count} for place, count in sorted(searched.items())],
    }
    outcome = Outcome.FAIL if hits else Outcome.COULD_NOT_CHECK if lost or more else Outcome.PASS
    summary = (
        f"{hits:,} known identifiers in {files:,} files; {totals['strong']:,} values searched everywhere, "
        f"{totals['weak']:,} as words, {totals['unsearched']:,} too short or too common to be searched"
    )
    if lost:
        summary += f"; {lost:,} files could not be searched whole"
    elif more:
        summary += f"; of {more:,} persons the vault could not keep everything"
    findings.sort(key=lambda one: one.what.startswith("not searched"))
    return Answer(outcome, summary, figures, tuple(findings[:SHOWN]), len(findings), tables)


check = KnownIdentifiersCheck()
