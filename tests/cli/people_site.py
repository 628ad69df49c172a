"""A project with people, a guideline and clean files, made by the commands, for the tests of people and of the log."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa

from curator.cli.main import run

CURATOR = Path(sys.executable).with_name("curator")
SAMPLES = 3
NAME = '=HYPERLINK("http://x.invalid")<script>y</script>'


class Result:
    """What a command did."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err
        assert "Traceback" not in out + err

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Site:
    """A folder with a project, passphrases and a key store."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.project = folder / "trial"

    def line(self, *words: object, key: bool = False, vault: bool = False, project: bool = True) -> list[str]:
        made = [str(CURATOR), *map(str, words)]
        made += ["--project", str(self.project)] if project else []
        made += ["--key-store", str(self.folder / "keys")] * key
        made += ["--key-passphrase-file", str(self.folder / "key")] * (key and words[1] != "checkpoint")
        made += ["--passphrase-file", str(self.folder / "pass")] * vault
        return made

    def installed(self, *words: object, **how: bool) -> Result:
        """Run the installed script."""
        line = self.line(*words, **how)
        done = subprocess.run(line, capture_output=True, text=True, cwd=self.folder, timeout=100, check=False)
        return Result(done.returncode, done.stdout, done.stderr)

    def __call__(self, *words: object, **how: bool) -> Result:
        """Run the same command line in this process, which saves the time of starting."""
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), contextlib.chdir(self.folder):
            code = run(self.line(*words, **how)[1:])
        return Result(code, out.getvalue(), err.getvalue())

    def sign(self, *numbers: int, author: str = "ada", **more: Any) -> Result:
        """Sign labels of a person by the library, so that the options of the command may change."""
        from curator.core.clock import SystemClock
        from curator.labels.signing import LabelFile, Wishes
        from curator.project.journal import samples
        from curator.project.paths import open_project
        from curator.provenance.append import Appender
        from curator.provenance.keystore import unlock
        from curator.provenance.ledger import Ledger

        path = self.folder / "labels.jsonl"
        path.write_text("".join(json.dumps(label(number, author, **more)) + "\n" for number in numbers))
        place, clock = open_project(self.project), SystemClock()
        appender = Appender(Ledger(place.ledger), clock)
        wishes = Wishes(author, guideline=("chest", "1.0"), tool=("viewer", "2.1"))
        source = LabelFile(path, wishes, appender, clock)
        source.plan(place.root, samples(place)).require()
        key = unlock(self.folder / "keys", author, (self.folder / "key").read_bytes().strip(), clock)
        return Result(0, str(source.sign(key)), "")

    def records(self) -> int:
        done = self("ledger", "verify", "--json")
        assert done.code == 0, done.out
        return int(done.json["records"])

    def events(self) -> list[str]:
        done = self("people", "events", "--key-store", self.folder / "keys", "--json", project=False)
        return [event["event"] for event in done.json["events"]]


def label(number: int, author: str, **more: Any) -> dict[str, Any]:
    """One line of a label file."""
    return {
        "labelId": f"{author}-{number}",
        "sample": f"2.25.{number % SAMPLES + 1}",
        "kind": "finding",
        "value": {"text": "nodule"},
        "author": author,
        "labeledAt": "2020-05-04T10:15:00+02:00",
        **more,
    }


def add_samples(project: Path) -> None:
    """Write clean files and their journal as a scrub does."""
    from curator.project import journal
    from curator.project.paths import open_project

    place = open_project(project)
    rows = []
    for number in range(SAMPLES):
        data = b"pixels %d" % number
        path = f"clean/p/s/r/{number}.dcm"
        (project / path).parent.mkdir(parents=True, exist_ok=True)
        (project / path).write_bytes(data)
        digest = hashlib.sha256(data).hexdigest()
        rows.append(
            {
                "source": digest[::-1],
                "kind": "dicom",
                "outcome": "scrubbed",
                "path": path,
                "sha256": digest,
                "uid": f"2.25.{number + 1}",
                "content": digest,
            }
        )
    log = journal.round_log(place, 1, 0)
    assert log.commit(0, [log.write_part(pa.Table.from_pylist(rows, schema=journal.row_schema()))], rows=len(rows))
    journal.put_document(place, 1, "delivery", {"format": 1, "delivery": 1})


def make_site(folder: Path) -> Site:
    """Make a project with a reader of a hostile name, a reviewer and a guideline."""
    site = Site(folder)
    (folder / "pass").write_text("the vault's passphrase\n")
    (folder / "key").write_text("a key's passphrase\n")
    (folder / "new").write_text("the next passphrase\n")
    (folder / "training.txt").write_text("Jane Quillfeather sat the course.\n")
    (folder / "chest.txt").write_text("how to read a chest\n")
    for words, how in (
        (("init",), {"vault": True}),
        (("people", "add", "ada", "--name", NAME, "--role", "reader"), {"key": True, "project": False}),
        (("people", "add", "rita", "--name", "Dr Rita", "--role", "reviewer"), {"key": True, "project": False}),
        (("people", "enroll", "rita.request.json", "--by", "ada"), {"key": True}),
        (("people", "enroll", "ada.request.json", "--by", "rita"), {"key": True}),
        (("guideline", "add", "chest.txt", "--version", "1.0", "--by", "rita"), {"key": True}),
    ):
        done = site(*words, **how)
        assert done.code == 0, done.err
        if words == ("init",):
            add_samples(site.project)
    return site
