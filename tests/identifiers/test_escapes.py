"""What escapes and encoded parts of a text mean to a reader."""

from __future__ import annotations

import base64
import time

import pytest

from curator.identifiers.escapes import escaped


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("path%2FM%C3%BCller", "path/Müller"),
        ("O&#39;Brien", "O'Brien"),
        ("M&uuml;ller &#x48;ans", "Müller Hans"),
        ("M=C3=BCller", "Müller"),
        (r"M\u00fcller", "Müller"),
        (r"M\xfcller \115", "Müller M"),
        (base64.b64encode("Müller^Hans".encode()).decode(), "Müller^Hans"),
        (base64.urlsafe_b64encode(b"Doe>>?Jane??").decode(), "Doe>>?Jane??"),
        (base64.b64encode(b"Mueller^Hans").decode().rstrip("="), "Mueller^Hans"),
        (b"Mueller".hex(), "Mueller"),
        (b"Mueller".hex().upper(), "Mueller"),
    ],
)
def test_escapes_are_resolved(text: str, meaning: str) -> None:
    assert meaning in escaped(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "t2_tse_dixon_tra_p2_320",
        "Thorax^1ABD_PELV_DR_ROUTINE (Adult)",
        "100% O2",
        "R&D; 5",
        r"3.0\B30f",
        "19570311",
    ],
)
def test_a_text_of_imaging_has_none(text: str) -> None:
    assert escaped(text) == ()


@pytest.mark.parametrize(
    "text", ["%" * 9_999, "%4" * 5_000, "&#" * 5_000, "=4" * 5_000, "\\u" * 5_000, "aB1/" * 2_500, "A" * 65_536]
)
def test_hostile_texts_cost_little(text: str) -> None:
    begun = time.process_time()
    assert all(len(one) <= len(text) for one in escaped(text))
    assert time.process_time() - begun < 2
