"""Commands that pages show without running them: each exists, and takes the options, choices and arguments shown.

What stands behind `$ ` is run by test_shown_commands.py. The rest (set in from the left, in `sh` blocks, between
backticks, examples of the help) speaks of files that only a hospital has, and is parsed by the program's own parsers.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import click
import pytest

from curator.cli.lazy import LazyGroup

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "SECURITY.md", *sorted((ROOT / "docs").rglob("*.md"))]
GROUP = LazyGroup("curator")
START = re.compile(r"(?:PYTHONPATH=\S+ )?(?:\.venv/bin/)?curator (.*)")
INLINE = re.compile(r"`curator ([^`]+)`")
#: Where words stand for others: a page that tells of a family of commands, not of one line to type.
LEFT_OUT = re.compile(r"\.\.\.|…|[A-Za-z] \| [a-z]|\[")


class Line(NamedTuple):
    page: str
    number: int
    text: str


def typed(text: str) -> str:
    """Take a command without what a page writes beside it: remarks, pipes, redirections."""
    text = re.split(r"\s+#|\s{3,}(?=\S)|\s[|<>]|\s2>|\s&&|;\s", text)[0]
    return text.strip()


def in_blocks(page: Path) -> Iterator[Line]:
    name = page.relative_to(ROOT).as_posix()
    fence, went_on, start = "", "", 0
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("```"):
            fence = "" if fence else line
        elif went_on:
            went_on += line.strip()
        elif (fence or line.startswith("    ")) and fence != "```console" and (found := START.match(line.strip())):
            went_on, start = found[1], number
        if went_on.endswith("\\"):
            went_on = went_on[:-1]
        elif went_on:
            yield Line(name, start, typed(went_on))
            went_on = ""


def in_words(page: Path) -> Iterator[Line]:
    name = page.relative_to(ROOT).as_posix()
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
        for found in INLINE.finditer(line):
            yield Line(name, number, typed(found[1]))


BLOCKS = [line for page in PAGES for line in in_blocks(page) if not LEFT_OUT.search(line.text)]
WORDS = [line for page in PAGES for line in in_words(page) if not LEFT_OUT.search(line.text)]


def command_of(words: list[str]) -> tuple[click.Command, list[str]]:
    at: click.Command = GROUP
    while words and isinstance(at, click.Group) and not words[0].startswith("-"):
        below = at.get_command(click.Context(at), words[0])
        assert below is not None, "no command of that name"
        at, words = below, words[1:]
    return at, words


def fault(text: str, *, whole: bool) -> str:
    """Say what is wrong with a command line; a `whole` one has all that the command asks for."""
    try:
        command, words = command_of(shlex.split(text))
        if "--help" in words:
            return ""
        if isinstance(command, click.Group) and not command.invoke_without_command:
            return "names a group alone" if whole else ""
        context = click.Context(command)
        given, _left, _order = command.make_parser(context).parse_args(list(words))
        for one in command.params:
            value = given.get(one.name or "")
            values = [
                each for each in (value if isinstance(value, list | tuple) else [value]) if type(each) in {str, bool}
            ]
            for each in values if isinstance(one.type, click.Choice) else ():
                one.type.convert(each, one, context)
            if whole and one.required and not values:
                return f"lacks {one.name}"
    except click.BadOptionUsage as wrong:
        # A sentence names an option without its value.
        return wrong.format_message() if whole or isinstance(wrong, click.NoSuchOption) else ""
    except (click.ClickException, AssertionError, ValueError) as wrong:
        return wrong.format_message() if isinstance(wrong, click.ClickException) else str(wrong)
    return ""


def faults(lines: list[Line], *, whole: bool) -> list[str]:
    said = [(line, fault(line.text, whole=whole)) for line in lines]
    return [f"{line.page}:{line.number}: {line.text}: {what}" for line, what in said if what]


def test_the_search_sees_the_commands() -> None:
    assert len(BLOCKS) > 300
    assert len(WORDS) > 150
    assert any(line.text.startswith("people add reader-a") and "--role" in line.text for line in BLOCKS)


@pytest.mark.parametrize(
    "text",
    ["scan", "scann /mnt", "scan /mnt --jsonn", "labels export a --format coc", "label approve x", "ledger"],
)
def test_a_command_that_is_wrong_is_seen(text: str) -> None:
    assert fault(text, whole=True)


@pytest.mark.parametrize("text", ["scann", "scan --jsonn", "labels export --format coc", "labels exports"])
def test_a_sentence_that_names_what_is_not_there_is_seen(text: str) -> None:
    assert fault(text, whole=False)


def test_every_command_in_a_block_can_be_typed_as_it_stands() -> None:
    assert faults(BLOCKS, whole=True) == []


def test_every_command_in_a_sentence_exists_with_the_options_it_names() -> None:
    assert faults(WORDS, whole=False) == []
