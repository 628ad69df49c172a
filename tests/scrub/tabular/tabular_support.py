"""A small hospital for the tests of tables: two passes over bytes, and a search of what came out."""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any

from curator.identifiers.spelling import fold
from curator.scrub.medium import Made, Person, RecordHarvest
from curator.scrub.policy import Policy, load_policy
from curator.scrub.policy.load import parse_policy
from curator.scrub.tabular.medium import harvest, rewrite
from curator.scrub.treatment import Treatment

KEY, UID_KEY, DAY = b"k" * 32, b"u" * 32, "20261101"


def treatment(policy: str | Policy = "safe-harbor") -> Treatment:
    return Treatment(load_policy(policy) if isinstance(policy, str) else policy, KEY, UID_KEY, DAY)


def with_columns(columns: str, *, dates: str = "year") -> Policy:
    return parse_policy(
        f'format = 1\nname = "own"\ntitle = "Own"\n[options]\ndates = "{dates}"\nages = "cap"\n'
        f"patient_characteristics = true\n[columns]\n{columns}\n"
    )


class Crowd:
    """Everybody of a harvest; persons are numbered in the order of appearance."""

    def __init__(self, found: RecordHarvest) -> None:
        self.own = Person("NOBODY", 17, over_89=False, key=b"n" * 32)
        self.by_id: dict[tuple[str, str, str], Person] = {}
        for number, one in enumerate(found.people, 1):
            person = Person(f"P{number:04}", -10 - number, one.over_89, b"p" * 32, one.known)
            self.by_id |= dict.fromkeys(one.ids, person)

    def find(self, ids: Iterable[tuple[str, str, str]]) -> Person:
        return next((self.by_id[one] for one in ids if one in self.by_id), self.own)


def both(data: bytes, policy: str | Policy = "safe-harbor") -> tuple[RecordHarvest, bytes, Made]:
    """Run both passes and hold the digest against the bytes."""
    rules = treatment(policy)
    found = harvest(io.BytesIO(data), len(data), rules)
    out = io.BytesIO()
    made = rewrite(io.BytesIO(data), out, Crowd(found), rules)
    assert made.content == hashlib.sha256(out.getvalue()).hexdigest()
    again = io.BytesIO()
    assert rewrite(io.BytesIO(data), again, Crowd(found), rules) == made
    return found, out.getvalue(), made


def cleaned(text: str, policy: str | Policy = "safe-harbor", **kinds: Any) -> list[dict[str, str]]:
    """Clean a CSV and read the clean one."""
    return list(csv.DictReader(io.StringIO(both(text.encode(), policy)[1].decode("utf-8"), newline=""), **kinds))


def text_of(rows: Sequence[Sequence[str]], delimiter: str = ",") -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(rows)
    return out.getvalue().encode()


def everything(data: bytes) -> str:
    """Return all that a reader could find in a file: its bytes, its parts unpacked, its Parquet metadata and values."""
    found = [data.decode("latin-1"), data.decode("utf-8", "replace"), data.decode("utf-16-le", "replace")]
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            found += [one.filename for one in parts.infolist()]
            found += [parts.read(one).decode("utf-8", "replace") for one in parts.infolist()]
            found.append(parts.comment.decode("latin-1"))
    if data.startswith(b"PAR1"):
        import pyarrow.parquet as pq

        file = pq.ParquetFile(io.BytesIO(data))
        table = file.read()
        found += [
            str(file.metadata.to_dict()),
            str(file.schema_arrow),
            str(file.metadata.metadata),
            file.metadata.created_by,
        ]
        found += [str(column.to_pylist()) for column in table.columns]
        found += [
            str(file.metadata.row_group(group).column(at).statistics)
            for group in range(file.num_row_groups)
            for at in range(file.metadata.num_columns)
        ]
    return "\n".join(found)


def spelled(value: str) -> set[str]:
    """Return ways to write an identifier."""
    words = value.replace("^", " ").replace(",", " ").split()
    return {value, value.lower(), value.upper(), " ".join(reversed(words)), "^".join(reversed(words)), value[::-1]}


def assert_absent(values: Iterable[str], data: bytes) -> None:
    text = everything(data)
    plain = fold(text)
    for value in values:
        assert not [one for one in spelled(value) if one in text], value
        assert fold(value) not in plain, value
