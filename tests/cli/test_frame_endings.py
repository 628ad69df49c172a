"""How a command ends when it is stopped, when its reader leaves, and when something breaks that nobody foresaw."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

# A program with one more command, `odd`, whose body is given.
PROGRAM = """
import sys, types, time, os
import click
from curator.cli import common, lazy, main
from curator.core.errors import *

@click.command()
@click.option("--count", type=click.IntRange(1, 9))
@click.option("--kind", type=click.Choice(["axial", "coronal"]))
@click.option("--file", type=click.Path(exists=True, dir_okay=False))
@click.option("--pair", nargs=2)
@click.option("--need", required=False)
@common.json_option
def odd(count, kind, file, pair, need, as_json):
{body}

lazy.SECTIONS["More"] = {{"odd": "Odd."}}
module = types.ModuleType("curator.cli.odd")
module.odd = odd
sys.modules["curator.cli.odd"] = module
main.main()
"""


def program(body: str) -> list[str]:
    return [sys.executable, "-c", PROGRAM.format(body=textwrap.indent(textwrap.dedent(body), "    "))]


def odd(body: str, *args: str, **more: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*program(body), "odd", *args], capture_output=True, text=True, timeout=60, **more)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("as_json", [False, True])
def test_an_interrupted_command_says_that_a_rerun_resumes_and_exits_130(number: signal.Signals, as_json: bool) -> None:
    body = "sys.stderr.write('ready\\n'); sys.stderr.flush(); time.sleep(50)"
    args = ["odd", "--json"] if as_json else ["odd"]
    with subprocess.Popen([*program(body), *args], stdout=-1, stderr=-1, text=True) as process:
        assert process.stderr.readline() == "ready\n"
        process.send_signal(number)
        out, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert err.startswith("SYS-004 Interrupted.")
    assert "again to resume" in err
    assert (json.loads(out)["error"]["code"] == "SYS-004") if as_json else out == ""


def test_an_unforeseen_exception_shows_its_place_and_nothing_of_its_text() -> None:
    done = odd("from curator.core.hashing import framed; framed('dom\\u00e4n DOE_JOHN')", "--json")
    assert done.returncode == 3
    assert "SYS-005" in done.stderr
    assert "curator/core/hashing.py:" in done.stderr
    assert "UnicodeEncodeError" in done.stderr
    assert "DOE_JOHN" not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert json.loads(done.stdout)["error"]["code"] == "SYS-005"


def test_after_its_json_document_a_command_that_fails_prints_no_second_one() -> None:
    done = odd("common.emit_json({'found': 1}); raise CheckError('SYS-001')", "--json")
    assert done.returncode == 3
    assert json.loads(done.stdout) == {"found": 1}
    assert done.stderr.startswith("SYS-001")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("raise GateError('SYS-001')", 1),
        ("raise UsageError('SYS-001')", 2),
        ("raise CheckError('SYS-001')", 3),
        ("raise IntegrityError('SYS-001')", 4),
        ("raise ItemError('SYS-001')", 5),
        ("click.get_current_context().exit(5)", 5),
        ("sys.exit(4)", 4),
        ("return 1", 1),
        ("return None", 0),
        ("return True", 0),
    ],
)
def test_every_ending_has_the_exit_code_of_the_table(body: str, code: int) -> None:
    assert odd(body).returncode == code


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (["--count", "DOE"], "CLI-004", "--count cannot be used; it takes a number from 1 up to 9"),
        (["--count", "12"], "CLI-004", "from 1 up to 9"),
        (["--kind", "DOE"], "CLI-004", "one of axial, coronal"),
        (["--file", "/DOE"], "CLI-004", "a file that exists"),
        (["--pair", "DOE"], "CLI-005", "--pair"),
        (["--count"], "CLI-005", "--count"),
        (["--json=DOE"], "CLI-005", "--json"),
        (["DOE"], "CLI-006", "more arguments"),
        (["--cuont", "3"], "CLI-002", "Did you mean '--count'?"),
    ],
)
def test_a_wrong_argument_is_explained_by_what_would_be_right(args: list[str], code: str, words: str) -> None:
    done = odd("pass", *args)
    assert done.returncode == 2
    assert done.stderr.startswith(f"{code} ")
    assert "'curator odd'" in done.stderr
    assert words in done.stderr
    assert "DOE" not in done.stderr


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("raise click.BadParameter('DOE')", "CLI-004"),
        ("raise click.MissingParameter('DOE', ctx=click.get_current_context())", "CLI-003"),
        ("raise click.UsageError('DOE')", "CLI-007"),
        ("raise click.FileError('DOE')", "CLI-008"),
    ],
)
def test_errors_that_a_command_raises_through_click_lose_their_text(body: str, code: str) -> None:
    done = odd(body)
    assert done.returncode == 2
    assert done.stderr.startswith(code)
    assert "DOE" not in done.stderr


def test_a_reader_that_leaves_ends_the_command_quietly() -> None:
    body = "for number in range(200000): common.say(str(number))"
    line = '"$PYTHON" -c "$PROGRAM" odd | head -n 1; echo "${PIPESTATUS[0]}"'
    environment = {**os.environ, "PYTHON": sys.executable, "PROGRAM": program(body)[2]}
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, env=environment, timeout=60)
    assert done.stdout == "0\n141\n"
    assert done.stderr == ""


def test_a_pipe_that_breaks_inside_the_program_is_no_quiet_end() -> None:
    done = odd("read, write = os.pipe(); os.close(read); os.write(write, b'x')")
    assert done.returncode == 3
    assert done.stderr.startswith("SYS-005")


def test_a_passphrase_comes_from_its_file_without_the_line_break(tmp_path: Path) -> None:
    file = tmp_path / "pass"
    file.write_bytes(b" two words\r\n")
    body = f"from pathlib import Path; common.say(repr(common.read_passphrase(Path({str(file)!r}), 'Passphrase')))"
    assert odd(body).stdout == "b' two words'\n"


@pytest.mark.parametrize(
    ("data", "code"), [(None, "CLI-011"), (b"", "CLI-012"), (b"\n", "CLI-012"), (b"x" * 5000, "CLI-011")]
)
def test_a_passphrase_file_that_cannot_be_meant_is_refused(tmp_path: Path, data: bytes | None, code: str) -> None:
    file = tmp_path / "DOE_JOHN"
    if data is not None:
        file.write_bytes(data)
    done = odd(f"from pathlib import Path; common.read_passphrase(Path({str(file)!r}), 'Passphrase')")
    assert done.returncode == 2
    assert done.stderr.startswith(code)
    assert "DOE_JOHN" not in done.stderr


def test_without_a_file_and_a_terminal_no_passphrase_is_waited_for() -> None:
    done = odd("common.read_passphrase(None, 'Passphrase')", stdin=subprocess.DEVNULL)
    assert done.returncode == 2
    assert done.stderr.startswith("CLI-010")


def on_a_terminal(body: str, *typed: bytes, **environment: str) -> tuple[int, bytes]:
    """Run `odd` on a pseudo-terminal, answer each prompt, and return its exit code and all that the terminal showed."""
    import pty
    import select
    import time

    command = [*program(body), "odd"]
    child, terminal = pty.fork()
    if child == 0:
        os.environ.update({"TERM": "xterm-256color", "COLUMNS": "80", **environment})
        os.execv(command[0], command)
    shown, end, sent = b"", time.monotonic() + 30, 0
    while time.monotonic() < end:
        if select.select([terminal], [], [], 0.2)[0]:
            try:
                data = os.read(terminal, 65536)
            except OSError:
                break
            if not data:
                break
            shown += data
        if sent < min(len(typed), shown.count(b": ")):
            time.sleep(0.2)  # what is typed before the echo is off would be thrown away
            os.write(terminal, typed[sent])
            sent += 1
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), shown


def test_a_passphrase_is_asked_for_at_a_terminal_and_not_shown() -> None:
    code, shown = on_a_terminal("common.say(common.read_passphrase(None, 'Passphrase').hex())", b"s3cret\n")
    assert code == 0
    assert b"s3cret".hex().encode() in shown
    assert b"s3cret" not in shown


def test_two_entries_that_differ_are_refused() -> None:
    code, shown = on_a_terminal("common.read_passphrase(None, 'Passphrase', confirm=True)", b"one\n", b"two\n")
    assert code == 2
    assert b"CLI-013" in shown


BAR = """
with common.progress(3, "files") as bar:
    for _ in range(3):
        bar.advance()
        time.sleep(0.05)
"""


def test_progress_is_drawn_on_a_terminal_only() -> None:
    code, shown = on_a_terminal(BAR)
    assert code == 0
    assert b"3/3" in shown
    assert b"files/s" in shown
    silent = odd(BAR)
    assert (silent.returncode, silent.stdout, silent.stderr) == (0, "", "")


def test_progress_of_unknown_length_shows_a_count_alone() -> None:
    code, shown = on_a_terminal(BAR.replace("progress(3,", "progress(0,"))
    assert code == 0
    assert b"3/" not in shown
    assert b"3 " in shown


def test_progress_within_large_files_is_shown_by_the_bar_or_by_a_line_now_and_then() -> None:
    code, shown = on_a_terminal(BAR.replace("bar.advance()", "bar.within(23_000_000, 300_000_000)"))
    assert code == 0
    assert b"23 of 300 MB within large files" in shown
    twice = "bar.within(23_000_000, 300_000_000)\n        bar.within(0, 0)"
    assert odd(BAR.replace("bar.advance()", twice)).stderr == ""
    later = "common._LINE = 0.04\n" + BAR.replace("bar.advance()", "bar.within(23_000_000, 300_000_000)")
    assert odd(later).stderr == 2 * "files: 23 of 300 MB within large files\n"


def test_progress_has_no_colors_when_the_user_wants_none() -> None:
    assert b"\x1b[3" in on_a_terminal(BAR, NO_COLOR="")[1]
    code, shown = on_a_terminal(BAR, NO_COLOR="1")
    assert code == 0
    assert b"3/3" in shown
    assert b"\x1b[3" not in shown


def test_a_full_disk_behind_standard_output_is_named_as_one() -> None:
    if not os.path.exists("/dev/full"):
        pytest.skip("no /dev/full here")
    for body in ("common.say('x')", "sys.stdout.write('x')", "common.emit_json({'a': 1})"):
        with open("/dev/full", "w") as full:
            done = subprocess.run([*program(body), "odd"], stdout=full, stderr=-1, text=True, timeout=60)
        assert done.returncode == 3
        assert "SYS-001" in done.stderr


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_closed_streams_change_no_exit_code(closed: str) -> None:
    for body, code in (("common.say('x')", 0), ("raise IntegrityError('SYS-009', name='x')", 4)):
        line = f'exec "$@" {closed}'
        done = subprocess.run(["bash", "-c", line, "bash", *program(body), "odd"], capture_output=True, timeout=60)
        assert done.returncode == code
        assert b"Traceback" not in done.stdout + done.stderr


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_no_file_gets_the_number_of_a_closed_stream(closed: str) -> None:
    body = (
        "common.note('x')\nwith common.progress(1, 'files') as bar: bar.advance()\n"
        "with open(os.devnull) as file: assert file.fileno() > 2\nassert sys.stdin.read(0) == ''"
    )
    line = f'exec "$@" {closed}'
    done = subprocess.run(
        ["bash", "-c", line, "bash", *program(body), "odd"], stdin=-3, capture_output=True, timeout=60
    )
    assert (done.returncode, done.stdout) == (0, b"")
    assert done.stderr in {b"", b"x\n"}


def test_a_thread_that_outlives_the_command_changes_no_exit_code() -> None:
    body = "import threading; threading.Thread(target=time.sleep, args=(30,)).start(); raise CheckError('SYS-003')"
    done = odd(body)
    assert done.returncode == 3
