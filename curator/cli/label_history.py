"""What became of labels, for ``curator label status``: printed name, time and meaning of every signature about them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from curator.provenance.state import Record, State


class History:
    """Collects, while a ledger is verified, the records that are about some labels."""

    def __init__(self, wanted: set[str], *, names: bool) -> None:
        self._wanted, self._names = wanted, names
        self._found: dict[str, list[Record]] = {}
        self.labels: list[str] = []
        #: Label to the outcome of the newest review that the annotation tool tells of.
        self.told: dict[str, str] = {}

    def visit(self, record: Record) -> None:
        """Look at one record."""
        said = record.predicate
        about = {said.get("labelId"), said.get("supersedes", {}).get("labelId"), said.get("result", {}).get("labelId")}
        about |= {one.get("name", "").removeprefix("labels/") for one in record.subject if "labelId" not in said}
        if self._names and "labelId" in said:
            self.labels.append(said["labelId"])
        if "labelId" in said and "toolReviews" in said:
            self.told[said["labelId"]] = said["toolReviews"][-1]["outcome"]
        for name in about & self._wanted:
            self._found.setdefault(name, []).append(record)

    def document(self, name: str, state_word: str, author: int, state: State) -> dict[str, Any]:
        """Return what became of a label, with printed name, time and meaning of each signature (21 CFR 11.50)."""
        from curator.provenance.view import KINDS

        who = list(state.people)[author]
        events, told = [], []
        for record in self._found.get(name, ()):
            said = record.predicate
            if said.get("labelId") == name:
                told = [dict(one) for one in said.get("toolReviews", ())]
            event: dict[str, Any] = {
                "record": record.index,
                "kind": KINDS[record.kind] if said.get("labelId") in {None, name} else "superseded",
                "signer": said["signer"],
                "printedName": state.person(said["signer"]).printed_name,
                "signedAt": said["signedAt"],
                "utcOffset": said["utcOffset"],
                "meaning": said["meaning"],
            }
            stated = said.get("supersedes", {}) if event["kind"] == "superseded" else said
            event |= {field: stated[field] for field in ("outcome", "reason") if field in stated}
            if "result" in said:
                event["result"] = said["result"]["labelId"]
            if event["kind"] == "superseded":
                event["by"] = said["labelId"]
            events.append(event)
        return {
            "labelId": name,
            "state": state_word,
            "author": {"id": who, "printedName": state.person(who).printed_name},
            "history": events,
            "toolReviews": told,
        }


def life_lines(document: dict[str, Any]) -> list[str]:
    """Return such a document as lines for people's eyes."""
    from curator.provenance.view import shown

    who = document["author"]
    made = [f"{document['labelId']} · {document['state']} · author {who['printedName']} ({who['id']})"]
    for event in document["history"]:
        more = "".join(f" · {name} {event[name]}" for name in ("outcome", "result", "by", "reason") if name in event)
        made.append(
            f"  record {event['record']} · {event['kind']} · {event['printedName']} ({event['signer']}) · "
            f"{event['signedAt']} (local offset {event['utcOffset']}) · {event['meaning']}{more}"
        )
    for one in document["toolReviews"]:
        parts = (one["outcome"], one.get("reviewer", "nobody named"), one.get("at", "no time"), one.get("stage", ""))
        made.append("  the annotation tool says · " + " · ".join(part for part in parts if part) + " · not signed")
    return [shown(line) for line in made]
