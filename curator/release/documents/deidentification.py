"""The de-identification report: the policy, what it did, the claim that follows from it, and what stays a risk."""

from __future__ import annotations

from collections.abc import Iterator

from curator.formats.dicom.methods import METHODS
from curator.labels.quality.tails import clopper_pearson, wrong_in_lot
from curator.release import layout
from curator.release.documents.common import answers, document, number, signer, table
from curator.release.facts import Facts
from curator.release.requirements.legal import legal
from curator.release.requirements.table import Standing
from curator.report.model import Cell, Document, Section, Table, Text, Tone

SLUG, TITLE = "de-identification", "De-identification Report"
_NEEDS = {
    None: "The claim follows from the removal of the identifiers of 45 CFR 164.514(b)(2)(i). It also needs that the "
    "organization has no actual knowledge that what is left could identify a person (164.514(b)(2)(ii)).",
    "determination": "The claim needs a signed expert determination (45 CFR 164.514(b)(1)) that names this policy.",
    "agreement": "The data stay protected health information and need a data use agreement (45 CFR 164.514(e)(4)).",
}
RESIDUAL = (
    "A person who knows something of a patient that the data also tell may recognize that patient by it.",
    "An identifier that nobody could recognize as one may stand in a text or a picture.",
    "Faces can be rendered from head images of high resolution; such files are held back unless a person checked them.",
    "Whoever holds the vault can undo the pseudonyms; it does not leave the site.",
    "Sizes, intervals and rare findings stay, since the data are made for research.",
)


def make(facts: Facts) -> Document:
    """Return the document."""
    policy = facts.policy
    source = facts.source(f"{layout.POLICY}{policy['sha256']}.json")
    claim = table(
        "Legal claim, computed from the decisions in force",
        ("What", "Value"),
        [
            ["Policy", Cell(policy["name"], source=source)],
            ["SHA-256 of the policy", Cell(policy["sha256"], source=source)],
            ["Claim", Cell(policy["claim"], "good" if policy["claim"] == "safe-harbor" else "note", source)],
            ["Needs", Cell(str(policy["needsDocument"] or "no actual knowledge statement"), "note", source)],
            *(["Not Safe Harbor", Cell(reason, "bad", source)] for reason in policy["reasons"]),
        ],
    )
    methods = table(
        "Methods applied (DICOM PS3.16, CID 7050)",
        ("Code", "Method"),
        [[Cell(code, source=source), METHODS.get(code, "-")] for code in policy["methodCodes"]],
    )
    actions = facts.actions()
    journal = facts.source(layout.SAMPLES)
    acted = table(
        "What was done, place by place",
        ("Place", "Action", "Times"),
        [[path, action, number(count, journal)] for path, action, count in actions],
        (2,),
    )
    statement = legal(policy["needsDocument"], facts.state.facts)
    known = _statement(facts, statement)
    recall = _recall(facts)
    pixels = facts.of_kind("pixels-checked")
    checked = sum(len(one.subject) for one in pixels)
    cleared = table(
        "Files at risk by their pixels, released because a person checked them",
        ("Record", "By", "Files"),
        [
            [
                Cell(str(one.place), source=f"leaf {one.leaf}"),
                one.said["signer"],
                number(len(one.subject), f"leaf {one.leaf}"),
            ]
            for one in pixels
        ]
        or [["-", "-", number(0)]],
        (2,),
    )
    return document(
        facts,
        TITLE,
        (
            Section("Claim", (claim, Text(_NEEDS[policy["needsDocument"]]), *known)),
            Section("Methods", (methods,)),
            Section("Recall on planted identifiers", (recall,)),
            Section("Actions", (acted,)),
            Section("Pixels", (Text(f"{checked:,} contents were accepted by signed records."), cleared)),
            Section("Text in pixels that nobody looked at", tuple(_sampled(facts))),
            Section("Residual risk", tuple(Text(line) for line in RESIDUAL)),
            *answers(facts, SLUG),
        ),
    )


def _statement(facts: Facts, standing: Standing) -> Iterator[Text | Table]:
    """Yield the signed statement that the claim needs, or that it is lacking."""
    item, said = standing.item, standing.answer
    if said is None:
        again = (
            ", since another policy took the place of the one before" if item.id in facts.state.facts.answers else ""
        )
        yield Text(f"No person has signed it yet{again} ({item.id}: {item.asks}).", "bad")
        return
    yield from (Text(line) for line in said.text.split("\n") if line.strip())
    yield Text(f"{item.id}, signed by {signer(facts, said.signer)} in record {said.place}.", "good")
    yield table("Record", ("Record", "Leaf hash"), [[str(said.place), Cell(said.leaf, source=f"leaf {said.leaf}")]])


def _sampled(facts: Facts) -> Iterator[Text | Table]:
    """Yield what signed random samples say of text in pixels, with exact intervals."""
    samples = facts.of_kind("pixels-sampled")
    if not samples:
        yield Text(
            "No random sample was looked at, so the share of files with text that their headers do not tell of is not "
            "known (curator pixels sample).",
            "unsure",
        )
        return
    rows: list[list[str | Cell]] = []
    for one in samples:
        said, source = one.said, f"leaf {one.leaf}"
        frame, drawn, text, unclear = said["frame"]["count"], said["drawn"], said["text"], said["unclear"]
        low, high = clopper_pearson(text, drawn, unclear=unclear)
        least, most = wrong_in_lot(text, drawn, frame, unclear=unclear)
        rows.append(
            [Cell(str(one.place), source=source), said["signedAt"][:10], said["signer"], number(frame, source),
             number(drawn, source), Cell(str(text), "bad" if text else "good", source),
             Cell(str(unclear), "unsure" if unclear else "plain", source),
             Cell(f"{100 * low:.2f} % to {100 * high:.2f} %", source=source),
             Cell(f"{least:,} to {most:,}", source=source)]
        )  # fmt: skip
    yield table(
        "Random samples of files whose headers name no risk, every frame looked at",
        (
            "Record",
            "Date",
            "By",
            "Files",
            "Drawn",
            "With text",
            "Unclear",
            "Share, 95 % exact",
            "In all files, 95 % exact",
        ),
        rows,
        (3, 4, 5, 6),
    )
    yield Text(
        "Files were drawn in the order of a hash seeded with the ledger's root. The share is an interval of Clopper "
        "and Pearson; the number is exact for a draw without replacement. What is unclear counts as text in the upper "
        "bound. Files with text were found before they left, or are recalled; the interval is of those like them.",
        "note",
    )


def _recall(facts: Facts) -> Text:
    checks = [
        one for one in facts.checks("privacy/") if "canar" in str(one.get("id")) or "planted" in str(one.get("id"))
    ]
    if not checks:
        return Text("Recall on planted identifiers is not on record for this version: it was not measured.", "unsure")
    tone: Tone = "good" if all(one.get("outcome") in {"PASS", "ATTESTED"} for one in checks) else "bad"
    return Text(" ".join(f"{one['id']}: {one.get('outcome')}. {one.get('summary', '')}" for one in checks), tone)
