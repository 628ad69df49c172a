"""A folder of DICOM files of any size, made from the CT and MR test files that ship with pydicom.

Each copy has its own SOP Instance UID and slightly different attributes, so that no two files are duplicates. Body part
and image type are set so that pixels are no risk; else nearly all of them would be held back and little be measured.
"""

import json
import shutil
import zipfile
from pathlib import Path

NAMES = [
    "CT_small.dcm",
    "MR_small.dcm",
    "MR_small_RLE.dcm",
    "MR_small_bigendian.dcm",
    "MR_small_expb.dcm",
    "MR_small_implicit.dcm",
    "MR_small_jp2klossless.dcm",
    "MR_small_padded.dcm",
    "J2K_pixelrep_mismatch.dcm",
    "examples_overlay.dcm",
]
PER_STUDY = 12


def test_files() -> Path:
    """Return the folder of pydicom's test files."""
    import pydicom

    return Path(pydicom.__file__).parent / "data" / "test_files"


def uid(*parts: object) -> str:
    """Return a UID made from the parts, always the same one."""
    from pydicom.uid import generate_uid

    return str(generate_uid(entropy_srcs=[str(part) for part in parts]))


def build(folder: Path, count: int) -> int:
    """Write files into a new folder.

    Parameters
    ----------
    folder
        Must not exist.
    count
        How many files.

    Returns
    -------
    int
        Their bytes in all.
    """
    import warnings

    import pydicom

    warnings.simplefilter("ignore")
    bases = [pydicom.dcmread(test_files() / name) for name in NAMES]
    total = 0
    for number in range(count):
        made = bases[number % len(bases)]
        study = number // PER_STUDY
        made.SOPInstanceUID = made.file_meta.MediaStorageSOPInstanceUID = uid("instance", number)
        made.StudyInstanceUID = uid("study", study)
        made.SeriesInstanceUID = uid("series", study, made.Modality)
        made.PatientID = f"P-{study:06d}"
        made.PatientName = f"Invented{study}^Person"
        made.PatientComments = f"copy {number} of a test file"
        made.InstanceNumber = number
        made.BodyPartExamined = "CHEST"
        made.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
        made.BurnedInAnnotation = "NO"
        path = folder / f"study{study:05d}" / f"file{number:07d}.dcm"
        path.parent.mkdir(parents=True, exist_ok=True)
        made.save_as(path)
        total += path.stat().st_size
    return total


def readable() -> list[Path]:
    """Return the test files of pydicom, and those of pydicom-data if they are cached, that pydicom reads and writes."""
    import io
    import warnings

    import pydicom
    from pydicom.data import data_manager

    warnings.simplefilter("ignore")
    folders = [test_files(), test_files().parent / "charset_files", Path(data_manager.get_data_dir())]
    found = {}
    for path in sorted(path for folder in folders if folder.is_dir() for path in folder.rglob("*") if path.is_file()):
        try:
            made = pydicom.dcmread(path)
            named(made, 0, path.name)
            made.save_as(io.BytesIO())
        except Exception:  # not one to measure with: no DICOM, or broken on purpose
            continue
        if "SOPClassUID" in made and not str(made.SOPClassUID).startswith("1.2.840.10008.1.3"):
            found.setdefault(path.name, path)
    return list(found.values())


def named(made, number: int, base: str) -> None:
    """Give an object a person, a study and an identity of its own."""
    study = number // PER_STUDY
    made.SOPInstanceUID = made.file_meta.MediaStorageSOPInstanceUID = uid("instance", number)
    made.StudyInstanceUID = uid("study", study)
    made.SeriesInstanceUID = uid("series", study, base)
    made.PatientID = f"P-{study:06d}"
    made.PatientName = f"Invented{study}^Person"
    made.PatientComments = f"copy {number} of a test file"


def build_mixed(folder: Path, count: int) -> tuple[int, int]:
    """Write copies of every readable file in turn, all else as it is, and return their bytes and how many are distinct.

    Parameters
    ----------
    folder
        Must not exist.
    count
        How many files.
    """
    import warnings

    import pydicom

    warnings.simplefilter("ignore")
    paths = readable()
    bases = [pydicom.dcmread(path) for path in paths[:count]]
    total = 0
    for number in range(count):
        at = number % len(bases)
        named(bases[at], number, paths[at].name)
        path = folder / f"study{number // PER_STUDY:05d}" / f"file{number:07d}.dcm"
        path.parent.mkdir(parents=True, exist_ok=True)
        bases[at].save_as(path)
        total += path.stat().st_size
    return total, len(bases)


def build_from(folder: Path, source: Path, count: int | None) -> tuple[int, dict[str, int]]:
    """Copy the DICOM files of a folder as they are, and return their bytes and how many were left out, by reason.

    Of files with one SOP Instance UID the first is taken: a scrub holds all of them back, which would flatter it. For
    the same reason directories of media and objects without a UID are left out. What is damaged stays in.

    Parameters
    ----------
    folder
        Must not exist.
    source
        Any folder of the user's.
    count
        How many files at most, spread evenly over the paths; None for all.
    """
    from curator.core.errors import ItemError
    from curator.scrub.dicom.harvest import harvest

    left = {"no DICOM": 0, "of a UID that is there": 0, "without a UID": 0, "directories of media": 0}
    taken, seen = [], set()
    for path in sorted(path for path in source.rglob("*") if path.is_file() and not path.is_symlink()):
        data = path.read_bytes()
        try:
            found = harvest(data)
        except ItemError:
            if data[128:132] != b"DICM":
                left["no DICOM"] += 1
                continue
        else:
            own = found.sop_instance_uid
            directory = found.sop_class.startswith("1.2.840.10008.1.3")
            if directory or not own or own in seen:
                reason = "directories of media" if directory else "of a UID that is there" if own else "without a UID"
                left[reason] += 1
                continue
            seen.add(own)
        taken.append(path)
    if count is not None and count < len(taken):
        taken = [taken[at * len(taken) // count] for at in range(count)]
    folders: dict[Path, int] = {}
    total = 0
    for number, path in enumerate(taken):
        out = folder / f"folder{folders.setdefault(path.parent, len(folders)):05d}" / f"file{number:07d}.dcm"
        out.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, out)
        total += out.stat().st_size
    return total, left


#: Classes of files, each by the first of its limits that a file does not exceed: bytes, and elements at all depths.
BY_BYTES = ((1 << 16, "up to 64 KiB"), (1 << 19, "up to 512 KiB"), (1 << 62, "over 512 KiB"))
BY_ELEMENTS = ((100, "up to 100 elements"), (200, "up to 200 elements"), (1 << 62, "over 200 elements"))


def parted(source: Path, folder: Path) -> dict[str, list[Path]]:
    """Link the files of a folder into one folder a class, and return the files of each. What is damaged has no class.

    Parameters
    ----------
    source
        A folder that was built here.
    folder
        Must not exist; has a folder of the class's name for each class afterwards.
    """
    from curator.core.errors import ItemError
    from curator.formats.dicom.walk import check_structure

    made: dict[str, list[Path]] = {name: [] for _, name in (*BY_BYTES, *BY_ELEMENTS)}
    for path in sorted(source.rglob("*.dcm")):
        data = path.read_bytes()
        try:
            elements = check_structure(data).elements
        except ItemError:
            continue
        for limits, size in ((BY_BYTES, len(data)), (BY_ELEMENTS, elements)):
            name = next(name for most, name in limits if size <= most)
            out = folder / name / path.relative_to(source)
            out.parent.mkdir(parents=True, exist_ok=True)
            out.hardlink_to(path)
            made[name].append(out)
    return made


def records(folder: Path, count: int) -> int:
    """Add notes, tables, FHIR, HL7 and archives about the people of :func:`build`, and return how many entries.

    Parameters
    ----------
    folder
        The folder that was built.
    count
        How many DICOM files it has.
    """
    studies = max(1, count // PER_STUDY)
    made = folder / "records"
    made.mkdir()
    entries = 0
    for study in range(studies):
        mrn, name = f"P-{study:06d}", f"Person Invented{study}"
        note = (
            f"PROGRESS NOTE\nPatient: {name}  MRN: {mrn}\nSeen 03/{study % 27 + 1:02d}/2021 by Dr. Hartwell. No pain.\n"
        )
        (made / f"{mrn}.txt").write_text(note * 3)
        table = "".join(f"{mrn},{name},2021-03-{day:02d},{day}.5,{name} called\r\n" for day in range(1, 20))
        (made / f"{mrn}.csv").write_text(f"patient_id,name,visit_date,hemoglobin,comment\r\n{table}", newline="")
        patient = {
            "resourceType": "Patient",
            "id": f"p{study}",
            "identifier": [{"value": mrn}],
            "name": [{"text": name}],
        }
        one = {"resourceType": "Observation", "status": "final", "subject": {"reference": f"Patient/p{study}"}}
        lines = [patient, *({**one, "valueInteger": number} for number in range(20))]
        (made / f"{mrn}.ndjson").write_text("".join(json.dumps(line) + "\n" for line in lines))
        message = f"MSH|^~\\&|A|B|C|D|20210304||ORU^R01|M{study}|P|2.5.1\rPID|1||{mrn}||Invented{study}^Person\r"
        (made / f"{mrn}.hl7").write_text(message, newline="")
        with zipfile.ZipFile(made / f"{mrn}.zip", "w") as archive:
            archive.writestr("letter.txt", f"Dear {name},\nplease come on 03/04/2021, number {mrn}.\n")
            archive.writestr("../out.txt", "held back")
        entries += 6
    return entries


def spoil(folder: Path) -> int:
    """Add files that cannot be scrubbed to a folder made by :func:`build`, and return how many."""
    good = sorted(folder.rglob("*.dcm"))
    odd = folder / "odd"
    odd.mkdir()
    data = good[0].read_bytes()
    (odd / "truncated.dcm").write_bytes(data[: len(data) // 2])
    (odd / "empty.dcm").write_bytes(b"")
    (odd / "note.txt").write_text("seen by nobody\n")
    (odd / "junk.dcm").write_bytes(bytes(range(256)) * 40)
    shutil.copy(good[1], odd / "duplicate.dcm")
    conflict = bytearray(good[2].read_bytes())
    conflict[-20] ^= 1
    (odd / "conflict.dcm").write_bytes(conflict)
    (odd / "link.dcm").symlink_to(good[3])
    return 7
