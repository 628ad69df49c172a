"""Lines that calendars, address books and directory entries fold: a word goes on behind a line end and a blank.

RFC 5545, section 3.1 (iCalendar), RFC 6350, section 3.2 (vCard), RFC 2849 (LDIF). Their readers join such lines, so
what is searched is the text without the folds.
"""

from __future__ import annotations

import re

#: A fold, which a reader does not see.
FOLD = re.compile(r"\r?\n[ \t](?=\S)")
_FOLDED = re.compile(r"^(?:BEGIN:V[A-Z]{4,8}|dn::? ?\S)", re.MULTILINE | re.IGNORECASE)


def folds(text: str) -> bool:
    """Say whether a text is one of those whose lines are folded, and has a fold."""
    return FOLD.search(text) is not None and _FOLDED.search(text) is not None
