"""The recipe that the page on policies shows is taken by deid's parser, and the commands shown with it run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import started

pytest.importorskip("deid", reason="the extra 'deid' is not installed")

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "policies.md"


def test_the_recipe_of_the_page_and_its_commands_run(tmp_path: Path) -> None:
    text = PAGE.read_text(encoding="utf-8")
    recipe = re.search(r"```text\n(FORMAT dicom\n.*?)```", text, re.DOTALL)
    commands = re.findall(r"^    curator (.*trial\.recipe.*)$", text, re.MULTILINE)
    assert recipe is not None
    assert len(commands) == 2
    (tmp_path / "trial.recipe").write_text(recipe[1], encoding="utf-8")
    for command in commands:
        done = started.run(command.split(), cwd=tmp_path, text=True)
        assert done.returncode == 0, done.stderr
        assert "attribute (0008,1030) is kept" in done.stdout
