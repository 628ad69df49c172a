# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Codes of letters and digits that need no label: VIN, DEA, Medicare's MBI, IBAN, UUID, MAC address, UDI, and others.

What only looks like one is left: genes, drugs, vitamins, viruses, diagnosis codes, scores.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from curator.detect.text.numbers.checks import dea_holds, iban_holds, vin_holds
from curator.detect.text.numbers.registered import registered
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding

#: The first digit of a run of letters, digits and hyphens: letters before it, or letters behind its figures.
_CANDIDATE = re.compile(
    r"[0-9](?<![0-9][0-9])(?:(?<=[A-Za-z][0-9])|(?<=[A-Za-z][-.][0-9])|(?<!\w[0-9])(?=[0-9]{0,11}-?[A-Za-z]))"
)
#: Such a run, with five marks at least: its letters before the first digit, the rest, and the whole where a digit leads.
_LETTERS = re.compile(r"(?<!\w)[A-Za-z]{1,12}(?:-[A-Za-z]{1,8}){0,2}[-.]?$")
_MOST_LETTERS = 31
_REST = re.compile(r"[0-9](?:[A-Za-z0-9]|[-:](?=[A-Za-z0-9])){3,60}(?!\w)")
_FIGURES = re.compile(r"[0-9]{1,12}+-?[A-Za-z](?:[A-Za-z0-9]|[-:](?=[A-Za-z0-9])){3,60}(?!\w)")
_VIN = re.compile(r"[A-HJ-NPR-Z0-9]{17}(?![A-Za-z0-9])", re.IGNORECASE)
_VIN_MISREAD = re.compile(r"[A-Z0-9]{17}(?![A-Za-z0-9])")
_DEA = re.compile(r"[ABCDEFGHJKLMPRSTUXabcdefghjklmprstux][A-Za-z9]\d{7}(?![A-Za-z0-9])")
_MBI = re.compile(
    r"[1-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9][0-9]-?[AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9][0-9]-?[AC-HJKMNP-RT-Y]{2}[0-9]{2}(?![\w-])"
)
_UUID = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![\w-])|[0-9a-f]{32,64}(?![\w-])", re.IGNORECASE
)
_UUID_START = re.compile(
    r"(?<![\w-])[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}(?![\w-])"
)
_MAC = re.compile(
    r"(?<![\w:-])(?:[0-9a-fA-F]{2}(?P<sep>[:-])(?:[0-9a-fA-F]{2}(?P=sep)){4}[0-9a-fA-F]{2}(?:(?P=sep)[0-9a-fA-F]{2}){0,2}|(?:[0-9a-fA-F]{4}\.){2}[0-9a-fA-F]{4})(?![\w:-])"
)
#: What stands inside of a UUID or a MAC address, searched by its first mark; how far before it the whole begins.
_INNER = (
    (re.compile(r"-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"), 8, _UUID_START, Category.OTHER, "uuid"),
    (re.compile(r":(?<![:-]..:)[0-9A-Fa-f]{2}:[0-9A-Fa-f]{2}:[0-9A-Fa-f]{2}:"), 2, _MAC, Category.DEVICE, "mac"),
    (re.compile(r"-(?<![:-]..-)[0-9A-Fa-f]{2}-[0-9A-Fa-f]{2}-[0-9A-Fa-f]{2}-[0-9A-Fa-f]{2}-[0-9A-Fa-f]{2}"), 2, _MAC, Category.DEVICE, "mac"),
    (re.compile(r"\.[0-9a-fA-F]{4}\.[0-9a-fA-F]{4}(?!\w)"), 4, _MAC, Category.DEVICE, "mac"),
)  # fmt: skip
#: The first digit of an IBAN, in ASCII.
_IBAN_DIGIT = re.compile(r"[0-9](?<=[A-Z][A-Z][0-9])(?<!\w[A-Z][A-Z][0-9])(?=[0-9])")
_IBAN = re.compile(r"[A-Z](?<![\w].)[A-Z]\d{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,4})?(?![\w])")
#: GS1, HIBCC, ICCBBA, and GS1 without brackets.
_UDI = (
    ("(0", re.compile(r"\(0[12]\)\s?[\dOlI]{14}(?:\s?\(\d{2,4}\)\s?[A-Za-z0-9./+-]{1,20}){0,8}")),
    ("+", re.compile(r"\+(?<![\w+]\+)[A-Z][A-Z0-9]{3}[A-Z0-9]{1,18}\d(?:/\$?\$?\+?[A-Z0-9/$+.%-]{4,60}|(?![\w/]))")),
    (
        "=",
        re.compile(
            r"=/?(?<![\w=]=)(?<![\w=]=/)[A-Z]\d{4}[A-Z0-9]{4,14}(?:[=&][,/;>}{%(*+.\])A-Za-z0-9-]{0,2}[A-Z0-9]{4,30},?[0-9]{0,8}){0,6}"
        ),
    ),
    ("01", re.compile(r"01(?<!\d01)\d{14}(?:1[17]\d{6})?(?:10|21)[A-Za-z0-9]{3,20}(?!\w)")),
)
_BBAN = re.compile(r"[A-Z]{2}\d{2}(?:[A-Z]{4}\d{10,18}|\d{14,24})")
_HEX = re.compile(r"(?=[a-f]*[0-9])(?=[0-9]*[a-f])[0-9a-f]{12,31}(?![\w-])")
_MIXED = re.compile(r"[A-Z0-9]{1,8}(?:-?[A-Z0-9]{1,16}){0,6}(?![\w-])")
_LOOSE = re.compile(r"[A-Za-z]{1,4}-?\d{6,12}(?![\w-])")
#: Many digits with a letter behind; not a dose in units.
_TAIL = re.compile(r"(?!\d*000[Uu])\d{7,14}-?[A-Z]{1,2}(?![\w/-])")
_NO_TAIL = frozenset(".,/$+-")
_DOTTED = re.compile(r"[A-Z]{2,3}\.\d{5,9}(?![\w.])")
_CODE_WORD = re.compile(
    r"(?:RBC|WBC|PLT|COVID|SARS|CD|IL|HLA|PHQ|GAD|ICD|CPT|DSM|BRCA|MDR|FEV|SpO|HbA|CA|PSA|HCPCS|LOINC|SNOMED|NCT|RS|ISO|IEC|NEMA|TG|ANSI|IEEE|HL|FIPS|RFC|ASTM|NDC|EF|HR|BP|GCS|MMSE|VO|PaO|FiO|SNP|TNM|PT|CT|MRI|HPV|HIV|HSV|EGFR|KRAS|PMID|DOI|AJCC|NIHSS|CHA|ASCVD|MELD|BMI|WHO|FDA|CFR)-?\d|\d{1,4}(?:MG|ML|MCG|KG|CM|MM|IU|MEQ|PM|AM|ST|ND|RD|TH|HR|HRS|YO|Y|FR|GA)\b|G\d{1,2}P\d|P?T\d[A-D]?N\d|\d+-(?:YEAR|DAY|WEEK|MONTH|HOUR|FOLD|POINT|VIEW|LEAD|MINUTE)", re.IGNORECASE,
)  # fmt: skip


#: Capitals and digits that change three times and more, as in lots and transmitters: 9K2XB, 8KQ7FX, K7X2L.
_MINGLED = re.compile(
    r"(?!A\dL\dB\d)(?:\d{1,3}[A-Z]{1,3}\d{1,3}[A-Z]{1,4}\d{0,4}|[A-Z]{1,3}\d{1,3}[A-Z]{1,3}\d{1,3}[A-Z]{1,3}\d{0,3}|[A-Z]\d[A-Z]\d[A-Z]\d?)$"
)
#: Genes, stages, pregnancies and proteins that are written so.
_GENE = re.compile(
    r"E\d[VTN]\d?[TM]?M?\d|[A-Z]{2,5}\d{1,2}[A-Z]{1,3}\d{1,2}|[CPY]?P?T\d[A-D]?N\d|G\d{1,2}P\d|\d{1,2}[A-Z]?W\d{1,2}D|\d{1,2}[MFY]\d|\d{1,2}YO|\d{1,2}Y\d{1,2}M|H\d{1,2}N\d|\d{1,3}[AP]M|\d[PQ]\d{1,2}[A-Z]?|C\d{1,2}ORF|P\d{2}[A-Z]{1,4}\d|\d{1,2}HT\d|A\d[BV]\d|S\dP\d|I\d?E\d|\d{1,3}[LRX]\d|\d{1,3}[A-Z]{1,3}\d{1,3}(?:MG|ML|CM|MM|FR)|D\d{1,2}[WN]|\d{1,2}D\d{1,2}[HW]|T\d{1,2}L\d|[CTLS]\d{1,2}[CTLS]\d|M\d[A-Z]?N?\d?$|JAK2|Q\d{1,2}[HD]"
)
_LETTER = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
_JOINTS = frozenset("-.")
_NO_DIGITS = str.maketrans("", "", "0123456789")


def codes(text: str, runs: list[tuple[int, int]]) -> Iterator[Finding]:
    """Yield codes of letters and digits.

    Parameters
    ----------
    text
        The text.
    runs
        Where its runs of digits begin and end.
    """
    done = 0
    for at, stop in runs:
        before, behind = text[at - 1 : at], text[stop : stop + 2]
        if at < done or (
            before not in _LETTER
            and not (before in _JOINTS and text[at - 2 : at - 1] in _LETTER)
            and not (behind[:1] in _LETTER or (behind[:1] == "-" and behind[1:] in _LETTER))
        ):
            continue
        if not _CANDIDATE.match(text, at):
            continue
        start = at
        head = text[at - 1] if at else ""
        whole = None
        if head.isalpha() or head in {"-", "."}:
            letters = _LETTERS.search(text, max(done, at - _MOST_LETTERS), at)
            if letters:
                start, whole = letters.start(), _REST.match(text, at)
        if whole is None and not (head.isalnum() or head == "_"):
            start, whole = at, _FIGURES.match(text, at)
            tail = _TAIL.match(text, at) if whole is None and head not in _NO_TAIL else None
            if tail:
                done = tail.end()
                yield Finding(at, done, Category.OTHER, "code", "form.code", 0.45)
        if whole:
            done = whole.end()
            yield from _one(text, start, text[start:done])
    for inner, back, form, category, kind in _INNER:
        for match in inner.finditer(text):
            whole = form.match(text, max(0, match.start() - back))
            if whole:
                yield Finding(whole.start(), whole.end(), category, kind, f"form.{kind}", 0.97)
    for mark, form in _UDI:
        for match in form.finditer(text) if mark in text else ():
            yield Finding(match.start(), match.end(), Category.DEVICE, "udi", "form.udi", 0.97)
    for match in _ibans(text):
        value = match[0]
        if len(value) >= 15:
            while len(value) >= 15 and not iban_holds(value):
                value = value.rpartition(" ")[0] if " " in value else ""
            if value:
                yield Finding(match.start(), match.start() + len(value), Category.ACCOUNT, "iban", "form.iban", 0.97)
            elif _BBAN.fullmatch(match[0]):
                yield Finding(match.start(), match.end(), Category.ACCOUNT, "iban", "form.iban-unchecked", 0.55)


def _ibans(text: str) -> Iterator[re.Match[str]]:
    """Yield what has the form of an IBAN; digits lead to it, as capitals begin far more words."""
    if not text.isascii():  # beyond ASCII other figures are digits too
        yield from _IBAN.finditer(text)
        return
    done = 0
    for spot in _IBAN_DIGIT.finditer(text):
        match = _IBAN.match(text, spot.start() - 2) if spot.start() - 2 >= done else None
        if match:
            done = match.end()
            yield match


def _one(text: str, start: int, seen: str) -> Iterator[Finding]:
    if len(seen) == 17:
        if _VIN.match(text, start) and not seen.isalpha() and not seen.isdecimal():
            digits = sum(mark.isdecimal() for mark in seen)
            if vin_holds(seen):
                yield Finding(start, start + 17, Category.VEHICLE, "vin", "form.vin", 0.96)
            elif seen.isupper() and digits >= 5 and seen[-4:].isdecimal() and 17 - digits >= 3:
                yield Finding(start, start + 17, Category.VEHICLE, "vin", "form.vin-unchecked", 0.6)
    elif len(seen) in {9, 11, 13, 32, 36, 40, 64}:
        match = _DEA.match(text, start)
        if match and dea_holds(match[0]):
            yield Finding(start, match.end(), Category.LICENSE, "dea", "form.dea", 0.9)
        match = _MBI.match(text, start)
        if match:
            yield Finding(start, match.end(), Category.HEALTH_PLAN, "mbi", "form.mbi", 0.96)
        match = _UUID.match(text, start)
        if match:
            yield Finding(start, match.end(), Category.OTHER, "uuid", "form.uuid", 0.97)
    if 4 < len(seen) < 9 and _MINGLED.match(seen) and not _GENE.match(seen):
        yield Finding(start, start + len(seen), Category.OTHER, "code", "form.mingled", 0.45)
        return
    if (
        (digits := len(seen) - len(seen.translate(_NO_DIGITS))) < 5
        or ((digits < 7 or seen[0] in "NnRr") and _CODE_WORD.match(seen))
        or (start and text[start - 1] in "./-+" and text[max(0, start - 2) : start - 1].isalnum())
    ):
        return
    if (
        text.startswith(("/", ".", "@"), start + len(seen))
        and text[start + len(seen) + 1 : start + len(seen) + 2].isalnum()
    ):
        return
    if registered(text, start, start + len(seen)):
        return
    if _MIXED.match(text, start) or _LOOSE.match(text, start) or _DOTTED.match(text, start) or _HEX.match(text, start):
        yield Finding(start, start + len(seen), Category.OTHER, "code", "form.code", 0.45)
