"""JSON Lines in and out: spans without text, bad lines told by number and code. All values are made up."""

import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.core.errors import CheckError, ItemError, UsageError
from curator.core.schema import violation
from curator.detect.text import detectors, find_all, installed, lines
from curator.detect.text.lines import Summary, detect_lines
from curator.engine import hands
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding

OURS = detectors()


def run(data, use=OURS):
    summary = Summary()
    return [json.loads(line) for line in detect_lines(io.BytesIO(data), use, summary)], summary


def test_a_line_gives_its_id_and_spans_in_code_points_and_not_its_text():
    text = "😀 MRN: 00482913 seen"
    (out,), summary = run(json.dumps({"id": "n1", "text": text}).encode())
    assert out["id"] == "n1"
    assert [(s["start"], s["end"], s["category"]) for s in out["spans"]] == [(7, 15, "RECORD_NUMBER")]
    assert "00482913" not in json.dumps(out)
    assert violation("detect-spans", out) is None
    assert violation("detect-summary", summary.document()) is None


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"\xff\xfe{}", "TXT-002"),
        (b"not json Jane", "TXT-003"),
        (b'{"id": 1, "id": 2, "text": "x"}', "TXT-003"),
        (b'{"id": 1, "text": NaN}', "TXT-003"),
        (b"[" * 100_000, "TXT-003"),
        (b"[1]", "TXT-003"),
        (b'{"id": 1}', "TXT-004"),
        (b'{"id": true, "text": "x"}', "TXT-004"),
        (b'{"id": 1, "text": 5}', "TXT-004"),
    ],
)
def test_a_bad_line_becomes_a_code_and_the_rest_goes_on(line, code):
    out, summary = run(line + b'\n\n{"id": 2, "text": "fine"}\n')
    assert out == [{"line": 1, "error": code}, {"id": 2, "spans": []}]
    assert (summary.failed, summary.texts, dict(summary.codes)) == (1, 1, {code: 1})
    assert all(violation("detect-spans", document) is None for document in out)


@pytest.mark.parametrize("workers", [2, 3])
def test_several_processes_write_the_same_lines_and_counts(monkeypatch, workers):
    monkeypatch.setattr(hands, "PART", 200)
    texts = [
        {"id": number, "text": f"Seen 3/{number}/2021 by Dr. Hallorane, MRN 0048291{number}."}
        for number in range(1, 30)
    ]
    listed = [json.dumps(one).encode() for one in texts]
    listed[7] = b"no json Jane"
    listed[9] = b""
    data = b"\xef\xbb\xbf" + b"\n".join(listed) + b"\n"
    alone, counts = run(data)
    summary = Summary()
    assert [json.loads(line) for line in detect_lines(io.BytesIO(data), OURS, summary, workers=workers)] == alone
    assert summary == counts
    assert counts.failed == 1


def test_a_line_that_is_too_long_is_skipped_without_being_held(monkeypatch):
    monkeypatch.setattr(lines, "LIMIT", 64)
    out, _ = run(b'{"id": 1, "text": "' + b"x" * 1000 + b'"}\n{"id": 2, "text": "fine"}\n')
    assert out == [{"line": 1, "error": "TXT-005"}, {"id": 2, "spans": []}]


class Broken:
    def find(self, text):
        raise ValueError(text)


class Beyond:
    def find(self, text):
        return [Finding(0, len(text) + 1, Category.NAME, "name", "theirs", 0.9)]


class Lying:
    def find(self, text):
        return [{"start": 0, "end": 1}]


@pytest.mark.parametrize(("added", "code"), [(Broken(), "TXT-006"), (Beyond(), "TXT-008"), (Lying(), "TXT-008")])
def test_a_detector_that_fails_makes_the_line_count_as_not_searched(added, code):
    out, _ = run(b'{"id": 1, "text": "Jane Doe"}', [*OURS, added])
    assert out == [{"line": 1, "error": code}]
    with pytest.raises(ItemError) as caught:
        find_all("Jane Doe", [added])
    assert "Jane" not in str(caught.value)


def test_a_detector_that_is_not_installed_is_refused():
    with pytest.raises(UsageError, match="TXT-007"):
        installed(["nobody-has-this"])


@given(st.binary(max_size=200))
def test_any_bytes_give_lines_that_follow_the_schema(data):
    out, summary = run(data)
    assert summary.texts + summary.failed == len(out)
    assert all(violation("detect-spans", document) is None for document in out)


@given(st.text(max_size=120))
def test_any_text_gives_ordered_findings_inside_of_it_that_do_not_overlap(text):
    found = find_all(text, OURS)
    ends = [0]
    for finding in found:
        assert ends[-1] <= finding.start < finding.end <= len(text)
        ends.append(finding.end)


def command(tmp_path, *args, data=b""):
    program = [sys.executable, "-c", "from curator.cli.main import main; main()", "detect", *args]
    return subprocess.run(program, input=data, capture_output=True, check=False, env={"PATH": os.environ["PATH"]})


def test_the_command_reads_standard_input_and_ends_with_5_when_a_line_failed(tmp_path):
    done = command(tmp_path, data=b'{"id": 1, "text": "MRN 00482913"}\nJane Doe\n')
    assert done.returncode == 5
    assert [set(json.loads(line)) for line in done.stdout.splitlines()] == [{"id", "spans"}, {"line", "error"}]
    assert b"TXT-003" in done.stderr
    assert b"Jane" not in done.stdout + done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere no process is forked")
def test_an_interrupt_ends_the_command_and_all_that_search_for_it():
    program = [str(Path(sys.executable).with_name("curator")), "detect", "--workers", "2"]
    line = json.dumps({"id": 1, "text": "Seen by Dr. Hallorane on 3/14/2021, MRN 00482913. " * 40}).encode() + b"\n"
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdin.write(line * 160)  # five parts, and more to come
        process.stdin.flush()
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        until = time.monotonic() + 20
        while len(hands_of := children.read_text().split()) < 2 and time.monotonic() < until:
            time.sleep(0.05)
        assert len(hands_of) == 2
        process.send_signal(signal.SIGINT)
        said = process.communicate()[1]
    assert process.returncode == 130
    assert b"SYS-004" in said
    assert b"Hallorane" not in said
    assert not [pid for pid in hands_of if Path(f"/proc/{pid}").exists()]


def test_the_command_prints_one_summary_when_asked(tmp_path):
    source = tmp_path / "notes.jsonl"
    source.write_text('{"id": 1, "text": "MRN 00482913"}\n')
    done = command(tmp_path, str(source), "--json")
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["findings"] == {"RECORD_NUMBER": 1}


def test_a_file_that_is_not_there_is_a_usage_error_that_does_not_name_it(tmp_path):
    done = command(tmp_path, str(tmp_path / "jane-doe.jsonl"))
    assert done.returncode == 2
    assert done.stderr.startswith(b"TXT-001")
    assert b"jane" not in done.stderr


class Says:
    """A detector of another's that fails in a way of the program's own."""

    def __init__(self, error):
        self.error = error

    def find(self, _text):
        raise self.error


def test_only_what_the_disk_refuses_stops_a_search():
    with pytest.raises(CheckError, match="SYS-001"):
        find_all("x", [Says(CheckError("SYS-001"))])
    with pytest.raises(ItemError) as told:
        find_all("x", [Says(CheckError("SRC-006", count="Jane Doe"))])
    assert told.value.code == "TXT-006"
    assert "Jane" not in str(told.value)
