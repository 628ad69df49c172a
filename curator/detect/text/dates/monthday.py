# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Whether two numbers with a mark between them are a month and a day, or a score, a ratio, a range, a dose."""

from __future__ import annotations

import re

from curator.detect.text.dates.measured import measured
from curator.detect.text.fields.values import unit_behind
from curator.detect.text.words.anycase import Before
from curator.detect.text.words.leads import may_lead, named_before, words_back
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding

MONTH_DAY = re.compile(
    r"(\d{1,2})([/-]|\.(?=\d\d?\.(?!\d)))(\d{1,2})(?![\w/%])(?!-\d{1,2}(?![\d/]))(?!\.\d)(?!\s?/\s?\d)(?!:\d)"
)
SCORE_AFTER = re.compile(
    r"\s*-?(?:strength|murmur|systolic|diastolic|pain|scale|score|in\b(?! (?:clinic|the (?:ed|er|office|clinic)))|bilat|throughout|power|motor|reflex|pulses?|intensity|edema|visual|correct|(?:cranial )?nerves"
    r"|points?|items|criteria|lobes|positive|neg(?:ative)?\b|nodes|lymph|views|recall|of\b|on (?:the )?(?:right|left|pain|vas|nrs|r\b|l\b|exam|scale|understanding|reasoning|appreciation|naming|attention|fluency|comprehension|repetition|recall|orientation)|cores?|doses?|tabs?|tablets?|bottles|blood|cultures?|sets|samples|specimens|swabs|stools?|weeks?|wks?|biops"
    r"|words|objects|days|hours|hr?s?\b|mg|ml|mcg|units?|cm|mm\b|kg|lb|l\b|fr\b|tbsp|tsp|inch|in\.|\"|ns\b|normal saline|strength|ppd|packs?|pints?|cups?|mile|thick|circumf|way|full|empty|cycles?|sessions?|treatments|fractions?|quadrants?|extremit|limbs|leads|time|dtrs?|fetal|heart|teeth|fingers|toes|joints|r(?:ight)?\b\s?(?:ue|le|arm|leg)|(?:rue|lue|rle|lle|ue|le)\b|muscle|grip|hand|biceps|hip|knee|deltoid|symmetric|bottles|margins|fragments|oz\b|teasp|screws?|pins?|drill|tables|x\b|meals|pillows|kids|siblings|daily\b(?! (?!for\b|in\b|and\b|with\b|by\b|at\b)[a-z])|hz\b|a pound|flex\b)", re.IGNORECASE)  # fmt: skip
SCORE_BEFORE = Before(
    r"(?:\b(?:activity|chronicity|visuospatial|fluency|attention|naming|mdq|ymrs|ishihara|beighton|barthel|bromage|frankel|tinetti|alvarado|mallampati|ballard|silverman|ttos?|ttas?|bo|bno|strength|pain|murmur|scale|scores?|grade|gcs|apgars?|muscle|power|reflex(?:es)?|pulses?|vision|va|ratio|rat(?:ed|es|ing)|mmse|moca|motor|a&o|dtrs?|edema|gad-?7|phq-?9|audit|cage|phalen|epds|braden|morse|mini-cog|recall|orient(?:ed|ation)|severity|bishop"
    r"|stage|level|at a|nyha|bp|pressure|phq-?\d?|nrs|vas|intensity|nodes|lobes|cores|cultures|bottles|total|deltoids?|biceps|triceps|quads?|quadriceps|hamstrings|iliopsoas|grip|flexors?|extensors?|flexion|extension|abduction|adduction|dorsiflexion|plantarflexion|patellar|achilles|brachioradialis|radial|dp|pt|femoral|posterior tibial|counts?|gds|boost|day|cycle|week|session|dose"
    r"|ue|le|rue|lue|rle|lle|extremit(?:y|ies)|bilaterally|distress|anxiety|mood|fatigue|nausea|cravings?|d5|d10|every|q|ratio|titer|inch|size|gauge|visual acuity|acuity|od|os|ou|wound|tumou?r|sbs|fio2|hpf|per)|[IV]{2,3})"
    r"[\s:=~]*(?:(?:is|of|was|at|a|an|about|currently|down|up|from|now|and|with|to|today|rest|movement|best|worst|scale|score|level|r|l|right|left|bilateral|rated|/|-)\s+){0,5}$")  # fmt: skip
#: Words that say a day follows, so surely that a small fraction is one.
ON = Before(
    r"(?:\b(?:on|since|dated?|until|till|seen|discharged|admitted|return(?:ed|s)?|rtc|recheck|(?:last|next|prior) visit|through|thru|dos|dob|doa|lmp|edd|edc|d/?c(?:['’]?d|ed)?|dced|by|due|f/u|appt|appointment|week of|scheduled|yesterday|today|tomorrow|starting|started|begun|ending|before|after|last|next"
    r"|bday|b-day|birthday|dod|tod(?: \d{4})?|wk of|w/e|week ending|c\d{1,2} ?d\d{1,2}|th|tu|mon|tues?|wed|thurs?|fri|sat|sun|mondays?|tuesdays?|wednesdays?|thursdays?|fridays?|saturdays?|sundays?|am|le|el|vom|del|dal|desde|hasta|seit|bis|depuis|[åa]ter|terug|fra|den|alta|ingreso|egreso|control(?:e|lo|a)?|cita|kontrolle?|entlassen|aufnahme)\b[\s,:.(]*|\bdate[ds]?\s?[:=]\s?)$")  # fmt: skip
_TOLD = Before(
    r"(?:\b(?:from|of|born|admit|discharge|last|labs?|ct|mri|cxr|echo|ekg|surgery|follow[- ]?up|repeat|redo|fall|call(?:ed)?|for|the|note|exam|addendum|update|progress)[\s,:.(]*|[@(]|^|\n[ \t]*[-*•]?[ \t]*|:[ ]?)$")  # fmt: skip
#: What is done or happens on a day; before a day and a month it tells that much.
_EVENT = Before(
    r"\b(?:drawn|given|done|collected|placed|removed|out|follow[- ]?up|f/?u|tdap|flu|influenza|mmr|covid|booster|vaccin\w+|shot|contrast|cx|tte|tee|echo|ct|mri|cxr|x-?ray|us|pet|ekg|ecg|eeg|emg|appt|surgery|(?<!rang)(?<!rang.)(?:cx|cultures?|labs|results|films|images|ct|mri|echo|cxr|scan|note|visit|path|biopsy|report|samples?|specimens?) from|biopsy|bx|chemo|xrt|labs?|final|prelim|coll|rec'?d|(?:[bursw]|sp)cx|stemi|nstemi|(?:pod|hd|hod|day|d) ?#?\d{1,2} ?=|scan|colonoscopy"
    r"|egd|turbt|turp|cysto(?:scopy)?|eua|tavr|avr|ecv|dccv|ercp|eus|bronch|tka|tha|orif|filled|born|today|run|start|birthday|hus|cultures of|(?:came|went|coming|brought|walked|call(?:ed|s)?|rolled) in|hospice|load|randomi[sz]ed|visit|adm|mammo(?:gram)?|dexa|pap|hd|dialysis|transfus\w+|intubated|extubated|fell|fall|injury|onset|stroke|mi|pci|cabg|arrived|arrival|transferred|resulted|sent|faxed|mailed|signed|dated|next|tb test|ppd|uds|lfts?|cmp|bmp|psa|stress test|holter|visits?|appts?|begins?|began|starts?|came|went|left|comes?|hep ?[ab]|hib|dtap|pcv\d*|ipv|rsv|zoster|shingrix|rhogam|rabavert|injections?|infusion|consult|around|circa|mid|last \w{2,12}(?: \w{2,9})?|nv|again|dispo|review|repeat|sick|clinic|proc(?:edure)?|found|meeting|deliver|shift of|tod|revisit|radiograph|lov|mbs|entry for|re-?present|moved? to|fungemia|bacteremia|derm|card(?:s|iology)|ortho|onc|neuro|gi|clinic|hearing|court|f/u with \w+|d\d{1,3}|missed|at \d{1,2}:\d\d|(?!grad|rat|scor|improv|decreas|increas|reduc|need|limit|ne?ed|fe?ed|be?d|re?d|le?d|me?d|spe?ed|remain|rais|lower|chang|us|divid|dilut|resolv|seed)[a-z]{3,12}ed)\s(?:x\d\s|is\s|was\s|on\s|#\d\s)?$"
)
#: What is done or taken on a day that stands right behind a word of place in time: cultures from 4/30, labs of 10-25.
_FROM_DAY = Before(
    r"\b(?:cultures?|cx|bcx|ucx|labs?|bottles|counts?|levels?|scan|echo|films?|note|biops\w+) (?:from|of|on|drawn|dated) $"
)
#: What is written, taken or done on a day that stands in brackets behind it: ADDENDUM (1-5), neg cx (6-24), CT (2-11).
_PAPER = Before(
    r"\b(?:addend(?:um|a)|updated?|amend(?:ed|ment)|correct(?:ed|ion)|revis(?:ed|ion)|late entry|notes?|letters?|fax(?:ed)?|calls?|called|visits?|seen|sent|rec['’]?d|received|resulted|reported|read|final|prelim(?:inary)?|(?:[bursw]|sp|csf )?cx|[bu]?cultures?|path(?:ology)?(?: back)?|biops(?:y|ies)|bx|cytology|swabs?|echo|tt?e|tee|ct|cta|mri|mra|mrcp|cxr|kub|x-?ray|u/?s|ultrasound|doppler|pet|egd|ercp|colonoscopy|eeg|emg|ekg|ecg|cath|labs?|tox|uds|lp|para(?:centesis)?|thora(?:centesis)?|picc|line|drain|surgery|op|procedure|admit(?:ted)?|admission|discharged?|d/?c['’]?d?|transfer(?:red)?|stemi|mi|cva|tia|fall|injury|onset|deliver(?:y|ed)|csection|c-section|shot|vaccine|infusion|injection|consult(?:ed)?|evals?|evaluated|hearing|signed|dictated|entered|started|stopped|removed|placed|done|drawn|given|negative|neg|positive|pos|repeat|last|first|next|yesterday|today|tomorrow|mon|tues?|wed|thurs?|fri|sat|sun|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b[.,:]? ?\($"
)
#: The same before a slash, and a count of days or a result with a decimal: POD 3 (3/4), K 3.4 (3/4).
_DAY_OF = Before(rf"{_PAPER.pattern[:-1]}|\b(?:pod|hd|hod|d|day|dol)[ #+]{{0,2}}\d{{1,3}},? ?\($|\d\.\d{{1,2}} ?\($")
#: A day behind a hyphened one up to which something goes on, and words of a plan before one.
_HOURS = re.compile(r" ?(?:[ap]\.?m\b|hrs?\b|hours|h\b|x\b|times|min)")
_UNTIL = re.compile(r" (?:through|thru|until|till|onward)\b")
_PLANNED = Before(
    r"\b(?:planned for|scheduled for|set for|booked for|trial (?:to|until|of)|expires?|exp\.?|expired|valid (?:to|until|thru)|good (?:to|until|thru)|home|stitches|sutures|staples|out|approved|LOV|off|back to work)[ :]{1,2}$"
)
_NO_DATE_MARKS = frozenset("<>≤≥=~±$€£+\n")
_LAST_WORDS = frozenset(["first", "last", "next"])
_CLOSES = re.compile(r"\s*(?:[.?!;,)(](?!\d)|[\"”]|$|\n)")
_PRESSURE = Before(
    r"\b(?:bi-?pap|nippv|niv|mic|ipap|epap|peep|bp|pressures?|rv|lv|pa|pcwp|aortic|ventricle|cpap|settings|ratio|norco|vicodin|percocet|mg)[\s:]{0,3}(?:\w+ )?$"
)
_TIME_BEHIND = re.compile(r"\s{1,2}(?:at |@ ?)?(?:\d{1,2} ?[ap]\.?m?\b|\d{1,2}:\d\d|[0-2]\d[0-5]\d(?: ?h| hrs)?\b)")
_NO_DATE_BEFORE = re.compile(r"(?:\b(?:version|ver|v|release|section|sect|chapter|figure|fig|table|step|item|ratio|icd|firmware|software|build|reps|sets|grade|levels?|series|size|sizes)\.?[\s:]*|[<>≤≥=~±$€£+])$", re.IGNORECASE)  # fmt: skip
_MIXED = re.compile(r"(?<!\d)\d{1,2}(?:\s?(?:weeks?|wks?|w|and|&|\+))?[\s-]$", re.IGNORECASE)


def finding(start: int, end: int, kind: str, rule: str, confidence: float) -> Finding:
    """Return a finding of a date."""
    return Finding(start, end, Category.DATE, kind, rule, confidence)


def real(first: str, second: str) -> bool:
    """Say whether two numbers can be a month and a day, in either order."""
    a, b = int(first), int(second)
    return (1 <= a <= 12 and 1 <= b <= 31) or (1 <= a <= 31 and 1 <= b <= 12)


def as_others(text: str, start: int, days: dict[str, int]) -> Finding | None:
    """Return a doubtful day when the text writes two others with the same mark, and nothing tells of a score or a range."""
    match = MONTH_DAY.match(text, start)
    if match is None or days.get(match[2], 0) < 2 or match[2] == "." or text[start - 1 : start] in _NO_DAY_BEFORE:
        return None
    first, second = int(match[1]), int(match[3])
    if not 0 < first < 13 or not 0 < second < 32 or unit_behind(text, match.end()):
        return None
    if (first == second and second < 11) or (match[2] == "/" and second in {4, 5, 6, 10} and first < 6):
        return None
    if (
        (first, second) in _FRACTIONS
        or named_before(text, start) < 0
        or no_date_before(text, start, words_back(text, start))
    ):
        return None
    if SCORE_AFTER.match(text, match.end()) or SCORE_BEFORE.holds(text, max(0, start - 48), start):
        return None
    if measured(text, start, match.end(), second, words_back(text, start)):
        return None
    if _PRESSURE.holds(text, max(0, start - 20), start) or _MIXED.search(text, max(0, start - 10), start):
        return None
    if match[2] == "-" and (
        first >= second
        or second % 5 == 0
        or second < 13
        or COUNTED.match(text, match.end())
        or _RANGED.holds(text, max(0, start - 24), start)
    ):
        return None
    return finding(start, match.end(), "date", "date.as-others", 0.6)


_MONTH_SHORT = re.compile(r"(0?[1-9]|1[0-2])/(\d\d)(?![\w/%-]|\.\d|\s?/\s?\d|:\d|[ ]?\()")
#: Words behind which a month and a year of two figures follow.
_IN_MONTH = Before(
    r"\b(?:in|since|until|till|early|late|mid|end of|beginning of|back in|from|through|thru|around|circa|before|after|during|by)[ -](?:about |approximately |early |late |mid |the end of )?$"
)
_IN_ALONE = re.compile(
    r"(?:^|(?<=[.!?:;,] )|(?<=[.!?:;,]  )|(?<=[\n,]))In $|\b(?:[Ee]arly|[Ll]ate|[Mm]id)[ -](?:in )?$"
)
#: What goes on behind such a month, and not behind so many of something.
_MONTH_ENDS = re.compile(
    r"\s*(?:[.,;:?!)]|$|\n)| (?:and|or|to|until|through|with|for|at|by|he|she|they|i|I|we|the patient|when|which|while|after|before|because|due|showed|revealed|was|were|is|had|has|that|there|status|without|secondary|but|then|under|via|a|an|the)\b"
)


def month_of_year(text: str, start: int) -> Finding | None:
    """Return a month and a year of this century in two figures: in 5/04, In 5/12, he; None for scores, doses, counts.

    Parameters
    ----------
    text, start
        Where the month stands.
    """
    match = _MONTH_SHORT.match(text, start)
    if match is None:
        return None
    end, year = match.end(), int(match[2])
    score = None if text[end : end + 1] in NO_SCORE else SCORE_AFTER.match(text, end)
    if score or unit_behind(text, end) or not _MONTH_ENDS.match(text, end):
        return None
    back = max(0, start - 24)
    if SCORE_BEFORE.holds(text, max(0, start - 48), start) or _PRESSURE.holds(text, max(0, start - 20), start):
        return None
    # No count is written with a nought in front; others are told by the head of a sentence alone.
    told = match[2][0] == "0" and year > 0
    if year < 32 and ((told and _IN_MONTH.holds(text, back, start)) or _IN_ALONE.search(text, back, start)):
        return finding(start, end, "month", "date.month-short", 0.75)
    return None


#: Marks before two numbers that are none of a day.
_NO_DAY_BEFORE = frozenset("/\\#$€£+-–.")
#: What fractions are written most.
_FRACTIONS = frozenset([(1, 2), (1, 3), (2, 3), (1, 4), (3, 4), (1, 8), (3, 8), (5, 8), (7, 8), (5, 16), (9, 16)])


#: The end of an element of markup: <td>, <span class="x">.
_ELEMENT = re.compile(r"<[A-Za-z/][^<>]{0,70}>$")


def no_date_before(text: str, start: int, words: list[str] | None) -> bool:
    """Say whether a word or a sign before a place tells that no date follows."""
    if not may_lead("no_date", words) and text[start - 1 : start] not in _NO_DATE_MARKS:
        return False
    if text[max(0, start - 2) : start] in {"->", "=>"}:
        return False
    if text[start - 1 : start] == ">" and _ELEMENT.search(text, max(0, start - 80), start):
        return False
    return _NO_DATE_BEFORE.search(text, max(0, start - 12), start) is not None


#: So sure a word before a day that a hyphen between month and day is none of a range.
_SURE = Before(r"\b(?:since|until|till|dated|thru|through|desde|hasta|seit|bis|cita|appt|appointment|(?:morning|afternoon|evening|night|week) of|from [A-Z][a-z]{2,8}\.? \d{1,2} to|from \d{1,2} [A-Z][a-z]{2,8} to|from \d{1,2}[-/]\d{1,2} to|on|around|[a-z]{4,12}ed|is for|began|begins?)[\s:(~]{1,3}$")  # fmt: skip
_BULLET = re.compile(r"(?:^|\n)[ \t]*(?:[-*•·]|\d{1,2}[.)])?[ \t]*$|[;|][ \t]?$")
_COLON_BEHIND = re.compile(r"[ ]?(?::(?:\s|$)|[ ](?:-|–|—)[ ])")
#: Several of something follow, which a range counts.
COUNTED = re.compile(
    r"\s(?:(?!with\b|by\b|at\b|per\b|and\b|for\b|of\b|in\b|on\b|from\b|to\b|as\b)[a-z-]{2,14}\s)?(?!was|is|has|his|this|as\b)[a-z]{3,14}s\b|\s?(?:[LX%]|x(?!\d\b))"
)
_AND_DAY = re.compile(r"\s?(?:and|&|to|-|–|,|or)\s(?:\d{1,2} (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d)", re.IGNORECASE)  # fmt: skip
#: A word of a sentence, which no score of its own has.
_WORD_BACK = re.compile(r"\b[A-Za-z][a-z]{3,20}[ ]$")
#: A day up to which something goes on: 3/4-3/9.
_SPAN = re.compile(
    r"\s?(?:[-–]|->|→|thru|through|\bto\b|\band\b|&)\s?(\d{1,2})/(\d{1,2})(?![\d/]|\s?(?:strength|pain|bilat|in |throughout|cup|tab|of |full|tsp|tbsp|mile|inch|\"))"
)
#: A result behind the day on which it was measured.
_RESULT = re.compile(r" \d{1,3}\.\d{1,2}(?![\w/-]|\.\d)")
#: What goes on behind a day, and not behind a range.
_GOES_ON = re.compile(r"[ ](?:with|by|at|per|w/|and [a-z]{3}|[a-z]{3,9}ing)\b|:")
#: What is given in ranges.
_RANGED = Before(r"(?:\b(?:ciwa(?:-ar)?|cows|rr|hr|wbc|rbc|hpf|ages?|aged|grades?|goals?|target|scores?|levels?|range|of|between|about|approximately|approx|pages?|pp?|chapters?|items|verses|weeks?|wks?|days?|cycles?|years?|kids|children|teens|resps?|rate|hct|hgb|bun|inr|ast|alt|vent|peep|fio2|icp|cpp|map|cvp|up to|at least|than|every|x|q|for|over|normal|nl|ref|units?|sections?|sessions?|[tlc]\d{0,2}|ribs?|teeth|tooth|rows?|leads?|bed|rooms?|lines?|vertebra\w*)[\s:.]{0,2}|[~<>≥≤=(\[]|\d\s|\d,\s)$")  # fmt: skip
_LAST = re.compile(r"\b(?:last|first|next) (?:dose|bm|drink|meal|menses|period|injection|infusion|use|seen|fill|refill|cycle|treatment|session|visit)\s?[:(]?\s?$", re.IGNORECASE)  # fmt: skip


#: Doses of a vaccine, and what is due to something: Zoster 2/2; AKI 2/2 ATN.
_DUE = re.compile(
    r"\b(?:zoster|shingrix|hep ?[ab]|heplisav|twinrix|mmr|covid|hpv|gardasil|varicella|men ?b|bexsero|dose|[a-z]{2,14}(?:emia|itis|osis|asis|opathy|uria|edema|apnea|pnea|oma|failure|arrest|obstruction|bleed(?:ing)?|loss|weakness|delirium|distress|injury|pain)|sepsis|shock|AKI|AMS|HF|CHF|ESRD|CKD|SOB|HA|PE|DVT) $",
    re.IGNORECASE,
)


#: A score of the same scale that moves to another: 17/24 -> 6/24.
_SAME_SCALE = re.compile(r"(?<![\d/])\d{1,3}/(\d{1,3}) ?(?:[-=]>|→) ?$")


def is_month_day(text: str, match: re.Match[str]) -> bool:
    """Say whether a match of ``MONTH_DAY`` is a day, by its marks and by what stands around it."""
    start, end = match.span()
    first, second = int(match[1]), int(match[3])
    back = max(0, start - 24)
    if (first, second) == (24, 7):
        return False
    padded = len(match[1]) == len(match[3]) == 2
    score = None if text[end : end + 1] in NO_SCORE else SCORE_AFTER.match(text, end)
    if score is None and match[2] == "/" and padded and "0" in {match[1][0], match[3][0]}:
        return True
    if first == second < 5 and _DUE.search(text, max(0, start - 24), start):
        return False
    if text[start - 2 : start].strip()[-1:] in {">", "→"}:
        scored_before = _SAME_SCALE.search(text, max(0, start - 14), start)
        if scored_before and scored_before[1] == match[3]:
            return False
    words = words_back(text, start)
    if measured(text, start, end, second, words):
        return False
    unit = unit_behind(text, end)
    if first <= 12 and second < 32 and not unit and score is None and match[2] != ".":
        line = text.rfind("\n", max(0, start - 60), start) + 1 or (0 if start <= 60 else -1)
        if (line == start and _HALF.match(text, end)) or (
            text[line : line + 2].isupper() and _HEADED.search(text, max(0, line - 1), start)
        ):
            return True
        if line == 0 and text[end : end + 1] in {"", "\n"} and _FIRST_LINE.match(text, 0, start):
            return True
        if _COMPARED.search(text, max(0, start - 56), start) and _CLOSES.match(text, end):
            return True
        if (match[2] == "-" and _NEXT_DAY.match(text, end)) or (
            _MOVED.search(text, max(0, start - 72), start) and _CLOSES.match(text, end)
        ):
            return not may_lead("score", words) or not SCORE_BEFORE.holds(text, max(0, start - 48), start)
        if second > 12 and match[2] == "/" and second not in _MOST and text[start - 5 : start].lower() == "from ":
            return True
    on = may_lead("day", words) and ON.holds(text, back, start) and not text.startswith((" pill", " lit", " L "), end)
    last = (
        (words is None or not _LAST_WORDS.isdisjoint(words))
        and _LAST.search(text, max(0, start - 24), start) is not None
        and not unit
    )
    timed = _TIME_BEHIND.match(text, end) is not None
    seen = score[0].strip().lower() if score else ""
    # behind other words of a score an event is never asked for: the day is told by "on", or it is none
    event = last or (
        (not score or seen[:3] in _SIGNS or seen == '"') and not unit and _is_event(text, start, timed=timed)
    )
    if score and _scored(seen, match[3], on=on, event=event) and not last:
        return False
    if match[2] == "/" and padded and "0" in {match[1][0], match[3][0]}:
        return True
    scored = may_lead("score", words)
    if match[2] == ".":
        return on or (padded and match[3] < "13" and text.startswith((".,", ".:", ".)"), end))
    if _AND_DAY.match(text, end) and not unit:
        return True
    if match[2] == "-":
        if first <= 12 and text[start - 1 : start] == "(" and _PAPER.holds(text, max(0, start - 24), start):
            return text[end : end + 1] in {")", ",", ";", ":"}
        return first <= 12 and not unit and _is_hyphened(text, match, on=on, event=event, timed=timed)
    if last or _RESULT.match(text, end):
        return True
    if (
        text.startswith((")", ",", ";"), end)
        and text[start - 1 : start] == "("
        and _DAY_OF.holds(text, max(0, start - 24), start)
    ):
        return not scored or not SCORE_BEFORE.holds(text, max(0, start - 48), start - 2)
    span = _SPAN.match(text, end)
    if (
        span
        and span[2] != match[3]
        and real(span[1], span[2])
        and not unit_behind(text, span.end())
        and not ((first, second) in _FRACTIONS and (int(span[1]), int(span[2])) in _FRACTIONS)
    ):
        return not scored or not SCORE_BEFORE.holds(text, max(0, start - 48), start)
    if _COLON_BEHIND.match(text, end) and _BULLET.search(text, max(0, start - 10), start):
        return True
    if no_date_before(text, start, words) and not text.startswith("~", start - 1):
        return False
    if (
        scored
        and SCORE_BEFORE.holds(text, max(0, start - 48), start)
        and not text[max(0, start - 8) : start].endswith("eek of ")
        and not _FROM_DAY.holds(text, max(0, start - 24), start)
    ):
        return False
    if unit and not on:
        return False
    if not on and second in {2, 3, 4, 7, 8, 16} and _MIXED.search(text, max(0, start - 10), start):
        return False
    if on or event:
        return True
    if first > 12:
        return named_before(text, start) >= 0 and not _PRESSURE.holds(text, max(0, start - 20), start)
    named = named_before(text, start)
    if named > 0 and (_CLOSES.match(text, end) or text.startswith(" and", end)):
        return True
    if (
        second in {9, 11, 12}
        and first != second
        and _CLOSES.match(text, end)
        and named == 0
        and _WORD_BACK.search(text, back, start)
    ):
        return True
    if first > second and named >= 0 and not _PRESSURE.holds(text, max(0, start - 20), start):
        return True
    if first == second or (second in {4, 5, 6, 10} and len(match[3]) == len(str(second)) and len(match[1]) == 1):
        return False
    if second in {15, 30} and re.search(r"/(?:15|30)\b", text[max(0, start - 40) : start]):
        return False
    return second > 12 or len(match[1]) + len(match[3]) > 3 or _TOLD.holds(text, back, start)


#: What many scores reach at most.
_MOST = frozenset([15, 20, 21, 24, 25, 27, 28, 30])
#: A header in capitals from the line's head on: MICU ROUNDS 12-8, EYE EXAM 1/25.
_HEADED = re.compile(
    r"(?:^|\n)[A-Z][A-Z /&-]{3,40}(?:NOTE|ROUNDS|EXAM|VISIT|REPORT|CLINIC|CALL|UPDATE|LOG|SUMMARY|CONSULT|CATH|SIGNOUT|SIGN-OUT|HANDOFF|LIST|PROGRESS|FOLLOW-UP|F/U|EVAL|EVALUATION)S?[: ]{1,2}$"
)
#: A first line in capitals that a day closes behind a gap, a column of a day behind one, and where somebody went that day.
_FIRST_LINE = re.compile(r"[A-Z][A-Z0-9 /&-]{3,40}[ ]{2,}$")
_NEXT_DAY = re.compile(
    r"[ ]{2,12}(?:\d{1,2}/\d{1,2}(?=[ /]|\n|$)|\d{1,2}-(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.? \d)"
)
_MOVED = re.compile(
    r"\b(?:d/?c['’]?e?d|dced|discharged|transferred|tx['’]d|xferred|admitted|released|returned|sent) (?:home |(?:from|to|back)\b[^.;,\n]{2,50} )$"
)
#: What was done before on a day: Comparison is made with 3/8; went home 2/6.
_COMPARED = re.compile(
    r"\b(?:[Cc]ompar(?:ed|ison)\b[^.;\n0-9]{0,32}(?:with|to|from)|COMPAR(?:ED|ISON)\b[^.;\n0-9]{0,32}(?:WITH|TO|FROM)|went home|left AMA|signed out AMA) $"
)
#: Half of a day behind a day, in a log.
_HALF = re.compile(
    r" (?:[Nn]ote\b:?|[Aa]ddendum\b|[Vv]isit\b|[Ll]etter\b|LM\b|[Ss]poke|[Cc]alled|VM\b|[Ll]eft (?:msg|message|VM|vm)|[Rr]ec['’]?d|[Ss]ent|[Ff]axed|[Ee]mailed|TC\b|T/C|[Pp]t\b|[Pp]er\b|[Ss]aw\b|[Ss]een\b|[Rr]eturned|[Nn]o (?:answer|show)|[A-Z][a-z]{2,}(?: [A-Z][a-z]+)? (?:called|did|says|said|here|came|stated|notified|visited|came)\b|[ap]\.?m\b|AM\b|PM\b|\d{1,2}:\d\d|[01]\d[0-5]\d\b)"
)
#: Marks behind a fraction behind which no word of a score can stand.
NO_SCORE = frozenset(".,;:)(|")
_SIGNS = frozenset(["neg", "pos"])


def _is_event(text: str, start: int, *, timed: bool) -> bool:
    """Say whether what stands before a fraction, or a time behind it, tells of something done that day."""
    return timed or (text[start - 1 : start].isspace() and _EVENT.holds(text, max(0, start - 28), start))


def _scored(seen: str, second: str, *, on: bool, event: bool) -> bool:
    """Say whether what follows a fraction makes it a score or a measure."""
    if seen[:3] in _SIGNS and int(second) > 12:
        return False
    return not (
        (event and seen[:3] in _SIGNS) or (on and seen in {"of", "in", "time"}) or (seen == '"' and (on or event))
    )


#: Days and hours that a range counts: recheck 10-14 d, q 4-6 h; not d/c, h/o.
DAYS = re.compile(r"[ ]?[dh]\b(?!/)")


#: Shifts of nurses: PSYCH NSG 3-11, 11-7 Res. found on floor, 7-3: alert.
SHIFTS = frozenset(["7-3", "3-11", "11-7", "07-03", "7-7"])


def _is_hyphened(text: str, match: re.Match[str], *, on: bool, event: bool, timed: bool) -> bool:
    """Say whether two numbers and a hyphen are a day: 3-4 is a range far more often than one."""
    start, end = match.span()
    if match[0] in SHIFTS and not on and _BULLET.search(text, max(0, start - 10), start):
        return False
    if DAYS.match(text, end):
        return False
    cell = text[max(0, start - 2) : start].strip() == "|" and text[end : end + 2].strip() == "|"
    bullet = _COLON_BEHIND.match(text, end) is not None and _BULLET.search(text, max(0, start - 10), start) is not None
    if bullet or (_RESULT.match(text, end) and not _RANGED.holds(text, max(0, start - 24), start)):
        return True
    counted = COUNTED.match(text, end) is not None
    if _UNTIL.match(text, end) or (
        not counted and not timed and not _HOURS.match(text, end) and _PLANNED.holds(text, max(0, start - 20), start)
    ):
        return True
    sure = _SURE.holds(text, max(0, start - 28), start)
    if (sure or on or event) and not counted:
        return True
    closes = _CLOSES.match(text, end) is not None
    long = (len(match[1]) == 2 and len(match[3]) == 2) or (int(match[3]) > 12 and len(match[3]) == 2)
    if on or cell or event or sure:
        return long or timed or closes
    second = int(match[3])
    if (
        (closes or _GOES_ON.match(text, end))
        and 12 < second < 32
        and second % 5
        and int(match[1]) < second
        and not counted
    ):
        return not _RANGED.holds(text, max(0, start - 24), start)
    if int(match[1]) == second and (closes or text.startswith(":", end)):
        return True
    return closes and named_before(text, start) > 0 and match.group(1) != match.group(3)
