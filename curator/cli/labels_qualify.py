"""``curator labels qualify``: whether a reader is good enough, held against a reference."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from curator.cli.common import (
    emit_json,
    json_option,
    key_passphrase_option,
    note,
    passphrase_option,
    progress,
    project_option,
    say,
)
from curator.cli.labels_consensus import choice_of, choice_options, json_bytes, require_new, write_new
from curator.cli.signers import key_store_option

if TYPE_CHECKING:
    from curator.labels.consensus.opinions import Choice, Opinion, Story
    from curator.project.paths import Project
    from curator.provenance.state import State

_COLUMNS = ("sensitivity", "specificity", "precision", "dice")


@click.command("qualify")
@click.argument("reader")
@click.option("--reference", type=click.Path(path_type=Path), metavar="FILE", help="A label file with the truth.")
@click.option("--reference-reader", metavar="PERSON", help="Take another reader's signed labels as the truth.")
@click.option("--reference-consensus", is_flag=True, help="Take signed consensus labels as the truth.")
@click.option("--least", multiple=True, metavar="METRIC=VALUE", help="A threshold; may be given again.")
@click.option(
    "--judge",
    type=click.Choice(["lower", "estimate"]),
    default="lower",
    show_default=True,
    help="What must reach the threshold: the interval's lower end, or the figure itself.",
)
@click.option("--level", default=0.95, show_default=True, metavar="X", help="Coverage of the intervals.")
@click.option("--least-coverage", default=1.0, show_default=True, metavar="X", help="Share that must be answered.")
@click.option("--iou", default=0.5, show_default=True, metavar="X", help="Least overlap of boxes that mean one find.")
@choice_options
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Write the report here, for the record.")
@click.option("--test", metavar="TEST[@VERSION]", help="With --by: id of the test, for the record.")
@click.option("--by", "person", metavar="PERSON", help="Who signs what it came to; somebody else than the reader.")
@project_option
@key_store_option
@key_passphrase_option
@passphrase_option
@json_option
def qualify(**given: Any) -> int:
    """Measure how well READER labels, against a reference, with exact intervals.

    Metrics are accuracy, kappa, sensitivity, specificity, precision and dice; thresholds hold for each class. Ends with
    0 when all are reached, 1 when one is missed, 3 when the cases do not suffice to say, or some are not answered. With
    --by the verdict goes into the ledger, with the digest of the report.

    \b
    Examples:
      curator labels qualify reader-a --reference truth.jsonl --least accuracy=0.9 --least sensitivity=0.85
      curator labels qualify reader-a --reference-reader expert-1 --least accuracy=0.9 --out reader-a.json \\
        --test chest@1 --by reviewer-1
    """
    from curator.cli.signers import need_key
    from curator.core.errors import UsageError
    from curator.core.schema import validate
    from curator.labels.agreement.needs import require_numpy
    from curator.labels.consensus import qualify as work
    from curator.labels.consensus.verdicts import wanted_of

    require_numpy()
    given_references = (given["reference"] is not None, given["reference_reader"] is not None)
    if sum((*given_references, given["reference_consensus"])) != 1 or given["reference_reader"] == given["reader"]:
        raise UsageError("CON-042")
    if given["person"] is not None and (given["out"] is None or given["test"] is None or not given["least"]):
        raise UsageError("CON-043")
    terms = work.Terms(
        given["level"],
        given["judge"],
        tuple(map(wanted_of, given["least"])),
        given["least_coverage"],
        given["iou"],
    )
    if not (0 < terms.level < 1 and 0 <= terms.least_coverage <= 1 and 0 < terms.iou <= 1):
        raise UsageError("CON-008")
    if given["person"] is not None:
        need_key(given["person"], given["key_store"])
    place, document, result = _measured(given, terms)
    validate("qualify-report", document)
    data = json_bytes(document)
    if given["out"] is not None:
        require_new(given["out"], data)
        if given["person"] is not None:
            _record(place, given, document, result, data)
        write_new(given["out"], data)
    if given["as_json"]:
        emit_json(document)
    else:
        for line in _lines(document):
            say(line)
    return _end(document)


def _measured(given: dict[str, Any], terms: Any) -> tuple[Project, dict[str, Any], Any]:
    from curator.labels.consensus import qualify as work
    from curator.labels.consensus.independence import WORDS, Known
    from curator.labels.consensus.opinions import asked_alike, gather, require_one_guideline, story_of, units_of
    from curator.labels.consensus.verdicts import report
    from curator.project.paths import open_project
    from curator.provenance.ledger import Ledger

    place = open_project(given["project"])
    with progress(Ledger(place.ledger).size(), "records") as bar:
        story, state = story_of(place.ledger, bar.advance)
    state.person(given["reader"])
    names = ("origins", "stages", "guidelines", "kinds", "ontology")
    choice = choice_of(*(given[name] for name in names), settled=True)
    gathered = gather(story, state, place.root, choice)
    own = [one for one in gathered.opinions if one.reader == given["reader"]]
    read = frozenset((uid, part) for uid, part, reader in gathered.besides if reader == given["reader"])
    reference, told, besides = _reference(given, place, story, state, choice)
    own, reference = asked_alike(own, reference)
    if not given["mix_guidelines"]:
        require_one_guideline(units_of([*own, *(reference if told["kind"] != "file" else ())]))
    result = work.measure(own, reference, terms, (read, besides))
    known = Known.of(story)
    words = Counter(known.of_label(one.signed).word for one in own)
    ledger = {"records": state.size, "root": state.tree.root().hex()}
    independence = {word: words[word] for word in WORDS}
    return place, report(given["reader"], told, result, terms, independence, ledger), result


def _reference(
    given: dict[str, Any], place: Project, story: Story, state: State, choice: Choice
) -> tuple[list[Opinion], dict[str, Any], frozenset[tuple[str, str]]]:
    from dataclasses import replace

    from curator.cli.guard import text_guard
    from curator.core.clock import SystemClock
    from curator.labels.consensus.opinions import ORIGINS, gather
    from curator.labels.consensus.reference import digest_of, reference_file
    from curator.project.journal import samples

    if given["reference"] is not None:
        opinions, digest, besides = reference_file(
            given["reference"], place.root, samples(place), SystemClock().now(), text_guard(), choice
        )
        return opinions, {"kind": "file", "sha256": digest}, besides
    if given["reference_reader"] is not None:
        state.person(given["reference_reader"])
        found = gather(story, state, place.root, choice)
        chosen = [one for one in found.opinions if one.reader == given["reference_reader"]]
        read = frozenset((uid, part) for uid, part, reader in found.besides if reader == given["reference_reader"])
        told = {"kind": "reader", "sha256": digest_of(chosen), "reader": given["reference_reader"]}
        return chosen, told, read
    wider = replace(choice, origins=frozenset(ORIGINS), stages=frozenset(), derived=True)
    own = {one.label_id for one in story.signed if one.author == given["reader"]}
    derived = [one for one in gather(story, state, place.root, wider).opinions if one.signed.derived]
    # Nobody is held against a consensus that the own label went into: it would agree with itself.
    chosen = [
        one for one in derived if one.reader != given["reader"] and own.isdisjoint(n for n, _ in one.signed.members)
    ]
    return (
        chosen,
        {"kind": "consensus", "sha256": digest_of(chosen), "leftOut": len(derived) - len(chosen)},
        frozenset(),
    )


def _record(place: Project, given: dict[str, Any], document: dict[str, Any], result: Any, data: bytes) -> None:
    """Sign what it came to, before the report is written."""
    import hashlib

    from curator.cli.guard import text_guard
    from curator.cli.signers import open_key, operator_signer
    from curator.core.clock import SystemClock
    from curator.provenance.append import Appender
    from curator.provenance.kinds_people import qualified
    from curator.provenance.ledger import Ledger

    told = document["reference"]
    draft = qualified(
        given["reader"],
        given["test"],
        document["verdict"],
        (result.cases, result.correct),
        (told["kind"], told["sha256"]),
        hashlib.sha256(data).hexdigest(),
        text_guard(),
    )
    note(f"recording that {given['reader']} {document['verdict']} the test {given['test']}")
    key = open_key(given["person"], given["key_store"], given["key_passphrase_file"])
    operator = operator_signer(place, given["passphrase_file"], "sign")
    appender = Appender(Ledger(place.ledger), SystemClock())
    appender.append([draft], key)
    appender.seal(key, operator)


def _end(document: dict[str, Any]) -> int:
    from curator.core.errors import CheckError, GateError

    coverage = document["coverage"]
    if document["verdict"] == "failed":
        missed = sum(one["verdict"] == "failed" for one in document["thresholds"])
        raise GateError("CON-045", count=missed, total=len(document["thresholds"]))
    if not coverage["answered"]:
        raise CheckError("CON-046")
    if document["verdict"] == "not-shown":
        unclear = sum(one["verdict"] == "not-shown" for one in document["thresholds"])
        raise CheckError("CON-047", count=unclear, missing=coverage["missing"])
    return 0


def _lines(document: dict[str, Any]) -> Iterator[str]:
    coverage, accuracy = document["coverage"], document["overall"]["accuracy"]
    yield (
        f"{document['reader']}: {coverage['answered']:,} of {coverage['reference']:,} questions answered · "
        f"{coverage['missing']:,} missing · accuracy {_span(accuracy)}"
    )
    if document["reference"].get("leftOut"):
        yield f"{document['reference']['leftOut']:,} consensus labels left out: the reader's own label went into them"
    known = " · ".join(f"{name} {count:,}" for name, count in document["independence"].items() if count)
    yield f"independence of the labels: {known or 'none'}"
    for one in document["questions"]:
        told = "".join(f" · {name} {_span(one[name])}" for name in ("accuracy", "kappa") if name in one)
        yield f"{one['question']}   {one['cases']:,} cases{told}"
        for each in one["classes"]:
            shown = " · ".join(f"{name} {_span(each[name])}" for name in _COLUMNS if name in each)
            yield f"  {each['class']:<18}{shown}"
    for one in document["thresholds"]:
        what = " ".join(filter(None, (one["metric"], one.get("question"), one.get("class"))))
        yield f"{one['verdict']:<10}{what} at least {one['least']:g}: {_span(one) if 'value' in one else '-'}"
    yield f"verdict: {document['verdict']} (by the {document['judge']}{' end' * (document['judge'] == 'lower')})"


def _span(one: dict[str, Any]) -> str:
    if one["value"] is None:
        return "-"
    text = f"{one['value']:.3f}"
    return text if one["low"] is None else f"{text} ({one['low']:.3f} to {one['high']:.3f})"
