# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Capitalized names that are words, told by what stands beside them: Cook and I examined, <- Fields, Do's office, Parks covering.

Each frame is one that only people fill; what fills it must be in a list of names as well, and be nobody's title, house or day.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import compress, count

from curator.detect.text.lists.letters import UPPER
from curator.detect.text.words.hints import Marks, Words
from curator.detect.text.words.spots import Spots, beginning
from curator.detect.text.words.vocabulary import COLON, LOOSE, TITLE, tables, word_of
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding

_NOBODY = frozenset(tables()["nobody"].split())
_FAMILIES = frozenset(tables()["surnames"].split())
_STRICT = _NOBODY - _FAMILIES
_GIVEN_PLAIN = frozenset(tables()["given_plain"].split())
_CAP = r"[^\W\d_a-z][^\W\d_A-Z][\w’-]{0,18}"
#: The same at a word's beginning: what stands before it is looked at behind its capital, so that a search goes from one
#: capital to the next.
_HEAD = rf"[{UPPER}](?<![\w'’-].)[^\W\d_A-Z][\w’-]{{0,18}}"


def _both(behind: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return the pattern of a name and what stands behind it, for texts in Latin letters of two cases, and for all."""
    return re.compile(f"({_HEAD}){behind}"), re.compile(rf"(?<![\w'’-])({_CAP}){behind}")


#: Who did something together: Cook and I both examined, Rice, Pope and Lamb present.
_TOGETHER = re.compile(
    rf"(?<![\w'’-])({_CAP}(?:(?:, | & )(?:{_CAP})){{0,3}}),?[ ](?:and|&)[ ]({_CAP}|I)[ ](?:(?:both|each|all|were|are|have|had|also|then)[ ]){{0,2}}(?:present|rounded|attended|attending|examined|saw|treated|discussed|agreed?|met|operated|scrubbed|reviewed|interviewed|spoke|talked|participated|assisted|here|called|confirmed|witnessed|helped|took|will|went|visited|covering|on call|at (?:the )?bedside|in attendance)\b"
)
_EACH = re.compile(_CAP)
#: Whose thought something is: a) observe <- Fields.
_ARROW = re.compile(rf"<-{{1,2}}[ ]?({_CAP})(?=[;,.)\n]|[ ]*$)")
#: Whose office, list or nurse it is.
_OWNED, _OWNED_ANY = _both(
    r"(?:['’]s?[ ](?:office|clinic|MA|PA|NP|RN|nurse|secretary|team|service|note|practice|scheduler|front desk|staff|voicemail|inbox|recs?|pager|patient|pt|being|having|leaving|funeral|birthday|wedding|arrest|passing)\b|[ ]office(?=[ ]?\(?\d|,? (?:at|fax|ph|tel)\b))"
)
_OWNING = re.compile(
    r"['’]s?[ ](?:office|clinic|MA|PA|NP|RN|nurse|secretary|team|service|note|practice|scheduler|front desk|staff|voicemail|inbox|recs?|pager|patient|pt|being|having|leaving|funeral|birthday|wedding|arrest|passing)\b"
)
_OWNS = Marks("office", "clinic", "nurse", "secretary", "team", "service", "note", "practice", "scheduler", "front desk", "staff", "voicemail", "inbox", " recs", "pager", "patient", " pt", "being", "having", "leaving", "funeral", "birthday", "wedding", "arrest", "passing")  # fmt: skip
#: Who covers, is off or on call, and who does the next day.
_COVERS, _COVERS_ANY = _both(
    rf"[ ](?:(?:is|was|will be)[ ])?(?:covering|covers|cover(?:ed)? (?:for|til|until)|on[ -]call|post-?call|off(?=,| today| til| until| this| tomorrow| on)|out (?:til|until|today|sick|this))\b(?:[^.;\n]{{0,32}}?[,;] ({_CAP})[ ](?:tomorrow|tonight|today|on|covering|covers|off|til|after|from|nights?|days?)\b)?"
)
_COVERED = Marks(
    "cover",
    "on call",
    "on-call",
    "postcall",
    "post-call",
    " off",
    " out til",
    " out until",
    " out today",
    " out sick",
    " out this",
)
#: Who is to do what: wants a letter - An to do.
_TASK = re.compile(
    rf"(?:^|\n|[ ][-–—][ ]|[;:][ ]|-?->[ ]?|\([ ]?|\.[ ])({_CAP})[ ]to[ ](?:do|call|follow|f/u|order|see|check|arrange|send|fax|talk|discuss|book|schedule|sign|write|email|page|review|notify|scope|remove|see|eval|repeat|start|hold|place|pull|draw|cover|update|speak)\b"
)
_PLURALS = Marks(
    "boys",
    "girls",
    "sons",
    "daughters",
    "kids",
    "children",
    "twins",
    "parents",
    "brothers",
    "sisters",
    "siblings",
    "grand",
    "nieces",
    "nephews",
    "cousins",
    "friends",
    "roommates",
    "neighbo",
    "aunts",
    "uncles",
    "dogs",
    "cats",
)
#: Who is on a shift, on a board: Nurse today: Zeferino, Your tech is: Gene.
_SHIFT = re.compile(
    rf"\b(?:[Nn]urse|RN|[Tt]ech|[Dd]octor|[Pp]rovider|[Aa]ide|CNA|MD|NP|PA|[Tt]herapist|[Aa]ttending|[Rr]esident|[Cc]harge|[Ss]itter|[Hh]ospitalist|[Ii]ntern|[Pp]CT|LPN|[Cc]aregiver|[Tt]eam lead|[Cc]ase manager|[Ss]ocial worker|[Pp]harmacist|[Cc]oach)(?:[ ](?:today|tonight|on duty|on call|this (?:shift|week|am|pm)|name|(?:AM|PM|am|pm|days?|nights?|eves?)(?: shift)?|is|assigned))+[ ]?[:=][ ]{{0,12}}({_CAP}(?:[ ]{_CAP})?)"
)
#: Several of a family: her boys, Hunter and Chase; kids Sky, Art and Dawn.
_KIDS = re.compile(
    rf"\b(?:boys|girls|sons|daughters|kids|children|twins|parents|brothers|sisters|siblings|grandkids|grandchildren|grandsons|granddaughters|nieces|nephews|cousins|friends|roommates|neighbou?rs|aunts|uncles|dogs|cats)(?:,|:| are| were| named)?[ ]\(?({_CAP}(?:,[ ]{_CAP}){{0,4}},?[ ](?:and|&)[ ]{_CAP})"
)
#: Who is whose relative or agent: Will is her proxy; Mark and Grace are the parents.
_IS_KIN = re.compile(
    rf"(?:^|\n|[.!?;][ ])({_CAP}(?:[ ](?:and|&)[ ]{_CAP})?)[ ](?:is|was|are|were)[ ](?:his|her|the|their|pt['’]s|patient['’]s|my)[ ](?:(?:only|oldest|eldest|youngest|older|younger|estranged|adult|health ?care|emergency|legal|foster|late|ex-?|current|new|next)[ ]){{0,2}}(?:wife|husband|son|daughter|mother|father|mom|dad|brother|sister|parents|grand\w+|aunt|uncle|niece|nephew|cousin|partner|spouse|fianc\w+|girlfriend|boyfriend|friend|neighbou?r|roommate|proxy|POA|HCP|DPOA|contact|guardian|caregiver|carer|agent|landlord|sponsor|boss|coach|teacher|doctor|nurse|surgeon|PCP|GP|ride|driver|interpreter)\b"
)
#: Who answers in a list: Hardy - will do.
_ANSWERS = re.compile(
    rf"(?:^|\n)[ ]{{0,3}}({_CAP})[ ]?[-–—][ ](?:will|ok\b|okay|agree[sd]?\b|says?\b|wants?\b|needs? to|please|pls|can you|thanks|thx|done\b|yes\b|aware)"
)
#: Who is related, behind the name: brought by Tansy, her neighbor; found by Reef, his son.
_APPOSED = re.compile(
    rf"\b(?:by|with|from|to|and|see|saw|called|told|lives with|daughter|son|for|of),?[ ]({_CAP}),[ ](?:his|her|their|my|the patient['’]s|pt['’]s|the)[ ](?:[a-z-]+[ ])?(?:wife|husband|son|daughter|mother|father|mom|dad|brother|sister|grand(?:son|daughter|mother|father|ma|pa)|aunt|uncle|niece|nephew|cousin|partner|spouse|fianc\w+|girlfriend|boyfriend|friend|neighbou?r|roommate|proxy|guardian|caregiver|carer|landlord|sponsor|boss|coach|teacher|stepson|stepdaughter|stepfather|stepmother)\b"
)
#: What stands behind the name there.
_APPOSITION = re.compile(r",[ ](?:his|her|their|my|the|pt['’]s)[ ]")
_APPOSES = Marks(
    "wife",
    "husband",
    "son",
    "daughter",
    "mother",
    "father",
    "mom",
    "dad",
    "brother",
    "sister",
    "grand",
    "aunt",
    "uncle",
    "niece",
    "nephew",
    "cousin",
    "partner",
    "spouse",
    "fianc",
    "friend",
    "neighbo",
    "roommate",
    "proxy",
    "guardian",
    "caregiver",
    "carer",
    "landlord",
    "sponsor",
    "boss",
    "coach",
    "teacher",
)
#: With what the pattern of shifts begins.
_SHIFTS = Words(["nurse", "rn", "tech", "doctor", "provider", "aide", "cna", "md", "np", "pa", "therapist", "attending", "resident", "charge", "sitter", "hospitalist", "intern", "pct", "lpn", "caregiver", "team", "case", "social", "pharmacist", "coach"])  # fmt: skip
_ANSWER_MARKS = Marks("- will", "- ok", "- agree", "- say", "- want", "- need", "- please", "- pls", "- can you", "- th", "- done", "- yes", "- aware", "– will", "— will")  # fmt: skip
_SHIFT_MARKS = Marks("today:", "tonight:", "duty:", "call:", "shift:", "week:", " am:", " pm:", "name:", "AM:", "PM:", "day:", "days:", "night:", "nights:", "is:", "ssigned:", "today =", "tonight =")  # fmt: skip
#: Small words beside which such frames stand, what follows them there, and how far the frame reaches to either side.
_BE, _WHOSE = frozenset(["is", "was", "are", "were"]), frozenset(["his", "her", "the", "their", "pt", "patient", "my"])
_HINGES = _BE | {"to", "and"}
_TO_DO = frozenset(["do", "call", "follow", "f", "order", "see", "check", "arrange", "send", "fax", "talk", "discuss", "book", "schedule", "sign", "write", "email", "page", "review", "notify", "scope", "remove", "eval", "repeat", "start", "hold", "place", "pull", "draw", "cover", "update", "speak"])  # fmt: skip
_FRAMES = {"to": (_TASK, 28, 12), "and": (_TOGETHER, 98, 60)} | dict.fromkeys(_BE, (_IS_KIN, 50, 80))
_NO_OWNER = frozenset(
    [
        "women",
        "men",
        "children",
        "veterans",
        "child",
        "adult",
        "adults",
        "kids",
        "today",
        "yesterday",
        "tomorrow",
        "pain",
        "wound",
        "eye",
        "foot",
        "hand",
        "heart",
        "spine",
        "vein",
        "sleep",
        "memory",
        "family",
        "morning",
        "evening",
        "summer",
        "winter",
        "spring",
        "student",
        "students",
        "world",
        "people",
        "patients",
        "doctors",
        "nurses",
        "driver",
        "parents",
    ]
)


def placed(found: Spots) -> Iterator[Finding]:
    """Yield such names.

    Parameters
    ----------
    found
        The words of a text.
    """
    text, flags = found.text, found.flags
    for match in _hinged(found):
        if match.re is _TASK:
            if _somebody(match[1]):
                yield _name(*match.span(1), "name.task")
        elif match.re is _IS_KIN:
            yield from _kin(match)
        else:
            yield from _together(match)
    if "<-" in text:
        for match in _ARROW.finditer(text):
            if _somebody(match[1]):
                yield _name(*match.span(1), "name.arrow")
    if ("'" in text or "’" in text or " office" in text) and _OWNS.held(text, flags):
        for match in (
            (_OWNED if found.plain else _OWNED_ANY).finditer(text) if _OWNING.search(text) or " office" in text else ()
        ):
            if match[1].lower() not in _NO_OWNER and _somebody(match[1]):
                yield _name(*match.span(1), "name.owned")
    if _COVERED.held(text, flags):
        for match in (_COVERS if found.plain else _COVERS_ANY).finditer(text):
            if _somebody(match[1]):
                yield _name(*match.span(1), "name.covers")
                if match[2] and _somebody(match[2]):
                    yield _name(*match.span(2), "name.covers")
    if ", h" in text or ", the" in text or ", m" in text or ", p" in text:
        for match in _APPOSED.finditer(text) if _APPOSITION.search(text) and _APPOSES.held(text, flags) else ():
            word = word_of(match[1].split("-")[0].split("’")[0])
            if word.kind not in "MA" and word.low not in _STRICT and not word.flags & TITLE:
                yield _name(*match.span(1), "name.apposed")
    if found.flags & _SHIFTS.bit and _SHIFT_MARKS.held(text, flags):
        for match in beginning(found, _SHIFT, _SHIFTS):
            if word_of(match[1].split(" ")[0]).low not in _STRICT and word_of(match[1].split(" ")[0]).kind not in "MA":
                yield _name(*match.span(1), "name.shift")
    for held, form in (
        (" and " in text and _PLURALS.held(text, flags), _KIDS),
        (_ANSWER_MARKS.held(text, flags), _ANSWERS),
    ):
        if held:
            for match in form.finditer(text):
                yield from _kin(match)


def _hinged(found: Spots) -> Iterator[re.Match[str]]:
    """Yield the frames around small words: who is to do what, who is whose relative, who did something together."""
    text, words, spans = found.text, found.words, found.spans
    if " & " in text:
        yield from _TOGETHER.finditer(text)
    together, last = " & " not in text, len(words) - 1
    for at in compress(count(), map(_HINGES.__contains__, found.order)):
        if at == last:
            return
        first = spans[at - 1][0] if at else 0
        # Before each of them ends a name: no word that begins small behind a blank.
        if "a" <= text[first] <= "z" and (not first or text[first - 1] in " \n"):
            continue
        low, after = words[at].low, words[at + 1].low
        if low == "and":
            # A small letter behind it is no name's.
            if not together or "a" <= text[spans[at + 1][0]] <= "z":
                continue
        elif after not in (_TO_DO if low == "to" else _WHOSE):
            continue
        form, back, ahead = _FRAMES[low]
        start = spans[at][0]
        for match in form.finditer(text, max(0, start - back), spans[at + 1][1] + ahead):
            if match.end(1) < start <= match.end(1) + 2:
                yield match
                break


def _together(match: re.Match[str]) -> Iterator[Finding]:
    many = [part for part in re.split(r", | & ", match[1]) if part]
    if match[2] != "I":
        many.append(match[2])
    if all(map(_somebody, many)) and not _after_name(match.string, match.start(1)):
        for part in _EACH.finditer(match.string, match.start(1), match.end(2)):
            if part[0] != "I":
                yield _name(*part.span(), "name.together")


def _kin(match: re.Match[str]) -> Iterator[Finding]:
    parts = [part for part in _EACH.finditer(match.string, *match.span(1)) if part[0] != "I"]
    if parts and all(_somebody(part[0]) or _called(part[0], match.re) for part in parts):
        for part in parts:
            yield _name(*part.span(), "name.kin-listed")


def _somebody(name: str) -> bool:
    """Say whether a capitalized word is in a list of names, and nobody's title, house or day."""
    word = word_of(name.split("-", maxsplit=1)[0].split("’", maxsplit=1)[0])
    if word.low in _STRICT or (word.flags & TITLE and not word.flags & LOOSE) or word.flags & COLON:
        return False
    return word.kind in "GSRgsrnu" or (word.kind == "U" and word.points > 0.2) or word.low in _FAMILIES


def _called(name: str, form: re.Pattern[str]) -> bool:
    """Say whether a word that is a term as well is a given name, where the frame is of a family."""
    return (
        form is not _ANSWERS
        and word_of(name).listed
        and word_of(name).low in _GIVEN_PLAIN | {"will", "chase", "hunter", "may", "art"}
    )


def _after_name(text: str, start: int) -> bool:
    """Say whether a capitalized word stands right before: the first of the list has more than one word."""
    return bool(re.search(r"[A-Z]\w+[ ]$", text[max(0, start - 20) : start]))


def _name(start: int, end: int, rule: str) -> Finding:
    return Finding(start, end, Category.NAME, "name", rule, 0.6)
