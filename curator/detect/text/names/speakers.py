# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Who speaks in a chat, and initials: dotted ones anywhere, others where a note, a line or a column ends."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from curator.detect.text.lists.lexicon import fold, is_given, is_name, lexicon
from curator.detect.text.words.hints import Marks
from curator.detect.text.words.spots import Spots
from curator.detect.text.words.vocabulary import kind_of, tables
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding

#: A line that somebody says: [07:02] Noor (charge): bed 22 please.
_SAID = re.compile(
    r"[ ]{0,3}(\[[^\]\n]{3,24}\][ ]?|\(?\d\d?:\d\d(?::\d\d)?(?:[ ]?[ap]m)?\)?[ ]|)([^\W\d_][\w'’.-]*(?:[ ][^\W\d_][\w'’.-]*)?)(?:[ ]?\([^()\n]{1,16}\))?(?<!\.):[ ]?(?=\S)"
)
_NO_SPEAKER = frozenset(tables()["no_speaker"].split())
_ROLES = frozenset(tables()["speaking_roles"].split())
#: Dotted letters that mean something else, without their dots.
_DOTTED = frozenset(tables()["dotted_terms"].split())
_INITIALS = re.compile(
    r"[^\W\d_]\.[ ]?(?:[^\W\d_]\.[ ]?){0,2}[^\W\d_]\.(?![\w])|[A-Z]\.(?:(?:Mc|Mac|O['’]|D['’])[A-Z]|[A-Z][a-z])(?=[ ]*(?:\n|\Z))"
)
#: Letters at the very end of a text, behind a stop, a dash or a slash.
_LAST = re.compile(
    r"(?:(?<=[.;)\]?!] )|(?<=/ )|(?<=[-–—~/])|(?<=- )|(?<=\n)|(?<=\d ))([A-Z]{2,3}|(?<!\d )[a-z]{2,3}|[A-ZÀ-ÞŠŽČĐ]{2,3})[ ]*[.]?\s*$"
)
#: Units in capitals, as lists of drugs and results have them behind a number: Sertraline 25 MG
_UNITS = frozenset(
    [
        "cst",
        "mst",
        "pst",
        "est",
        "cdt",
        "mdt",
        "pdt",
        "edt",
        "mg",
        "mcg",
        "ug",
        "ml",
        "dl",
        "cc",
        "kg",
        "gm",
        "cm",
        "mm",
        "meq",
        "iu",
        "hr",
        "hrs",
        "min",
        "sec",
        "bpm",
        "mv",
        "hz",
        "kv",
        "ma",
    ]
)
#: A given name with which a note or a paragraph is signed behind a dash: - Seamus
_DASHED = re.compile(
    r"(?m)(?:^|[.!?)] ?)[-–—~]{1,3} ?([^\W\d_a-z][^\W\d_A-Z]{1,15}(?:[ ][^\W\d_a-z][\w'’-]+)?)(?:,? ?(?:rn|lpn|lvn|md|np|pa|ma|cna|sw|RN|LPN|MD|NP|PA|MA|CNA|SW)\b)?[.]?[ ]*(?:$(?=\s*\Z|\n\n)|\Z)"
)
#: A line that is a given name alone, behind a line that ends as a sentence, where a message ends.
_CLOSING = re.compile(
    r"\n(?:(?<=[.,!?)]\n)|(?<=[.,!?)][ ]\n))(?:[> ]*\n)?[> ]{0,4}([^\W\d_a-z][^\W\d_A-Z][\w'’-]{0,18})[.]?[ ]*(?=\n[> ]*\n|\n[> ]*(?:Sent from|-{2,}|_{2,}|On |From:|>)|\s*\Z)"
)
#: A family name alone at the end of a text, behind a sentence.
_LAST_NAME = re.compile(r"[a-z\d)][.!?] ([^\W\d_a-z][^\W\d_A-Z][\w'’-]{1,22})[ ]*\.?\s*\Z")
#: Initials of whom a text is about: KHL is a 59yo, J.R., a 12-year-old boy.
_ABOUT = re.compile(
    r"(?:\A|[.!?\n] ?|\b[Pp](?:atien)?t ?:? )([A-Z]{2,3}|(?:[A-Z]\.){2,3})(?: is|,)? an? (?:\d{1,3}[ -]?(?:y|m|d|w)|[a-z]+[ -](?:year|yo|y/o|month))"
)
#: What stands in their midst: found sooner.
_ABOUT_MIDST = re.compile(r"[A-Z][A-Z.](?: is|,)? an? (?:\d|[a-z]+[ -](?:year|yo|y/o|month))")
#: An electronic signature: /es/ JANE ROE
_SIGNED = re.compile(r"/e?s/[ ]{0,2}([^\W\d_a-z][^,\n\d/|]{1,40}?)(?=[ ]{2}|[ ]?[,\n/|\d]|[ ]*\Z)")
#: A mark of who dictated, behind a degree and before the line's end: JANE ROE , M.D. KJ19
_MARKED = re.compile(
    r"(?m)\b(?:M\.D\.|D\.O\.|MD|DO|Ph\.D\.|N\.P\.|R\.N\.|P\.A\.)[ ,]{1,3}([A-Z]{2}\d{1,4}(?:/[A-Z]{0,2}\d{1,4})?)[ ]*$"
)
_LOGINS = (
    (" by ", re.compile(r"(?m) by ([a-z]{4,16}\d{0,4})(?=[ ]*$|[ ]\d{1,4}[/-]\d)")),
    ("/ ", re.compile(r"(?m)/ ([a-z]{2,12}\d{2,6}|[A-Z]{1,3}\d{4,6})(?=[ ]*$)")),
    ("@", re.compile(r"@(?<![\w.@]@)([a-z]{5,20}\d{0,4})(?![\w@.])")),
)
#: A login before the net that it is for: vee_sober on Reddit.
_ON_NET = re.compile(
    r"(?<![\w@./-])([A-Za-z][\w.-]{3,24})(?= (?:on|@) (?:Reddit|[Tt]witter|[Ii]nsta(?:gram)?|IG|[Tt]ik ?[Tt]ok|[Ss]nap(?:chat)?|[Ff]acebook|FB|Discord|Twitch|[Yy]ou[Tt]ube|Threads|Venmo|Telegram|WhatsApp|Xbox|PSN|Steam)\b)"
)
_NETS = Marks("Reddit", "witter", "nstagram", "Insta", "insta", "IG ", "iktok", "ikTok", "napchat", " snap", "acebook", "FB ", "Discord", "Twitch", "outube", "ouTube", "Threads", "Venmo", "Telegram", "WhatsApp", "Xbox", "PSN", "Steam")  # fmt: skip
_INNER_DOT = re.compile(r"\.(?<=[a-z]\.)[a-z]")
#: A login that is a given name, a dot and a family name or a letter of it: kwame.boateng.
_DOTTED_LOGIN = re.compile(
    r"(?<![\w@./-])([a-z]{4,14})\.(?!com\b|org\b|net\b|edu\b|gov\b|pdf\b|jpe?g\b|png\b|doc)[a-z]{1,16}(?![\w@./-])"
)
_LOGIN_BACK = re.compile("[a-z]{4,14}$")
_DEFINED = re.compile(r"(?<![\w.])([A-Z]{2,3})[ \t]{1,3}=[ \t]{1,3}([A-Z][a-z]+)(?= [A-Z])")
_YEARS_OLD = re.compile(
    r" an? (?<=[A-Zs.,] a )(?:\d|[a-z]+[ -](?:year|yo|month))| an (?:\d|[a-z]+[ -](?:year|yo|month))"
)
_ANY_INITIALS = re.compile(r"(?<![\w.])(?:[A-Z]{2,3}|(?:[A-Z]\.){2,3})(?!\w)")
_DASHES = frozenset("-–—~")
#: What stands before a name that signs, and before a mark of who dictated.
_BEFORE_NAME = re.compile(r"[-–—~](?:(?<=[\n.].)|(?<=[.!?)] .))")
_DEGREES = ("M.D.", "D.O.", "MD ", "MD,", "DO ", "R.N.", "N.P.", "Ph.D.", "P.A.")
_SLASHED = re.compile(r"(?<= / )([A-ZÀ-Þ]{2,3})(?= / [\dA-Z])")
#: A line that is somebody's name, or the last words of a text.
_LINE = re.compile(r"[ ]{0,3}[-–—]{0,5}[ ]?([^\W\d_a-z][\w'’-]+)(?:[ ][A-Z]\.?){0,2}[ ]([^\W\d_a-z][\w'’-]+)[.]?\s*$")
#: Letters in the last column of a table.
_COLUMN = re.compile(r"(?m)[ \t|](?:(?<=[ ])(?<![ ]{2})[ ]{2,}|(?<=\t)|(?<=\|)[ ]?)([A-Z]{2,3})[ ]*\|?[ ]*$")


def name(start: int, end: int, kind: str, rule: str, trust: float) -> Finding:
    """Return a finding of a name."""
    return Finding(start, end, Category.NAME, kind, rule, trust)


def lines(text: str) -> Iterator[Finding]:
    """Yield who speaks in a chat, and names that are a line of their own.

    Parameters
    ----------
    text
        The text.
    """
    said, start, size = [], 0, len(text)
    while start < size:
        end = text.find("\n", start)
        if end < 0:
            end = size
        if text.find(":", start, min(end, start + 64)) >= 0:
            match = _SAID.match(text, start)
            if match and fold(match[2].split(" ")[0]) not in _NO_SPEAKER:
                said.append(match)
        elif 4 < end - start < 48:
            yield from _line(text, start, end)
        start = end + 1
    last = text.rfind(". ", max(0, size - 48))
    if last >= 0:
        yield from _line(text, last + 2, size)
    yield from _speakers(text, said)


def _line(text: str, start: int, end: int) -> Iterator[Finding]:
    match = _LINE.match(text, start, end)
    if match:
        first, last = fold(match[1]), fold(match[2])
        if (
            is_given(first)
            and (is_name(last) or kind_of(match[2]) in "Uu")
            and first not in _NO_SPEAKER
            and last not in _NO_SPEAKER
        ):
            yield name(match.start(1), match.end(2), "name", "name.line", 0.6)


def _speakers(text: str, said: list[re.Match[str]]) -> Iterator[Finding]:
    if not said:
        return
    often = Counter(match[2] for match in said)
    small = sum(1 for match in said if text[match.end()].islower())
    chat = small > 1 and any(
        count > 1
        for who, count in often.items()
        if kind_of(who.split(" ")[0].capitalize()) not in "MA" or is_given(fold(who))
    )
    for match in said:
        if not (match[1] or chat):
            continue
        first = match[2].split(" ")[0]
        kind = kind_of(first[0].upper() + first[1:])
        if kind == "I" or (
            kind in "MA"
            and not (match[1] and is_name(fold(first)))
            and not (chat and often[match[2]] > 1 and is_given(fold(first)))
        ):
            continue
        start = match.start(2)
        if fold(first) in _ROLES:
            # A role alone is nobody; behind one stands who speaks: Agent Maria.
            start += len(first) + 1
            if start >= match.end(2) or kind_of(match[2].split(" ")[1]) in "WMAI":
                continue
        if match[1] or (chat and (kind != "W" or often[match[2]] > 1)):
            yield name(start, match.end(2), "name", "name.speaker", 0.7)


#: A relation, a title or a verb before dotted initials: mom J.D., Pt. K.L., approved M.L.
_OF_WHOM = re.compile(
    r"\b(?:mom|dad|mother|father|wife|husband|spouse|partner|son|daughter|sister|brother|friend|pt|patient|client|resident|Mr|Mrs|Ms|Dr|approved|signed|per|with|informant|consent from|witness)\b[.:]? $",
    re.IGNORECASE,
)


#: Marks behind which a line ends with who signs.
_SIGNING = frozenset("-–—~/")
#: What tells that a person's initials stand before it.
_OF_PERSON = re.compile(
    r" (?:who|has|is|was|will|reports?|states?|denies|called|agrees|and (?:her|his))\b|['’]s (?:mother|father|mom|dad|wife|husband|son|daughter|sister|brother|pain|symptoms)\b"
)
#: Degrees and sides that stand behind such a word as well.
_GRADES = frozenset(["md", "do", "rn", "np", "pa", "am", "pm", "od", "os", "ou", "po", "iv"])


def orders(letters: str, least: int = 2) -> bool:
    """Say whether groups of dotted letters, so many or more, are how a drug is given or another term: P.O. Q.D."""
    parts = ["".join(mark for mark in part if mark.isalpha()).lower() for part in letters.split()]
    return len(parts) >= least and all(len(part) > 1 and part in _DOTTED for part in parts)


def dotted(text: str, start: int) -> Iterator[Finding]:
    """Yield dotted initials that begin at a place: J.T., K. M. W."""
    match = _INITIALS.match(text, start)
    if match is None or (
        start
        and (
            text[start - 1].isalnum()
            or text[start - 1] in ".'’&"
            or (text[start - 1] == "-" and not text[max(0, start - 2) : start - 1].isspace())
        )
    ):
        return
    letters = "".join(mark for mark in match[0] if mark.isalpha()).lower()
    if (
        text[max(0, start - 2) : start].rstrip()[-1:] in _SIGNING
        and text[match.end() : match.end() + 2].strip(" ")[:1] in {"", "\n"}
        and letters not in _GRADES
    ):
        yield name(start, match.end(), "initials", "name.initials-dotted", 0.6)
        return
    after = text[match.end() : match.end() + 2]
    whom = letters not in _GRADES and (
        _OF_WHOM.search(text, max(0, start - 16), start) is not None or _OF_PERSON.match(text, match.end()) is not None
    )
    told = (
        whom
        or text[max(0, start - 3) : start].endswith(("/ ", "by ", "(", "-", ": "))
        or (text[start - 2 : start] in {". ", "! ", ".\n"} and not text[match.end() :].strip())
    )
    if orders(match[0]):
        return
    if (
        (letters in _DOTTED and not whom)
        or (not told and letters in lexicon().medical)
        or (after[:1] == " " and after[1:].isupper())
    ):
        return
    if match[0][0].islower() != match[0][2:].lstrip()[:1].islower() or match[0][0].islower():
        return
    yield name(start, match.end(), "initials", "name.initials-dotted", 0.6)


def _logins(text: str) -> Iterator[Finding]:
    """Yield who is named by a login behind "by" or a slash where a line ends: printed 8/25 by mcleanh."""
    for mark, form in _LOGINS:
        for match in form.finditer(text) if mark in text else ():
            if mark == "/ " or not (match[1] in lexicon().words or match[1] in lexicon().medical):
                yield Finding(match.start(1), match.end(1), Category.OTHER, "user", "form.login", 0.5)


#: Who did something in an audit log: a time of day, a login, what was done in capitals.
_AUDITED = re.compile(r"\d\d:\d\d:\d\d[ \t|]{2,}([a-z]{4,12}\d{0,4})(?=[ \t|]{2,}[A-Z])")
_AUDITS = Marks("audit", "Audit", "AUDIT", "VIEW", "LOGIN", "ACCESS")


def _nets(text: str) -> Iterator[Finding]:
    """Yield logins before the net that they are for; a word alone is none."""
    for match in _ON_NET.finditer(text):
        if any(mark.isdecimal() or mark in "_." for mark in match[1]) or not match[1][1:].islower():
            yield Finding(match.start(1), match.end(1), Category.OTHER, "user", "form.login", 0.6)


def _defined(text: str) -> Iterator[Finding]:
    """Yield initials that a line of signatures explains, wherever the text has them: JB = Jubilee Barnes."""
    letters = {m[1] for m in _DEFINED.finditer(text) if is_given(fold(m[2])) or is_name(fold(m[2]))}
    yield from _everywhere(text, letters, "name.initials-defined")


def _everywhere(text: str, letters: set[str], rule: str) -> Iterator[Finding]:
    """Yield some initials wherever a text has them, in one walk."""
    for again in _ANY_INITIALS.finditer(text) if letters else ():
        if again[0] in letters:
            yield name(again.start(), again.end(), "initials", rule, 0.7)


#: A single letter with which a message is signed: Thanks, A.
_INITIAL = re.compile(
    r"(?m)\b(?:[Tt]hanks|[Tt]hx|[Tt]hank you|[Bb]est|[Rr]egards|[Cc]heers|[Ss]incerely|[Ll]ove|[Ww]armly|xo),?!? ?\n?[ ]{0,3}([A-Z])\.?[ ]*$"
)
_CLOSES = Marks("hanks", "hank you", "hx, ", "best,", "Best", "egards", "heers", "incerely", "Love", "love,", "armly")


def ends(text: str, found: Spots) -> Iterator[Finding]:
    """Yield initials without dots at a text's end, or in the last column of a table; ``found`` are its words."""
    medical, flags = lexicon().medical, found.flags
    if " by " in text or "/ " in text or "@" in text:
        yield from _logins(text)
    for user in _AUDITED.finditer(text) if _AUDITS.held(text, flags) else ():
        yield Finding(user.start(1), user.end(1), Category.OTHER, "user", "form.login", 0.6)
    for initial in _INITIAL.finditer(text) if _CLOSES.held(text, flags) else ():
        yield name(initial.start(1), initial.end(1), "initials", "name.initial-closing", 0.6)
    if _NETS.held(text, flags):
        yield from _nets(text)
    for dot in _INNER_DOT.finditer(text):
        head = _LOGIN_BACK.search(text, max(0, dot.start() - 15), dot.start())
        login = _DOTTED_LOGIN.match(text, head.start()) if head else None
        if login and is_given(login[1]) and login[1] not in lexicon().words and login[1] not in medical:
            yield Finding(login.start(), login.end(), Category.OTHER, "user", "form.login", 0.6)
    if " = " in text or "\t=" in text:
        yield from _defined(text)
    last = text[-12:].rstrip().rstrip(" .")[-4:]
    # Four letters are a word, and the search for initials fails behind them.
    match = None if len(last) == 4 and last.isalpha() else _LAST.search(text, max(0, len(text) - 12))
    if match:
        low = match[1].lower()
        plain = low in medical or low in _NO_SPEAKER or low in _DOTTED
        plain = plain or (low in _UNITS and text[: match.start(1)].rstrip()[-1:].isdecimal())
        if not plain and (match[1].isupper() or low not in lexicon().words):
            yield name(match.start(1), match.end(1), "initials", "name.initials-last", 0.6)
    for match in _DASHED.finditer(text) if text[:1] in _DASHES or _BEFORE_NAME.search(text) else ():
        if all(kind_of(part) in "GSRUugnsr" for part in match[1].split()) and fold(match[1]) not in medical:
            yield name(match.start(1), match.end(1), "name", "name.dashed", 0.6)
    for match in _CLOSING.finditer(text) if "\n" in text else ():
        if kind_of(match[1]) in "GSUugns" and fold(match[1]) not in medical and fold(match[1]) not in _NO_SPEAKER:
            yield name(match.start(1), match.end(1), "name", "name.closing", 0.6)
    for match in _MARKED.finditer(text) if found.numbers and any(map(text.__contains__, _DEGREES)) else ():
        yield name(match.start(1), match.end(1), "initials", "name.mark", 0.7)
    tail = text[-40:]
    last_name = (
        _LAST_NAME.search(text, max(0, len(text) - 40)) if ". " in tail or "! " in tail or "? " in tail else None
    )
    if last_name:
        kind = kind_of(last_name[1])
        folded = fold(last_name[1])
        if (kind in "GSRUun") and folded not in medical and folded not in _NO_SPEAKER:
            yield name(last_name.start(1), last_name.end(1), "name", "name.last", 0.6)
    if (" a " in text or " an " in text) and _YEARS_OLD.search(text) and _ABOUT_MIDST.search(text):
        about = {match[1] for match in _ABOUT.finditer(text)}
        about = {letters for letters in about if letters.replace(".", "").lower() not in medical}
        yield from _everywhere(text, about, "name.initials-about")
    if "s/ " in text:
        for match in _SIGNED.finditer(text):
            yield name(match.start(1), match.end(1), "name", "name.signed", 0.9)
    if " / " in text:
        for match in _SLASHED.finditer(text):
            if match[1].lower() not in medical and match[1].lower() not in _NO_SPEAKER:
                yield name(match.start(1), match.end(1), "initials", "name.initials-slash", 0.5)
    if "\n" not in text or not ("   " in text or "\t" in text or "|" in text):
        return
    column = [
        match
        for match in _COLUMN.finditer(text)
        if match[1].lower() not in medical and match[1].lower() not in _NO_SPEAKER
    ]
    if len(column) > 1:
        for match in column:
            yield name(match.start(1), match.end(1), "initials", "name.initials-column", 0.5)
