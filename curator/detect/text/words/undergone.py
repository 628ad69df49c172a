# ruff: noqa: E501 - a pattern that is cut into lines hides what it holds
"""What is done to things and never to people, behind the word for what it is done to: Cautery was used."""

from __future__ import annotations

import re

#: What is done to things alone, behind "was": nobody is instilled or clamped.
_DONE = (
    r"used(?! to (?:\w+ing|it|this|that|the|her|his|their|a)\b)|utili[sz]ed|applied|instilled|performed|inflated|deflated|inserted|reinserted|approximated|reapproximated|transected|ligated|clamped"
    r"|unclamped|sutured|stapled|incised|excised|dissected|divided|severed|cauteri[sz]ed|coagulated|retracted|threaded|trimmed|fashioned|created|elicited|palpated|auscultated|visuali[sz]ed"
    r"|probed|obtained|irrigated|reamed|curetted|harvested|stained|lysed|incorporated|tensioned|cemented|tamped|calculated|grasped|infiltrated|polished|bluntly|sharply|copiously"
    r"|carried out(?! of)|mixed|oversewn|plicated|skeletonized|anastomosed|reflected|everted|bivalved|morselized|palpable|elicitable|appreciated|detected"
    r"|(?:introduced|advanced|passed|withdrawn|removed|placed|cut)(?: directly| carefully| gently| then)? (?:through|across|around|along|beneath|between|adjacent|alongside)"
    r"|injected (?:into|around|through|along|beneath|subcutaneously)"
)
#: The same of a word that no list of names has: somebody may be moved into a room, or scheduled.
_DONE_STRANGE = (
    r"(?:introduced|advanced|passed|placed)(?: directly| carefully| gently| then)? (?:into|over|within|onto|superiorly|inferiorly|anteriorly|posteriorly|proximally|distally)"
    r"(?! (?:an? |the |his |her |our )?(?:room|chair|bed|seclusion|restraints?|custody|care|OR|operating|stretcher|gurney|wheelchair|car|ambulance|foster|hospice|position|unit|ward|floor"
    r"|program|group|study|table|home|house|facility|observation|isolation|police|arrest|general|anesthesia|coma|hospital|clinic|ICU)\b)"
    r"|administered(?= (?:and|in|via|at|after|before|for|with|without|as|intravenously|orally|preoperatively|intraoperatively)\b|[.,;])"
    r"|ordered(?= (?:and|after|to (?:rule|evaluate|assess|confirm|look)|as|because)\b|[.,;])|opened|closed|elevated|repeated|resected|initiated(?! on)|exchanged|infused|debrided|impacted"
    r"|unremarkable|scored|discussed(?= with the (?:risks|patient))"
)
_BE = r"[ ](?:is|are|was|were|has been|had been|have been|will be|can be|could be|may be|should be)[ ]"
_OFTEN = r"(?:(?:then|again|next|also|now|subsequently|sequentially|first|initially|carefully|gently|thus|therefore|easily|only|not|routinely|further|once|finally|generously|liberally|meticulously|occasionally)[ ])*"
THINGS = re.compile(rf"{_BE}{_OFTEN}(?:{_DONE})(?![\w-])")
STRANGE = re.compile(rf"{_BE}{_OFTEN}(?:{_DONE}|{_DONE_STRANGE})(?![\w-])")
#: What is done to patients as well: behind an article or a shape it is said of things.
ALSO = re.compile(r"[ ](?:is|are|was|were|has been|had been|will be)[ ]|[ ](?:placed|used|removed|applied|inserted)\b")
PLACED = re.compile(
    r"[ ](?:is|was|were)[ ](?:then[ ]|also[ ])?(?:placed|removed|positioned|attached|passed|introduced)\b"
)
