"""A file is seen whole or not at all, whatever the disk or a kill does."""

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curator.core import files
from curator.core.errors import CheckError

ROOT = Path(__file__).resolve().parents[2]
SECRET = "DOE^JANE"


def names(folder):
    return sorted(os.listdir(folder))


def in_a_process(code, *arguments):
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(old=st.binary(max_size=300), new=st.binary(max_size=300))
def test_a_whole_write_replaces_and_a_put_if_absent_never_does(tmp_path, old, new):
    path = tmp_path / "file"
    files.write_whole(path, old)
    files.write_whole(path, memoryview(new))
    assert path.read_bytes() == new
    assert files.put_if_absent(path, old) is False
    assert path.read_bytes() == new
    path.unlink()
    assert files.put_if_absent(path, old) is True
    assert path.read_bytes() == old
    assert names(tmp_path) == ["file"]


@pytest.mark.parametrize("write", [files.write_whole, files.put_if_absent])
def test_permission_bits_are_those_asked_for(tmp_path, write):
    write(tmp_path / "secret", b"x", mode=0o600)
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("write", [files.write_whole, files.put_if_absent])
def test_a_write_in_small_bites_is_complete(tmp_path, monkeypatch, write):
    real = os.write
    monkeypatch.setattr(os, "write", lambda handle, data: real(handle, bytes(data)[:7]))
    write(tmp_path / "file", bytes(range(256)))
    assert (tmp_path / "file").read_bytes() == bytes(range(256))


FULL = """
import resource, sys
from pathlib import Path
from curator.core import files
from curator.core.errors import CheckError
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
try:
    getattr(files, sys.argv[1])(Path(sys.argv[2]), b"n" * 100_000)
except CheckError as error:
    print(error.code)
"""


@pytest.mark.parametrize("write", ["write_whole", "put_if_absent"])
def test_a_full_disk_leaves_the_old_bytes_and_no_trace(tmp_path, write):
    path = tmp_path / "file"
    if write == "write_whole":
        path.write_bytes(b"old")
    before = names(tmp_path)
    done = in_a_process(FULL, write, path)
    assert (done.stdout, done.stderr) == ("SYS-001\n", "")
    assert names(tmp_path) == before
    if write == "write_whole":
        assert path.read_bytes() == b"old"


@pytest.mark.parametrize("write", [files.write_whole, files.put_if_absent])
@pytest.mark.parametrize(
    ("number", "code"),
    [(errno.ENOSPC, "SYS-001"), (errno.EDQUOT, "SYS-001"), (errno.EFBIG, "SYS-001"), (errno.EIO, "SYS-002")],
)
@pytest.mark.parametrize("step", ["write", "fsync"])
def test_a_refusal_in_the_middle_leaves_no_trace_and_names_no_path(tmp_path, monkeypatch, write, number, code, step):
    def refuse(*_):
        raise OSError(number, "no", SECRET)

    path = tmp_path / SECRET
    with monkeypatch.context() as patch:
        patch.setattr(os, step, refuse)
        with pytest.raises(CheckError) as caught:
            write(path, b"new")
    assert caught.value.code == code
    assert SECRET not in str(caught.value) + repr(caught.value.facts)
    assert caught.value.__suppress_context__
    assert names(tmp_path) == []


@pytest.mark.parametrize("number", [errno.EPERM, errno.ENOTSUP, errno.EMLINK])
def test_a_file_system_without_hard_links_is_refused_by_name(tmp_path, monkeypatch, number):
    def refuse(*_):
        raise OSError(number, "no")

    monkeypatch.setattr(os, "link", refuse)
    with pytest.raises(CheckError) as caught:
        files.put_if_absent(tmp_path / "file", b"x")
    assert caught.value.code == "SYS-003"
    assert names(tmp_path) == []


@pytest.mark.parametrize("write", [files.write_whole, files.put_if_absent])
def test_a_missing_folder_is_a_check_error_without_its_name(tmp_path, write):
    with pytest.raises(CheckError) as caught:
        write(tmp_path / SECRET / "file", b"x")
    assert caught.value.facts == {"reason": "ENOENT"}


RACE = """
import sys
from pathlib import Path
from curator.core.files import put_if_absent
me = sys.argv[2]
won = [n for n in range(60) if put_if_absent(Path(sys.argv[1]) / str(n), me.encode() * 2000)]
print(*won)
"""


def test_of_many_that_put_the_same_name_exactly_one_wins_each_time(tmp_path):
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", RACE, str(tmp_path), me],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        for me in "abc"
    ]
    won = {me: process.communicate(timeout=60)[0].split() for me, process in zip("abc", processes, strict=True)}
    assert sorted(int(n) for wins in won.values() for n in wins) == list(range(60))
    for me, wins in won.items():
        assert all((tmp_path / n).read_bytes() == me.encode() * 2000 for n in wins)


KILLED = """
import sys
from pathlib import Path
from curator.core.files import write_whole, put_if_absent
folder = Path(sys.argv[1])
print("begun", flush=True)
for n in range(10**9):
    write_whole(folder / "whole", b"%07d" % n * 20_000)
    put_if_absent(folder / f"put-{n % 50}", b"%07d" % n * 20_000)
"""


def test_a_kill_at_any_instant_shows_whole_files_only(tmp_path):
    for round_ in range(8):
        process = subprocess.Popen(
            [sys.executable, "-c", KILLED, str(tmp_path)],
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        assert process.stdout is not None
        process.stdout.readline()
        try:
            process.wait(0.02 + 0.013 * round_)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
        process.communicate()
        for name in names(tmp_path):
            if not name.startswith(files.TEMP_PREFIX):
                data = (tmp_path / name).read_bytes()
                assert data == data[:7] * 20_000
    seen = {name for name in names(tmp_path) if not name.startswith(files.TEMP_PREFIX)}
    assert "whole" in seen
    left = len(names(tmp_path)) - len(seen)
    assert files.sweep_temps(tmp_path) == left
    assert set(names(tmp_path)) == seen


def test_the_sweep_takes_temporary_files_at_every_depth_and_nothing_else(tmp_path):
    deep = tmp_path / "a" / "b"
    files.make_folder(deep)
    (deep / f"{files.TEMP_PREFIX}0123").write_bytes(b"x")
    (deep / "kept").write_bytes(b"x")
    assert files.sweep_temps(tmp_path) == 1
    assert names(deep) == ["kept"]


def test_a_folder_is_made_with_its_parents_and_may_be_there_already(tmp_path):
    deep = tmp_path / "a" / "b" / "c"
    files.make_folder(deep, mode=0o700)
    files.make_folder(deep, mode=0o755)
    assert deep.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("below", ["", "/a/b"])
def test_a_file_where_a_folder_should_be_is_an_error(tmp_path, below):
    (tmp_path / SECRET).write_bytes(b"x")
    with pytest.raises(CheckError) as caught:
        files.make_folder(Path(f"{tmp_path}/{SECRET}{below}"))
    assert caught.value.code == "SYS-002"
    assert SECRET not in str(caught.value)


def test_folders_made_for_later_are_flushed_up_to_the_root_each_once(tmp_path, monkeypatch):
    flushed = []
    monkeypatch.setattr(files, "sync_folder", flushed.append)
    for name in ("clean/p/s/a", "clean/p/s/b", "clean/p/s/b", "clean/q"):
        files.make_folder(tmp_path / name, flush=False)
    assert (tmp_path / "clean/p/s/b").is_dir()
    assert not flushed
    files.sync_folders(tmp_path, ["clean/p/s/a", "clean/p/s/b", "clean/q"])
    names = ["clean", "clean/p", "clean/p/s", "clean/p/s/a", "clean/p/s/b", "clean/q"]
    assert sorted(flushed) == [f"{tmp_path}/{name}" for name in names]


def test_a_file_where_a_folder_for_later_should_be_is_an_error(tmp_path):
    (tmp_path / "taken").write_bytes(b"x")
    for name in ("taken", "taken/below"):
        with pytest.raises(CheckError) as caught:
            files.make_folder(tmp_path / name, flush=False)
        assert caught.value.code == "SYS-002"
    assert (tmp_path / "taken").read_bytes() == b"x"


def test_a_disk_that_is_mounted_for_reading_only_is_said_in_words():
    with pytest.raises(CheckError) as caught, files.translated():
        raise OSError(errno.EROFS, "refused", SECRET)
    assert "(EROFS: it is mounted for reading only)" in caught.value.sentence


def test_an_operating_system_error_without_a_number_is_unknown():
    with pytest.raises(CheckError) as caught, files.translated():
        raise OSError(SECRET)
    assert caught.value.facts == {"reason": "unknown"}


def test_an_error_of_the_project_passes_through_unchanged():
    inner = CheckError("SYS-003")
    with pytest.raises(CheckError) as caught, files.translated():
        raise inner
    assert caught.value is inner


def test_whether_a_folder_can_be_written_into_is_found_by_writing_and_leaves_nothing(tmp_path: Path) -> None:
    from curator.core.files import unwritable

    (tmp_path / "file").write_bytes(b"x")
    assert unwritable(tmp_path) is None
    assert unwritable(tmp_path / "not" / "yet") is None
    assert unwritable(tmp_path / "file" / "below") == "ENOTDIR"
    assert unwritable(Path("/proc/self/not-yet")) is not None
    assert [one.name for one in tmp_path.iterdir()] == ["file"]
