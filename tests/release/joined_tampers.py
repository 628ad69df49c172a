"""Ways to tamper with what a joined package carries, by who holds the sponsor's key, and by who holds a site's."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from package_tampers import Change, Tamper, _drop, _flip, _half, _turn, manifests_anew, names_of, put, sealed

from curator.provenance.keys import SeedSigner
from curator.release import layout

LEDGER = (layout.RECORDS, layout.LEAVES, layout.CHECKPOINT, layout.OPERATOR_PEM, layout.OPERATOR_VKEY)
LISTS = (layout.SAMPLES, layout.LABELS)


def carried(
    package: Path, sponsor: SeedSigner, signers: dict[str, SeedSigner], earlier: dict[str, Path], seed: int
) -> Iterator[Tamper]:
    """Yield every tamper with the carried evidence; the package around it is sealed anew by the sponsor's key.

    Parameters
    ----------
    package
        A joined package.
    sponsor
        Who signed it.
    signers
        Who signed each site's package.
    earlier
        Another sound package of a site.
    seed
        Draws places.
    """
    draw = random.Random(seed)

    def done(change: Change) -> Change:
        def apply(to: Path) -> None:
            change(to)
            sealed(to, bytes(sponsor.public), sponsor)

        return apply

    def inner(site: str, change: Callable[[Path], object], signer: SeedSigner | None) -> Change:
        """Change a site's package and write its manifests anew; whoever holds a key signs it, too."""

        def apply(to: Path) -> None:
            place = to / layout.SITES / site
            change(place)
            manifests_anew(place) if signer is None else sealed(place, bytes(signers[site].public), signer)

        return done(apply)

    for site in sorted(signers):
        base = package / layout.SITES / site
        for name in names_of(base):
            size = (base / name).stat().st_size
            at, bit = draw.randrange(size) if size else 0, 1 << draw.randrange(8)
            here = f"{layout.SITES}{site}/{name}"
            if size:
                yield Tamper("a byte of a site's file", here, done(lambda to, n=here, a=at, b=bit: _flip(to / n, a, b)))
            yield Tamper("a site's file removed", here, done(lambda to, n=here: (to / n).unlink()))
        for name in (*LEDGER, *LISTS):
            size = (base / name).stat().st_size
            for word, signer in (("manifests anew", None), ("by the sponsor", sponsor), ("by the site", signers[site])):
                at = draw.randrange(size)
                flip = inner(site, lambda at_, n=name, a=at: _flip(at_ / n, a, 1), signer)
                yield Tamper(f"a site's evidence changed, {word}", f"{site} {name}", flip)
                if name not in LEDGER[2:]:
                    for family, change in (("line dropped", _drop), ("lines turned", _turn)):
                        made = inner(site, lambda at_, n=name, c=change: c(at_ / n, 1), signer)
                        yield Tamper(f"a site's {family}, {word}", f"{site} {name}", made)
                    made = inner(site, lambda at_, n=name: _half(at_ / n), signer)
                    yield Tamper(f"a site's list cut in half, {word}", f"{site} {name}", made)
        for name in [one for one in names_of(base) if one.startswith("data/clean/")]:
            made = inner(site, lambda at_, n=name: (at_ / n).unlink(), signers[site])
            yield Tamper("a site's sample removed, by the site", f"{site} {name}", made)
        yield Tamper("a site removed", site, done(lambda to, s=site: shutil.rmtree(to / layout.SITES / s)))
        yield Tamper(
            "a site renamed", site, done(lambda to, s=site: (to / layout.SITES / s).rename(to / layout.SITES / "x"))
        )
        yield Tamper(
            "another version of a site", site, done(lambda to, s=site: _put_tree(to / layout.SITES / s, earlier[s]))
        )
        yield Tamper("a site added", site, done(lambda to, s=site: _put_tree(to / layout.SITES / "more", earlier[s])))
        words = f"{layout.WORDS}{site}/{'0' * 64}.dsse.json"
        yield Tamper("a word added", site, done(lambda to, w=words: _new(to / w, b"{}")))
    one, two = sorted(signers)[:2]
    yield Tamper("two sites swapped", "all", done(lambda to: _swap_trees(to / layout.SITES, one, two)))
    yield Tamper("a stranger added", "all", done(lambda to: _new(to / "data/0-more.txt", b"x")))
    yield from _lists(package, done)
    yield from _manifest(package, done)


def _put_tree(place: Path, other: Path) -> None:
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(other, place)


def _swap_trees(folder: Path, one: str, two: str) -> None:
    (folder / one).rename(folder / "between")
    (folder / two).rename(folder / one)
    (folder / "between").rename(folder / two)


def _new(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _lists(package: Path, done: Callable[[Change], Change]) -> Iterator[Tamper]:
    """Yield rewordings of the joint lists and the joint table of splits."""
    for name in LISTS:
        for number, line in enumerate((package / name).read_text().splitlines()):
            for key in [key for key, value in json.loads(line).items() if isinstance(value, str)]:
                yield Tamper("a joint list reworded", f"{name}#{number} {key}", done(_reworded(name, number, key)))
    name = layout.SPLITS
    said = json.loads((package / name).read_bytes())
    for patient in said["assignments"]:
        moved = {**said, "assignments": {**said["assignments"], patient: "train"}}
        yield Tamper("a patient moved to another split", patient, done(_written(name, moved)))
    yield Tamper("the table of splits removed", name, done(lambda to: (to / name).unlink()))


def _reworded(name: str, number: int, key: str) -> Change:
    def apply(to: Path) -> None:
        lines = (to / name).read_text().splitlines()
        said = json.loads(lines[number])
        said[key] = said[key][::-1] if said[key][::-1] != said[key] else f"{said[key]}x"
        lines[number] = json.dumps(said, sort_keys=True, separators=(",", ":"))
        put(to / name, "".join(f"{line}\n" for line in lines).encode())

    return apply


def _written(name: str, said: Any) -> Change:
    return lambda to: put(to / name, json.dumps(said, sort_keys=True, separators=(",", ":")).encode())


def _manifest(package: Path, done: Callable[[Change], Change]) -> Iterator[Tamper]:
    """Yield manifests that say something else of the sites, of the data, or of their audit."""
    said = json.loads((package / layout.MANIFEST).read_bytes())
    first, *rest = said["sites"]
    for key, value in (
        ("split", "train"), ("attested", []), ("audit", {**first["audit"], "report": "0" * 64}),
        ("package", {**first["package"], "version": "9.0.0"}),
        ("package", {**first["package"], "operatorKey": "A" * 44}),
    ):  # fmt: skip
        changed = {**said, "sites": [{**first, key: value}, *rest]}
        yield Tamper("a site's entry reworded", key, done(_written(layout.MANIFEST, changed)))
    for key, value in (
        ("sites", rest), ("splits", None), ("guidelines", []), ("counts", {**said["counts"], "samples": 1}),
        ("policy", {**said["policy"], "claim": "expert-determination"}), ("draft", True), ("parent", None),
        ("audit", "not run"), ("format", 1), ("dataset", "other"),
    ):  # fmt: skip
        if said[key] != value:
            yield Tamper("the manifest reworded", key, done(_written(layout.MANIFEST, {**said, key: value})))
