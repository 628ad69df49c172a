# ruff: noqa: E501 - a list that is cut into lines hides what it holds
"""What rules took for an identifier and is none: the first word of what a patient says, a mother, a degree, an hour.

Speech begins with a capital behind a label as a name does; a relation stands where a name might; dotted letters are
degrees; the hour with which a line begins stands behind the label that ends the line before; the numbers under which
trials are registered are public. Only findings of rules that look at labels, letters and forms are asked about.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from curator.detect.text.lists.lexicon import fold, lexicon
from curator.detect.text.words.anyhouse import any_house
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding

#: A line of a dialogue: a time in brackets, who speaks, a colon.
_TURN = re.compile(
    r"(?m)^[ \t>*_]{0,6}(?:\[[^\]\n]{1,24}\][ ]?)?[*_]{0,2}([^\W\d_][\w .'’-]{0,24}?)(?:[ ]?\([^()\n]{1,24}\))?[*_]{0,2}:[*_]{0,2}[ ]"
)
#: From so many lines of one speaker on a text is a dialogue.
_TURNS = 2
#: From so many lines of any speakers on.
_MANY = 4
_SPEAKERS = frozenset(
    ["patient", "pt", "doctor", "dr", "physician", "nurse", "rn", "provider", "clinician", "therapist", "caregiver", "mother", "father", "mom", "dad", "parent", "daughter", "son", "wife", "husband", "spouse", "user", "assistant", "speaker", "interviewer", "interviewee", "counselor", "counsellor", "family", "guest", "agent", "member", "caller", "operator", "dispatcher", "dispatch", "medic", "staff", "np", "pa", "md", "interpreter", "resident", "attending", "pharmacist", "client", "me", "her", "him", "q", "a"]
)  # fmt: skip
#: Rules that take what stands behind a label.
_BEHIND_LABELS = frozenset(["name.field", "name.cue", "name.form", "cue.user", "name.title"])
#: Words with which people begin to speak, and which are no names there.
SPOKEN = frozenset(
    ["i", "i'm", "i've", "i'll", "i'd", "it", "it's", "its", "you", "you're", "he", "he's", "she", "she's", "we", "we're", "we've", "they", "they're", "yeah", "yes", "yep", "yup", "no", "nope", "nah", "well", "so", "ok", "okay", "oh", "uh", "um", "hmm", "mm-hmm", "uh-huh", "right", "good", "great", "perfect", "fine", "sure", "thanks", "thank", "hi", "hello", "hey", "morning", "sorry", "please", "can", "could", "would", "should", "do", "does", "did", "don't", "is", "are", "was", "were", "have", "has", "had", "how", "what", "what's", "when", "where", "which", "who", "why", "and", "but", "or", "if", "because", "about", "just", "only", "not", "never", "maybe", "probably", "actually", "really", "that", "that's", "this", "these", "those", "there", "there's", "here", "here's", "my", "your", "our", "the", "a", "an", "any", "all", "alright", "absolutely", "exactly", "correct", "got", "let", "let's", "look", "like", "still", "since", "sometimes", "usually", "then", "now", "today", "yesterday", "tomorrow", "last", "first", "mostly", "some", "nothing", "none", "god", "wow", "understood", "copy", "go", "nice", "fair", "come", "ooh", "ah", "aw", "ow", "ouch", "pleasure", "welcome", "received", "mom", "hmm", "whoa", "geez", "gosh", "tell", "take", "give", "keep", "see", "sounds", "looks", "feels", "sit", "stand", "hold", "open", "breathe", "lots", "lately", "once", "twice", "both", "more", "less", "spins", "doc", "everything", "every", "after", "before", "at", "in", "on", "for", "from", "to", "with"]
)  # fmt: skip
#: Rules that weigh words.
_WEIGHED = frozenset(["name.acts", "name.lexicon"])
#: Words with which people begin to speak that are given names, too: Will that make me sleepy?
_NAMES_TOO = frozenset(["will", "hope", "may"])
_GOES_ON = re.compile(r" (?:that|this|it|it's|the|i|you|he|she|they|we|my|your|so|not)\b", re.IGNORECASE)
#: A word that an apostrophe shortens, as no name is: hasn't been.
_CONTRACTED = re.compile(r"(?:has|have|had|was|were|is|are|would|could|should|did|does|do|ca|wo|ai|must|need)n['’]t\b")
#: Relations that stand alone, as children call them.
_KIN = frozenset(
    ["dad", "daddy", "dada", "mom", "mommy", "mum", "mummy", "mama", "momma", "papa", "nana", "nan", "nanna", "gran", "granny", "grandma", "grandpa", "grandad", "granddad", "gramps", "grammy", "auntie", "aunty"]
)  # fmt: skip
_DEGREES = frozenset(
    [
        "M.D.",
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
    ["activities of daily living", "instrumental activities of daily living", "back number", "place of service", "level of service", "type of service", "date of service", "attestation", "attending attestation"]
)  # fmt: skip
#: Rules that take a house by its words, or a word behind a label or a cue for a name.
_HOUSED = frozenset(["place.facility", "place.housed", "place.sited", "place.facility-field", "name.cue", "name.post", "name.lexicon", "place.house-named"])  # fmt: skip
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
_FIRST = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


def turns(text: str) -> frozenset[int]:
    """Return where speech begins in a dialogue: behind the label of a role that speaks in two lines or more."""
    if text.count(":") < _TURNS:
        return frozenset()
    found = [(match.end(), match[1].strip(" .").lower()) for match in _TURN.finditer(text)]
    found = [(at, who) for at, who in found if who.split(" ")[0].rstrip(".") in _SPEAKERS]
    count = Counter(who for _, who in found)
    return frozenset(at for at, who in found if len(found) >= _MANY or count[who] >= _TURNS)


def _plain(word: str) -> bool:
    """Say whether a word is one of medicine and no name."""
    known, folded = lexicon(), fold(word)
    return folded in known.medical and folded not in known.given and folded not in known.frequent


def _hours_or_trial(text: str, finding: Finding) -> bool:
    """Say whether a number is an hour of the day that no label tells to be something else, or a trial's number."""
    start, end = finding.start, finding.end
    if TRIAL.fullmatch(text, start, end):
        return True
    if finding.rule.startswith("cue."):
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
    for finding in findings:
        if finding.rule in _HOUSED and (
            any_house(text, finding.start, finding.end) or text[finding.start : finding.end].lower() in _HEADINGS
        ):
            continue
        if finding.rule in _BEHIND_LABELS or finding.category is Category.NAME:
            if finding.rule in _BEHIND_LABELS or finding.rule in _WEIGHED:
                first = _FIRST.match(text, finding.start)
                word = first[0].lower().replace("’", "'") if first else ""
                if word in SPOKEN or (word in _NAMES_TOO and _GOES_ON.match(text, finding.start + len(word))):
                    speech = turns(text) if speech is None else speech
                    if finding.start in speech:
                        continue
                if (
                    finding.rule in _BEHIND_LABELS
                    and (word in SPOKEN or _plain(word))
                    and _COMPLAINT.search(text, max(0, finding.start - 12), finding.start)
                ):
                    continue
            value = text[finding.start : finding.end]
            if text[finding.start].islower() and _CONTRACTED.match(text, finding.start):
                continue
            if value.lower() in _KIN or value in _DEGREES:
                continue
            if value in _PRONOUNS and finding.rule not in _SURELY:
                continue
            if finding.end - finding.start < 5 and text[finding.start - 1 : finding.start] == "-" and value.isupper():
                begun = _CREDENTIAL.search(text, max(0, finding.start - 10), finding.start)
                if begun and _BOARDS.fullmatch(text, begun.start(), finding.end):
                    continue
        elif (finding.rule == "place.city-state" and _BOARDS.fullmatch(text, finding.start, finding.end)) or (
            text[finding.end - 1].isdecimal() and _hours_or_trial(text, finding)
        ):
            continue
        yield finding
