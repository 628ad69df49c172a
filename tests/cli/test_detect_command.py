"""The detect command: spans in the order of the input and as they are found, other detectors, no text anywhere."""

import json
import os
import subprocess
import sys

import started

from curator.core.schema import violation

PROGRAM = [sys.executable, "-c", "from curator.cli.main import main; main()", "detect"]
ENVIRONMENT = {"PATH": os.environ["PATH"]}


def run(*args, data=b""):
    done = started.run(["detect", *args], given=data, env=ENVIRONMENT)
    assert b"Traceback" not in done.stderr
    return done


def test_spans_come_in_the_order_of_the_input_without_the_text():
    texts = ["MRN 00482913", "nothing here", "call (701) 555-0133"]
    data = "".join(json.dumps({"id": at, "text": text, "more": 1}) + "\n" for at, text in enumerate(texts))
    done = run(data=data.encode())
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert [line["id"] for line in lines] == [0, 1, 2]
    assert [[span["category"] for span in line["spans"]] for line in lines] == [["RECORD_NUMBER"], [], ["PHONE"]]
    assert all(violation("detect-spans", line) is None for line in lines)
    assert b"00482913" not in done.stdout + done.stderr


def test_offsets_count_code_points():
    text = "😀é MRN 00482913"
    done = run(data=json.dumps({"id": "a", "text": text}).encode())
    (span,) = json.loads(done.stdout)["spans"]
    assert text[span["start"] : span["end"]] == "00482913"


def test_a_line_is_answered_before_the_next_is_read():
    with subprocess.Popen(PROGRAM, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=ENVIRONMENT) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for number in range(2):
            process.stdin.write(json.dumps({"id": number, "text": "MRN 00482913"}).encode() + b"\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == number
        process.stdin.close()
        assert process.stdout.read() == b""
    assert process.returncode == 0


def test_a_detector_that_is_not_installed_is_a_usage_error():
    done = run("--with", "jane-doe-detector", data=b"")
    assert done.returncode == 2
    assert done.stderr.startswith(b"TXT-007")
    assert b"jane" not in done.stderr


def test_an_installed_detector_is_asked_too(tmp_path):
    (tmp_path / "theirs.py").write_text(
        "from curator.identifiers.categories import Category\n"
        "from curator.identifiers.findings import Finding\n"
        "class Made:\n"
        "    def find(self, text):\n"
        "        return [Finding(0, 4, Category.NAME, 'name', 'theirs.all', 0.9)]\n"
    )
    info = tmp_path / "theirs-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: theirs\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[curator.detectors]\ntheirs = theirs:Made\n")
    done = subprocess.run(
        [*PROGRAM, "--with", "theirs"], input=b'{"id": 1, "text": "zzzz qqqq"}\n', capture_output=True, check=False,
        env={**ENVIRONMENT, "PYTHONPATH": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert [span["rule"] for span in json.loads(done.stdout)["spans"]] == ["theirs.all"]


def test_a_summary_follows_its_schema_and_counts_what_failed():
    done = run("--json", data=b'{"id": 1, "text": "MRN 00482913"}\n\xff\n')
    document = json.loads(done.stdout)
    assert done.returncode == 5
    assert violation("detect-summary", document) is None
    assert (document["texts"], document["failed"], document["by_code"]) == (1, 1, {"TXT-002": 1})
