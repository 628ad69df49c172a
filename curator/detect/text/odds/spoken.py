# ruff: noqa: E501 - a list that is cut into lines hides what it holds
"""Words of speech that are no identifiers, whatever the signs around them say: you're, gon na, hmm, hey dragon.

Whoever writes speech down writes it in small letters often, with shortened words, and cut where a machine cuts them.
"""

from __future__ import annotations

from curator.detect.text.odds.tokens import Token, token_of
from curator.detect.text.odds.view import View
from curator.detect.text.words.speech import CONTRACTED, NUMBERS, OATHS, SOUND, SPOKEN, machine
from curator.detect.text.words.vocabulary import kind_of

#: Halves of a word of speech that was cut in two: gon na, got ta, lem me.
_CUT = frozenset(
    {("gon", "na"), ("wan", "na"), ("got", "ta"), ("lem", "me"), ("gim", "me"), ("kin", "da"), ("sor", "ta"), ("ought", "ta"), ("ai", "n't"), ("ca", "n't"), ("wo", "n't"), ("sha", "n't"), ("need", "ta"), ("d'", "ye")}
)  # fmt: skip
_HALVES = frozenset(half for pair in _CUT for half in pair)
#: What an apostrophe leaves of a word: 're, 've.
_LEFT = frozenset({"s", "d", "m", "t", "re", "ve", "ll", "n't", "cause", "em", "til", "bout"})
_BREAKS = frozenset("\n.?!:;•*-–>]")
#: Small words that join, lead or stand for what is named, and are at no end of it.
_SMALL = (SPOKEN - {*NUMBERS, "something"}) | frozenset(
    ["too", "also", "than", "yet", "ever", "even", "per", "through", "between", "along", "near", "next", "who", "whose", "whom", "within", "against", "ago", "later", "left", "else", "get", "gets", "getting", "goes", "going", "gone", "went", "want", "wants", "need", "needs", "feel", "feeling", "felt", "think", "know", "knows", "say", "says", "said", "took", "came", "comes", "coming", "having", "doing", "use", "used", "uses", "using", "yourself", "myself", "himself", "herself", "itself", "hmmm", "uhh", "mildly", "afraid", "bit"]
)  # fmt: skip
#: Small words within what is named, before a word that goes on: Ramps of Grace, kowalczyk and sons.
_WITHIN = frozenset(
    [
        "and",
        "of",
        "on",
        "at",
        "by",
        "in",
        "the",
        "for",
        "to",
        "with",
        "from",
        "near",
        "off",
        "an",
        "a",
        "my",
        "our",
        "your",
    ]
)
_FIRMS = frozenset(
    [
        "son",
        "sons",
        "daughters",
        "brothers",
        "bros",
        "co",
        "company",
        "associates",
        "partners",
        "family",
        "grill",
        "bar",
        "sisters",
    ]
)
_NOTHING = token_of("\n")


def spoken(view: View, at: int) -> bool:
    """Say whether a word is one of speech and no identifier.

    Parameters
    ----------
    view
        The text.
    at
        Number of the word among its tokens.
    """
    token = view.tokens[at]
    low = token.word.lower().replace("’", "'")
    before = view.tokens[at - 1] if at else _NOTHING
    if CONTRACTED.match(low) or (low in _LEFT and before.word in {"'", "’"}):
        return True
    if SOUND.match(low):
        return True
    if low in _HALVES and _cut(view, at, low):
        return True
    if token.shape == "x" and low in SPOKEN:
        return True
    if low in OATHS and _after(view, at).word == "," and before.word in _BREAKS:
        return True
    if token.shape == "Xx" and low in SPOKEN and before.word in _BREAKS | {"\n"}:
        return not _after(view, at).capital
    return machine(view.text, view.starts[at], view.ends[at])


def _after(view: View, at: int) -> Token:
    return view.tokens[at + 1] if at + 1 < len(view.tokens) else _NOTHING


def _cut(view: View, at: int, low: str) -> bool:
    """Say whether a word is a half of one that was cut in two."""
    before = view.tokens[at - 1].word.lower() if at else ""
    return (low, _after(view, at).word.lower().replace("’", "'")) in _CUT or (before, low) in _CUT


def small(token: Token) -> bool:
    """Say whether a word in small letters joins or leads, and is at no end of a name or a place."""
    return not token.capital and (token.word in _SMALL or CONTRACTED.match(token.word) is not None)


def within(view: View, at: int, step: int) -> bool:
    """Say whether something named may go on beyond a small word: a capital, a figure, what was found, no listed word.

    Parameters
    ----------
    view
        The text.
    at
        Number of the small word among its tokens.
    step
        1 to look behind it, -1 to look before it.
    """
    beyond = at + step
    if 0 <= beyond < len(view.tokens) and view.tokens[beyond].word in {"the", "a", "my", "our", "."}:
        beyond += step
    if view.tokens[at].word not in _WITHIN or not 0 <= beyond < len(view.tokens):
        return False
    token = view.tokens[beyond]
    if view.found[beyond]:
        return view.found[beyond] == "G" or token.capital or _is_street(view, beyond, step)
    if token.capital or token.shape[0] == "d" or token.word in _FIRMS:
        return True
    return bool(token.own) and not set(token.bits) & set("wmI")


def _is_street(view: View, at: int, step: int) -> bool:
    """Say whether a number with its ending, which was taken for a day, may be a street: the bakery on 42nd."""
    return (
        step > 0
        and view.tokens[at].shape[0] == "d"
        and at + 1 < len(view.tokens)
        and view.starts[at + 1] == view.ends[at]
        and view.tokens[at + 1].word.lower() in {"st", "nd", "rd", "th"}
    )


#: What stands before a thing, or before how it is, and hardly before a name in small letters: that stone, how long.
_THING = frozenset(["the", "a", "an", "this", "that", "these", "those", "my", "your", "his", "her", "their", "our", "its", "some", "any", "no", "other", "another", "how", "very", "really", "quite", "too", "each", "every", "much", "more", "most", "less", "which", "what", "new", "pretty", "fairly", "absolutely", "i", "you", "they", "we", "it"])  # fmt: skip
#: So much more is asked of a word of everyday in small letters of which the text around it says a thing.
THING = 6.0
#: Words that tell how something is or when, and are names only where somebody is greeted, called or titled.
_HOW = frozenset(["long", "high", "low", "big", "little", "small", "short", "stiff", "lean", "strong", "hard", "old", "new", "overall", "summer", "winter", "spring", "autumn", "season", "love", "may", "will", "forth", "bowling", "cutting", "walking", "swimming"])  # fmt: skip
_CALLED = frozenset(["hi", "hey", "hello", "doctor", "dr", "mr", "mrs", "ms", "miss", "mister", "named", "name", "thanks", "nurse", "dear", "with", "by", "friend", "son", "daughter", "wife", "husband", "mom", "dad", "mother", "father", "brother", "sister", "pt", "patient", "aunt", "uncle", "cousin", "niece", "nephew", "grandma", "grandpa", "partner", "boyfriend", "girlfriend", "neighbor", "roommate", "tell", "told", "ask", "asked", "call", "called", "rn", "lpn", "cna", "aide", "tech", "driver", "caller", "coach", "deputy", "officer", "trooper", "chaplain", "pharmacist", "dietitian", "attorney", "lawyer", "teacher", "mgr", "boss", "staff"])  # fmt: skip


def more(view: View, at: int) -> float:
    """Return how much more is asked of a word of everyday in small letters that the table takes.

    Parameters
    ----------
    view
        The text.
    at
        Number of the word among its tokens.
    """
    token = view.tokens[at]
    if not token.small or token.word in _FIRMS:
        return 0.0
    if not token.bits:  # a form of a word, or a term by its end: realigned
        return THING if len(token.word) > 5 and kind_of(token.word.capitalize()) in "WM" else 0.0
    if not {"w", "m"}.intersection(token.bits):
        return 0.0
    first = at
    while first and view.tokens[first - 1].word in {",", "."}:
        first -= 1
    before = view.tokens[first - 1].word.lower() if first else ""
    if (first == at and before in _THING) or (
        token.word in _HOW and before not in _CALLED and not (at and view.found[at - 1])
    ):
        return THING
    return 0.0
