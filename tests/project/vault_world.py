"""A small vault that holds planted identifiers, and a way to kill what is done to it at every step."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from curator.core.clock import FixedClock
from curator.project.rekey import documents
from curator.project.vault import Vault

CLOCK = FixedClock(datetime(2026, 11, 23, 9, 14, tzinfo=UTC))
WORD = b"correct horse battery"
NEW = b"another passphrase"
PLANTED = (b"DOE^JANE", b"1931-04-05", b"MRN-778812")
STEPS = ("rename", "link", "unlink", "mkdir", "rmdir", "fsync", "write")


def filled(folder: Path) -> None:
    """Make a vault with documents in folders, closed again."""
    vault = Vault.create(folder, WORD, clock=CLOCK)
    for number, text in enumerate(PLANTED, 1):
        vault.put(f"deliveries/{number:04d}/plan/00000000", text * 9)
        vault.put(f"deliveries/{number:04d}/about", text)
        vault.put(f"deliveries/{number:04d}/frozen", b"{}")
    vault.put("people", b" ".join(PLANTED))
    vault.close()


def opened(folder: Path, word: bytes = WORD) -> Vault:
    return Vault.open(folder, word, purpose="test", clock=CLOCK)


def contents(vault: Vault) -> dict[str, bytes]:
    """Return every document but the head of the record of openings."""
    return {name: vault.need(name) for name in documents(vault) if name != "opened"}


def secrets(vault: Vault) -> list[bytes]:
    """Return what pseudonyms, UIDs, shifts and checkpoints hang on."""
    return [vault.subkey("uid"), vault.subkey("source"), vault.person_key(1), vault.person_key(7), vault.operator_key()]


def files(folder: Path) -> dict[str, bytes]:
    """Return all files below a folder but locks."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix != ".lock"
    }


def killed_at_each_step(prepare: Callable[[], None], action: Callable[[], object]) -> Iterator[int]:
    """Run an action in a child that is killed before its first, second, ... change to the disk; yield after each.

    The last child comes to its end unkilled.
    """
    for step in range(1, 2000):
        prepare()
        child = os.fork()
        if not child:
            code = 7
            try:
                _arm(step)
                action()
                code = 0
            except BaseException:
                traceback.print_exc()
            os._exit(code)
        _, status = os.waitpid(child, 0)
        code = os.waitstatus_to_exitcode(status)
        assert code in {0, 9}, code
        yield step
        if code == 0:
            assert step > 5, "nothing was killed"
            return
    raise AssertionError("it never ends")


def _arm(step: int) -> None:
    left = step

    def wrapped(real: Callable[..., object]) -> Callable[..., object]:
        def call(*args: object, **kwargs: object) -> object:
            nonlocal left
            left -= 1
            if not left:
                os._exit(9)
            return real(*args, **kwargs)

        return call

    for name in STEPS:
        setattr(os, name, wrapped(getattr(os, name)))
