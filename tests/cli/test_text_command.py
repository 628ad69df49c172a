"""The text command: counts by default, the text on a terminal only, and nothing in a file steers the terminal."""

import json
import os
import pty
import subprocess
import sys

import pytest
from click.testing import CliRunner

from curator.cli.text import harmless, text
from curator.core.errors import CuratorError, ItemError, UsageError
from curator.core.schema import violation

NOTE = "Seen by Dr. Page on 03/14/2021, MRN 00482913. Lungs are clear.\n"
VALUES = ("Page", "03/14/2021", "00482913")
PROGRAM = [sys.executable, "-c", "from curator.cli.main import main; main()", "text"]


def run(*args, data=b""):
    """Return what the command printed, or the error that it ended with."""
    done = CliRunner().invoke(text, [str(arg) for arg in args], input=data)
    if isinstance(done.exception, CuratorError):
        assert done.output == ""
        return done.exception
    assert done.exception is None, done.exception
    return done.output


def on_terminal(*args, env=None):
    ours, theirs = pty.openpty()
    done = subprocess.Popen(
        [*PROGRAM, *map(str, args)], stdout=theirs, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
        env={"PATH": os.environ["PATH"], "TERM": "xterm", "PYTHONUTF8": "1", **(env or {})},
    )  # fmt: skip
    os.close(theirs)
    out = b""
    while True:
        try:
            block = os.read(ours, 65536)
        except OSError:
            break
        if not block:
            break
        out += block
    os.close(ours)
    error = done.communicate()[1]
    return done.returncode, out.decode("utf-8"), error.decode("utf-8")


@pytest.fixture
def note(tmp_path):
    place = tmp_path / "note.txt"
    place.write_text(NOTE, encoding="utf-8")
    return place


def test_counts_by_category_are_printed_and_no_word_of_the_text(note):
    out = run(note)
    assert "3 identifiers" in out
    for name in ("NAME", "DATE", "RECORD_NUMBER"):
        assert name in out
    assert not any(value in out for value in (*VALUES, "Lungs"))


def test_json_is_a_summary_that_follows_its_schema(note):
    document = json.loads(run(note, "--json"))
    assert violation("detect-summary", document) is None
    assert document["findings"] == {"DATE": 1, "NAME": 1, "RECORD_NUMBER": 1}


def test_the_text_is_not_shown_where_no_terminal_is(note):
    error = run(note, "--show")
    assert isinstance(error, UsageError)
    assert error.code == "TXT-009"
    assert not any(value in str(error) for value in VALUES)


def test_the_text_is_shown_in_a_pipe_when_that_is_asked_for(note):
    out = run(note, "--show", "--to-pipe")
    assert out == "Seen by Dr. [[NAME:Page]] on [[DATE:03/14/2021]], MRN [[RECORD_NUMBER:00482913]]. Lungs are clear.\n"


def test_a_terminal_shows_colors(note):
    code, out, _ = on_terminal(note, "--show")
    assert code == 0
    assert "\x1b[" in out
    assert "Page" in out


def test_a_terminal_shows_brackets_where_no_color_is_wanted(note):
    code, out, _ = on_terminal(note, "--show", env={"NO_COLOR": "1"})
    assert code == 0
    assert "\x1b[" not in out
    assert "[[NAME:Page]]" in out


@pytest.mark.parametrize("mode", ["tag", "surrogate", "remove"])
def test_the_scrubbed_text_holds_none_of_the_values_and_all_of_the_rest(note, mode):
    out = run(note, "--show", "--to-pipe", "--mode", mode)
    assert not any(value in out for value in VALUES)
    assert "Lungs are clear." in out


def test_two_views_draw_different_surrogates(note):
    assert len({run(note, "--show", "--to-pipe", "--mode", "surrogate") for _ in range(3)}) > 1


@pytest.mark.parametrize(
    ("args", "code"),
    [(("--json", "--show"), "TXT-010"), (("--mode", "tag"), "TXT-011"), (("--to-pipe",), "TXT-011")],
)
def test_options_that_do_not_go_together_are_refused(note, args, code):
    error = run(note, *args)
    assert isinstance(error, UsageError)
    assert error.code == code


@pytest.mark.parametrize("coding", ["utf-8-sig", "utf-16", "cp1252"])
def test_other_encodings_are_read(tmp_path, coding):
    place = tmp_path / "note.txt"
    place.write_bytes("Patientin wohnt in München. MRN: 00482913. Größe und Gewicht überprüft.\r\n".encode(coding))
    assert json.loads(run(place, "--json"))["findings"]["RECORD_NUMBER"] == 1


def test_a_binary_file_is_refused_with_a_code(tmp_path):
    place = tmp_path / "jane-doe.bin"
    place.write_bytes(bytes(range(256)) * 4)
    error = run(place)
    assert isinstance(error, ItemError)
    assert error.code == "TXT-020"
    assert "jane" not in str(error)


def test_a_file_that_is_not_there_is_not_named(tmp_path):
    error = run(tmp_path / "jane-doe.txt")
    assert isinstance(error, UsageError)
    assert error.code == "TXT-001"
    assert "jane" not in str(error)


def test_standard_input_is_read():
    assert "3 identifiers" in run("-", data=NOTE.encode())


def test_what_would_steer_the_terminal_is_shown_by_its_number(tmp_path):
    place = tmp_path / "note.txt"
    place.write_text("Dr. Pa\x1b]0;xge \x1b[2J\u202eMRN 00482913\u200b\n", encoding="utf-8")
    for args in ((), ("--mode", "tag"), ("--marks", "brackets")):
        out = run(place, "--show", "--to-pipe", *args)
        assert not any(mark in out for mark in "\x1b\u202e\u200b")
        assert "<U+001B>" in out


def test_harmless_keeps_letters_tabs_and_line_breaks():
    assert harmless("Größe\t王\r\nok\rno") == "Größe\t王\nok<U+000D>no"
    assert harmless("\x1b[31m\u2028\ud800\x9b\x07") == "<U+001B>[31m<U+2028><U+D800><U+009B><U+0007>"
