# ruff: noqa: E501 - a pattern or a list that is cut into lines hides what it holds
"""What stands around a name: roles with a colon, relations, "seen by", degrees, ages, what people do and own.

All are looked up by a word's index in one walk over the text.
"""

from __future__ import annotations

import re
from functools import cache

from curator.detect.text.lists.lexicon import is_given, lexicon
from curator.detect.text.words.headed import heads
from curator.detect.text.words.speech import said
from curator.detect.text.words.spots import Spots
from curator.detect.text.words.vocabulary import (
    BARE,
    CAPITAL,
    COLON,
    DEGREE,
    DONE,
    LOWER_WORD,
    NOUN,
    PHRASE,
    ROLE,
    THING,
    TITLE,
    VERB,
    WANTED,
    WEAK,
    tables,
)  # fmt: skip

_DEGREE = re.compile(
    r"(?:,?[ ]{0,2}\(?|,\s?\n\s*)(?:M\.?D\.?|D\.?O\.?|R\.?N\.?|N\.?P\.?|P\.?A\.?(?:-C)?|LPN|LVN|CNA|CRNA|APRN|ARNP|FNP(?:-C|-BC)?|DNP|BSN|MSN|Ph\.?D\.?|Pharm\.?D\.?|RPh|DDS|DMD|DPM|DVM|OD|DC|MBBS|MBChB"
    r"|FRC[PS]|FAC[PSCE]|FAAP|FACOG|FACEP|C?RRT|[CR]?RT(?:\(R\))?|COTA|OT[RD]?(?:/L)?|DPT|PTA?|SLP|CCC-SLP|L[CM]?SW|CSW|MSW|LICSW|LMFT|LPC|LMHC|RDN?|LDN|CN[MS]|MPH|MBA|M[SA](?=[ ,;.)\n]|$)|PsyD|RD[MC]S|RVT|(?:NR)?EMT(?:-P)?"
    r"|Esq|MS[- ]?(?:3|4|III|IV)|PGY-?\d|CCRN|CEN|AG(?:AC)?NP|ACNP|PMHNP|[PW]H?NP|CP?NP|CHT|ATC|CST|CSFA|RNFA|[CR]MA|BCPS|CDE|CDCES|JD|CWOCN|WOCN|CPhT|CTRS|BCBA|ML[TS]|MHA|EdD|DMin|BCC|M\.?Ed)\b(?![a-z])"
)
#: Credentials that fewer people have, as one word behind a name.
_CREDENTIAL = re.compile(r"(?:,?[ ]{0,2}\(?|,\s?\n\s*)([A-Z][A-Za-z]{2,5}(?:-[A-Z]{1,3})?)(?![\w-])")
_CREDENTIALS = frozenset(
    ["COHN-S", "CNOR", "OCN", "CHPN", "CPHQ", "PCCN", "RNC", "RNC-OB", "RNC-NIC", "RNC-MNN", "CPAN", "CAPA", "CGRN", "CRRN", "IBCLC", "CHES", "BCPP", "BCOP", "BCACP", "CADC", "LCADC", "LADC", "LCDC", "RHIT", "RHIA", "CSAC", "LPCC", "LISW", "LCMHC", "LCPC", "NCSP", "LPTA", "CCLS", "MMSc", "DrPH", "LAc", "RDH", "EFDA", "CNIM", "RPSGT", "AuD", "MT-BC", "ATR-BC", "CHSE", "SRNA", "LGSW", "CASAC", "AMFT", "ACSW", "QMHP", "ANP-BC", "FASCRS", "FAAOS", "FIDSA", "FCCP", "FCCM", "FHM", "SFHM", "FASN", "FASA", "FACR", "FAAN", "FAAD", "FSIR", "FACOI", "FRCSC", "MRCP", "MRCGP", "MRCS", "MRCPCH", "MRCOG", "FCPS"]
)  # fmt: skip
_AFTER = re.compile(
    r"[ ]\((?:[Rr]m|[Rr]oom|[Bb]ed|[Bb]ay)\.? ?\d|[ ](?:-|–|—)[ ]\d{1,3}[ ]?(?:[MF]\b|yo|y/o|y\.o)|,?[ ]{1,8}(?:(?:c/o|s/p|h/o)[ ]|\(?(?:DOB|dob|D\.O\.B|d\.o\.b|MRN|mrn|SSN|aka|(?:Sex):? [MF]|rm\.? ?\d|room \d|bed \d)\b|is (?:a|an|the)\b|was (?:seen|admitted|evaluated|born|here|tearful|upset|crying|awake|asleep|sleeping|resting|sitting|walking|ambulating|cooperative|pleasant|agitated|combative|anxious|happy|irritable|widowed|married|diagnosed|hospitalized|accompanied|brought|told|asked|in (?:today|bed|good spirits))\b|\d{1,3}[-/ ]?(?:[MFmf]\b|[yY]/?[oO]|y\b|y\.o|years?\b|yrs?\b|yo[mf]?\b|year)"
    r"|\((?:cards?|cardiology|renal|nephro\w*|GI|ID|ICU|MICU|SICU|ENT|ortho\w*|neuro\w*|heme?\w*|onc\w*|surg\w*|vascular|plastics|pulm\w*|endo\w*|derm\w*|psych\w*|OB|eye|Eye|charge|SW|CM|RT|PT|OT|RN|MD|NP|PA|IR|ED|EM|PCP|CNA|LVN|LPN|SLP|PharmD|attending|resident|fellow|intern|float|tele|rads?|path|an(?:a?es|esthesia)\w*|spine|hand|trauma|pall\w*|interp\w*|scrub|circ\w*|med student|chaplain|pilot|medic|lawyer|attorney)[),/ ]"
    r"|\((?:\d{1,3}[ ]?[MFmfy,)]|(?:his |her |the |patient's |pt's )?(?:husb|hubby|dtr|bf|gf|fianc[ée]e?|wife|husband|son|daughter|mother|father|brother|sister|spouse|friend|partner|neighbor|neighbour|mom|dad|aunt|uncle|niece|nephew|cousin|caregiver|guardian|grand\w+|step\w+|roommate|HCP|POA|proxy))\b"
    r"|(?:p|b|x|pgr|pager|beeper|bpr|bleep|ext|cell|ph|pg)\.?[ ]?#?\(?(?:\d{1,3}-\d{3,4}|\d{4,6})\b|(?:age|aged)[ ]\d|\d{4}-\d\d)|,[ ](?:(?:bed|rm|room)[ ]\d|(?:his|her|the|patient's|pt's|their|my|our|a|an|whose|who)[ ]|\d{1,3}[,;.]|\d0s\b|(?:wife|husband|son|daughter|mother|father|brother|sister|spouse|partner|neighbor)\b)"
)
#: What somebody is, or where, behind a name and a comma: Roe, palliative medicine; Roe, cell 555-0100.
_APPOSED = re.compile(
    r", (?:(?:cell|mobile|tel|phone|ph|upstairs|downstairs|next door|across the)\b|(?:palliative(?: medicine| care)?|hospitalist|diplomate|attending|consultant|registrar|resident|fellow|house officer|general surgery|internal medicine|emergency medicine|family medicine|medical (?:student|director|assistant|officer|oncology)|clinical (?:nurse|psych\w+|pharm\w+|director|lead|officer|social)|(?:charge )?nurse(?: practitioner| manager| specialist| educator| navigator)?|case manag\w+|social work(?:er)?|physician|surgeon|interpreter|paramedic|pharmacist|team lead|chief|director|locum|on[ -]call|cards|cardiology|neurology|radiology|pathology|pediatrics|psychiatry|surgery|oncology|anesthesia|dermatology|rheumatology|nephrology)(?=[ ]*(?:[.,;)\n@(/-]|$|on\b|at\b|for\b|from\b|of\b|\d|ABSM|[A-Z])))"
)
#: Words with which these begin.
_APPOSES = frozenset(tables()["apposes"].split())
_FIRST = re.compile(r", ([a-z]+)")
#: An age right behind a full stop: Bjornstad. 71M.
_AGED = re.compile(r"\.[ ](?:\d{1,3}[ ]?(?:[MF]\b|yo\b|y/o|y\.o))")
#: What an age, a number or a relation may begin with behind a blank.
_BEGIN_AFTER = frozenset(" (0123456789DMSdmcshaiwpbxe")
_TABLE_AFTER = re.compile(r"[ \t]*[|\t;,][ \t]*(?:[MF]|Male|Female|\d{1,2}/\d{1,2}/\d{2,4}|\d{4}-\d\d-\d\d|DOB|MRN)\b")
_DIGIT = re.compile(r"[:#.]?[ ]?[(+#]?\d")
_BED = re.compile(r"[ ]?#?\d{1,4}[A-Z]?[ ]?(?:[:,–-]|[ ]-)?[ ]")
#: What may lie between the words that tell and the name; anything else tells nothing.
_QUIET = " \t\r\n\"“”'‘’(*_[<>~"
_MARKS = ":=|\t"
#: The rest of a speaker's label.
_LABEL = re.compile(r"(?:[_ ]\w{1,16})?:")


@cache
def _phrases() -> frozenset[str]:
    return frozenset(
        " ".join(re.split(r"[ /-]", phrase)) for line in tables()["phrase"].split("\n") for phrase in line.split("|")
    )


_TELLS = BARE | COLON | PHRASE | WANTED | DEGREE


def _measures(found: Spots, at: int) -> bool:
    """Say whether "cm" is a unit and no case manager: behind a number or a blank to be filled in, in small letters."""
    start = found.spans[at][0]
    return found.text[start].islower() and found.text[max(0, start - 3) : start].rstrip()[-1:] in _FIGURES


_FIGURES = frozenset("0123456789_-.")


def told(found: Spots, at: int) -> bool:
    """Say whether the words before a word tell that it begins a name."""
    if not at:
        return False
    before = found.words[at - 1]
    flags = before.flags
    if before.low == "called" and at > 1 and _thing_called(found, at):
        return False
    if not flags & _TELLS and before.low not in {"bed", "room", "rm", "w", "c"}:
        if before.low == "o":
            return found.words[at].kind in "GSn" and _care_of(found, at)
        return before.kind in "MA" and bool(before.kind) and _served(found, at)
    if (before.low == "patient" and heads(found, at)) or (before.low == "child" and at > 1 and words_well(found, at)):
        return False
    gap = found.text[found.spans[at - 1][1] : found.spans[at][0]]
    if len(gap) > 24 or gap.count("\n") > 2 or (before.low == "cm" and _measures(found, at - 1)):
        return False
    core = gap.strip(_QUIET)
    if core[:2] == ".." and core[-1] == ":":
        core = ":"
    if core:
        if core.startswith(("'s", "’s")):
            return False
        if core[0] == ":" and before.low in _SPECIALTIES:
            return _consulted(found, at)
        if core[0] in ":=|" or core in {"):", "#:", "--", "–", "—", "s:", "(s):"}:
            if core[0] == ":" and _speaks(found, at):
                return False
            return bool(flags & (COLON | BARE)) or (bool(flags & PHRASE) and at > 1 and _phrase(found, at))
        if core == "-":
            return bool(flags & (COLON | BARE)) and (
                gap != "-"
                or (
                    before.upper
                    and bool(flags & DEGREE)
                    and found.words[at].kind in "GSRUu"
                    and not found.words[at].upper
                )
            )
        if core in {",", "!", ",--", ", -"}:
            if "\n" in gap and _LABEL.match(found.text, found.spans[at][1]):
                return False  # who speaks next
            return bool(flags & BARE) or _phrase(found, at)
        if core == "/" and (flags & DEGREE or before.low in {"w", "c"}):
            if gap == " / ":
                return before.low != "c"
            if before.low not in {"w", "c"} or gap not in {"/ ", "/"} or (before.low == "c" and gap == "/"):
                return False
            word = found.words[at]
            return (
                word.kind in "GSnu"
                or (word.kind in "RU" and word.points >= 0.4)
                or (
                    word.kind in "RUgsr"
                    and (_phrase(found, at) or _DAY.match(found.text, found.spans[at][1]) is not None)
                )
            )
        if flags & DEGREE and not flags & COLON:
            return False
        if before.low in {"bed", "room", "rm"}:
            return _BED.fullmatch(gap) is not None
        return core == "." and (before.low in {"attn", "cc"} or (before.low == "pt" and found.words[at].kind in "GSn"))
    if "\t" in gap and flags & COLON:
        return found.words[at].kind not in "WM"
    if flags & BARE or ("(" in gap and flags & COLON and found.words[at].kind in "GSRUun"):
        return True
    if flags & DEGREE and before.flags & CAPITAL and gap == " " and found.words[at].kind in "GSRUunsgr":
        return found.words[at].kind in "GSRUun" or found.text[found.spans[at][1] : found.spans[at][1] + 1] in {
            ".",
            ",",
            ";",
            ")",
            "\n",
            "",
        }
    if "\n" in gap and flags & COLON and gap.strip(" ") in {"\n", "\n\n"} and _alone(found, at - 1):
        return True
    return bool(flags & PHRASE) and _phrase(found, at)


def words_well(found: Spots, at: int) -> bool:
    """Say whether a visit of a well child is meant: WELL CHILD CHECK."""
    return found.words[at - 2].low == "well" and found.text[found.spans[at - 1][1]] == " "


#: What is called something and is nobody: this medicine called.
_THINGS = frozenset(["medicine", "medicines", "medication", "medications", "drug", "drugs", "pill", "pills", "cream", "ointment", "lotion", "gel", "inhaler", "spray", "tablet", "tablets", "capsule", "antibiotic", "steroid", "vitamin", "supplement", "vaccine", "shot", "procedure", "surgery", "operation", "test", "scan", "exam", "disease", "condition", "syndrome", "disorder", "something", "device", "machine", "app", "patch", "drops", "diet", "exercise", "technique", "brand"])  # fmt: skip


def _thing_called(found: Spots, at: int) -> bool:
    """Say whether "called" stands behind a thing: a medicine called; it's called, of what no list has as a name."""
    words = found.words
    before = words[at - 2].low
    if before in _THINGS:
        return True
    if before not in {"s", "is", "are", "was"} or at < 3:
        return False
    return words[at - 3].low in {"it", "that", "they", "these", "what"} and words[at].kind not in "GSR"


def _served(found: Spots, at: int) -> bool:
    """Say whether a slash parts a name from what is given in the field of who gives it: ANES: GETA / Roe."""
    start, at = found.spans[at][0], at - 1
    if found.text[found.spans[at][1] : start] != " / " or not at or not found.words[at - 1].flags & COLON:
        return False
    return found.text[found.spans[at - 1][1] : found.spans[at][0]] in {": ", ":  ", ":"}


#: Specialties and wards, behind which a colon begins a section more often than a name.
_SPECIALTIES = frozenset(tables()["specialties"].split())


#: A day behind a consultant's name: Renal: Gray 3/14.
_DAY = re.compile(r" \d{1,2}[/-]\d")


def _consulted(found: Spots, at: int) -> bool:
    """Say whether a name rather than a section goes on behind a specialty's colon: GI: Roe; not Psych: Mood stable."""
    word, end, after = found.words[at], found.spans[at][1], at + 1
    mark = found.text[end : end + 1]
    if mark == ":" or word.kind in "WMA":
        return False
    if mark != " " or word.kind == "G" or after >= len(found.words):
        return True
    if found.text[end + 1 : end + 2].isdecimal():
        return _DAY.match(found.text, end) is not None
    following = found.words[after]
    if found.text[end : found.spans[after][0]] != " " or following.flags & DEGREE:
        return True
    return bool(following.flags & (CAPITAL | VERB)) and following.kind not in "MA"


def _care_of(found: Spots, at: int) -> bool:
    """Say whether "c/o" stands before a word, and the word before that tells of an address, not of a complaint."""
    start = found.spans[at][0]
    return _CARE_OF.search(found.text, max(0, start - 24), start) is not None


_CARE_OF = re.compile(
    r"(?:mail(?:ing|s)?|address|send|sent|deliver\w*|lives|resid\w+|stay\w*|care)\b[^\n]{0,10}c/o $", re.IGNORECASE
)


def _alone(found: Spots, at: int) -> bool:
    """Say whether a word ends a short line: a table's header over its value."""
    start = found.text.rfind("\n", 0, found.spans[at][0]) + 1
    return found.spans[at][1] - start < 24 and found.words[at].flags & CAPITAL != 0


def _phrase(found: Spots, at: int) -> bool:
    words, last = found.words, found.words[at - 1].low
    if at < 2:
        return last in _phrases()
    if found.spans[at - 1][0] - found.spans[at - 2][1] > 3:
        return False
    second = words[at - 2].low
    if last == "by" and (
        words[at - 2].flags & DONE
        or (
            (words[at].kind or "U") in "GSRUun"
            and not (words[at].upper and words[at].kind in "RUu" and not words[at - 2].upper)
        )
    ):
        return True
    if f"{second} {last}" in _phrases():
        return True
    return at > 2 and f"{words[at - 3].low} {second} {last}" in _phrases()


def wanted(found: Spots, at: int) -> bool:
    """Say whether a label such as "Last name:" stands right before a word."""
    if not at or not found.words[at - 1].flags & WANTED:
        return False
    gap = found.text[found.spans[at - 1][1] : found.spans[at][0]]
    core = gap.strip(" \t\"“'*_")
    if found.words[at - 1].low == "pt" and found.words[at - 1].upper and _treats(found, at):
        return False
    if core == ":" and _speaks(found, at):
        return False
    return core in {":", "=", "|"} or (not core and gap.startswith("\t"))


def _speaks(found: Spots, at: int) -> bool:
    """Say whether a word begins what somebody says in a dialogue, and is no name by what goes on: Doctor: How are you."""
    return said(found.text, found.spans[at][0], found.turns())


def _treats(found: Spots, at: int) -> bool:
    """Say whether a word behind PT is one of physical therapy, not of a patient: PT: Gait 150 ft."""
    word = found.words[at]
    return (
        word.kind in "WMsr"
        and word.folded in lexicon().words
        and found.text[found.spans[at][1] : found.spans[at][1] + 1] != ","
    )


def weakly(found: Spots, at: int) -> bool:
    """Say whether what stands before a word makes a name a little likelier."""
    start = found.spans[at][0]
    if start and found.text[start - 1] in '([“"':
        return not (at and found.words[at].kind in "gsr" and _tool(found, at))
    if not at:
        return False
    if found.text[start - 3 : start] == "-> " or found.text[start - 2 : start] == "→ ":
        return True
    return bool(found.words[at - 1].flags & WEAK) and start - found.spans[at - 1][1] <= 2


#: Classes of words of everyday and of medicine, and of those in small letters.
_NOBODY = frozenset(["", "W", "M"])


def _tool(found: Spots, at: int) -> bool:
    """Say whether an eponym stands in brackets behind a word that names nobody: handgrip (Jamar), furcation II (Glickman)."""
    before = found.words[at - 1]
    if found.words[at].folded not in lexicon().eponyms or before.flags & (BARE | COLON | ROLE | DONE | VERB | TITLE):
        return False
    return before.kind in _NOBODY and not before.upper


def titled(found: Spots, at: int) -> bool:
    """Say whether a title stands right before a word."""
    if not at or not found.words[at - 1].flags & TITLE:
        return False
    return found.text[found.spans[at - 1][1] : found.spans[at][0]] in {" ", ". ", ".", "  ", ".  "}


def begins(found: Spots, at: int) -> bool:
    """Say whether a word begins a sentence, a line or an item, so that its capital tells nothing."""
    start = found.spans[at][0]
    if start > 1 and found.text[start - 1] == " " and (found.text[start - 2].isalnum() or found.text[start - 2] == ","):
        return False
    before = found.text[max(0, start - 4) : start].rstrip(" \t\"'“(")
    return not before or before[-1] in ".\n!?:;•-*\r>|"


#: A degree that a slash joins to a name.
_SLASHED = re.compile(r"/(?:RN|LPN|LVN|CNA|CRNA|APRN)\b")


def degree(text: str, end: int) -> bool:
    """Say whether a degree or a license stands behind a place: Jane Roe, MD."""
    mark = text[end : end + 1]
    if mark == "/":
        return _SLASHED.match(text, end) is not None
    if not mark or mark not in ", (":
        return False
    rest = text[end : end + 5].lstrip(", (\n")
    if rest and not rest[0].isupper():
        return False
    if _DEGREE.match(text, end):
        return True
    credential = _CREDENTIAL.match(text, end)
    return credential is not None and credential[1] in _CREDENTIALS


def described(text: str, end: int) -> bool:
    """Say whether a date of birth, an age, a relation or the like stands behind a place."""
    mark = text[end : end + 1]
    if mark in {" ", ",", "."} and mark:
        if mark == ".":
            return text[end + 2 : end + 3].isdecimal() and _AGED.match(text, end) is not None
        if mark == " " and text[end + 1 : end + 2] not in _BEGIN_AFTER:
            return False
        if mark == ",":
            first = _FIRST.match(text, end)
            if first and first[1] in _APPOSES and _APPOSED.match(text, end):
                return True
            return _AFTER.match(text, end) is not None or _TABLE_AFTER.match(text, end) is not None
        return _AFTER.match(text, end) is not None
    return mark in {"\t", "|", ";"} and bool(mark) and _TABLE_AFTER.match(text, end) is not None


#: What somebody is to do, and where somebody is: Azimi to see, Mele at bedside.
_TO_DO = frozenset(tables()["to_do"].split())
_AT_BED = frozenset(["bedside", "bs", "appt", "visit"])


def acts(found: Spots, last: int, end: int) -> bool:
    """Say whether somebody's doing or belonging stands behind a word: reports, 's INR, 's daughter."""
    words, spans, text = found.words, found.spans, found.text
    after = last + 1
    if text[end : end + 1] in {"'", "’"}:
        if after < len(words) and words[after].low == "s" and spans[after][0] == end + 1:
            after += 1
            end += 2
        else:
            end += 1
        if after < len(words) and words[after].flags & (THING | ROLE) and spans[after][0] == end + 1:
            return not words[after].flags & NOUN
        if after + 1 < len(words) and words[after + 1].flags & THING and spans[after + 1][0] - end < 16:
            return text[end : end + 1] == " " and not words[after].flags & NOUN and not words[after + 1].flags & NOUN
        return False
    if after >= len(words) or text[end : spans[after][0]] != " ":
        return False
    if words[after].flags & VERB:
        return not words[after].flags & CAPITAL or words[after].upper
    if after + 1 >= len(words) or text[spans[after][1] : spans[after + 1][0]] != " ":
        return False
    second = words[after + 1].low
    return (words[after].low == "to" and second in _TO_DO) or (words[after].low == "at" and second in _AT_BED)


def eponym(found: Spots, last: int, end: int) -> bool:
    """Say whether a disease, sign, device or the like stands behind a word: the name before it means no person."""
    words, spans, text = found.words, found.spans, found.text
    after, count = last + 1, len(found.words)
    if after < count and text[end : end + 1] in {"'", "’"}:
        if words[after].low == "s" and spans[after][0] == end + 1:
            end += 2
            after += 1
        else:
            end += 1
    if after >= count or text[end : spans[after][0]] not in {" ", "-"}:
        return False
    first = words[after]
    if first.flags & NOUN:
        return not _related(found, last) and (
            first.low not in {"cell", "line", "grade", "stage", "unit", "bed"}
            or _DIGIT.match(text, spans[after][1]) is None
            or (first.low in {"grade", "stage"} and words[last].folded in lexicon().eponyms)
        )
    if after + 1 >= count or text[spans[after][1] : spans[after + 1][0]] not in {" ", "-"}:
        return False
    second = words[after + 1]
    if not second.flags & NOUN:
        return bool(
            (first.flags & CAPITAL or first.low == "and")
            and second.flags & CAPITAL
            and after + 2 < count
            and words[after + 2].flags & NOUN
        ) and text[spans[after + 1][1] : spans[after + 2][0]] in {" ", "-"}
    return (
        first.low == "and"
        or bool(first.flags & CAPITAL)
        or first.low in {"s", "total", "type", "like", "viper", "bowel", "night", "pain", "corn"}
        or (bool(first.flags & LOWER_WORD) and first.low.endswith(("al", "ic", "ary", "ar", "ous")))
    )


def _related(found: Spots, at: int) -> bool:
    """Say whether a relation stands before a word and what a hyphen joins to it: wife Anne-Marie pouch teaching done."""
    spans, text, first = found.spans, found.text, at
    while first and spans[first - 1][1] == spans[first][0] - 1 and text[spans[first][0] - 1] == "-":
        first -= 1
    word = found.words[first]
    # What is known to bear a disease is that of the relative: sister Hashimoto thyroiditis.
    if word.kind in "MAW" or (word.folded in lexicon().shared and (first == at or not is_given(word.folded))):
        return False
    at = first
    return bool(at) and found.words[at - 1].low in _kin() and text[spans[at - 1][1] : spans[at][0]] == " "


@cache
def _kin() -> frozenset[str]:
    return frozenset(tables()["kin"].split()) | {"spouse", "partner", "mom", "grandmother", "grandfather", "parent"}


@cache
def bearers() -> frozenset[str]:
    """Return what bears somebody's name behind "of" and is no person: circle of Willis."""
    return frozenset(tables()["bearers"].split())


__all__ = ["DEGREE", "acts", "begins", "degree", "described", "eponym", "titled", "told", "wanted", "weakly"]


@cache
def stays() -> frozenset[tuple[str, str]]:
    """Return pairs of words that look like somebody and are something."""
    pairs = (pair.split() for pair in re.split(r"[|\n]", tables()["stays"]))
    return frozenset((pair[0], pair[1]) for pair in pairs)


@cache
def stay_starts() -> frozenset[str]:
    """Return the first words of these pairs."""
    return frozenset(pair[0] for pair in stays())
