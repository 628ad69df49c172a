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
#: Cosigned checkpoints, and time-stamps over checkpoints, as the ledger has them.
NOTES = "data/ledger/checkpoints/"
STAMPS = "data/ledger/timestamps/"
SPLITS = "data/splits/assignments.json"
SEALED = "data/splits/sealed/"
#: Splits over joined sites: a line for each patient who is there, and the lists that records sign for.
ASSIGNED = "data/splits/assigned.jsonl"
ASSIGNED_LISTS = "data/splits/assigned/"
SUMMARY = "data/version/summary.json"
CHANGELOG = "data/version/changelog.json"
DOCUMENTS = "data/documents/"
AUDIT = "data/documents/audit/"
ECOPY = "data/ecopy/"
#: Whole packages of joined sites, and signed words of who has their vaults.
SITES = "data/sites/"
WORDS = "data/attestations/"
README = "README.txt"
CRATE = "ro-crate-metadata.json"
CROISSANT = "croissant.json"
#: Tag files that a package may have besides those of every bag.
TAGS = (README, CROISSANT, CRATE)
SIGNATURE = "signatures/release.dsse.json"

#: The operator's signed order of what was taken out of a package after it was made.
PURGE = "signatures/purge.dsse.json"

FORMAT = 1
#: Format of the manifest of a package that joins sites: an older program says that it is newer, not that it is broken.
JOINED_FORMAT = 2
#: The same with splits over all sites, sealed ones, or a site that left.
JOINED_FORMAT_SPLITS = 3
#: What the manifest says of the audit as long as no audit report is part of a package.
NO_AUDIT = "not run"


def external_identifier(dataset: str, version: str) -> str:
    """Return the identifier of a release in bag-info.txt."""
    return f"urn:curator:release:{dataset}:{version}"
