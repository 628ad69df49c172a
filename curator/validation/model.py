"""What a check is, and what came of it.

A check is one small function under :func:`check`. It returns its evidence, or raises. It must never touch a user's own
project, key store or vault: all that it makes stands in the scratch folder that it is handed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from curator.core.errors import CheckError, CuratorError

if TYPE_CHECKING:
    from curator.validation.bench import Bench

PASS = "PASS"  # noqa: S105 - a result, no passphrase
FAIL = "FAIL"
COULD_NOT_CHECK = "COULD_NOT_CHECK"
_ID = re.compile(r"(?:IQ|OQ)-[0-9a-z.]+(?:-[0-9]+)?")

Run = Callable[["Bench"], str]


class NotAsExpectedError(Exception):
    """What was checked did not do what is expected; the text is evidence, in the program's own words."""


class NotCheckedError(Exception):
    """The check could not be made here; the text says why, in the program's own words."""


@dataclass(frozen=True)
class Check:
    """One row of the protocol before it is run.

    Parameters
    ----------
    id
        Such as ``OQ-11.70-1``; never given to another check.
    clause
        Of 21 CFR Part 11, such as ``11.70``.
    requirement
        What is asked, in a sentence.
    expected
        What must be seen.
    run
        Makes the check and returns evidence.
    """

    id: str
    clause: str
    requirement: str
    expected: str
    run: Run


@dataclass(frozen=True)
class Result:
    """A check that was run: :data:`PASS`, :data:`FAIL` or :data:`COULD_NOT_CHECK`, and evidence."""

    check: Check
    outcome: str
    evidence: str


class Register:
    """The checks of one file, in the order in which they stand there."""

    def __init__(self) -> None:
        self.checks: list[Check] = []

    def __call__(self, name: str, clause: str, requirement: str, expected: str) -> Callable[[Run], Run]:
        """Put a function down as a check (see :class:`Check`)."""
        if not _ID.fullmatch(name):
            raise ValueError("an id is IQ- or OQ-, the clause, and a number")

        def put(run: Run) -> Run:
            self.checks.append(Check(name, clause, requirement, expected, run))
            return run

        return put


def expect(holds: object, otherwise: str) -> None:
    """Go on if something holds, and fail the check with a sentence if it does not.

    Raises
    ------
    NotAsExpectedError
        With the sentence.
    """
    if not holds:
        raise NotAsExpectedError(otherwise)


@contextmanager
def refused(*codes: str) -> Iterator[None]:
    """Expect the block to be refused by the program with one of some codes, and by nothing else.

    A code of a rule that a verifier quotes (``LED-010`` with its rule) counts as that code.

    Raises
    ------
    NotAsExpectedError
        When the block ends well, or in another error.
    CheckError
        When the machine stood in the way, which says nothing about the program.
    """
    wanted = " or ".join(codes)
    try:
        yield
    except CuratorError as error:
        found = {error.code, error.facts.get("rule")}
        if found & set(codes):
            return
        if isinstance(error, CheckError):
            raise
        raise NotAsExpectedError(f"refused with {error.code} where {wanted} is expected") from None
    raise NotAsExpectedError(f"it was not refused; {wanted} is expected")
