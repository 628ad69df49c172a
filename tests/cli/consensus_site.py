"""A project with three readers, an adjudicator and a reviewer, for the tests of consensus, worklists, qualification."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from test_ledger_commands import Site, add_samples, label

PEOPLE = {"ada": "reader", "ben": "reader", "cyn": "reader", "rita": "reviewer", "zoe": "adjudicator"}
GUIDE = ("--guideline", "chest@1.0")


def begin(folder: Path) -> Site:
    """Make the project with four samples; nothing is labeled yet."""
    site = Site(folder)
    (site.folder / "pass").write_text("the vault's passphrase\n")
    (site.folder / "key").write_text("a key's passphrase\n")
    assert site("init", vault=True).code == 0
    add_samples(site.project)
    for name, role in PEOPLE.items():
        words = ("people", "add", name, "--name", f"Dr {name.title()}", "--role", role)
        assert site(*words, key=True, project=False).code == 0
    for name, by in (("rita", "ada"), ("ada", "rita"), ("ben", "rita"), ("cyn", "rita"), ("zoe", "rita")):
        assert site("people", "enroll", f"{name}.request.json", "--by", by, key=True).code == 0
    (site.folder / "chest.txt").write_text("how to read a chest\n")
    assert site("guideline", "add", "chest.txt", "--version", "1.0", "--by", "rita", key=True).code == 0
    return site


def reading(number: int, author: str, name: str, **more: Any) -> dict[str, Any]:
    """Return a class that a reader gave a sample."""
    return label(number, author, **{"kind": "class", "value": {"class": name}, "origin": "human", **more})


def box(number: int, author: str, corners: list[Any], **more: Any) -> dict[str, Any]:
    """Return a box that a reader drew."""
    fields = {"labelId": f"{author}-drawn-{number}", "kind": "box", "value": {"class": "nodule", "box": corners}}
    return label(number, author, **{**fields, "origin": "human", **more})


def sign(site: Site, author: str, lines: list[dict[str, Any]], *more: object) -> None:
    """Sign labels as their author."""
    path = site.labels(lines, f"{author}.jsonl")
    done = site("sign", path, "--as", author, *GUIDE, "--confirm", len(lines), *more, key=True)
    assert done.code == 0, done.err
