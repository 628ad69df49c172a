"""Builders of content items, reports and the objects of a study that point at each other."""

from __future__ import annotations

from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRLittleEndian
from scrub_support import CT, made, write

from curator.scrub.policy import Policy
from curator.scrub.policy.load import parse_policy

ROOT = "1.2.826.0.1.3680043.8.498."
STUDY, FRAME = ROOT + "2", ROOT + "77"
SR, KO, GSPS = (f"1.2.840.10008.5.1.4.1.1.{end}" for end in ("88.34", "88.59", "11.1"))
SEG, RTSTRUCT, RTPLAN, RTDOSE = (f"1.2.840.10008.5.1.4.1.1.{end}" for end in ("66.4", "481.3", "481.5", "481.2"))
PDF, WAVEFORM = "1.2.840.10008.5.1.4.1.1.104.1", "1.2.840.10008.5.1.4.1.1.9.1.1"
CLEANING = ("clean_descriptors", "clean_graphics", "clean_structured_content")
#: Concepts: (code, scheme, meaning).
Code = tuple[str, str, str]


def policy_of(*options: str, dates: str = "shift", patient: bool = True, ages: str = "cap") -> Policy:
    """A policy with these options of PS3.15 Annex E."""
    lines = ["format = 1", 'name = "test"', 'title = "Test"', "[options]", f'dates = "{dates}"', f'ages = "{ages}"']
    lines += [f"patient_characteristics = {str(patient).lower()}", *(f"{option} = true" for option in options)]
    return parse_policy("\n".join(lines))


def item(**values: object) -> Dataset:
    """A data set of these attributes."""
    dataset = Dataset()
    for key, value in values.items():
        setattr(dataset, key, Sequence(value) if isinstance(value, list) and _is_items(value) else value)
    return dataset


def _is_items(value: list[object]) -> bool:
    return all(isinstance(each, Dataset) for each in value)


def code(value: str, scheme: str = "DCM", meaning: str = "Meaning") -> Dataset:
    """A code item."""
    return item(CodeValue=value, CodingSchemeDesignator=scheme, CodeMeaning=meaning)


def content(kind: str, concept: Code | None, *below: Dataset, relation: str = "CONTAINS", **values: object) -> Dataset:
    """A content item with items below it."""
    made_item = item(RelationshipType=relation, ValueType=kind, **values)
    if concept is not None:
        made_item.ConceptNameCodeSequence = Sequence([code(*concept)])
    if below:
        made_item.ContentSequence = Sequence(below)
    return made_item


def text(concept: Code, value: str, *below: Dataset) -> Dataset:
    """A TEXT item."""
    return content("TEXT", concept, *below, TextValue=value)


def number(concept: Code, value: str, unit: str, *below: Dataset) -> Dataset:
    """A NUM item."""
    measured = item(NumericValue=value, MeasurementUnitsCodeSequence=[code(unit, "UCUM", unit)])
    return content("NUM", concept, *below, MeasuredValueSequence=[measured])


def image(concept: Code | None, uid: str, sop_class: str = CT, kind: str = "IMAGE") -> Dataset:
    """An item that points at an instance."""
    target = item(ReferencedSOPClassUID=sop_class, ReferencedSOPInstanceUID=uid)
    return content(kind, concept, ReferencedSOPSequence=[target])


def pointer(*place: int) -> Dataset:
    """A reference by position."""
    return item(RelationshipType="INFERRED FROM", ReferencedContentItemIdentifier=list(place))


def plain(sop_class: str, modality: str, number: str, **values: object) -> Dataset:
    """An object without pixels in the study."""
    dataset = made(SOPClassUID=sop_class, Modality=modality, SOPInstanceUID=ROOT + number)
    dataset.SeriesInstanceUID = ROOT + number + ".1"
    for keyword in ("ImageType", "Rows", "Columns", "BitsAllocated", "BitsStored", "HighBit", "PixelRepresentation"):
        delattr(dataset, keyword)
    del dataset.SamplesPerPixel, dataset.PhotometricInterpretation, dataset.PixelData, dataset.BodyPartExamined
    for key, value in item(**values).items():
        dataset[key] = value
    return dataset


def report(*items: Dataset, sop_class: str = SR, syntax: str = ExplicitVRLittleEndian, **values: object) -> bytes:
    """A structured report with these items below its root."""
    dataset = plain(
        sop_class,
        "SR",
        "88",
        ValueType="CONTAINER",
        ContinuityOfContent="SEPARATE",
        ConceptNameCodeSequence=[code("126000", "DCM", "Imaging Measurement Report")],
        ContentTemplateSequence=[item(MappingResource="DCMR", TemplateIdentifier="1500")],
        CompletionFlag="COMPLETE",
        VerificationFlag="UNVERIFIED",
        ContentSequence=list(items),
        **values,
    )
    return write(dataset, syntax)
