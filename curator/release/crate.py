"""The RO-Crate 1.2 metadata of a package (https://w3id.org/ro/crate/1.2): the crate's root is the package's folder.

Files of which there are many stand as folders, so that the document stays small whatever the dataset holds.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from curator.release import layout
from curator.release.bag import MANIFEST
from curator.release.documents.table import DOCUMENTS
from curator.release.facts import Facts

_SPEC = "https://w3id.org/ro/crate/1.2"
_FOLDERS = (
    (layout.CLEAN, "De-identified files", "By pseudonym, study and series; each is listed with its SHA-256."),
    ("data/ledger/", "Signed records", "Records, leaf hashes, the operator's checkpoint, public keys."),
    (layout.JOURNAL, "Journal of the de-identification", "What was done with each source file, without values."),
    (layout.POLICY, "De-identification policy", "Every decision, by digest."),
    (layout.GUIDELINES, "Annotation guidelines", "As registered, whole."),
    (layout.VALUES, "Large values of labels", "By SHA-256."),
    (layout.DOCUMENTS, "Reports", "As web pages."),
    (layout.ECOPY, "Submission tree", "PDFs and case-level data in the shape of an FDA eCopy."),
)
_FILES = (
    (layout.MANIFEST, "Manifest of the release", "application/json"),
    (layout.SAMPLES, "List of samples", "application/jsonl"),
    (layout.LABELS, "List of labels", "application/jsonl"),
    (layout.RECORDS, "Signed records", "application/jsonl"),
    (layout.LEAVES, "Leaf hashes", "text/plain"),
    (layout.CHECKPOINT, "Checkpoint", "text/plain"),
    (MANIFEST, "SHA-256 of every payload file", "text/plain"),
    (layout.README, "How to verify", "text/plain"),
    (layout.CROISSANT, "Croissant metadata", "application/ld+json"),
)
LICENSE = "#license"
PUBLISHER = "#publisher"


def document_bytes(document: dict[str, Any]) -> bytes:
    """Return a metadata document as it stands in a package."""
    return (json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode("utf-8")


def described(facts: Facts) -> str:
    """Return the dataset in two sentences."""
    said = facts.manifest["counts"]
    about = (
        f"De-identified data of {facts.patients} patients: {said['samples']} samples, {said['labels']} signed labels. "
        f"De-identification policy {facts.policy['name']}, claim {facts.policy['claim']}."
    )
    return f"DRAFT. {about}" if facts.draft else about


def _part(facts: Facts, path: str, name: str, form: str) -> dict[str, Any]:
    made: dict[str, Any] = {"@id": quote(path), "@type": "File", "name": name, "encodingFormat": form}
    if path.startswith("data/"):
        made["sha256"] = facts.source(path).rpartition(":")[2]
        made["contentSize"] = str((facts.folder / path).stat().st_size)
    return made


def crate(facts: Facts) -> bytes:
    """Return the document ``ro-crate-metadata.json``."""
    said = facts.manifest
    folders = [one for one in _FOLDERS if (facts.folder / one[0]).is_dir()]
    parts = [
        {"@id": quote(path), "@type": "Dataset", "name": name, "description": about} for path, name, about in folders
    ]
    parts += [_part(facts, path, name, form) for path, name, form in _FILES]
    for one in DOCUMENTS:
        path = f"{layout.DOCUMENTS}{one.SLUG}.html"
        if (facts.folder / path).is_file():
            parts.append(_part(facts, path, one.TITLE, "text/html"))
    publisher = said["organization"] or "not stated"
    root: dict[str, Any] = {
        "@id": "./",
        "@type": "Dataset",
        "name": f"{said['dataset']} {said['version']}",
        "description": described(facts),
        "identifier": layout.external_identifier(said["dataset"], said["version"]),
        "version": said["version"],
        "datePublished": said["date"],
        "license": {"@id": LICENSE},
        "publisher": {"@id": PUBLISHER},
        "author": {"@id": PUBLISHER},
        "hasPart": [{"@id": one["@id"]} for one in parts],
    }
    graph: list[dict[str, Any]] = [
        {
            "@id": layout.CRATE,
            "@type": "CreativeWork",
            "conformsTo": {"@id": _SPEC},
            "about": {"@id": "./"},
        },
        root,
        {
            "@id": LICENSE,
            "@type": "CreativeWork",
            "name": "Terms as agreed with the publisher",
            "description": "No license is granted by this document; use is as agreed with the publisher.",
        },
        {"@id": PUBLISHER, "@type": "Organization", "name": publisher},
        *parts,
    ]
    return document_bytes({"@context": f"{_SPEC}/context", "@graph": graph})
