"""What goes into and comes out of the two passes over a DICOM object.

Harvest and Subject hold identifiers: they belong in the vault and in memory only, and their printed forms show none.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from curator.formats.dicom.ranged import Piece, joined


@dataclass(frozen=True)
class Harvest:
    """What pass 1 learns from one object.

    Parameters
    ----------
    patient_id, issuer
        (0010,0020) and (0010,0021) as they stand, without padding; empty when missing.
    placeholder
        True when the ID is blank or a known placeholder and so says nothing about who it is.
    sop_instance_uid, study_uid, series_uid
        Original UIDs; empty when missing.
    sop_class, modality, transfer_syntax
        As they stand; only for counting against tables.
    first
        (YYYYMMDD, microseconds since midnight) of the earliest moment among those of study, series, acquisition and
        content; the date is empty when only a time is found.
    zero
        The same of the moment from which times are counted: whatever else lies shortly before that one.
    last_date
        YYYYMMDD of the latest date of the object, the birth date left out; None when there is none.
    birth_dates
        YYYYMMDD, each valid one found at any depth, sorted.
    over_89
        True when an age over 89 years stands in the object.
    known
        (category, value) pairs of everything found that identifies somebody, sorted.
    where
        (attribute path, category) of each place where an identifier stands, sorted; no values.
    """

    patient_id: str = field(repr=False)
    issuer: str = field(repr=False)
    placeholder: bool
    sop_instance_uid: str = field(repr=False)
    study_uid: str = field(repr=False)
    series_uid: str = field(repr=False)
    sop_class: str = field(repr=False)
    modality: str = field(repr=False)
    transfer_syntax: str
    first: tuple[str, int] | None = field(repr=False)
    zero: tuple[str, int] | None = field(repr=False)
    last_date: str | None = field(repr=False)
    birth_dates: tuple[str, ...] = field(repr=False)
    over_89: bool = field(repr=False)
    known: tuple[tuple[str, str], ...] = field(repr=False)
    where: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Subject:
    """What pass 2 has to know of the person that an object is about.

    Parameters
    ----------
    patient
        The pseudonym: becomes Patient ID and Patient's Name. Letters, digits and hyphens, at most 64.
    over_89
        True when any object of the person reveals an age over 89.
    shift_days
        Whole days to move dates by, for policies that shift.
    first_time
        Microseconds since midnight of the moment from which the study's times are counted; None when it has none.
    known
        (category, value) pairs of the person's known identifiers.
    project_date
        YYYYMMDD, the day at which ages are judged besides the object's own dates.
    fallback_uid
        A text that is unique to the source, from which lacking study and series UIDs are made.
    """

    patient: str
    over_89: bool
    shift_days: int = field(repr=False)
    first_time: int | None = field(repr=False)
    known: tuple[tuple[str, str], ...] = field(repr=False)
    project_date: str
    fallback_uid: str = field(repr=False)


@dataclass(frozen=True)
class Rewritten:
    """A de-identified object.

    Parameters
    ----------
    pieces
        The bytes of the new file, in order: one piece, unless the file is long.
    uid, study_uid, series_uid
        New UIDs.
    content
        SHA-256 in hex over the pixel data's value bytes, or over the canonical data set when there are none.
    actions
        (attribute path, action, count), sorted; no values. Actions: removed, emptied, dummied, replaced, dated, unfit,
        known, pattern, added.
    risk
        Pixel risk: ``none``, ``text`` or ``face``; other than ``none`` only for an accepted object.
    codes
        CID 7050 codes written into (0012,0064).
    """

    pieces: tuple[Piece, ...] = field(repr=False)
    uid: str
    study_uid: str
    series_uid: str
    content: str
    actions: tuple[tuple[str, str, int], ...]
    risk: str
    codes: tuple[str, ...]

    @property
    def data(self) -> bytes:
        """The bytes of the new file as one."""
        return self.pieces[0] if len(self.pieces) == 1 and isinstance(self.pieces[0], bytes) else joined(self.pieces)
