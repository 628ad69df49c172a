"""Import every export below a folder into a made-up project that has fitting samples, and print the accounting.

For each export a small hospital is made: an image of the stated size for every picture that the export names, a note
for every text that it holds. The hospital is scrubbed, the people it names are enrolled readers, and the installed
``curator labels import`` is run on it. Nothing leaves the scratch folder; names in exports are not printed.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

CURATOR = [str(Path(sys.executable).with_name("curator"))]
SIZE = (1024, 1024)
KEYWORDS = {"frame_of_reference": "FrameOfReferenceUID", "series": "SeriesInstanceUID", "study": "StudyInstanceUID"}


@dataclass
class Wanted:
    """What an export names: pictures by name with their sizes, texts by digest, people."""

    pictures: dict[tuple[str, str], tuple[int, int]] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    places: dict[tuple[str, str], str | None] = field(default_factory=dict)
    people: set[str] = field(default_factory=set)
    frames: dict[tuple[str, str], int] = field(default_factory=dict)
    #: By picture: UIDs of space, series and study that labels of it state.
    ties: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)


def main() -> int:
    """Go through the folder."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--json", type=Path, metavar="FILE", help="Write what came of each export here.")
    parser.add_argument("--only", metavar="TEXT", help="Exports whose path holds this.")
    arguments = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory(prefix="curator-exports-") as scratch:
        base = template(Path(scratch))
        for path, form in exports(arguments.folder.resolve()):
            shown = str(path.relative_to(arguments.folder.resolve()))
            if arguments.only and arguments.only not in shown:
                continue
            row = {"export": shown, **one(path, form, base, Path(scratch, "run"))}
            rows.append(row)
            print(line(row), flush=True)
    total = Counter[str]()
    for row in rows:
        for name in ("labels", "in", "refused", "crashed"):
            total[name] += row.get(name, 0)
    unread = sum(row["form"] is None for row in rows)
    print(
        f"{len(rows):,} exports, {unread:,} that no reader takes; {total['labels']:,} labels ="
        f" {total['in']:,} in + {total['refused']:,} refused; {total['crashed']:,} runs ended in no stated way"
    )
    if arguments.json:
        arguments.json.write_text(json.dumps(rows, indent=1) + "\n")
    return 1 if total["crashed"] or total["labels"] != total["in"] + total["refused"] else 0


def line(row: dict[str, Any]) -> str:
    """Return one export's line."""
    why = ", ".join(f"{count} {code}" for code, count in row.get("reasons", {}).items())
    form = row["form"] or "-"
    counts = f"{row.get('labels', 0):>6} = {row.get('in', 0):>6} + {row.get('refused', 0):>6}"
    return f"{row['export'][:70]:<70} {form:<15} {counts}  {row.get('code', '')} {why}"


def exports(folder: Path) -> Iterator[tuple[Path, str | None]]:
    """Yield what the program takes for one export, and each file that it does not take."""
    from curator.labels.readers.table import recognized

    for path in sorted(folder.iterdir()):
        if path.name.startswith((".", "LICENSE")) or path.name == "SOURCE.md":
            continue
        names = recognized(path)
        if names:
            yield path, names[0]
        elif path.is_dir():
            yield from exports(path)
        else:
            yield path, None


def run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the installed program."""
    return subprocess.run([*CURATOR, *arguments], cwd=cwd, capture_output=True, text=True, check=False)


def template(scratch: Path) -> Path:
    """Make a project with three people and a guideline, to be copied."""
    base = scratch / "base"
    base.mkdir()
    for name in ("pass", "keypass"):
        (base / name).write_text(hashlib.sha256(os.urandom(16)).hexdigest() + "\n")
    store = ["--key-store", "keys", "--key-passphrase-file", "keypass"]
    must(run("init", "trial", "--passphrase-file", "pass", cwd=base))
    roles = {"reader-a": "reader", "reader-b": "reader", "reviewer-1": "reviewer"}
    for who, role in roles.items():
        must(run("people", "add", who, "--name", f"Made Up {who[-1].upper()}", "--role", role, *store, cwd=base))
    for who, by in (("reader-a", "reviewer-1"), ("reviewer-1", "reader-a"), ("reader-b", "reviewer-1")):
        must(run("people", "enroll", f"{who}.request.json", "--by", by, "--project", "trial", *store, cwd=base))
    (base / "guideline.md").write_text("Mark what you see.\n")
    given = ["--id", "made-up", "--version", "1.0", "--by", "reviewer-1", "--project", "trial"]
    must(run("guideline", "add", "guideline.md", *given, *store, cwd=base))
    return base


def must(done: subprocess.CompletedProcess[str]) -> None:
    """Stop when a step of the set-up failed."""
    if done.returncode:
        raise SystemExit(f"{' '.join(done.args[1:3])} failed: {done.stderr}")


def one(path: Path, form: str | None, base: Path, place: Path) -> dict[str, Any]:
    """Import one export; return its row."""
    if form is None:
        return {"form": None}
    from curator.core.errors import CuratorError

    try:
        wanted = names(path, form)
    except CuratorError as error:
        return {"form": form, "code": error.code}
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(base, place)
    hospital(wanted, place / "hospital", path)
    arguments = ["--project", "trial", "--passphrase-file", "pass"]
    scrubbed = run("scrub", "hospital", *arguments, cwd=place)
    if scrubbed.returncode not in {0, 5}:
        return {"form": form, "code": "scrub", "crashed": 1}
    with (place / "people.csv").open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["as-in-file", "reader"])
        writer.writerows([who, "reader-a" if n % 2 else "reader-b"] for n, who in enumerate(sorted(wanted.people)))
    derived(wanted, place)
    options = ["--keys", "original", "--guideline", "made-up@1.0", "--annotator-map", "people.csv", "--author"]
    options += ["reader-a", "--confidence", "none", "--labeled-at", "2026-01-05T10:00:00Z", "--labeled-at-zone", "Z"]
    options += ["--also", "model", "--also", "interpolated", "--derived", "derived.csv", "--json"]
    done = run("labels", "import", str(path), *options, *arguments, cwd=place)
    return {"form": form, **accounted(done)}


def accounted(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """Return the counts that a run printed, or the code that it ended with."""
    try:
        said = json.loads(done.stdout)
    except ValueError:
        word = next((word for word in done.stderr.split() if word[:3].isupper() and "-" in word), "")
        return {"code": word.strip(":.,"), "crashed": int(not word or "Traceback" in done.stderr)}
    if "error" in said:
        return {"code": said["error"].get("code", "?")}
    reasons = Counter[str]()
    for reason in said["reasons"]:
        reasons[reason["code"]] += reason["count"]
    return {"labels": said["read"], "in": said["in"], "refused": sum(reasons.values()), "reasons": dict(reasons)}


def names(path: Path, form: str) -> Wanted:
    """Return what an export names."""
    from curator.labels.fitting import TIES
    from curator.labels.item import Item
    from curator.labels.readers.table import reader

    wanted = Wanted()
    for item in reader(form).read(path):
        if not isinstance(item, Item):
            continue
        wanted.people.add(item.author or "")
        key = (item.sample.by, item.sample.name)
        if item.sample.sha256 or item.sample.by == "text" or item.kind == "span":
            wanted.places[key] = item.sample.sha256
        else:
            wanted.frames[key] = max(wanted.frames.get(key, 1), last_frame(item.value, item.part))
            wanted.pictures[key] = item.sample.size or wanted.pictures.get(key) or size_of(item.value)
            for keyword, fact in TIES.items():
                stated = item.kept.get(keyword)
                stated = stated[0] if isinstance(stated, list) and stated else stated
                if isinstance(stated, str) and stated:
                    wanted.ties.setdefault(key, {})[KEYWORDS[fact]] = stated
    if any(wanted.places.values()):
        wanted.texts = texts(path, {digest for digest in wanted.places.values() if digest})
    wanted.people.discard("")
    named = {name for _, name in wanted.places}
    wanted.pictures = {key: size for key, size in wanted.pictures.items() if key[1] not in named}
    return wanted


def size_of(value: Any) -> tuple[int, int]:
    """Return the size that a mask states, else a large one."""
    size = value.get("size") if isinstance(value, dict) else None
    if isinstance(size, list) and len(size) == 2:
        return int(size[1]), int(size[0])
    return SIZE


def last_frame(value: Any, part: dict[str, Any] | None) -> int:
    """Return the last frame or slice that a label speaks of."""
    stated = [*((part or {}).get("frames") or []), (part or {}).get("slice") or 1]
    if isinstance(value, dict) and isinstance(value.get("frames"), list):
        stated += [one.get("frame", 1) for one in value["frames"]]
    return max(stated)


def texts(path: Path, digests: set[str]) -> dict[str, str]:
    """Return the texts of these digests that stand in an export, as strings of JSON or cells of a table."""
    found: dict[str, str] = {}

    def see(text: str) -> None:
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        if digest in digests:
            found[digest] = text

    def walk(node: Any) -> None:
        if isinstance(node, str):
            see(node)
        for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
            walk(child)

    for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
        if not file.is_file():
            continue
        raw = file.read_bytes().decode("utf-8", "replace")
        see(raw)
        for piece in [raw, *raw.splitlines()]:
            try:
                walk(json.loads(piece))
            except ValueError:
                continue
        for row in csv.reader(raw.splitlines()):
            for cell in row:
                see(cell)
    return found


def hospital(wanted: Wanted, folder: Path, path: Path) -> None:
    """Write an image for every picture and a note for every text; real DICOM images beside the export come along."""
    folder.mkdir(parents=True)
    (folder / "empty-note.txt").write_text("No finding.\n")
    there = set()
    if path.suffix == ".dcm":  # a DICOM object names its images by UID; some may lie beside it
        for other in sorted(path.parent.glob("*.dcm")):
            if other != path:
                shutil.copy(other, folder / f"real-{other.name[-12:]}")
                there.add(uid_of(other))
    for number, ((by, name), size) in enumerate(sorted(wanted.pictures.items())):
        if name not in there:
            given = name if by == "uid" else ""
            frames = wanted.frames.get((by, name), 1)
            image(folder / f"i{number:05d}.dcm", number, (*size, frames), given, wanted.ties.get((by, name), {}))
    called: dict[str, list[str]] = {digest: [f"t{digest[:16]}.txt"] for digest in wanted.texts}
    for number, ((by, name), digest) in enumerate(sorted(wanted.places.items(), key=lambda one: one[0])):
        if digest in called and by == "file":  # found by name, whose folders tell equal names apart
            called[digest] = [*(one for one in called[digest] if "/" in one), f"f{number}/{name.lstrip('/')}"]
    for digest, text in wanted.texts.items():
        for name in called[digest]:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(text.encode("utf-8", "surrogatepass"))


def uid_of(path: Path) -> str:
    """Return the SOP Instance UID of a DICOM file."""
    import pydicom

    return str(pydicom.dcmread(path, specific_tags=["SOPInstanceUID"], stop_before_pixels=True).SOPInstanceUID)


def image(path: Path, number: int, size: tuple[int, int, int], uid: str, ties: dict[str, str]) -> None:
    """Write a CT image of zeros that is no risk to scrub."""
    import pydicom
    from pydicom.dataset import FileDataset, FileMetaDataset
    from pydicom.uid import CTImageStorage, EnhancedCTImageStorage, ExplicitVRLittleEndian

    columns, rows, frames = size
    made = f"1.2.826.0.1.3680043.8.498.{10**20 + number}"
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = EnhancedCTImageStorage if frames > 1 else CTImageStorage
    meta.MediaStorageSOPInstanceUID = uid or made
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    data = FileDataset(str(path), {}, file_meta=meta, preamble=b"\0" * 128)
    data.SOPClassUID, data.SOPInstanceUID = meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID
    data.StudyInstanceUID, data.SeriesInstanceUID = made + ".1", made + ".2"
    data.PatientID, data.PatientName = f"Q{number:07d}", "Quillfeather^Made"
    for keyword, value in ties.items():
        setattr(data, keyword, value)
    data.Modality, data.BodyPartExamined, data.ImageType = "CT", "CHEST", ["ORIGINAL", "PRIMARY", "AXIAL", "NONE"]
    data.StudyDate, data.StudyTime, data.BurnedInAnnotation = "20240105", "101500", "NO"
    data.Rows, data.Columns, data.NumberOfFrames = rows, columns, str(frames)
    if frames == 1:
        del data.NumberOfFrames
    data.SamplesPerPixel, data.PhotometricInterpretation, data.PixelRepresentation = 1, "MONOCHROME2", 0
    data.BitsAllocated, data.BitsStored, data.HighBit = 8, 8, 7
    data.PixelData = bytes(rows * columns * frames + (rows * columns * frames) % 2)
    pydicom.dcmwrite(path, data, enforce_file_format=True)


def derived(wanted: Wanted, place: Path) -> None:
    """Say which image or note stands for each name that is neither a UID nor a text found by its digest."""
    import pydicom

    from curator.project.journal import samples
    from curator.project.paths import open_project

    project = open_project(place / "trial")
    images: dict[tuple[int, int], list[str]] = {}
    note = ""
    for sample in samples(project):
        if sample.kind == "dicom":
            head = pydicom.dcmread(project.root / sample.path, stop_before_pixels=True)
            images.setdefault((int(head.get("Columns") or 0), int(head.get("Rows") or 0)), []).append(sample.path)
        elif sample.kind == "text":
            note = sample.path
    rows = []
    for (by, name), size in sorted(wanted.pictures.items()):
        there = images.get(size)
        if by != "uid" and there:
            rows.append([name, there.pop() if len(there) > 1 else there[0], *[""] * 7])
    rows += [[name, note, *[""] * 7] for (_, name), digest in sorted(wanted.places.items()) if not digest and note]
    with (place / "derived.csv").open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["derived", "sample", "frame", "a", "b", "c", "d", "e", "f"])
        writer.writerows(rows)


if __name__ == "__main__":
    sys.exit(main())
