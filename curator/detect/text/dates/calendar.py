# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Days that are told by a holiday, by their number in the month, by an era or a week of the year.

A season and a quarter stay: they are no elements of a date by 164.514(b)(2)(i)(C) as the project reads it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from curator.detect.text.fields.months import with_weekday
from curator.detect.text.numbers.links import has_any
from curator.detect.text.words.hints import Words
from curator.detect.text.words.leads import lead_words
from curator.detect.text.words.spots import Spots
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding

_NTH = (
    r"(?:[12]?(?:1st|2nd|3rd|[04-9]th)|1[123]th|3(?:0th|1st)|(?:twenty|thirty)[- ](?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)"
    r"|(?:tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth))"
)
_THE_NTH = re.compile(
    rf"the (?P<day>{_NTH})(?!\w)(?![- ](?:(?:percentile|rib|toe|finger|digit|floor|grade|century|intercostal|cranial|metatarsal|metacarpal|nerve|ventricle|trimester|week|day|hour|time|child|of (?:four|five|six|seven|eight|nine|ten|\d)|degree|dose|cycle|attempt|visit|hospital|post-?op\w*|POD|HD\b|night of (?:stay|admission)|opinion|stage|round|pass|web|ray|nail|phalan\w*|MTP|MCP|PIP|DIP|MT\b|MC\b|compartment|interspace|vital|sibling|born|patient|kid|to (?!the\b|be\b|see\b|have\b)[a-z]|session|generation|edition|street|st\b|ave|avenue|birthday|year|decade|minute|month|line|place|"
    r"and (?:\d{1,2}th|\d{1,2}[a-z]{2}|fifth|sixth) (?:ribs?|toes?|fingers?|digits?|metatarsals?|rays?))))",
)
_ORDINAL = re.compile(r"the (?:[1-3][0-9]?[snrt]|[4-9]th|t[ehw]|f[io][fu]r?t|s[ei][vx]|e[il]|n[i])")
_NTH_SENTENCE = re.compile(
    r"\s*(?:[.,;:)!?\"]|$|\n|-|–|(?:and|at|with|he|she|they|we|pt|patient|when|but|after|before|to|because|in the (?:morning|evening|afternoon)|of (?:this|last|next|the|that|each|every)|for (?:a|an|the|his|her|follow|repeat|labs?|bloods?|imaging)|via|by|per|as|around|about|due|which|while|through|until|instead|his|her|their|my|our|as|would|will|works?|was|is|has|had|no|not|that|so|since|if|or|this|these|it|i|dr|mr|mrs|ms|did|w|number)\b)",
    re.IGNORECASE,
)
_NTH_BEFORE = re.compile(
    r"(?:\b(?:on|since|until|till|by|from|of|before|b4|after|through|thru|between|and|around|about|starting|beginning|was|is|seen|due|back|again|up|visit|morning|afternoon|evening|night|next|last|comes?|came|(?:came|come|comes|brought|walked|check(?:ed|s)) in|effective|went|left|here|home|see|return|returns|rtc|appt|appointment|dc|f/u|mon|tues?|wed|thu(?:rs)?|fri|sat|sun|(?:mon|tues|wednes|thurs|fri|satur|sun)day)|\b(?:fell|dose|labs?|lmp|surgery|fall|echo|mri|ct|cxr|ekg|bm|shot|admit|adm|flight|lands|leaves|arrives|arriving|flies|moved|drawn|done|given|dx|d/c['’]?d|dc['’]?d|called|stopped|started|began|wedding|funeral|birthday|due)|\b[a-z]{2,12}ed|\b(?:made|set|told|saw|met|sent|put)|\b(?:moved|changed|pushed|bumped|rescheduled|postponed|delayed)(?: back| up)? to|\bfor|[;,.(])\s{1,2}$",
    re.IGNORECASE,
)
_NO_NTH = re.compile(
    r"\b(?:class|grade|rank|finish(?:ed)?|child|born|rib|toe|digit|finger|floor|percentile|trimester|one|nerve)\b[^.]{0,12}$",
    re.IGNORECASE,
)
#: What is ranked, measured or numbered on the body in the clause before.
_RANKED = re.compile(
    r"\b(?:percentiles?|centiles?|%ile|weights?|wt|heights?|ht|head|ofc|hc|bmi|length|growth|curve|tracks?|toes?|digits?|fingers?|rays?|ribs?|metatarsals?|metacarpals?|phalan\w+|hallux|mt|mc|pip|dip|mcp|mtp|knuckles?|fractures?|fx|dislocat\w+|amputat\w+|webs?|webspaces?|interspaces?|intercostal|nerves?|cn|ventricles?|grades?|floors?|child(?:ren)?|pregnanc\w+|trimesters?|lines?|attempts?|tries|opinions?|place|rank\w*|finish\w*|cycles?|doses?|sibs?|siblings?|boys?|girls?|twins?|triplets?|stages?|choice|option|avenue|ave|street|st|century|edition|degree|hammertoe|nails?|molars?|tooth|teeth|numb\w*|tingl\w*|tender\w*|deformit\w+|ulcers?|dermatomes?|sensation|amput\w+)\b[^.;\n]{0,44}$",
    re.IGNORECASE,
)
#: What is over behind a day that no word leads to: the end of a clause, or what goes on in a new one.
_NTH_OVER = re.compile(
    r"\s*(?:[.,;:)!?\"]|$|\n|[-–—]\s|(?:and|at|with|but|when|after|before|because|for|if|until|through|he|she|they|we|pt|in the (?:morning|evening|afternoon)|of (?:this|last|next|the|that|each|every) month|per|by|then|(?:\w{3,12}ed|grew|shows?|came|is|was|were|pending|negative|positive|still)(?=[ .,;\n]|$))\b)",
    re.IGNORECASE,
)
#: A day without an article: Drain out 14th, home 16th; each 18th; since 7th.
_BARE_NTH = re.compile(
    r"\b(?:[Oo]n|[Ss]ince|[Uu]ntil|[Tt]ill|[Tt]hru|[Bb]y|[Oo]ut|[Hh]ome|[Bb]ack|[Dd]ue|[Aa]gain|[Ee]ach|[Ee]very|[Ll]eft|[Aa]dmit(?:ted)?|[Dd]/?[Cc](?:['’]?d)?|[Dd]ischarged|[Ff]ell|[Ss]een|[Rr]emoved|[Pp]laced|[Dd]one|[Dd]rawn|[Gg]iven|[Rr]eturn(?:s|ed)?|[Ss]urgery|[Aa]ppt|[Cc]linic(?: the)?|[Ll]abs|[Ff]/[Uu]|LMP|[Ss]tarting|[Ss]tarted|[Ss]topped)[ ]$"
)
#: The days that go on behind one: the 2nd and 9th; 12th, 13th and 15th.
_NTH_NEXT = re.compile(rf"(?:,? and|,? or|,|/| &| to| through| thru|-|–)[ ]?(?:the )?(?P<day>{_NTH})(?![\w-])")
_SURE_NTH = re.compile(
    r"\b(?:mon|tues?|wed|thu(?:rs)?|fri|sat|sun|(?:mon|tues|wednes|thurs|fri|satur|sun)day|on|since|until|till)\s$",
    re.IGNORECASE,
)

_WHOSE = "['’]?s?['’]?"
_HOLIDAY = re.compile(
    r"(?:Christmas(?![ -](?:disease|factor|tree|eye|card|present|gift))(?: ?Eve| Day|time)?|Xmas(?: Eve| Day)?|Thanks-?giving(?: Day| Eve)?"
    rf"|New Year{_WHOSE}(?: Eve| Day)|New Year['’]s|Easter(?: Sunday| Monday)?|Hallowe['’]?en|Independence Day"
    rf"|Labou?r Day|Memorial Day|Valentine{_WHOSE} Day|Valentine['’]s|Mother{_WHOSE} Day|Father{_WHOSE} Day|Veteran{_WHOSE} Day|Columbus Day|Juneteenth|Han+uk+ah|Chanukah|Ramadan"
    rf"|Diwali|Yom Kippur|Rosh Hashanah|Passover|Eid(?: [au]l[- ]\w+)?|Remembrance Day|Anzac Day|Australia Day|Canada Day|Victoria Day|Boxing Day|Family Day|Heritage Day|Republic Day|Bank Holiday Monday"
    rf"|Presidents?{_WHOSE} Day|Groundhog Day|Mardi Gras|Ash Wednesday|Good Friday|Palm Sunday|All (?:Saints|Souls){_WHOSE}(?: Day)?|(?:St|Saint)\.? Patrick{_WHOSE} Day|Bastille Day|Guy Fawkes(?: Night)?|Bonfire Night|Holi festival|Election Day|April Fools?['’]?s?['’]? Day|(?:MLK|M\.L\.K\.|Martin Luther King(?:,? Jr\.?)?)(?: Day| weekend)|NYE|Black Friday|Cyber Monday|Kwanzaa|Indigenous Peoples['’]? Day|Patriots['’]? Day|St\.? Patty['’]?s|Inauguration Day|Flag Day|Twelfth Night|Whit Monday|Lunar New Year|Chinese New Year|Super Bowl Sunday|Cinco de Mayo|Hogmanay|(?:Thiru)?[Oo]nam|Pongal|Deepavali|Hari Raya(?: (?:Aidilfitri|Aidiladha|Puasa|Haji))?|Matariki|Waitangi Day|Nowruz|Burns Night|(?:St|Saint)\.? (?:Stephen|Andrew|David|George|Nicholas){_WHOSE} Day|(?:(?:August|Spring|May|Easter|Summer) )?[Bb]ank [Hh]oliday(?: Monday| weekend)?|Freedom Day|Youth Day|Canada Day)"
    r"(?: (?:weekend|week))?(?:,? (?:of )?(?:19|20)\d\d)?\b(?!-)"
)
#: The same in small letters, where no other word is spelled like it.
_SMALL_HOLIDAY = re.compile(
    r"(?:christmas(?![ -](?:tree|card|present|gift|disease|factor|eye))(?: eve| day)?|xmas|thanksgiving(?: day)?|halloween|new year['’]?s (?:eve|day)|easter(?![ -](?:lil|seal|bunn))(?: sunday| monday)?"
    r"|(?:labou?r|memorial|veterans?['’]?s?|mothers?['’]?s?|fathers?['’]?s?|valentine['’]?s|president['’]?s?['’]?|columbus|independence|groundhog|boxing) day|valentine['’]s|fourth of july|4th of july|ramadan|juneteenth|han+uk+ah|chanukah|passover|diwali|kwanzaa|yom kippur|rosh hashanah|mardi gras|good friday|election day|hogmanay|bank holiday(?: monday)?|cinco de mayo|(?:st\.? |saint )?patrick['’]?s day|black friday)\b"
)
#: Before somebody whose name a holiday is.
_TITLED = re.compile(r"\b(?:mr|mrs|ms|miss|dr|doctor)\.? $")
#: What stands behind the year of an era, and before it.
_ERA = re.compile(r"\.(?:0?[1-9]|1[0-2])\.(?:0?[1-9]|[12]\d|3[01])(?!\w|\.\w)")
_ERA_BACK = re.compile(r"(?<![\w.])(?:(?:Showa|Heisei|Reiwa|Taisho|Shōwa|Taishō)\s?|[SHRT])(?:[1-9]|[1-5]\d|6[0-4])$")
_ISO_WEEK = re.compile(r"W(?:0[1-9]|[1-4]\d|5[0-3])(?:-?[1-7])?(?![\w-])")
_YEAR_BACK = re.compile(r"(?<![\w-])(?:19|20)\d\d-?$")
_WEEK_YEAR = re.compile(r"20(?<=[ /,]20)\d\d(?!\w)")
_WEEK_BACK = re.compile(r"\b(?:week|kw|wk)\.? (?:0?[1-9]|[1-4]\d|5[0-3])[ /,]{1,2}(?:of )?$", re.IGNORECASE)
_HOLIDAY_MARKS = (
    "hristmas", "Xmas", "iving", "Year", "Easter", "allow", " Day", "Valentine", "uneteen", "kkah", "ukah", "amadan", "Diwali", "Kippur", "Hashan", "assover", "Eid", "Gras", "Ash W",
    "Good F", "Fools", "MLK", "NYE", "Black Fri", "Cyber Mon", "Kwanzaa", "Peoples", "Patty", "Luther King", "Twelfth N", "Whit M", "Palm S", "All S", "ire Night", "Mayo", "Fawkes", "Holiday", "Holi ", "Super B",
    "ogmanay", "onam", "Onam", "Pongal", "eepavali", "Hari Raya", "atariki", "Nowruz", "Burns N", "oliday",
)  # fmt: skip
_SMALL_MARKS = (
    "christmas", "xmas", "thanksgiving", "halloween", "new year", "easter", "labor day", "labour day", "memorial day", "rans day", "an's day", "an’s day", "ers day", "er's day", "er’s day", "valentine",
    "ents day", "ent's day", "ent’s day", "columbus day", "independence day", "groundhog day", "boxing day", "patrick", "of july", "ramadan", "juneteenth", "nukkah", "nukah", "passover", "diwali",
    "election day", "hogmanay", "bank holiday", "kwanzaa", "yom kippur", "hashanah", "mardi gras", "good friday", "black friday", "cinco de mayo", "ns' day", "ns’ day", "rs' day", "rs’ day", "ts' day", "ts’ day",
)  # fmt: skip


#: The same in capitals.
_LOUD_MARKS = tuple(mark.upper() for mark in _SMALL_MARKS)


_WEEKS = Words(["week", "wk", "kw"])
_HOLIDAYS = Words(lead_words("holiday"))


def _found(match: re.Match[str], rule: str, trust: float, kind: str = "date") -> Finding:
    return Finding(match.start(), match.end(), Category.DATE, kind, f"date.{rule}", trust)


def days(text: str, found: Spots) -> Iterator[Finding]:
    """Yield days of a month without its name, holidays, eras, and weeks of a year.

    Parameters
    ----------
    text
        The text.
    found
        Its words.
    """
    runs, flags = found.numbers, found.flags
    if "the " in text and _ORDINAL.search(text):
        for match in _THE_NTH.finditer(text):
            if _is_day(text, match):
                start = with_weekday(text, match.start("day"))
                yield Finding(start, match.end(), Category.DATE, "date", "date.day-of-month", 0.75)
                yield from _further(text, match.end())
    for start, stop in runs if flags & _ENDINGS.bit else ():
        if stop - start < 3 and text[start - 1 : start] == " " and text[stop : stop + 2] in _ENDINGS:
            yield from _bare(text, start, stop + 2)
    told = not text.isascii() or flags & _HOLIDAYS.bit or "ukah" in text or "kkah" in text
    if told and has_any(text, _HOLIDAY_MARKS):
        for match in _HOLIDAY.finditer(text):
            if not text[max(0, match.start() - 1) : match.start()].isalnum():
                yield _found(match, "holiday", 0.7, "holiday")
    if told and has_any(text, _SMALL_MARKS):
        for match in _SMALL_HOLIDAY.finditer(text):
            if not text[max(0, match.start() - 1) : match.start()].isalnum() and not (
                match[0] == "easter" and _TITLED.search(text, max(0, match.start() - 8), match.start())
            ):
                yield _found(match, "holiday", 0.6, "holiday")
    if told and has_any(text, _LOUD_MARKS) and text.isascii():
        low = text.lower()
        for match in _SMALL_HOLIDAY.finditer(low):
            start, end = match.span()
            if text[start:end].isupper() and not low[max(0, start - 1) : start].isalnum():
                yield _found(match, "holiday", 0.6, "holiday")
    for match in _ERA.finditer(text) if runs and "." in text else ():
        era = _ERA_BACK.search(text, max(0, match.start() - 9), match.start())
        if era:
            yield Finding(era.start(), match.end(), Category.DATE, "date", "date.era", 0.8)
    for match in _ISO_WEEK.finditer(text):
        if _YEAR_BACK.search(text, max(0, match.start() - 6), match.start()):
            yield Finding(
                match.start() - 4 - (text[match.start() - 1] == "-"),
                match.end(),
                Category.DATE,
                "date",
                "date.week",
                0.8,
            )
    weeks = flags & _WEEKS.bit if text.isascii() else has_any(text.lower(), tuple(_WEEKS))
    for match in _WEEK_YEAR.finditer(text) if weeks else ():
        week = _WEEK_BACK.search(text, max(0, match.start() - 14), match.start())
        if week:
            yield Finding(week.start(), match.end(), Category.DATE, "date", "date.week", 0.8)


#: Endings of ordinals in figures, which a text's words hold on their own.
_ENDINGS = Words(["th", "st", "nd", "rd"])


def _bare(text: str, start: int, stop: int) -> Iterator[Finding]:
    """Yield a day without an article, and those that go on behind it."""
    day = text[start:stop]
    if day in _FEW or int(day[:-2]) > 31 or not _BARE_NTH.search(text, max(0, start - 16), start):
        return
    end = stop
    while further := _NTH_NEXT.match(text, end):
        end = further.end()
    if (
        text[stop : stop + 1].isalnum()
        or not _NTH_OVER.match(text, end)
        or _RANKED.search(text, max(0, start - 60), start)
    ):
        return
    yield Finding(start, stop, Category.DATE, "date", "date.day-of-month", 0.65)
    yield from _further(text, stop)


def _further(text: str, end: int) -> Iterator[Finding]:
    """Yield the days that go on behind one: the 2nd and 9th."""
    while match := _NTH_NEXT.match(text, end):
        end = match.end()
        yield Finding(match.start("day"), end, Category.DATE, "date", "date.day-of-month", 0.65)


#: What is counted by an ordinal, several of them before it: the 4th postoperative day, the 3rd and the 4th compartments.
_COUNTED_NTH = re.compile(
    r"(?:,?(?: (?:and|or|to|through|thru|versus|vs\.?)|-|/|–|,) ?(?:the )?\d{1,2}(?:st|nd|rd|th)){0,5}[- ](?:(?:left|right|distal|proximal|dorsal|plantar|volar|lateral|medial|upper|lower|anterior|posterior|bilateral|full|consecutive|live|prenatal|postnatal|gestational|post-?op(?:erative)?|post-?partum|hospital|lumbar|thoracic|cervical|sacral|small|large|great)[ ]){0,2}"
    r"(?:gestational|prenatal|post-?op(?:erative)?\b|post-?partum|post-?surgical|hospital day|percentiles?|centiles?|ribs?|toes?|fingers?|digits?|rays?|webs?|web ?spaces?|metatars\w+|metacarp\w+|phalan\w+|interspaces?|intercostals?|interosse\w+|tarsometa\w+|MTPJ?s?\b|MCPJ?s?\b|PIPJ?s?\b|DIPJ?s?\b|TMTJ?s?\b|CMCJ?s?\b|compartments?|cranial|nerves?|ventric\w+|vertebra\w*|lumbar|thoracic|cervical|sacral|extensor|flexor|branchial|pharyngeal|aortic|degree|grade|grader|graders|trimester|weeks?|month of (?:gestation|pregnancy|life)|days?|years? of|child|baby|infant|pregnanc\w+|gestation|deliver(?:y|ies) (?:by|via|of)|sibling|unit|dose|puncture|port|guide ?wire|needle|screw|wire|anchor|stitch|suture|layer|arm port|attempt|opinion|edition|generation|molars?|premolars?|bicuspids?|tooth|teeth|inch|of a (?:cc|ml|inch)|power|order|line|quadrant|lead|electrode|decade|century|session|cycle|course of|round of)(?![\w-])",
    re.IGNORECASE,
)


def counted(text: str, end: int) -> bool:
    """Say whether what stands behind an ordinal in figures is counted by it, and so no day of a month.

    Parameters
    ----------
    text
        The text.
    end
        Where the ordinal ends.
    """
    return _COUNTED_NTH.match(text, end) is not None


def _is_day(text: str, match: re.Match[str]) -> bool:
    start, end = match.start(), match.end()
    if counted(text, end):
        return False
    if _NO_NTH.search(text, max(0, start - 24), start):
        return False
    while further := _NTH_NEXT.match(text, end):
        end = further.end()
    if _SURE_NTH.search(text, max(0, start - 14), start):
        return True
    if _RANKED.search(text, max(0, start - 60), start):
        return False
    if _NTH_SENTENCE.match(text, end) is not None and _NTH_BEFORE.search(text, max(0, start - 16), start) is not None:
        return True
    # Beyond a few a day of the month is the likeliest that is told by its number alone.
    day = match["day"]
    return (
        day[0].isdigit()
        and (day not in _FEW or _PLANNED.search(text, max(0, start - 60), start) is not None)
        and _NTH_OVER.match(text, end) is not None
    )


#: What is planned, paid or done on a day of the month, in the clause before.
_PLANNED = re.compile(
    r"\b(?:sees?|visit(?:s|ing)?|appts?|appointments?|surgery|surgeon|clinic|office|drafts?|payments?|pay(?:s|day)?|paid|rent|due|bill(?:s|ed)?|refills?|returns?|follow[- ]?up|f/u|recheck|repeat|labs?|infusions?|chemo|dialysis|flights?|fl(?:y|ies|ew)|trip|wedding|funeral|court|hearing|meeting|scheduled?|booked|set|planned|starts?|begins?|ends?|leaves?|comes?|moved?|travel\w*|check|each|every|month|discharge[ds]?|home|nurse|delivery|ship(?:s|ped)?|expires?|runs out|effective|as of|week of|pick(?:s|ed)? up|arriv\w+|interview|exam|test|mri|ct|scan|biopsy|egd|colonoscopy|cath)\b[^.;\n]{0,44}$",
    re.IGNORECASE,
)
#: Ordinals that count and rank more often than they tell a day.
_FEW = frozenset(["1st", "2nd", "3rd", "4th", "5th"])
