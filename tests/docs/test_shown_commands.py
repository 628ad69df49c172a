"""Every command that the README and the docs show is run, in order, as shown.

The installed program runs each command the first time that any page shows it, later ones are forked from one that
stands ready. The demo, which takes a minute or two, was run by the installed program for other tests too: a page that
makes it gets a copy.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
import started

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
DEMO = "curator demo demo"
EXIT = re.compile(r"<!-- exit (\d+) -->")


@dataclass(frozen=True)
class Shown:
    line: int
    command: str
    wanted: int


def shown(page: Path) -> list[Shown]:
    """Find the commands of a page: lines behind `$ ` in console blocks, with their `> ` lines.

    The comment `<!-- exit N -->` before a block says how its one command ends; all others end with 0.
    """
    found: list[Shown] = []
    block, wanted = False, 0
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
        if mark := EXIT.fullmatch(line):
            wanted = int(mark[1])
        elif line.startswith("```"):
            wanted = wanted if line == "```console" else 0
            block = line == "```console"
        elif block and line.startswith("$ "):
            found.append(Shown(number, line[2:], wanted))
        elif block and line.startswith("> "):
            found[-1] = Shown(found[-1].line, f"{found[-1].command}\n{line[2:]}", wanted)
    return found


WITH_COMMANDS = [page for page in PAGES if shown(page)]


def test_the_tutorial_and_the_readme_show_commands() -> None:
    names = {page.relative_to(ROOT).as_posix() for page in WITH_COMMANDS}
    assert {"README.md", "docs/tutorial/first-release.md"} <= names


def test_every_curator_command_behind_a_dollar_stands_in_a_console_block() -> None:
    for page in PAGES:
        lines = page.read_text(encoding="utf-8").splitlines()
        shown_lines = {one.line for one in shown(page)}
        assert {n for n, line in enumerate(lines, 1) if re.match(r"\s*\$ ", line)} == shown_lines, page.name


@pytest.mark.timeout(300)
@pytest.mark.parametrize("page", WITH_COMMANDS, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_shown_command_ends_as_the_page_says(
    page: Path, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> None:
    # One shell runs the page, so that variables and the working directory carry over as for a reader.
    script = ["set -o pipefail"]
    for one in shown(page):
        script.append('cp -R "$DEMO" demo' if one.command == DEMO else one.command)
        script.append(
            f'code=$?; if [ "$code" -ne {one.wanted} ]; then echo "line {one.line}: exit $code" >&3; exit 99; fi'
        )
    made = ""
    if any(one.command == DEMO for one in shown(page)):
        folder = started.demo(tmp_path_factory, worker_id)
        assert json.loads((folder / "demo.json").read_text())["code"] == 0
        made = str(folder / "demo")
    work = tmp_path / "work"
    work.mkdir()
    base = tmp_path_factory.getbasetemp() if worker_id == "master" else tmp_path_factory.getbasetemp().parent
    claims = base / "claims"
    claims.mkdir(exist_ok=True)
    with (tmp_path / "said").open("wb") as said, started.door(claims) as environment:
        done = subprocess.run(
            ["bash", "-c", 'exec 3>"$HOME/verdict"\n' + "\n".join(script)],
            cwd=work,
            env={**os.environ, **environment, "HOME": str(tmp_path), "CHECKOUT": str(ROOT), "DEMO": made},
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            check=False,
            timeout=280,
        )
    tail = (tmp_path / "said").read_text(encoding="utf-8", errors="replace")[-2000:]
    assert (tmp_path / "verdict").read_text() == "", tail
    assert done.returncode == 0, tail
