"""A scrubbed project with images of three patients and signed labels of every kind that is compared. Nobody real."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pydicom
from import_site import DATA, FOLDER, MRN, NAME, NOTE, UID, Site

GUIDELINES = {"1.0": "how to read a chest\n", "2.0": "how to read a chest, and the hilum\n"}
PEOPLE = {"ada": "reader", "ben": "reader", "cy": "reader", "rita": "reviewer"}
SIDE = 128


def patients_image(folder: Path, number: int) -> None:
    """Write a slice of 128 by 128 pixels, three patients in turn."""
    made = pydicom.dcmread(DATA / "CT_small.dcm")
    made.PatientName, made.PatientID = f"{NAME}^Zebediah {'ABC'[number % 3]}", f"{MRN}{number % 3}"
    made.BodyPartExamined, made.ImageType = "CHEST", ["ORIGINAL", "PRIMARY", "AXIAL"]
    made.SOPInstanceUID, made.StudyInstanceUID = UID.format(number=number), UID.format(number=500 + number % 3)
    made.SeriesInstanceUID = UID.format(number=600 + number % 3)
    made.FrameOfReferenceUID = UID.format(number=900 + number % 3)
    made.file_meta.MediaStorageSOPInstanceUID = made.SOPInstanceUID
    made.save_as(folder / f"img{number}.dcm")


def square(x: int, y: int, side: int) -> list[int]:
    """Return the runs of a square in an image of 128 by 128 pixels."""
    runs, at = [], 0
    for row in range(y, y + side):
        runs += [row * SIDE + x - at, side]
        at = row * SIDE + x + side
    return [*runs, SIDE * SIDE - at]


def built(folder: Path) -> Site:
    """Make the project with its people and guidelines, without a label."""
    site = Site(folder)
    (folder / "pass").write_text("the vault's passphrase\n")
    (folder / "key").write_text("a key's passphrase\n")
    source = folder / "hospital" / FOLDER
    source.mkdir(parents=True)
    for number in range(6):
        patients_image(source, number)
    (source / "note.txt").write_text(NOTE)
    assert site("init", site.project, vault=True, project=False).code == 0
    assert site("scrub", "hospital", vault=True).code == 0
    for name, role in PEOPLE.items():
        words = ("people", "add", name, "--name", f"Dr {name.title()}", "--role", role)
        assert site(*words, key=True, project=False).code == 0
    for name, by in (("rita", "ada"), ("ada", "rita"), ("ben", "rita"), ("cy", "rita")):
        assert site("people", "enroll", f"{name}.request.json", "--by", by, key=True).code == 0
    for version, text in GUIDELINES.items():
        (folder / "chest.txt").write_text(text)
        assert site("guideline", "add", "chest.txt", "--version", version, "--by", "rita", key=True).code == 0
    return site


def clean_paths(site: Site, ending: str) -> list[str]:
    """Return the clean files of one kind in the order of their paths."""
    return sorted(path.relative_to(site.project).as_posix() for path in (site.project / "clean").rglob(f"*{ending}"))


class Signer:
    """Collects labels by author and signs them."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.images, self.notes = clean_paths(site, ".dcm"), clean_paths(site, ".txt")
        self.held: dict[str, list[dict[str, Any]]] = {}
        self.count = 0

    def add(self, author: str, image: int | None, kind: str, value: dict[str, Any], **more: Any) -> str:
        self.count += 1
        day = 1 + self.count % 27
        made = {
            "labelId": f"label-{self.count}",
            "sample": self.notes[0] if image is None else self.images[image],
            "kind": kind,
            "value": value,
            "author": author,
            "labeledAt": f"2026-0{1 + self.count % 4}-{day:02}T10:00:00Z",
            "guideline": "chest@1.0",
            **more,
        }
        self.held.setdefault(author, []).append(made)
        return str(made["labelId"])

    def sign(self) -> None:
        for author, labels in self.held.items():
            path = self.site.folder / f"{author}.jsonl"
            path.write_text("".join(json.dumps(one) + "\n" for one in labels), encoding="utf-8")
            done = self.site("sign", path.name, "--as", author, "--confirm", len(labels), key=True)
            assert done.code == 0, done.err
        self.held = {}


def labeled(site: Site) -> Signer:
    """Sign labels of three readers: ratings, boxes, masks, polygons, key points and spans."""
    made = Signer(site)
    for image in range(6):
        for who, shift in (("ada", 0), ("ben", 2 if image else 0), ("cy", 0)):
            said = "nodule" if (image % 2 == 0) != (who == "ben" and image == 4) else "mass"
            made.add(who, image, "class", {"class": said}, guideline=f"chest@{1 + image % 2}.0")
            if who == "cy":
                continue  # read, and found nothing
            made.add(
                who, image, "box", {"class": "nodule", "box": [20 + shift, 30, 20, 20]},
                confidence="0.9", confidenceScale="probability-0-1",
            )  # fmt: skip
            made.add(who, image, "mask", {"class": "nodule", "size": [SIDE, SIDE], "runs": square(20 + shift, 30, 20)})
    for who, shift in (("ada", 0), ("ben", 3)):
        ring = [10, 10, 50 + shift, 10, 50 + shift, 50, 10, 50]
        made.add(who, 1, "polygon", {"class": "heart", "rings": [ring]})
        points = [{"name": name, "x": x + shift, "y": 40, "visibility": 2} for name, x in (("tip", 20), ("base", 90))]
        made.add(who, 1, "keypoints", {"class": "catheter", "points": points})
        made.add(who, None, "span", {"type": "symptom", "start": 0, "end": 10 + shift})
        made.add(who, None, "span", {"type": "symptom", "start": 30, "end": 38})
    weak = {"confidence": "0.4", "confidenceScale": "probability-0-1"}
    made.add("cy", 1, "box", {"class": "nodule", "box": [22, 30, 20, 20]}, **weak)
    made.add("ada", 0, "class", {"class": "mass"}, labeledAt="2026-05-02T10:00:00Z")  # read again
    made.add("ben", 5, "box", {"class": "mass", "box": [60, 60, 10, 10]}, origin="model")
    made.add("ben", 5, "box", {"class": "mass", "box": [60, 60, 10, 10]}, origin="interpolated")
    made.add("cy", 5, "box", {"class": "mass", "box": [60, 60, 10, 10]}, stage="adjudication")
    wrong = made.add("ben", 3, "box", {"class": "mass", "box": [1, 1, 9, 9]})
    bad = made.add("ada", 3, "box", {"class": "mass", "box": [1, 1, 9, 9]})
    held = [made.add("ben", 0, "grade", {"scale": "quality", "grade": grade}) for grade in (3,)]
    made.add("ada", 0, "grade", {"scale": "quality", "grade": 1})
    made.sign()
    made.add("ben", 3, "box", {"class": "mass", "box": [2, 2, 8, 8]}, supersedes=wrong, reason="edge moved")
    made.add("rita", 0, "grade", {"scale": "quality", "grade": 2}, supersedes=held[0], reason="agreed on the middle")
    made.sign()
    assert site("label", "withdraw", bad, "--by", "ada", "--reason", "not a mass", key=True).code == 0
    outcome = ("--outcome", "rejected", "--reason", "too large")
    assert site("label", "review", "label-2", "--by", "rita", *outcome, key=True).code == 0
    return made
