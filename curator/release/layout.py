"""What stands where in a package (docs/adr/0040-package-layout.md). Names only; no reading, no writing."""

from __future__ import annotations

CLEAN = "data/clean/"
SAMPLES = "data/samples.jsonl"
LABELS = "data/labels.jsonl"
VALUES = "data/label-values/"
MANIFEST = "data/manifest.json"
JOURNAL = "data/journal/"
GUIDELINES = "data/guidelines/"
POLICY = "data/policy/"
LEAVES = "data/ledger/leaves.txt"
RECORDS = "data/ledger/records.jsonl"
CHECKPOINT = "data/ledger/checkpoint"
KEYS = "data/ledger/keys/"
OPERATOR_PEM = "data/ledger/operator.pem"
OPERATOR_VKEY = "data/ledger/operator.vkey"
DOCUMENTS = "data/documents/"
AUDIT = "data/documents/audit/"
ECOPY = "data/ecopy/"
README = "README.txt"
CRATE = "ro-crate-metadata.json"
CROISSANT = "croissant.json"
#: Tag files that a package may have besides those of every bag.
TAGS = (README, CROISSANT, CRATE)
SIGNATURE = "signatures/release.dsse.json"

FORMAT = 1
#: What the manifest says of the audit as long as no audit report is part of a package.
NO_AUDIT = "not run"


def external_identifier(dataset: str, version: str) -> str:
    """Return the identifier of a release in bag-info.txt."""
    return f"urn:curator:release:{dataset}:{version}"
