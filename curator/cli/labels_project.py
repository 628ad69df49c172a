"""What an import is told of its project: samples under both names, people, and what is known of patients.

The vault is open here; nothing of it is printed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from curator.cli.common import progress

if TYPE_CHECKING:
    from curator.core.clock import Clock
    from curator.labels.converting import Converter, Wishes
    from curator.labels.naming import Place
    from curator.project.paths import Project
    from curator.project.vault import Vault

#: Texts whose verdict is kept.
_REMEMBERED = 1 << 16


def converter_of(
    place: Project,
    vault: Vault,
    wishes: Wishes,
    clock: Clock,
    guard: Any,
    keys: str,
    derived: Path | None,
    *,
    file_names: bool,
) -> tuple[Converter, dict[str, Any]]:
    """Return what makes lines, and what the options come to (for the name of the run)."""
    from curator.core.errors import UsageError
    from curator.labels.checks import named
    from curator.labels.converting import Converter
    from curator.labels.naming import Naming
    from curator.labels.returned import Records
    from curator.labels.tables import read_derived
    from curator.project.journal import samples
    from curator.provenance.append import Appender
    from curator.provenance.ledger import Ledger
    from curator.scrub.delivery.moved import Maps

    table = {} if derived is None else read_derived(derived)
    ledger = Ledger(place.ledger)
    with progress(ledger.size(), "records") as bar:
        state = Appender(ledger, clock, bar.advance).state
    if named(wishes.guideline) not in state.guidelines:
        raise UsageError("LBL-006")
    roster = frozenset(state.people)
    strangers = len({person for person in wishes.authors.values() if person not in roster})
    if strangers:
        raise UsageError("IMP-008", count=strangers, option="--annotator-map or --author")
    original = keys == "original"
    maps = Maps(vault)
    naming = Naming(
        samples(place),
        _places(place, vault, original=original),
        table,
        root=place.root,
        file_names=file_names,
        originals=maps.originals if original else tuple,
    )
    converter = Converter(
        place.root,
        naming,
        roster,
        wishes,
        key=vault.subkey("label-id"),
        now=clock.now(),
        guard=patients_guard(vault, guard),
        coder=_coder(vault) if original else str.strip,
        unchanged=_unchanged(place, vault) if original else _always,
        carried=(lambda sample: maps.get(sample.path, sample.sha256)) if original else None,
        records=Records(ledger, place.root),
    )
    said = {
        "guideline": wishes.guideline,
        "authors": dict(wishes.authors),
        "labeledAt": wishes.labeled_at,
        "zone": wishes.zone,
        "confidence": list(wishes.confidence or ()),
        "also": sorted(wishes.also),
        "ontology": None if wishes.ontology is None else wishes.ontology.sha256,
        "round": wishes.round,
        **({"origin": wishes.origin} if wishes.origin else {}),
        **({} if wishes.frame_rate is None else {"frameRate": str(wishes.frame_rate)}),
    }
    given = [[name, one.sample, one.frame, list(map(str, one.matrix))] for name, one in sorted(table.items())]
    return converter, {"wishes": said, "derived": given, "fileNames": file_names}


def patients_guard(vault: Vault, guard: Callable[[str], bool]) -> Callable[[str], bool]:
    """Return a guard that refuses what the project knows of its patients, too."""
    from functools import lru_cache

    from curator.scrub.delivery.freeze import everybody
    from curator.scrub.delivery.people import People
    from curator.scrub.prose import everybody as matcher_of

    known = matcher_of(tuple((category, value) for category, value in everybody(People.load(vault))))

    @lru_cache(maxsize=_REMEMBERED)
    def fine(text: str) -> bool:
        return guard(text) and not any(True for _ in known.find(text))

    return fine


def _coder(vault: Vault) -> Any:
    from curator.scrub.delivery.keys import SourceKeys
    from curator.scrub.delivery.state import shelves

    retain = any((shelf.get("about") or {}).get("retain_uids", False) for shelf in shelves(vault))
    return SourceKeys.of(vault, retain_uids=retain).coder()


def _always(_: object) -> bool:
    return True


def _unchanged(place: Project, vault: Vault) -> Callable[[Any], bool]:
    """Return what says whether a clean file has the very bytes of its source, by the journal's keyed digest."""
    from functools import cache

    from curator.project.journal import all_rows
    from curator.scrub.delivery.keys import SourceKeys

    keys = SourceKeys.of(vault)
    rows = {
        row["path"]: row["content_key"]
        for row in all_rows(place, ["outcome", "path", "content_key", "kind"])
        if row["outcome"] == "scrubbed" and row["kind"] != "dicom"
    }

    @cache
    def same(path: str) -> bool:
        try:
            with (place.root / path).open("rb") as stream:
                return keys.content_of(stream) == rows.get(path)
        except OSError:
            return False

    return lambda sample: same(sample.path)


def _places(place: Project, vault: Vault, *, original: bool) -> Iterator[Place]:
    """Yield every source file by the names of one side."""
    from curator.labels.naming import Place
    from curator.scrub.delivery.crosswalk import links

    for link in links(place, vault):
        key = link.new[2] or link.source
        if original:
            yield Place(key, link.path, link.old, link.file)
        else:
            yield Place(key, link.path, link.new, link.path or "")
