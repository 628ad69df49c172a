"""A scrubbed project with people and a guideline, and exports that name its files, for the tests of the import."""

from __future__ import annotations

import contextlib
import io
import json
import re
from pathlib import Path
from typing import Any

import pydicom
import started
from pydicom.uid import generate_uid

from curator.cli.main import run

DATA = Path(pydicom.__file__).parent / "data" / "test_files"
PEOPLE = {"ada": "reader", "ben": "reader", "rita": "reviewer"}
NAME, MRN, MAIL, FOLDER = "Quillfeather", "MRN48291047", "z.quillfeather@northclinic.example", "Zebediah_Quillfeather"
UID = "1.2.826.0.1.3680043.8.498.70{number}"
#: Every spelling of what was planted in exports and sources: in no output, nor anywhere in the project.
SPELLINGS = ("quillfeather", "zebediah", "48291047", "northclinic", "z.quill", "secretclass", "1.2.826.0.1.3680043")
LETTER = f"Patient: {NAME}, Zebediah\nMRN: {MRN}\nMild cough for two weeks.\n"
NOTE = "Mild cough for two weeks.\nNo fever. Lungs are clear.\n"

#: Texts within records, one of them with quotes and line breaks, one twice.
TOLD = f'{NAME}, Zebediah says:\n"Dry cough\tfor \\ weeks" — née Ærø.'
TWICE = "Wheezing at night only."
RECORDS = [{"mrn": MRN, "text": TOLD}, {"mrn": MRN, "text": TWICE}, {"mrn": MRN, "text": TWICE}]
CHART = {
    "resourceType": "Observation",
    "id": "o1",
    "status": "final",
    "code": {"text": "Cough"},
    "subject": {"reference": "Patient/p1"},
    "contained": [{"resourceType": "Patient", "id": "p1", "identifier": [{"value": MRN}], "name": [{"family": NAME}]}],
    "note": [{"text": f'Seen by Dr. {NAME}: "hoarse"\nsince Monday.'}],
}
TALK = (
    "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Dr. Who>Good day, <i>Zebediah</i> Quillfeather\n\n"
    f"00:03.000 --> 00:04.000\nDyspnea &amp; wheezing, MRN: {MRN}\n"
)


class Result:
    """What a command did."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err
        said = (out + err).lower()
        assert "traceback" not in said, said
        assert not [one for one in SPELLINGS if one in said], said

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Site:
    """A folder with a project, a hospital's folder, passphrases and a key store."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.project = folder / "trial"

    def line(self, *words: object, key: bool = False, vault: bool = False, project: bool = True) -> list[str]:
        made = list(map(str, words))
        made += ["--project", str(self.project)] if project else []
        made += ["--key-store", "keys", "--key-passphrase-file", "key"] if key else []
        made += ["--passphrase-file", "pass"] if vault else []
        return made

    def __call__(self, *words: object, **how: bool) -> Result:
        if words[0] == "scrub":  # the processes that it starts are there already
            done = started.run(self.line(*words, **how), text=True, cwd=self.folder)
            return Result(done.returncode, done.stdout, done.stderr)
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), contextlib.chdir(self.folder):
            code = run(self.line(*words, **how))
        return Result(code, out.getvalue(), err.getvalue())

    def imported(self, *words: object, guideline: str = "chest@1.0") -> Result:
        """Run the import with what these exports always need."""
        return self("labels", "import", *words, "--guideline", guideline, "--json", vault=True)

    def export(self, *labels: dict[str, Any], name: str = "export.jsonl") -> Path:
        path = self.folder / name
        path.write_text("".join(json.dumps(one) + "\n" for one in labels), encoding="utf-8")
        return path

    def lines(self, name: str) -> list[Any]:
        return [json.loads(line) for line in (self.project / name).read_text(encoding="utf-8").splitlines()]

    def search(self) -> None:
        """Look for everything planted in every file of the project."""
        for path in self.project.rglob("*"):
            told = str(path.relative_to(self.project)).lower()
            if path.is_file():
                told += path.read_bytes().decode("latin-1").lower()
            for one in SPELLINGS:
                if one.startswith("1.2.826") and path.suffix == ".dcm":
                    continue  # the root of the library that wrote the test file stands in its meta header
                assert one not in told, (path, one)


def image(folder: Path, number: int, *, held: bool = False) -> None:
    """Write a slice of 128 by 128 pixels of one patient; ``held`` claims text burned into its pixels."""
    made = pydicom.dcmread(DATA / "CT_small.dcm")
    made.PatientName, made.PatientID = f"{NAME}^Zebediah", MRN
    made.BodyPartExamined, made.ImageType = "CHEST", ["ORIGINAL", "PRIMARY", "AXIAL"]
    made.SOPInstanceUID = UID.format(number=number)
    made.FrameOfReferenceUID = UID.format(number=900)
    made.file_meta.MediaStorageSOPInstanceUID = made.SOPInstanceUID
    if held:
        made.BurnedInAnnotation = "YES"
    made.save_as(folder / f"img{number}.dcm")


def begin(folder: Path) -> Site:
    """Make the project: two images and a note that are clean, one image that is held back."""
    site = Site(folder)
    (folder / "pass").write_text("the vault's passphrase\n")
    (folder / "key").write_text("a key's passphrase\n")
    source = folder / "hospital" / FOLDER
    source.mkdir(parents=True)
    image(source, 1)
    image(source, 2)
    image(source, 3, held=True)
    (source / "note.txt").write_text(NOTE)
    (source / "letter.txt").write_text(LETTER)
    (source / "records.jsonl").write_text("".join(json.dumps(one) + "\n" for one in RECORDS))
    (source / "chart.json").write_text(json.dumps(CHART, indent=1))
    (source / "talk.vtt").write_text(TALK)
    assert site("init", site.project, vault=True, project=False).code == 0
    site("scrub", "hospital", vault=True)
    for name, role in PEOPLE.items():
        words = ("people", "add", name, "--name", f"Dr {name.title()}", "--role", role)
        assert site(*words, key=True, project=False).code == 0
    for name, by in (("rita", "ada"), ("ada", "rita"), ("ben", "rita")):
        assert site("people", "enroll", f"{name}.request.json", "--by", by, key=True).code == 0
    (folder / "chest.txt").write_text("how to read a chest\n")
    assert site("guideline", "add", "chest.txt", "--version", "1.0", "--by", "rita", key=True).code == 0
    (folder / "people.csv").write_text(f"as-in-file,reader\n{MAIL},ada\nuser-7,ben\n")
    return site


def new_uid() -> str:
    return str(generate_uid())


def one(number: int, kind: str = "class", value: Any = None, **more: Any) -> dict[str, Any]:
    """Return a label as an export has it, of the image with the same number unless ``sample`` says otherwise."""
    made = {
        "labelId": f"task-{number}",
        "sample": UID.format(number=1),
        "kind": kind,
        "value": {"class": "nodule"} if value is None else value,
        "author": MAIL,
        "labeledAt": "2026-03-04T10:11:12Z",
        "confidence": "0.8",
        "confidenceScale": "probability-0-1",
    }
    return {**made, **more}


def shape(text: str) -> bool:
    return re.fullmatch(r"import-[bcdfghjklmnpqrst]{24}", text) is not None
