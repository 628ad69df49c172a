"""The protocol for people's eyes: one HTML page, no script, nothing fetched, with blank lines to fill in.

A pure function of the document: the same document, the same bytes. Every text is escaped.
"""

from __future__ import annotations

from html import escape
from importlib import resources
from typing import Any

from curator.validation.clauses import clauses
from curator.validation.model import PASS

_BLANK = '<td class="blank"></td>'
_WORDS = {"PASS": "PASS", "FAIL": "FAIL", "COULD_NOT_CHECK": "COULD NOT CHECK"}


def page(document: dict[str, Any]) -> bytes:
    """Write the page of a protocol that follows its schema."""
    style = resources.files("curator.validation").joinpath("data", "protocol.css").read_text(encoding="utf-8")
    title = f"{document['title']}: {document['environment']['program']['name']}"
    body = "\n".join(
        (
            f"<h1>{escape(title)}</h1>",
            f"<p>{escape(document['statement'])}</p>",
            _result(document),
            _signature(document["signature"]),
            _environment(document["environment"]),
            _checks(document["checks"]),
            _duties(document["duties"]),
            _approval(),
        )
    )
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>\n{style}</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n</body>\n"
        "</html>\n"
    ).encode()


def _table(caption: str, heads: tuple[str, ...], rows: list[str]) -> str:
    head = "".join(f'<th scope="col">{escape(one)}</th>' for one in heads)
    return (
        f"<table>\n<caption>{escape(caption)}</caption>\n<thead><tr>{head}</tr></thead>\n<tbody>\n"
        + "\n".join(rows)
        + "\n</tbody>\n</table>"
    )


def _pairs(caption: str, pairs: list[tuple[str, str]]) -> str:
    rows = [f'<tr><th scope="row">{escape(name)}</th><td>{escape(text)}</td></tr>' for name, text in pairs]
    return f"<table>\n<caption>{escape(caption)}</caption>\n<tbody>\n" + "\n".join(rows) + "\n</tbody>\n</table>"


def _result(document: dict[str, Any]) -> str:
    counts = document["counts"]
    told = f"{counts['passed']} checks passed, {counts['failed']} failed, {counts['couldNotCheck']} could not be made."
    parts = [f"<h2>Result: {_WORDS[document['result']]}</h2>", f"<p>{told}</p>"]
    if not document["complete"]:
        parts.append('<p class="notice">This protocol is partial: not every check was run.</p>')
    parts.append(
        f"<p>Run from {escape(document['startedAt'])} to {escape(document['endedAt'])} "
        f"(local offset {escape(document['utcOffset'])}).</p>"
    )
    return "\n".join(parts)


def _signature(signature: dict[str, Any] | None) -> str:
    if signature is None:
        return '<h2>Signature</h2>\n<p class="notice">This protocol is not signed.</p>'
    return "<h2>Signature</h2>\n" + _pairs(
        "Signed electronically; 'curator validate --check' verifies it.",
        [
            ("Printed name", signature["printedName"]),
            ("Id", signature["signer"]),
            ("Date and time", f"{signature['signedAt']} (local offset {signature['utcOffset']})"),
            ("Meaning of the signature", signature["meaning"]),
            ("Key", signature["keyId"]),
        ],
    )


def _environment(found: dict[str, Any]) -> str:
    pairs = [
        ("Program", f"{found['program']['name']} {found['program']['version']}"),
        ("SHA-256 of the program's installation record", found["programRecord"] or "none"),
        ("Python", found["python"]),
        ("System", found["system"]),
        ("Machine", found["machine"]),
        ("SHA-256 of the list of libraries", found["librariesDigest"]),
    ]
    blank = [
        f'<tr><th scope="row">{name}</th>{_BLANK}</tr>' for name in ("Inventory number of the machine", "Location")
    ]
    rows = [
        f"<tr><td>{escape(one['name'])}</td><td>{escape(one['version'])}</td><td><code>{escape(one['record'])}</code></td></tr>"
        for one in found["libraries"]
    ]
    own = _pairs("The installation", pairs).replace("</tbody>", "\n".join(blank) + "\n</tbody>")
    listed = _table("Libraries, each with the SHA-256 of its installation record", ("Name", "Version", "Record"), rows)
    return f"<h2>Environment</h2>\n{own}\n{listed}"


def _checks(checks: list[dict[str, str]]) -> str:
    asks = {one.id: one.asks for one in clauses()}
    rows = []
    for one in checks:
        bad = "" if one["result"] == PASS else " bad"
        clause = f"21 CFR {one['clause']}"
        rows.append(
            f'<tr><th scope="row" class="id">{escape(one["id"])}</th>'
            f'<td title="{escape(asks.get(one["clause"], ""))}">{escape(clause)}</td>'
            f"<td>{escape(one['requirement'])}</td><td>{escape(one['expected'])}</td>"
            f'<td class="result{bad}">{_WORDS[one["result"]]}</td><td>{escape(one["evidence"])}</td></tr>'
        )
    heads = ("Id", "Clause", "Requirement", "Expected", "Result", "Evidence")
    caption = "IQ: installation qualification. OQ: operation qualification, on made-up data in a scratch folder."
    return f"<h2>Checks</h2>\n{_table(caption, heads, rows)}"


def _duties(duties: list[dict[str, str]]) -> str:
    rows = [
        f'<tr><th scope="row" class="id">{escape(one["id"])}</th>'
        f"<td><strong>{escape(one['title'])}.</strong> {escape(one['text'])}</td>{_BLANK * 3}</tr>"
        for one in duties
    ]
    heads = ("Id", "Duty", "Where it is written down", "Done by", "Date")
    return f"<h2>What stays with the customer</h2>\n{_table('No program can do these.', heads, rows)}"


def _approval() -> str:
    rows = [f'<tr><th scope="row">{role}</th>{_BLANK * 3}</tr>' for role in ("System owner", "Quality unit")]
    return "<h2>Acceptance at the site</h2>\n" + _table(
        "To be filled in by hand.", ("Role", "Printed name", "Signature", "Date"), rows
    )
