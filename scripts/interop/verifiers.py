"""Let foreign verifiers judge what curator exports: all of it must be accepted, and each changed copy refused.

Makes a ledger and runs the demo (or takes a ledger and a package), exports in every form, and hands evidence and wrong
evidence to each verifier of verifiers.toml. A verifier that is not installed prints "not run". Exit 0 if all ran and
judged right, 1 if one refused good evidence or accepted wrong evidence that is for it to notice, 3 if one did not run.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import shutil
import sys
import tempfile
import tomllib
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import authority
import evidence
import sample
from evidence import Case, Note
from runners import NotRunError, Runners

from curator.cli.main import run

HERE = Path(__file__).parent


@dataclass
class Row:
    """What one verifier said."""

    name: str
    what: str
    version: str = "not run"
    accepted: int = 0
    good: int = 0
    refused: int = 0
    wrong: int = 0
    failures: list[str] = field(default_factory=list)
    blind: dict[str, str] = field(default_factory=dict)

    @property
    def ran(self) -> bool:
        """True if the verifier was there."""
        return self.version != "not run"


def curator(*words: Any) -> None:
    """Run one of curator's commands, whose exports are judged."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        code = run(list(map(str, words)))
    if code:
        sys.exit(f"curator {words[0]} {words[1] if len(words) > 1 else ''} ended with exit {code}")


def operators(ledger: Path, newest: Note) -> dict[int, tuple[Note, bytes]]:
    """Return the operator's stored checkpoints by their size."""
    origin = newest.text.split("\n")[0]
    made = {}
    for path in sorted((ledger / "checkpoints").glob("*.note")):
        data = path.read_bytes()
        note = Note.read(data)
        if note.size <= newest.size and any(line[0] == origin for line in note.lines):
            made[note.size] = (note, data)
    return made


def gather(ledger: Path, work: Path, limit: int) -> dict[str, list[Case]]:
    """Export a ledger in every form, and return the cases of each job."""
    curator("ledger", "export", ledger, "--dsse", work / "dsse")
    curator("ledger", "export", ledger, "--tiles", work / "tiles")
    curator("ledger", "prove", "--all", work / "proofs", "--ledger", ledger)
    names = dict(reversed(line.split(" ", 1)) for line in (work / "dsse/keys/names.txt").read_text().splitlines())
    operator = evidence.pem_key((work / "dsse" / "keys" / f"{names['operator']}.pem").read_text())
    sealed = operators(ledger, Note.read((work / "tiles" / "checkpoint").read_bytes()))
    notes = [sealed[size][0] for size in sorted(sealed)]
    if len(notes) < 2:
        sys.exit("the ledger has fewer than two checkpoints of the operator: nothing could be compared")
    proofs = []
    for size in sorted(sealed)[:-1][-limit:]:
        (work / "old").write_bytes(sealed[size][1])
        curator("ledger", "consistency", work / "old", "--out", work / "new", "--ledger", ledger)
        proofs.append((sealed[size][0], (work / "new").read_bytes()))
    entries = [path.read_bytes() for path in sorted((work / "dsse" / "records").glob("*.dsse.json"))]
    made = {
        "envelope": evidence.envelopes(work / "dsse", limit),
        "statement": evidence.statements(work / "dsse", limit),
        "checkpoint": evidence.checkpoints(notes, operator, limit),
        "tree": evidence.trees(entries, notes[-limit:]),
        "inclusion": evidence.inclusions(work / "proofs", limit),
        "consistency": evidence.consistencies(proofs),
        "tiles": evidence.logs(work / "tiles", operator, work),
    }
    cases: dict[str, list[Case]] = {}
    for some in made.values():
        for case in some:
            cases.setdefault(case.job, []).append(case)
    if shutil.which("openssl"):
        (work / "authority").mkdir()
        tokens = authority.tokens([note.bytes() for note in notes[-6:]], work / "authority")
        cases["token"] = list(evidence.tokens(*tokens))
    return cases


def stored_tokens(ledger: Path, roots: Path) -> list[Case]:
    """Return the time-stamp responses that a ledger stores beside its checkpoints; their files are named alike."""
    made = []
    for path in sorted((ledger / "timestamps").glob("*.tsr")):
        note = (ledger / "checkpoints" / f"{path.stem.rpartition('-')[0]}.note").read_bytes()
        data = {"data": evidence.b64(note), "token": evidence.b64(path.read_bytes()), "root": roots.read_text()}
        made.append(Case("token", "", data))
    return made


def judge(entry: dict[str, Any], runners: Runners, cases: dict[str, list[Case]]) -> Row:
    """Give one verifier its cases, and count what it said."""
    row = Row(entry["name"], entry["what"])
    blind = entry.get("blind", {})
    try:
        version, ask = runners.of(entry["name"])
    except NotRunError:
        return row
    given = [case for job in entry["jobs"] for case in cases.get(job, []) if case.wrong not in blind]
    row.blind = blind
    if not given:
        return row
    row.version = version
    for case, accepted in zip(given, ask(given), strict=True):
        if case.wrong:
            row.wrong += 1
            row.refused += not accepted
        else:
            row.good += 1
            row.accepted += accepted
        if accepted == bool(case.wrong):
            row.failures.append(f"{case.job}: {case.wrong or 'good evidence'}")
    return row


def lines(rows: list[Row]) -> list[str]:
    """Return the table as text."""
    made = [f"{'verifier':<24}{'version':<28}{'accepted':>12}{'wrong refused':>16}"]
    for row in rows:
        if row.ran:
            accepted, refused = f"{row.accepted} of {row.good}", f"{row.refused} of {row.wrong}"
            made.append(f"{row.name:<24}{row.version:<28}{accepted:>12}{refused:>16}")
        else:
            made.append(f"{row.name:<24}not run")
        made += [f"  JUDGED WRONG  {failure}" for failure in row.failures]
    return made


def markdown(rows: list[Row], cases: dict[str, list[Case]]) -> str:
    """Return the table as a page of the reference."""
    made = [
        "# Foreign verifiers",
        "",
        "<!-- generated by scripts/interop/verifiers --table -->",
        "",
        "What `curator` exports from a ledger of 300 records and the demo's package, judged by verifiers that share no",
        "code with it. Each is given good evidence, which it must accept, and the same with one thing wrong, which it",
        "must refuse.",
        "",
        "| verifier | version | of | accepted | wrong evidence refused |",
        "| --- | --- | --- | --- | --- |",
    ]
    for row in rows:
        accepted = f"{row.accepted} of {row.good}" if row.ran else "not run"
        refused = f"{row.refused} of {row.wrong}" if row.ran else "not run"
        made.append(f"| {row.name} | {row.version} | {row.what} | {accepted} | {refused} |")
    made += ["", "## What was wrong", ""]
    for job, some in cases.items():
        kinds = [case.wrong for case in some if case.wrong]
        made.append(f"- {job}: {', '.join(kinds)}.")
    made += ["", "Not given, because it is not theirs to notice:", ""]
    made += [f"- {row.name}: {wrong} ({why})." for row in rows for wrong, why in row.blind.items()]
    made += [
        "",
        '`scripts/interop/verifiers` makes this table; it installs nothing, and a verifier that lacks is "not run".',
        "The Python packages among them also run in `./scripts/test` (`tests/provenance/test_foreign.py`). Time-stamp",
        "tokens are made by an authority that the script sets up with `openssl ts` for the occasion.",
        "",
    ]
    return "\n".join(made)


def main() -> int:
    """Run everything and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ledger", type=Path, help="a ledger's folder; without it one of 300 records is made")
    parser.add_argument("--package", type=Path, help="a released package; without it the demo is run")
    parser.add_argument("--roots", type=Path, help="PEM of the authority behind the tokens that the ledger stores")
    parser.add_argument("--python", default=sys.executable, help="a Python that has the Python packages")
    parser.add_argument("--node", type=Path, help="a folder whose node_modules holds @sigstore/verify")
    parser.add_argument("--gopath", default="/usr/share/gocode", help="where golang.org/x/mod stands as sources")
    parser.add_argument("--limit", type=int, default=40, help="pieces of good evidence a job, at most")
    parser.add_argument("--table", type=Path, help="write the table as Markdown")
    options = parser.parse_args()
    entries = tomllib.loads((HERE / "verifiers.toml").read_text())["verifier"]
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        ledger, package = options.ledger, options.package
        if ledger is None:
            ledger = work / "ledger"
            sample.make(ledger)
        if package is None:
            curator("demo", work / "demo")
            package = work / "demo/project/releases/v1.0.0"
        cases = gather(ledger.resolve(), work, options.limit)
        if options.roots is not None:
            cases.setdefault("token", []).extend(stored_tokens(ledger, options.roots))
        pem = work / "operator.pem"
        shutil.copy(package / "data" / "ledger" / "operator.pem", pem)
        cases["package"] = list(evidence.packages(package.resolve(), pem, work))
        runners = Runners(options, work)
        rows = [judge(entry, runners, cases) for entry in entries]
    print(f"curator {metadata.version('curator')}")
    print("\n".join(lines(rows)))
    if options.table is not None:
        options.table.write_text(markdown(rows, cases), encoding="utf-8")
    if any(row.failures for row in rows):
        return 1
    return 0 if all(row.ran for row in rows) else 3


if __name__ == "__main__":
    sys.exit(main())
