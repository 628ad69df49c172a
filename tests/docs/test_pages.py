"""Generated pages are fresh, links lead somewhere, and the table of exit codes is the program's."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from curator.core.errors import EXIT_OF_KIND

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), *sorted(ROOT.glob("[CS]*.md"))]


def test_generated_pages_are_fresh() -> None:
    done = subprocess.run([sys.executable, ROOT / "scripts" / "docs.py", "--check"], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


def test_every_link_between_pages_leads_to_a_file() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_table_of_exit_codes_is_the_programs() -> None:
    for page in (ROOT / "README.md", ROOT / "docs" / "reference" / "exit-codes.md"):
        codes = {int(code) for code in re.findall(r"^\| (\d+) \|", page.read_text(encoding="utf-8"), re.MULTILINE)}
        assert codes == {0, *EXIT_OF_KIND.values()}
