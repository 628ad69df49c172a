"""Made-up patients over real DICOM files: writes a folder of studies and remembers what was put where.

The files are pydicom's own test files of many modalities, encodings and character sets. Identity, dates, UIDs and every
descriptor are overwritten, so that all that the set says is known; everything else stays as the scanner wrote it.
"""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from midiset.people import WORDS, Visit, person, visit
from midiset.phrases import LONGEST, Part, filled, phrase, text_of
from midiset.rules import rule_of
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.misc import is_dicom
from pydicom.sequence import Sequence

ROOT = "1.2.826.0.1.3680043.8.498."
_REGISTERED = "1.2.840.10008."
#: Files by the kind of their studies, below pydicom's test files or its character set files.
TEMPLATES: dict[str, list[str]] = WORDS["files"]
#: Descriptors that a study of a busy hospital has, put where they are missing, with the chance of each.
_ADDED: dict[str, float] = WORDS["added"]


@dataclass
class Made:
    """One made file: where it lies, what it holds, and the parts of every text that was put into it, by place."""

    path: Path
    data: Dataset
    parts: dict[str, list[Part]] = field(default_factory=dict)
    visit: Visit | None = None


def place(element: Any, above: str = "", item: int = 0) -> str:
    """Return the place of an element in the form of the script's file index: ``<(gggg,eeee)>[<0000>]<...>``."""
    tag = element.tag
    label = f"({tag.group:04x},{tag.element:04x})"
    if tag.is_private and element.private_creator:
        label = f'({tag.group:04x},"{str(element.private_creator).upper()}",{tag.element & 0xFF:02x})'
    return f"{above}[<{item:04d}>]<{label}>" if above else f"<{label}>"


def walk(data: Dataset, above: str = "", item: int = 0) -> Iterator[tuple[str, Any]]:
    """Yield (place, element) of every element at every depth."""
    for element in data:
        here = place(element, above, item)
        yield here, element
        if element.VR == "SQ":
            for number, below in enumerate(element.value):
                yield from walk(below, here, number)


def uid(*parts: object) -> str:
    """Return a UID drawn from its parts."""
    digest = hashlib.sha256("/".join(map(str, parts)).encode()).digest()
    return (ROOT + str(int.from_bytes(digest[:12], "big")))[:60]


def make(folder: Path, seed: int, patients: int) -> Iterator[Made]:
    """Write the set into a folder and yield each file with what was put into it. The same seed makes the same bytes."""
    templates = _templates()
    rng = Random(seed)
    kinds = list(TEMPLATES)
    for number in range(patients):
        one = person(rng, number)
        for study in range(rng.choice((1, 1, 2))):
            seen = visit(rng, one)
            kind = kinds[(number * 2 + study) % len(kinds)]
            yield from _study(folder, templates, seen, kind, f"{seed}/{number}/{study}", rng)


def _templates() -> dict[str, Path]:
    import pydicom

    found: dict[str, Path] = {}
    for path in sorted((Path(pydicom.__file__).parent / "data").rglob("*")):
        if path.is_file() and is_dicom(path):
            found.setdefault(path.name, path)
            found.setdefault("/".join(path.parts[-3:]), path)
    return found


def _study(folder: Path, templates: dict[str, Path], seen: Visit, kind: str, key: str, rng: Random) -> Iterator[Made]:
    names = rng.sample(TEMPLATES[kind], min(len(TEMPLATES[kind]), rng.choice((2, 3, 4))))
    told = {"study": uid(key), "StudyDescription": phrase("StudyDescription", "LO", kind, seen, rng, 0.5)}
    for number, name in enumerate(names, 1):
        series = uid(key, number)
        described = phrase("SeriesDescription", "LO", kind, seen, rng, 0.3)
        first = rng.getrandbits(48)
        count = rng.choice((2, 3, 4, 6)) if templates[name].stat().st_size < 100_000 else 2
        for instance in range(1, count + 1):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                series_folder = folder / f"p{seen.person.number:03d}" / f"{key.rsplit('/', 1)[1]}_{number}"
                made = Made(series_folder / f"{instance:04d}.dcm", dcmread(templates[name]), visit=seen)
                # Instances of one series say the same, as a scanner would write them.
                one = _Writer(made, kind, Random(first), told["study"], series, instance)
                one.parts = {"StudyDescription": told["StudyDescription"], "SeriesDescription": described}  # type: ignore[dict-item]
                one.write(number)
                made.path.parent.mkdir(parents=True, exist_ok=True)
                made.data.save_as(made.path)
                made.data = dcmread(made.path)
            yield made


class _Writer:
    """Overwrites one file."""

    def __init__(self, made: Made, kind: str, rng: Random, study: str, series: str, instance: int) -> None:
        self.made, self.kind, self.rng = made, kind, rng
        self.study, self.series, self.instance = study, series, instance
        self.seen = made.visit
        self.parts: dict[str, list[Part]] = {}

    def write(self, number: int) -> None:
        data, seen = self.made.data, self.seen
        assert seen is not None
        self._bare(data)
        self._rewrite(data, "", 0)
        self._identity(data, seen, number)
        for keyword, chance in _ADDED.items():
            if not data.get(keyword) and self.rng.random() < chance:
                setattr(data, keyword, "x")
                self._describe(data[keyword], place(data[keyword]))
        self._nested(data, seen)
        self._astray(data, seen)
        self._private(data, seen)

    def _bare(self, data: Dataset) -> None:
        """Take away what no made-up text can stand for, and give pixels to images that came without."""
        for tag in [element.tag for element in data if not element.tag.element or element.tag == 0xFFFCFFFC]:
            del data[tag]
        for keyword in ("PatientIdentityRemoved", "DeidentificationMethod", "BurnedInAnnotation"):
            if keyword in data:
                delattr(data, keyword)
        if "Rows" in data and "PixelData" not in data and data.get("BitsAllocated") == 16:
            size = data.Rows * data.Columns * 2
            data.PixelData = Random(self.instance).randbytes(size).translate(bytes(i & 0x07 for i in range(256)))
            data["PixelData"].VR = "OW"

    def _rewrite(self, data: Dataset, above: str, item: int) -> None:
        seen = self.seen
        assert seen is not None
        for element in data:
            here = place(element, above, item)
            if element.VR == "SQ":
                for number, below in enumerate(element.value):
                    self._rewrite(below, here, number)
            elif element.tag.is_private or element.is_empty:
                continue
            elif element.VR == "UI":
                if not str(element.value).startswith(_REGISTERED):
                    element.value = uid(self.series, element.value)
            elif element.VR == "DA":
                element.value = f"{seen.day:%Y%m%d}"
            elif element.VR == "DT":
                element.value = f"{seen.day:%Y%m%d}{str(element.value)[8:]}"
            elif element.VR == "PN":
                element.value = "^".join(seen.doctor)
            elif element.keyword == "InstitutionName":
                element.value = seen.hospital
            elif self._is_descriptor(element):
                self._describe(element, here)

    def _is_descriptor(self, element: Any) -> bool:
        rule = rule_of(int(element.tag))
        offset = element.keyword == "TimezoneOffsetFromUTC"  # cleaned with the dates, and no text
        return rule is not None and rule.action == "clean" and element.VR in LONGEST and not offset

    def _describe(self, element: Any, here: str) -> None:
        assert self.seen is not None
        parts = self.parts.get(element.keyword) or phrase(
            element.keyword, element.VR, self.kind, self.seen, self.rng, 0.3
        )
        element.value = text_of(parts)
        self.made.parts[here] = parts

    def _identity(self, data: Dataset, seen: Visit, number: int) -> None:
        one = seen.person
        data.Modality = data.get("Modality") or "OT"
        data.PatientName, data.PatientID = f"{one.last}^{one.first}", one.mrn
        data.PatientBirthDate, data.PatientSex = f"{one.birth:%Y%m%d}", one.sex
        data.PatientAge = f"{(seen.day - one.birth).days // 365:03d}Y"
        data.PatientWeight, data.PatientSize, data.EthnicGroup = one.weight, one.size, one.ethnic
        data.StudyInstanceUID, data.SeriesInstanceUID = self.study, self.series
        data.SOPInstanceUID = uid(self.series, "instance", self.instance)
        data.file_meta.MediaStorageSOPInstanceUID = data.SOPInstanceUID
        data.InstanceNumber, data.SeriesNumber = self.instance, number
        data.StudyDate, data.StudyTime = f"{seen.day:%Y%m%d}", seen.time
        data.SeriesDate, data.ContentDate = data.StudyDate, data.StudyDate
        data.AccessionNumber, data.StudyID = seen.accession, seen.study_id
        data.ReferringPhysicianName, data.OperatorsName = "^".join(seen.doctor), "^".join(seen.operator)
        data.InstitutionName, data.InstitutionAddress = seen.hospital, f"{seen.street}, {one.city}"
        data.StationName, data.DeviceSerialNumber = seen.station, seen.serial
        if one.number % 2:
            data.PatientAddress, data.PatientTelephoneNumbers = f"{one.street}, {one.city}", one.phone
            data.PerformingPhysicianName, data.NameOfPhysiciansReadingStudy = (
                data.OperatorsName,
                data.ReferringPhysicianName,
            )
            data.OtherPatientIDs, data.CountryOfResidence = f"X{one.ssn[-4:]}{one.mrn}", "USA"
            data.PatientReligiousPreference, data.MilitaryRank = "Methodist", "Sergeant"
            data.RequestingPhysician, data.InstitutionalDepartmentName = data.ReferringPhysicianName, "Radiology East"
            data.AdmissionID, data.SmokingStatus = f"ADM{seen.study_id}", "NO"

    def _nested(self, data: Dataset, seen: Visit) -> None:
        """Sequences: of what was asked for, of other objects of the series, of codes, and the texts of a report."""
        asked = Dataset()
        asked.ScheduledProcedureStepID, asked.RequestedProcedureID = f"S{seen.study_id}", f"R{seen.accession[1:]}"
        asked.ScheduledProcedureStepDescription = "x"
        data.RequestAttributesSequence = Sequence([asked])
        described = asked["ScheduledProcedureStepDescription"]
        self._describe(described, place(described, place(data["RequestAttributesSequence"])))
        other = Dataset()
        other.ReferencedSOPClassUID = data.SOPClassUID
        other.ReferencedSOPInstanceUID = uid(self.series, "instance", 1)
        data.ReferencedImageSequence = Sequence([other])
        region = Dataset()
        region.CodeValue, region.CodingSchemeDesignator, region.CodeMeaning = "43799004", "SCT", "Thoracic cavity"
        data.AnatomicRegionSequence = Sequence([region])
        if seen.person.number % 3 == 0:
            further = Dataset()
            further.PatientID, further.TypeOfPatientID = f"OLD{seen.person.mrn[::-1]}", "TEXT"
            data.OtherPatientIDsSequence = Sequence([further])
        if data.Modality == "SR":
            self._report(data)

    def _astray(self, data: Dataset, seen: Visit) -> None:
        """Put an identifier where none belongs: behind a value that the standard's table does not name."""
        keyword = {"CT": "FilterType", "MR": "SequenceName", "US": "ProcessingFunction"}.get(str(data.Modality))
        if keyword is None or seen.person.number % 4:
            return
        parts = [Part("BODY " if data.Modality == "CT" else "TSE "), Part(seen.person.last[:11], "name")]
        setattr(data, keyword, text_of(parts))
        self.made.parts[place(data[keyword])] = parts

    def _report(self, data: Dataset) -> None:
        for here, element in list(walk(data)):
            if element.keyword == "TextValue" and not element.is_empty:
                assert self.seen is not None
                parts = filled(self.rng.choice(WORDS["texts"]["finding"]), self.seen, self.rng)
                element.value = text_of(parts)
                self.made.parts[here] = parts

    def _private(self, data: Dataset, seen: Visit) -> None:
        """Put private elements that are safe by the standard beside private ones that name the patient."""
        one = seen.person
        secret = data.private_block(0x0071, "MIDISET PRIVATE 1", create=True)
        secret.add_new(0x01, "LO", f"{one.last} {one.first}")
        secret.add_new(0x02, "LO", one.mrn)
        secret.add_new(0x03, "DA", f"{one.birth:%Y%m%d}")
        if data.Modality == "MR":
            safe = data.private_block(0x0019, "SIEMENS MR HEADER", create=True)
            safe.add_new(0x0C, "IS", "800")
            safe.add_new(0x0D, "CS", "DIRECTIONAL")
        if data.Modality == "CT" and (0x0043, 0x0010) not in data:
            safe = data.private_block(0x00E1, "ELSCINT1", create=True)
            safe.add_new(0x21, "DS", "412.5")
