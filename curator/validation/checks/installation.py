"""IQ: the program, what it needs, and its own tables stand as they were shipped."""

from __future__ import annotations

import platform
import sys
from pathlib import Path

import curator
from curator.validation import installed
from curator.validation.bench import Bench
from curator.validation.model import NotAsExpectedError, NotCheckedError, Register, expect

check = Register()
CLAUSE = "11.10(a)"
LEAST_PYTHON = (3, 11)
SYSTEMS = ("Linux", "Darwin")


@check(
    "IQ-01",
    CLAUSE,
    "The program runs on a Python and a system that it is made for.",
    "CPython 3.11 or later of 64 bits, Linux or macOS",
)
def runtime(_bench: Bench) -> str:
    """Look at the interpreter."""
    found = f"{platform.python_implementation()} {platform.python_version()} on {platform.system()}"
    expect(sys.version_info >= LEAST_PYTHON, f"{found} is too old")
    expect(sys.maxsize > 2**32, f"{found} has no 64 bits")
    expect(platform.system() in SYSTEMS, f"{found} is not a system that is supported")
    expect(platform.python_implementation() == "CPython", f"{found} is not CPython")
    return f"curator {curator.__version__} on {found}"


@check(
    "IQ-02",
    CLAUSE,
    "The program's own files are those that were installed.",
    "every file has the digest of the installation record, none is missing, none was added",
)
def own_files(_bench: Bench) -> str:
    """Compare the package that runs with its RECORD."""
    package = Path(curator.__file__).resolve().parent
    dist = installed.find(installed.PROGRAM)
    if dist is None:
        raise NotCheckedError("the program has no installation record: it was not installed as a package")
    if installed.is_editable(dist):
        digest = installed.tree_digest(package)
        raise NotCheckedError(f"the program runs from a checkout, which has no list of its files; tree {digest[:16]}")
    home = Path(str(dist.locate_file("curator"))).resolve()
    expect(home == package, "the package that runs is not the one that is installed")
    expect(dist.version == curator.__version__, "the installation record is of another version")
    found = installed.compare(dist)
    if found is None:
        raise NotCheckedError("the program's installation record has no list of files")
    found = found.plus(installed.Files(unlisted=installed.unlisted(dist, package)))
    return _told(found, 1)


@check(
    "IQ-03",
    CLAUSE,
    "Every library that the program needs is there, in a version that it allows.",
    "none is missing, none has another version",
)
def versions(_bench: Bench) -> str:
    """Follow the requirements."""
    found, bad = installed.needed()
    expect(not bad, f"missing or of a version that is not allowed: {', '.join(bad)}")
    expect(found, "no library is required, which cannot be")
    rows = [installed.described(dist) for dist in found.values()]
    return f"{len(rows)} libraries; digest of the list {installed.digest_of(rows)[:16]}"


@check(
    "IQ-04",
    CLAUSE,
    "The files of these libraries are those that were installed.",
    "every file has the digest of its installation record, none is missing",
)
def library_files(_bench: Bench) -> str:
    """Compare every needed distribution with its RECORD."""
    found, _ = installed.needed()
    total, without, bad = installed.Files(), [], []
    for name, dist in found.items():
        one = installed.compare(dist)
        if one is None or not one.same:
            without.append(name)
            continue
        total = total.plus(one)
        if not one.sound:
            bad.append(name)
    if bad:
        raise NotAsExpectedError(f"{total.altered} altered and {total.missing} missing files in {', '.join(bad)}")
    if without:
        raise NotCheckedError(f"no list of files with digests: {', '.join(without)}")
    return _told(total, len(found))


def _told(found: installed.Files, packages: int) -> str:
    expect(found.same, "not one file could be compared")
    said = f"{found.altered} altered, {found.missing} missing, {found.unlisted} added"
    expect(found.sound, said)
    bare = f"; {found.undigested} files are listed without a digest" if found.undigested else ""
    return f"{found.same:,} files of {packages} packages as listed, {said}{bare}"


@check(
    "IQ-05",
    CLAUSE,
    "The schemas of all documents can be loaded and are sound.",
    "each is valid JSON Schema 2020-12 under a name of its own",
)
def schemas(_bench: Bench) -> str:
    """Load every schema and check it against the metaschema."""
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import SchemaError

    from curator.core.schema import load_schema, schema_folder
    from curator.provenance.records import SCHEMAS

    names = sorted(path.name.removesuffix(".schema.json") for path in schema_folder().glob("*.schema.json"))
    expect(set(SCHEMAS.values()) <= set(names), "a kind of record has no schema")
    for name in names:
        try:
            schema = load_schema(name)
            Draft202012Validator.check_schema(schema)
        except (ValueError, SchemaError):
            raise NotAsExpectedError(f"schema {name} is not sound") from None
        expect(schema.get("$schema") == "https://json-schema.org/draft/2020-12/schema", f"schema {name}: other dialect")
        named = f"urn:curator:schema:{name}"
        expect(schema.get("$id") in {named, f"{named}:1"}, f"schema {name} has another name inside")
    return f"{len(names)} schemas"


@check(
    "IQ-06",
    CLAUSE,
    "The tables of codes, roles and policies can be loaded and are complete.",
    "each code has kind, sentence and hint; each action names roles that exist; each policy is sound",
)
def tables(_bench: Bench) -> str:
    """Load the tables that decide what a user is told and what is allowed."""
    from curator.core.errors import EXIT_OF_KIND, codes
    from curator.provenance import roles
    from curator.scrub.policy import load_policy

    table = codes()
    expect(table, "there are no codes")
    for code, entry in table.items():
        fine = entry.get("kind") in EXIT_OF_KIND and entry.get("sentence") and entry.get("hint")
        expect(fine, f"code {code} is not complete")
    held, allows = roles.all_roles(), roles.actions()
    for action, allowed in allows.items():
        expect(allowed and allowed <= set(held), f"action {action} names no role that exists")
    policies = [load_policy(name).digest for name in ("safe-harbor", "expert", "limited-dataset")]
    return f"{len(table)} codes, {len(allows)} actions of {len(held)} roles, policy safe-harbor {policies[0][:16]}"
