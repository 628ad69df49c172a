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


def test_the_page_on_formats_lists_every_schema_and_every_column_of_the_journal() -> None:
    from curator.project.journal import row_schema

    page = (ROOT / "docs" / "reference" / "formats.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([a-z-]+)`", page.split("## Schemas")[1]))
    assert named >= {path.name.removesuffix(".schema.json") for path in (ROOT / "schemas").glob("*.schema.json")}
    rows = page.split("A row is one source file")[1].split("## The ledger")[0]
    columns = [name for cell in re.findall(r"^\| (`[^|]+) \|", rows, re.MULTILINE) for name in cell.split(", ")]
    assert [name.strip("`") for name in columns] == row_schema().names
