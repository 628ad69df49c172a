"""``curator labels consensus``: one label of several readers' labels, and what is left for people."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from curator.cli.common import emit_json, json_option, progress, project_option, say

if TYPE_CHECKING:
    from curator.labels.consensus.deciding import Decision, Options
    from curator.labels.consensus.opinions import Choice
    from curator.provenance.state import State

ORIGINS = ("model", "interpolated", "imported", "not-stated")
_OUTCOMES = ("decided", "absent", "tied", "equivocal", "refused")


def choice_options(function: Any) -> Any:
    """Add the options that say which labels count as opinions."""
    for option in (
        click.option(
            "--ontology",
            type=click.Path(path_type=Path),
            metavar="FILE",
            help="Classes of different exclusive groups answer different questions.",
        ),
        click.option("--mix-guidelines", is_flag=True, help="Put labels of different guideline versions together."),
        click.option(
            "--include-origin",
            "origins",
            multiple=True,
            type=click.Choice(ORIGINS),
            help="Count labels of this origin too, not only people's own; may be given again.",
        ),
        click.option(
            "--guideline", "guidelines", multiple=True, metavar="ID@VERSION", help="Only labels of this guideline."
        ),
        click.option("--kind", "kinds", multiple=True, metavar="KIND", help="Only labels of this kind."),
        click.option("--stage", "stages", multiple=True, metavar="STAGE", help="Only labels of this stage."),
    ):
        function = option(function)
    return function


def choice_of(
    origins: tuple[str, ...],
    stages: tuple[str, ...],
    guidelines: tuple[str, ...],
    kinds: tuple[str, ...],
    ontology: Path | None,
    *,
    joint: bool = False,
    settled: bool = False,
) -> Choice:
    """Return which labels count."""
    from curator.labels.checks import named
    from curator.labels.consensus.opinions import HUMAN, Choice
    from curator.labels.ontology import load_ontology

    return Choice(
        frozenset({HUMAN, *origins}),
        frozenset(stages),
        frozenset(map(named, guidelines)),
        frozenset(kinds),
        settled=settled,
        joint=joint,
        groups={} if ontology is None else load_ontology(ontology).groups,
    )


@click.command("consensus")
@click.option("--table", type=click.Path(path_type=Path), metavar="FILE", help="A long table in place of the ledger.")
@click.option("--unit", default="unit", show_default=True, metavar="NAME", help="Of --table: what was rated.")
@click.option("--reader", default="reader", show_default=True, metavar="NAME", help="Of --table: who rated.")
@click.option("--value", default="value", show_default=True, metavar="NAME", help="Of --table: the rating.")
@click.option(
    "--missing",
    multiple=True,
    metavar="WORD",
    help="Of --table: what stands for no rating besides an empty cell, such as NA.",
)
@click.option("--session", metavar="NAME", help="Of --table: tells a reader's repeated readings apart.")
@click.option(
    "--method",
    type=click.Choice(["majority", "weighted", "dawid-skene"]),
    default="majority",
    show_default=True,
    help="For classes, sets of classes and grades.",
)
@click.option(
    "--mask-method",
    type=click.Choice(["pixel-vote", "staple"]),
    default="pixel-vote",
    show_default=True,
    help="For masks, and for the cells of polygons.",
)
@click.option("--joint", is_flag=True, help="Take the masks of all classes of a sample together.")
@click.option(
    "--weights",
    "weight_files",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Weights of readers, or a report of labels qualify; may be given again.",
)
@choice_options
@click.option("--least-readers", default=2, show_default=True, metavar="N", help="Readers that a decision needs.")
@click.option("--least-share", default=0.5, show_default=True, metavar="X", help="Least share of votes; over half.")
@click.option("--least-probability", default=0.8, show_default=True, metavar="X", help="Of Dawid and Skene's model.")
@click.option("--iou", default=0.55, show_default=True, metavar="X", help="Least overlap of shapes that mean one find.")
@click.option("--least-dice", default=0.5, show_default=True, metavar="X", help="Least mean Dice of masks and result.")
@click.option(
    "--within",
    default=10.0,
    show_default=True,
    metavar="PX",
    help="Points and lines so near are one find; in space in mm or voxels.",
)
@click.option(
    "--spread", default=0.1, show_default=True, metavar="X", help="Greatest difference of measurements, to their mean."
)
@click.option("--as", "person", metavar="PERSON", help="Who answers for the consensus and will sign it.")
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Where to write the label file.")
@click.option("--dry-run", is_flag=True, help="Decide and report; write nothing.")
@project_option
@json_option
@click.pass_context
def consensus(ctx: click.Context, /, **given: Any) -> None:
    """Make one label of several readers' signed labels, and write a label file to be signed.

    Nothing is decided by chance: ties and what is not clear are listed for adjudication. A label names the method and
    the labels it was made of; theirs stay as they are. Exit 5 says that some questions are left for people, 3 that
    nothing could be decided.

    \b
    Examples:
      curator labels consensus --as adjudicator-1 --out consensus.jsonl
      curator labels consensus --method dawid-skene --mask-method staple --dry-run --json
      curator labels consensus --table reads.csv --out consensus.csv
    """
    from curator.labels.agreement.needs import require_numpy

    require_numpy()
    options = _options(given)
    if given["table"] is not None:
        document = _table(given, options)
    else:
        document = _ledger(given, options)
    if given["as_json"]:
        emit_json(document)
    else:
        for line in _lines(document, dry_run=given["dry_run"]):
            say(line)
    _end(ctx, document)


def _end(ctx: click.Context, document: dict[str, Any]) -> None:
    from curator.core.errors import CheckError

    counts = document["questions"]
    if not counts["total"] or counts["refused"] == counts["total"]:
        raise CheckError("CON-010", readers=len(document["readers"]), count=counts["total"])
    ctx.exit(0 if counts["decided"] + counts["absent"] == counts["total"] else 5)


def _options(given: dict[str, Any]) -> Options:
    from curator.core.errors import UsageError
    from curator.labels.consensus.deciding import Options
    from curator.labels.consensus.weights import load_weights

    shares = [given[name] for name in ("least_share", "least_probability", "iou", "least_dice")]
    far = given["within"], given["spread"]
    sound = 0 < far[0] < 1e6 and 0 <= far[1] < 1e6
    if given["least_readers"] < 2 or not all(0 <= one <= 1 for one in shares) or not given["iou"] or not sound:
        raise UsageError("CON-008")
    if (given["method"] == "weighted") != bool(given["weight_files"]):
        raise UsageError("CON-002")
    return Options(
        given["method"],
        given["mask_method"],
        load_weights(given["weight_files"]),
        given["least_readers"],
        given["least_share"],
        given["least_probability"],
        given["iou"],
        given["least_dice"],
        *far,
    )


def _table(given: dict[str, Any], options: Options) -> dict[str, Any]:
    from curator.cli.guard import text_guard
    from curator.core.schema import validate
    from curator.labels.agreement.columns import Columns
    from curator.labels.agreement.read import read_ratings
    from curator.labels.consensus.tables import decide_table, table_csv, table_report
    from curator.labels.consensus.weights import require_all

    columns = Columns(given["unit"], given["reader"], given["value"], given["session"], missing=given["missing"])
    ratings = read_ratings(given["table"], columns, "nominal")
    require_all(dict(options.weights), ratings.reader.names)
    decided = decide_table(ratings, options)
    document = table_report(ratings, decided, options)
    document["sha256"] = None
    if given["out"] is not None and not given["dry_run"]:
        document["sha256"] = write_new(given["out"], table_csv(ratings, decided, text_guard()))
    validate("consensus-report", document)
    return document


def _ledger(given: dict[str, Any], options: Options) -> dict[str, Any]:
    from curator.core.errors import UsageError
    from curator.core.schema import validate
    from curator.labels.consensus import report as reports
    from curator.labels.consensus.deciding import decide
    from curator.labels.consensus.independence import Known
    from curator.labels.consensus.opinions import gather, require_one_guideline, story_of, units_of
    from curator.labels.consensus.weights import require_all
    from curator.project.paths import open_project
    from curator.provenance.ledger import Ledger

    place = open_project(given["project"])
    if not given["dry_run"] and (given["person"] is None or given["out"] is None):
        raise UsageError("CON-003")
    with progress(Ledger(place.ledger).size(), "records") as bar:
        story, state = story_of(place.ledger, bar.advance)
    if given["person"] is not None:
        state.enrolled(given["person"])
    choice = choice_of(
        given["origins"],
        given["stages"],
        given["guidelines"],
        given["kinds"],
        given["ontology"],
        joint=given["joint"],
    )
    gathered = gather(story, state, place.root, choice)
    units = units_of(gathered.opinions, gathered.besides)
    if not given["mix_guidelines"]:
        require_one_guideline(units)
    require_all(dict(options.weights), [one.reader for one in gathered.opinions])
    with progress(len(units), "questions") as bar:
        decisions = decide(units, options, bar.advance)
    signed = frozenset(one.label_id for one in story.signed if one.derived)
    labels, data, already = _drafted(decisions, given, options, state, signed)
    document = reports.report(gathered, decisions, options, Known.of(story), state, labels)
    document |= {"labelsMade": document["labelsMade"] - already, "alreadySigned": already}
    document["sha256"] = None
    if not given["dry_run"] and data:
        document["sha256"] = write_new(given["out"], data)
    validate("consensus-report", document)
    return document


def _drafted(
    decisions: list[Decision], given: dict[str, Any], options: Options, state: State, signed: frozenset[str]
) -> tuple[dict[tuple[str, str, str], list[str]], bytes, int]:
    """Return the ids of the labels of each question, the label file's bytes, and how many are signed already."""
    import hashlib

    from curator.core.files import make_folder, put_if_absent
    from curator.labels.consensus.report import lines
    from curator.labels.whole import file_of

    def put(data: bytes) -> None:
        if not given["dry_run"]:
            path = file_of(given["project"], hashlib.sha256(data).hexdigest())
            make_folder(path.parent)
            put_if_absent(path, data)

    labels: dict[tuple[str, str, str], list[str]] = {}
    made = []
    already = 0
    for decision, name, line in lines(decisions, given["person"] or "nobody", options, state, put):
        labels.setdefault(decision.unit.key, []).append(name)
        if name in signed:
            # A model's probability moves with every new reading elsewhere; what was signed stays as it is.
            already += 1
        else:
            made.append(line.encode() + b"\n")
    return labels, b"".join(made), already


def json_bytes(document: dict[str, Any]) -> bytes:
    """Return a document as the bytes of a JSON file, keys sorted."""
    import json

    return (json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n").encode()


def require_new(path: Path, data: bytes) -> None:
    """Refuse a file that stands there with other content, or whose folder is lacking (CON-009)."""
    from curator.core.errors import UsageError

    try:
        fine = path.parent.is_dir() and (not path.exists() or path.read_bytes() == data)
    except OSError:
        fine = False
    if not fine:
        raise UsageError("CON-009")


def write_new(path: Path, data: bytes) -> str:
    """Write a file that did not stand there with other content, and return its SHA-256 in hex (CON-009)."""
    import hashlib

    from curator.core.errors import UsageError
    from curator.core.files import put_if_absent, translated

    require_new(path, data)
    with translated():
        if not put_if_absent(path, data) and path.read_bytes() != data:
            raise UsageError("CON-009")
    return hashlib.sha256(data).hexdigest()


def _lines(document: dict[str, Any], *, dry_run: bool) -> Iterator[str]:
    labels, counts = document["labels"], document["questions"]
    left = labels["read"] - labels["counted"]
    why = " · ".join(f"{count:,} {name}" for name, count in labels["leftOut"].items())
    what = "ratings" if document["source"] == "table" else "labels"
    yield f"{what:<12}{labels['read']:,} read · {labels['counted']:,} counted · {left:,} left out"
    if why:
        yield f"            left out: {why}"
    yield f"readers     {len(document['readers']):,}"
    yield f"questions   {counts['total']:,}"
    for name in _OUTCOMES:
        if counts[name]:
            more = " · ".join(f"{count:,} {why}" for why, count in document["refused"].items())
            yield f"  {name:<10}{counts[name]:>9,}{'   ' + more if name == 'refused' else ''}"
    if document["allEqual"]:
        yield "all answers are equal"
    if "independence" in document:
        known = document["independence"]
        shown = " · ".join(f"{name} {count:,}" for name, count in known["questions"].items() if count)
        yield f"independence (of what worklists handed out): {shown or 'nothing to say'}"
        if known["assertedBy"]:
            yield f"  asserted by {', '.join(known['assertedBy'])}"
    if document.get("alreadySigned"):
        yield f"{document['alreadySigned']:,} labels are signed already"
    if document["sha256"]:
        yield f"{document['labelsMade']:,} written"
        if document["source"] == "ledger":
            yield f"next: curator sign FILE --as ... --confirm {document['labelsMade']}"
    elif dry_run:
        yield f"{document['labelsMade']:,} would be written"
