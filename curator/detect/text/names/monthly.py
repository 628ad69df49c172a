# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""People who are called like a month or a law firm: May is refusing dialysis; August's potassium is low; Law Offices of Percy Roe.

May and August begin sentences as months do, so that only what a patient does or has tells who they are. The other months
that are given names are found as dates wherever they stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from curator.detect.text.names.shapes import FULL, made
from curator.detect.text.words.hints import Marks, Words
from curator.detect.text.words.spots import Spots, beginning
from curator.identifiers.findings import Finding

_MONTHS = Words(["may", "august"])
_DOING = r"(?:refusing|declining|asking|requesting|complaining|crying|screaming|eating|drinking|tolerating|sleeping|resting|denying|reporting|vomiting|coughing|walking|ambulating|feeling|doing (?:well|better|ok|okay|worse|poorly|great|fine)|voiding|breathing|taking|having (?:pain|trouble|chest|a hard)|tearful|alert|afebrile|oriented|pleasant|awake|asleep|lethargic|agitated|confused|anxious|intubated|extubated|pregnant|diabetic|NPO|DNR|on (?:room air|RA|\d|BiPAP|CPAP|oxygen|a vent|dialysis|insulin)|(?:a|an) (?:\d|year|yo|pleasant|elderly|known|former)|allergic|stable|hypotensive|tachycardic|here (?:for|with|today)|in (?:bed|room|pain|labor|clinic|triage|AFib|afib|DKA))"
_ACTS = r"(?:refus(?:es|ed)|denie[sd]|reports(?! (?:are|were|due|from|of|on|for)\b)|reported|states|stated|complain(?:s|ed)|c/o|says|said|endors(?:es|ed)|wants|wanted|asks|asked|agree[sd]|declin(?:es|ed)|tolerat(?:es|ed)|ambulat(?:es|ed)|vomited|voided|slept|ate|fell|lives|feels|felt|takes|needs (?:a|an|her|his|help|refills?|to)|has (?:no|not|been \w+ing|a|an|had|stopped|started|chest|pain)|(?:is|was) (?:still |now |not |again |also |very |currently )*(?:seen (?:by|in|today)|admitted|discharged|brought))"
_OWN = r"(?:BP|HR|temp|labs?|mother|mom|father|dad|husband|wife|son|daughter|sister|brother|family|A1c|INR|potassium|K|sodium|creatinine|Cr|Hgb|hemoglobin|glucose|sugars?|pain|meds|medications|insulin|wound|incision|foley|blood (?:pressure|sugars?)|oxygen|sats?|weight|rash|PCP|nurse|appt|appointment|chart|dose|refills?)"
#: Somebody at the head of a sentence or a line, and what only a person does, is or has.
_SOMEBODY = re.compile(
    rf"(?<![^\n.!?;:\s])(?<!in )(?<!of )(?P<name>May|August)(?:(?=['’]s {_OWN}\b)|(?= (?:(?:is|was) (?:still |now |not |again |also |very |currently )*{_DOING}|{_ACTS})(?![\w-])))"
)
_FIRMS = Marks("aw Office", "AW OFFICE", "aw Firm", "AW FIRM", "aw office")
#: Whose office of law it is.
_FIRM = re.compile(
    rf"\b(?:[Ll]aw [Oo]ffices?|LAW OFFICES?|[Ll]aw [Ff]irm|LAW FIRM) (?:of|OF) (?:[Tt]he )?(?P<name>{FULL})"
)


def monthly(found: Spots) -> Iterator[Finding]:
    """Yield such names.

    Parameters
    ----------
    found
        The words of a text.
    """
    text = found.text
    for match in beginning(found, _SOMEBODY, _MONTHS) if found.flags & _MONTHS.bit else ():
        yield made(*match.span("name"), "monthly")
    for match in _FIRM.finditer(text) if _FIRMS.held(text, found.flags) else ():
        yield made(*match.span("name"), "firm")
