"""Video that a signed record covers: held back all the same where its coded form has a place for words.

A reviewer sees pictures, not the user data between them (ISO/IEC 13818-2 6.2.2.2.2; ITU-T H.264 and H.265 annex D).
Other layers of a video are not followed, which is why no video passes without a signed record.
"""

from __future__ import annotations

import re

from curator.core.errors import ItemError

#: MPEG-2 user data; H.264 (type 6) and H.265 (types 39 and 40) supplemental information of registered and free text.
_USER_DATA = re.compile(rb"\x00\x00\x01(?:\xb2|[\x06\x26\x46\x66][\x04\x05]|[\x4e\x50]\x01[\x04\x05])", re.DOTALL)


def check_video(frame: bytes) -> None:
    """Raise DCM-048 for user data in a video's bit stream."""
    if _USER_DATA.search(frame):
        raise ItemError("DCM-048")
