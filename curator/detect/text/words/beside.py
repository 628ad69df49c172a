# ruff: noqa: E501 - a list that is cut into lines hides what it holds
"""What stands right beside a name and is no part of it, and what stands behind a label and is no value of it.

A role, a closing of a letter, the next field's label, a degree; speech, a marker of cells, a variant, a side, a subject.
"""

from __future__ import annotations

import re
from dataclasses import replace

from curator.detect.text.lists.lexicon import fold, is_name, lexicon
from curator.detect.text.words.speech import SPOKEN
from curator.identifiers.findings import Finding

#: The first word of what was found.
FIRST = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


def no_name(folded: str) -> bool:
    """Say whether a word in small letters is one of everyday or of medicine and of no list of names."""
    known = lexicon()
    return (folded in known.words or folded in known.medical) and not is_name(folded)


#: Rules that may take a role before a name, or a label or a degree behind one, for a part of it.
TRIMMED = frozenset(
    ["name.field", "name.cue", "name.credential", "name.title", "name.lexicon", "name.acts", "name.post"]
)
#: Who somebody is, before a name: Doula June, PA Roe; what closes a letter.
_ROLE_BEFORE = re.compile(
    r"(?:(?:Doula|Coordinator|Neighbou?r|Familia|Best,|Regards,|Sincerely,|Cheers,)[ ]|(?:PA|NP|RN|CNA|LPN|MA)[ ](?=[A-Z][^\W\d_A-Z]))(?=[^\W\d_])"
)
#: The label of the next field behind a name, and a degree behind a given name alone.
_LABEL_BEHIND = re.compile(r"[ ]{1,4}(?:Age|AGE|Sex|SEX|Gender|GENDER|Ward|Loc|Race|Unit)$")
_FIELD_BEHIND = re.compile(r"[ ]{0,2}[:/]|[ ]{1,2}\d")
#: What goes on behind a name in a note in capitals: SON ROE STATES PT FELL; RN DOE NOTIFIED.
_ACT_BEHIND = re.compile(
    r"[ ](?:STATES|STATED|NOTIFIED|HAS|HAD|IS|WAS|WILL|SAYS|SAID|REPORTS|REPORTED|DENIES|CALLED|AWARE|ASKS|ASKED|WANTS|AGREES|AGREED|UPDATED|PAGED|REQUESTS|REQUESTED|VERBALIZED|GAVE|TOOK|CAME|SAW|ADDED|ORDERED|RECOMMENDS|REFUSES|REFUSED|INFORMED|CONSULTED|ASSISTED|PRESENT|SEEN|USED|TO|(?:RE|STATES|DENIES|REPORTS)(?: [A-Z]{2,12})?)$"
)
_TO_DO = re.compile(
    r" (?:RECHECK|SEE|CALL|FOLLOW|EVAL|PLACE|REMOVE|REPEAT|DRAW|HOLD|START|GIVE|REVIEW|TRANSFER|ADMIT|COVER|ASSESS|MONITOR|UPDATE|NOTIFY|SIGN|WRITE|ORDER|DISCUSS)\b"
)
_DEGREE_BEHIND = re.compile(
    r"(?<=[a-zà-ÿ]),?[ ](?:MA|RMA|CMA|LPN|CNA|(?:RN|NP|LVN|APRN|FNP|CRNA|LCSW|LMSW|MSW|DPT|PharmD)(?:,?[ ][A-Z]{2,6}(?:-[A-Z]{1,4})?)?)$"
)


def trimmed(text: str, finding: Finding) -> Finding:
    """Return a name without the role before it and the label or degree behind it."""
    start, end = finding.start, finding.end
    role = _ROLE_BEFORE.match(text, start, end)
    if role:
        start = role.end()
    behind = _LABEL_BEHIND.search(text, start, end) if _FIELD_BEHIND.match(text, end) else None
    behind = behind or (_DEGREE_BEHIND.search(text, start, end) if text[end - 1].isupper() else None)
    if behind:
        end = behind.start()
    act = _ACT_BEHIND.search(text, start, end) if text[start:end].isupper() else None
    if act and (act[0] != " TO" or _TO_DO.match(text, end)):
        behind, end = act, act.start()
    return replace(finding, start=start, end=end) if start < end and (role or behind) else finding


#: Rules that take what stands behind a label, a subject or a class.
LABELED = frozenset(["name.field", "name.cue", "name.lexicon", "cue.device", "cue.mrn", "place.facility-field", "cue.acted"])  # fmt: skip
_MARKER = re.compile(r"CD\d{1,3}[a-z]?\b(?! ?-)")
_SUBJECT = re.compile(r"(?:^|\n|[ ])(?:RE|Re|SUBJECT|Subject)[ ]?:[ ]{1,2}$")
_CLASS = re.compile(r"\b(?:ASA|NYHA|[Cc]lass|[Gg]rade|[Ss]tage|[Tt]ype|[Mm]allampati|[Ll]evel|CCS|[Zz]one)[ ]$")
_ROMAN = re.compile(r"(?:I|V|X)\.[ ]")
_QUOTES = frozenset('"“')


def no_value(text: str, finding: Finding) -> bool:
    """Say whether what stands behind a label is speech, a marker of cells, a variant, a side or what a letter is about."""
    start, end = finding.start, finding.end
    if finding.rule in {"cue.mrn", "place.facility-field"}:
        return _MARKER.match(text, start) is not None or (
            end - start == 1
            and text[start] in "LR"
            and text[end : end + 1] == " "
            and text[end + 1 : end + 2].islower()
        )
    if finding.rule == "cue.device":
        return text[max(0, start - 5) : start] == "p.Ser"
    if finding.rule == "cue.acted":
        return text[start:end].lower() in _SOUNDS
    if finding.rule == "name.lexicon":
        return _ROMAN.match(text, start) is not None and _CLASS.search(text, max(0, start - 12), start) is not None
    first = FIRST.match(text, start)
    if first is None:
        return False
    if text[start - 1 : start] in _QUOTES and start > 1:
        return first[0].lower() in SPOKEN or (
            no_name(fold(first[0])) and text[first.end() : first.end() + 1] in {".", ",", "!", "?", " "}
        )
    if finding.rule == "name.cue" and (text[start:end] in _SHORT_LABELS or _BOARD.fullmatch(text, start, end)):
        return True
    return (
        finding.rule == "name.cue"
        and fold(first[0]) in _SUBJECTS
        and _SUBJECT.search(text, max(0, start - 12), start) is not None
    )


#: Labels of numbers behind somebody who has one: prescriber DEA MK0247195. And credentials that a hyphen parts.
_SHORT_LABELS = frozenset(["DEA", "NPI", "DOB", "MRN", "SSN", "FIN", "CSN", "OLN", "TIN", "EIN", "NCPDP", "UPIN", "PTAN", "EDIPI"])  # fmt: skip
_BOARD = re.compile(r"(?:COHN|CCRN|PCCN|CCHP|CDN|CNN|CHPN|CPN|CWS|RRT|OCN)-(?:S|K|E|CM|RN|NP|A|NPS|ACCS|SDS)")
#: What letters are about.
_SUBJECTS = frozenset(["notice", "denial", "appeal", "request", "claim", "authorization", "referral", "results", "approval", "refund", "termination", "eligibility", "payment", "statement", "reminder", "letter"])  # fmt: skip
_SOUNDS = frozenset(["uh", "um", "er", "hmm", "ah", "oh", "mm"])
