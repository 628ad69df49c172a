# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Who is logged in and where: names of users behind what they did, names of machines behind what they are.

autosigned art1722, author=mkeller, Dict: rtv / Trans: jk14, workstation BMT-WS-0417, from PRT-4W-02. Never a word, a
bed, a score or a dose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from curator.detect.text.lists.lexicon import lexicon
from curator.detect.text.words.spots import Spots
from curator.detect.text.words.vocabulary import tables
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding

#: What somebody did to a note or a result, and the name of a user: a name of letters and figures, one with a point or a
#: line within, or behind a colon or an equals sign a word that no list has.
_USER = re.compile(
    r"(?<![a-z])(?:auto-?|e-?|co-?|counter-?|re-?|electronically )?(?:author(?:ed)?|signed|dictated|transcri(?:bed|ber|ptionist)|entered|edited|printed|scanned|created|modified|verified|performed|documented|acknowledged|charted|recorded|filed|resulted|released|reviewed|updated|attested|ordered|typed|typist|operator|accessed|opened|closed|locked|saved|collected|scribed?|reset|touch(?:ed)?|dict(?:ation)?|trans(?:cription)?|log(?:ged)?[ -]?(?:in|on|out|off)?)(?:[ ](?:off|out|in))?(?P<user>(?:[ _]?(?:by|user|id|as|for)){0,2})[\"']?(?P<mark>[ ]?[:=|>][ ]?|[ ]{1,3})[\"']?(?P<value>[a-z][\w.'-]{1,30})(?P<on>[ ]on[ ][A-Z]{2,4}-)?",
    re.IGNORECASE,
)
_FIGURED = re.compile(r"(?P<letters>[A-Za-z]{2,16})\d{1,6}$")
_PARTED = re.compile(r"[a-z]{1,16}\d{0,3}[._][a-z]{1,16}\d{0,4}$|[a-z]{1,16}_[a-z0-9]{1,12}$")
#: Letters before figures that are a place, a form or a measure.
_NO_USER = frozenset(["day", "room", "rm", "bed", "form", "page", "part", "step", "level", "grade", "stage", "type", "phase", "dose", "cycle", "week", "visit", "version", "ver", "v", "x", "q", "hr", "pod", "pgy", "cd", "covid", "icd", "cpt", "line", "unit", "case", "class", "zone", "pod", "ct", "mri", "us", "xr", "hba", "spo", "fio", "pco", "po", "vit", "et", "sars", "phq", "gad", "moca", "or", "ed", "ward", "bay", "pm", "am"])  # fmt: skip
_SHORT = re.compile(r"[a-z]{2,4}\d{0,4}$")
_NAME = r"(?=[\w-]*\d)[A-Za-z][A-Za-z0-9]{1,11}(?:-[A-Za-z0-9]{1,12}){1,4}"
#: A machine's name behind what it is.
_MACHINE = re.compile(
    rf"\b(?:work[ -]?station|wkstn|terminal|host(?:[ _]?name)?|computer|printer|console|station|desktop|laptop|kiosk|server|machine|ws|pc)(?:[ _](?:name|id))?[ ]?[:=#]?[ ]?\"?(?P<value>{_NAME}|[A-Za-z]{{3,8}}\d{{4,9}})(?![\w-])",
    re.IGNORECASE,
)
#: One that tells itself by a part.
_MACHINE_ALONE = re.compile(
    r"(?<![\w-])(?!PC-(?:12|24)(?![\w-]))(?:[A-Za-z0-9]{1,8}-){0,3}(?:WS|PC|VDI|LAP|LAPTOP|DESKTOP|TERM|WKS|WKSTN|SRV|PRT|PRN|COW|WOW|KIOSK|CONSOLE|ws|pc|vdi|lap|laptop|desktop|term|wks|srv|prt|kiosk)-(?=[\w-]*\d)[A-Za-z0-9]{2,12}(?:-[A-Za-z0-9]{1,10}){0,2}(?![\w-])|(?<![\w-])[A-Z][A-Z0-9]{1,11}-(?:WS|PC|LAP|COW|WOW|TERM|VDI|PRT|WKS)\d{1,4}(?![\w-])"
)


def logins(text: str, found: Spots) -> Iterator[Finding]:
    """Yield names of users and of machines.

    Parameters
    ----------
    text, found
        The text and its words.
    """
    words, spans = found.words, found.spans
    acts, machines, parts = _words("acts"), _words("machines"), _words("machine_parts")
    for at in found.tails:
        low, (start, end) = words[at].low, spans[at]
        if low in acts and text[end : end + 1] in _GAPS:
            match = _USER.match(text, start)
            if match:
                value = match["value"].rstrip(".'-")
                marked = match["mark"].strip() != "" or match["on"] is not None or "user" in match["user"].lower()
                if _is_user(value, marked=marked, lead=match[0][:5].lower()):
                    begin = match.start("value")
                    yield Finding(begin, begin + len(value), Category.OTHER, "user", "cue.acted", 0.7)
        if low in machines:
            match = _MACHINE.match(text, start)
            if match:
                yield Finding(match.start("value"), match.end("value"), Category.DEVICE, "host", "cue.machine", 0.7)
        if low in parts and (text[start - 1 : start] == "-" or text[end : end + 1] == "-"):
            for match in _MACHINE_ALONE.finditer(text, max(0, start - 27), end + 30):
                yield Finding(match.start(), match.end(), Category.DEVICE, "host", "form.machine", 0.6)


_GAPS = frozenset(" _:=|>\"'")


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(tables()[f"tail_{name}"].split())


#: How acts begin behind which a word alone is a user; what is typed, filed or collected is a thing as often.
_NAMING = ("autho", "signe", "auto", "e-sig", "esign", "co-si", "cosig", "enter", "edite", "print", "scann", "creat", "modif", "verif", "dict", "trans", "log", "opera", "acces", "attes", "elect", "scrib", "opene", "re-si")  # fmt: skip


def _is_user(value: str, *, marked: bool, lead: str) -> bool:
    known = lexicon()
    figured = _FIGURED.match(value)
    if figured:
        letters = figured["letters"].lower()
        if letters in _NO_USER or (letters in known.words and len(letters) > 3 and not marked):
            return False
        return len(value) - len(letters) > 1 or letters not in known.medical
    if _PARTED.match(value):
        parts = re.split(r"[._]", value)
        return any(part not in known.words and part not in known.medical for part in parts)
    if not marked or not value.isalpha() or not value.islower():
        return False
    if lead.startswith(("dict", "tran", "typi")) and _SHORT.match(value) and value not in known.medical:
        return value not in known.words or len(value) == 2
    if not lead.startswith(_NAMING):
        return False
    return len(value) > 4 and value not in known.words and value not in known.medical
