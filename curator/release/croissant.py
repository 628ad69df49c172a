"""The Croissant 1.0 metadata of a package, with the terms of Croissant RAI 1.0 (MLCommons).

The distribution is a few files with their SHA-256, and one set of files whose digests stand in the package's manifest,
so that the document stays small whatever the dataset holds.
"""

from __future__ import annotations

from typing import Any

from curator.release import layout
from curator.release.bag import MANIFEST
from curator.release.crate import described, document_bytes
from curator.release.documents.limitations import limitations
from curator.release.facts import Facts
from curator.release.requirements.evidence import evidence_of
from curator.release.requirements.table import Evidence
from curator.release.tree import digest_of

_SPEC = "http://mlcommons.org/croissant/1.0"
_RAI = "http://mlcommons.org/croissant/RAI/1.0"
#: The context that the specification asks every document to carry, term by term (Croissant 1.0, appendix 1).
_TERMS = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
_SAMPLE_FIELDS = ("path", "sha256", "uid", "content", "kind")
_LABEL_FIELDS = ("labelId", "sample", "sha256", "author", "signer", "meaning", "leaf")


def _file(facts: Facts, name: str, path: str, form: str, about: str) -> dict[str, Any]:
    found = digest_of(facts.folder / path)
    assert found is not None
    return {
        "@type": "cr:FileObject",
        "@id": name,
        "name": name,
        "description": about,
        "contentUrl": path,
        "encodingFormat": form,
        "contentSize": f"{found[1]} B",
        "sha256": found[0],
    }


def _records(name: str, file: str, about: str, fields: tuple[str, ...]) -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "description": about,
        "field": [
            {
                "@type": "cr:Field",
                "@id": f"{name}/{field}",
                "name": f"{name}/{field}",
                "dataType": "sc:Text",
                "source": {"fileObject": {"@id": file}, "extract": {"column": field}},
            }
            for field in fields
        ],
    }


def _said(found: dict[str, Evidence], *names: str) -> str:
    return " ".join(one.text for name in names for one in found[name].shown)


def _rai(facts: Facts) -> dict[str, Any]:
    found = evidence_of(facts)
    years = [str(one[name]) for one in facts.acquired for name in ("from", "to") if one[name] is not None]
    made: dict[str, Any] = {
        "rai:dataCollection": _said(found, "flow", "sites", "selection"),
        "rai:dataCollectionMissingData": _said(found, "missing"),
        "rai:dataPreprocessingProtocol": [_said(found, "cleaning"), _said(found, "quarantine")],
        "rai:dataAnnotationProtocol": _said(found, "guidelines", "shown", "blinding", "independence"),
        "rai:dataAnnotationAnalysis": [_said(found, "agreement"), _said(found, "equivocal")],
        "rai:annotatorDemographics": [_said(found, "readers")],
        "rai:dataLimitations": [f"{what}: {how}" for what, how, _ in limitations(facts)],
        "rai:dataUseCases": ["Developing and testing medical AI; supports FDA review."],
        "rai:personalSensitiveInformation": [
            f"De-identified health data; claim {facts.policy['claim']} by policy {facts.policy['name']}."
        ],
        "rai:dataReleaseMaintenancePlan": _said(found, "version"),
    }
    if years:
        made["rai:dataCollectionTimeframe"] = [f"{year}-01-01T00:00:00Z" for year in (min(years), max(years))]
    return made


def croissant(facts: Facts) -> bytes:
    """Return the document ``croissant.json``."""
    said = facts.manifest
    distribution: list[dict[str, Any]] = [
        _file(facts, "manifest", MANIFEST, "text/plain", "SHA-256 and path of every payload file."),
        _file(facts, "samples", layout.SAMPLES, "application/jsonlines", "One line a sample, with its SHA-256."),
        _file(facts, "labels", layout.LABELS, "application/jsonlines", "One line a label."),
        _file(facts, "records", layout.RECORDS, "application/jsonlines", "Signed records as DSSE envelopes."),
        {
            "@type": "cr:FileSet",
            "@id": "clean-files",
            "name": "clean-files",
            "description": "De-identified files; the manifest holds the SHA-256 of each.",
            "containedIn": {"@id": "manifest"},
            "encodingFormat": "application/dicom",
            "includes": f"{layout.CLEAN}**/*.dcm",
        },
    ]
    document: dict[str, Any] = {
        "@context": _TERMS,
        "@type": "sc:Dataset",
        "conformsTo": [_SPEC, _RAI],
        "name": said["dataset"],
        "description": described(facts),
        "version": said["version"],
        "datePublished": said["date"],
        "license": "Terms as agreed with the publisher; none is granted by this document.",
        "url": layout.external_identifier(said["dataset"], said["version"]),
        "citeAs": f"{said['organization'] or said['dataset']}: {said['dataset']} {said['version']}, {said['date']}",
        "creator": {"@type": "sc:Organization", "name": said["organization"] or "not stated"},
        "isLiveDataset": False,
        "distribution": distribution,
        "recordSet": [
            _records("sample-list", "samples", "Every sample with its digests.", _SAMPLE_FIELDS),
            _records("label-list", "labels", "Every label with the leaf hash of its record.", _LABEL_FIELDS),
        ],
        **_rai(facts),
    }
    return document_bytes(document)
