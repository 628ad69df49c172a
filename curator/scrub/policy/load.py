"""Finding and reading policies: those that come with the program, a file, or an installed plug-in.

A policy that asks for what this version does not carry out is refused, never quietly weakened.
"""

from __future__ import annotations

import hashlib
import os
import re
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from importlib import resources
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, Protocol

from curator.core.canonical import canonical_bytes
from curator.core.errors import UsageError
from curator.scrub.policy.faults import fault
from curator.scrub.policy.model import OPTIONS, Ages, Dates, Policy, Texts
from curator.scrub.policy.private_rows import PrivateRow

POLICY_FORMAT = 1
ENTRY_POINT_GROUP = "curator.policies"
LARGEST = 1 << 20

#: Options of PS3.15 Annex E that a policy may name but not switch on in this version.
NOT_YET = ("clean_pixel_data", "clean_recognizable_visual_features")

#: Attributes that no policy may set: identity, the UIDs that join objects, character set, markers, pixels.
_FIXED = {
    0x00080005, 0x00080016, 0x00080018, 0x00100010, 0x00100020, 0x0020000D, 0x0020000E,
    0x00120062, 0x00120063, 0x00120064, 0x00280303, 0x7FE00008, 0x7FE00009, 0x7FE00010,
}  # fmt: skip


class PolicyProvider(Protocol):
    """What an entry point of the group ``curator.policies`` names: a function that returns a policy as TOML text."""

    def __call__(self) -> str:
        """Return the text of the policy file."""
        ...


def bundled() -> list[str]:
    """Return the names of the policies that come with the program, sorted."""
    return sorted(
        entry.name[:-5] for entry in _folder("curator.scrub.policy").iterdir() if entry.name.endswith(".toml")
    )


def installed() -> list[str]:
    """Return the names of the policies that plug-ins provide, sorted; a bundled name is never a plug-in's."""
    return sorted({entry.name for entry in entry_points(group=ENTRY_POINT_GROUP)} - set(bundled()))


def is_protected(tag: int) -> bool:
    """Say whether an attribute is one that no policy may set: it is always handled by rule."""
    return tag in _FIXED or (tag >> 16) % 2 == 1 or (tag >> 16) in {0, 2, 4} or not tag & 0xFFFF


def load_policy(name: str, *, base: Path | None = None, recipe: Path | None = None) -> Policy:
    """Load a policy by name or path.

    Parameters
    ----------
    name
        The name of a bundled or installed policy, or a path (it holds a slash or ends with ``.toml``).
    base
        The folder that a relative path starts from; the working directory by default.
    recipe
        A deid recipe to be laid over the policy, which must not have one of its own.

    Returns
    -------
    Policy

    Raises
    ------
    UsageError
        POL-001 when there is none; POL-002 when it cannot be used; POL-003 for an option that this version does not
        carry out; POL-004 for an attribute that no policy may set; SYS-007 for a newer format; POL-020 to POL-023 for
        a recipe.
    """
    path = None
    if "/" in name or name.endswith(".toml"):
        path = Path(os.path.normpath((base or Path()).resolve() / name))  # the project's folder may not be there yet
    return parse_policy(_text(name, path), folder=path.parent if path is not None else None, recipe=recipe)


def parse_policy(text: str, *, folder: Path | None = None, recipe: Path | None = None) -> Policy:
    """Read a policy from TOML text; files that it names are looked for in ``folder``. Errors as :func:`load_policy`."""
    try:
        raw: dict[str, Any] = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        line = re.search(r"\(at (line \d+),", str(error))
        raise UsageError("POL-002", reason="it is not TOML" + (f", see {line[1]}" if line else "")) from None
    newer = raw.get("format")
    if isinstance(newer, int) and newer > POLICY_FORMAT:
        raise UsageError("SYS-007", found=newer, known=POLICY_FORMAT)
    said = fault(text, raw)
    if said is not None:
        raise UsageError("POL-002", reason=said)
    for option in NOT_YET:
        if raw["options"].get(option):
            raise UsageError("POL-003", option=option)
    attributes = tuple(sorted((int(tag, 16), action) for tag, action in raw.get("attributes", {}).items()))
    for tag, _ in attributes:
        if is_protected(tag):
            raise UsageError("POL-004", attribute=f"({tag >> 16:04X},{tag & 0xFFFF:04X})")
    texts = raw.get("texts", {})
    columns = tuple(sorted((folded_column(name), role) for name, role in raw.get("columns", {}).items()))
    if len({name for name, _ in columns}) != len(columns):
        raise UsageError("POL-005")
    made = Policy(
        name=raw["name"],
        title=raw["title"],
        dates=Dates(raw["options"]["dates"]),
        ages=Ages(raw["options"]["ages"]),
        patient_characteristics=raw["options"]["patient_characteristics"],
        attributes=attributes,
        texts=Texts(texts.get("mode", "tag")),
        facilities=texts.get("facilities", True),
        columns=columns,
        options=tuple(sorted(option for option in OPTIONS if raw["options"].get(option))),
        private=_private(raw, folder),
        digest="",
    )
    if recipe is not None or "recipe" in raw:
        made = _layered(made, raw.get("recipe"), folder, recipe)
    return replace(made, digest=hashlib.sha256(policy_document(made)).hexdigest())


def _private(raw: dict[str, Any], folder: Path | None) -> tuple[PrivateRow, ...]:
    """Return the rows of the user's table of private attributes; a table without the option is a mistake."""
    name = raw.get("private", {}).get("table")
    if name is None:
        return ()
    if not raw["options"].get("retain_safe_private"):
        raise UsageError("POL-002", reason="it names a table of private attributes without retain_safe_private")
    from curator.scrub.dicom.private_csv import load_tcia_csv

    return tuple(load_tcia_csv((folder or Path()) / name).rows())


def _layered(policy: Policy, named: str | None, folder: Path | None, given: Path | None) -> Policy:
    """Lay the recipe that the policy names, or the one that is given, over the policy."""
    from curator.scrub.policy.recipe import with_recipe
    from curator.scrub.policy.recipe_read import LARGEST as MOST
    from curator.scrub.policy.recipe_read import parsed_recipe

    if named is not None and given is not None:
        raise UsageError("POL-021", reason="the policy has a recipe of its own, and takes no second one")
    if given is None and (named is None or folder is None):
        raise UsageError("POL-021", reason="a policy that is no file names it")
    path = given if given is not None else (folder or Path()) / (named or "")
    try:
        with path.open("rb") as stream:
            data = stream.read(MOST + 1)
    except (OSError, ValueError):
        raise UsageError("POL-021", reason="its file cannot be read") from None
    return with_recipe(policy, parsed_recipe(data))


def policy_document(policy: Policy) -> bytes:
    """Return the canonical bytes whose SHA-256 is a policy's digest: every decision, and the rule tables' digests."""
    return canonical_bytes({"policy": policy.decisions(), "tables": dict(table_digests())})


def folded_column(name: str) -> str:
    """Return the name of a column as roles are looked up: lower case, letters and digits, words joined by ``_``."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", unicodedata.normalize("NFKC", name))
    return "_".join(re.findall(r"[^\W_]+", spaced.lower()))


#: Packages whose ``data`` folders hold the tables and lists that decide what goes and what stays.
RULE_PACKAGES = (
    "curator.scrub.dicom",
    "curator.scrub.tabular",
    "curator.scrub.fhir",
    "curator.scrub.hl7",
    "curator.scrub.cda",
    "curator.scrub.text",
    "curator.scrub.document",
    "curator.identifiers",
    "curator.detect",
)


@cache
def table_digests() -> tuple[tuple[str, str], ...]:
    """Return name and SHA-256 of each rule table, sorted by name: the rules that a policy is applied with."""
    found = []
    for package in RULE_PACKAGES:
        prefix = "" if package == RULE_PACKAGES[0] else f"{package.rsplit('.', 1)[1]}/"
        for name, data in _files(_folder(package), prefix):
            found.append((name, hashlib.sha256(data).hexdigest()))
    return tuple(sorted(found))


def _files(folder: Any, prefix: str) -> Iterator[tuple[str, bytes]]:
    if folder.is_dir():
        for entry in folder.iterdir():
            if entry.is_file():
                yield prefix + entry.name, entry.read_bytes()
            else:
                yield from _files(entry, f"{prefix}{entry.name}/")


def _folder(package: str) -> Any:
    return resources.files(package).joinpath("data")


def _text(name: str, path: Path | None) -> str:
    if path is not None:
        try:
            with path.open("rb") as stream:
                data = stream.read(LARGEST + 1)
            if len(data) > LARGEST:
                raise UsageError("POL-002", reason="it is larger than 1 MiB")
            return data.decode("utf-8")
        except OSError:
            raise UsageError("POL-001") from None
        except UnicodeDecodeError:
            raise UsageError("POL-002", reason="it is not UTF-8") from None
    if name in bundled():
        text: str = _folder("curator.scrub.policy").joinpath(f"{name}.toml").read_text(encoding="utf-8")
        return text
    for entry in entry_points(group=ENTRY_POINT_GROUP, name=name):
        try:
            provider: PolicyProvider = entry.load()
            made = provider()
        except Exception:  # noqa: BLE001 - a plug-in may raise anything, and its text may be anything
            raise UsageError("POL-002", reason="the plug-in that provides it failed") from None
        if not isinstance(made, str):
            raise UsageError("POL-002", reason="the plug-in that provides it gave no text")
        return made
    raise UsageError("POL-001")
