# ruff: noqa: E501 - a list that is cut into lines hides what it holds
"""Labels that begin with the patient and name nobody: Patient Body Weight: 80 kg; Patient Position HFS.

As headers of images and printed forms have them. All words must be known ones, and what follows must be what follows a
label; in prose and behind a name with the same spelling (Patient Weight was seen) nothing of it holds.
"""

from __future__ import annotations

import re

from curator.detect.text.words.spots import Spots

#: Words of such labels. Source: the names of attributes in PS3.6 that begin with Patient, and by hand from the usual
#: intake forms; 2026. No word that is a usual first name.
_WORDS = frozenset(
    ["access", "accessory", "activity", "additional", "admission", "age", "agreement", "allergies", "allergy", "and", "angle", "appointment", "appointments", "arrangements", "assessment", "belongings", "bmi", "body", "care", "category", "class", "code", "comfort", "comments", "communication", "compliance", "condition", "consent", "contact", "counseling", "data", "demographic", "demographics", "description", "details", "device", "diagnosis", "diet", "discharge", "disposition", "education", "engagement", "equipment", "ethnicity", "evaluation", "eye", "factors", "feedback", "financial", "gantry", "gender", "goal", "goals", "handling", "handoff", "health", "height", "history", "id", "identification", "identity", "in", "index", "info", "information", "instruction", "instructions", "insurance", "intake", "label", "language", "location", "mass", "measurements", "medication", "medications", "mobility", "monitoring", "motion", "movement", "needs", "notes", "number", "of", "orientation", "participation", "physiological", "population", "portal", "position", "positioning", "preference", "preferences", "preferred", "preparation", "presentation", "problem", "problems", "procedure", "profile", "progress", "questionnaire", "race", "record", "registration", "rehabilitation", "reliability", "religion", "removed", "reported", "response", "responsibilities", "rights", "risk", "rotation", "safety", "satisfaction", "schedule", "setup", "sex", "size", "species", "specification", "state", "status", "summary", "support", "surface", "symptoms", "teaching", "temperature", "time", "tolerance", "transfer", "transport", "treatment", "type", "understanding", "verification", "visit", "vitals", "volume", "weight"]
)  # fmt: skip
_MOST = 6
#: What stands behind a label: a mark, a tab, two blanks, brackets, a number, or the end of the line.
_BEHIND = re.compile(r"[ *_]{0,3}(?:[:=|\t\r\n\[(#]|[ ]{2}|[ ]?\d|\.{3}|$)")


def heads(found: Spots, at: int) -> bool:
    """Say whether the words from one on, behind "Patient", are the rest of a label that names nobody."""
    words, spans, text = found.words, found.spans, found.text
    last = at
    while last < len(words) and last - at < _MOST and words[last].low in _WORDS:
        if _BEHIND.match(text, spans[last][1]):
            return True
        if last + 1 < len(words) and text[spans[last][1] : spans[last + 1][0]] not in {" ", "/", "-"}:
            return False
        last += 1
    return False
