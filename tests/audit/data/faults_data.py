"""Faults of splits, data quality and representation, planted into the sound project."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
from audit_world import PATIENTS, World, anything_goes, dicom, uid_of
from faults import Fault

from curator.core.canonical import canonical_bytes
from curator.provenance import kinds_data

A, B, C = PATIENTS
SPLITS = {A: "train", B: "tuning", C: "test"}


def document(assignments: dict[str, str] | None = None, **more: Any) -> dict[str, Any]:
    return {
        "format": 1,
        "by": "patient",
        "settings": {"fractions": [["train", 70], ["tuning", 15], ["test", 15]], "strata": []},
        "assignments": SPLITS if assignments is None else assignments,
        "strata": {},
        "slots": {},
        "left": {},
        "sealed": [],
        **more,
    }


def put(world: World, path: str, data: bytes) -> None:
    target = world.root / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)


def split(world: World, assignments: dict[str, str] | None = None, **more: Any) -> None:
    put(world, "splits/assignments.json", canonical_bytes(document(assignments, **more)))


def earlier(world: World, *tables: dict[str, str]) -> None:
    for number, table in enumerate(tables):
        entry = {"format": 1, "previous": None, "splits": document(table)}
        put(world, f"journal/splits/{number:08d}.json", canonical_bytes(entry))


def picture(seed: int, side: int = 96) -> Any:
    """A made-up image: a body with organs and texture, 0 to 1."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[-1 : 1 : side * 1j, -1 : 1 : side * 1j]
    made = np.where((x / rng.uniform(0.65, 0.9)) ** 2 + (y / rng.uniform(0.65, 0.9)) ** 2 < 1, 0.35, 0.0)
    for _ in range(14):
        cx, cy, rx, ry, turn = *rng.uniform(-0.6, 0.6, 2), *rng.uniform(0.05, 0.35, 2), rng.uniform(0, 3.14)
        u, v = (x - cx) * np.cos(turn) + (y - cy) * np.sin(turn), (y - cy) * np.cos(turn) - (x - cx) * np.sin(turn)
        made += np.where((u / rx) ** 2 + (v / ry) ** 2 < 1, rng.uniform(-0.25, 0.35), 0) * (made > 0)
    waves = rng.uniform(-14, 14, (24, 2))
    texture = sum(np.cos(a * x + b * y + rng.uniform(0, 6.28)) for a, b in waves) / 24
    return np.clip(made + 0.3 * texture * (made > 0), 0, 1)


def image(patient: str, name: str, values: Any, **extra: Any) -> bytes:
    """A CT slice of float values from 0 to 1."""
    about = {
        "Rows": values.shape[0],
        "Columns": values.shape[1],
        "BitsAllocated": 16,
        "BitsStored": 16,
        "HighBit": 15,
        "PixelRepresentation": 0,
        "SamplesPerPixel": 1,
        "PhotometricInterpretation": "MONOCHROME2",
        "PixelData": (values * 4000).astype("<u2").tobytes(),
    }
    return dicom(patient, name, **{**about, **extra})


def stack(world: World, at: list[float], patient: str = A, **extra: Any) -> None:
    """A series of slices at places along z."""
    for number, z in enumerate(at):
        about = {
            "SeriesInstanceUID": uid_of("a stack"),
            "Rows": 4,
            "Columns": 4,
            "BitsAllocated": 8,
            "BitsStored": 8,
            "HighBit": 7,
            "PixelRepresentation": 0,
            "PhotometricInterpretation": "MONOCHROME2",
            "SamplesPerPixel": 1,
            "PixelData": bytes(range(number, number + 16)),
            "ImageOrientationPatient": [1, 0, 0, 0, 1, 0],
            "ImagePositionPatient": [0, 0, z],
            "PixelSpacing": [0.7, 0.7],
            "SliceThickness": 1,
            **{key: value[number] if isinstance(value, list) else value for key, value in extra.items()},
        }
        put(world, f"clean/{patient}/S1/R9/Z{number}.dcm", dicom(patient, f"z {number} {z}", **about))


def straddles(world: World) -> None:
    split(world)
    put(world, f"clean/{B}/S1/R1/I9.dcm", dicom(A, "another's"))


def linked(world: World) -> None:
    split(world)
    world.sign("rev", kinds_data.patients_link("merged", [A, C], A, "one person", anything_goes))


def in_no_split(world: World) -> None:
    split(world, {A: "train", B: "tuning"})


def same_study(world: World) -> None:
    split(world)
    put(world, f"clean/{B}/S1/R1/I9.dcm", dicom(B, "new", StudyInstanceUID=uid_of(f"{C} study")))


def same_site(world: World) -> Any:
    strata = {name: {"site": "jane-doe-clinic" if name != C else "site-2"} for name in PATIENTS}
    split(world, strata=strata)
    return world.subject(settings={"splits/site-overlap": {"required": True}})


def same_bytes(world: World) -> None:
    split(world)
    put(world, f"clean/{B}/note.txt", b"No nodule was seen in this study.\n")


def turned(world: World) -> None:
    split(world)
    made = picture(1)
    put(world, f"clean/{A}/S1/R3/I1.dcm", image(A, "first", made))
    again = np.clip(made[3:, ::-1] * 1.3 - 0.1, 0, 1)
    put(world, f"clean/{C}/S1/R3/I1.dcm", image(C, "again", again))


def whole_volume(world: World) -> None:
    split(world)
    for number in range(7):
        made = picture(20 + number)
        put(world, f"clean/{A}/S1/R3/I{number}.dcm", image(A, f"v{number}", made, SeriesInstanceUID="2.25.71"))
        put(world, f"clean/{B}/S1/R3/I{number}.dcm", image(B, f"w{number}", made[::-1], SeriesInstanceUID="2.25.72"))


def moved(world: World) -> None:
    earlier(world, SPLITS, {**SPLITS, C: "train"})
    split(world, {**SPLITS, C: "train"})


def dropped(world: World) -> None:
    earlier(world, SPLITS)
    split(world, {A: "train", B: "tuning"})


def moved_since_release(world: World) -> None:
    put(world, "releases/v1.0.0/data/splits/assignments.json", canonical_bytes(document()))
    split(world, {**SPLITS, B: "test"})


def digests(world: World, patient: str) -> list[str]:
    return sorted({one.sha256 for one in world.samples() if f"/{patient}/" in one.path})


def seal(world: World, patient: str = C, name: str = "test") -> str:
    """Seal a split of one patient's samples, and return the digest of its list."""
    listed = "".join(f"{one}\n" for one in digests(world, patient)).encode()
    put(world, f"splits/sealed/{name}.txt", listed)
    world.sign("rev", kinds_data.split_seal(name, digests(world, patient), "by rule", anything_goes))
    return hashlib.sha256(listed).hexdigest()


def not_sealed(world: World) -> None:
    split(world)


def seen_before(world: World) -> None:
    split(world)
    world.sign("ann", kinds_data.access("ann", "a look", anything_goes, samples=digests(world, C)[:1]))
    seal(world)


def came_later(world: World) -> None:
    split(world)
    seal(world)
    put(world, f"clean/{C}/S1/R1/I9.dcm", dicom(C, "came later"))


def sealed_and_moved(world: World) -> None:
    split(world)
    seal(world)
    split(world, {**SPLITS, C: "train"})


def list_altered(world: World) -> None:
    split(world)
    seal(world)
    put(world, "splits/sealed/test.txt", b"0" * 64 + b"\n")


def used_twice(world: World) -> Any:
    split(world)
    digest = seal(world)
    for _ in range(2):
        world.sign("ann", kinds_data.access("ann", "a test", anything_goes, split=("test", digest)))
    return world.subject(settings={"splits/uses": {"most": 1}})


def cut_short(world: World) -> None:
    path = world.root / f"clean/{A}/S1/R1/I0.dcm"
    path.write_bytes(path.read_bytes()[:-3])


def pixels_end(world: World) -> None:
    put(world, f"clean/{A}/S1/R3/I1.dcm", image(A, "short", picture(1), Rows=200))


def twice(world: World) -> None:
    put(world, f"clean/{A}/S1/R3/I1.dcm", image(A, "one", picture(1)))
    put(world, f"clean/{A}/S1/R3/I2.dcm", image(A, "two", picture(1)))


def shared_image(world: World) -> None:
    put(world, f"clean/{A}/S1/R3/I1.dcm", image(A, "one", picture(1)))
    put(world, f"clean/{B}/S1/R3/I1.dcm", image(B, "two", picture(1, 144)[::-1]))


def gap(world: World) -> None:
    stack(world, [0, 1, 2, 4, 5, 6])


def phase_lacks(world: World) -> None:
    stack(world, [0, 0, 1, 1, 2, 3, 3, 4, 4])


def no_position(world: World) -> None:
    stack(world, [0, 1, 2], ImagePositionPatient=[[], [0, 0, 1], [0, 0, 2]])


def crooked(world: World) -> None:
    stack(world, [0, 1, 2], ImageOrientationPatient=[[1, 0, 0, 1, 0, 0]] * 3)


def sizes_differ(world: World) -> None:
    stack(world, [0, 1, 2], Rows=[4, 4, 5])


def coarse(world: World) -> None:
    for number in range(5):
        put(world, f"clean/{B}/S1/R{number + 4}/I.dcm", image(B, f"s{number}", picture(number, 24), **spaced(number)))


def spaced(number: int) -> dict[str, Any]:
    return {"SeriesInstanceUID": f"2.25.8{number}", "PixelSpacing": [9.0, 9.0] if number == 4 else [0.7, 0.7]}


def directions(world: World) -> None:
    stack(world, [0, 1, 2], ImageOrientationPatient=[[1, 0, 0, 0, 1, 0], [1, 0, 0, 0, 1, 0], [0, 1, 0, 0, 0, -1]])


def blank(world: World) -> None:
    put(world, f"clean/{A}/S1/R3/I1.dcm", image(A, "blank", np.full((64, 64), 0.5)))


def garbage(world: World) -> None:
    put(world, f"clean/{A}/S1/R3/I1.dcm", image(A, "noise", np.random.default_rng(3).random((64, 64))))


def one_header(**values: Any) -> Any:
    def plant(world: World) -> None:
        put(world, f"clean/{A}/S1/R8/I1.dcm", dicom(A, "odd", **values))

    return plant


def labeled_left(world: World) -> None:
    path = f"clean/{A}/S1/R1/I0.dcm"
    put(world, path, dicom(A, f"{A} 0", ImageLaterality="R"))
    world.label("side", "ann", next(one for one in world.samples() if one.path == path), "left lung")


def mixed(world: World) -> None:
    put(world, f"clean/{A}/S1/R1/I9.dcm", dicom(A, "other", sop_class="1.2.840.10008.5.1.4.1.1.7", Modality="OT",
                                              SeriesInstanceUID=uid_of(f"{A} 1.2.840.10008.5.1.4.1.1.2")))  # fmt: skip


def nothing(_: World) -> None:
    """The sound project states neither sex nor age."""


CRITERIA = b"""format = 1
[[inclusion]]
id = "adult"
text = "Jane Doe's rule: 18 or older"
all = [{field = "age", op = ">=", value = 18}]
[[exclusion]]
id = "mr"
text = "no MR"
any = [{field = "modalities", op = "has", value = "MR"}]
"""


def a_child(world: World) -> None:
    put(world, "criteria.toml", CRITERIA)
    people(world, ages=("045Y", "050Y", "009Y"))


def people(world: World, ages: tuple[str, ...] = ("045Y", "050Y", "070Y"), sexes: str = "FMF", **extra: Any) -> None:
    """Let the headers state age and sex, the same in all of a patient's images."""
    for patient, age, sex in zip(PATIENTS, ages, sexes, strict=True):
        for number in range(2):
            about = {"PatientAge": age, "PatientSex": sex, **extra}
            put(world, f"clean/{patient}/S1/R1/I{number}.dcm", dicom(patient, f"{patient} {number}", **about))


def crowd(world: World, each: int = 12, **extra: Any) -> None:
    """Many patients: women in the train split, men in the test split."""
    names = [f"P{letter * 15}{chr(65 + number)}" for number in range(each) for letter in "DE"]
    for name in names:
        sex = "F" if "D" in name else "M"
        put(world, f"clean/{name}/S1/R1/I0.dcm", dicom(name, name, PatientSex=sex, PatientAge="050Y", **extra))
    split(world, {**SPLITS, **{name: "train" if "D" in name else "test" for name in names}})


def rare(property_: str, value: str, make: Any = people) -> Any:
    """Ask for a share of a value that nobody of many has."""

    def plant(world: World) -> Any:
        crowd(world) if make is crowd else make(world)
        return world.subject(settings={f"representation/{property_}": {"least": {value: 0.9}, "most_unknown": 1.0}})

    return plant


def planned(world: World) -> Any:
    people(world)
    split(world)
    analysis = {"id": "women", "metric": "sensitivity", "expected": 0.9, "half_width": 0.05}
    where = [{"field": "sex", "op": "=", "value": "F"}]
    return world.subject(settings={"representation/power": {"analyses": [{**analysis, "where": where}]}})


FAULTS = [
    Fault("splits/assigned", "a patient who is in no split", in_no_split, "is in no split"),
    Fault("splits/patient-overlap", "another patient's file in a folder", straddles, "in train and tuning"),
    Fault("splits/patient-overlap", "two pseudonyms of one person", linked, "by a signed record"),
    Fault("splits/study-overlap", "a study under two patients", same_study, "one study"),
    Fault("splits/site-overlap", "a site in two splits", same_site, "in train and tuning"),
    Fault("splits/duplicates", "the same text in two splits", same_bytes, "the same bytes"),
    Fault("splits/near-duplicates", "a flipped, windowed, cropped copy", turned, "copies of images in train and test"),
    Fault("splits/near-duplicates", "a flipped volume", whole_volume, "copies of a volume"),
    Fault("splits/immutable", "a patient who moved", moved, "moved from test to train"),
    Fault("splits/immutable", "a patient who was dropped", dropped, "in no split"),
    Fault("splits/immutable", "a patient who moved since a release", moved_since_release, "moved from tuning to test"),
    Fault("splits/sealed-before-access", "a test split without a seal", not_sealed, "not sealed"),
    Fault("splits/sealed-before-access", "an access before the seal", seen_before, "before its seal"),
    Fault("splits/sealed-members", "a sample that came after the seal", came_later, "not sealed with it"),
    Fault("splits/sealed-members", "a sealed patient elsewhere", sealed_and_moved, "sealed with test are in train"),
    Fault("splits/sealed-members", "another list than was sealed", list_altered, "not the one that was sealed"),
    Fault("splits/uses", "more uses than allowed", used_twice, "beyond those allowed"),
    Fault("data/unreadable", "a file that ends early", cut_short, "not read"),
    Fault("data/unreadable", "pixels that end early", pixels_end, "end before"),
    Fault("data/duplicates", "the same pixels under two instances", twice, "the same pixels"),
    Fault("data/near-duplicates", "a larger, flipped copy at another patient", shared_image, "copies of images"),
    Fault("data/missing-slices", "a gap", gap, "missing between others"),
    Fault("data/missing-slices", "one phase lacks at one place", phase_lacks, "fewer images"),
    Fault("data/geometry", "a slice without a position", no_position, "without a position"),
    Fault("data/geometry", "directions that are no right angle", crooked, "right angle"),
    Fault("data/geometry", "slices of different sizes", sizes_differ, "numbers of rows"),
    Fault("data/spacing", "one coarse series among five", coarse, "far from the others"),
    Fault("data/orientation", "two directions in a series", directions, "several directions"),
    Fault("data/images", "a blank image", blank, "one value"),
    Fault("data/images", "noise", garbage, "unrelated"),
    Fault("data/images", "pixels that end early", pixels_end, "end before"),
    Fault("data/values", "a sex that is none", one_header(PatientSex="JANE"), "no defined term"),
    Fault("data/values", "an age of 150", one_header(PatientAge="150Y"), "above 125"),
    Fault("data/values", "a weight of 7 tons", one_header(PatientWeight="7000"), "weight out of range"),
    Fault("data/values", "a study of 2099", one_header(StudyDate="20990101"), "in the future"),
    Fault("data/values", "a window of no width", one_header(WindowCenter="5", WindowWidth="0"), "narrower than 1"),
    Fault("data/laterality", "header and description differ",
          one_header(ImageLaterality="L", SeriesDescription="Jane Doe RIGHT knee"), "different sides"),
    Fault("data/laterality", "header and label differ", labeled_left, "header and label"),
    Fault("data/modality", "a CT that says MR", one_header(Modality="MR"), "does not allow"),
    Fault("data/modality", "two modalities in a series", mixed, "several modalities"),
    Fault("data/demographics", "nobody's sex is stated", nothing, "sex is missing"),
    Fault("data/criteria", "a child among adults", a_child, "inclusion criterion adult"),
    Fault("representation/sex", "nobody's sex is known", nothing, "not known"),
    Fault("representation/sex", "no women in one split", rare("sex", "F", crowd), "test: a value of sex is too rare"),
    Fault("representation/age", "no child", rare("age", "2-11", crowd), "too rare"),
    Fault("representation/race", "no category is reached", rare("race", "Asian", crowd), "too rare"),
    Fault("representation/ethnicity", "no category is reached", rare("ethnicity", "Hispanic or Latino", crowd), "rare"),
    Fault("representation/site", "a site that nobody is from", rare("site", "site-9", crowd), "too rare"),
    Fault("representation/device", "a maker that nobody has", rare("device", "Siemens", crowd), "too rare"),
    Fault("representation/acquisition", "no MR", rare("acquisition", "MR", crowd), "too rare"),
    Fault("representation/condition", "a class that nobody has", rare("condition", "finding: mass", crowd), "too rare"),
    Fault("representation/thin-strata", "groups of one", people, "fewer than 10"),
    Fault("representation/balance", "women here and men there", lambda world: crowd(world, 20, EthnicGroup="white"),
          ""),
    Fault("representation/power", "one woman for an interval of 5 %", planned, "analysis women"),
]  # fmt: skip
