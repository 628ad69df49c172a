"""``curator detect``: where identifiers stand in texts, without the texts."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import BinaryIO

import click

from curator.cli.common import emit_json, json_option, note, say

INCOMPLETE = 5
#: Made up, to be searched before any other text.
_FIRST = "Ada Example phoned on 1 May 2020, it says in the note of the ward."


@click.command("detect")
@click.argument("file", required=False, default="-", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--with", "added", multiple=True, metavar="NAME", help="Also ask an installed detector; repeatable.")
@click.option(
    "--workers",
    type=click.IntRange(1, 256),
    default=1,
    show_default=True,
    help="Processes that search; with more than one, lines are answered some at a time.",
)
@json_option
def detect(file: Path, added: tuple[str, ...], workers: int, as_json: bool) -> int:
    """Find identifiers in JSON Lines of {id, text} from FILE or standard input, one line of spans for each.

    Writes {id, spans: [{start, end, category, kind, rule, confidence}]} in the order of the input and as each line is
    done; offsets in Unicode code points, never the text. A line that cannot be searched becomes {line, error} and the
    rest goes on. With --json, prints one summary of counts instead of the spans. Needs no project.

    \b
    Examples:
      curator detect notes.jsonl > spans.jsonl
      curator detect --workers 8 notes.jsonl > spans.jsonl
      curator detect --json < notes.jsonl
      tail -f notes.jsonl | curator detect --with my-detector
    """
    from curator.core.collector import settled
    from curator.detect.text import detectors
    from curator.detect.text.lines import Summary, detect_lines

    summary = Summary()
    with settled():
        asked = detectors(added)
        list(asked[0].find(_FIRST))  # ours: it reads its tables
    with contextlib.closing(_open(file)) as stream:
        for line in detect_lines(stream, asked, summary, workers=workers):
            if not as_json:
                say(line)
    if as_json:
        emit_json(summary.document())
    elif summary.failed:
        note(f"{summary.failed:,} lines not searched: " + " · ".join(f"{n:,} {c}" for c, n in summary.codes.items()))
    return INCOMPLETE if summary.failed else 0


def _open(file: Path) -> BinaryIO:
    from curator.core.errors import UsageError

    if str(file) == "-":
        if sys.stdin.isatty():
            note("reading JSON Lines from the keyboard; end with Ctrl-D")
        return sys.stdin.buffer
    try:
        return file.open("rb")
    except OSError:
        raise UsageError("TXT-001") from None
