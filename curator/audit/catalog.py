"""All checks: those that ``checks/*.toml`` list, those of installed packages, and those of files given by the user.

A table has one line a check, ``"<id>" = "<module>:<object>"``, the module one of :mod:`curator.audit.checks`. The order
of the tables is that of :data:`GROUPS`, then by name; within a table it is that of its lines.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module, resources
from importlib.metadata import EntryPoint, entry_points
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

from curator.audit.model import Check, Severity
from curator.audit.subject import LOADED
from curator.core.errors import UsageError

GROUP = "curator.audit_checks"
GROUPS = ("privacy", "integrity", "labels", "splits", "data", "representation")
_ID = re.compile(r"[a-z][a-z0-9-]*/[a-z0-9][a-z0-9-]*")
_PACKAGE = re.compile(r" [A-Za-z0-9._-]{1,100} [A-Za-z0-9.+!_-]{1,50}")
_NEEDS = frozenset({"vault", "ledger", "journal", "policy", "splits", "table"})


@dataclass(frozen=True)
class Listed:
    """A check with where it is from: empty for the program's own, a package's or file's name and digest otherwise."""

    check: Check
    origin: str = ""


def table() -> dict[str, str]:
    """Return id to ``module:object`` of every check that the program brings, in order."""
    found: dict[str, str] = {}
    folder = resources.files("curator.audit.checks")
    names = sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml"))
    for name in sorted(names, key=lambda one: (GROUPS.index(one) if one in GROUPS else len(GROUPS), one)):
        for key, value in tomllib.loads(folder.joinpath(f"{name}.toml").read_text(encoding="utf-8")).items():
            if key in found:
                raise ValueError(f"the check {key} is listed twice")
            found[key] = value
    return found


@cache
def own() -> tuple[Listed, ...]:
    """Return the checks that the program brings."""
    made = []
    for name, place in table().items():
        module, _, attribute = place.partition(":")
        check = _made(getattr(import_module(f"curator.audit.checks.{module}"), attribute))
        if check.id != name:
            raise ValueError(f"the check {check.id} is listed as {name}")
        made.append(Listed(check))
    return tuple(made)


def catalog(extra: Iterable[Path] = (), *, installed: bool = True) -> tuple[Listed, ...]:
    """Return every check.

    Parameters
    ----------
    extra
        Python files of the user's, each with an object ``check`` (or a class of that name).
    installed
        Whether checks of installed packages count.

    Raises
    ------
    UsageError
        AUD-008 for a check that cannot be loaded, is malformed, or takes an id that is given.
    """
    found = list(own())
    if installed:
        for entry in sorted(entry_points(group=GROUP), key=lambda one: one.name):
            try:
                loaded = entry.load()
            except Exception:  # noqa: BLE001 - whatever another's code raises may quote anything
                raise UsageError("AUD-008", reason="an installed one does not load") from None
            found.append(Listed(_fit(loaded), _package(entry)))
    found.extend(_file(path) for path in extra)
    ids = [one.check.id for one in found]
    if len(set(ids)) != len(ids):
        raise UsageError("AUD-008", reason="its id is given to another check")
    return tuple(found)


def _package(entry: EntryPoint) -> str:
    """Return the name and version of the package that an entry point is of."""
    said = "" if entry.dist is None else f" {entry.dist.name} {entry.dist.version}"
    return f"installed package{said if _PACKAGE.fullmatch(said) else ''}"


def _file(path: Path) -> Listed:
    try:
        data = path.read_bytes()
        name = f"{LOADED}{hashlib.sha256(data).hexdigest()[:16]}"
        spec = spec_from_file_location(name, path)
        if spec is None or spec.loader is None:
            raise UsageError("AUD-008", reason="its file is not a Python file")
        module = module_from_spec(spec)
        spec.loader.exec_module(module)
        loaded = module.check
    except UsageError:
        raise
    except Exception:  # noqa: BLE001 - whatever another's code raises may quote anything
        raise UsageError("AUD-008", reason="its file does not load") from None
    return Listed(_fit(loaded), f"file sha256:{hashlib.sha256(data).hexdigest()}")


def _made(thing: Any) -> Check:
    made: Check = thing() if isinstance(thing, type) else thing
    return made


def _fit(thing: Any) -> Check:
    check: Any = None
    try:
        check = _made(thing)
        fine = (
            isinstance(check.id, str)
            and _ID.fullmatch(check.id) is not None
            and isinstance(check.title, str)
            and isinstance(check.clause, str)
            and check.severity in list(Severity)
            and set(check.needs) <= _NEEDS
            and callable(check.run)
        )
    except Exception:  # noqa: BLE001 - as above
        fine = False
    if not fine:
        raise UsageError("AUD-008", reason="it does not keep the protocol")
    made: Check = check
    return made


def chosen(listed: Sequence[Listed], wanted: Sequence[str]) -> tuple[Listed, ...]:
    """Return the checks of some ids or groups (``privacy``), all where none is named.

    Raises
    ------
    UsageError
        AUD-001 when a name fits no check.
    """
    if not wanted:
        return tuple(listed)

    def fits(one: Listed, name: str) -> bool:
        return one.check.id == name or one.check.id.startswith(f"{name}/")

    if not all(any(fits(one, name) for one in listed) for name in wanted):
        raise UsageError("AUD-001")
    return tuple(one for one in listed if any(fits(one, name) for name in wanted))
