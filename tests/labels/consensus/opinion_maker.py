"""Opinions made up for tests, without a ledger."""

from __future__ import annotations

import hashlib
import itertools
from typing import Any

from curator.labels.consensus.opinions import Opinion, Sample, Signed, Unit, units_of
from curator.labels.consensus.questions import question_of

_NUMBERS = itertools.count()


def opinion(reader: str, kind: str, value: Any, *, sample: int = 0, joint: bool = False, **more: Any) -> Opinion:
    """Return what a reader said of a sample."""
    number = next(_NUMBERS)
    signed = Signed(
        label_id=f"{reader}-{number}",
        leaf=hashlib.sha256(b"%d" % number).hexdigest(),
        index=number,
        author=reader,
        signer=more.pop("signer", reader),
        sample=Sample(f"2.25.{sample + 1}", f"clean/p/s/r/{sample}.dcm", hashlib.sha256(b"s%d" % sample).hexdigest()),
        part=more.pop("part", ""),
        stage="read",
        guideline=more.pop("guideline", ("chest", "1.0")),
        said=more.pop("said", {}),
        origin="human",
        signed_at="2026-05-04T12:00:00Z",
    )
    question = question_of(kind, value, joint=joint)
    assert question is not None
    return Opinion(signed, question, value, more.pop("confidence", None))


def one_class(answers: dict[str, str], sample: int = 0) -> list[Opinion]:
    """Return one class a reader."""
    return [opinion(reader, "class", {"class": name}, sample=sample) for reader, name in answers.items()]


def unit(*opinions: Opinion) -> Unit:
    """Return the one question that opinions answer."""
    (made,) = units_of(opinions)
    return made


def mask(rows: list[str], name: str = "lung") -> dict[str, Any]:
    """Return the value of a mask drawn with ``#``."""
    flat = "".join(rows)
    runs = [len(list(group)) for _, group in itertools.groupby(flat)]
    return {"class": name, "size": [len(rows), len(rows[0])], "runs": runs if flat[0] == "." else [0, *runs]}


def drawn(value: dict[str, Any]) -> list[str]:
    """Return a mask as :func:`mask` takes it."""
    flat = "".join(("#" if number % 2 else ".") * length for number, length in enumerate(value["runs"]))
    rows, columns = value["size"]
    return [flat[at * columns : (at + 1) * columns] for at in range(rows)]
