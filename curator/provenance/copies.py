"""Copies of a log for people and their programs: CSV and HTML (21 CFR 11.10(b)), and the check that a copy is true.

Each row or section holds the signed text and its signature too, so that the envelope, the leaf hash and the root can be
computed again from the copy. Whatever was typed is escaped: no cell is a formula, no text is markup.
"""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path

from curator.core.errors import IntegrityError, UsageError
from curator.provenance.keys import key_id
from curator.provenance.log import Log, Row, Wanted, what, why
from curator.provenance.merkle import Frontier
from curator.provenance.records import ENROLLMENT
from curator.provenance.view import describe, local_time, printed_name, shown

COLUMNS = (
    "record", "kind", "signed_at_utc", "utc_offset", "signed_at_local", "signer", "printed_name", "meaning", "author",
    "author_name", "about", "reason", "fate", "leaf", "key_id", "signature_hex", "payload",
)  # fmt: skip
#: First characters with which a spreadsheet begins a formula, in ASCII and full width.
_FORMULA = "=+-@\t\r\n＝＋－＠"
_HELD_BACK = "held back with the printed names"
_SECTION = re.compile(r'<section id="record-([0-9]+)".*?</section>\n', re.DOTALL)
_LINE = re.compile(r'"([0-9]+)",.*')
_STATED = re.compile(r"<dd>([0-9]+)</dd>\n<dt>[^<]*</dt><dd><code>([0-9a-f]{64})</code>")
_TAIL = "</main>\n</body>\n</html>\n"
_PARTLY = "<p>This copy is a selection of the records.</p>\n"
_NAMELESS = "<p>Printed names are left out of this copy: people are shown by their reader ids.</p>\n"
_MOST_COPY = 4 << 30


def cell(text: str) -> str:
    """Return a text that a spreadsheet takes as a text, and that steers no terminal.

    An apostrophe is put before what could begin a formula, also behind blanks and marks that are not seen.
    """
    plain = shown(text)
    start = plain.lstrip("\u00a0\u200b\ufeff\N{REPLACEMENT CHARACTER} ")[:1]
    return f"'{plain}" if (start and start in _FORMULA) or plain[:1] == "'" else plain


def _who(log: Log, person: str | None, *, names: bool) -> str:
    if person is None:
        return ""
    known = log.state.people.get(person)
    return known.printed_name if names and known is not None else person


def _signed(row: Row, *, names: bool) -> str:
    """Return the signed text, or nothing where it would tell a printed name that is held back."""
    return "" if not names and row.record.kind == ENROLLMENT else row.payload


def csv_lines(log: Log, wanted: Wanted | None = None, *, names: bool = True) -> Iterator[bytes]:
    """Yield a log as CSV (RFC 4180, UTF-8), every cell in quotes, the heading first.

    Parameters
    ----------
    log
        The log.
    wanted
        Which records; all by default.
    names
        False puts reader ids in place of printed names, and leaves out the signed text of enrollments.
    """
    yield _row(COLUMNS).encode()
    for row in log.rows(wanted):
        yield _line(log, row, names=names).encode()


def _line(log: Log, row: Row, *, names: bool) -> str:
    record, said = row.record, row.record.predicate
    key, signature = row.envelope.signatures[0]
    texts = (
        str(record.index), row.kind, said["signedAt"], f"UTC{said['utcOffset']}", local_time(said), said["signer"],
        _who(log, said["signer"], names=names), said["meaning"], said.get("author", ""),
        _who(log, said.get("author"), names=names), what(record), why(record), row.fate, record.leaf.hex(), key,
        signature.hex(),
    )  # fmt: skip
    # The signed text begins with a brace, so that it is no formula; it must come back byte for byte.
    return _row((*map(cell, texts), _signed(row, names=names) or _HELD_BACK))


def _row(texts: tuple[str, ...]) -> str:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow(texts)
    return out.getvalue()


def html_parts(log: Log, wanted: Wanted | None = None, *, names: bool = True) -> Iterator[bytes]:
    """Yield a log as one self-contained HTML page, a section a record with printed name, time, meaning and every field.

    Parameters
    ----------
    log, wanted, names
        As :func:`csv_lines`.
    """
    yield _head(log, log.report.size, log.report.root.hex()).encode()
    yield ("" if wanted is None or wanted.everything else _PARTLY).encode()
    yield ("" if names else _NAMELESS).encode()
    for row in log.rows(wanted):
        yield _section(log, row, names=names).encode()
    yield _TAIL.encode()


def _head(log: Log, size: int, root: str) -> str:
    style = resources.files("curator.provenance").joinpath("log.css").read_text(encoding="utf-8")
    title = f"Signed records of {html.escape(shown(log.state.dataset))}"
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
{style}</style>
</head>
<body>
<main>
<h1>{title}</h1>
<dl>
<dt>records in the ledger</dt><dd>{size}</dd>
<dt>root of the tree (RFC 9162)</dt><dd><code>{root}</code></dd>
<dt>origin of its checkpoints</dt><dd><code>{html.escape(log.report.origin)}</code></dd>
<dt>operator's key</dt><dd><code>{key_id(log.state.operator)}</code></dd>
</dl>
"""


def _section(log: Log, row: Row, *, names: bool) -> str:
    record, said = row.record, row.record.predicate
    key, signature = row.envelope.signatures[0]
    who = shown(printed_name(log.state, said["signer"]) if names else said["signer"])
    fate = f'\n<p class="fate">This label was {html.escape(row.fate)}.</p>' if row.fate else ""
    fields = [
        (name, text)
        for name, text in describe(record, log.state, names=names)
        if name not in {"record", "signed by", "signed at", "meaning", "leaf"}
    ]
    listed = "".join(
        f"<dt>{html.escape(shown(name)) or '&#160;'}</dt><dd><bdi>{html.escape(shown(text))}</bdi></dd>\n"
        for name, text in fields
        if names or record.kind != ENROLLMENT or name not in {"request", "proof"}
    )
    payload = _signed(row, names=names)
    signed = f'<pre class="signed">{html.escape(payload)}</pre>' if payload else f"<p>{_HELD_BACK}</p>"
    return f"""<section id="record-{record.index}" data-leaf="{record.leaf.hex()}" data-key="{html.escape(key)}" \
data-signature="{signature.hex()}">
<h2>Record {record.index} · {html.escape(row.kind.replace("-", " "))}</h2>
<p class="signature">Signed by <strong><bdi>{html.escape(who)}</bdi></strong> at <time datetime="{said["signedAt"]}">\
{said["signedAt"].replace("T", " ").rstrip("Z")} UTC</time> (local time {local_time(said)}, \
UTC{said["utcOffset"]}). Meaning of the signature: <strong>{html.escape(said["meaning"])}</strong>.</p>{fate}
<dl>
{listed}</dl>
<details><summary>What was signed, leaf and signature</summary>
{signed}
<p>leaf <code>{record.leaf.hex()}</code> · key <code>{html.escape(key)}</code></p>
</details>
</section>
"""


@dataclass(frozen=True)
class Copy:
    """What a copy of a log came to: its records, and whether it holds all that stood in the ledger when it was made."""

    records: int
    complete: bool


def check_copy(path: Path, log: Log) -> Copy:
    """Compare a CSV or HTML copy with the ledger: every row and section, what people read and what was signed.

    A copy may be older than the ledger. It may then say of a label that it stands, which has ended since.

    Parameters
    ----------
    path
        The copy.
    log
        The verified ledger.

    Raises
    ------
    UsageError
        LED-085 when the file cannot be read as a copy.
    IntegrityError
        LED-089 when a part of it is not what the ledger says.
    """
    text = _text(path)
    parts, stated = _html_parts(log, text) if text.startswith("<!DOCTYPE") else (_csv_parts(text), None)
    make = _section if stated is not None else _line
    records, size = len(parts), log.report.size if stated is None else stated[0]
    tree = Frontier()
    for row in log.rows():
        tree.add(row.record.leaf)
        if stated is not None and tree.size == stated[0] and tree.root().hex() != stated[1]:
            raise IntegrityError("LED-090")
        part = parts.pop(row.record.index, None)
        fates = {row.fate, ""}
        if part is not None and part not in {
            make(log, replace(row, fate=fate), names=names) for fate in fates for names in (True, False)
        }:
            raise IntegrityError("LED-089", index=row.record.index)
    if parts or size > log.report.size:
        raise IntegrityError("LED-089", index=min(parts, default=log.report.size))
    return Copy(records, complete=records == size)


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > _MOST_COPY:
            raise UsageError("LED-085")
        return path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError):
        raise UsageError("LED-085") from None


def _csv_parts(text: str) -> dict[int, str]:
    heading, *lines = text.split("\r\n")
    if f"{heading}\r\n" != _row(COLUMNS) or not lines or lines.pop():
        raise UsageError("LED-085")
    found: dict[int, str] = {}
    for number, line in enumerate(lines):
        match = _LINE.fullmatch(line)
        _put(found, None if match is None else int(match[1]), f"{line}\r\n", number)
    return found


def _html_parts(log: Log, text: str) -> tuple[dict[int, str], tuple[int, str]]:
    said = _STATED.search(text)
    if said is None:
        raise UsageError("LED-085")
    stated = (int(said[1]), said[2])
    start = text.find("<section ")
    head = text[:start] if start >= 0 else text.removesuffix(_TAIL)
    made = _head(log, *stated)
    if head not in {made + partly + nameless for partly in ("", _PARTLY) for nameless in ("", _NAMELESS)}:
        raise IntegrityError("LED-090")
    found: dict[int, str] = {}
    at = len(head)
    while match := _SECTION.match(text, at):
        _put(found, int(match[1]), match[0], len(found))
        at = match.end()
    if text[at:] != _TAIL:
        raise IntegrityError("LED-090")
    return found, stated


def _put(found: dict[int, str], index: int | None, part: str, number: int) -> None:
    if index is None or index in found:
        raise IntegrityError("LED-089", index=number if index is None else index)
    found[index] = part
