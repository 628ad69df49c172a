# ruff: noqa: E501 - lists of words stay on the line of what they tell
"""Hospitals, clinics, schools, employers, homes, pharmacies, churches, shelters by name."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from curator.detect.text.lists.gazetteer import sure, towns
from curator.detect.text.lists.lexicon import fold, lexicon
from curator.detect.text.places.houses.houses import houses
from curator.detect.text.places.houses.saints import saints
from curator.detect.text.places.streets import CAP, place
from curator.detect.text.words.contexts import begins
from curator.detect.text.words.spots import FACILITY, Spots
from curator.detect.text.words.vocabulary import CAPITAL, HEAD, TITLE, Word, tables
from curator.identifiers.findings import Finding

#: What says nothing of which house it is.
_GENERIC = frozenset(tables()["house_generic"].split())
#: Words before a house's name that are no part of it.
_LEAD = frozenset(tables()["house_lead"].split())
_JOINS = frozenset(["of", "or", "the", "and", "for", "de", "la", "del", "at"])
#: Ends that may be written small behind a name: Mercy hospital.
_SMALL_ENDS = frozenset(tables()["house_small"].split())
#: Ends that headers in capitals have too: START OF CARE.
_LOUD = frozenset(tables()["house_loud"].split())
#: Ends that alone do not make a house of any word: need a name before, not only a capital.
_WEAK_ENDS = frozenset(tables()["house_weak"].split())
#: Words of everyday that names of houses are made of: Summit, Evergreen, Unity.
LENT = frozenset(tables()["lent"].split())
_OF = re.compile(
    rf"[ ](?:of|at|in|for)[ ](?!(?:January|February|March|April|May|June|July|August|September|October|November|December)\b)((?:the[ ])?{CAP}(?:[ ]{CAP})?)"
)
_VA = re.compile(
    r"\b(?:[Tt]he|[Aa]t|[Tt]o|[Ff]rom|[Vv]ia|local) (VA(?:MC)?)\b(?! (?:of|20/|OD|OS|OU|cc|sc|shunt|ECMO))"
)
#: Departments and the like behind "transferred to".
_WARDS = frozenset(tables()["house_wards"].split())


def facilities(text: str, found: Spots) -> Iterator[Finding]:
    """Yield houses by name."""
    done = 0
    for at in found.facilities:
        flags = found.words[at].flags
        if found.words[at].low in _ABROAD_WORDS:
            match = _ABROAD.match(text, found.spans[at][0])
            if match:
                yield place(match.start(), match.end(), "facility", "place.facility-abroad", 0.85)
        if (
            found.spans[at][0] < done
            or flags & HEAD
            or (
                found.words[at].low in _UNITS
                and (not found.words[at].upper or text[found.spans[at][0] - 1 : found.spans[at][0]] == "-")
            )
        ):
            continue
        hit = _house(text, found, at)
        if hit:
            done = hit[1]
            grown = _GROWN.match(text, done)
            done = grown.end() if grown else done
            yield place(_article(text, hit[0]), done, "facility", "place.facility", 0.85)
    if " & " in text and _PARTNERS.search(text):
        for match in _SONS.finditer(text):
            yield place(match.start(), match.end(), "facility", "place.sons", 0.8)
    if "Women" in text or "Children" in text:
        for match in _WOMENS.finditer(text):
            if match[1].split(" ")[-1].lower() not in _GENERIC:
                yield place(match.start(), match.end(), "facility", "place.womens", 0.7)
    if "Sisters of" in text or "ospital of the" in text:
        for match in _SISTERS.finditer(text):
            yield place(match.start(), match.end(), "facility", "place.sisters", 0.75)
    if "University Hospital" in text or "University Medical Center" in text:
        for match in _OF_TOWN.finditer(text):
            if sure(match[1].lower()):
                yield place(match.start(), match.end(), "facility", "place.university", 0.75)
    yield from saints(text, found)
    yield from houses(text, found)
    if "VA" in text:
        for match in _VA.finditer(text):
            yield place(match.start(1), match.end(1), "facility", "place.va", 0.7)


#: What the name of a house goes on with: a trust that runs it, the part of the town.
_GROWN = re.compile(
    r" (?:NHS )?(?:Foundation )?Trust\b| Health Board\b| Board\b| (?:North|South|East|West|Northeast|Northwest|Southeast|Southwest|Downtown|Uptown|Midtown)(?=[,.;:)\n]|  |$)"
)
_SISTERS = re.compile(
    rf"\b(?:(?:Little )?Sisters of|Hospital of) (?:the )?(?!Hospital){CAP}(?:[ ](?:of[ ](?:the[ ])?)?{CAP}){{0,3}}"
)
_OF_TOWN = re.compile(r"\bUniversity (?:Hospital|Medical Center)(?: of| at|,)? ([A-Z][a-z]+(?: [A-Z][a-z]+)?)")


def _article(text: str, start: int) -> int:
    """Return where a house begins with the article that its name has: at The Lantern House Birth Center."""
    if text[max(0, start - 4) : start] not in {"The ", "THE "}:
        return start
    before = text[max(0, start - 6) : start - 4]
    return start - 4 if not before or before[-1] == "\n" or (before[-1] == " " and before[:1].islower()) else start


_ABROAD = re.compile(
    rf"\b(?:(?:Cl[ií]nica|Clinique|H[oô]pital|Ospedale|Klinikum|Klinik|Krankenhaus|Szpital|Sanatorio|Policlinico|Polyclinique|Poliklinik|EHPAD|CHSLD|CHU|R[ée]sidence|Residencia|Pflegeheim|Seniorenheim|Altenheim|Nemocnice|Santa Casa|UBS|UMF|Sairaala|Centro M[eé]dico|Universitätsklinikum|Universitair Centrum)(?:[ ](?:des?|du|del|de la|de los|da|do|dos|das|di|della|San|Santa|São|Sankt|St\.|Saint|zum|zur|am|im|an der|la|le|les|Univ\w+|Cl[ií]nico|Base|Provincial|Municipal|Distrital|Comunitario|Militar|Regional|General|Nacional|Principal|Central|Familiar))*[ ]{CAP}(?:[ -](?:de |del |la |du |des )?{CAP}){{0,3}}|(?:Hospital|Cl[ií]nica|Centro (?:M[eé]dico|de Salud)|H[oô]pital|Clinique|Ospedale|Klinik|Klinikum|Krankenhaus|Szpital|Sanatorio|Instituto|Policlinico|Colegio|Escuela|Universidad|Lyc[ée]e|[ÉE]cole)[ ](?:(?:General|Regional|Cl[ií]nico|Base|Provincial|Municipal|Distrital|Comunitario|Militar|Universitario|Universitaire|Nacional|Central|Civil|Infantil|Materno|Dr\.?|San|Santa|Santo|São|Sant|Sankt|St\.?|Saint|de|del|de la|da|do|dos|des|du|zum|im|am|im\.|am)[ ])+{CAP}(?:[ -](?:de |del |la )?{CAP}){{0,3}}|(?:Escuela|Colegio|Liceo|Escola|Scuola|Grundschule|Gymnasium|Lyc[ée]e|[ÉE]cole|Universidad|Università)[ ]{CAP}(?:[ -](?:de |del |la )?{CAP}){{0,2}})"
)
_WOMENS = re.compile(rf"\b({CAP}(?:[ ]{CAP}){{0,2}})[ ](?:Women|Children)['’]s\b(?:[ ](?:&|and)[ ]{CAP}|[ ]{CAP})?")
#: A business by its partners.
_BY_PARTNERS = rf"[ ]&[ ](?:Sons?|Daughters?|Bros\.?|Brothers|Sisters|Co\.?|Company|Associates|Assoc\.?|Partners|Family|{CAP}[ ](?:LLP|LLC|PLLC|PC|Inc|Ltd|Co|Associates|Partners|Group))\b"
_PARTNERS = re.compile(_BY_PARTNERS)
_SONS = re.compile(rf"\b{CAP}(?:,?[ ]{CAP}){{0,2}},?{_BY_PARTNERS}")
_ABROAD_WORDS = frozenset(tables()["abroad"].split())


#: Words that a name of a house goes on for behind the one that tells it.
_MOST_BEHIND = 12


def _house(text: str, found: Spots, at: int) -> tuple[int, int] | None:
    """Return the house whose name ends in a word, or goes through it."""
    words, spans = found.words, found.spans
    count = len(words)
    small = not words[at].flags & CAPITAL
    nursing = words[at].low == "home" and at > 0 and words[at - 1].low == "nursing"
    if small and words[at].low not in _SMALL_ENDS and not nursing and words[at].low != "center":
        return None
    last = at
    if not small:
        while (
            last + 1 < count
            and last - at < _MOST_BEHIND
            and text[spans[last][1] : spans[last + 1][0]] in {" ", "-", " & "}
            and words[last + 1].flags & CAPITAL
            and words[last + 1].flags & FACILITY
        ):
            last += 1
    first = at
    if (
        small
        and at > 1
        and words[at - 1].low
        in {
            "nursing",
            "medical",
            "high",
            "elementary",
            "middle",
            "rehab",
            "dialysis",
            "health",
            "care",
            "community",
            "assisted",
        }
        and not words[at - 1].flags & CAPITAL
    ):
        first -= 1
    parts = 0
    while first > 0 and parts < 7:
        gap, word = text[spans[first - 1][1] : spans[first][0]], words[first - 1]
        if gap in {" ", "-", " & ", ". ", ". & "} and word.flags & CAPITAL:
            if gap == ". " and word.low not in {"st", "mt", "ft", "ste"} and word.kind != "I":
                break
            if word.low in _FUNCTION or (word.upper and word.low in _LOUD_WORDS):
                break
            first -= 1
        elif (
            gap in {" ", "-"}
            and word.low == "s"
            and first > 1
            and text[spans[first - 2][1] : spans[first - 1][0]] in {"'", "’"}
            and words[first - 2].flags & CAPITAL
        ):
            first -= 2
        elif (gap in {"' ", "’ "} and word.flags & CAPITAL) or gap in {"'", "’"}:
            first -= 1
        elif (
            gap == " "
            and word.low in _JOINS
            and first > 1
            and text[spans[first - 2][1] : spans[first - 1][0]] == " "
            and (
                words[first - 2].flags & CAPITAL
                or (words[first - 2].low in {"of", "and"} and first > 2 and words[first - 3].flags & CAPITAL)
            )
        ):
            if word.low in {"at", "for"} and (small or words[at].upper):
                break
            if word.low == "at" and _somebody(found, first - 2):
                break
            if word.low == "for" and not words[first - 2].flags & FACILITY:
                break
            first -= 1
        else:
            break
        parts += 1
    while first < at and (
        words[first].low in _LEAD
        or (words[first].low in _FIRST and words[first + 1].low in _JOINED)
        or (words[first].low in _JOINED and words[first - 1].low in _FIRST)
        or not words[first].flags & CAPITAL
        or (words[first].upper and words[first].low in {"of", "at", "for"})
        or (words[first].flags & TITLE and words[first].low != "st")
    ):
        if words[first].low == "our" and first + 1 < at and words[first + 1].low == "lady":
            break
        first += 1
    if words[last].low in _ALSO_TERMS and words[last].upper and at and words[at - 1].kind in "MA":
        return None
    if words[last].low == "pd" and at == first + 1 and words[first].kind in "MAW" and not sure(words[first].folded):
        return None
    telling = [
        word
        for word in words[first:at]
        if word.low not in _GENERIC and len(word.low) > 1 and word.flags & CAPITAL and word.low != "lady"
    ]
    if len(words[first].low) == 1 and first < at and text[spans[first][0] - 1 : spans[first][0]] == "&":
        first += 1  # H&P Fern Hill Hospital
    end = spans[last][1]
    more = _OF.match(text, end)
    if not telling and last > at and not begins(found, first) and sure(words[first].folded) and not words[first].upper:
        return spans[first][0], end
    if not telling or all(word.kind in "WMA" for word in telling):
        two = first + 1 < at and fold(text[spans[first][0] : spans[first + 1][1]]) in towns()
        if two and not words[at].upper and not small:
            return spans[first][0], end
    if not telling:
        if (
            more
            and not small
            and (words[at].low in _OWNED_BY or (words[last].low in _OWNED_TOO and _owner(found, more.start(1))))
        ):
            tail = more[1].removeprefix("the ").lower()
            if tail not in _WARDS and tail.split()[0] not in _GENERIC:
                while first < at and words[first].low in _FIRST:
                    first += 1
                return spans[first][0], more.end()
        return None
    if first == at:
        return None
    owned = (
        more is not None
        and not small
        and words[last].low in _OWNED_TOO | _OWNED_BY
        and not words[at].upper
        and _owner(found, more.start(1))
    )
    alone = owned or _plain_alone(text, found, first, at, last)
    if (
        not alone
        and words[at].upper
        and words[last].low in _LOUD
        and not any(word.kind in "GSngs" or sure(word.folded) for word in telling)
    ):
        return None
    if words[last].low in {"surgery", "procedure"} and all(
        word.folded in lexicon().eponyms or word.low == "mohs" for word in telling
    ):
        return None
    holy = words[first].low in {"our", "sisters", "queen"} and last - first > 2
    weak = not alone and not holy and (small or all(word.low in _WEAK_ENDS for word in words[at : last + 1]))
    if (
        weak
        and not any(_tells(word) for word in telling)
        and sum(not (word.kind == "W" and _SAYS_HOW.search(word.folded)) for word in telling) < 2
    ):
        return None
    if small and all(word.kind in "MA" for word in telling) and not any(word.listed for word in telling):
        return None
    if weak and all(word.kind in "MA" and not word.listed for word in telling):
        return None
    if more and more[1].split()[-1].lower() not in _WARDS:
        end = more.end()
    tail = _COMPANY.match(text, end)
    if tail:
        end = tail.end()
    elif (
        last + 1 < count
        and text[end : spans[last + 1][0]] == " "
        and words[last + 1].flags & CAPITAL
        and not words[last + 1].upper
        and words[last].low in _OWNED_BY | _OWNED_TOO
        and (words[last + 1].kind in "RUu" or sure(words[last + 1].folded))
        and not words[last + 1].flags & TITLE
        and (words[last + 1].points >= 0.4 or sure(words[last + 1].folded))
    ):
        end = spans[last + 1][1]
    return spans[first][0], end


#: What a house of its own, and what a practice may be of: Endoscopy Center of Marlin, Radiology Associates of Fern Hill.
_OWNED_BY = frozenset(
    ["hospital", "university", "clinic", "church", "college", "school", "center", "centre", "institute"]
)
_OWNED_TOO = frozenset(
    ["care", "oncology", "nephrology", "gastroenterology", "surgery", "surgical", "associates", "specialists", "physicians", "partners", "imaging", "hospice", "schools", "bank", "diocese", "clinics", "labs", "pediatrics", "orthopedics", "orthopaedics", "dermatology", "cardiology", "urology", "surgeons", "village", "manor", "homes", "dental", "academy", "hospitals", "foundation", "company", "consultants", "dialysis", "healthcare", "rehabilitation", "rehab"]
)  # fmt: skip
_FIRST = frozenset(tables()["house_first"].split())
_JOINED = frozenset(["at", "of", "for", "by", "the"])
_COMPANY = re.compile(
    r",?[ ](?:(?<=Auto )Body(?:[ ]Shop)?|(?<=chool )(?:[Dd]istrict|[Bb]oard)|Co|Assoc|Inc|Corp|Bros|P\.[ ]?C|P\.[ ]?A|L\.L\.C|LLC|PLLC|LLP|Ltd|PC|Lines|Bus|Air|Ambulance|LTD|INC|CO)\b\.?|[ ]\(P\)[ ](?:Ltd|LTD)\b\.?"
)
#: Ends of words that say how a house is, not what it is called: Supportive Care, Skilled Home.
_SAYS_HOW = re.compile(
    r"(?:ive|al|ic|ed|ing|ary|ous|ent|ant|able|ible|ly|er|or|est|ian|ion|ment|ness|ics|tic|ance|ence|ty)$"
)
#: Words right before a house.
_RIGHT_BEFORE = frozenset(["at", "by", "from", "to", "via", "@", "through", "with", "the", "for"])


def _owner(found: Spots, start: int) -> bool:
    """Say whether the words behind "of" are a town or a name: of Fern Hill, of Marlin."""
    at = bisect_left(found.spans, (start, 0))
    if at >= len(found.words):
        return False
    word, after = found.words[at], found.words[at + 1] if at + 1 < len(found.words) else None
    if word.low == "the" and after:
        word, after = after, None
        if word.folded in LENT:
            return True
    if word.upper and word.low == "osh":
        return False  # an outside hospital, not the town
    return (
        word.kind in "GSRUu"
        or word.folded in LENT
        or sure(word.folded)
        or bool(after and after.flags & CAPITAL and after.kind in "GSRUugsr")
    )


#: Ends of the names of practices that letterheads in capitals have: CEREAL CITY FAMILY PRACTICE.
_LETTERHEAD = frozenset(["center", "centre", "practice", "clinic", "associates", "pediatrics", "institute", "pharmacy", "physicians", "specialists"])  # fmt: skip


def _plain_alone(text: str, found: Spots, first: int, at: int, last: int) -> bool:
    """Say whether plain words make a house where a word of place stands before or the line has nothing else."""
    words, spans = found.words, found.spans
    if not words[at].flags & CAPITAL:
        return False
    telling = [
        word
        for word in words[first:at]
        if word.flags & CAPITAL and word.low not in _GENERIC and word.low not in _WARDS and len(word.low) > 2
    ]
    if (
        not telling
        or (words[first].kind in "MA" and not words[first].listed)
        or all(word.kind in "MA" for word in telling)
    ):
        return False
    loud = words[at].upper and words[first].upper
    if (
        loud
        and not any(word.kind in "GSRUu" for word in telling)
        and (at - first < 2 or words[last].low not in _LETTERHEAD)
    ):
        return False
    if not loud and all(word.kind == "W" and _SAYS_HOW.search(word.folded) for word in telling):
        return False
    start, end = spans[first][0], spans[last][1]
    tail = _COMPANY.match(text, end)
    end = tail.end() if tail else end
    if not loud and text[start - 2 : start] == "@ ":
        return True
    if not loud and first and words[first - 1].low in _RIGHT_BEFORE and text[spans[first - 1][1] : start] == " ":
        return True
    begin, stop = text.rfind("\n", 0, start) + 1, text.find("\n", end)
    rest = text[begin:start] + text[end : stop if stop >= 0 else len(text)]
    return start < 400 and len(words[at].low) > 3 and not rest.strip(" ,.-|*#=_") and last - first > (1 if loud else 0)


def _somebody(found: Spots, at: int) -> bool:
    """Say whether a word before "at" is somebody or a test, and no part of a house: Dr. Roe at Fern Hill Pediatrics."""
    word = found.words[at]
    if word.upper and len(word.low) > 1 and word.kind in "AM":
        return True  # MRI at Fern Hill Hospital
    before = at - 1
    return before >= 0 and bool(found.words[before].flags & TITLE) and found.words[before].low not in {"st", "sister"}


#: Words that end the way back from a house's last word, in capitals too.
_FUNCTION = frozenset(
    [
        "she",
        "he",
        "they",
        "we",
        "i",
        "patient",
        "pt",
        "who",
        "had",
        "has",
        "was",
        "is",
        "were",
        "are",
        "with",
        "in",
        "to",
        "from",
        "and",
        "his",
        "her",
        "a",
        "an",
        "on",
        "by",
        "this",
        "that",
        "no",
        "not",
    ]
) - {"and"}
#: Words that do so in capitals alone: A 90-YEAR-OLD FEMALE RESIDENT OF ELMSWOOD MANOR.
_LOUD_WORDS = frozenset(["resident", "female", "male", "woman", "man", "gentleman", "son", "daughter", "wife", "husband", "mother", "father", "brother", "sister", "over", "into", "at", "after", "during", "since", "recently"])  # fmt: skip
#: Ends of houses that behind a term mean something else: Depakote ER, XT DR MRI.
_ALSO_TERMS = frozenset(["er", "mri"])
#: Short for houses or their parts, in capitals alone.
_UNITS = frozenset(["er", "ed", "icu", "snf", "alf", "irf", "chu"])


def _tells(word: Word) -> bool:
    """Say whether a word is a name rather than a capitalized word."""
    return (
        word.kind in "GSRnUugsr"
        or (word.kind == "M" and word.listed)
        or sure(word.folded)
        or word.folded in LENT
        or word.folded in lexicon().counties
    )
