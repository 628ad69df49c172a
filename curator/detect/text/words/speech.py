# ruff: noqa: E501 - a list that is cut into lines hides what it holds
"""Where somebody begins to speak in a dialogue, and whether the first word there is speech or a name.

Speech begins with a capital behind a label as a name does: "Doctor: How are you" is no Dr. How. Yet a speech may begin
with a name ("Doctor: Smith, how are you?"), and may be an answer that is one ("Patient: Tom Riley.").
"""

from __future__ import annotations

import re
from collections import Counter

from curator.detect.text.lists.lexicon import fold, is_given, lexicon
from curator.detect.text.words.hints import at_lines
from curator.detect.text.words.vocabulary import CAPITAL, MONTH, ROLE, TITLE, word_of

#: Who speaks in brackets where a line begins: [doctor] hi.
_bracketed = at_lines(r"[ \t>*_]{0,6}\[([^\W\d_][\w .'’-]{0,24})\][ ]{1,3}")
#: A label reaches back so far from its colon, with what stands in brackets behind who speaks.
_FAR, _LONGEST = 60, 26
_BEHIND = frozenset(" *_")
_INNER = re.compile(r"[ ._\d]")
#: From so many lines of one speaker on a text is a dialogue; and from so many speakers on.
_TURNS = 2
#: From so many lines of any speakers on.
_MANY = 4
SPEAKERS = frozenset(
    ["patient", "pt", "doctor", "dr", "physician", "nurse", "rn", "provider", "clinician", "therapist", "caregiver", "mother", "father", "mom", "dad", "parent", "daughter", "son", "wife", "husband", "spouse", "user", "assistant", "speaker", "interviewer", "interviewee", "counselor", "counsellor", "family", "guest", "agent", "member", "caller", "operator", "dispatcher", "dispatch", "medic", "staff", "np", "pa", "md", "interpreter", "resident", "attending", "pharmacist", "client", "me", "her", "him", "q", "a", "receptionist", "paramedic", "psychologist", "psychiatrist", "surgeon", "midwife", "dentist", "technician", "tech", "student", "intern", "examiner", "moderator", "participant", "respondent", "carer", "partner", "grandmother", "grandfather", "grandma", "grandpa", "brother", "sister", "aunt", "uncle", "friend", "visitor", "relative", "companion", "dietitian", "social"]
)  # fmt: skip
NUMBERS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]  # fmt: skip
#: Words with which people begin to speak, and which are no names there.
SPOKEN = frozenset(
    ["i", "i'm", "i've", "i'll", "i'd", "it", "it's", "its", "you", "you're", "he", "he's", "she", "she's", "we", "we're", "we've", "they", "they're", "yeah", "yes", "yep", "yup", "no", "nope", "nah", "well", "so", "ok", "okay", "oh", "uh", "um", "hmm", "mm-hmm", "uh-huh", "right", "good", "great", "perfect", "fine", "sure", "thanks", "thank", "hi", "hello", "hey", "morning", "sorry", "please", "can", "could", "would", "should", "do", "does", "did", "don't", "is", "are", "was", "were", "have", "has", "had", "how", "what", "what's", "when", "where", "which", "who", "why", "and", "but", "or", "if", "because", "about", "just", "only", "not", "never", "maybe", "probably", "actually", "really", "that", "that's", "this", "these", "those", "there", "there's", "here", "here's", "my", "your", "our", "the", "a", "an", "any", "all", "alright", "absolutely", "exactly", "correct", "got", "let", "let's", "look", "like", "still", "since", "sometimes", "usually", "then", "now", "today", "yesterday", "tomorrow", "last", "first", "mostly", "some", "nothing", "none", "god", "wow", "understood", "copy", "go", "nice", "fair", "come", "ooh", "ah", "aw", "ow", "ouch", "pleasure", "welcome", "received", "mom", "whoa", "geez", "gosh", "tell", "take", "give", "keep", "see", "sounds", "looks", "feels", "sit", "stand", "hold", "open", "breathe", "lots", "lately", "once", "twice", "both", "more", "less", "spins", "doc", "everything", "every", "after", "before", "at", "in", "on", "for", "from", "to", "with"]
    + NUMBERS
    + ["hm", "mm", "mhm", "mmm", "mhmm", "uhm", "umm", "er", "eh", "ugh", "huh", "ha", "haha", "aha", "ahh", "aww", "nuh", "phew", "yay", "oops", "jeez", "damn", "darn", "shoot", "okey", "okie", "alrighty", "yessir", "lemme", "gimme", "wanna", "gonna", "gotta", "kinda", "dunno", "whatcha", "bye", "goodbye", "me", "him", "her", "his", "us", "them", "their", "its", "am", "been", "being", "ain't", "must", "might", "shall", "another", "other", "others", "as", "of", "off", "over", "under", "around", "until", "during", "despite", "without", "into", "by", "up", "down", "out", "back", "too", "very", "many", "most", "few", "several", "couple", "same", "such", "quite", "almost", "always", "often", "soon", "already", "again", "either", "though", "although", "whenever", "whatever", "while", "unless", "anything", "anyone", "anybody", "something", "somebody", "someone", "nobody", "everyone", "everybody", "awesome", "overall", "cool", "happy", "man", "excellent", "wonderful", "amazing", "awful", "worse", "normal", "regular", "thankfully", "unfortunately", "fortunately", "honestly", "hopefully", "obviously", "basically", "definitely", "certainly", "totally", "surely", "indeed", "congratulations", "sir", "ma'am", "doctor", "things"]
)  # fmt: skip
_FIRST = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SECOND = re.compile(r" ([^\W\d_]+(?:['’-][^\W\d_]+)*)")
#: Words that a pronoun, a question or a verb shortens with what stands behind it: how's, they'd, hasn't.
CONTRACTED = re.compile(
    r"(?:(?:i|you|he|she|it|we|they|that|this|there|here|how|what|who|when|where|why|let|nothing|everything|something|everybody|everyone|somebody|someone|nobody)['’](?:s|re|ve|ll|d|m)|(?:has|have|had|was|were|is|are|would|could|should|did|does|do|ca|wo|ai|must|need|might)n['’]t|y['’]all|o['’]clock|c['’]mon|ma['’]am)$"
)
#: Sounds that people make while they speak, however long: hmmm, uhh, aww.
SOUND = re.compile(r"(?:h+m{2,}|m{2,}h*m*|u+h{2,}m*|uh+m{2,}|a+h{2,}|o+h{2,}|e+r+m+|a+w{2,}|yea+h{2,}|na+h{2,})$")
#: Names that are said in surprise more often.
OATHS = frozenset(["dang"])
#: What is said to whom a sentence begins with: Smith, how are you?
_TO_YOU = re.compile(
    r", (?:how|are|do|did|can|could|would|will|what|where|when|why|who|have|is|i|i'm|i’m|you|your|let|let's|let’s|please|good|hi|hello|nice|thank|thanks|come|we|any|tell|this|it's|it’s|welcome|sit|take)\b",
    re.IGNORECASE,
)
_ENDED = re.compile(r"[?!.,]|[ ]*(?:\n|\Z)")
_ALONE = re.compile(r"[.!]?[ ]*(?:\n|\Z)")
#: What somebody is or does, behind a family name.
_DOES = re.compile(
    r" (?:is (?:here|in|on|a|not|still|the)|was (?:here|in|seen|on|told)|has (?:been|a|had|no)|had (?:a|been)|came|called|said|says|told|fell|wants|needs|reports|states|denies|left|asked|wrote|agrees)\b"
)
#: A turn of a few words alone, and a line that asks for a name.
_SHORT = re.compile(r"[^\W\d_]+(?:[ '’-]+[^\W\d_]+\.?){0,3}[ ]*[.!]?[ ]*(?:\n|\Z)")
_FIELD = re.compile(r"[^\W\d_a-z][^\W\d_]*[ ]*(?:\n|\Z)")
_FIELDS = re.compile(r"[^\W\d_a-z][\w.'’-]*(?:[ ,]{1,2}[^\W\d_a-z][\w.'’-]*){1,4}[ ]*(?:\n|\Z)")
_ASKS = re.compile(
    r"\b(?:names?|called?|spell\w*|who(?:'s|’s| is| are| was)?|goes by|surname)\b[^\n]*\n[^\n]{0,40}\Z", re.IGNORECASE
)


def turns(text: str) -> frozenset[int]:
    """Return where speech begins in a dialogue: behind the labels of roles that speak, of one twice or of two.

    Parameters
    ----------
    text
        The text.
    """
    found = []
    at = text.find(":")
    while at > 0:
        who = _label(text[max(0, at - _FAR) : at]) if text[at + 1 : at + 2] in _BEHIND else ""
        if who:
            start = at + 2
            while text[start : start + 1] in _BEHIND and start < at + 5:
                start += 1
            found.append((start, who))
        at = text.find(":", at + 1)
    if "]" in text:
        for match in _bracketed(text):
            who = match[1].strip(" .").lower()
            if _INNER.split(who, maxsplit=1)[0] in SPEAKERS:
                found.append((match.end(), who))
    if len(found) < _TURNS:
        return frozenset()
    count = Counter(who for _, who in found)
    many = len(found) >= _MANY or len(count) >= _TURNS
    return frozenset(at for at, who in found if many or count[who] >= _TURNS)


def _label(lead: str) -> str:
    """Return who speaks by what stands before a colon, in small letters; "" where it is no speaker's label."""
    lead = lead[lead.rfind("\n") + 1 :].rstrip("*_ ")
    if lead.endswith(")"):
        lead = lead.rpartition("(")[0].rstrip()
    for stop in (". ", "? ", "! "):
        lead = lead.rpartition(stop)[2]
    lead = lead.lstrip(" \t>*_")
    if lead.startswith("["):
        lead = lead.partition("]")[2].lstrip(" *_")
    if not lead or len(lead) > _LONGEST:
        return ""
    who = lead.strip(" .").lower()
    return who if _INNER.split(who, maxsplit=1)[0] in SPEAKERS else ""


def begins_speech(text: str, start: int) -> bool:
    """Say whether the word with which a turn begins at a place is speech, as far as its surroundings tell, and no name.

    Parameters
    ----------
    text
        The text.
    start
        Where a turn begins; see ``turns``.
    """
    match = _FIRST.match(text, start)
    if match is None:
        return False
    low = match[0].lower().replace("’", "'")
    second = _SECOND.match(text, match.end())
    follows = second is not None and _named(second[1])
    if low in SPOKEN or CONTRACTED.match(low) or SOUND.match(low):
        # An Nguyen, So Yeon: what goes on is no given name that is usual here, as "So Maria" has it.
        known = lexicon()
        folded = fold(low)
        strange = follows and second is not None and fold(second[1]) not in known.given
        return not (strange and (folded in known.surnames or folded in known.international))
    word = word_of(re.split("['’-]", match[0])[0])
    if word.kind in "GSRUu" and low not in OATHS:
        return False
    if word.flags & MONTH and word.kind in "WMA":
        return True
    if follows and second is not None and (word.listed or word.kind == "I" or word_of(second[1]).kind in "GSR"):
        return False
    if _SHORT.match(text, start) and _ASKS.search(text, max(0, start - 200), start):
        return False
    if (
        second is not None
        and second[1][0].isupper()
        and word_of(second[1]).kind in "gsrn"
        and _ENDED.match(text, second.end())
    ):
        return False  # Buzz Keller?
    if _FIELDS.match(text, start):
        return False  # Surgeon: YU NG, M.D.
    if word.kind in "WMA" and not word.listed:
        return True
    if _FIELD.match(text, start):
        return False  # Patient: Smith
    if word.kind in "gn" and is_given(word.folded) and _ALONE.match(text, match.end()):
        return False  # Patient: Bill.
    if word.folded in lexicon().frequent and _DOES.match(text, match.end()):
        return False  # Doctor: Long is here
    return _TO_YOU.match(text, match.end()) is None


#: What stands before a sentence that a turn goes on with.
_SHORTENED = re.compile(r"\b(?:drs?|mrs?|ms|mx|prof|rev|st|[a-z])\. $", re.IGNORECASE)
_STOPS = frozenset([". ", "! ", "? ", "- "])


def _is_named(text: str, start: int) -> bool:
    """Say whether the word at a place is one of everyday that people bear as a name."""
    match = _FIRST.match(text, start)
    if match is None or match[0].lower().replace("’", "'") in SPOKEN:
        return False
    word = word_of(re.split("['’-]", match[0])[0])
    return word.listed and word.kind in "gsrnMW"


_SMALL_NEXT = re.compile(r" [a-z]|['’](?:m|ve|d|ll|s|re)\b")


def said(text: str, start: int, begun: frozenset[int], *, surely: bool = False) -> bool:
    """Say whether a word that begins a turn or a further sentence of one is speech, and no name.

    A word of everyday that is a name as well is speech as far as the label before it goes, but not when what goes on
    is somebody's doing: Nurse: Grace has been vomiting.

    Parameters
    ----------
    text
        The text.
    start
        Where the word begins.
    begun
        Where turns begin; see ``turns``.
    surely
        Only of a word that is no name by itself.
    """
    if start in begun:
        return begins_speech(text, start) and not (surely and _is_named(text, start))
    before = text[start - 2 : start]
    if before != ": " and (
        not (surely and begun and before in _STOPS) or _SHORTENED.search(text, max(0, start - 7), start)
    ):
        return False
    match = _FIRST.match(text, start)
    if before == ": ":  # One speech alone is no dialogue, but no name goes on in small words: Patient: I was born.
        return match is not None and match[0].lower() in SPOKEN and _SMALL_NEXT.match(text, match.end()) is not None
    return match is not None and match[0].lower() in SPOKEN and begins_speech(text, start)


def _named(word: str) -> bool:
    """Say whether a word behind the first of a turn goes on a name."""
    known = word_of(re.split("['’-]", word)[0])
    return bool(known.flags & CAPITAL) and known.kind in "GSRUun" and not known.flags & (TITLE | ROLE)


#: A machine that listens, and how it is called: hey, dragon; okay google.
_MACHINES = frozenset(["dragon", "google", "copilot", "cortana", "bixby", "chatgpt", "gemini"])
#: Machines with names that people bear as well: only an order tells.
_NAMED_MACHINES = frozenset(["alexa", "siri", "dax", "claude"])
_CALLS = re.compile(r"(?<![^\W_])(?:hey|okay|ok|hi|hello|so|alright|thanks|thank you)[ ]?,?[ ]$", re.IGNORECASE)
_ORDERS = re.compile(
    r"[ ]?[,.]?[ ](?:please )?(?:show|order|play|set|turn|add|call|open|start|stop|remind|pull|get|read|search|find|look|what's|what’s|tell me|give|schedule|place|document|record|note|dictate|begin|end|pause|resume|insert|summarize|update|next|bring up|remove|refill)\b",
    re.IGNORECASE,
)


def machine(text: str, start: int, end: int) -> bool:
    """Say whether a word is a machine that is spoken to: hey, dragon, open the last scan."""
    low = text[start:end].lower()
    if low not in _MACHINES and low not in _NAMED_MACHINES:
        return False
    if _CALLS.search(text, max(0, start - 12), start) is None:
        return False
    return low in _MACHINES or _ORDERS.match(text, end) is not None
