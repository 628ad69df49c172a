"""The console script as a user meets it: help, versions, mistakes in typing, exit codes. Run as installed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from curator import __version__
from curator.cli.lazy import SECTIONS
from curator.core.errors import EXIT_OF_KIND, codes

SCRIPT = Path(sys.executable).parent / "curator"
HEAVY = ("pydicom", "pyarrow", "numpy", "deid", "jsonschema", "cryptography", "rich")
NAMES = [name for section in SECTIONS.values() for name in section]


def curator(*args: str, **more: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([SCRIPT, *args], capture_output=True, text=True, check=False, timeout=60, **more)


def imported_by(*args: str) -> set[str]:
    """Run a command line in a fresh interpreter and return every module that it loaded."""
    code = (
        "import sys\nfrom curator.cli.main import run\n"
        f"code = run({list(args)!r})\nprint('|'.join(sys.modules), file=sys.stderr)\nsys.exit(code)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    return set(done.stderr.splitlines()[-1].split("|"))


def test_help_imports_nothing_heavy_and_no_command() -> None:
    modules = imported_by("--help")
    assert not [name for name in HEAVY if name in modules]
    assert "click" in modules
    assert not [name for name in NAMES if f"curator.cli.{name}" in modules]


@pytest.mark.parametrize("name", NAMES)
def test_help_of_each_command_imports_no_library_that_reads_data(name: str) -> None:
    modules = imported_by(name, "--help")
    assert f"curator.cli.{name}" in modules
    assert not [heavy for heavy in HEAVY if heavy in modules]


def test_help_of_the_program_needs_click_alone(tmp_path: Path) -> None:
    import click

    import curator as package

    (tmp_path / "click").symlink_to(Path(click.__file__).parent)
    (tmp_path / "curator").symlink_to(Path(package.__file__).parent)
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); sys.argv = ['curator', '--help']\n"
    code += "from curator.cli.main import main; main()"
    done = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert "scrub" in done.stdout


def test_help_names_every_command_and_every_module_has_its_place() -> None:
    shown = curator("--help").stdout
    assert all(f"\n  {name} " in shown for name in NAMES)


def test_the_version_is_the_package_s() -> None:
    done = curator("--version")
    assert (done.returncode, done.stdout) == (0, f"curator {__version__}\n")


def test_no_arguments_show_the_help_and_are_a_usage_error() -> None:
    done = curator()
    assert done.returncode == 2
    assert done.stdout == ""
    assert "Usage: curator" in done.stderr


@pytest.mark.parametrize(
    ("typed", "code", "words"),
    [
        (["scurb"], "CLI-001", "Did you mean 'scrub'?"),
        (["zzzzzz"], "CLI-001", "hint: See 'curator --help'"),
        (["explain", "--jsn"], "CLI-002", "Did you mean '--json'?"),
        (["explain", "SYS-001", "Doe^John"], "CLI-006", "more arguments"),
        (["explain", "SYS-00"], "CLI-009", "Did you mean SYS-00"),
        (["ledger", "verfy"], "CLI-001", "Did you mean 'verify'?"),
    ],
)
def test_a_slip_of_the_fingers_gets_a_code_and_a_hint(typed: list[str], code: str, words: str) -> None:
    done = curator(*typed)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith(f"{code} ")
    assert words in done.stderr
    assert "\nhint: " in done.stderr


@pytest.mark.parametrize(
    "typed",
    [
        ["DOE_JOHN_19500101"],
        ["--DOE_JOHN_19500101"],
        ["explain", "DOE_JOHN_19500101"],
        ["explain", "--DOE_JOHN_19500101"],
        ["explain", "SYS-001", "DOE_JOHN_19500101"],
        ["explain", "--json=DOE_JOHN_19500101"],
        ["scan", "/mnt/DOE_JOHN_19500101"],
        ["scrub", "/mnt/DOE_JOHN_19500101", "--project", "/mnt/DOE_JOHN_19500101"],
        ["scrub", "/mnt/DOE_JOHN_19500101", "--workers", "DOE_JOHN_19500101"],
        ["scrub", "/mnt/DOE_JOHN_19500101", "--passphrase-file", "/mnt/DOE_JOHN_19500101"],
        ["sign", "/mnt/DOE_JOHN_19500101", "--as", "r1", "--project", "/mnt/DOE_JOHN_19500101"],
        ["release", "verify", "/mnt/DOE_JOHN_19500101"],
        ["ledger", "verify", "/mnt/DOE_JOHN_19500101"],
        ["init", "/mnt/nowhere/DOE_JOHN_19500101", "--site", "DOE_JOHN_19500101 ?"],
    ],
)
@pytest.mark.parametrize("as_json", [False, True])
def test_what_was_typed_is_never_repeated(typed: list[str], as_json: bool, tmp_path: Path) -> None:
    done = curator(*typed, *(["--json"] if as_json else []), cwd=tmp_path, stdin=subprocess.DEVNULL)
    assert done.returncode in {2, 3}
    assert "DOE_JOHN" not in done.stdout + done.stderr
    assert done.stderr[:3].isupper()


def test_an_error_is_also_a_document_when_json_is_asked_for() -> None:
    done = curator("explain", "SYS-01234", "--json")
    assert done.returncode == 2
    error = json.loads(done.stdout)["error"]
    assert error["code"] == "CLI-009"
    assert set(error) == {"code", "sentence", "hint"}
    assert f"CLI-009 {error['sentence']}\nhint: {error['hint']}\n" == done.stderr


def test_explain_tells_the_sentence_the_hint_and_the_exit_code() -> None:
    entry = codes()["SYS-004"]
    done = curator("explain", "sys-004")
    assert done.returncode == 0
    assert done.stdout == f"SYS-004 {entry['sentence']}\nhint: {entry['hint']}\nkind: interrupt, exit 130\n"


def test_explain_lists_every_code_once() -> None:
    done = curator("explain")
    assert [line.split()[0] for line in done.stdout.splitlines()] == list(codes())
    listed = json.loads(curator("explain", "--json").stdout)
    assert [entry["code"] for entry in listed] == list(codes())
    assert all(entry["exit"] == EXIT_OF_KIND[entry["kind"]] for entry in listed)
