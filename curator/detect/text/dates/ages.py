# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Ages of 90 and more, in numbers and in words, and years of birth that tell one (164.514(b)(2)(i)(C)).

Heart rates, pressures, saturations, weights and doses in the nineties are no ages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from curator.detect.text.lists.lexicon import fold, lexicon
from curator.detect.text.words.anycase import Before
from curator.detect.text.words.hints import Marks, Words
from curator.detect.text.words.near import near
from curator.detect.text.words.spots import Spots
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding

_NUMBER = r"(?:9\d|1[01]\d|12[0-5])"
#: Where an age in numbers may stand; a digit comes first so that the search skips to digits.
_CANDIDATE = re.compile(
    r"[91][0-9](?<![\w.$#][91][0-9])(?:(?<=9[0-9])|(?<=1[0-2])[0-9])(?![0-9])(?:st|nd|rd|th|['’]?s|(?:\.\d|½|\s?1/2|\s½)(?=[\s-]{0,2}y))?(?!\w(?<![a-zA-Z岁歳세])|\.\d)",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    r"(?:\s?[-‐‑–]?\s?(?:years?|yrs?|jahre|jaar|ans|a[ñn]os?|anni|anos|let|lat|år)\b['’]?\.?(?:[\s-]{0,2}(?:old|of age|alt|oud|young))?"
    r"|\s?-?\s?(?:y\s?/\s?o|yo|y\.\s?o\.?|y\.?/o\.?|yof|yom|yow|yr|yrs|y|yf|ym|yom|j\.?)(?![^\W\d_])"
    r"|\s?-?\s?(?:yo|y)?(?:[wbah]|aa|hisp?)?[mf](?![^\W_]|\.[A-Z]|/)|\s?/\s?(?:[mf]|male|female)(?![^\W_])|,?\s(?:male|female|m\b(?=[,.]| with| who| pt)|f\b(?=[,.]| with| who| pt))"
    r"|\s?-?(?:j[äa]hrige[nrms]?|jarige)\b|\s?(?:岁|歳|세)|\s?\+\s?(?:years?|yrs?|y/?o)|\s?\([MF]\)|,\s[MF](?=[,.;\s]|$)|\s?\|\s?(?:[MF]|male|female)\b|[-\s]?(?:ish|something)\b|\s?-?(?:éves|yaş\w{0,5}|let[áéýnía]\w{0,3}|г\.|aos|ys)(?!\w))",
    re.IGNORECASE,
)  # fmt: skip
_NO_YEARS = re.compile(
    r"\s*-?(?:years?|yrs?)\s+(?:ago|before|later|since|history|of (?!age)|smok|earlier|prior|pack|survival|experience)|[\s-]*pack",
    re.IGNORECASE,
)
_SUBJECT = r"(?:she|he|they|who|(?:the )?(?:patient|pt|resident|veteran|client|gentleman|lady|woman|man)|mother|father|mom|dad|grand(?:mother|father|ma|pa)|great-grandmother|aunt|uncle|husband|wife|spouse|widow|sister|brother|mgm|mgf|pgm|pgf|nana|granny|gramps?|papa|nan|neighbou?r|friend|caregiver|landlady|landlord|roommate|partner|sibling|parents?|mo|fa)"
_CUE = Before(
    rf"(?:\b(?:aged?|ages?|years? old|edad|alter|[âa]ge de|[ée]t[àa]|idade|leeftijd)\b(?:\s?/\s?(?:sex|gender|dob))?\s?(?:is|was|of|(?:computes|calculates|works out|comes out|listed|given|recorded|entered|documented|reported|shown|charted|stated)(?: to| at| as)?|at (?:death|diagnosis|onset|visit|time of \w+)|de|in years|\(y(?:ea)?rs?\)|\((?:in )?years\))?[\s:=|\"']{{0,4}}(?:of |about |approximately |over |above |around |nearly |almost |> ?|~ ?)?"
    rf"|\b(?:liv(?:ed|es|ing) (?:un)?til|lived to(?: be| age| the age of)?|made it to|survived (?:un)?til?|survived to|reached|celebrat(?:ed|ing) (?:her|his|their)|died (?:at|@)(?: age)?|passed(?: away)? (?:at|@)(?: age)?|death at|deceased (?:at )?|expired at|deceased,? age|d\."
    rf"|turn(?:ed|ing|s)?(?: age)?|just turned|will be|would have been|(?:her|him)self,?|[’']ll be|alive at|alive and well at|(?:well|independent|active|driving|sharp|living|healthy|spry|working|vigorous) at|at the age of|(?:her|his|their|a|the)(?=\s9\dth|\s1[01]\d(?:th|st|nd|rd))|nearly|almost|now|currently|only|over|older than|past"
    rf"|(?:until|till) (?:s?he was|age)|(?:lived|lives|living|lasted|made it) (?:past|beyond|over|into)|shy of|(?:alive|living|well|a&w|independent(?:ly)?|alone|home|working|active)(?: and well)?(?: at|,| @)?|age(?:d)? is|died(?: age)?,?|dec(?:['’]?d|\.)?(?: at)?,?|passed,?|expired,?|also|both|each|rides at|drives at|is already|is still|is just|is only|is nearly|is almost|is all of|a (?:spry|healthy|vigorous|young|frail|feisty|sharp))\s{{1,2}}(?:about |over |nearly |age |almost )?"
    rf"|\b{_SUBJECT},?\s(?:is|was|['’]s|are|is now|is currently|is almost|turned|died at|lived to|will be|is about|'ll be|’ll be|, now|aged?)\s{{1,2}}"
    rf"|\b(?:s?hes|(?:she|he|they|patient|pt|mom|dad|mother|father|who)['’](?:s|re))\s(?:now |already |only |about |nearly |almost )?"
    r"|\b(?:nonagenarian|centenarian|supercentenarian),\s|\b(?:woman|man|lady|gentleman|male|female|widow|widower|girl|boy)(?: of)?\s|\baet\.?\s"
    rf"|\b(?:{_SUBJECT}|gm|gf|ggm|ggf)\b,?\s(?:at|d\.?|@|alive|living|well|who is|who was|who turned|who['’]s|also|aged?|now aged?|lived past|,? also)\s{{1,2}}"
    rf"|\b{_SUBJECT}(?:['’]s)?\s?[,(]\s?(?:age |aged |now )?|(?<![^\n.!?\s] )(?:^|(?<=[.!?\n]\s)|(?<=\n))At\s"
    rf"|\b(?:[MF]|male|female|sex:? [MF])\s?[/,]\s?|\b(?:between|aged?|ages) {_NUMBER} (?:and|to|-) ?)$"
)  # fmt: skip
#: These cues are weak: a number of something else may follow.
_WEAK_CUE = Before(
    r"(?:nearly|almost|now|currently|only|over|older than|past|will be|reached|turn(?:ed|ing|s)?)\s{1,2}(?:about |over |nearly |age |almost )?$"
)
#: The class that the rule allows, of many people: in patients older than 90; for adults over 90.
_OF_MANY = Before(
    r"\b(?:patients|pts|people|adults|persons|individuals|those|women|men|seniors|elders|elderly|subjects|participants|anyone|someone|somebody|everyone)[ ](?:(?:who|that|which) (?:are|is) )?(?:aged? )?(?:the age of )?(?:over|older than|above|past|beyond)[ ]{1,2}$"
)
_NO_AGE_BEHIND = re.compile(
    r"\s?(?:%|/|mg|mcg|g\b|kg|lbs?|cm|mm|bpm|beats|ml|units?|degrees|°|days?|weeks?|months?|hours?|hrs?|min|on (?:room|ra|\d+ ?l|nc|exertion|ambul)|over \d|systolic|diastolic|percent|mmhg|mm hg|per\b|times|x\b|feet|ft\b|miles|pounds|pack|joules|meq|mmol|and (?:sat|o2|regular)|at rest|sats?|with ambul|watts|calories|patients|dollars|points|out of|[-–]\d)", re.IGNORECASE)  # fmt: skip
_DECADE = Before(
    r"(?:\b(?:in|into|to|reach(?:ed|ing)|well into|until) (?:her|his|their|the patient['’]s)|\b(?:early|mid|late|upper|low|age[ds]?|in (?:her|his|their) \w{3,5}))[\s-]$"
)
_DECADE_PART = re.compile(r"\b(?:early|mid|late|upper|low)[- ]$", re.IGNORECASE)
_SPAN_BEFORE = re.compile(r"\b(?:for|over|past|last|than) $", re.IGNORECASE)
_SEX_SLASH = re.compile(r"(?<![^\W_])(?:[MFmf]|male|female|Male|Female)\s?/$")
_NAMED = re.compile(r"[A-Z][^\W\d_'’-]{1,20},? (?:is|was) $")
_NAMED_COMMA = re.compile(r"(?:[A-Z][^\W\d_'’-]{1,20}|\b[a-z]{3,16}), $")
#: Two words of a name, a comma and an age: Art Major, 96, dx.
_NAMED_TWO = re.compile(
    r"(?:^|[\n.;:)] ?|\b[Pp]t |\bRm \d{1,3} )(?:Mrs?\.? |Ms\.? )?[A-Z][^\W\d_'’-]+ (?:[A-Z]\.? |[\"“(][A-Z][^\W\d_]+[\"”)] )?[A-Z][^\W\d_]+(?:[-'’][A-Z][^\W\d_]+)?(?: \([\"“]?[A-Z][^\W\d_]{1,14}[\"”]?\))?(?:, (?:OSB|SJ|OP|OFM|RSM|SSND|Jr\.?|Sr\.?|II|III))?, $"
)
_COMMA_WORD = re.compile(r", [a-z(]|,? (?:DNR|DNI|Full code|FULL)\b|, [A-Z]{2,5}\b|\. [A-Z]")
#: A day of birth with a year that makes somebody so old, and the age alone behind it.
_BORN_THEN = re.compile(r"\b\d{1,2}[-/.]\d{1,2}[-/.](?:19)?(?:[012]\d|3[0-6]), $")
_ENDS = re.compile(r"[ ]*(?:\n|$|[;)])")
_NAMED_PATIENT = re.compile(r"\b(?:pt|patient|re|for|resident)\.?:? (?:[^\W\d_a-z][^\W\d_.'’-]{0,20}\.? ?){1,3}, $")
_COMMA_BEHIND = re.compile(
    r", (?:at|in|on|remains|seen|admitted|still|resident|resides|born|from|now|whose|brought|here|lives|of|who|is|was|a|an|she|he|presents?|presented|with|has|had|lives|from|comes)\b"
)
_NAMED_BEHIND = re.compile(
    r"[,.!;](?:\s|$)|\n| and (?:was born|lives|is|has|was|still|remains|in|well|healthy|does|can|cannot|could|walks|uses|needs|gets|goes|wants|keeps|takes|sleeps|eats|drives|cooks|hears|sees|forgets|falls|fell|had|came|moved|alone|frail|deaf|blind|hard of)\b|$"
)
_NO_DECADE = re.compile(
    r"\s*(?:/|over|on|systolic|%|bpm|music|percent|[-–]\s?\d|to \d|with exertion|sat|range)", re.IGNORECASE
)
_VITAL_BEFORE = Before(
    r"\b(?:p/f|dec|hr|bp|sbp|dbp|sats?|o2|spo2|pulse|rate|map|saturat\w+|pressures?|weight|wt|temp(?:erature)?|fevers?|febrile|tmax|\d{2,3} over|glucose|sugars?|bed|room|rm|unit|day|t|p|r|fsbs|bs|heart)\b[\s\w,:]{0,14}$"
)
#: What tells degrees of Fahrenheit: 37.8 C (100 F), a fever that was as high as 103 F. No comma parts them.
_WARM = re.compile(
    r"(?:\d ?[°º]? ?C ?[(/,;=] ?|\b(?:[Tt]emp(?:erature)?s?|[Tt]max|[Ff]evers?|[Ff]ebrile|TEMP|TMAX)\b[^.;,\n()]{0,48}[ (])$"
)
#: What tells the number of a metastable isotope: Tc-99m, technetium 99m, 99mTc-MDP, 99m sestamibi.
_ISOTOPE_BEFORE = re.compile(r"(?:\b(?:Tc|In|Kr|Nb|Y)|technetium|indium|krypton|\^)[- ^]?$", re.IGNORECASE)
_ISOTOPE_BEHIND = re.compile(
    r"m[- ^]{0,2}(?:Tc|In(?=[-^\d])|Kr|technetium|pertechnetate|sestamibi|tetrofosmin|medronate|MDP|HDP|MAA|DTPA|DMSA|MAG-?3|HMPAO|sul(?:f|ph)ur|mebrofenin|labell?ed|RBC)",
    re.IGNORECASE,
)
_BIRTHDAY = re.compile(
    r"\s?(?:birthday|b-?day|year of life|year(?=[.,;)\s](?!of))|anniversary of (?:her|his|their) birth)", re.IGNORECASE
)

_ONES = r"(?:one|two|three|four|five|six|seven|eight|nine)"
_SPELLED = rf"(?:ninety(?:[- ]?{_ONES})?|(?:(?:a|one)[- ])?hundred(?:[- ]?(?:and[- ])?(?:{_ONES}|ten|eleven|twelve))?)"
_WORDED = re.compile(
    rf"\b{_SPELLED}(?=[- ]{{0,2}}(?:years?|yrs?)?[- ]{{0,2}}(?:old|of age)\b|[- ]years?[- ]?old|[- ]?y/?\.?o\b|[- ]year[s]?(?:[,.;)]|$| and \w+ months))"
    r"|\b(?:super)?(?:nonagenarian|centenarian)s?\b|\bnonag[ée]naires?\b|\bnonagenari[oa]s?\b|\bcentenari[oa]s?\b"
    r"|\b(?:her|his|their) (?:early |mid[- ]?|late )?nineties\b|\b(?:early|mid|late)[- ]nineties\b",
    re.IGNORECASE,
)
_WORD_CUE = re.compile(
    rf"\b(?:[’']ll be|will be|[Rr]esident [A-Z][^\W\d_]+ [A-Z][^\W\d_]+,|aged?|age of|turn(?:ed|ing|s)?|liv(?:ed|es|ing) to(?: be)?|made it to|got to(?: be)?|died at|passed at|now|past|nearly|almost|{_SUBJECT}(?: ?,| is| was|(?= ninety\b))(?: now| nearly| almost)?|at age|went at|until|reached) ({_SPELLED})(?![\w-]|[ -](?:percent|mg|days?|degrees|pounds|minutes|beats|over|feet|milligrams|weeks?|hours|times|units|per))",
    re.IGNORECASE,
)
#: An age in words that only what goes on behind it tells: at ninety-five still kept her garden.
_WORD_AT = re.compile(
    rf"\bat ({_SPELLED})(?=,? (?:still|s?he|they|who|her|his|years|and (?:s?he|still|living))\b)", re.IGNORECASE
)
_NINETY = rf"(?:ninety(?:[- ]?{_ONES})?|(?:a|one) hundred(?:[- ](?:and[- ])?{_ONES})?)"
#: One at the head of a sentence before a name, behind a name, before what somebody still does, and as somebody says it:
#: At ninety-five, Rosa ...; Ramon Diaz, ninety, formerly ...; Ninety-two and still ...; she says "a hundred and two".
_WORD_TOLD = re.compile(
    rf"(?:^|(?<=[.!?] )|(?<=\n))(?:At (?P<head>{_NINETY})(?=, [^\W\d_a-z])|(?P<still>Ninety(?:[- ]{_ONES})?)(?= and (?:still|s?he|living|counting|going)\b|, (?:still|lives|s?he)\b))"
    rf"|(?<![^\W_])[^\W\d_a-z][^\W\d_]+, (?P<named>{_NINETY})(?=, (?:formerly|retired|who|an?|still|now|lives|with|widow(?:ed|er)?|of|independent(?:ly)?|frail|spry|bedbound|ambulatory|married|single|otherwise|has|had|was|is|presents?|came|plays|walks)\b)"
    rf"|\b(?:is|was|[Ss]?hes|[Ss]?he['’]s|[Tt]hey['’]re|[Yy]ou['’]re|[Yy]ou are|[Ii] am|[Ii]['’]m|turned)(?: now| nearly| almost)? (?P<years>{_NINETY})(?=[.;!)]| now\b|, (?:you|or|I)\b| and (?:came|lives|still|has|is|was|in|on|with|can|does|walks|had|s?he)\b|, s?he\b)"
    rf"|\b(?:is|was|were|[Aa]t|[Ii]['’]m|[Ii] am|reached|[Aa]ged?|years?,)[ ](?P<bare>{_NINETY})(?=[ ]and[ ]a[ ]half\b|,[ ](?:and|but|my|she|he|the|with)\b|\.(?:[ ][A-Z\"”]|[ ]?(?:\n|$))|-something\b)"
    rf"|\bA\d{{0,2}}[.:][ ](?P<answer>Ninety(?:[- ]{_ONES})?)(?=[.!])"
    rf"|(?<=, or )(?P<other>{_NINETY})(?=[,.;])"
    rf"|\b(?:says?|said|insists?|claims?|swears?)(?: [\"“]| s?he(?: is|['’]s) [\"“]?)(?P<said>{_NINETY})(?=[,.!;\"”])"
)
#: An age so many years short of a round one, and one with a fraction of a year: two years short of a hundred, 91¾.
_SHORT_OF = re.compile(
    rf"\b(?:{_ONES}|a few|a|[1-9]) (?:years?|months?) (?:short|shy) of (?:{_SPELLED}|{_NUMBER})\b", re.IGNORECASE
)
_PART_OF_YEAR = re.compile(rf"(?<![\w.,/-]){_NUMBER}[¼½¾](?!\s?(?:%|in\b|inch|cm|mm|kg|lbs?\b|[\"”])|[\w-])")
_NINETIETH = re.compile(
    r"\b(ninet(?:ieth|y[- ](?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth))|hundredth) (?=birthday)",
    re.IGNORECASE,
)
_OTHER_TONGUES = re.compile(
    r"\b(?:quatre[- ]vingt[- ](?:dix(?:[- ](?:sept|huit|neuf))?|onze|douze|treize|quatorze|quinze|seize)(?= ans\b)"
    r"|(?:(?:ein|zwei|drei|vier|f[üu]nf|sechs|sieben|acht|neun)und)?neunzig(?=[- ]?j[äa]hrig|\s(?:jahre|jährig))|noventa(?: y \w{2,6})?(?= años| anos)|novant\w{0,7}(?= anni))",
    re.IGNORECASE,
)
#: Somebody born up to this year is 90 or will be before the data is used.
_OLD_YEAR = re.compile(r"1(?<![\w/.-].)(?:8\d\d|9[0-2]\d|93[0-6])(?![\w/-]|\.\d)")
_BIRTH_BEFORE = Before(
    r"\bborn\b[^.;\d\n]{0,60}(?:[;,] (?:s?he|they|who))? (?:in|on|of)(?: the year)?\s$|\bborn\b[^.;\d\n]{0,40}(?:Eve|Day|mas|ing),? $|\b(?:born|birth ?year|yob|year of birth|b\.|dob|d\.o\.b\.?|date of birth|birthdate|naci[óo]|geb\.?|geboren|n[ée]e?)\s{0,2}(?:in|was|is|on|en|[:=|])?\s{0,2}(?:the year\s)?$"
)
_LIFE = re.compile(r"\(\d{4}\s?[-–]\s?(?:(?:19|20)\d\d)?\)")


#: An age in which a scan put a letter for a digit.
_MISREAD = re.compile(
    r"9[OolI](?:(?<![\w.]9[OolI])(?=\s?-?\s?(?:year|yr|y/?o\b|y\.o)|[ ]?[MF]\b)|(?<=\b[Aa]ge 9[OolI])\b|(?<=\b[Aa]ge: 9[OolI])\b)"
)
#: An age of 90 years in months.
_MONTHS_OLD = re.compile(r"(1,?[0-5]\d\d)[ -]months?[ -](?:old|of age)")
#: What words of such ages have in them, in any case; and what ordinals and other languages have.
_MARKS = Marks("inety", "ineties", "undred", "énaire", "enaire", "enari", "INET", "UNDRED", "ENARIAN")
_RARE_MARKS = Marks("inet", "vingt", "neunzig", "novan", "noventa", "hundredth")


def _finding(start: int, end: int, kind: str, rule: str, confidence: float) -> Finding:
    return Finding(start, end, Category.DATE, kind, rule, confidence)


def ages(text: str, found: Spots) -> Iterator[Finding]:
    """Yield ages of 90 and more, and years of birth that tell one.

    Parameters
    ----------
    text
        The text.
    found
        Whether it has numbers, and words of such ages.
    """
    if found.numbers:
        for match in _CANDIDATE.finditer(text):
            made = _age(text, match)
            if made:
                yield made
        for match in _MISREAD.finditer(text) if "9" in text else ():
            yield _finding(match.start(), match.start() + 2, "age", "age.misread", 0.7)
        for match in _OLD_YEAR.finditer(text):
            if _BIRTH_BEFORE.holds(text, max(0, match.start() - 80), match.start()) or _LIFE.match(
                text, match.start() - 1
            ):
                yield _finding(match.start(), match.end(), "birth-year", "age.birth-year", 0.9)
        if "month" in text:
            for match in _MONTHS_OLD.finditer(text):
                if int(match[1].replace(",", "")) >= 1080:
                    yield _finding(match.start(), match.end(1), "age", "age.months", 0.9)
    if "¼" in text or "½" in text or "¾" in text:
        for match in _PART_OF_YEAR.finditer(text):
            yield _finding(match.start(), match.end(), "age", "age.fraction", 0.7)
    if _MARKS.held(text, found.flags):
        yield from _worded(text)
    if found.flags & _ASKS.bit and "?" in text and ("ow old " in text or "OW OLD " in text):
        for match in _HOW_OLD.finditer(text):
            yield _finding(match.start("age"), match.end("age"), "age", "age.asked", 0.8)
    if _RARE_MARKS.held(text, found.flags):
        for form in (_NINETIETH, _OTHER_TONGUES):
            for match in form.finditer(text):
                start, end = match.span(1) if form is _NINETIETH else match.span()
                yield _finding(start, end, "age", "age.words", 0.9)


def _age(text: str, match: re.Match[str]) -> Finding | None:
    start, end = match.span()
    value = match[0]
    head = max(0, start - 40)
    if start and text[start - 1] == "/" and not _SEX_SLASH.search(text, max(0, start - 9), start):
        return None
    if value[-1] in "sShHdDtT":
        if value[-1] in "sS" and value[-2:].lower() != "st" and value[-3:].lower() != "1st":
            if value.startswith("1") and not value.startswith("10"):
                return None
            if (
                _DECADE.holds(text, head, start)
                and not _NO_DECADE.match(text, end)
                and not _VITAL_BEFORE.holds(text, head, start)
                and not (_DECADE_PART.search(text, head, start) and _MEASURED.search(text, max(0, start - 64), start))
            ):
                part = _DECADE_PART.search(text, head, start)
                return _finding(part.start() if part else start, end, "age", "age.decade", 0.95)
            if text[end : end + 1] in {",", ")"} and _PERSON_BACK.search(text, head, start):
                return _finding(start, end, "age", "age.decade", 0.7)
            return None
        if _BIRTHDAY.match(text, end):
            return _finding(start, end, "age", "age.birthday", 0.9)
        return None
    behind = _BEHIND.match(text, end)
    if behind and not _NO_YEARS.match(text, end):
        plain = behind[0].strip().lower()
        years = plain.startswith(("years", "yrs"))
        if plain == "m" and (_ISOTOPE_BEFORE.search(text, head, start) or _ISOTOPE_BEHIND.match(text, end)):
            return None
        if plain == "f" and behind[0].lstrip()[:1] == "F" and _WARM.search(text, max(0, start - 64), start):
            return None
        loose = years or plain in {"m", "f", "y", "j", "j."} or plain.startswith("/")
        other = _VITAL_BEFORE.holds(text, head, start) or (years and _SPAN_BEFORE.search(text, head, start))
        return None if loose and other else _finding(start, end, "age", "age.unit", 0.97)
    if _NO_AGE_BEHIND.match(text, end):
        return None
    if (value[0] == "9" or value[1] in "01") and _CUE.holds(text, head, start):
        if text[start - 1] == " " and _OF_MANY.holds(text, max(0, start - 48), start):
            return None
        if _WEAK_CUE.holds(text, head, start) and not re.match(
            r"\s?(?:[.,;)!?]|$|\n|and\b|in\b|this\b|last\b|next\b|on\b|today|yesterday|he\b|she\b|but\b|with\b|when\b|who\b|now\b|already\b|years)",
            text[end : end + 12],
        ):
            return None
        if _VITAL_BEFORE.holds(text, head, start) or (
            _RANGED_CUE.search(text, head, start) and _MEASURED.search(text, max(0, start - 64), start)
        ):
            return None
        return _finding(start, end, "age", "age.cue", 0.9)
    if (
        (text[start - 3 : start] == "at " and _THEN.match(text, end)) or _SO_SAID.match(text, end)
    ) and not _VITAL_BEFORE.holds(text, head, start):
        return _finding(start, end, "age", "age.said", 0.7)
    if (
        _KIN_BACK.holds(text, head, start)
        and _KIN_BEHIND.match(text, end)
        and not _VITAL_BEFORE.holds(text, head, start)
    ):
        return _finding(start, end, "age", "age.kin", 0.8)
    if (
        (named := _NAMED.search(text, head, start))
        and not _is_test(named[0])
        and _NAMED_BEHIND.match(text, end)
        and not _VITAL_BEFORE.holds(text, head, start)
    ):
        return _finding(start, end, "age", "age.named", 0.7)
    if _NAMED_TWO.search(text, head, start) and _COMMA_WORD.match(text, end):
        return _finding(start, end, "age", "age.named", 0.7)
    if _BORN_THEN.search(text, head, start) and _ENDS.match(text, end):
        return _finding(start, end, "age", "age.told", 0.8)
    if (_NAMED_COMMA.search(text, head, start) and _COMMA_BEHIND.match(text, end)) or _NAMED_PATIENT.search(
        text, head, start
    ):
        return _finding(start, end, "age", "age.named", 0.7)
    if (
        _BRACKETED.match(text, start - 1)
        and _PERSON_BACK.search(text, head, start)
        and not _VITAL_BEFORE.holds(text, head, start - 1)
    ):
        part = _FRACTION.match(text, end)
        return _finding(start, part.end() if part else end, "age", "age.brackets", 0.7)
    if value[0] == "9" or value[1] in "01":
        before = text[start - 2 : start] if start > 1 else ""
        parted = before in {"; ", ", ", "| ", "\t "} or before[-1:] in {";", "|", "\t"}
        if parted and _SEX_CELL.match(text, end):
            return _finding(start, end, "age", "age.cell", 0.8)
        if _RACE_SEX.match(text, end) and not _VITAL_BEFORE.holds(text, head, start):
            return _finding(start, end, "age", "age.race", 0.8)
        if _COMMA_ENDS.match(text, end) and (
            _LOVELY.search(text, head, start)
            or _BORN_BACK.search(text, head, start)
            or _LABELED.search(text, head, start)
        ):
            return _finding(start, end, "age", "age.told", 0.8)
    if (
        _COMMA_ENDS.match(text, end)
        and _SAID.search(text, head, start)
        and not _VITAL_BEFORE.holds(text, head, start)
        and not _MEASURED_OF.search(text, head, start)
    ):
        return _finding(start, end, "age", "age.said", 0.7)
    return None


#: What is measured in the clause before: sodium of 124, rates of 90, the pressure reached 98, saturations to the upper 90s.
_MEASURED = re.compile(
    r"\b(?:sodium|potassium|chloride|bicarb\w*|co2|calcium|magnesium|glucose|sugars?|cholesterol|triglycerides|hdl|ldl|phosphatase|albumin|bilirubin|creatinine|bun|hemoglobin|hematocrit|platelets?|ferritin|volumes?|rates?|averages?|averag(?:ed|ing)|means?|medians?|totals?|scores?|levels?|counts?|weigh(?:s|ed|t)|pressures?|systolic|diastolic|saturat\w+|oxygenation|temperatures?|fevers?|velocity|gradient|lengths?|heights?|doses?|maximum|minimum|peak|ratio|index|baseline|output|rhythm|readings?|values?|pulses?|heart|iq|percentile)\b[^.;\n]{0,48}$",
    re.IGNORECASE,
)
#: The same right before "of", and words of a measure in the middle of it.
_MEASURED_OF = re.compile(
    r"\b(?:sodium|potassium|chloride|bicarb\w*|calcium|magnesium|glucose|sugars?|cholesterol|triglycerides|[hl]dl|phosphatase|albumin|bilirubin|creatinine|hemoglobin|hematocrit|platelets?|ferritin|volumes?|rates?|averages?|means?|medians?|totals?|scores?|levels?|counts?|weights?|pressures?|saturations?|temperatures?|fever|velocity|gradient|lengths?|heights?|doses?|maximum|minimum|peak|ratio|index|baseline|output|readings?|values?|pulses?) of $",
    re.IGNORECASE,
)
_RANGED_CUE = re.compile(
    r"\b(?:between \d{2,3} (?:and|to|-)|reached|to|over|past|now|currently|only) ?$", re.IGNORECASE
)


def _is_test(named: str) -> bool:
    """Say whether a word before "is" or "was" is a test of blood or a term, and nobody's given name: AST was 96."""
    word = named.split(" ", maxsplit=1)[0].rstrip(",")
    folded = fold(word)
    if folded in lexicon().given:
        return False
    if _MEASURED.search(named):
        return True
    return (word.isupper() and len(word) < 6) or (
        folded in lexicon().medical and folded not in lexicon().frequent and folded not in lexicon().eponyms
    )


#: What somebody did or says behind the bare number of the years: at 93 she'd had a good innings; 100 (she says 91).
_THEN = re.compile(r",? (?:s?he|they)(?:['’](?:d|s|ll)|,? (?:had|has|is|was|still|could|can|lives?|lived|walks|drives|needs|would|should|will|wants|feels|does|did))\b")  # fmt: skip
_SO_SAID = re.compile(r" \((?:s?he|they) (?:says?|said|claims?|insists?)\b")
#: A sex in the next cell, a race and a sex right behind: Roe; 95; F, 95 W F.
_SEX_CELL = re.compile(r"[ ]?[;,|\t][ ]?(?:M|F|Male|Female|male|female)\b(?![-/.])")
_RACE_SEX = re.compile(r" (?:W|B|H|A|AA|NH|L) ?[MF]\b")
#: What somebody is before the bare number of the years: a lovely 93; a date of birth; who it is of with a colon.
_LOVELY = re.compile(
    r"\b(?:is|was|for) an? (?:very )?(?:lovely|spry|pleasant|frail|healthy|vigorous|delightful|sharp|young|thin|remarkable|active|feisty|independent|robust|sprightly|youthful)(?:,? [a-z]{3,12}){0,2} $"
)
_BORN_BACK = re.compile(r"\b(?:DOB|D\.O\.B\.?|[Bb]orn)[: ]{1,2}(?:on )?[\d/.-]{6,10},? \(?$")
_LABELED = re.compile(r"\b(?:[Pp]t|[Pp]atient|[Rr]esident|[Ss]iblings?|[Bb]rothers?|[Ss]isters?): (?:\d{1,3}, ?){0,5}$")
#: A family's history: Mother 93, HTN; MGM 96 CHF; Father - 91.
_KIN_BACK = Before(
    r"\b(?:mother|father|mom|dad|sister|brother|aunt|uncle|gm|gf|ggm|ggf|mgm|mgf|pgm|pgf|m|f|mat|pat|grand\w{2,6}|husband|wife|spouse|cousin|sib(?:ling)?|parent|mo|fa|sis|bro|deceased|died|living|alive)\b\.?(?: (?:is|was|now|also|aged?|still|alive|living|d\.|died|deceased|decd))?\s?[-–:,(]?\s?$"
)
_KIN_BEHIND = re.compile(
    r"(?:[,;.)]|\s?$|\n|\s(?:A&W|a&w|well|alive|living|healthy|HTN|DM|CAD|CHF|CVA|CA|MI|old age|natural|dementia|cancer|stroke|from|of|w/|with|\())(?!\d)"
)
#: An age in brackets or quotes behind a person, who has a title, a relation or a name.
_FRACTION = re.compile(r" ?1/2|[½¼¾]")
_BRACKETED = re.compile(
    r"[(\"“](?:9\d|1[01]\d|12[0-5])(?:\+| 1/2|½)?(?:[)\"”,]| (?:and|who|y|with|is|lives|still|per|-)\b)"
)
_KIN = r"(?:grand\w{2,6}|granny|nan[a]?|nonna|nonno|abuel[ao]|oma|opa|mother|father|mom|mum|dad|aunt|uncle|sister|brother|husband|wife|spouse|neighbor|friend|caregiver|roommate|patient|pt|resident|veteran|client|father-in-law|mother-in-law)"
_PERSON_BACK = re.compile(
    rf"(?:\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Sr|Sra|Madame|Monsieur|Mme|Herr|Frau|Sister|Father|Rev|Mzee|[Pp]t|[Pp]atient|[Rr]esident|[Rr]ider|{_KIN})\b\.?(?: [^\W\d_a-z][^\W\d_.'’-]{{0,20}}\.?){{0,4}},?|[^\W\d_a-z][^\W\d_.'’-]{{1,20}},? [^\W\d_a-z][^\W\d_.'’-]{{0,20}}\.?,?|\d{{1,2}}[-/.]\d{{1,2}}[-/.](?:19)?\d\d) ?[(\"“]$",
)
#: What says an age with words between it and whom it is of.
_SAID = re.compile(
    rf"(?:\b(?:my|her|his|their|our|the) {_KIN}(?:,? [^\W\d_a-z][^\W\d_]{{1,20}}){{0,2}},? (?:is|was|turned|just turned|who is|now)(?: now| almost| nearly)? |\b(?:Mr|Mrs|Ms|Miss|Mx|Sister|Madame|Mzee|[Ff]oreman Mr)\.?(?: [^\W\d_a-z][^\W\d_.'’-]{{0,20}}\.?){{1,4}}, |\b(?:retired )?[a-z]{{4,14}} of |\b(?:[Hh]e|[Ss]he|[Pp]t|[Pp]atient) is \d{{1,3}}, not |(?<![^\W_])[^\W\d_a-z][^\W\d_]{{1,20}} [A-Z]\., )$"
)
_COMMA_ENDS = re.compile(r"(?:[,.;)]|\+? and\b|\+ )(?!\d)")


#: The answer to how old somebody is, in words or figures, in the next turn of a dialogue.
_HOW_OLD = re.compile(
    rf"\bhow old (?:are|is|were|was) [^?\n]{{1,32}}\?[ ]*\n?[ ]?(?:\[?[A-Za-z_]{{1,16}}\]?:?[ ]{{1,2}})?(?:(?:uh|um|well|oh|hmm|yes|yeah|sure|let me see|let's see|i think|we think|doctor),?[ ,.]{{1,3}}){{0,2}}(?:(?:i|he|she|my \w{{3,11}})(?: am| is|['’]m|['’]s) )?(?:about |almost |nearly |turning |just turned )?(?P<age>{_NINETY}|{_NUMBER})(?=[ ]?(?:[.,!?;]|$|\n)| (?:and|now|but|today|years?)\b)",
    re.IGNORECASE,
)
_ASKS = Words(["old"])


#: One of these stands in each age in words and in what is short of one.
_WORDED_MARKS = re.compile(r"ninet|hundred|nonag|centen|short of|shy of", re.IGNORECASE)


def _worded(text: str) -> Iterator[Finding]:
    for start, end in near(text, _WORDED_MARKS):
        yield from _worded_in(text, start, end)


def _worded_in(text: str, start: int, end: int) -> Iterator[Finding]:
    for match in _WORD_AT.finditer(text, start, end):
        yield _finding(match.start(1), match.end(1), "age", "age.words", 0.8)
    for match in _WORD_TOLD.finditer(text, start, end):
        kind = str(match.lastgroup)
        if kind in {"years", "bare"} and (
            _VITAL_BEFORE.holds(text, max(0, match.start() - 24), match.start())
            or (kind == "bare" and _MEASURED.search(text, max(0, match.start() - 64), match.start()))
        ):
            continue
        yield _finding(match.start(kind), match.end(kind), "age", "age.words", 0.8)
    for match in _SHORT_OF.finditer(text, start, end):
        yield _finding(match.start(), match.end(), "age", "age.words", 0.8)
    for match in _WORD_CUE.finditer(text, start, end):
        yield _finding(match.start(1), match.end(1), "age", "age.words", 0.9)
    for match in _WORDED.finditer(text, start, end):
        yield _finding(match.start(), match.end(), "age", "age.words", 0.95)
