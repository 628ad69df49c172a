"""``curator release requirements``, with a key, on a project that was made for it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ID = "123-45-6789"


def run(folder: Path, *arguments: object, code: int = 0, given: str = "") -> str:
    done = subprocess.run(
        [str(Path(sys.executable).with_name("curator")), *map(str, arguments)],
        cwd=folder, env={**os.environ, "HOME": str(folder)}, input=given, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == code, done.stdout + done.stderr
    assert ID not in done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("requirements")
    (folder / "pass").write_text("a passphrase\n")
    run(folder, "init", "trial", "--dataset", "trial", "--site", "site-1", "--passphrase-file", "pass")
    key = ("--key-store", "keys", "--key-passphrase-file", "pass")
    for person in ("rev", "ann"):
        run(folder, "people", "add", person, "--name", f"Made Up {person.title()}", "--role", "reviewer", *key)
    at = ("--project", "trial", *key)
    for person, by in (("rev", "ann"), ("ann", "rev")):
        run(folder, "people", "enroll", f"{person}.request.json", "--by", by, *at)
    return folder


def test_answers_are_signed_checked_and_shown(trial: Path) -> None:
    at = ("--project", "trial", "--key-store", "keys", "--key-passphrase-file", "pass", "--by", "rev")
    (trial / "fit.txt").write_text("The database was made for this use.\nThe department keeps it.\n")
    said = run(trial, "release", "requirements", "answer", "DM-04", "--file", "fit.txt", *at, "--dry-run")
    assert "would be answered" in said
    said = run(trial, "release", "requirements", "answer", "dm-04", "--file", "fit.txt", *at, "--json")
    assert '"id": "DM-04"' in said
    bad = f"It is fine.\nThe patient John Miller, SSN {ID}, agreed.\n"
    said = run(trial, "release", "requirements", "answer", "DM-09", "--file", "-", *at, code=2, given=bad)
    assert "SUB-018" in said
    assert "line 2" in said
    assert "Miller" not in said
    assert "SUB-014" in run(trial, "release", "requirements", "answer", "XX-1", "--file", "fit.txt", *at, code=2)
    assert "SUB-019" in run(trial, "release", "requirements", "answer", "DM-09", "--file", "none", *at, code=2)
    document = json.loads(run(trial, "release", "requirements", "--project", "trial", "--json"))
    assert len(document["requirements"]) == 94
    given = {one["id"]: one for one in document["requirements"] if one["answer"]}
    assert set(given) == {"DM-04"}
    assert given["DM-04"]["state"] == "text given"
    assert sum(document["counts"]["H"].values()) == 9
    assert "SUB-011 51" in run(trial, "release", "requirements", "--project", "trial", "--check", code=1)
    assert "The department keeps it." in run(trial, "release", "requirements", "show", "DM-04", "--project", "trial")
