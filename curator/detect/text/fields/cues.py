# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Identifiers that a label tells: MRN, account, plan, license, device, plate, accession and the like.

The labels stand in data/text/cues.toml. A value behind a label is found, the label never. What counts as a value is in
``values.py``; values in the row below their label, or before it, are in ``layouts.py``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from curator.detect.text.fields.layouts import Columns, before, under
from curator.detect.text.fields.makes import is_make, is_once, is_pressure
from curator.detect.text.fields.months import around
from curator.detect.text.fields.values import Bond, Span, more, read
from curator.detect.text.lists.lexicon import data_text, flat, fold
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding

_TRUST = 0.955
#: What begins a word for sure and is not passed over between two words of a phrase, as an "s" is.
_PLAIN_STARTS = frozenset("abcdefghijklmnopqrtuvwxyz0123456789(:;,&#")
_QUALIFIER = (
    r"(?:[ \t_./\-]{0,2}(?:(?:numbers?|num|n[o0]|nrs?|nbr|ids?|i\.d|identifiers?|identification|codes?|ref(?:erence)?|nummer|n[uú]mero|key|hash|value)"
    r"(?![^\W\d_])|#|№|n[°º])\.?"
    r"|[ \t]?\((?:[A-Za-z#./ ]{1,24})\))"
)  # fmt: skip
_FILLER = (
    r"is|was|are|be|as|of|ending|ends|in|with|reads?|reading|listed|recorded|documented|on|file|record|form|card|at|to|under|assigned|given|verified"
    r"|confirmed|provided|per|the|his|her|their|your|my|our|this|that|pt|patient|for|last|first|four|five|six|digits|currently|now|new|old|prior|temporary|full|plus|and|both"
    r"|est|ist|es|lautet|è|é|son|visa|mastercard|amex|serial|sn|template|plate|also|from|by|using|number|only|here|back|please|me|us|him|a|an"
)
_BETWEEN = (
    rf"(?:[ \t]{{0,8}}(?:\|\d\||[:=#|*>~\"'“”‘’(\[{{–—-]|→|\^|\.{{2,40}}|_{{2,40}})|[ \t]{{1,8}}(?!(?-i:[A-Z]{{1,4}})[ ]\d)(?:{_FILLER})(?![^\W\d_]|[-_/]?\d)[.:,]?|[ \t](?=[45] digits|4 of )[45]|,(?=[ ]?[\w#(])){{0,9}}"
    r"(?:[ \t]{0,20}\r?\n){0,2}[ \t]{0,40}"
)
#: A word right behind a label, and those that may lead on to a value; behind others nothing but the blank stands between.
_WORD_BEHIND = re.compile(r":? ([A-Za-z]++)(?![^\x00-\x7f])")
_LEADING = frozenset(re.findall("[a-z]+", _FILLER)) | frozenset(
    ["number", "numbers", "num", "no", "nr", "nrs", "nbr", "id", "ids", "i", "identifier", "identifiers", "identification", "code", "codes", "ref", "reference", "nummer", "n", "key", "hash", "value"]
)  # fmt: skip
_NUMBER_WORD = re.compile(r"(?:no|nr|num|id|lic|rec|acct|ser)$", re.IGNORECASE)
_REST = re.compile(rf"(?P<mark>{_QUALIFIER}{{0,3}})(?![^\W\d_])\.?{_BETWEEN}", re.IGNORECASE)
#: Labels that are part of what they tell: no sentence ends between.
_WORDED = frozenset(["self", "month", "near"])
#: Words of a sentence between a sure label and its value.
_SENTENCE = re.compile(r"(?:[ ]{1,2}[^\W\d_]{1,15}[.,'’]?s?){1,6}?[ ](?:is|was|reads|ends in|ending in|as)[ ]{1,2}|(?:[ ][^\W\d_]{1,15}[.,]?){1,4}?:[ ]{1,4}")  # fmt: skip
#: An abbreviation between a label and its value, as in "Claim ICN 5420765978".
_ABBREVIATION = re.compile(
    r"[ \t:#]{1,3}(?!(?:AND|THE|FOR|WITH|NOT|PO|IV|BID|TID|QD|PRN|MD|RN|DO|PT|IN|ON|OF|TO|BY)\b)[A-Z]{2,6}[ \t:#]{1,3}(?=[A-Z]{0,4}-?\d[\d-]{3})"
)


@dataclass(frozen=True)
class Cue:
    """What a label tells of the value behind it."""

    kind: str
    category: Category
    value: str
    bond: Bond


#: What may stand between two words of a label, what may begin a second one without that, and what may go on the first.
_MAY_JOIN = frozenset(" \t._/-s'")
#: What may stand between two words of a phrase, three marks of it at most.
_JOINTS = frozenset(" \t._/-")
_APOSTROPHES = frozenset("'’")
#: Words of a number, with which a label may be written as one.
_NUMBERS = ("num", "no", "nr", "id", "code")


@dataclass
class _Group:
    """All labels that begin with one word, the longest first.

    They are read word by word: some patterns for each group would take longer to make than most texts to search.
    """

    phrases: tuple[str, ...]
    cues: dict[str, tuple[Cue, ...]]
    seconds: frozenset[str] = frozenset()
    first: str = ""
    _forms: dict[str, tuple[tuple[tuple[str, ...], bool], ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Note which letters a second word begins with, where no label is one word."""
        if all(" " in phrase for phrase in self.phrases):
            self.seconds = frozenset(phrase.split()[1][0] for phrase in self.phrases)
        self.first = self.phrases[0].split()[0]

    def end(self, low: str, at: int, second: str) -> int:
        """Return where a label of the group that begins at a place ends, -1 where none does.

        Parameters
        ----------
        low
            The text in small letters without accents.
        at
            Where the label begins.
        second
            The letter with which a second word begins, "" where there is none, "?" where that is not told. Labels that
            begin otherwise are left out.
        """
        start = _word_end(low, at, self.first)
        if start < 0:
            return -1
        fitting = self._forms.get(second)
        if fitting is None:
            fitting = self._forms[second] = tuple(
                (tuple(phrase.split()[1:]), len(phrase) > 2)
                for phrase in self.phrases
                if " " not in phrase or second == "?" or (second and phrase.split(" ", 2)[1].startswith(second))
            )
        for rest, plural in fitting:
            end = start
            for word in rest:
                stop = end + 3
                while end < stop and low[end : end + 1] in _JOINTS:
                    end += 1
                end = _word_end(low, end, word)
                if end < 0:
                    break
            else:
                if low[end - 1].isdecimal() and low[end : end + 1].isdecimal():  # SSN-4471 has no label "SSN 4"
                    continue
                if plural:
                    more = end + 1 if low[end : end + 1] in _APOSTROPHES else end
                    if low.startswith("s", more) and not _is_letter(low[more + 1 : more + 2]):
                        return more + 1
                if not _is_letter(low[end : end + 1]) or low.startswith(_NUMBERS, end):
                    return end
        return -1

    def of(self, label: str) -> tuple[Cue, ...]:
        """Return what a label as it is written tells; spellings are remembered, up to a bound."""
        known = self.cues.get(label)
        if known is None:
            key = "".join(mark for mark in fold(label) if mark.isalnum())
            known = self.cues.get(key) or self.cues.get(key.removesuffix("s")) or ()
            if len(self.cues) < 500:
                self.cues[label] = known
        return known


@cache
def _table() -> tuple[tuple[_Group, ...], dict[str, int], dict[str, int]]:
    """Return the groups, the number of each by its first word, and by its phrases written as one word."""
    by_first: dict[str, dict[str, list[Cue]]] = {}
    for entry in tomllib.loads(data_text("cues.toml"))["cue"]:
        for bond in Bond:
            cue = Cue(entry["kind"], Category[entry["category"]], entry["value"], bond)
            for phrase in entry.get(bond.value, "").split(";"):
                words = fold(phrase).split()
                if words:
                    by_first.setdefault(words[0], {}).setdefault(" ".join(words), []).append(cue)
    groups: list[_Group] = []
    firsts: dict[str, int] = {}
    joined: dict[str, int] = {}
    for first, phrases in by_first.items():
        firsts[first] = len(groups)
        joined |= {"".join(phrase.split()): len(groups) for phrase in phrases if len(phrase) > 4}
        cues = {"".join(phrase.split()): tuple(listed) for phrase, listed in phrases.items()}
        groups.append(_Group(tuple(sorted(phrases, key=lambda phrase: (-len(phrase), phrase))), cues))
    return tuple(groups), firsts, joined


def _word_end(low: str, at: int, word: str) -> int:
    """Return where a word of a phrase ends that begins at a place, -1 where it does not; a plural may be a genitive."""
    if low.startswith(word, at):
        return at + len(word)
    if len(word) > 4 and word[-1] == "s" and low.startswith(word[:-1], at):
        end = at + len(word)
        if low[end - 1 : end] in _APOSTROPHES and low.startswith("s", end):
            return end + 1
    return -1


def _is_letter(mark: str) -> bool:
    """Say whether a mark is a letter, or a number that is no digit."""
    return mark.isalnum() and not mark.isdecimal()


def cues_of(word: str) -> tuple[int, ...]:
    """Return the numbers of the groups of labels that may begin with a word (in lower case)."""
    _groups, firsts, joined = _table()
    if not word.isascii():
        word = fold(word)
    found = [firsts[word]] if word in firsts else []
    if word[-1:] == "s" and word[:-1] in firsts:
        found.append(firsts[word[:-1]])
    if len(word) > 4 and word[:4] in _joined_starts():
        found += [joined[word[:end]] for end in range(min(len(word), 40), 3, -1) if word[:end] in joined]
    return tuple(dict.fromkeys(found)) if found else ()


@cache
def _joined_starts() -> frozenset[str]:
    """Return the first four letters of all labels that may be written as one word."""
    return frozenset(label[:4] for label in _table()[2])


def labeled(text: str, labels: list[tuple[int, tuple[int, ...]]]) -> Iterator[Finding]:
    """Yield what a label tells.

    Parameters
    ----------
    text
        The text.
    labels
        Where labels may begin, and which groups they may belong to.
    """
    groups = _table()[0]
    columns = Columns(text)
    low = flat(text)
    done = 0
    for at, numbers in labels:
        if at < done or (at and text[at - 1].isalnum()):
            continue
        for number in numbers:
            group = groups[number]
            if group.seconds and not _may_go_on(text, at + len(group.first), group.seconds):
                continue
            end = group.end(low, at, _second(low, at + len(group.first)))
            if end < 0:
                continue
            label = text[at:end]
            word = _WORD_BEHIND.match(text, end)
            if word and word[1].lower() not in _LEADING:
                mark, value = end, word.start(1)
            elif value := _plainly(text, end):
                mark = end
            elif rest := _REST.match(text, end):
                mark, value = rest.end("mark"), rest.end()
            else:
                continue
            cues = group.of(label)
            if (
                text.startswith(". ", mark)
                and len(label) > 6
                and cues
                and cues[0].value not in _WORDED
                and not _NUMBER_WORD.search(label)
            ):
                continue
            for cue in cues:
                found = _of(text, (at, end), mark, value, cue, columns)
                yield from found
                if found:
                    if (
                        cue.value != "near" and text.find("\n", at, found[0].start) < 0
                    ):  # a head of a column does not hide the heads beside it
                        done = max(done, found[0].start)
                    break
            break


def _plainly(text: str, end: int) -> int:
    """Return where a figure begins with nothing but a colon and a blank between it and its label, 0 where it does not."""
    start = end + 1 if text.startswith(":", end) else end
    if text.startswith(" ", start):
        start += 1
    return start if start > end and text[start : start + 1] in _FIGURES else 0


#: Figures that nothing between a label and its value begins with, as "4 of" and "5 digits" do.
_FIGURES = frozenset("01236789")


def _may_go_on(text: str, end: int, seconds: frozenset[str]) -> bool:
    """Say whether a label's second word may begin behind its first; what is not plain may."""
    ahead = text[end : end + 2].lower()
    if ahead[:1] == " " and ahead[1:] in _PLAIN_STARTS:
        return ahead[1] in seconds
    if "s" in seconds and text[end : end + 4].lower().lstrip(" \t._/-'’").startswith("s"):
        return True
    ahead = text[end : end + 4].lower().lstrip(" \t._/-s'’")[:1] or text[end : end + 4].lower()[-1:]
    return ahead in seconds or not ahead.isascii() or ahead in " \t._/-s'’"


def _second(low: str, end: int) -> str:
    """Return the letter with which a label's second word would begin, "" for none, "?" where that is not plain."""
    mark = low[end : end + 1]
    if mark == " " and low[end + 1 : end + 2] in _PLAIN_STARTS:
        mark = low[end + 1]
        return mark if mark.isalnum() else ""
    if mark in _MAY_JOIN:
        return "?" if mark else ""
    return mark if mark.isalnum() else ""


def _of(text: str, label: Span, label_end: int, at: int, cue: Cue, columns: Columns) -> list[Finding]:
    """Return the values of one label: behind it at a place, in the cell below it, or before it."""
    if cue.value == "self":
        return [Finding(*label, cue.category, cue.kind, f"cue.{cue.kind}", 0.9)]
    if cue.value == "month":
        return list(around(text, *label))
    at_label = label[0]
    if cue.value == "device" and text[at_label : at_label + 3].lower() in _LOTS and _of_vaccine(text, at_label):
        return []
    gap = text[label_end:at]
    marked = label_end > label[1]
    if (
        cue.kind == "extension"
        and text[slice(*label)] in {"x", "X"}
        and (gap or text[at_label] == "X" or _TIMES.search(text, max(0, at_label - 6), at_label))
    ):
        return []
    signed = gap != " " and (":" in gap or "=" in gap or "#" in gap or "|" in gap or '"' in gap)
    spans = read(text, at, cue.value, cue.bond, marked=marked, signed=signed, gap=gap)
    if not spans and cue.bond is not Bond.WEAK and cue.value in {"id", "device"}:
        sentence = (
            _SENTENCE.match(text, label_end) if text.startswith(" ", label_end) else None
        ) or _ABBREVIATION.match(text, label_end)
        if sentence:
            spans = read(text, sentence.end(), cue.value, Bond.PLAIN, marked=False, signed=False, gap="")
    trust = _TRUST
    if spans:
        spans += more(text, spans[-1][1], cue.value)
    elif cue.value != "user":
        bond = Bond.STRONG if marked or cue.bond is not Bond.WEAK else Bond.WEAK
        spans = under(text, at_label, label_end, cue.value, bond, columns)
        if (
            not spans
            and bond is Bond.STRONG
            and cue.value in {"id", "device", "plate"}
            and text[max(0, at_label - 2) : at_label].strip(" \t")
        ):
            spans, trust = before(text, at_label, label_end), 0.85
    if spans and cue.kind == "extension" and (_is_page(text, label, spans[0]) or is_once(text, label, spans[0])):
        return []
    if spans and (cue.value == "device" or cue.kind == "photo"):
        spans = [span for span in spans if not is_make(text, label, gap, span, photo=cue.kind == "photo")]
    if not spans or is_pressure(text, label, spans[0]):
        return []
    category, kind = _told(text, at_label, cue)
    return [Finding(start, end, category, kind, f"cue.{kind}", trust) for start, end in spans]


#: Labels of what is made in lots, and words for a vaccine: its lot is in thousands of arms.
_LOTS = frozenset(["lot", "bat"])
_VACCINES = re.compile(r"vaccin|immuni[sz]", re.IGNORECASE)


def _of_vaccine(text: str, at: int) -> bool:
    """Say whether the line of a label speaks of vaccines before it."""
    return _VACCINES.search(text, max(text.rfind("\n", 0, at) + 1, at - 200), at) is not None


#: A page of a book or a form, which has three figures at most or a word of reading before it, and a stent of a make.
_OF_BOOK = re.compile(
    r"\b(?:using|read(?:ing)?|see|on|book|ed(?:ition)?|guides?|form|report|chapter)[.,:]? (?:the )?$", re.IGNORECASE
)
_STENT = re.compile(r"[ ](?:BPX|P\d|B\d|[^.;\n]{0,24}\bstent)")
_FEW_FIGURES = 3


def _is_page(text: str, label: Span, span: Span) -> bool:
    """Say whether what stands behind a label of pagers is a page, a stent's number or an hour: page 384, PG 1870 BPX, paged 0335."""
    name = text[slice(*label)].lower()
    if name == "paged":
        return _HOURS.match(text, span[0]) is not None
    if name not in {"page", "pages", "pg", "pgs"}:
        return False
    few = span[1] - span[0] <= _FEW_FIGURES
    return (
        few
        or _STENT.match(text, span[1]) is not None
        or (name[1] == "a" and _OF_BOOK.search(text, max(0, label[0] - 20), label[0]) is not None)
    )


#: An hour before ten as nurses write it, and the next one behind it: paged 0335, 0342; called back 0350.
_HOURS = re.compile(
    r"0\d[0-5]\d[,;] (?:(?:and|then|again|called back|no answer|at) ){0,2}(?:[01]\d|2[0-3])[0-5]\d(?!\d)"
)
#: A count before an x: 250 x1000.
_TIMES = re.compile(r"(?<![\d-])\d{1,3}[ ]?$")
_CONTEXT = (
    (re.compile(r"insur|payer|payor|plan\b|dental|vision|coverage|medica|subscri|hmo|ppo|bcbs|blue|aetna|cigna|humana|kaiser", re.IGNORECASE), Category.HEALTH_PLAN, "plan"),
    (re.compile(r"pacemaker|implant|device|model|lead\b|pump|monitor|generator|stent", re.IGNORECASE), Category.DEVICE, "device"),
    (re.compile(r"photo|picture", re.IGNORECASE), Category.PHOTOGRAPH, "photo"),
    (re.compile(r"\b(?:patient|pt|name|dob|sex|mrn)\b", re.IGNORECASE), Category.RECORD_NUMBER, "mrn"),
    (re.compile(r"account|billing|invoice|bank", re.IGNORECASE), Category.ACCOUNT, "account"),
)  # fmt: skip


def _told(text: str, at: int, cue: Cue) -> tuple[Category, str]:
    """Say what an "ID" with no word of its own is, by the words before it on its line."""
    if text[at : at + 2].lower() == "id" and cue.kind == "accession" and not text[at + 2 : at + 3].isalpha():
        line = text[max(0, at - 48) : at].rpartition("\n")[2].rpartition(". ")[2]
        for form, category, kind in _CONTEXT:
            if form.search(line):
                return category, kind
    return cue.category, cue.kind
