"""Comments of compressed frames that name an encoder and its version and nothing else, and what fills a frame up."""

from __future__ import annotations

import re
import tomllib
from functools import cache

from curator.scrub.dicom.rules import data_text


@cache
def _encoders() -> re.Pattern[bytes]:
    texts = tomllib.loads(data_text("encoders.toml"))["comments"]
    return re.compile(
        ("(?:" + "|".join(f"(?:{text})" for text in texts) + r")[\0\r\n ]*").encode("ascii"), re.IGNORECASE
    )


def is_plain_comment(body: bytes) -> bool:
    """Say whether a comment is empty or only the name of an encoder on the list."""
    return not body.strip(b"\0 \r\n") or _encoders().fullmatch(body) is not None


def is_fill(rest: bytes) -> bool:
    """Say whether bytes behind the end of an image are one fill byte over and over: zeros, or the FF of fill bytes."""
    return not rest.strip(b"\0") or not rest.strip(b"\xff")
