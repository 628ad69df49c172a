# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""People who are called like a month, a word or a firm: May is refusing dialysis; River is crying; Law Offices of Percy Roe.

May and August begin sentences as months do, and River as a word does, so that only what a patient does or has tells who
they are. The other months that are given names are found as dates wherever they stand. An apostrophe that was left out
makes a name like no other: Nguyens INR.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import compress, count

from curator.detect.text.lists.lexicon import fold, is_given, is_name, lexicon
from curator.detect.text.lists.likeness import likeness
from curator.detect.text.names.shapes import FULL, made
from curator.detect.text.words.contexts import begins
from curator.detect.text.words.hints import Marks, Words
from curator.detect.text.words.spots import Spots, beginning
from curator.detect.text.words.vocabulary import CAPITAL, tables
from curator.identifiers.findings import Finding

_MONTHS = Words(["may", "august"])
_DOING = r"(?:refusing|declining|asking|requesting|complaining|crying|screaming|eating|drinking|tolerating|sleeping|resting|denying|reporting|vomiting|coughing|walking|ambulating|feeling|doing (?:well|better|ok|okay|worse|poorly|great|fine)|voiding|breathing|taking|having (?:pain|trouble|chest|a hard)|tearful|alert|afebrile|oriented|pleasant|awake|asleep|lethargic|agitated|confused|anxious|intubated|extubated|pregnant|diabetic|NPO|DNR|on (?:room air|RA|\d|BiPAP|CPAP|oxygen|a vent|dialysis|insulin)|(?:a|an) (?:\d|year|yo|pleasant|elderly|known|former)|allergic|stable|hypotensive|tachycardic|here (?:for|with|today)|in (?:bed|room|pain|labor|clinic|triage|AFib|afib|DKA))"
_ACTS = r"(?:refus(?:es|ed)|denie[sd]|reports(?! (?:are|were|due|from|of|on|for)\b)|reported|states|stated|complain(?:s|ed)|c/o|says|said|endors(?:es|ed)|wants|wanted|asks|asked|agree[sd]|declin(?:es|ed)|tolerat(?:es|ed)|ambulat(?:es|ed)|vomited|voided|slept|ate|fell|lives|feels|felt|takes|needs (?:a|an|her|his|help|refills?|to)|has (?:no|not|been \w+ing|a|an|had|stopped|started|chest|pain)|(?:is|was) (?:still |now |not |again |also |very |currently )*(?:seen (?:by|in|today)|admitted|discharged|brought))"
_OWN = r"(?:BP|HR|temp|labs?|mother|mom|father|dad|husband|wife|son|daughter|sister|brother|family|A1c|INR|potassium|K|sodium|creatinine|Cr|Hgb|hemoglobin|glucose|sugars?|pain|meds|medications|insulin|wound|incision|foley|blood (?:pressure|sugars?)|oxygen|sats?|weight|rash|PCP|nurse|appt|appointment|chart|dose|refills?)"
#: Somebody at the head of a sentence or a line, and what only a person does, is or has.
_SOMEBODY = re.compile(
    rf"(?<![^\n.!?;:\s])(?<!in )(?<!of )(?P<name>May|August)(?:(?=['’]s {_OWN}\b)|(?= (?:(?:is|was) (?:still |now |not |again |also |very |currently )*{_DOING}|{_ACTS})(?![\w-])))"
)
#: What only people do, behind "is" or "was" and alone.
_BEING = Words(["crying", "vomiting", "refusing", "screaming", "coughing", "sleeping", "snoring", "limping", "wheezing", "voiding", "ambulating", "tearful", "afebrile", "lethargic", "fussy", "intubated", "extubated", "pregnant", "nonverbal"])  # fmt: skip
_DID = Words(["vomited", "fainted", "coughed", "refuses", "denies", "endorses", "cried", "cries", "ambulated", "voided", "slept", "woke", "napped", "stooled", "desatted", "eloped"])  # fmt: skip
#: What only people do in a note in capitals.
_LOUD = Words(["refused", "states", "verbalized", "declined"])
_DEEDS = frozenset(_DID | _LOUD)
_HUMAN = frozenset(_BEING | _DEEDS)
_IS = frozenset(["is", "was", "remains", "has been", "still"])
_NOBODY = frozenset(tables()["nobody"].split()) - frozenset(tables()["surnames"].split()) | {
    "lady",
    "babe",
    "sonny",
    "she",
    "he",
}
#: Given names that are words of everyday, and what stands before and behind one where it is somebody.
_WORDS = Words(tables()["given_words"].split())
_NAMED_WORD = re.compile(r"(?P<name>[A-Z][a-z]+)(?![\w-])")
_ASKS = re.compile(r"(?:^|[\n.?!:] ?)(?:[Ss]hould|[Cc]an|[Cc]ould|[Dd]oes|[Dd]id|[Ww]ould|[Hh]as|[Mm]ay) $")
_TO_DO = re.compile(
    r" (?:have (?:an?|the|his|her|any|more|some|[A-Z]{2,4}|surgery|anesthesia)|needs? (?:an?|the|to|his|her|any|more|labs?|shots?|refills?|surgery)|take|eat|drink|go (?:home|back|to)|come (?:in|home|back)|still (?:take|have|need|get)|be seen|use|stop|restart|resume|fly|travel|swim|return to|get (?:an?|the|his|her|any|[A-Z]{2,4}))\b"
)
_TOLD = re.compile(
    r"\b(?:[Tt]old|[Tt]ell|[Aa]sk(?:ed)?|[Cc]all(?:ed)?|[Tt]ext(?:ed)?|[Rr]emind(?:ed)?|[Tt]hank|[Pp]hone[d]?|[Mm]essage[d]?|[Ss]poke (?:with|to)|[Tt]alk(?:ed)? (?:with|to)) $"
)
_TOLD_SO = re.compile(r" (?:back|to (?:[a-z]+)|that (?:his|her|the|she|he)|if (?:he|she)|about (?:his|her|the))\b")
_WHOSE = re.compile(r"['’]s (?:mom|dad|mother|father|parents?|grandm\w+|wife|husband|son|daughter|sister|brother|labs|BP|HR|A1c|INR|potassium|refills?|appt|appointment|rash|fever|cough|meds|insulin|teacher|nurse)\b")  # fmt: skip
#: What only somebody does, behind a word in small letters at the head of a sentence, and how a question goes on behind one.
_SMALL_ACTS = Words(["refused", "refuses", "denies", "vomited", "wants", "declined", "endorses"])
_QUESTION = re.compile(
    r"(?:(?:when|why) )?(?:is|does|did|can|should|will|has|what did|tell|ask|consult|call) (?P<name>[a-z]{5,16}) (?:ok\b|okay\b|due\b|needs?\b|say\b|have (?:an?|any|the|his|her)\b|take\b|allergic\b|eligible\b|ready\b|still\b|if (?:he|she)\b|to (?:hold|stop|take|call|come)\b|re\b)"
)
_ASKING = Words(["is", "does", "did", "can", "should", "will", "has", "what", "when", "why", "tell", "ask", "consult", "call"])  # fmt: skip
#: Of whom a query in small letters tells a result, a bed or a need: nguyen bp 88/40; quispe in bed 4.
_STATE = re.compile(
    r"(?P<name>[a-z]{4,16}) (?:(?:bp|hr|k|na|mg|hgb|inr|temp|sats?|trop|cr|lactate|glucose|sugars?|wbc|plt|plts|bili|phos|ph) ?\d|in (?:bed|rm|room) ?\d|needs (?:an? |his |her )?(?:refills?|appt|letter|note|form|ride)\b|(?:pod|hd|dol) ?#?\d)"
)
#: So much like a name an unknown word in small letters is at least, and so many letters it has.
_LIKE, _SHORTEST = 0.35, 5
#: What somebody has, behind a name whose apostrophe was left out.
_OWNED = Words(["inr", "labs", "bp", "hr", "a1c", "potassium", "creatinine", "hgb", "mom", "dad", "mother", "father", "wife", "husband", "son", "daughter", "sister", "brother", "meds", "insulin", "refill", "refills", "appt", "appointment", "chart", "rash", "fever", "results", "biopsy", "wound", "catheter", "mri", "echo", "ekg"])  # fmt: skip
_SMALL = frozenset(_OWNED | _SMALL_ACTS)
_FIRMS = Marks("aw Office", "AW OFFICE", "aw Firm", "AW FIRM", "aw office")
#: Whose office of law it is.
_FIRM = re.compile(
    rf"\b(?:[Ll]aw [Oo]ffices?|LAW OFFICES?|[Ll]aw [Ff]irm|LAW FIRM) (?:of|OF) (?:[Tt]he )?(?P<name>{FULL})"
)


def alike(found: Spots) -> Iterator[Finding]:
    """Yield such names.

    Parameters
    ----------
    found
        The words of a text.
    """
    text = found.text
    for match in beginning(found, _SOMEBODY, _MONTHS) if found.flags & _MONTHS.bit else ():
        yield made(*match.span("name"), "monthly")
    for match in beginning(found, _NAMED_WORD, _WORDS) if found.flags & _WORDS.bit else ():
        start, end = match.span("name")
        lead = max(0, start - 20)
        if (
            (_TO_DO.match(text, end) and _ASKS.search(text, lead, start))
            or (_TOLD_SO.match(text, end) and _TOLD.search(text, lead, start))
            or (_WHOSE.match(text, end) and _heads(text, start))
        ):
            yield made(start, end, "word")
    if found.flags & (_BEING.bit | _DID.bit | _LOUD.bit):
        yield from _subjects(found)
    if found.flags & _OWNED.bit:
        yield from _owners(found)
    if found.flags & (_OWNED.bit | _SMALL_ACTS.bit):
        yield from _small(found)
    if text[:1].islower():
        told = (_QUESTION.match(text) if found.flags & _ASKING.bit else None) or _STATE.match(text)
        if told is not None:
            folded = fold(told["name"])
            if _strange(folded) or (told.re is _STATE and _family(folded)):
                yield made(*told.span("name"), "strange")
    for match in _FIRM.finditer(text) if _FIRMS.held(text, found.flags) else ():
        yield made(*match.span("name"), "firm")


def _heads(text: str, start: int) -> bool:
    """Say whether a sentence or a line begins at a place."""
    return not start or text[max(0, start - 3) : start].rstrip(" ")[-1:] in {"\n", ".", "!", "?", ":", ";", "-"}


def _subjects(found: Spots) -> Iterator[Finding]:
    """Yield the given name, a word as well, at the head of a sentence that tells what only people do."""
    words, spans, text = found.words, found.spans, found.text
    for at in compress(count(), map(_HUMAN.__contains__, found.order)):
        who = at - 2 if words[at].low in _BEING and at > 1 and words[at - 1].low in _IS else at - 1
        if who < 0 or (who == at - 1 and words[at].low not in _DEEDS):
            continue
        word, (start, end) = words[who], spans[who]
        if word.upper and words[at].upper and _family(word.folded) and text[end : spans[at][0]] == " ":
            if begins(found, who):
                yield made(start, end, "subject")
            continue
        if words[at].low in _LOUD:
            continue
        if (
            not word.flags & CAPITAL
            or word.upper
            or word.low in _NOBODY
            or not (is_given(word.folded) or word.low in _WORDS)
        ):
            continue
        if text[end : end + 1] == " " == text[spans[at][0] - 1] and begins(found, who):
            yield made(start, end, "subject")


def _owners(found: Spots) -> Iterator[Finding]:
    """Yield who has something, the apostrophe left out: Nguyens INR is 3.1."""
    words, spans, text, known = found.words, found.spans, found.text, lexicon()
    for at in compress(count(), map(_OWNED.__contains__, found.order)):
        word = words[at - 1]
        if not at or not word.flags & CAPITAL or word.upper or word.low[-1:] != "s" or len(word.low) < _LONG:
            continue
        stem = word.folded[:-1]
        if word.folded in known.words or word.folded in known.medical or is_name(word.folded) or stem in known.eponyms:
            continue
        start, end = spans[at - 1]
        if stem in known.words or stem in known.medical or not is_name(stem) or text[end : spans[at][0]] != " ":
            continue
        yield made(start, end - 1, "owner")


#: A name and its ending have so many letters at least.
_LONG = 5


def _small(found: Spots) -> Iterator[Finding]:
    """Yield words in small letters that no list has, where somebody has or does something: tjandra's inr; tjandra denies."""
    words, spans, text = found.words, found.spans, found.text
    for at in compress(count(), map(_SMALL.__contains__, found.order)):
        if words[at].low in _OWNED:
            owns = at > 1 and words[at - 1].low == "s" and text[spans[at - 1][0] - 1] in {"'", "’"}
            who = at - 2 if owns else -1
        else:
            who = at - 1
            if at and (text[spans[who][1] : spans[at][0]] != " " or not _heads(text, spans[who][0])):
                continue
        if who >= 0 and not words[who].flags & CAPITAL and _strange(words[who].folded):
            yield made(*spans[who], "strange")


def _strange(folded: str) -> bool:
    """Say whether a word is in no list of words and much like a name."""
    known = lexicon()
    return (
        len(folded) >= _SHORTEST
        and folded.isalpha()
        and folded not in known.words
        and folded not in known.medical
        and folded not in known.cities
        and likeness(folded) > _LIKE
    )


def _family(folded: str) -> bool:
    """Say whether a word is a name and nothing else."""
    known = lexicon()
    return (
        is_name(folded)
        and folded not in known.words
        and folded not in known.medical
        and folded not in known.shared
        and folded not in known.cities
    )
