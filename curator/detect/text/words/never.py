# ruff: noqa: E501 - a list that is cut into lines hides what it holds
"""What rules took for an identifier and is none: the first word of what a patient says, a mother, a degree, an hour.

Speech begins with a capital behind a label as a name does; a relation stands where a name might; dotted letters are
degrees; the hour with which a line begins stands behind the label that ends the line before; the numbers under which
trials are registered are public. Only findings of rules that look at labels, letters and forms are asked about.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from curator.detect.text.lists.lexicon import fold, is_name, lexicon
from curator.detect.text.words.anyhouse import any_house
from curator.detect.text.words.beside import FIRST, LABELED, TRIMMED, no_name, no_value, trimmed
from curator.detect.text.words.lasting import lasting
from curator.detect.text.words.misread import misread_word
from curator.detect.text.words.points import points
from curator.detect.text.words.regions import region
from curator.detect.text.words.speech import CONTRACTED, SPOKEN, machine, said, turns
from curator.detect.text.words.vocabulary import tables
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding

#: Rules that take what stands behind a label.
_BEHIND_LABELS = frozenset(["name.field", "name.cue", "name.form", "cue.user", "name.title"])
#: Rules that take two numbers with a mark between for a month and a day or a year.
_DAYS_AND_MONTHS = frozenset(["date.month-day", "date.as-others", "date.month-of-year"])
#: Rules that take a word with a figure in it for a name.
_SCANNED = frozenset(["name.scanned", "name.acts", "name.lexicon", "name.cue", "name.again"])
#: Rules that weigh words.
_WEIGHED = frozenset(["name.acts", "name.lexicon", "name.post"])
#: What stands before a colon at the head of a line and is nobody: parts in a talk, and headings.
_PARTS = frozenset((tables()["speaking_roles"] + " " + tables()["no_speaker"]).split())
#: Words with which people begin to speak that are given names, too: Will that make me sleepy?
_NAMES_TOO = frozenset(["will", "hope", "may"])
#: German nouns for what is measured, done or disturbed, which are too long for a family's name.
_GERMAN = re.compile(
    r"[A-ZÄÖÜ][a-zäöüß]{4,40}(?:störung|sättigung|messung|bestimmung|untersuchung|behandlung|verengung|blutung|schädigung|erkrankung|entzündung|spiegelung|belastung|förmigkeit|keit|heit|schaft|gewicht|konzentration|mikroskopie)(?:en)?"
)
_GOES_ON = re.compile(r" (?:that|this|it|it's|the|i|you|he|she|they|we|my|your|so|not)\b", re.IGNORECASE)
#: A word that "not" shortens, as no name is, or one of speech that was cut in two: hasn't been, gon na.
_NOT = re.compile(
    r"(?:has|have|had|was|were|is|are|would|could|should|did|does|do|ca|wo|ai|must|need)n['’]t\b|(?:(?:gon|wan) na|(?:got|ought|sor) ta|(?:lem|gim) me)\b"
)
#: Relations that stand alone, as children call them.
KIN = frozenset(
    ["mil", "fil", "dil", "sil", "bil", "fam", "dad", "daddy", "dada", "mom", "mommy", "mum", "mummy", "mama", "momma", "papa", "nana", "nan", "nanna", "gran", "granny", "grandma", "grandpa", "grandad", "granddad", "gramps", "grammy", "auntie", "aunty", "mam", "mami", "mamma", "mammy", "ouma", "oupa", "whaea", "amma", "appa", "dadi", "nani", "papi", "abuela", "abuelo", "babcia", "yiayia", "pappou", "halmoni", "nonna", "nonno"]
)  # fmt: skip
#: Those that people are called as well, where a label says that it is the patient's name.
_BORNE_TOO = frozenset(["amma", "appa", "dada", "dadi", "mama", "mami", "nan", "nana", "nani", "papa", "papi"])
_PATIENTS_NAME = re.compile(
    r"\b(?:[Pp]atient|PATIENT|[Pp]t|PT|[Cc]lient|CLIENT|[Rr]esident|RESIDENT)(?:['’]s)?(?:[ ](?:[Nn]ame|NAME))?[ ]?[:=|][ \t]{0,4}$|(?:^|\n)[ \t]*(?:[Nn]ame|NAME)[ ]?[:=|][ \t]{0,4}$"
)
_RELATIVE = re.compile(
    r"\b(?:wife|husband|sister|brother|daughter|son|aunt|uncle|niece|nephew|cousin|girlfriend|boyfriend|partner|spouse|friend|neighbou?r|twin),? $"
)
_DEGREES = frozenset(
    [
        "M.D.",
        "M.P.H.",
        "M.P.H",
        "D.O.",
        "R.N.",
        "N.P.",
        "P.A.",
        "M.S.",
        "M.A.",
        "B.S.",
        "B.A.",
        "D.D.S.",
        "O.D.",
        "P.T.",
        "M.D",
        "D.O",
        "R.N",
        "N.P",
    ]
)
_BOARDS = re.compile(
    r"(?:(?:NNP|FNP|ANP|PNP|GNP|CNS|RN|PMHNP|ACNP|AGNP|AGACNP|AGPCNP|WHNP|ATR|MT|DMT|CNM|AOCNP)-BC|CPNP-(?:AC|PC)|CCC-(?:A|SLP)|RRT-(?:NPS|ACCS)|CBIST?-T)"
)
#: What stands before the hyphen of one.
_CREDENTIAL = re.compile(r"(?<![\w-])[A-Z]{2,7}-$")
#: Words that begin a sentence and are family names, too, hardly ever: She.
_PRONOUNS = frozenset(["She", "They", "This", "That", "These", "There", "It"])
#: Headings and labels that read like a house's or a person's name.
_HEADINGS = frozenset(
    ["major surgical", "major surgical or invasive procedure", "activities of daily living", "instrumental activities of daily living", "back number", "place of service", "level of service", "type of service", "date of service", "attestation", "attending attestation"]
)  # fmt: skip
#: The last word of a heading in capitals: BRIEF SUMMARY OF HOSPITAL COURSE, X-RAY AND LABORATORY DATA.
_HEADED = re.compile(
    r"[A-Z /&-]*?(?:(?<![A-Z])(?:COURSE|DATA|LABORATOR(?:Y|IES)|LABS|RESULTS?|FINDINGS|SUMMARY|HISTORY|EXAM(?:INATION)?|STUDIES|STUDY|MEDICATIONS?|ORDERS|DIAGNOS[IE]S|EVALUATION|REPORT|INSTRUCTIONS?|NOTES?|PROCEDURES?|CONDITION|TREATMENT|PLAN|DISPOSITION|VISITS?|STAY|RECORDS?|LOG|FORM|SHEET|FLOWSHEET|MINUTES|LETTER|LINE|CALL))[ ]?(?=:|\n|$|[ ]{2}|[ ]?[-–|][ ])"
)
#: Rules that take a house by its words, or a word behind a label or a cue for a name.
_HOUSED = frozenset(["place.facility", "place.housed", "place.sited", "place.facility-field", "place.city-cue", "place.at", "name.cue", "name.post", "name.lexicon", "place.house-named"])  # fmt: skip
#: Rules that take a state or a country for a town, a house or somebody.
_WIDELY = frozenset(["name.acts", "name.lexicon", "place.at", "place.city", "place.city-cue", "place.housed", "place.facility", "place.sited", "place.unknown-pair", "place.land", "place.area"])  # fmt: skip
#: Rules of which a letter of a figure or of an item may be a part: Figure A. Blood work; B.  Lung, biopsy.
_LETTERED = frozenset(["name.lexicon", "name.acts", "place.city", "place.city-cue", "place.sited", "place.housed"])
_FIGURE = re.compile(
    r"(?:Figures?|Fig\.?|Tables?|Panels?|Images?|Appendix|Exhibit|Box|Video|Slide|Diagram) (?:[A-Z]|\d{1,2}[A-Za-z]?)\b"
)
_FIGURED = re.compile(r"(?:Figures?|Figs?\.?|Tables?|Panels?|Images?) $")
_LETTER = re.compile(r"[A-Z]\.(?=[ ])")
_ITEM = re.compile(r"[A-Z]\.[ ]{2,}([A-Z][a-z]+)")
#: Rules that take a family name for sure.
_SURELY = frozenset(["name.field", "name.credential", "name.form"])
#: The chief complaint, which is spelled like a carbon copy.
_COMPLAINT = re.compile(r"(?:\A|\n)[ *#]{0,4}(?:CC|C/C)[*]{0,2}:[*]{0,2}[ ]{0,3}[\"“'‘]?$")
#: Hours as nurses write them, from one to another, and one with which a line begins.
CLOCK = re.compile(r"(?:[01]\d|2[0-3])[0-5]\d")
_HOURS = re.compile(rf"{CLOCK.pattern}[-–]{CLOCK.pattern}")
_LINE_BEFORE = re.compile(r"(?<![:#=])[ \t]*\n[ \t]*$")
#: A trial's number in ClinicalTrials.gov.
TRIAL = re.compile(r"NCT ?0\d{7}")


#: The year of guidelines of pathologists, which no Italian postal code is; a thickness behind what is a password elsewhere.
_YEAR_OF_CAP = re.compile(r"\bCAP[ ]{1,2}(?:19|20)\d\d$")
_MEASURED = re.compile(r"\d{1,3}(?:\.\d{1,2})?[ ]?(?:cm|mm|ms|mL|ml)\b")


#: What a device is that may go into a scanner: Zimmer Persona MRI conditional.
_SCANNED_SAFELY = re.compile(
    r"[ -](?:conditional|compatib\w+|safe(?:ty)?|unsafe|ready|status|ok\b|non-?conditional|labell?ing)", re.IGNORECASE
)


#: What everybody can read, behind the month in which it came.
_PUBLISHED = re.compile(
    r" (?:FDA|CDC|ACIP|USPSTF|WHO|EMA|CMS|AHA|ACC|ADA|ASCO|NCCN|ACOG|AAP|IDSA|KDIGO|NEJM|JAMA|Lancet|BMJ|MMWR)\b| (?:guidelines?|boxed warning|label(?:ing)? (?:change|update)|safety (?:communication|alert)|recommendation statement|Beers)\b"
)


def _plain(word: str) -> bool:
    """Say whether a word is one of medicine and no name."""
    known, folded = lexicon(), fold(word)
    return folded in known.medical and folded not in known.given and folded not in known.frequent


def _figured(text: str, finding: Finding) -> bool:
    """Say whether what was found is a figure by its letter, or begins with one or with that of an item in a list."""
    start = finding.start
    if _FIGURE.match(text, start, finding.end):
        return True
    if _LETTER.match(text, start, finding.end) is None:
        return False
    item = _ITEM.match(text, start, finding.end)
    return (item is not None and _no_family(fold(item[1]))) or _FIGURED.search(
        text, max(0, start - 9), start
    ) is not None


def _no_family(folded: str) -> bool:
    """Say whether a word is one of medicine, or of everyday and of no list of names."""
    known = lexicon()
    return folded in known.medical or (folded in known.words and not is_name(folded))


#: Drinks, shoes, soaps, books and shows that are called like somebody with a title; and what stands behind one and is no name.
_TITLED = {
    "dr": ["pepper", "scholl", "scholls", "scholl's", "bronner's", "mcgillicuddy's", "mcgillicuddy", "seuss", "martens", "dolittle", "doolittle", "jekyll", "strangelove", "teal's"],
    "mr": ["goodbar", "magoo", "pibb", "muscle", "potato head"],
    "mrs": ["dash", "doubtfire", "butterworth's", "claus", "meyer's", "t's"],
    "miss": ["piggy", "marple", "dior", "saigon", "universe", "america", "world"],
    "judge": ["judy", "dredd"],
    "captain": ["crunch", "america", "underpants", "ahab"],
    "uncle": ["ben's"],
    "aunt": ["jemima", "bessie's"],
    "sister": ["act"],
    "father": ["christmas", "time"],
    "doctor": ["who", "zhivago"],
    "queen": ["elizabeth", "victoria"],
    "president": ["bush", "obama", "trump", "biden", "clinton", "reagan", "kennedy", "lincoln", "nixon"],
    "pope": ["francis", "benedict"],
    "lady": ["gaga", "macbeth", "godiva"],
    "sgt": ["pepper's"],
    "rev": ["a", "b", "c", "d", "e", "f"],
}  # fmt: skip
_BEFORE_TITLED = re.compile(r"([A-Za-z']{2,9})\.?[ ]{1,2}$")


#: Rules that take what stands behind a label, and what heads the next column.
_HEADED_BY = frozenset(["name.cue", "cue.user", "name.field"])
_COLUMNS = frozenset(["name", "field", "role", "date", "time", "query", "status", "type", "records", "line", "reason", "code", "result", "test", "comment", "comments", "opened", "from"])  # fmt: skip


#: What belongs to a score's name, and to how old many are: Child Pugh C, 6 year olds.
_CHILD = re.compile(r"Pugh|Turcotte")
_YEAR_OLD = re.compile(r"(?:year|yr|month|week|day)s?[- ]$")


def titled(text: str, start: int, end: int) -> bool:
    """Say whether a title and a word behind it are a thing that everybody knows.

    Parameters
    ----------
    text, start, end
        Where the word stands.
    """
    before = _BEFORE_TITLED.search(text, max(0, start - 12), start)
    value = text[start:end].lower().replace("’", "'")
    return value == "i" or (before is not None and value in _TITLED.get(before[1].lower(), ()))


def _is_patients(text: str, finding: Finding) -> bool:
    """Say whether a word for a relation stands behind the label of a patient's name, and is a name too: Amma, Nana."""
    return (
        text[finding.start : finding.end].lower() in _BORNE_TOO
        and _PATIENTS_NAME.search(text, max(0, finding.start - 28), finding.start) is not None
    )


def _is_relatives(text: str, finding: Finding) -> bool:
    """Say whether a word for a relation stands behind another one, and is a name there: wife Nan, sister Amma."""
    value = text[finding.start : finding.end]
    return (
        value.lower() in _BORNE_TOO
        and value[1:].islower()
        and value[0].isupper()
        and _RELATIVE.search(text, max(0, finding.start - 14), finding.start) is not None
    )


def _labels(text: str, finding: Finding) -> bool:
    """Say whether what was found is a word before a colon, at the head of a line or of a column, that says who speaks or what is told."""
    head = text.rfind("\n", 0, finding.start) + 1
    alone = finding.rule == "name.cue" and text[max(0, finding.start - 2) : finding.start] == "  "
    return (alone or not text[head : finding.start].strip()) and fold(text[finding.start : finding.end]) in _PARTS


def _heads(text: str, finding: Finding) -> bool:
    """Say whether what was found is a heading in capitals, or the front of one, of words that are no names."""
    value = text[finding.start : finding.end]
    if not value.isupper() or text[finding.start - 1 : finding.start].isalnum():
        return False
    match = _HEADED.match(text, finding.start)
    if match is None or match.end() < finding.end:
        return False
    return all(len(word) < _SHORT or _common(fold(word)) for word in FIRST.findall(match[0]))


_SHORT = 3
#: Words of headings that are frequent family names as well.
_HEADS = frozenset(["daily", "record", "records", "line", "call", "day", "night", "first", "final"])


def _common(folded: str) -> bool:
    """Say whether a word is one of everyday or of medicine and no frequent family name."""
    known = lexicon()
    return folded in _HEADS or ((folded in known.words or folded in known.medical) and folded not in known.frequent)


#: A dilution, and the range of a result behind its unit: 1:160; mg/dL    70-99.
_TITER = re.compile(r"<?1:\d{1,4}")
_RANGE = re.compile(r"\d{1,4}(?:\.\d{1,3})?[ ]?[-–][ ]?\d{1,4}(?:\.\d{1,3})?")
_UNIT_BEFORE = re.compile(
    r"(?:\b(?:m?[gG]|mcg|[unµμ]g|pg|[mnpuµ]?mol|m?[Ee]q|[mu]?IU|k?U|K|M|x?10\S{0,4}|cells|mL)/(?:[dmuµ]?[Ll]|hr|min|mm3|HPF|hpf)|\b(?:sec|seconds|ratio|mmHg|fL|pg)|%)[ \t]+$"
)


def _is_range(text: str, start: int, end: int) -> bool:
    """Say whether two numbers are the range of a result in the column behind its unit."""
    return (
        _RANGE.fullmatch(text, start, end) is not None
        and _UNIT_BEFORE.search(text, max(0, start - 40), start) is not None
    )


def _hours_or_trial(text: str, finding: Finding) -> bool:
    """Say whether a number is an hour of the day that no label tells to be something else, or a trial's number."""
    start, end = finding.start, finding.end
    if TRIAL.fullmatch(text, start, end):
        return True
    if finding.rule.startswith("cue."):
        if _TITER.fullmatch(text, start, end):
            return True
        if _is_range(text, start, end):
            return True
        return bool(CLOCK.fullmatch(text, start, end) and _LINE_BEFORE.search(text, max(0, start - 8), start))
    return finding.rule in {"form.phone", "place.abbreviation"} and bool(_HOURS.fullmatch(text, start, end))


def without(text: str, findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield findings but for those that are none.

    Parameters
    ----------
    text
        The text.
    findings
        What rules found in it.
    """
    speech: frozenset[int] | None = None
    for whole in findings:
        finding = trimmed(text, whole) if whole.rule in TRIMMED else whole
        if finding.rule in LABELED and no_value(text, finding):
            continue
        if finding.rule in _HOUSED and (
            any_house(text, finding.start, finding.end)
            or text[finding.start : finding.end].lower() in _HEADINGS
            or _heads(text, finding)
        ):
            continue
        if (
            finding.rule == "place.facility"
            and text[finding.end - 4 : finding.end] == " MRI"
            and _SCANNED_SAFELY.match(text, finding.end)
        ):
            continue
        if finding.rule in _WIDELY and region(
            text, finding.start, finding.end, place=finding.category is Category.GEOGRAPHY
        ):
            continue
        if finding.end - finding.start == 1 and finding.rule == "place.small-firm":
            continue
        if (finding.rule in _SCANNED or finding.rule[:4] == "cue.") and misread_word(text[finding.start : finding.end]):
            continue
        if (
            finding.rule == "date.month-name-year"
            and _PUBLISHED.match(text, finding.end)
            and not text[finding.start : finding.end].isupper()  # in capitals WHO is a pronoun
        ):
            continue
        if finding.rule in _LETTERED and _figured(text, finding):
            continue
        if finding.rule == "name.title" and titled(text, finding.start, finding.end):
            continue
        if finding.rule in _BEHIND_LABELS or finding.category is Category.NAME:
            if finding.rule in _BEHIND_LABELS or finding.rule in _WEIGHED:
                first = FIRST.match(text, finding.start)
                word = first[0].lower().replace("’", "'") if first else ""
                speech = turns(text) if speech is None else speech
                if said(text, finding.start, speech, surely=finding.rule in _WEIGHED) or (
                    finding.start in speech and word in _NAMES_TOO and _GOES_ON.match(text, finding.start + len(word))
                ):
                    continue
                if (
                    finding.rule in _BEHIND_LABELS
                    and (word in SPOKEN or _plain(word))
                    and _COMPLAINT.search(text, max(0, finding.start - 12), finding.start)
                ):
                    continue
            if text[finding.end : finding.end + 1] == ":" and _labels(text, finding):
                continue
            if finding.rule == "cue.user" and _MEASURED.match(text, finding.start):
                continue
            value = text[finding.start : finding.end]
            if (
                CONTRACTED.match(value)
                or (value[0].islower() and _NOT.match(text, finding.start))
                or machine(text, finding.start, finding.end)
            ):
                continue
            if finding.rule in _HEADED_BY and value.lower() in _COLUMNS:
                continue
            if finding.rule == "name.field" and text[finding.start - 4 : finding.start].upper() == ":PT:":
                continue  # the axes of a LOINC name: a point in time and the system behind it
            if value == "of America" and text[finding.start - 7 : finding.start] == "States ":
                continue
            if finding.rule in _WEIGHED and _GERMAN.fullmatch(value):
                continue
            if finding.rule == "name.again" and value.islower() and no_name(fold(value)):
                continue
            if _CHILD.match(value) and text[finding.start - 6 : finding.start - 1] == "Child":
                continue
            if value.lower() == "olds" and _YEAR_OLD.search(text, max(0, finding.start - 8), finding.start):
                continue
            if value in _DEGREES or value.lower() == "number":
                continue
            if value.lower() in KIN and not (_is_patients(text, finding) or _is_relatives(text, finding)):
                continue
            if value in _PRONOUNS and finding.rule not in _SURELY:
                continue
            if finding.end - finding.start < 5 and text[finding.start - 1 : finding.start] == "-" and value.isupper():
                begun = _CREDENTIAL.search(text, max(0, finding.start - 10), finding.start)
                if begun and _BOARDS.fullmatch(text, begun.start(), finding.end):
                    continue
        elif (
            finding.rule in _DAYS_AND_MONTHS
            and (
                lasting(text, finding.start, finding.end)
                or points(text, finding.start, finding.end)
                or _is_range(text, finding.start, finding.end)
            )
        ) or (
            (finding.rule == "cue.zip" and _YEAR_OF_CAP.search(text, max(0, finding.start - 6), finding.end))
            or (finding.rule == "place.city-state" and _BOARDS.fullmatch(text, finding.start, finding.end))
            or (text[finding.end - 1].isdecimal() and _hours_or_trial(text, finding))
        ):
            continue
        yield finding
