#!/usr/bin/env python3
"""Write the UID and tag tables of curator/formats/dicom/data from the dictionaries of the installed pydicom.

Run it without arguments after a change of pydicom's version. A test compares the committed tables with a new rendering.
"""

from __future__ import annotations

from pathlib import Path

import pydicom
import pydicom._version
from pydicom._dicom_dict import DicomDictionary
from pydicom._uid_dict import UID_dictionary

FOLDER = Path(__file__).resolve().parents[2] / "curator" / "formats" / "dicom" / "data"
EDITION = pydicom._version.__dicom_version__
PART6 = f"DICOM PS3.6 edition {EDITION} as in the dictionaries of pydicom {pydicom.__version__}"
ADDED = "PS3.6 edition 2024d for what is newer"
STORAGE = "1.2.840.10008.5.1.4.1.1."

#: UIDs that came with PS3.6 edition 2024d, by hand: uid, keyword.
NEW_TRANSFER_SYNTAXES = {
    "1.2.840.10008.1.2.4.110": "JPEGXLLossless",
    "1.2.840.10008.1.2.4.111": "JPEGXLJPEGRecompression",
    "1.2.840.10008.1.2.4.112": "JPEGXL",
    "1.2.840.10008.1.2.8.1": "DeflatedImageFrameCompression",
}
NEW_SOP_CLASSES = {
    "1.2.840.10008.5.1.4.1.1.66.7": "LabelMapSegmentationStorage",
    "1.2.840.10008.5.1.4.1.1.66.8": "HeightMapSegmentationStorage",
    "1.2.840.10008.5.1.4.1.1.601.3": "ThermographyImageStorage",
    "1.2.840.10008.5.1.4.1.1.601.4": "ThermographyMultiFrameImageStorage",
}

#: Registered transfer syntaxes whose files cannot be carried: the pixels are elsewhere, or there is no data set.
NOT_CARRIED = {
    "1.2.840.10008.1.2.4.94": "pixels are at a remote provider",
    "1.2.840.10008.1.2.4.95": "pixels are at a remote provider",
    "1.2.840.10008.1.2.4.204": "pixels are at a remote provider",
    "1.2.840.10008.1.2.4.205": "pixels are at a remote provider",
    "1.2.840.10008.1.2.6.1": "no data set encoding",
    "1.2.840.10008.1.2.6.2": "no data set encoding",
    "1.2.840.10008.1.2.7.1": "real-time stream, not a file",
    "1.2.840.10008.1.2.7.2": "real-time stream, not a file",
    "1.2.840.10008.1.2.7.3": "real-time stream, not a file",
    "1.2.840.10008.1.20": "Papyrus file, not a PS3.10 file",
    **dict.fromkeys(
        ("1.2.840.10008.1.2.4.110", "1.2.840.10008.1.2.4.111", "1.2.840.10008.1.2.4.112"),
        "nothing here follows its frames, which have boxes for metadata (ISO/IEC 18181-2)",
    ),
}
NATIVE = {
    "1.2.840.10008.1.2": "implicit little native",
    "1.2.840.10008.1.2.1": "explicit little native",
    "1.2.840.10008.1.2.2": "explicit big native",
    "1.2.840.10008.1.2.1.99": "explicit little deflated",
}

# Rules for the kind of a SOP class, first match wins; each is a test of the keyword or of the UID after STORAGE.
# A document is what a person wrote or a report that is read as prose; audio counts as one, since a voice is a
# biometric identifier (45 CFR 164.514(b)(2)(i)(P)) that no rule for attributes removes.
DIRECTORIES = {"MediaStorageDirectoryStorage", "InventoryStorage"}  # lists of many patients' instances
DOCUMENT_UIDS = ("88.", "104.", "79.1", "501.3")
DOCUMENT_WORDS = ("SRStorage", "KeyObjectSelection", "VoiceAudio", "GeneralAudio", "WaveformStorageTrial", "Report")
IMAGE_WORDS = ("ImageStorage", "RTDoseStorage", "USVolumeStorage", "AITStorage")
IMAGE_KEYWORDS = {
    "ParametricMapStorage", "SegmentationStorage", "LabelMapSegmentationStorage", "HeightMapSegmentationStorage",
    "OphthalmicOpticalCoherenceTomographyBscanVolumeAnalysisStorage", "OphthalmicThicknessMapStorage",
    "CornealTopographyMapStorage",
}  # fmt: skip
# Storage classes outside the storage root, whose keyword does not end in Storage or StorageTrial.
MORE_STORAGE = {"RTConventionalMachineVerification", "RTIonMachineVerification"}


def kind_of(uid: str, keyword: str) -> str:
    """Return image, document, directory, other or service for a SOP class."""
    if keyword in DIRECTORIES:
        return "directory"
    stem = keyword
    for tail in ("Trial", "Retired", "ForPresentation", "ForProcessing"):
        stem = stem.removesuffix(tail)
    if not stem.endswith("Storage") and keyword not in MORE_STORAGE:
        return "service"
    rest = uid.removeprefix(STORAGE)
    if any(rest == u or (u.endswith(".") and rest.startswith(u)) for u in DOCUMENT_UIDS):
        return "document"
    if any(word in keyword for word in DOCUMENT_WORDS):
        return "document"
    if stem in IMAGE_KEYWORDS or any(word in stem for word in IMAGE_WORDS):
        return "image"
    return "other"


def registered(new: dict[str, str], kind: str) -> list[tuple[str, str, str, str]]:
    """Return uid, kind, retired and keyword of what pydicom lists and of what is newer, in the order of the UIDs."""
    listed = [(uid, is_a, retired, keyword) for uid, (_, is_a, _, retired, keyword) in UID_dictionary.items()]
    listed += [(uid, kind, "", keyword) for uid, keyword in new.items() if uid not in UID_dictionary]
    return sorted(listed, key=lambda entry: [int(arc) for arc in entry[0].split(".")])


def render_transfer_syntaxes() -> str:
    """Render transfer_syntaxes.tsv."""
    lines = [
        "# Transfer syntaxes that files can name, and how their data sets are encoded.",
        f"# Source: {PART6}, {ADDED}, Table A-1; encodings by PS3.5 Annex A.",
        "# Written by scripts/data/generate_dicom_tables.py.",
        "# uid\tkeyword\tretired\tencoding\tcarried (yes, or why not)",
    ]
    for uid, kind, retired, keyword in registered(NEW_TRANSFER_SYNTAXES, "Transfer Syntax"):
        if kind == "Transfer Syntax":
            encoding = NATIVE.get(uid, "explicit little encapsulated")
            lines.append("\t".join([uid, keyword, "yes" if retired else "no", encoding, NOT_CARRIED.get(uid, "yes")]))
    return "\n".join(lines) + "\n"


def render_sop_classes() -> str:
    """Render sop_classes.tsv."""
    lines = [
        "# SOP classes and what their instances are: image, document, directory, other (stored, neither image nor",
        "# document) or service (never stored in a file).",
        f"# Source: {PART6}, {ADDED}, Table A-1; kinds by the rules of scripts/data/generate_dicom_tables.py.",
        "# uid\tkeyword\tretired\tkind",
    ]
    for uid, kind, retired, keyword in registered(NEW_SOP_CLASSES, "SOP Class"):
        if kind in {"SOP Class", "Meta SOP Class"} and keyword:
            lines.append("\t".join([uid, keyword, "yes" if retired else "no", kind_of(uid, keyword)]))
    return "\n".join(lines) + "\n"


def render_sequence_tags() -> str:
    """Render sequence_tags.tsv."""
    lines = [
        "# Tags of the attributes whose value representation is SQ: what a file without explicit VR does not say.",
        f"# Source: {PART6}, Table 6-1. Written by scripts/data/generate_dicom_tables.py.",
        "# tag (hexadecimal)",
    ]
    lines += [f"{tag:08X}" for tag, entry in sorted(DicomDictionary.items()) if entry[0] == "SQ"]
    return "\n".join(lines) + "\n"


def render() -> dict[str, str]:
    """Render every table: file name to text."""
    return {
        "transfer_syntaxes.tsv": render_transfer_syntaxes(),
        "sop_classes.tsv": render_sop_classes(),
        "sequence_tags.tsv": render_sequence_tags(),
    }


def main() -> None:
    """Write the tables."""
    for name, text in render().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
