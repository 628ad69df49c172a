# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""What a number is by its own form, or by what stands right beside it, and so no identifier, however much is like one.

A size with its kind (24-French), a dose (40mg/kg/day), an acuity (20/40), a level of the spine (C5-6), a suture (4-0), a
score (29/30), a decade, a year, a price, a procedure's code. Only what no rule has found is asked about.
"""

from __future__ import annotations

import re

from curator.detect.text.dates.calendar import counted
from curator.detect.text.dates.measured import measured
from curator.detect.text.dates.monthday import COUNTED, DAYS, ON, SHIFTS, real
from curator.detect.text.fields.values import unit_behind
from curator.detect.text.lists.lexicon import fold, lexicon
from curator.detect.text.numbers.registered import registered
from curator.detect.text.words.anycase import Before
from curator.detect.text.words.leads import words_back

_UNIT = (
    r"(?:mg|mcg|ug|µg|μg|ng|pg|kg|gms?|g|ml|mls|dl|l|cc|cm|mm|um|µm|nm|mmol|nmol|pmol|umol|µmol|mol|meq|miu|iu|units?|mm ?hg|cmh2o|bpm|kcal|cal|kpa|[kmg]?hz|db|[km]?v|mah?|cgy|gy|mci|mbq|osm|mosm"
    r"|ms|m?sec|secs|seconds?|min|mins|minutes?|hrs?|hours?|h|days?|d|wks?|weeks?|mos?|months?|yrs?|years?|lbs?|pounds?|oz|ft|inch(?:es)?|deg|degrees?|french|fr|gauge|ga|y/?o[mfwb]?|tabs?|caps?|puffs?|drops?|gtts?|doses?|times|percent|%)"
)
#: A number or a range of them with its units: 20mg, 40mg/kg/day, 2-3minutes. A unit of one letter alone may be a code's.
_MEASURE = re.compile(
    rf"[~<>≤≥+-]?\d{{1,6}}(?:[.,]\d{{1,3}})?(?:[-–]\d{{1,5}}(?:\.\d{{1,3}})?)?(?!(?:g|l|d|h|v|m|ma)$){_UNIT}(?:/(?:\d{{1,3}})?{_UNIT}){{0,3}}",
    re.IGNORECASE,
)
#: A number and its kind or the years of somebody: 0.045-inch, 3-way, #11-blade, 3-1/2-year-old, 5-year-4-month-old.
_COMPOUND = re.compile(
    r"#?\d{1,3}(?:\.\d{1,3})?(?:[-–]\d{1,2}/\d{1,2}|[-–]\d{1,3}(?:\.\d{1,3})?)?-(?!(?:north|south|east|west|upper|lower|main|floor|tower|bed|unit|wing)\b)[a-z]{3,}(?:-\d{1,2}-[a-z]{3,})?(?:-[a-z]{2,}){0,3}"
)
#: The same with a maker's or a material's name.
_MATERIAL = re.compile(
    r"#?\d{1,3}(?:\.\d{1,2})?-?(?:fr(?:ench)?|f|gauge|ga|tesla|lead|vicryl|monocryl|prolene|pds(?:[- ]?ii)?|ethibond|ethilon|silk|nylon|chromic|dexon|maxon|surgilon|tevdek|ti-?cron|tycron|mersilene|polysorb|biosyn|caprosyn|quill|stratafix|novafil|polydek|fiberwire|gut|catgut|plain|steel|wire|dermalon|n[eu]urolon|surgipro|monosof|orthocord|panacryl|gore-?tex)s?",
    re.IGNORECASE,
)
#: Sutures by their size: 4-0, #10-0. No day is the noughth of a month.
_SUTURE = re.compile(r"#?\d{1,2}-0+")
#: So many days, weeks or months, as Great Britain writes them.
_SPANS = re.compile(r"\d{1,2}/52")
_ACUITY = re.compile(r"20/(?:15|16|2[05]|3[02]|40|50|6[03]|70|80|1[026]0|125|200|250|300|320|400|600|800)(?:[+-]\d)?")
_SPINE = re.compile(r"(?:C[1-8]|T(?:[1-9]|1[0-2])|L[1-6]|S[1-5])[-–/](?:C?[1-8]|T?(?:[1-9]|1[0-2])|L[1-6]|S[1-5])")
#: What has a letter and a number, too, and is a room.
_ROOM = re.compile(
    r"\b(?:badge|card|key|tag|code|id|rooms?|rm|bed|ward|unit|floor|apt|apartment|locker|bay|pod|gate|seat|row|box|slot|moved to|transferred to|cubicle|station)[ :#]{1,2}$",
    re.IGNORECASE,
)
_DECADE = re.compile(r"['’]?(?:1[89]|20)?\d0['’]?s|\d{2,3}s?[-/]\d{2,3}s")
_YEARS = re.compile(r"(?:19|20)\d\d[-–](?:(?:19|20)\d\d|1[3-9]|[2-9]\d)")
_YEAR = re.compile(r"(?:19[3-9]|20[0-3])\d")
#: What a year is told by: not a door, a badge or a telephone.
_IN_YEAR = re.compile(
    r"\b(?:in|on|since|until|till|from|to|by|during|before|after|of|around|about|approximately|circa|as|late|early|mid|year|recently as|and|or|back|through|thru|between)[ ]$",
    re.IGNORECASE,
)
#: Another year behind one: Laurel Ridge, 2009 and 2014.
_AND_YEAR = re.compile(r"(?:,|, and| and| &|/)[ ]?(?:19[3-9]|20[0-3])\d(?![\w/-])")
#: What was given, done or served in a year that stands right behind: last shot 2014.
_GIVEN_IN = re.compile(
    r"\b(?:shots?|dose|booster|vaccine|tdap|surgery|diagnosed|dx|last|served|retired|born|graduated|moved|divorced|widowed|sober|quit|colonoscopy|mammogram|dexa|stroke|mi|cabg|stents?)[ ]$",
    re.IGNORECASE,
)
#: An hour before ten behind a word, as ambulances write it: alert to base 0334. Pagers and codes have a word that says so.
_EARLY = re.compile(r"0[0-9][0-5]\d")
#: Hours at which somebody was paged, one after the other.
_PAGED_AT = re.compile(
    r"paged 0\d[0-5]\d[,;] (?:(?:and|then|again|called back|no answer|at) ){0,2}(?:[01]\d|2[0-3])[0-5]\d(?!\d)"
)
_CALLED = re.compile(
    r"\b(?:pagers?|pgr|page|paged|beeper|bpr|ext|extension|x|phone|ph|tel|cell|call|dial|last|ending|ends|four|ssn|code|pin|id|badge|room|rm|bed|unit|apt|box|number|no|num|nr|mrn|acct|account|lot|serial|case|ref)\b[^.;\n]{0,20}$",
    re.IGNORECASE,
)
#: A code of what was done with what changes its price: 00840-QZ, 73030-LT.
_MODIFIED = re.compile(
    r"\d{5}-(?:AA|AD|AS|CO|CQ|E[1-4]|F[1-9A]|FQ|G[0CENOPQSTUVXYZ]|GW|L[CDMT]|LT|P[1-6]|Q[56KSWXYZ]|R[CIT]|RT|SA|SG|T[1-9AC]|TC|U[1-9]|X[EPSU]|[2-9]\d)(?:,?[ -](?:\d\d|[A-Z][A-Z1-9]))?"
)
#: A number over another one that can be no day and no month of a year: 25/25, 50/60, 118/80.
_RATIO = re.compile(r"(\d{1,3})/(\d{1,3})")
_GASES = re.compile(r"[67]\.\d{1,2}(?:/\d{1,3}(?:\.\d)?%?){2,5}")
_VITAL = re.compile(
    r"(?:bp|hr|rr|spo2)\d{2,3}(?:/\d{2,3})?%?|(?:bp|pressure|pulse|hr|rate|rr|resp(?:irations)?|temp(?:erature)?|t|p|r|sats?|spo2|o2|wt|weight|ht|height|bmi|pain|score|gcs)[:=]\d{1,3}(?:\.\d{1,2})?(?:/\d{1,3})?%?",
    re.IGNORECASE,
)
#: Sides of a mass or a vessel, times of day, fractions with decimals, pressures of gases with a nought for the letter.
_SIDES = re.compile(r"\d{1,3}(?:\.\d{1,2})?(?:x\d{1,3}(?:\.\d{1,2})?){1,3}(?:cm|mm)?", re.IGNORECASE)
_TIME = re.compile(
    r"\d{1,2}:\d\d(?::\d\d)?(?:[ap]\.?(?:m\.?)?)?(?:[-–]\d{1,2}:\d\d(?:[ap]\.?(?:m\.?)?)?)?|(?:1[0-2]|[1-9])(?:[ap]m|[ap](?=-))(?:[-–](?:1[0-2]|[1-9])[ap]m?)?",
    re.IGNORECASE,
)
#: What somebody has borne, and what stays of it; a variant of a gene.
_BORNE = re.compile(r"G\d{1,2}[ ]?P\d{1,2}[+\dA-Z]{0,8}|N[MCPG]_\d{4,9}(?:\.\d{1,2})?\S{0,40}", re.IGNORECASE)
#: What eyeglasses are made by.
_LENS = re.compile(r"[+-]?\d{1,2}\.\d\d(?:[/x][+-]?\d{1,2}\.\d\d)?(?:x\d{1,3})?(?:[ ]6/\d{1,2})?")
#: The one before in brackets behind a result.
_FORMER = re.compile(r"\d[ ]\($")
_QUOTIENT = re.compile(
    r"\d{1,3}\.\d{1,2}/\d{1,3}(?:\.\d{1,2})?|\d{1,3}/\d{1,3}\.\d{1,2}|\d{1,3}/\d{1,3}/\d{1,3}(?:/\d{1,3})?"
    r"|\d{1,2}(?:\.\d)?/\d{1,2}\.\d/\d{1,2}(?:\.\d)?(?:/\d{1,2}(?:\.\d)?)?"
)
_FIRST_OF_THREE = re.compile(r"(\d{1,3})/(\d{1,3})/")
_GAS = re.compile(r"(?:p|pa|fi|sp|sa)?c?02")
#: Strength of one muscle after the other: RLE 3 3 4 4 3.
_GRADES = re.compile(r"(?:(?<![\d.])[0-5][+-]? ){2,}[0-5][+-]?(?![\d.])")
#: A make's number behind its label.
_OF_MAKE = re.compile(
    r"\b(?:model|product|style|catalog(?:ue)?|size)s?[ ]?(?:numbers?|no\.?|#)?[ ]?[:#]?[ ]?$", re.IGNORECASE
)
#: Items of the form on which nursing homes report their residents: A0500, GG0170, M0300B.
_ITEM = re.compile(r"(?:[A-Z]|GG)\d{4}[A-Z]?\d?")
#: Tests of walking and standing by their minutes, meters or times: 6MWT, 10MWT, 5xSTS.
_WALKED = re.compile(r"\d{1,2}-?[x×]?-?(?:M(?:W[TDS]|WT)|STS|TSTS|SSTS|s?CST|FTSTS)")
#: A version of a program: v10.4.2, and behind the word for it.
_VERSION = re.compile(r"[vV]\d{1,3}(?:\.\d{1,4}){1,4}[a-z]?")
_GREEK = re.compile(
    r"(?:alpha|beta|gamma|delta)-?\d(?:-[a-z]+)*|5-?FU(?:/[A-Za-z]+)?|\d{3}-Plan|(?-i:[a-z]{5,}\d)", re.IGNORECASE
)
#: A medium, a chemical or an isotope: isovue-300, indole-3-carbinol, I-125, Alesse-28.
_CHEMICAL = re.compile(
    r"(?P<first>[A-Za-z]{4,})-\d{1,3}(?:-[a-z]{3,}(?:ol|ine|ate|ide|one|ene|ane|yl|ic|in|al|ose|ase))?"
)
_MEDIA = frozenset(
    [
        "technetium",
        "cytokeratin",
        "iodine",
        "thallium",
        "gallium",
        "xenon",
        "cobalt",
        "cesium",
        "strontium",
        "interleukin",
        "isovue",
        "omnipaque",
        "visipaque",
        "ultravist",
        "optiray",
        "conray",
        "oxilan",
        "indole",
        "alesse",
    ]
)
ISOTOPE = re.compile(r"(?:I|Pd|Cs|Ir|Au|Sr|Y|P|Co|Ra|Lu|Tc|Ga|F|In|Tl|Rb|Xe|Sm|Re|Ac|Cu|Zr|C|N|O)-\d{2,3}m?")
#: Codes of visits, therapies and tests that bills hold most, from the public list of procedures.
_BILLED = re.compile(
    r"(?:992(?:0[2-5]|1[1-5]|2[1-3]|3[1-9]|8[1-5]|9[12])|993(?:8[1-7]|9[1-7])|9701[024]|9703[25]|9711[026]|9714\d|9716[1-8]|9753[05]|9780[234]|9894[0-3]|907(?:91|92)|908(?:32|34|37|46|47|53)|9047[1-4]|9637[2-5]|964(?:01|13|15)|80(?:048|050|053|061|076)|81001|82(?:306|607|728|947)|83(?:036|540|735)|84(?:439|443|153)|85(?:018|025|027|610|730)|86(?:140|580)|87(?:070|086|491|591|804|880)|88(?:175|305|307|312|342|360)"
    r"|3641[56]|70(?:450|486|551|553)|71(?:045|046|250|260|275)|72(?:100|141|148)|73(?:030|221|560|562|564|610|630|721)|74(?:018|176|177|178|183)|76(?:700|705|805|830|856)|770(?:63|65|66|67)|93(?:000|005|010|306|307|350|458)|94(?:010|060|640|726|729)|95(?:810|811|816|886|909|910)|920(?:04|12|14|83|133|134)|9213[34]|92(?:507|552|557|610)|20(?:550|552|553|600|605|610|611)|27(?:130|236|245|447)|29(?:827|848|877|880|881|888)|43(?:235|239|249)|45(?:378|380|385)|47562|47563|49505|49650|52000|52332|52356|55700|58558|58571|59400|59510|5942[56]|6231[1-3]|6232[1-7]|6448[34]|6449[0-5]|6461[2-7]|64721|64635|66984|69210|69436)(?:-\d\d)?"
)
_MONEY = frozenset("$€£¥")
#: Codes of what was done, which are in a public list, behind their label and in brackets behind what it was.
_PROCEDURE = re.compile(
    r"\b(?:CPT|HCPCS|CDT|ADA|DRG|APC|RVU|ICD(?:-?(?:9|10))?(?:-?(?:CM|PCS))?|(?:procedure|billing|dental|diagnosis|surgical|revenue)[ ]codes?)(?:[ ]codes?)?(?:[ ](?:numbers?|no\.?))?[ ]?[:#]?[ ,]{0,3}(?:\d{4,5}(?:-\d\d)?(?:[ ]\w+[ ]\w+)?(?:,|[ ]and|[ ]&)[ ]{1,2}){0,12}$",
    re.IGNORECASE,
)
#: The code of a visit in the column of a bill.
_VISIT = re.compile(r"99[2-4]\d\d(?:-\d\d)?")
_FIVE = re.compile(r"[1-9]\d{4}(?:-\d\d)?")
_DONE = re.compile(
    r"(?:\w(?:tomy|ectomy|ostomy|plasty|plasties|desis|rrhaphy|scopy|pexy|lysis|graphy)|\b(?:release|repair|transposition|lengthening|fixation|fracture|reduction|graft(?:ing)?|flap|excision|debridement|closure|biopsy|drainage|injection|insertion|removal|replacement|reconstruction|transfer|decompression|fusion|block|neurolysis|implantation|ablation|resection|ligation|manipulation|aspiration|incision|osteotomy|anterior|instrumentation))\b(?:[^\n.;:()]|\(\d{5}\)){0,160}\($",
    re.IGNORECASE,
)
#: What is measured, in the sentence before a number that stands alone.
_LEVEL = re.compile(
    r"\b(?:sugars?|glucose|accu-?checks?|fsbs|fingersticks?|weigh(?:s|ed|t)?|pounds|lbs|kilos|cholesterol|triglycerides|platelets?|pressures?|systolic|rates?|levels?|counts?|ldl|hdl|bnp|psa|ck|cpk|ferritin|osmol\w+|creatinine|sodium|alt|ast|alk phos|titers?|calories|units|dose|ejection|output|volume|residual)\b[^.;\n]{0,60}[ ](?:be|was|is|were|to|of|at|lowest|highest|about|around|approximately|and)[ ]$",
    re.IGNORECASE,
)
_ALONE = re.compile(r"\d{2,4}")
#: What is given in points, and the sizes of pupils, in the clause before.
_SCORED = Before(
    r"\b(?:pupils?|reflex(?:es)?|dtrs?|strength|motor|power|pulses?|gleason\S*|scores?|scored|scales?|levels?|rat(?:es|ed|ing)|pain|stress|anxiety|mood|distress|apgars?|decreasing to|constrict\w+ to)\b[^.;\n]{0,40}[ :=]$"
)
#: What points are of, right behind them.
_POINTS_OF = re.compile(
    r" (?:[a-z]+ )?(?:pain|recall|score|scale|strength|correct|words?|objects?|items|points|intensity|severity)\b"
)
#: A muscle or a limb right before its strength: finger ext 1/5, R LE 2/5, leg 3/5.
_MUSCLE = re.compile(
    r"\b(?:ext(?:ens(?:ors?|ion))?|flex(?:ors?|ion)?|abd(?:uct(?:ors?|ion))?|add(?:uct(?:ors?|ion))?|[BRL]?[ ]?[UL]E|arms?|legs?|hands?|foot|feet|fingers?|wrists?|elbows?|shoulders?|hips?|knees?|ankles?|toes?|grip|deltoids?|biceps|triceps|brachioradialis|quad\w*|hams?\w*|gastroc\w*|ta|ehl|fhl|iliopsoas|ip|finger|interossei|dorsiflexors?|plantarflexors?|df|pf|glutes?|facial|proximally|distally|throughout|cincinnati)[ :=]{1,2}(?:is |was |to )?$",
    re.IGNORECASE,
)
#: Pressures that a machine gives in and out: BPAP 17/12.
_PRESSED = re.compile(r"\b(?:bi-?pap|bpap|cpap|vpap|psv|pc|simv)[ :]{1,2}$", re.IGNORECASE)
_PAGE = re.compile(r"\b(?:pg|page|pp|sheet|slide|copy)\.?[ ]?$", re.IGNORECASE)
_HEADS_LINE = re.compile(r"(?:^|\n)[ \t]*$")
#: A year in brackets or between commas, behind a name or a house: (Tiana, 2011, Moorhead), (Cypher, 2006).
_YEAR_AMID = re.compile(r"[,(;][ ]?$")
#: Limbs behind their strength or reflexes: 2/2 LE, 4/5 BUE.
_LIMBS = re.compile(r" (?:(?:in )?[BRL]?[UL]Es?\b|throughout\b|(?:and )?symmetric)")
_COUNTED = re.compile(
    r" ?(?:packs?|ppd|drinks?|beers|episodes|times|pillows|blocks|stairs|steps|fingerbreadths?|fb|cm|mm)\b"
)
#: What is smoked, drunk or taken in halves.
_SMOKED = re.compile(r" ?(?:ppd|pks?|packs?|pints?|tabs?|tablets?|pills?|cups?|doses?|bottles?)\b")
_SPREAD = re.compile(r"\d{2,3}[-–]\d{2,3}")
_SPREADS = re.compile(r" (?:range|range[ds]|percent|points|beats|systolic|diastolic|feet|minutes)\b")
#: The unit of a result, before the range that stands in the next column.
_RESULT = re.compile(
    r"(?:\b(?:m?[gG]|mcg|[unµμ]g|pg|[mnpuµ]?mol|m?[Ee]q|[mu]?IU|k?U|K|M|x?10\S{0,4}|cells|mL)/(?:[dmuµ]?[Ll]|hr|min|mm3|HPF|hpf)|\b(?:sec|seconds|ratio|mmHg|fL|pg)|%)[ \t]{2,}$"
)
_DATES = re.compile(r"(\d{1,2})[/-](\d{1,4})")
_ORDINAL = re.compile(r"\d{1,2}(?:st|nd|rd|th)", re.IGNORECASE)
#: A choice by its place in a list: 1st Fern Hill, 2nd The Grove.
_CHOICE = re.compile(
    r"[ ](?!(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|Mon|Tue|Wed|Thu|Fri|Sat|Sun|Day|of)[a-z]*\b)[A-Z][a-z]"
)
_ON_DAY = re.compile(r"\b(?:the|on|by|until|till|since|of|from|to|and) $", re.IGNORECASE)
#: Hours one after the other behind commas: 2210, 2225, 2240.
_HOUR = r"(?:[01]\d|2[0-3])[0-5]\d"
_HOURS_BEFORE = re.compile(rf"(?<!\d)(?P<hour>{_HOUR}), ?$")
_HOURS_BEHIND = re.compile(rf", ?(?P<hour>{_HOUR})(?![\w/-])")
#: So many tablets behind a drug and its dose: Eliquis 5 #180.
_QUANTITY = re.compile(r"#(?:\d?\d[05]|[5-9]|1[0248]|2[0148]|42|56|84|112|168)")
_DOSE = re.compile(r"\d(?: ?(?:mg|mcg|g|mL|ml|units?|tabs?|caps?))?,? $")
#: Two figures before one in the columns of a sheet: 0800   101   108/55   73.
_IN_ROW = re.compile(r"[ \t\n]\d[\d./%]{0,6}[ \t]{2,}\d[\d./%]{0,6}[ \t]{2,}$")
_FEW = 4
#: A month and a day, which are no such range for sure.
_DATES_MAY = re.compile(r"(?:0?[1-9]|1[0-2])-(?:[12]?\d|3[01])")
#: A range of what is normal, in a row behind its result.
_SPREAD_FROM = re.compile(r"(\d{1,3}(?:\.\d{1,2})?)[-–](\d{1,3}(?:\.\d{1,2})?)")
_RESULT_CELL = re.compile(r"[ \t|]\d{1,4}(?:\.\d{1,2})?\*?(?:[ \t]+(?:[HL]{1,2}|\*))?[ \t|]{2,}$")
#: Signs of a label or of part of a longer code.
_LABEL_MARKS = frozenset("#:=_@-")


def plain(text: str, start: int, end: int) -> bool:
    """Say whether a number that no rule has found is a measure, a size, a score, a year or a public code.

    Parameters
    ----------
    text
        The text.
    start, end
        Where the run of marks without spaces stands that holds the number.
    """
    value = text[start:end]
    if (
        _MEASURE.fullmatch(value)
        or _COMPOUND.fullmatch(value)
        or _MATERIAL.fullmatch(value)
        or _SUTURE.fullmatch(value)
        or _ACUITY.fullmatch(value)
        or _SPANS.fullmatch(value)
        or _DECADE.fullmatch(value)
        or _GASES.fullmatch(value)
        or _VITAL.fullmatch(value)
        or ISOTOPE.fullmatch(value)
        or _SIDES.fullmatch(value)
        or _TIME.fullmatch(value)
        or _BORNE.fullmatch(value)
        or _LENS.fullmatch(value)
        or _YEARS.fullmatch(value)
        or _GAS.fullmatch(value)
        or _GREEK.fullmatch(value)
        or _VERSION.fullmatch(value)
        or _WALKED.fullmatch(value)
    ):
        return True
    if _QUOTIENT.fullmatch(value):
        three = _FIRST_OF_THREE.match(value)
        return three is None or not real(three[1], three[2])
    if len(value) < _FEW and _IN_ROW.search(text, max(0, start - 40), start):
        return True
    if value.isdecimal() and len(value) == 4 and _is_among_hours(text, start, end):
        return True
    if value[0] == "#" and _QUANTITY.fullmatch(value) and _DOSE.search(text, max(0, start - 24), start):
        return True
    before = text[max(0, start - 2) : start].strip()[-1:]
    if before in _MONEY and before:
        return True
    if (
        value.isdecimal()
        and len(value) == 3
        and text[start - 1 : start] == ","
        and text[start - 2 : start - 1].isdigit()
    ):
        return True  # the thousands of a number
    if registered(text, start, end):
        return True
    if _ITEM.fullmatch(value) and "MDS" in text:
        return True
    if len(value) < 3 and _in_grades(text, start):
        return True
    if end - start < 7 and _OF_MAKE.search(text, max(0, start - 24), start):
        return True
    if len(value) < 5 and text[end : end + 1] == ")" and _FORMER.search(text, max(0, start - 3), start):
        return True
    if _SPINE.fullmatch(value):
        return not _ROOM.search(text, max(0, start - 16), start)
    chemical = _CHEMICAL.fullmatch(value)
    if chemical:
        folded = fold(chemical["first"])
        return folded in _MEDIA or (folded in lexicon().medical and folded not in lexicon().words)
    if _YEAR.fullmatch(value):
        amid = text[end : end + 1] in {",", ")", ";"} and _YEAR_AMID.search(text, max(0, start - 2), start)
        return (
            bool(amid)
            or _AND_YEAR.match(text, end) is not None
            or _IN_YEAR.search(text, max(0, start - 16), start) is not None
            or _GIVEN_IN.search(text, max(0, start - 24), start) is not None
        )
    if _EARLY.fullmatch(value) and _PAGED_AT.match(text, max(0, text.rfind("paged ", max(0, start - 24), start))):
        return True
    if _EARLY.fullmatch(value) and before.isalpha():
        return not _CALLED.search(text, max(0, start - 32), start)
    if _MODIFIED.fullmatch(value):
        return True
    if _BILLED.fullmatch(value):
        return True
    if _VISIT.fullmatch(value) and text[end : end + 2] == "  ":
        return True
    if _FIVE.fullmatch(value) or (value.isdecimal() and len(value) == 4):
        if _PROCEDURE.search(text, max(0, start - 120), start):
            return True
        return (
            len(value) > 4 and text[end : end + 1] == ")" and _DONE.search(text, max(0, start - 200), start) is not None
        )
    if value[0].isdecimal() and unit_behind(text, end) and before not in _LABEL_MARKS:
        return True
    if _ALONE.fullmatch(value) and before not in _LABEL_MARKS:
        return _LEVEL.search(text, max(0, start - 100), start) is not None
    if _ORDINAL.fullmatch(value):
        return counted(text, end) or (
            _CHOICE.match(text, end) is not None and not _ON_DAY.search(text, max(0, start - 8), start)
        )
    spread = _SPREAD_FROM.fullmatch(value)
    if (
        spread
        and float(spread[1]) < float(spread[2])
        and not _DATES_MAY.fullmatch(value)
        and _RESULT_CELL.search(text, max(0, start - 24), start)
    ):
        return True
    return _points(text, start, end)


def _is_among_hours(text: str, start: int, end: int) -> bool:
    """Say whether four figures are one of several hours that go up: called 2210, 2225, 2240."""
    before, behind = _HOURS_BEFORE.search(text, max(0, start - 6), start), _HOURS_BEHIND.match(text, end)
    if not (before or behind) or not re.fullmatch(_HOUR, text[start:end]):
        return False
    return (not before or before["hour"] < text[start:end]) and (not behind or text[start:end] < behind["hour"])


def _in_grades(text: str, start: int) -> bool:
    """Say whether a figure stands in a row of such from nought to five, which are grades of muscles."""
    begin = max(0, start - 12)
    return any(match.start() <= start < match.end() for match in _GRADES.finditer(text, begin, start + 24))


def _points(text: str, start: int, end: int) -> bool:
    """Say whether two numbers with a mark between are points, sizes of pupils or a range."""
    value = text[start:end]
    ratio = _RATIO.fullmatch(value)
    if ratio:
        first, second = int(ratio[1]), int(ratio[2])
        # neither a month and a day in any order, nor a month and a year
        if first > 31 or (first > 12 and second > 12) or first == 0 or len(ratio[2]) > 2:
            return True
    match = _DATES.fullmatch(value)
    if match is not None and "-" in value and _RESULT.search(text, max(0, start - 40), start):
        return True
    if match is None:
        return _SPREAD.fullmatch(value) is not None and (
            unit_behind(text, end) or _SPREADS.match(text, end) is not None
        )
    first, second = int(match[1]), int(match[2])
    ranged = value[len(match[1])] == "-"
    if (
        second == 5
        and first < 6
        and text[start + len(match[1])] == "/"
        and _MUSCLE.search(text, max(0, start - 28), start)
    ):
        return True
    if (
        (not ranged and _PRESSED.search(text, max(0, start - 12), start))
        or _PAGE.search(text, max(0, start - 6), start)
        or (value in SHIFTS and _HEADS_LINE.search(text, max(0, start - 8), start))
    ):
        return True
    if ON.holds(text, max(0, start - 24), start) and first != second:
        return False
    if first == 1 and second in {2, 3, 4} and _SMOKED.match(text, end):
        return True
    if (second in {4, 5, 10} or first == second) and _SCORED.holds(text, max(0, start - 64), start):
        return True
    told = text[max(0, start - 3) : start].lower() in {" a ", "an "} or _POINTS_OF.match(text, end)
    if told and not ranged and second in {3, 5, 10}:
        return True
    if first < 6 and second < 6 and _LIMBS.match(text, end):
        return True
    if ranged and (
        unit_behind(text, end)
        or DAYS.match(text, end)
        or _COUNTED.match(text, end)
        or (first < second < min(13, first + 4) and COUNTED.match(text, end))
    ):
        return True
    return measured(text, start, end, second, words_back(text, start))
