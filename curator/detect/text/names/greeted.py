# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Given names in small letters of who is greeted, thanked or spoken to, and wherever the same text has them again.

As speech is written down: hi , noreen . come in; okay lionel you can dress; so , petra , tell me more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from curator.detect.text.lists.lexicon import is_given, is_name, lexicon
from curator.detect.text.names.smallcued import usual
from curator.detect.text.words.hints import Words
from curator.detect.text.words.speech import CONTRACTED, SPOKEN, machine
from curator.detect.text.words.spots import Spots, beginning
from curator.detect.text.words.vocabulary import CAPITAL, ROLE, TITLE, kind_of
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding

_GREETINGS = Words(["hi", "hey", "hello", "hiya", "morning", "afternoon", "evening", "thanks", "thank", "bye", "goodbye", "welcome", "meet", "congratulations"])  # fmt: skip
_ADDRESSED = Words(["so", "okay", "alright", "well", "now", "right", "ok"])
_NAME = r"([a-zà-ÿ][a-zà-ÿ]{1,18}(?:['’-][a-zà-ÿ]{2,18})?)(?![^\W_]|['’](?!s\b))"
_GREETED = re.compile(
    rf"(?<![^\W_])(?:hi|hey|hello|hiya|(?:good )?(?:morning|afternoon|evening)|thanks|thank you|bye|goodbye|welcome(?: back| in)?|nice to (?:see|meet) you|congratulations)(?: (?:there|again|so much|everyone|very much))?[ ]?,?[ ]{_NAME}"
)
#: What is said to whom a sentence begins with; a comma on both sides tells of a name as well.
_SPOKEN_TO = re.compile(
    rf"(?<![^\W_])(?:so|okay|alright|all right|well|now|right|ok)(?:[ ],|,)?[ ]{_NAME}(?=[ ]?,?[ ](?:(?:how|what|when|where|why|can you|could you|would you|do you|did you|are you|have you|tell me|let me|let's|let’s|i'm|i’m|i am|i see|i heard|i know|it looks like|it's been|it’s been|you|your|we|we're|good|nice|thank|go ahead|come)\b))"
)
#: What goes on behind who is greeted, where a list does not have the name or has it as a word, too.
_GOES_ON = re.compile(
    r"[ ]?[,.!?\n]|[ ]?$|[ ](?:how|what|what's|good|nice|i'm|i’m|i am|it's|it’s|so|thank|thanks|come|do you|are you|did you|welcome|this is|my name|here|there|see you)\b"
)


#: Who was greeted is spoken to again: so mark tell me; running high mark have they been.
_ADDRESSES = re.compile(r"(?:^|[^\w])(?:so|okay|ok|alright|right|well|now|and|great)[ ]?,?[ ]$")
_ASKED = re.compile(
    r"[ ]?,?[ ](?:you|your|tell|let['’]?s|let|how|what|when|where|i|i['’]m|we|we['’]re|it|it['’]s|have|has|do|did|are|is|can|could|would|this|that|go|come|the)\b"
)
_ASKED_THEM = re.compile(r"[ ](?:have (?:you|they)|are you|do you|did you|can you|how (?:are|is|have))\b")
#: A doctor who did something, and whose visit it was: doctor miller sent me, mrs. wood encounter.
_DOCTOR = re.compile(
    r"(?<![^\W_])(?:doctor|dr\.?)[ ]([a-zà-ÿ]{3,18})(?=[ ](?:sent|told|said|says|wants|wanted|ordered|referred|gave|put|started|mentioned|recommended|suggested|thinks|thought|asked|did|saw|called|stopped|changed|prescribed|operated|removed)[ ](?:me|you|us|him|her|that|it|the|this|my|your|a|an|on|for|to|i|we|he|she)\b)"
)
_VISIT = re.compile(
    r"(?<![^\W_])(?:mr|mrs|ms|miss)\.?[ ]([a-zà-ÿ]{3,18})(?:['’]s)?(?=[ ](?:encounter|visit|chart|exam|appointment|record|note)\b)"
)
_DOCTORS, _VISITS = Words(["doctor", "dr"]), Words(["mr", "mrs", "ms", "miss"])
_ENCOUNTERS = Words(["encounter", "visit", "chart", "exam", "appointment", "record", "note"])


def _titled(found: Spots) -> Iterator[Finding]:
    """Yield who did something as a doctor, and whose visit it was, where a list of names has the word."""
    for form, heads, needed in ((_DOCTOR, _DOCTORS, _DOCTORS), (_VISIT, _VISITS, _ENCOUNTERS)):
        if found.flags & heads.bit and found.flags & needed.bit:
            for match in beginning(found, form, heads):
                if (
                    match[1] not in SPOKEN
                    and is_name(match[1])
                    and (form is _VISIT or match[1] not in lexicon().medical)
                ):
                    yield _made(*match.span(1), "name.small-titled")


def greeted(found: Spots) -> Iterator[Finding]:
    """Yield such names.

    Parameters
    ----------
    found
        The words of a text.
    """
    yield from _titled(found)
    flags, text = found.flags, found.text
    if not flags & (_GREETINGS.bit | _ADDRESSED.bit):
        return
    called: set[str] = set()
    for form, bit, firsts in (
        (_GREETED, _GREETINGS.bit, _GREETINGS | {"good", "nice"}),
        (_SPOKEN_TO, _ADDRESSED.bit, _ADDRESSED | {"all"}),
    ):
        for match in beginning(found, form, firsts) if flags & bit else ():
            start, end = match.span(1)
            if _is_named(text, start, end, strange=form is _GREETED):
                called.add(match[1].replace("’", "'"))
                yield _made(start, end, "name.greeted")
    if called:
        yield from _elsewhere(found, called)


def _made(start: int, end: int, rule: str) -> Finding:
    return Finding(start, end, Category.NAME, "name", rule, 0.7)


def _is_named(text: str, start: int, end: int, *, strange: bool) -> bool:
    """Say whether a word may be whom somebody speaks to; ``strange`` takes one that no list has."""
    low = text[start:end]
    if low in SPOKEN or low.partition("-")[0] in SPOKEN or CONTRACTED.match(low) or machine(text, start, end):
        return False
    known, kind = lexicon(), kind_of(low.capitalize())
    if low in known.medical:
        return False
    if kind in "Gn" and (is_given(low) or low not in known.words):
        return True
    if low in known.words:
        return low in usual() and _GOES_ON.match(text, end) is not None
    return strange and len(low) > 3 and low not in _NOBODY and _GOES_ON.match(text, end) is not None


#: Whom somebody greets without a name, and what else goes on behind a greeting.
_NOBODY = frozenset(["y'all", "folks", "guys", "everybody", "hmmm", "sweetie", "dude", "bestie", "mister", "missus", "madam", "kiddo", "nurse", "doctors"])  # fmt: skip


def _elsewhere(found: Spots, called: set[str]) -> Iterator[Finding]:
    """Yield other places of the same names: all of one that is no word, of others those with a comma on a side."""
    text, words = found.text, lexicon().words
    for word, (start, end) in zip(found.words, found.spans, strict=True):
        if word.low not in called or word.flags & (CAPITAL | TITLE | ROLE):
            continue
        if word.low in words and kind_of(word.low.capitalize()) != "n":
            near = text[max(0, start - 2) : start].strip() + text[end : end + 2].strip()[:1]
            led = _ADDRESSES.search(text, max(0, start - 9), start)
            if "," not in near and not (led and _ASKED.match(text, end)) and not _ASKED_THEM.match(text, end):
                continue
        yield _made(start, end, "name.greeted-again")
