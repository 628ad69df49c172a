"""The door of everything that is scrubbed and is no DICOM object: notes, tables, FHIR, HL7, C-CDA, documents.

Each medium is one folder of ``scrub/`` with two functions. ``harvest`` reads a file and says whom it tells of and what
it tells of them; ``rewrite`` reads it again and writes the clean one. Neither may print, log or raise a value, and a
part that a medium does not know must not pass through.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, BinaryIO, Protocol

if TYPE_CHECKING:
    from curator.scrub.text.moves import Moved
    from curator.scrub.treatment import Treatment

#: Years of age beyond which all ages are one class (164.514(b)(2)(i)(C)).
OLDEST = 89
#: What an ID is an ID of. ``mrn``: the patient's number in a hospital, DICOM's Patient ID included; ``fhir``: the
#: logical id of a FHIR Patient; ``row``: a row or message that names nobody, told apart within its file.
ID_KINDS = ("mrn", "fhir", "row")


@dataclass(frozen=True)
class RecordPerson:
    """One person as one file tells of them. Holds identifiers: for the vault only.

    Parameters
    ----------
    ids
        (kind, issuer, value) of every ID that the file gives this one person, the most telling first; kinds in
        :data:`ID_KINDS`, the issuer as written (an assigning authority, a system) or empty. IDs that stand together
        here are taken for one person's.
    known
        (category, value) pairs of what identifies them: ``name`` (any order, DICOM's ``^`` allowed), ``id``,
        ``phone``, ``address``, ``email``, ``birth_date`` and ``date`` (YYYYMMDD), ``other``. A relative's, employer's
        or household member's identifiers count as well (164.514(b)(2)(i)).
    birth_dates
        YYYYMMDD, valid ones only.
    last_date
        YYYYMMDD of the latest date that is no birth date, or None.
    over_89
        True when the file states an age over 89.
    """

    ids: tuple[tuple[str, str, str], ...] = field(repr=False)
    known: tuple[tuple[str, str], ...] = field(repr=False, default=())
    birth_dates: tuple[str, ...] = field(repr=False, default=())
    last_date: str | None = field(repr=False, default=None)
    over_89: bool = False


@dataclass(frozen=True)
class RecordHarvest:
    """What pass 1 learns from one file.

    Parameters
    ----------
    suffix
        The clean file's ending, such as ``.txt`` or ``.ndjson``: chosen from the medium, never from the file's name.
    people
        Everybody whom the file is about, in the order of first appearance; empty when it does not say.
    mentions
        Values that may be the ID of whom the file is about when it does not say so plainly; looked up, never enrolled.
    where
        (place, category) of each place where identifiers stand, sorted; places are names of the format's own fields
        or of columns that the program's own tables list, never values. For ``scan``.
    """

    suffix: str
    people: tuple[RecordPerson, ...] = field(repr=False, default=())
    mentions: tuple[str, ...] = field(repr=False, default=())
    where: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Person:
    """What pass 2 has to know of a person.

    Parameters
    ----------
    pseudonym
        Letters, digits, hyphens, at most 64: takes the place of the patient's ID.
    shift_days
        Whole days to move dates by, for policies that shift; never 0.
    over_89
        True when anything in the project reveals an age over 89.
    key
        32 secret bytes of this person, for surrogates.
    known
        (category, value) pairs of all that is known of them, from every file of every delivery.
    near
        A day of the record at hand, for dates in its texts that have no year; None when it has none.
    """

    pseudonym: str
    shift_days: int = field(repr=False)
    over_89: bool
    key: bytes = field(repr=False)
    known: tuple[tuple[str, str], ...] = field(repr=False, default=())
    near: date | None = field(repr=False, default=None)


class People(Protocol):
    """Who is who in one file, for pass 2."""

    @property
    def own(self) -> Person:
        """The person whom the whole file is about; for a file about many, a stand-in for what names nobody."""
        ...

    def find(self, ids: Iterable[tuple[str, str, str]]) -> Person:
        """Return the person of the first known of some IDs, as the harvest gave them; ``own`` when there is none."""
        ...


@dataclass(frozen=True)
class Made:
    """A file that was rewritten.

    Parameters
    ----------
    content
        SHA-256 in hex over the clean content, whatever wraps it: for a text over its UTF-8, else over the file's bytes.
    actions
        (place, action, count), sorted; no values. Actions: removed, emptied, replaced, dated, capped, pseudonymized,
        generalized, unknown (a part that is not known and therefore went), kept is not noted.
    moved
        Where places of the original's texts went: of the one that the file is, or of those that it holds; for the
        vault only.
    """

    content: str
    actions: tuple[tuple[str, str, int], ...]
    moved: tuple[Moved, ...] = field(default=(), repr=False)


class Medium(Protocol):
    """One medium. A module with these two functions is one."""

    def harvest(self, stream: BinaryIO, size: int, treatment: Treatment) -> RecordHarvest:
        """Read a file for pass 1.

        Parameters
        ----------
        stream
            The file, at its start, seekable.
        size
            Its bytes.
        treatment
            The policy, and the detectors for finding whose a text is.

        Raises
        ------
        ItemError
            When it cannot be read whole: the file is held back.
        """
        ...

    def rewrite(self, stream: BinaryIO, out: BinaryIO, people: People, treatment: Treatment) -> Made:
        """Write the clean file. The same input, people and treatment give the same bytes on every machine.

        Raises
        ------
        ItemError
            When it cannot be cleaned whole: the file is held back and what was written is thrown away.
        """
        ...
