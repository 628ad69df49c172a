"""From pseudonyms to originals and back, for the holder of the vault. What comes out of here is clear text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from curator.identifiers.persons import normal_id
from curator.intake.archives import SEPARATOR
from curator.project import journal
from curator.project.paths import Project
from curator.project.vault import Vault
from curator.scrub.delivery.choose import plan_names
from curator.scrub.delivery.given import Out
from curator.scrub.delivery.keys import SourceKeys
from curator.scrub.delivery.people import People
from curator.scrub.delivery.referred import Referred
from curator.scrub.delivery.state import path_bytes, shelves


@dataclass(frozen=True)
class Link:
    """One source file with what stands for it. Holds identifiers: never log it.

    Parameters
    ----------
    source
        Keyed digest of the source file's path.
    file
        The source file's path.
    person, patient
        (kind, issuer, value), and the pseudonym.
    old, new
        Original and new UIDs: study, series, instance; empty where the file has none.
    path
        The clean file, or None when the file is held back.
    others
        All IDs of the person.
    """

    source: str
    file: str = field(repr=False)
    person: tuple[str, str, str] = field(repr=False)
    patient: str
    old: tuple[str, str, str] = field(repr=False)
    new: tuple[str, str, str]
    path: str | None
    others: tuple[str, ...] = field(default=(), repr=False)

    def pseudonymous(self) -> set[str]:
        """Return everything by which the file is known outside the vault."""
        return {self.source, self.patient, *filter(None, self.new), *filter(None, [self.path])}

    def original(self) -> set[str]:
        """Return everything by which the file is known in the hospital."""
        name = self.file.replace("!/", "/").rsplit("/", 1)[-1]
        return {normal_id(self.person[2]), *map(normal_id, self.others), self.file, name, *filter(None, self.old)}


def links(project: Project, vault: Vault) -> Iterator[Link]:
    """Yield a link for every source file of every delivery, held back or not."""
    people = People.load(vault)
    names: dict[str, str] = {}
    every = people.every_id()
    for shelf in shelves(vault):
        if shelf.get("frozen") is None:
            continue
        about = shelf.need("about")
        base = about["source"]
        coder = SourceKeys.of(vault, retain_uids=about.get("retain_uids", False)).coder()
        done = {
            row["source"]: row["path"] for row in journal.delivery_rows(project, shelf.number, ["path"]) if row["path"]
        }
        plan, numbers = plan_names(shelf)[0]
        for number in numbers:
            for row in shelf.need(f"{plan}/{number:08d}"):
                study, series, instance = row.get("old") or ("", "", row.get("uid", ""))
                new = (
                    coder(study) if study else "",
                    coder(series) if series else "",
                    (coder(instance) if row.get("old") else instance) if instance else "",
                )
                for key in _persons(row):
                    if key is not None and key not in names:
                        names[key] = people.pseudonym(vault, key)
                    yield Link(
                        source=row["source"],
                        file=shown_path(base) + "/" + shown_path(row["relative"]),
                        person=people.ids.get(key, ("", "", "")) if key else ("", "", ""),
                        patient=names.get(key, "") if key else "",
                        old=(study, series, instance) if row.get("old") else ("", "", ""),
                        new=new,
                        path=done.get(row["source"]),
                        others=tuple(every.get(key, ())) if key else (),
                    )


def given_out(project: Project, vault: Vault) -> Out:
    """Return what the project has given out so far: new UIDs, and pseudonyms and shifts by the key of each ID."""
    people = People.load(vault)
    keys = {key: people.aliases.get(key, key) for key in (*people.numbers, *people.aliases)}
    uids = {
        old: new
        for link in links(project, vault)
        for old, new in zip(link.old, link.new, strict=True)
        if old and link.path is not None
    }
    referred = Referred(vault)
    return Out(
        uids=dict(referred.pairs()) | uids,
        patients={key: people.pseudonym(vault, own) for key, own in keys.items()},
        shifts={key: people.shift(vault, own) for key, own in keys.items()},
        known={key: people.known.get(own, set()) for key, own in keys.items()},
        ids=[value for values in people.every_id().values() for value in values],
        every_uid=referred.whole,
    )


def _persons(row: dict[str, Any]) -> list[str | None]:
    """Return the persons of a file: everybody whom a table or a bundle names, or the one whom the file is about."""
    named = sorted(set((row.get("nodes") or {}).values()))
    return list(named) if row.get("many") else [row.get("person")]


def shown_path(text: str) -> str:
    """Return a stored path as text that can be printed: invalid bytes escaped, a member of an archive behind ``!/``."""
    return path_bytes(text).replace(SEPARATOR, b"!/").decode("utf-8", "backslashreplace")


def lookup(project: Project, vault: Vault, wanted: list[str], *, original: bool) -> tuple[list[Link], list[str]]:
    """Find the links behind some values.

    Parameters
    ----------
    project, vault
        Where.
    wanted
        Pseudonyms, new UIDs, clean paths or source digests; with ``original``: patient IDs, UIDs, paths or file names.
    original
        Which side the values are from.

    Returns
    -------
    list of Link, list of str
        What was found, and which of the values were not.
    """
    asked = {normal_id(value) if original else value.strip(): value for value in wanted}
    found: list[Link] = []
    seen: set[str] = set()
    for link in links(project, vault):
        hits = (link.original() if original else link.pseudonymous()) & asked.keys()
        if hits:
            seen |= hits
            found.append(link)
    return found, [value for key, value in asked.items() if key not in seen]
