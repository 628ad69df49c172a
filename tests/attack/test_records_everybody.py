"""What one file tells of somebody goes from every other file, whomever that is about, in any spelling."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import pytest
import started

UNSEEN = "\u200b"
POLICY = """format = 1
name = "attack"
title = "attack"
[options]
dates = "shift"
ages = "cap"
patient_characteristics = true
[texts]
mode = "{mode}"
"""
PEOPLE = (
    ("MR7000001", "Zorblatt", "Quintessa", "77 Wibblestone Crescent, Fargo"),
    ("MR7000002", "Grünmüllfeld", "Jörgvald", "12 Ostrichgasse, Fargo"),
    ("MR7000003", "O'Quagmere", "Fenwilla", "9 Tamblynvale Row, Fargo"),
    ("MR7000004", "Vandersnoot-Kringel", "Bartwald", "3 Plonkerton Lane, Fargo"),
    ("MR7000005", "Ng", "Xu", "5 Krimblewick Way, Fargo"),
)
TABLE = "mrn,last_name,first_name,address\n" + "".join(
    f'{mrn},{family},{given},"{street}"\n' for mrn, family, given, street in PEOPLE
)
LONG = [name for _, *names, _ in PEOPLE for name in names if len(name) > 2] + ["Ostrichgasse", "Tamblynvale"]


def said(mrn: str, family: str, given: str, street: str) -> str:
    return (
        f"seen with {family} today, {given} agrees, {family.upper()}, {given.upper()} too.\n"
        f"spelled {' '.join(given)} {' '.join(family)} at the desk\n"
        f"cut {given[:3]}-\n{given[3:]} and {family[:4]}-\n{family[4:]} after\n"
        f"unseen {UNSEEN.join(given)} {UNSEEN.join(family)}; the {given}s; lives at {street.split(',')[0]} now\n"
        f"number {mrn[2:5]} {mrn[5:]}. Chest pain resolved.\n"
    )


def folded(text: str) -> str:
    return "".join(mark for mark in unicodedata.normalize("NFKD", text).casefold() if mark.isalnum())


class Trial:
    def __init__(self, folder: Path, mode: str) -> None:
        self.folder = folder
        (folder / "pass").write_text("correct horse battery\n")
        (folder / "policy.toml").write_text(POLICY.format(mode=mode))
        self.run("init", "--site", "north", "--policy", folder / "policy.toml")

    def run(self, *words: object, expect: tuple[int, ...] = (0,)) -> bytes:
        line = [*words, "--project", self.folder / "trial", "--passphrase-file", self.folder / "pass"]
        done = started.run(line)
        assert done.returncode in expect, done.stderr[-2000:]
        return done.stdout

    def scrub(self, source: str, *, expect: tuple[int, ...] = (0,)) -> dict[str, int]:
        made: dict[str, int] = json.loads(self.run("scrub", self.folder / source, "--json", expect=expect))
        assert made["found"] == made["scrubbed"] + made["duplicate"] + made["quarantined"]
        return made

    def texts(self) -> str:
        paths = sorted(path for path in (self.folder / "trial" / "clean").rglob("*") if path.is_file())
        out = []
        for path in paths:
            text = path.read_text()
            out.append("\n".join(map(str, leaves(json.loads(text)))) if path.suffix == ".json" else text)
        return "\n".join(out)


def leaves(value: object) -> list[object]:
    if isinstance(value, dict):
        return [leaf for inner in value.values() for leaf in leaves(inner)]
    return [leaf for inner in value for leaf in leaves(inner)] if isinstance(value, list) else [value]


def write_world(source: Path) -> None:
    source.mkdir()
    (source / "zz-people.csv").write_text(TABLE, encoding="utf-8")
    for number, person in enumerate(PEOPLE):
        text, other = said(*person), PEOPLE[number - 1][0]
        (source / f"a{number}.txt").write_text(f"Progress note\n{text}", encoding="utf-8")
        (source / f"b{number}.vtt").write_text(
            f"WEBVTT\n\n00:00:01.000 --> 00:00:04.000\n<v {person[2]} {person[1]}>{text}\n", encoding="utf-8"
        )
        report = {"resourceType": "DiagnosticReport", "status": "final", "code": {"text": f"CT of {person[1]}"}}
        report |= {"subject": {"reference": f"Patient/x{number}"}, "conclusion": text}
        (source / f"c{number}.json").write_text(json.dumps(report))
        parts = [rf"MSH|^~\&|A|B|C|D|20210314||ORU^R01|M{number}|P|2.5.1", f"PID|1||{other}^^^N^MR"]
        parts += ["OBR|1|||1^x", "OBX|1|TX|1^x||" + text.replace("\n", "\\.br\\") + "||||||F", ""]
        (source / f"d{number}.hl7").write_text("\r".join(parts), encoding="utf-8")


@pytest.mark.parametrize("mode", ["tag", "surrogate", "remove"])
def test_a_name_told_by_one_table_goes_from_texts_about_others(tmp_path: Path, mode: str) -> None:
    write_world(tmp_path / "source")
    trial = Trial(tmp_path, mode)
    report = trial.scrub("source")
    assert report["scrubbed"] == 21
    text = trial.texts()
    plain = folded(text)
    assert [name for name in LONG if folded(name) in plain] == []
    assert not any(mrn[2:] in plain for mrn, *_ in PEOPLE)
    assert "Xu Ng" not in text
    assert "NG, XU" not in text
    assert "X u N g" not in text
    assert text.count("Chest pain resolved.") == 20


def test_a_later_delivery_finds_its_names_in_earlier_texts_about_others_and_comes_to_rest(tmp_path: Path) -> None:
    trial = Trial(tmp_path, "surrogate")
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    (first / "n.txt").write_text("MRN: MR4455667\nSaw zorblatt of 77 Wibblestone Crescent. No pain.\n")
    (first / "t.csv").write_text("mrn,comment\nMR4455667,no zorblatt\nMR4455668,no pain\n")
    assert trial.scrub("first")["scrubbed"] == 2
    assert "zorblatt" in trial.texts()
    (second / "people.csv").write_text(TABLE + "MR4455667,Steady,Hemoglobin,\n", encoding="utf-8")
    told = trial.scrub("second", expect=(5,))
    assert (told["searched_again"], told["stale"]) == (2, 2)
    assert trial.scrub("first")["stale"] == 0
    assert "zorblatt" not in trial.texts().casefold()
    assert "Wibblestone" not in trial.texts()
    assert "No pain." in trial.texts()


def test_a_reference_with_a_name_and_a_number_joins_and_tells(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    kind = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "MR"}]}
    subject = {"reference": "Patient/p9", "identifier": {"type": kind, "value": "MR7000001"}}
    observation = {"resourceType": "Observation", "status": "final", "code": {"text": "Hb"}, "valueInteger": 13}
    observation["subject"] = subject | {"display": "Quintessa Zorblatt"}
    (source / "o.json").write_text(json.dumps(observation))
    (source / "n.txt").write_text("MRN: MR7000001\nSaw zorblatt, no pain.\n")
    trial = Trial(tmp_path, "tag")
    assert trial.scrub("source")["patients"] == 1
    assert "zorblatt" not in trial.texts().casefold()
    assert "no pain" in trial.texts()
