# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Where dates, ages over 89, numbers behind labels, codes and addresses stand in a short imaging text.

Measures, kernels, matrix sizes, b values and codes of procedures are none. It must take linear time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from curator.scrub.dicom.descriptors_ages import more_age_spans
from curator.scrub.dicom.descriptors_ahead import Ahead, ahead_of
from curator.scrub.dicom.descriptors_days import day_spans, spoken_day_spans
from curator.scrub.dicom.forms import form_spans, old_age_spans
from curator.scrub.policy.model import Ages, Dates, Policy

_MONTH = (
    r"(?:jan(?:uary|uari|uar|vier|eiro)?|feb(?:ruary|ruari|ruar|rero|braio)?|fev(?:ereiro)?|f[eé]vr?(?:ier)?|mar(?:ch|s|zo|[cç]o)?|maart|m[aä]rz|apr(?:ile?)?|abr(?:il)?|avr(?:il)?|may|mai|mayo|maio|maggio|maj|mei"
    r"|ju(?:ne|ni|in|nio|nho)|jun|giugno|ju(?:ly|li|illet|lio|lho)|jul|luglio|aug(?:ust(?:us|i)?)?|ao[uû]t|ago(?:sto)?|sept?(?:ember|embre|iembre)?|set(?:embro|tembre)|o[ck]t(?:ober|obre|ubre)?|ottobre|outubro"
    r"|nov(?:ember|embre|iembre|embro)?|de[cz](?:ember|embre|embro)?|d[eé]c(?:embre)?|dic(?:iembre|embre)?|ene(?:ro)?|gen(?:naio)?)"
)
_YEAR4 = r"(?:18[5-9]|19\d|20[0-4])\d"
_YEAR = rf"(?:{_YEAR4}|\d\d)"
_D, _M = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])"
_S = r"[ ]?[-./\\_ ][ ]?"
_TIME = r"(?:[ T_,@-]{0,3}(?:at )?(?:[01]?\d|2[0-3])[:h.]?[0-5]\d(?:[:.]?[0-5]\d)?(?: ?[ap]\.?m\.?)?)?(?!\d)"
_DATES = re.compile(
    rf"(?<![\d.])(?:{_YEAR4}({_S}){_M}\1{_D}|{_D}({_S}){_M}\2{_YEAR4}|{_M}({_S}){_D}\3{_YEAR4}){_TIME}"
    rf"|(?<![\d.])(?:{_D}([-./]){_M}\4\d\d|{_M}([-./]){_D}\5\d\d)(?![\d.]\d|\d|[-/.]\d)"
    rf"|(?<!\d)(?:{_YEAR4}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])|(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2]){_YEAR4}|(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]){_YEAR4})(?:[01]\d[0-5]\d(?:[0-5]\d)?|[ _T-](?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d)?)?(?!\d)"
    rf"|(?<![\d.])(?<!\d)(?:0?[1-9]|1[0-2])[/-]{_YEAR4}(?!\d)|(?<!\d){_YEAR4}[/-](?:0[1-9]|1[0-2])(?!\d)"
    rf"|(?<![a-z\d.]){_D}(?:st|nd|rd|th|er|\.)?[-. _/']{{0,3}}(?:of |de |d')?{_MONTH}(?![a-z])\.?(?:[-. ,_/']{{0,3}}(?:de )?{_YEAR})?(?![\d.]){_TIME}"
    rf"|(?<![a-z]){_MONTH}\.?[-. _/']{{0,3}}{_D}(?:st|nd|rd|th)?[-. ,_/']{{1,3}}{_YEAR}(?![\d.]){_TIME}"
    rf"|(?<![a-z]){_MONTH}\.?[-. ,_/']{{0,3}}{_YEAR4}(?!\d)|(?<!\d){_YEAR4}[-. ,_/']{{0,3}}{_MONTH}(?![a-z])(?:[-. _/]{{0,2}}{_D}(?!\d))?"
    rf"|(?<![a-z])(?!(?:mar|oct|may|dec|sep)\b){_MONTH}\.? {_D}(?:st|nd|rd|th)?(?![\w.])"
    rf"|(?<![a-z]){_MONTH}{_D}(?![\w.])"
    rf"|(?<=\bon ){_MONTH}\.? {_D}(?:st|nd|rd|th)?(?![\w.])|(?<![a-z]){_MONTH}\.? {_D}(?:st|nd|rd|th)(?![\w.])"
    r"|\d{4} ?[年년] ?\d{1,2} ?[月월](?: ?\d{1,2} ?[日일])?|(?:令和|平成|昭和|大正) ?(?:\d{1,2}|元) ?年(?: ?\d{1,2} ?月)?(?: ?\d{1,2} ?日)?"
    r"|(?<![a-z])[HSRT]\d{1,2}[./]\d{1,2}[./]\d{1,2}(?!\d)",
    re.IGNORECASE,
)
#: What a birth date's label leads to goes whatever the policy says of dates.
_BORN = re.compile(
    r"(?<![a-z])(?:d\.?o\.?b\.?|date of birth|birth ?(?:date|day|year)?|b(?:orn|day)|geb(?:oren|\.)?(?: am)?|née?(?: le)?|nac(?:ido|ida)?\.?|生年月日|生)\.?[ ]?[:.=#_-]{0,2}[ ]?(?:on |in )?"
    r"(?P<value>\d[\d./ _-]{0,10}\d(?:[-/. ]?[a-z]{3,9}[-/. ]?\d{2,4})?|[a-z]{3,9}\.? ?\d{1,2},? ?\d{2,4})",
    re.IGNORECASE,
)
#: A year that stands alone, and is no value of a parameter.
_ALONE = re.compile(
    r"(?<![\w.,/+-])(?<!\bb )(?<!\bte )(?<!\btr )(?<!\bti )(?<!\bw )(?<!\bl )(?:19[2-9]|20[0-4])\d(?![\w%/+-]|[.,]\d| ?(?:ms|mm|ml|hu|s/mm))",
    re.IGNORECASE,
)
_FIRM = (
    r"mrn|mr ?#|mr ?no\.?|med(?:ical)? ?rec(?:ord)?(?: ?(?:no|num(?:ber)?|nr)\.?)?|accession(?: ?(?:no|num(?:ber)?|nr|id)\.?)?|acc ?(?:no|num(?:ber)?|nr|#)\.?|pat(?:ient)?[ _-]?(?:id|no|nr|num(?:ber)?)|pid|pt[ _-]?(?:id|no|num(?:ber)?)"
    r"|ssn|ss ?#|soc(?:ial)? sec(?:urity)?(?: ?no\.?)?|acct|csn|hosp(?:ital)? ?(?:no|id|num(?:ber)?)|nhs(?: ?(?:no|num(?:ber)?))?|fall[ -]?nr\.?|aufnahme[ -]?nr\.?|pat[.-]?nr\.?|患者番号|患者id|id番号|病历号|住院号|门诊号|등록번호|환자번호"
)
_LOOSE = (
    r"acc|account|har|enc(?:ounter)?|visit ?(?:no|id|#|num(?:ber)?)?|fin|unit ?(?:no|num(?:ber)?)?|nhi|chi|hic|hn|an|ipp|nip|ndos|cpf|dni|nric|nif|pesel|policy(?: ?no)?|member(?: ?id)?|group ?no|licen[cs]e|lic|serial(?: ?(?:no|number))?|s/n|sn|asset|imei"
    r"|tel(?:ephone|efon)?|ph(?:one)?|fax|mobile|cell|pager|beeper|call(?:back)?|ext(?:ension)?|order(?: ?(?:no|num(?:ber)?|id))?|ord|req(?:uisition)?(?: ?(?:no|num(?:ber)?|id))?|chart(?: ?no)?|file(?: ?no)?|case(?: ?(?:no|id))?|ids?|exam|study|no|nr|num(?:ber)?|nbr|ref|folder|lot|badge"
)
_VALUE = r"(?:[a-z]{0,8}[-.]?)?\d[\d-]*[a-z0-9]*(?:[-./ ]\d+)*(?:-[a-z0-9]+)*"
_LABELED = re.compile(
    rf"(?<![a-z])(?:{_FIRM})\.?[ ]?[ :#=_.-]{{0,4}}[ ]?{_VALUE}"
    rf"|(?<![a-z])(?:{_FIRM})[ ]?[:#=]+[ ]?[a-z0-9][\w-]+"
    rf"|(?<![a-z])(?:{_LOOSE})\.?[ ]?[ :#=._-]{{0,4}}[ ]?(?=[a-z]{{0,8}}(?:[-./ ]?[a-z]?\d){{4}}){_VALUE}"
    rf"|#[ ]?[a-z]{{0,4}}-?\d{{3,}}(?:[-./]\w+)*",
    re.IGNORECASE,
)
_CODES = re.compile(
    r"(?<![\w.])(?:\d{1,4}[-/]){1,3}\d{4,}(?![\w.]*x\d)(?:-\w+)?"  # 23-004512
    r"|(?<![a-z0-9.])(?:[a-z]{1,5}|[a-z]-)\d{5,}[a-z]{0,3}(?:[-_]\d+)?(?![a-z0-9])"  # E0012345
    r"|(?<![a-z0-9.])[a-z]{1,3}\d{2}-\d{3,}(?![a-z0-9])"  # S21-12345
    r"|(?<![a-z0-9])\d{2,4}_[a-z]_\d{3,6}(?![a-z0-9])"  # 013_S_4579
    r"|(?<![\w.])(?<!\d )x\d{4,5}(?![\w.])"  # x4471
    r"|(?<![a-z0-9.])[a-z]{1,3}-\d{2,4}-\d{3,}(?![a-z0-9])"
    r"|(?<![\d.])\d{6,}(?![\d.]*\d)"
    r"|(?<![\w.,-])(?!7[0-9]{4}(?!\w)|93\d{3}(?!\w)|[1-9]0000(?!\w))\d{5}(?:-\d{4})?(?!\w|\.\d|[ ]?(?:ms|mm|ml|hu|[km]?hz|iu|[nuµmc]?gy|[km]?bq|units?|counts)\b)"
    r"|(?<![a-z])(?:tx|ok|ar|la),? 7\d{4}(?:-\d{4})?(?!\w)"
    r"|(?<![\w.])\d{3}[ -]\d{2}[ -]\d{4}(?!\d)|(?<![\w.])\d{3}[ -]\d{3}[ -]\d{3,4}(?!\d)|(?<![\w./])\d{2,3}[. -]\d{2,3}[. -]\d{2,3}[. -]\d{2,4}(?!\d)"
    r"|(?<![\d.])\d{3}-\d{4}(?![\d-])|(?<!\d)\+\d[\d ()-]{6,16}\d|(?<![\w.])\(\d{2,5}\) ?\d[\d -]{4,10}\d"
    r"|(?<![\w.])0\d{1,4}[ /-]\d{3,4}[ -]?\d{2,4}(?:[ -]?\d{2,4})?(?!\d)|(?<![\d.])\d{4,} \d{4,}(?!\d| ?mm)"
    r"|[\w.+-]{1,64}(?:@| ?\(at\) ?| at )[\w-]{1,63}(?:\.| dot )(?:[a-z]{2,6})(?:\.[a-z]{2})?\b|\b(?:https?|ftp|file|dicom)://\S*|\bwww\.\S+|\\\\[\w.$-]+\S*",
    re.IGNORECASE,
)
_WEB = re.compile(r"(?:https?|ftp)://\S*|www\.\S+|[^\s@\\]{1,64}@\S+", re.IGNORECASE)
#: Rooms, wards and beds with a number.
_ROOM = re.compile(
    r"(?<![a-z])(?:rooms?|rm|ward|wd|bay|suite|ste|station|zimmer|chambre|salle|sala|saal|bed|floor|fl|bldg|building)[ ]?[.:#-]{0,2}[ ]?(?=[a-z]{0,2}-?\d)[a-z]{0,2}-?\d{1,5}(?:-?[a-z](?![a-z]))?(?![\w.]|/\d| of)",
    re.IGNORECASE,
)
_BED = re.compile(r"\b(?:bed|bay|fl|floor|station)[ ]?\d$", re.IGNORECASE)
_ROAD = re.compile(
    r"(?<![\w./])\d{1,5}[a-z]?,?[ ](?:(?:[nsew]|north|south|east|west)\.? )?(?:[^\W\d_][\w.'-]{1,20}[ ]){1,3}(?:street|st|str|road|rd|avenue|ave|av|boulevard|blvd|lane|ln|drive|drv|way|place|plaza|square|terrace|crescent|parkway|pkwy|highway|hwy|court|circle|cir|trail|trl|loop|alley|close|grove|gardens|mews|row|walk|ridge|path|pike|turnpike|tpke|crossing|bend|commons|cove|hollow|glen|landing)(?![a-z])\.?"
    r"|(?<![a-z])[^\W\d_][\w-]{2,24}(?:strasse|straße|str\.|weg|gasse|allee|platz|straat|laan|gatan|vej|gracht|kade|plein|singel)[ ]?\d{1,4}[a-z]?(?!\w)"
    r"|(?<![\w/])\d{1,4},? (?:rue|avenue|boulevard|place|allee|chemin|impasse) (?:[^\W\d_][\w'-]*[ ]?){1,4}"
    r"|(?<![a-z])(?:calle|via|rua|avenida|viale|piazza|ul\.|ulica) (?:[^\W\d_][\w.'-]*[ ]){1,3}\d{1,4}(?!\w)|\bp\.? ?o\.? ?box:? ?#? ?\d+[a-z]?(?!\w)|\b(?:postfach|apartado(?: de correos)?|casella postale|bo[iî]te postale):? ?\d+(?!\w)|\b(?:apt|unit|suite)\.? ?#? ?\d+[a-z]?\b",
    re.IGNORECASE,
)
_MEASURED = re.compile(
    r"(?:[ ]?(?:mm|cm|ms|msec|sec|ml|cc|hu|kv|kvp|ma|mas|hz|mci|[km]?bq|[nuµmc]?gy|mg|kg|%)(?![a-z])|[ ]?x[ ]?\d)",
    re.IGNORECASE,
)


#: Numbers of persons, vehicles and towns of other lands: RUT, NINO, plates, UK and Canadian postcodes, streets of Asia.
_ODD_CODES = re.compile(
    r"(?<![\d.])\d{1,2}\.\d{3}\.\d{3}-[\dkK](?!\w)|(?<!\w)[A-CEGHJ-PR-TW-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D](?!\w)"
    r"|(?<![A-Za-z])(?:[Ll]icen[sc]e )?(?:[Pp]late|PLATE|VIN|vin|[Pp]assport|PASSPORT)(?: ?(?:no|nr|#))?[ :#.]{0,3}(?=[A-Z-]{0,10}\d)(?=\d{0,10}[A-Z])[A-Z0-9-]{5,17}(?!\w)"
    r"|(?<![A-Za-z0-9])(?:[A-Z]{1,2}\d[A-Z]|[A-Z]{2}\d{1,2}|[BEGLMNSW]\d{1,2}) (?!\d(?:AP|AX|PA|LT|RT|ED|DE|SE)(?!\w))\d[ABD-HJLNP-UW-Z]{2}(?![A-Za-z0-9])"
    r"|(?<![A-Za-z0-9])[ABCEGHJ-NPRSTVXY]\d[A-Z] ?\d[A-Z]\d(?![A-Za-z0-9])"
    r"|[\u3400-\u9fff]{2,12}[都道府県市区町村郡路街巷弄][\u3040-\u30ff\u3400-\u9fff]{0,12}\d{1,4}(?:[-－丁番号號]\d{0,4}){1,3}"
)
_ODD_DATES = re.compile(
    rf"(?<![\w.]){_D}[-./ ](?:I{{1,3}}|IV|VI{{0,3}}|IX|XI{{0,2}})[-./ ]{_YEAR4}(?!\w)|(?<![\w.-])(?:19|20)\d\d-[0-3]\d\d(?![\w-])"
    rf"|(?<![a-z\d.])(?:{_D})[. ]{{0,2}}(?:января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря|stycznia|lutego|marca|kwietnia|maja|czerwca|lipca|sierpnia|września|października|listopada|grudnia|mart|nisan|mayıs|haziran|temmuz|ağustos|eylül|ekim|kasım|aralık|ocak|şubat|maart|mei|augustus) {_YEAR4}",
    re.IGNORECASE,
)
#: 94F, 94 y F: an age with the sex.
_SEXED = re.compile(
    r"(?<![^\W_])(?<![.,+-])(?:9\d|10\d)(?:[MF](?![^\W_]|\.)| ?[yY](?= ?/?[MF](?![^\W_])))|(?<![\w.,+/-])(?<!TE )(?<!TR )(?<!TI )(?<!FA )(?:9[1-9]|10\d) [MF](?![\w./])"
)
_TENS = r"(?:ninety|(?:one )?hundred)"
#: What a person is, and what is counted by so many: she is ninety-one.
_IS = r"(?:pt|patient|he|she|who|mother|father)(?:'s| is| was| just turned| turned| turns)"
_COUNTED_BY = r"(?:degrees?|percent|minutes?|mins?|seconds?|secs?|hours?|days?|weeks?|months?|pounds?|lbs?|kg|kilos?|mm|cm|ml|%|feet)"
_SPOKEN_AGE = re.compile(
    rf"(?<![a-z]){_TENS}(?:[- ](?:and[- ])?(?:one|two|three|four|five|six|seven|eight|nine|ten))?[- ]?(?:years?|yrs?|y)[- /]?(?:olds?|o)?(?![a-z])"
    rf"|(?<![a-z])aged? (?:of )?{_TENS}(?:[- ](?:and[- ])?(?:one|two|three|four|five|six|seven|eight|nine|ten))?(?![a-z-])(?! (?:days|weeks|months))"
    rf"|(?<![a-z]){_IS} (?:now |almost |nearly |about |over )?{_TENS}(?:[- ](?:and[- ])?(?:one|two|three|four|five|six|seven|eight|nine|ten))?(?![a-z-])(?! {_COUNTED_BY}(?![a-z]))"
    r"|(?<![\d.])(?:9\d|1[0-3]\d) ?(?:лет|года?|år|let|lat|ετών|yaş\w*|tahun|tuổi|vuotta|évesa?)(?!\w)",
    re.IGNORECASE,
)
_PATH = re.compile(
    r"(?<![A-Za-z])[A-Za-z]:[\\/](?!/)\S*|(?<![\w.])/(?:home|mnt|users|data|export|exports|var|tmp|volumes|media|root|opt|srv|nas|share)/\S*",
    re.IGNORECASE,
)

_OLD = re.compile(
    r"(?<![\d.])(?:age[ds]?[ :=]{0,3})?(?:9\d|1[0-3]\d)[ -]?(?:(?:y|yrs?|years?)[ ./-]{0,2}(?:o|old)|y/o|yo|y\.o|years?|yrs?)(?![a-z])\.?"
    r"|(?<![a-z])(?:age[ds]?|alter|edad|eta|leeftijd|idade)[ :=]{0,3}(?:9\d|1[0-3]\d)(?:[ ]?(?:yrs?|years?|y|jahre?|ans|anos)(?: old)?(?![a-z]))?(?![\d.])"
    r"|(?<![\d.])(?:9\d|1[0-3]\d)[ -]?(?:jahre?|j\.|jährig\w*|ans|años|anos|anni|jaar|歳|才|岁|세)(?![a-z])",
    re.IGNORECASE,
)


_LABEL_ONLY = re.compile(
    rf"(?<![a-z])(?:{_FIRM})\.?[ ]?[ :#=_.-]{{0,4}}[ ]?{_VALUE}|(?<![a-z])(?:{_FIRM})[ ]?[:#=]+[ ]?[a-z0-9][\w-]+",
    re.IGNORECASE,
)
_ERA = re.compile(r"(?:令和|平成|昭和|大正|明治) ?(?:\d{1,2}|元) ?年(?: ?\d{1,2} ?月)?(?: ?\d{1,2} ?日)?")
_NAMED_DAY = re.compile(
    rf"(?<![a-z\d.]){_D}(?:st|nd|rd|th|er|\.)?[-. _/']{{0,3}}(?:of |de |d')?{_MONTH}(?![a-z])\.?[-. ,_/']{{0,3}}(?:de |of )?{_YEAR4}(?!\d)",
    re.IGNORECASE,
)
#: Places by their latitude and longitude: 40.7128 N 74.0060 W; 40°42'46"N 74°00'21"W.
_POSITION = re.compile(
    r"(?<![\w.])[-+]?\d{1,2}(?:\.\d{2,}|[°º] ?\d{1,2}(?:[.,]\d+)?['′’]? ?(?:\d{1,2}(?:[.,]\d+)?[\"″”])?) ?[°º]? ?[NS][ ,;/]{1,3}"
    r"[-+]?\d{1,3}(?:\.\d{2,}|[°º] ?\d{1,2}(?:[.,]\d+)?['′’]? ?(?:\d{1,2}(?:[.,]\d+)?[\"″”])?) ?[°º]? ?[EWO](?!\w)"
    r"|(?<![a-z])(?:lat(?:itude)?|gps|geo(?:location)?|coord(?:inates|s)?)[ :=.]{0,3}[-+]?\d{1,2}\.\d{3,}[ ,;/]{1,3}(?:lon(?:g(?:itude)?)?[ :=.]{0,3})?[-+]?\d{1,3}\.\d{3,}",
    re.IGNORECASE,
)
#: An age over 89 that somebody turned: not what was turned by degrees.
_TURNED = re.compile(
    r"(?<![a-z])(?:turn(?:ed|s|ing)?|will be|wird|wurde|a eu|cumpli[oó]|cumple|completou|compiuti) (?:9\d|1[0-3]\d)(?![\w.,]?\d|\w| ?(?:°|º|deg|degrees?|grad|mm|cm|ml|kg|%|x|times|times)(?![a-z]))",
    re.IGNORECASE,
)
#: Stands for an underscore where one is no part of a word.
_GAP = "\x1f"


def firm_spans(text: str, policy: Policy) -> Iterator[tuple[int, int]]:
    """Yield half-open ranges of what no text about a machine holds: record numbers behind their labels, dated eras, days by name."""
    ahead = ahead_of(text)
    if ahead.label():
        yield from (match.span() for match in _LABEL_ONLY.finditer(text))
    if policy.dates is not Dates.KEEP and ahead.odd_date():
        for form in (_ERA, _NAMED_DAY):
            yield from (match.span() for match in form.finditer(text))
    if ahead.path():
        yield from (match.span() for match in _PATH.finditer(text))


def number_spans(text: str, policy: Policy) -> Iterator[tuple[int, int]]:
    """Yield half-open ranges of what is an identifier by its figures or its form, also between underscores."""
    yield from _number_spans(text, policy)
    if "_" in text:
        yield from _number_spans(text.replace("_", _GAP), policy)


def _number_spans(text: str, policy: Policy) -> Iterator[tuple[int, int]]:
    """Yield half-open ranges of what is an identifier by its figures or its form.

    Parameters
    ----------
    text
        One value.
    policy
        Says whether dates, ages over 89 and rooms stay.
    """
    dated = policy.dates is not Dates.KEEP
    ahead = ahead_of(text)
    if ahead.any_figure():
        if policy.ages is not Ages.KEEP and ahead.age():
            yield from (match.span() for match in _OLD.finditer(text))
            yield from old_age_spans(text)
        taken: list[tuple[int, int]] = []
        for match in _DATES.finditer(text) if ahead.date() else ():
            if not _MEASURED.match(text, match.end()):
                taken.append(match.span())
                if dated:
                    yield match.span()
        if dated and ahead.day():
            yield from day_spans(text)
        if dated and ahead.birth():
            yield from (match.span() for match in _BORN.finditer(text))
        if policy.dates is Dates.REMOVE and ahead.year():
            yield from (match.span() for match in _ALONE.finditer(text))
        for form, may in ((_LABELED, ahead.labeled()), (_CODES, ahead.code())):
            for match in form.finditer(text) if may else ():
                start, end = match.span()
                if (
                    _MEASURED.match(text, end)
                    or _is_range(text, start, end)
                    or (not dated and any(a < end and start < b for a, b in taken))
                ):
                    continue
                yield start, end
        if ahead.odd_code():
            yield from (match.span() for match in _ODD_CODES.finditer(text))
        if dated and ahead.odd_date():
            yield from (match.span() for match in _ODD_DATES.finditer(text))
        if policy.ages is not Ages.KEEP and ahead.age():
            yield from (match.span() for match in _SEXED.finditer(text))
            yield from (match.span() for match in _TURNED.finditer(text))
        if ahead.runs > 3 or not ahead.plain:
            yield from (match.span() for match in _POSITION.finditer(text))
        if policy.facilities:
            for match in _ROOM.finditer(text):
                if not _BED.search(match[0]):
                    yield match.span()
    elif ahead.labeled():
        yield from (match.span() for match in _LABELED.finditer(text))
    if dated:
        yield from spoken_day_spans(text)
    if policy.ages is not Ages.KEEP:
        yield from more_age_spans(text)
        if ahead.spoken_age():
            yield from (match.span() for match in _SPOKEN_AGE.finditer(text))
    yield from form_spans(text)
    if ahead.web():
        yield from (match.span() for match in _WEB.finditer(text))
    if ahead.path():
        yield from (match.span() for match in _PATH.finditer(text))


#: Ends of the ranges that pixels have, and words of a text about them: 32767 is a ZIP code elsewhere.
_BOUNDS = frozenset({"2048", "4095", "4096", "8192", "1024", "16383", "16384", "32767", "32768", "65535", "65536"})
_OF_PIXELS = re.compile(
    r"(?<![a-z])(?:\d{1,2}[ -]?bits?|signed|unsigned|windows?|ranges?|lut|level|pixels?|rescale)(?![a-z])",
    re.IGNORECASE,
)


def _is_range(text: str, start: int, end: int) -> bool:
    """Say whether numbers are bounds of pixels' values, in a text that speaks of them."""
    found = text[start:end].split()
    return bool(found) and _BOUNDS.issuperset(found) and _OF_PIXELS.search(text) is not None


def road_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield half-open ranges of what may be a street with its number."""
    if any(map(str.isdigit, text)):
        yield from (match.span() for match in _ROAD.finditer(text))


#: Streets that are called as parts of the body or of a picture, beside words for a street that imaging has not.
_PLAIN_STREET = re.compile(
    r"(?<![\w./-])\d{1,5}[a-z]?,? (?:[nsew]\.? |north |south |east |west )?(?:main|high|market|water|river|central|center|centre|canal|front|cross|valley|arch|walnut|sunset|division|school|state|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth)"
    r" (?:streets?|st|avenue|ave|road|rd|boulevard|blvd|lane|ln)(?![\w-])\.?",
    re.IGNORECASE,
)


def plain_street_spans(text: str) -> list[tuple[int, int]]:
    """Return half-open ranges of streets with their numbers whose words are all terms of imaging: 123 Main St."""
    if ahead_of(text).figures == 0 or text.isdecimal():
        return []
    return [match.span() for match in _PLAIN_STREET.finditer(text)]


_SUSPICIOUS = re.compile(
    r"\d{5}|\d[-./\\ _]{1,3}\d+[-./\\ _]{1,3}\d|\d{3}[-/. ]\d{3}|[#@]|://|www\.|(?:19|20)\d\d(?!\d)|[年月]"
    r"|\b(?:rooms?|rm|ward|wd|bay|bed|bldg|building|zimmer|sal[ae]|salle|chambre|ste|suite|floor|dr|mr|ms|pt|id|ref|no|nr|case|by|for|at|from)\b|[:=]|\d\s?y|\b(?:s/?n|ext)\b\W{0,3}[a-z]{0,3}\d{4}",
    re.IGNORECASE,
)
_SUSPICIOUS_DAY = re.compile(rf"\d[a-z]{{0,2}}[-. _/']{{0,3}}{_MONTH}|{_MONTH}[-. ,_/']{{0,3}}\d", re.IGNORECASE)


def _asks_for_more(text: str, ahead: Ahead) -> bool:
    return (
        _SUSPICIOUS.search(text) is not None
        or (ahead.figures > 0 and ahead.month() and _SUSPICIOUS_DAY.search(text) is not None)
        or (ahead.age() and _OLD.search(text) is not None)
        or (ahead.day() and next(day_spans(text), None) is not None)
        or next(more_age_spans(text), None) is not None
    )


def suspicious(text: str) -> bool:
    """Say whether a text of nothing but terms and numbers still has to be searched by form and by what leads to names."""
    ahead = ahead_of(text)
    return (
        _asks_for_more(text, ahead)
        or (ahead.odd_code() and _ODD_CODES.search(text) is not None)
        or (ahead.odd_date() and _ODD_DATES.search(text) is not None)
        or (ahead.age() and (_SEXED.search(text) is not None or _TURNED.search(text) is not None))
        or (ahead.runs > 3 and _POSITION.search(text) is not None)
        or (ahead.spoken_age() and _SPOKEN_AGE.search(text) is not None)
        or (ahead.path() and _PATH.search(text) is not None)
        or next(spoken_day_spans(text), None) is not None
        or ("_" in text and _asks_for_more(text.replace("_", _GAP), ahead))
        or next(form_spans(text), None) is not None
    )


_STREET = re.compile(
    r"(?<![\w./])\d{2,5}[a-z]?,? (?:[nsew]\.? )?(?:[^\W\d_][\w.'-]{1,20} ){1,3}(?:street|avenue|ave|boulevard|blvd|road|rd|lane|ln|parkway|pkwy|highway|hwy|terrace)(?![a-z])"
    r"|(?<![a-z])[^\W\d_][\w-]{2,24}(?:strasse|straße|gasse|allee|straat|laan|gracht) \d{1,4}[a-z]?(?!\w)"
    r"|(?<![\w/])\d{1,4},? (?:rue|boulevard|chemin|impasse) [^\W\d_]|(?<![a-z])(?:calle|avenida|viale|piazza|ulica) (?:[^\W\d_][\w.'-]* ){1,3}\d{1,4}(?!\w)",
    re.IGNORECASE,
)
_HOST = re.compile(
    r"(?<![\w.])(?:10\.\d{1,3}|192\.168|172\.(?:1[6-9]|2\d|3[01])|169\.254)\.\d{1,3}\.\d{1,3}(?::\d{1,5})?(?![\w.])"
    r"|^ *\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})? *$"
)


def has_street(text: str) -> bool:
    """Say whether a text has a street with its number, told by a word that no machine has in its name."""
    return any(map(str.isdigit, text)) and _STREET.search(text) is not None


def without_hosts(text: str) -> str:
    """Return a text that no version stands in without addresses of a network."""
    return _HOST.sub("", text) if text.count(".") > 2 else text
