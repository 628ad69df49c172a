"""Records of JSON files are read one by one, in every layout, and a broken file never passes as a shorter one."""

from __future__ import annotations

import io
import json
from decimal import Decimal

import pytest

from curator.core.errors import ItemError, UsageError
from curator.labels.readers import textio


def read(tmp_path, data):
    path = tmp_path / "x"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return list(textio.records(path))


@pytest.mark.parametrize(
    ("data", "values"),
    [
        ('{"a":1}\n\n{"a":2}', [("line 1", {"a": 1}), ("line 3", {"a": 2})]),
        ('\ufeff{"a":1}\r\n{"a":2}\r\n', [("line 1", {"a": 1}), ("line 2", {"a": 2})]),
        ('[{"a":1},{"a":2}]', [("record 1", {"a": 1}), ("record 2", {"a": 2})]),
        ('[\n{"a":1},\n{"a":\n2}]', [("record 1", {"a": 1}), ("record 2", {"a": 2})]),
        ('{\n"a":1}\n{"a":2}', [("record 1", {"a": 1}), ("record 2", {"a": 2})]),
        ('["t",{"a":1}]\n["u",{}]', [("line 1", ["t", {"a": 1}]), ("line 2", ["u", {}])]),
        ('[["t",{"a":[]}],["u",{}]]', [("record 1", ["t", {"a": []}]), ("record 2", ["u", {}])]),
        ('[\n"t",{"a":1}]', [("record 1", ["t", {"a": 1}])]),
        ('[1,{"a":[1,[2]]}]', [("record 1", 1), ("record 2", {"a": [1, [2]]})]),
    ],
)
def test_every_layout(tmp_path, data, values):
    assert read(tmp_path, data) == values


def test_digits_stay(tmp_path):
    for data in ('{"a":1.50}', '{\n"a":1.50}'):
        value = read(tmp_path, data)[0][1]["a"]
        assert isinstance(value, Decimal)
        assert str(value) == "1.50"


@pytest.mark.parametrize(
    "layout", [lambda text: text, lambda text: f"[\n{text}]", lambda text: text.replace("{", "{\n", 1)]
)
@pytest.mark.parametrize(
    "text",
    [
        '{"a":1,"a":2}',
        '{"a":NaN}',
        '{"a":Infinity}',
        '{"a":' + "[" * 40 + "]" * 40 + "}",
        '{"a":1}}',
        '{"a":1',
        '{"a":1e99999999999999999999}',
        '{"a":"\udcff"}',
    ],
)
def test_hostile_files_are_refused_whole(tmp_path, layout, text):
    with pytest.raises(UsageError) as caught:
        read(tmp_path, layout(text).encode("utf-8", "surrogateescape"))
    assert caught.value.code == "IMP-003"


def test_an_empty_file_and_a_missing_one(tmp_path):
    with pytest.raises(UsageError, match="IMP-003"):
        read(tmp_path, "\n")
    with pytest.raises(UsageError, match="IMP-002"):
        list(textio.records(tmp_path / "none"))


@pytest.mark.parametrize("indent", [None, 1])
def test_a_file_cut_anywhere_is_refused(tmp_path, indent):
    data = json.dumps([{"text": "Jane", "label": [[0, 4, "é"]]}, {"text": "b", "n": 1.5}], indent=indent).encode()
    for cut in range(1, len(data)):
        with pytest.raises(UsageError) as caught:
            read(tmp_path, data[:cut])
        assert caught.value.code == "IMP-003"
        assert "Jane" not in str(caught.value)


@pytest.mark.parametrize(
    ("value", "time"),
    [
        (1700000000, "2023-11-14T22:13:20Z"),
        (Decimal("1700000000.25"), "2023-11-14T22:13:20.250000Z"),
        (True, None),
        (-5, None),
        (10**30, None),
        (Decimal("NaN"), None),
        ("1700000000", None),
    ],
)
def test_seconds_become_utc(value, time):
    assert textio.from_epoch(value) == time


@pytest.mark.parametrize(
    ("value", "good"),
    [
        ("2026-03-01T09:00:00Z", True),
        ("2026-03-01T09:00:00.5+05:30", True),
        ("2026-03-01T09:00:00", False),
        ("2026-02-30T09:00:00Z", False),
        ("yesterday", False),
        (5, False),
    ],
)
def test_times_need_a_zone(value, good):
    assert textio.instant(value) == (value if good else None)


@pytest.mark.parametrize("value", [True, None, "8", Decimal("8.5"), Decimal("1e999999"), [8]])
def test_offsets_are_whole_numbers(value):
    with pytest.raises(ItemError, match="IMP-020"):
        textio.whole(value)
    assert textio.whole(Decimal("8.0")) == 8


def test_lone_surrogates_are_no_text():
    with pytest.raises(ItemError, match="IMP-023"):
        textio.text("a\ud800")


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize(
    ("escape", "good"),
    [
        (r"\ud83e\ude78", True),
        (r"\ud83e\ude78\uD83E\uDE78", True),
        (r"\ud83e", False),
        (r"\ude78", False),
        (r"\ude78\ud83e", False),
        (r"\ud83e\ude78\ude78", False),
        (r"\ud83ex\ude78", False),
    ],
)
def test_half_a_character_is_refused_wherever_the_reads_part(tmp_path, escape, good, indent):
    for shift in range(40):
        data = ("[" if indent else "") + '{"text": "' + "x" * shift + escape + '"}' + ("]" if indent else "")
        if good:
            assert read(tmp_path, data)[0][1]["text"].startswith("x" * shift + "\U0001fa78")
        else:
            with pytest.raises(UsageError, match="IMP-003"):
                read(tmp_path, data)
        stream = textio._Checked(io.BytesIO(data.encode()))
        pieces = []
        try:
            while piece := stream.read(7):
                pieces.append(piece)
        except UsageError:
            pieces = []
        assert bool(pieces) is good
