"""Every way that is known to tamper with a package, as (family, what, change), drawn from a seed."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from curator.core.errors import CuratorError
from curator.provenance.keys import SeedSigner
from curator.release import layout
from curator.release.statement import read_statement, signed_statement
from curator.release.verify import verify_package

MANIFEST, TAGS, INFO = "manifest-sha256.txt", "tagmanifest-sha256.txt", "bag-info.txt"
Change = Callable[[Path], object]


@dataclass(frozen=True)
class Tamper:
    """One tamper: its family, where it is made, and what makes it in a copy."""

    family: str
    what: str
    apply: Change
    #: True for a record that is left out by whoever holds the operator's key.
    held_back: bool = False


def copy_of(package: Path, place: Path) -> Path:
    """Return a copy that shares bytes with the package; whoever changes a file writes it anew."""
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(package, place, copy_function=os.link)
    return place


def put(path: Path, data: bytes) -> None:
    """Write a file anew, so that the package that shares its bytes stays as it is."""
    path.unlink(missing_ok=True)
    path.write_bytes(data)


def names_of(package: Path) -> list[str]:
    """Return every file's path."""
    return sorted(one.relative_to(package).as_posix() for one in package.rglob("*") if one.is_file())


def manifests_anew(folder: Path) -> str:
    """Write both manifests and the Oxum over what stands there; return the tag manifest's digest."""
    names = names_of(folder)
    payload = [name for name in names if name.startswith("data/")]
    put(folder / MANIFEST, _listed(folder, payload))
    lines = [one for one in (folder / INFO).read_text().splitlines() if not one.startswith("Payload-Oxum")]
    total = sum((folder / name).stat().st_size for name in payload)
    put(folder / INFO, "".join(f"{one}\n" for one in [*lines, f"Payload-Oxum: {total}.{len(payload)}"]).encode())
    tags = [line.split("  ")[1] for line in (folder / TAGS).read_text().splitlines()]
    put(folder / TAGS, _listed(folder, [name for name in tags if (folder / name).is_file()]))
    return hashlib.sha256((folder / TAGS).read_bytes()).hexdigest()


def _listed(folder: Path, names: list[str]) -> bytes:
    return "".join(f"{hashlib.sha256((folder / n).read_bytes()).hexdigest()}  {n}\n" for n in names).encode()


def sealed(folder: Path, operator: bytes, signer: SeedSigner) -> None:
    """Write the manifests anew and sign them."""
    digest = manifests_anew(folder)
    said = read_statement((folder / layout.SIGNATURE).read_bytes(), operator)
    put(folder / layout.SIGNATURE, signed_statement(digest, said.predicate, signer))


def judged(folder: Path, key: bytes, tamper: Tamper | None = None) -> str | None:
    """Verify a copy; return what is wrong with the verdict, or None when the tamper was found.

    Who holds the operator's key may hold a record back, as a build does with labels that do not leave: no leaf hash
    tells what it is of. It is found when the verifier counts it.
    """
    try:
        report = verify_package(folder, key=key)
    except CuratorError as error:
        return None if error.exit_code == 4 else f"exit {error.exit_code}: {error.code}"
    except Exception as error:  # a verifier that falls over is a finding, too
        return f"fell over: {type(error).__name__}"
    told = tamper is not None and tamper.held_back and report.held_back == 1
    return None if told else "passed"


def every(package: Path, other: Path, operator: SeedSigner, seed: int, bytes_each: int) -> Iterator[Tamper]:
    """Yield every tamper of a package.

    Parameters
    ----------
    package, other
        A package, and one of another version of the same project.
    operator
        Who signed both.
    seed
        Draws places.
    bytes_each
        How many bytes of each file are changed, one at a time.
    """
    draw = random.Random(seed)
    names = names_of(package)
    payload = [name for name in names if name.startswith("data/")]
    yield from _bytes(package, names, draw, bytes_each)
    yield from _files(package, names, payload, draw)
    yield from _links(package, names)
    yield from _edits(package, payload, draw)
    yield from _cuts(package, None, "manifests anew")
    thief = SeedSigner(hashlib.sha256(b"another").digest())
    yield Tamper("signed by another key", "all", lambda at: sealed(at, bytes(operator.public), thief))
    yield Tamper("statement of another version", "all", lambda at: _taken(at, other, layout.SIGNATURE))
    for name in (layout.SIGNATURE, TAGS, MANIFEST):
        yield Tamper("tag file of another version", name, lambda at, n=name: _taken(at, other, n))
    both = (layout.SIGNATURE, TAGS, MANIFEST, INFO)
    yield Tamper("statement of another version", "with tags", lambda at: [_taken(at, other, n) for n in both])
    yield from _cuts(package, operator, "signed by the operator")


def _bytes(package: Path, names: list[str], draw: random.Random, count: int) -> Iterator[Tamper]:
    for name in names:
        data = (package / name).read_bytes()
        for at in sorted({0, len(data) - 1, *(draw.randrange(len(data)) for _ in range(count))}) if data else ():
            bit = 1 << draw.randrange(8)
            yield Tamper("a byte changed", f"{name}@{at}", lambda to, n=name, a=at, b=bit: _flip(to / n, a, b))
        yield Tamper("cut short", name, lambda to, n=name: put(to / n, (to / n).read_bytes()[:-1]))
        yield Tamper("made longer", name, lambda to, n=name: put(to / n, (to / n).read_bytes() + b"\n"))
        yield Tamper("emptied", name, lambda to, n=name: put(to / n, b""))


def _flip(path: Path, at: int, bit: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= bit
    put(path, bytes(data))


def _files(package: Path, names: list[str], payload: list[str], draw: random.Random) -> Iterator[Tamper]:
    for name in names:
        yield Tamper("file removed", name, lambda to, n=name: (to / n).unlink())
        yield Tamper("file renamed", name, lambda to, n=name: _moved(to / n, to / f"{n}x"))
    for folder in sorted({str(Path(name).parent) for name in names}):
        yield Tamper("file added", folder, lambda to, f=folder: (to / f / "0-added.txt").write_bytes(b"x"))
        if folder.startswith("data"):
            yield Tamper(
                "file added, manifests anew", folder,
                lambda to, f=folder: ((to / f / "0-added.txt").write_bytes(b"x"), manifests_anew(to)),
            )  # fmt: skip
    for one in payload:
        two = draw.choice([name for name in payload if name != one])
        if (package / one).read_bytes() != (package / two).read_bytes():
            yield Tamper("two files swapped", one, lambda to, a=one, b=two: _swap(to, a, b))
            yield Tamper(
                "two files swapped, manifests anew", one,
                lambda to, a=one, b=two: (_swap(to, a, b), manifests_anew(to)),
            )  # fmt: skip


def _moved(one: Path, two: Path) -> None:
    one.rename(two)


def _swap(folder: Path, one: str, two: str) -> None:
    first, second = (folder / one).read_bytes(), (folder / two).read_bytes()
    put(folder / one, second)
    put(folder / two, first)


def _links(package: Path, names: list[str]) -> Iterator[Tamper]:
    for name in names:
        yield Tamper("symbolic link for a file", name, lambda to, n=name: _linked(to / n, package / n))
    for folder in sorted({str(Path(name).parent) for name in names if name.count("/")}):
        yield Tamper("symbolic link for a folder", folder, lambda to, f=folder: _linked(to / f, package / f))
    yield Tamper("symbolic link added", "data", lambda to: (to / "data" / "0-link").symlink_to(package))
    yield Tamper("symbolic link added", "root", lambda to: (to / "0-link").symlink_to(package / "bagit.txt"))
    yield Tamper("pipe for a file", layout.SAMPLES, lambda to: _pipe(to / layout.SAMPLES))


def _linked(place: Path, target: Path) -> None:
    if place.is_dir():
        shutil.rmtree(place)
    else:
        place.unlink()
    place.symlink_to(target)


def _pipe(place: Path) -> None:
    place.unlink()
    os.mkfifo(place)


def _edits(package: Path, payload: list[str], draw: random.Random) -> Iterator[Tamper]:
    for name in payload:
        size = (package / name).stat().st_size
        at, bit = draw.randrange(size) if size else 0, 1 << draw.randrange(8)
        if size:
            yield Tamper(
                "a byte changed, manifests anew", name,
                lambda to, n=name, a=at, b=bit: (_flip(to / n, a, b), manifests_anew(to)),
            )  # fmt: skip
        yield Tamper("file removed, manifests anew", name, lambda to, n=name: ((to / n).unlink(), manifests_anew(to)))
    for name in (MANIFEST, TAGS):
        for number in range(len((package / name).read_text().splitlines())):
            yield Tamper("line of a manifest dropped", name, lambda to, n=name, k=number: _drop(to / n, k))


def _drop(path: Path, number: int) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    put(path, b"".join(lines[:number] + lines[number + 1 :]))


def _cuts(package: Path, operator: SeedSigner | None, word: str) -> Iterator[Tamper]:
    """Yield tampers with the lists and the ledger's extract; the manifests are written anew, and signed by a holder."""

    def done(change: Change) -> Change:
        def apply(to: Path) -> None:
            change(to)
            manifests_anew(to) if operator is None else sealed(to, bytes(operator.public), operator)

        return apply

    for name in (layout.RECORDS, layout.LEAVES, layout.SAMPLES, layout.LABELS):
        count = len((package / name).read_bytes().splitlines())
        for number in range(count):
            change = done(lambda to, n=name, k=number: _drop(to / n, k))
            back = name == layout.RECORDS and operator is not None
            family = f"record held back, {word}" if back else f"line of a list dropped, {word}"
            yield Tamper(family, f"{name}#{number}", change, back)
        for number in range(count - 1):
            change = done(lambda to, n=name, k=number: _turn(to / n, k))
            yield Tamper(f"lines of a list turned, {word}", f"{name}#{number}", change)
        yield Tamper(f"list cut in half, {word}", name, done(lambda to, n=name: _half(to / n)))
    for number, line in enumerate((package / layout.LABELS).read_text().splitlines()):
        for key, value in json.loads(line).items():
            if isinstance(value, str):
                change = done(lambda to, k=number, f=key: _reword(to / layout.LABELS, k, f))
                yield Tamper(f"label of the list reworded, {word}", f"{key}#{number}", change)
    samples = [name for name in names_of(package) if name.startswith("data/clean/")]
    for name in samples:
        yield Tamper(f"sample changed, {word}", name, done(lambda to, n=name: _flip(to / n, 0, 1)))
        yield Tamper(f"sample removed, {word}", name, done(lambda to, n=name: (to / n).unlink()))
        yield Tamper(f"sample added, {word}", name, done(lambda to, n=name: put(to / f"{n}.dcm", b"x")))


def _turn(path: Path, number: int) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    lines[number], lines[number + 1] = lines[number + 1], lines[number]
    put(path, b"".join(lines))


def _half(path: Path) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    put(path, b"".join(lines[: len(lines) // 2]))


def _reword(path: Path, number: int, key: str) -> None:
    lines = path.read_text().splitlines()
    said = json.loads(lines[number])
    said[key] = "0" * len(said[key]) if key.endswith("256") else f"{said[key]}x"
    lines[number] = json.dumps(said, sort_keys=True, separators=(",", ":"))
    put(path, "".join(f"{line}\n" for line in lines).encode())


def _taken(folder: Path, other: Path, name: str) -> None:
    put(folder / name, (other / name).read_bytes())
