"""``privacy/known-identifiers``: what the vault knows of everybody stands nowhere in what leaves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby, islice
from typing import Any

from curator.audit.answers import coded
from curator.audit.closed.forms import sheet_of
from curator.audit.closed.owners import Owners
from curator.audit.closed.plain import plain_text
from curator.audit.closed.probe import KnownProbe
from curator.audit.closed.search import Search
from curator.audit.closed.vault import Roll, digest_of, read_roll
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
        digest, people = digest_of(vault, roll), roll.count
        sheet = sheet_of(roll.people)
        found = _Found()
        for sha256, category, count in _in_names(Search(sheet), _paths(subject, roll)):
            # The path itself is the finding: it is named by its bytes' digest.
            found.hit(f"sha256:{sha256}", f"{_word(category)} in its name or folder", category, count)
        owners = Owners((sha256, persons) for _, sha256, persons in _paths(subject, roll))
        for seen in subject.looked(KnownProbe(sheet, owners, digest)):
            found.files += 1
            if seen.found is None:
                found.unsearched(seen.file.path, seen.code)
                continue
            found.searched.update(seen.found["searched"])
            for place, category, count in seen.found["hits"]:
                found.hit(seen.file.path, f"{_word(category)} in {place}", category, count)
        return _answer(found, sheet.counts, people, roll.unsearchable)


class _Found:
    """What was found so far: counts, and the first findings."""

    def __init__(self) -> None:
        self.kinds: Counter[str] = Counter()
        self.searched: Counter[str] = Counter()
        self.files = self.lost = self.total = 0
        self.hits: list[Finding] = []
        self.blind: list[Finding] = []

    def hit(self, where: str, what: str, category: str, count: int) -> None:
        """Take what stands somewhere."""
        self.kinds[category] += count
        self.total += 1
        if len(self.hits) < SHOWN:
            self.hits.append(Finding(where, what, count))

    def unsearched(self, where: str, code: str) -> None:
        """Take a file that was not searched."""
        self.lost += 1
        self.total += 1
        if len(self.blind) < SHOWN:
            self.blind.append(Finding(where, f"not searched: {coded(code)}"))


def _paths(subject: Subject, roll: Roll) -> Iterator[tuple[str, str, frozenset[int]]]:
    """Yield path, digest and persons of each file."""
    for file in subject.files():
        yield file.path, file.sha256, roll.persons_of(file.path)


def _in_names(search: Search, paths: Iterable[tuple[str, str, frozenset[int]]]) -> Iterator[tuple[str, str, int]]:
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


def _answer(found: _Found, counts: dict[str, dict[str, int]], people: int, more: int) -> Answer:
    hits, lost, files, kinds = sum(found.kinds.values()), found.lost, found.files, found.kinds
    totals = {word: sum(one[word] for one in counts.values()) for word in ("strong", "weak", "unsearched")}
    figures: dict[str, Any] = {
        "files": files,
        "people": people,
        "values": sum(totals.values()),
        **totals,
        "people_with_more": more,
        "bytes": sum(found.searched.values()),
        "hits": hits,
        "not_searched": lost,
    }
    tables = {
        "values": [{"category": category, **one} for category, one in sorted(counts.items())],
        "hits": [{"category": category, "hits": count} for category, count in sorted(kinds.items())],
        "searched": [{"place": place, "bytes": count} for place, count in sorted(found.searched.items())],
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
    findings = (*found.hits, *found.blind)
    return Answer(outcome, summary, figures, findings[:SHOWN], found.total, tables)


check = KnownIdentifiersCheck()
