"""Tasks whose items misbehave on request. An item is ``(what, number)``."""

import contextlib
import io
import json
import os
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from curator.core import strides
from curator.core.errors import CheckError, ItemError
from curator.core.files import make_folder, put_if_absent
from curator.core.types import Shard
from curator.engine import hands

SECRET = "DOE^JANE-7711"


def shards_of(items, size):
    return [Shard(at // size, tuple(items[at : at + size])) for at in range(0, len(items), size)]


def once(folder, name):
    """True for the first caller among all processes."""
    return put_if_absent(Path(folder) / f"once-{name}", b"")


@dataclass(frozen=True)
class Deeds:
    """Stores each shard's rows as one JSON file named by the shard, and remembers each start of an item."""

    folder: str

    def open(self):
        make_folder(Path(self.folder) / "rows")

    def item(self, item):
        what, number = item
        deed = getattr(self, f"do_{what}", None)
        if deed is not None:
            deed(number)
        return {"number": number, "square": number * number}

    def failed(self, item, code):
        return {"number": item[1], "code": code}

    def store(self, shard, rows):
        what = {item[0] for item in shard.items}
        if "die_in_store" in what and once(self.folder, f"store-{shard.number}"):
            os.kill(os.getpid(), signal.SIGKILL)
        if "always_die_in_store" in what:
            os.kill(os.getpid(), signal.SIGKILL)
        if "full_disk" in what:
            raise CheckError("SYS-001")
        if "bad_store" in what:
            raise ValueError(SECRET)
        put_if_absent(Path(self.folder) / "rows" / f"{shard.number}.json", json.dumps(rows).encode())
        return len(rows)

    def do_die(self, number):
        with (Path(self.folder) / f"deaths-{number}").open("a") as stream:
            stream.write("x")
        os.kill(os.getpid(), signal.SIGKILL)

    def do_die_once(self, number):
        if once(self.folder, number):
            os.kill(os.getpid(), signal.SIGKILL)

    def do_exit(self, number):
        sys.exit(7)

    def do_parent(self, number):
        (Path(self.folder) / f"parent-{number}").write_text(str(os.getppid()))

    def do_nap(self, number):
        time.sleep(0.05)

    def do_sleep(self, number):
        time.sleep(60)

    def do_swallow(self, number):
        end = time.monotonic() + 60
        while time.monotonic() < end:
            with contextlib.suppress(Exception):
                time.sleep(60)

    def do_stuck(self, number):
        """As if in C code that never looks at signals."""
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
        time.sleep(60)

    def do_slow_once(self, number):
        if once(self.folder, number):
            time.sleep(60)

    def do_memory(self, number):
        bytes(1 << 30)

    def do_large(self, number):
        """Say how far it is in a large file."""
        with strides.over(strides.LARGE):
            strides.at(io.BytesIO(b""))

    def do_large_and_slow(self, number):
        """Take longer than the limit in all, but say now and then how far it is."""
        with strides.over(strides.LARGE):
            for _ in range(4):
                time.sleep(0.1)
                strides.at(io.BytesIO(b""))

    def do_in_parts(self, number):
        """Do a large file in parts, slowly enough to be heard of, until others have helped."""
        own, seen = os.getpid(), set()

        def parts():
            end = time.monotonic() + 20
            while len(seen - {own}) < 2 and time.monotonic() < end:
                strides.at(io.BytesIO(b""))
                yield 0

        def work(_part):
            time.sleep(0.02)
            return os.getpid()

        with strides.over(strides.LARGE):
            for who in hands.spread(parts(), work):
                seen.add(who)
        (Path(self.folder) / f"hands-{number}").write_text(str(len(seen - {own})))

    def do_boom(self, number):
        raise ValueError(SECRET)

    def do_boom_once(self, number):
        if once(self.folder, number):
            raise ValueError(SECRET)

    def do_item_error(self, number):
        raise ItemError("SRC-008")

    def do_stop(self, number):
        raise CheckError("SRC-006", count=3)

    def do_odd_stop(self, number):
        raise CheckError("SRC-006", count=lambda: 3)

    def do_speak(self, number):
        import logging
        import warnings

        warnings.warn(SECRET, stacklevel=1)
        logging.getLogger("pydicom").critical(SECRET)
        logging.critical(SECRET)  # noqa: LOG015
        print(SECRET)
        sys.stderr.write(SECRET)
        os.write(1, SECRET.encode())
        os.write(2, SECRET.encode())
        raise ValueError(SECRET)


@dataclass(frozen=True)
class BadStart(Deeds):
    """A task that cannot be opened."""

    how: str = "boom"

    def open(self):
        if self.how == "boom":
            raise ValueError(SECRET)
        if self.how == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        if self.how == "check":
            raise CheckError("SYS-001")


class Counted(Deeds):
    """Remembers in which process it was opened, and who did an item."""

    def open(self):
        super().open()
        with (Path(self.folder) / "opened").open("a") as stream:
            stream.write(f"{os.getpid()}\n")

    def item(self, item):
        with (Path(self.folder) / "done").open("a") as stream:
            stream.write(f"{os.getpid()}\n")
        return super().item(item)


class Unreadable(Deeds):
    """A task that arrives, but cannot be unpickled."""

    def __reduce__(self):
        return (_explode, ())


def _explode():
    raise ValueError(SECRET)


@dataclass(frozen=True)
class Parts(Deeds):
    """Writes each shard as a Parquet part, as the scrubber does, slowly enough to be killed on the way."""

    def open(self):
        import pyarrow as pa

        assert pa.__version__

    def item(self, item):
        time.sleep(0.01)
        return {"number": item[1], "square": item[1] * item[1]}

    def store(self, shard, rows):
        import pyarrow as pa

        from curator.core.parts import PartLog

        return PartLog(Path(self.folder)).write_part(pa.Table.from_pylist(rows))


class Big(Deeds):
    """Makes rows of a megabyte each."""

    def item(self, item):
        return {"number": item[1], "blob": os.urandom(1 << 20)}

    def store(self, shard, rows):
        return sum(len(row["blob"]) for row in rows)


def run_big(folder, count):
    """Run the Big task, and return the bytes stored and the most bytes that this process and a worker held."""
    import resource

    from curator.engine.local import LocalEngine

    sizes = []
    shards = shards_of([("ok", n) for n in range(count)], 10)
    LocalEngine(2).run(Big(folder), shards, commit=lambda _, size: sizes.append(size), advance=lambda _: None)
    unit = 1024 if sys.platform == "linux" else 1
    held = [resource.getrusage(who).ru_maxrss * unit for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(sizes), *held


def run_parts(folder, count=400, size=10, workers=2):
    """Run the Parts task over the shards that are not committed yet."""
    from curator.core.parts import PartLog
    from curator.engine.local import LocalEngine

    log = PartLog(Path(folder))
    done = set(log.numbers())
    shards = [shard for shard in shards_of([("ok", n) for n in range(count)], size) if shard.number not in done]

    def commit(shard, part):
        assert log.commit(shard.number, [part])

    return LocalEngine(workers).run(Parts(str(folder)), shards, commit=commit, advance=lambda _: None)


def main():
    """Started as a program: ``parts FOLDER``, ``big FOLDER COUNT`` or ``deeds FOLDER WHAT COUNT``."""
    from curator.core import quiet
    from curator.engine.local import LocalEngine

    quiet.install()
    if sys.argv[1] == "parts":
        run_parts(sys.argv[2])
        return
    if sys.argv[1] == "big":
        print(*run_big(sys.argv[2], int(sys.argv[3])))
        return
    shards = shards_of([(sys.argv[3], n) for n in range(int(sys.argv[4]))], 2)
    try:
        LocalEngine(2).run(Deeds(sys.argv[2]), shards, commit=lambda *_: None, advance=lambda _: None)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
