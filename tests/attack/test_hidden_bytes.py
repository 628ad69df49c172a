"""Identifiers hidden in the encoding: wrong VRs, lengths, orders, character sets, bytes that no element owns."""

from __future__ import annotations

import pytest
from attack_bytes import (
    BASELINE,
    DEFLATED,
    IMPLICIT,
    SECRET,
    UNDEFINED,
    both_passes,
    delimiter,
    element,
    file_of,
    item,
    opened,
)

from curator.core.errors import ItemError

_LO = 0x00281055  # Window Center & Width Explanation: a text that is kept, as the control below shows
_SEQUENCE = 0x00081140
_NAME = element(0x00100010, "PN", SECRET)
_IMPLICIT_NAME = element(0x00100010, "PN", SECRET, implicit=True)
_META = element(0x00020016, "AE", SECRET) + element(0x00020100, "UI", b"1.2.3") + element(0x00020102, "OB", SECRET)

#: What is hidden where -> the file. The secret itself must not come out, whatever becomes of the file.
FILES = {
    "preamble": file_of(preamble=SECRET * 16),
    "file meta": file_of(meta_extra=_META),
    "behind the data set": file_of(tail=SECRET * 4),
    "an element behind the pixels": file_of(tail=element(0x7FE10010, "LO", SECRET)),
    "an element out of order behind the pixels": file_of(tail=element(0x00104000, "LT", SECRET)),
    "second pixel data": file_of(tail=element(0x7FE00010, "OW", SECRET)),
    "behind the deflate stream": file_of(syntax=DEFLATED, tail=SECRET * 3),
    "trailing padding": file_of({0xFFFCFFFC: ("OB", SECRET)}),
    "behind the last pixel": file_of({0x7FE00010: ("OW", b"\1\0\2\0\3\0\4\0" + SECRET)}),
    "behind the last pixel, signed frame count": file_of(
        {0x00280008: ("IS", b"+1"), 0x7FE00010: ("OW", b"\1\0\2\0\3\0\4\0" + SECRET)}
    ),
    "behind the last pixel, rows missing": file_of(
        {0x7FE00010: ("OW", b"\1\0\2\0\3\0\4\0" + SECRET)}, without=[0x00280010]
    ),
    "group 0002 inside": file_of(extra=element(0x00020016, "AE", SECRET)),
    "group 0004 inside": file_of(extra=element(0x00041500, "CS", SECRET)),
    "group 0006": file_of(extra=element(0x00061500, "LO", SECRET)),
    "curve": file_of(extra=element(0x50022500, "LO", SECRET)),
    "private creator and value": file_of(extra=element(0x00090010, "LO", SECRET) + element(0x00091001, "LO", SECRET)),
    "first of two equal tags": file_of(extra=element(_LO, "LO", SECRET) + element(_LO, "LO", b"ok")),
    "second patient's name": file_of(extra=element(0x00100010, "PN", b"A^B") + element(0x00100010, "PN", SECRET)),
    "unknown tag in implicit VR": file_of({0x00067778: ("LO", SECRET)}, syntax=IMPLICIT),
    "character set": file_of({0x00080005: ("CS", SECRET)}),
    "text behind a NUL": file_of({_LO: ("LO", b"CHEST\0" + SECRET)}),
    "text too long": file_of({_LO: ("LO", SECRET * 9)}),
    "text as UN": file_of({_LO: ("UN", SECRET + b"\0X")}),
    "text as a person's name": file_of({_LO: ("PN", SECRET + b"^A")}),
    "UID behind a registered one": file_of({0x00081155: ("UI", b"1.2.840.10008.1.1\0\0\0" + SECRET)}),
    "UID as text": file_of({0x00081155: ("LO", SECRET)}),
    "time with a word": file_of({0x00080032: ("TM", b"101112.123456 " + SECRET)}),
    "name as a sequence": file_of({0x00100010: ("SQ", item(element(_LO, "LO", SECRET)))}),
    "number as a sequence": file_of({0x00280106: ("SQ", item(element(_LO, "LO", SECRET)))}),
    "pixels inside an item": file_of(extra=element(_SEQUENCE, "SQ", item(element(0x7FE00010, "OW", SECRET)))),
    "icon": file_of(extra=element(0x00880200, "SQ", item(element(0x7FE00010, "OW", SECRET)))),
    "after empty items": file_of(
        extra=element(_SEQUENCE, "SQ", item(b"") * 3 + item(element(0x00104000, "LT", SECRET)))
    ),
    "private sequence without a length": file_of(
        extra=element(0x00091001, "SQ", item(_NAME, undefined=True) + delimiter(), length=UNDEFINED)
    ),
    "private UN sequence without a length": file_of(
        extra=element(0x00091001, "UN", item(_IMPLICIT_NAME, undefined=True) + delimiter(), length=UNDEFINED)
    ),
    **{
        f"sequence {tag:08X} as {vr}, {'implicit' if implicit else 'explicit'} inside": file_of(
            extra=element(tag, vr, item(_IMPLICIT_NAME if implicit else _NAME))
        )
        for tag in (0x0018A001, 0x00082218, 0x52009230, 0x00081140, 0x00400555, 0x00540016, 0x00089215)
        for vr, implicit in (("SQ", False), ("UN", True), ("UN", False))
    },
}


@pytest.mark.parametrize("place", FILES)
def test_bytes_hidden_in_the_encoding_never_come_out(place: str) -> None:
    assert SECRET in opened(FILES[place])
    if place.startswith("behind the last pixel"):  # nobody can say what these bytes are
        with pytest.raises(ItemError) as caught:
            both_passes(FILES[place], accepted=True)
        assert caught.value.code == "DCM-047"
        return
    made = both_passes(FILES[place], accepted=True)
    assert SECRET not in opened(made.data)
    assert SECRET.decode() not in repr(made.actions)


@pytest.mark.parametrize(
    "comment", [b"\xff\xd8\xff\xfe\x00\x0aQZSECRET\xff\xd9", b"\xff\xd8\xff\xff\xfe\x00\x0aQZSECRET\xff\xd9"]
)
def test_a_comment_in_a_jpeg_frame_holds_the_file_back(comment: bytes) -> None:
    with pytest.raises(ItemError) as caught:
        both_passes(file_of(fragments=[b"", comment], syntax=BASELINE))
    assert caught.value.code == "DCM-048"


@pytest.mark.parametrize(
    ("uid", "number"),
    [
        (b"1.2.840.123456789.19310405", b"123456789"),
        (b"1.2.840.10008.5.1.4.1.1.2.19310405", b"19310405"),
        (b"2.16.840.1.113883.6.96.123456789", b"123456789"),
    ],
)
@pytest.mark.parametrize("tag", [0x00081155, 0x00081150, 0x00200052, 0x00081140])
def test_a_number_behind_the_root_of_a_registered_uid_is_mapped(tag: int, uid: bytes, number: bytes) -> None:
    if tag == 0x00081140:
        data = file_of(extra=element(tag, "SQ", item(element(0x0008010C, "UI", uid))))
    else:
        data = file_of({tag: ("UI", uid)})
    assert number not in both_passes(data).data


@pytest.mark.parametrize("vr", ["DA", "LO", "SH", "IS", "UN"])
@pytest.mark.parametrize("value", [b"19310405", b"5 April 1931", b"19310405-19310406"])
def test_a_date_attribute_keeps_no_day_whatever_its_vr_says(vr: str, value: bytes) -> None:
    data = both_passes(file_of({0x00080022: (vr, value)})).data
    assert value not in data
    assert b"0405" not in data
    assert b"April" not in data
