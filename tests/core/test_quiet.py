"""A secret planted in warnings, logs and exceptions must come out on no stream of any process."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from curator.core import quiet

ROOT = Path(__file__).resolve().parents[2]
SECRET = "DOE^JANE-7711"

START = f"""
import sys
sys.argv.append("x")
S = "{SECRET}"
from curator.core import quiet
"""


def run(code, *options, file=None, install=True, env=None):
    """Run code in a new process after quiet.install(), and return its output."""
    text = START + ("quiet.install()\n" if install else "") + code
    if file is not None:
        file.write_text(text)
    return subprocess.run(
        [sys.executable, *options, *([str(file)] if file else ["-c", text])],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "PYTHONPATH": str(ROOT), **(env or {})},
        check=False,
    )


SPOKEN = {
    "a warning": "import warnings; warnings.warn(S)",
    "a warning shown again": "import warnings; warnings.warn(S); warnings.warn(S, DeprecationWarning)",
    "a warning within catch_warnings": "import warnings\nwith warnings.catch_warnings(): warnings.warn(S)",
    "a log record": "import logging; logging.getLogger('x').critical(S)",
    "a root log record": "import logging; logging.error(S)",
    "a log record after basicConfig": "import logging; logging.basicConfig(force=True); logging.critical(S)",
    "a log record with a broken format": "import logging; logging.error(S + '%d', 'x')",
    "a captured warning": (
        "import logging, warnings; logging.basicConfig(); logging.captureWarnings(True); warnings.warn(S)"
    ),
    "a logger with a handler of its own": (
        "import logging; log = logging.getLogger('pydicom'); log.addHandler(logging.StreamHandler()); log.error(S)"
    ),
    "pydicom's own complaint": (
        "import pydicom\n"
        "from pydicom.dataset import Dataset\n"
        "ds = Dataset(); ds.PatientBirthDate = S; ds.PatientID = S * 20; ds.StudyInstanceUID = S\n"
        "pydicom.config.debug(True); ds.to_json()"
    ),
}


@pytest.mark.parametrize("code", SPOKEN.values(), ids=SPOKEN.keys())
@pytest.mark.parametrize("options", [(), ("-W", "always"), ("-X", "dev")], ids=["plain", "always", "dev"])
def test_what_a_library_says_is_dropped(code, options):
    done = run(code, *options)
    assert (done.stdout, done.stderr, done.returncode) == ("", "", 0)


@pytest.mark.parametrize("code", SPOKEN.values(), ids=SPOKEN.keys())
def test_the_same_words_do_come_out_without_it(code):
    done = run(code, "-W", "always", install=False)
    assert SECRET in done.stderr, "else the tests above could not fail"


RAISED = {
    "an exception": ("raise ValueError(S)", "ValueError"),
    "a chain of exceptions": ("try:\n raise KeyError(S)\nexcept KeyError as e:\n raise OSError(S) from e", "OSError"),
    "an exception group": ("raise ExceptionGroup(S, [ValueError(S)])", "ExceptionGroup"),
    "an exception with notes": ("e = ValueError(); e.add_note(S); raise e", "ValueError"),
    "a thread's exception": (
        "import threading\ndef f(): raise ValueError(S)\nt = threading.Thread(target=f, name=S); t.start(); t.join()",
        "a thread was stopped by ValueError",
    ),
    "a finalizer's exception": ("class A:\n def __del__(self): raise ValueError(S)\na = A(); del a", "ValueError"),
    "an exception of an error type named in another package": ("import json; json.loads(S)", "JSONDecodeError"),
}


@pytest.mark.parametrize(("code", "kind"), RAISED.values(), ids=RAISED.keys())
def test_an_uncaught_exception_is_named_by_its_type_alone(code, kind, tmp_path):
    done = run(code, file=tmp_path / f"{SECRET}.py")
    assert SECRET not in done.stdout + done.stderr
    assert kind in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert str(tmp_path) not in done.stderr


def test_the_place_inside_this_package_is_named(tmp_path):
    done = run("from curator.core.canonical import strict_loads; strict_loads(S)")
    assert SECRET not in done.stderr
    assert done.stderr.startswith("stopped by curator/core/canonical.py:")
    assert done.stderr.endswith(" UsageError\n")


def test_a_crash_dumps_no_stack_and_no_core(tmp_path):
    done = run(
        "import faulthandler, resource, os, signal\n"
        "assert not faulthandler.is_enabled()\n"
        "assert max(resource.getrlimit(resource.RLIMIT_CORE)) <= 1\n"
        "os.kill(os.getpid(), signal.SIGSEGV)",
        "-X",
        "faulthandler",
        env={"PYTHONFAULTHANDLER": "1"},
    )
    assert done.returncode == -11
    assert (done.stdout, done.stderr) == ("", "")


def test_installing_twice_is_the_same_as_once():
    done = run(
        "import logging, warnings\n"
        "before = (list(logging.getLogger().handlers).__len__(), len(warnings.filters), sys.excepthook)\n"
        "quiet.install(); quiet.install()\n"
        "after = (list(logging.getLogger().handlers).__len__(), len(warnings.filters), sys.excepthook)\n"
        "assert before == after"
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_dropped_warnings_leave_no_register_that_grows():
    done = run(
        "import warnings\n"
        "for n in range(1000): warnings.warn(S + str(n))\n"
        "held = [k for k in globals().get('__warningregistry__', {}) if S in str(k)]\n"
        "assert held == [], len(held)"
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_nothing_heavy_is_imported():
    done = run(
        "heavy = {'pydicom', 'pyarrow', 'numpy', 'jsonschema', 'cryptography', 'rich', 'multiprocessing', 'ctypes'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_a_closed_standard_error_is_no_reason_to_fail():
    done = run("sys.stderr.close(); raise ValueError(S)")
    assert done.returncode == 1
    assert SECRET not in done.stdout + done.stderr


WORKER = """
def say(n):
    import logging, os, warnings
    from curator.core import quiet
    quiet.install()
    quiet.mute_streams()
    warnings.warn(S); logging.critical(S); print(S, flush=True); os.write(2, S.encode())
    open(__file__ + ".reached", "x").close()
    raise ValueError(S)

if __name__ == "__main__":
    import multiprocessing
    process = multiprocessing.get_context("spawn").Process(target=say, args=(1,), name=S)
    process.start()
    process.join()
    assert process.exitcode == 1
"""


def test_a_worker_that_fails_says_nothing_either(tmp_path):
    done = run(WORKER, file=tmp_path / "program.py")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (tmp_path / "program.py.reached").exists()


def test_a_place_is_a_file_of_this_package_a_line_and_a_type():
    from curator.core.errors import CheckError, UsageError
    from curator.core.files import translated

    def fail():
        with translated():
            raise OSError(5, SECRET, SECRET)

    with pytest.raises(CheckError) as caught:
        fail()
    text = quiet.place(caught.value)
    assert text.startswith("curator/core/files.py:")
    assert text.endswith(" CheckError")
    assert quiet.place(UsageError("SYS-008")) == "UsageError"
    assert quiet.place(None) == "exception"
