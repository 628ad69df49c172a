"""A second, slow way to carry out the decisions, over pydicom: it agrees with what the rewriter wrote, file by file.

It shares the decision function with the rewriter and nothing else: it reads source and result with pydicom, element by
element, and holds each pair against the decision.
"""

from __future__ import annotations

import warnings
from io import BytesIO
from typing import Any

import pydicom
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydicom.dataset import Dataset
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)
from scrub_support import CT, coder, made, policy, scrub, scrubbed_corpus, subject, write

from curator.core.errors import ItemError
from curator.formats.dicom.tables import is_report, sop_classes
from curator.scrub.dicom.cleaning import Decisions
from curator.scrub.dicom.decide import Act
from curator.scrub.dicom.forms import is_registered_uid
from curator.scrub.dicom.markers import MARKERS
from curator.scrub.dicom.rules import supplement

pytestmark = pytest.mark.filterwarnings("ignore")  # pydicom says what it thinks of a value

#: What every object has, whatever the source held.
ALWAYS = {0x00080016, 0x00080018, 0x0020000D, 0x0020000E, 0x00100010, 0x00100020}
SEQUENCES = {Act.WALK, Act.CONTENT}


def opened(data: bytes) -> Dataset:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pydicom.dcmread(BytesIO(data), force=True)


def raw_value(dataset: Dataset, tag: int) -> bytes | None:
    """The bytes of a value as they stand, None for a sequence."""
    element = dataset.get_item(tag)
    if element is None or element.VR == "SQ" or dataset[tag].VR == "SQ":
        return None
    value = element.value
    return value if isinstance(value, bytes) else b"" if value is None else str(value).encode("utf-8", "replace")


def items_of(dataset: Dataset, tag: int) -> list[Any]:
    return list(dataset[tag].value or [])


class Judge:
    """Holds a result against its source, and counts what it has looked at."""

    def __init__(self, name: str, source: Dataset) -> None:
        sop_class = str(source.get("SOPClassUID", CT))
        document = sop_classes()[sop_class].keyword.startswith("Encapsulated")
        self.decisions = Decisions(policy(name), document, is_report(sop_class))
        self.seen: dict[Act, int] = {}

    def data_set(self, source: Dataset, clean: Dataset, *, nested: bool) -> None:
        for tag in [int(tag) for tag in clean.keys()]:  # noqa: SIM118  (a Dataset iterates over decoded elements)
            if tag not in source and not (not nested and tag in ALWAYS | MARKERS):
                raise AssertionError(f"{tag:08X} comes from nowhere")
        for tag in [int(tag) for tag in source.keys()]:  # noqa: SIM118
            if (tag >> 16) & 1 or (not nested and tag in ALWAYS | MARKERS) or tag == 0x00080005:
                continue
            self.element(source, clean, tag, nested=nested)

    def element(self, source: Dataset, clean: Dataset, tag: int, *, nested: bool) -> None:
        vr = source.get_item(tag).VR
        vr = None if vr is not None and " or " in vr else vr  # pydicom looked it up, the file does not say it
        act = self.decisions.of(tag, vr, nested).act
        before, after = raw_value(source, tag), raw_value(clean, tag) if tag in clean else None
        self.seen[act] = self.seen.get(act, 0) + 1
        if act is Act.REMOVE:
            assert tag not in clean, f"{tag:08X}"
        elif act is Act.EMPTY:
            assert tag not in clean or not (after or items_if(clean, tag)), f"{tag:08X}"
        elif act is Act.PIXELS:
            assert after == before, f"{tag:08X}"
        elif act is Act.UID and after and before is not None:
            old = [part.strip("\0 ") for part in before.decode("latin-1").split("\\")]
            new = after.decode("ascii").rstrip("\0").split("\\")
            # A dummy stands where no UID may: it is no UID of the source. Classes of makers that are listed stay.
            classes = supplement().private_classes if tag in supplement().of_classes else frozenset[str]()
            assert all(n not in old or is_registered_uid(n) or n in classes or not n for n in new), f"{tag:08X}"
            assert len(new) != len(old) or all(
                n in {o, coder(o)} or o not in new for o, n in zip(old, new, strict=True)
            )
        elif act in SEQUENCES and tag in clean and before is None:
            ours, theirs = items_of(clean, tag), items_of(source, tag)
            assert len(ours) <= len(theirs), f"{tag:08X}"
            if act is Act.WALK and len(ours) == len(theirs):
                for item, other in zip(theirs, ours, strict=True):
                    self.data_set(item, other, nested=True)
        elif act is Act.KEEP and after is not None and before is not None:
            self.kept(tag, before, after)

    def kept(self, tag: int, before: bytes, after: bytes) -> None:
        """A value that stays keeps its bytes; one that goes becomes empty, or a dummy that is not of the source."""
        stays = after.rstrip(b"\0 ") == before.rstrip(b"\0 ")
        assert stays or not after or len(after) <= 64, f"{tag:08X}"
        self.seen["same"] = self.seen.get("same", 0) + stays  # type: ignore[call-overload]


def items_if(dataset: Dataset, tag: int) -> bool:
    return dataset[tag].VR == "SQ" and bool(dataset[tag].value)


@pytest.mark.parametrize("name", ["safe-harbor", "limited-dataset", "expert"])
def test_the_slow_way_agrees_on_every_file_that_can_be_scrubbed(name: str) -> None:
    kept = same = files = 0
    for _, data, result in scrubbed_corpus(name):
        source, clean = opened(data), opened(result.data)
        judge = Judge(name, source)
        judge.data_set(source, clean, nested=False)
        kept += judge.seen.get(Act.KEEP, 0)
        same += judge.seen.get("same", 0)  # type: ignore[call-overload]
        files += 1
    assert files > 140
    assert same > 0.9 * kept > 1000  # what nothing speaks against stays as it is


texts = st.text(st.sampled_from("ABCDEFGHIKLMN 0123456789"), max_size=16)
numbers = st.integers(-9999, 9999)
days = st.dates().map(lambda day: day.strftime("%Y%m%d").zfill(8))
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "Modality": st.sampled_from(["CT", "MR", "XX"]),
    "StudyDescription": texts,
    "BodyPartExamined": st.sampled_from(["CHEST", "HEAD", "SECRETPART"]),
    "PatientName": texts,
    "PatientBirthDate": days,
    "StudyDate": days,
    "AcquisitionDate": days,
    "InstanceNumber": numbers,
    "SliceThickness": numbers,
    "ImageComments": texts,
    "DeviceSerialNumber": texts,
    "FrameOfReferenceUID": st.sampled_from(["1.2.3.4", "1.2.840.10008.1.4.1.1"]),
    "ImageType": st.lists(st.sampled_from(["ORIGINAL", "PRIMARY", "AXIAL"]), min_size=2, max_size=3),
    "WindowCenter": numbers,
    "OperatorsName": texts,
}
NESTED = ("RequestAttributesSequence", "ReferencedImageSequence", "AnatomicRegionSequence", "SourceImageSequence")


def data_sets(depth: int) -> st.SearchStrategy[Dataset]:
    def made(fields: dict[str, Any], inner: dict[str, list[Dataset]]) -> Dataset:
        dataset = Dataset()
        for keyword, value in {**fields, **inner}.items():
            setattr(dataset, keyword, value)
        return dataset

    below = st.lists(data_sets(depth - 1), max_size=2) if depth else st.just([])
    fields = st.fixed_dictionaries({}, optional=FIELDS)
    return st.builds(made, fields, st.fixed_dictionaries({}, optional=dict.fromkeys(NESTED, below)))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(
    data_sets(2),
    st.sampled_from(
        [ExplicitVRLittleEndian, ImplicitVRLittleEndian, ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian]
    ),
)
def test_the_slow_way_agrees_on_made_data_sets(dataset: Dataset, syntax: str) -> None:
    dataset.SOPClassUID, dataset.SOPInstanceUID = CT, "1.2.826.0.1.9"
    dataset.file_meta = pydicom.dataset.FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = syntax
    stream = BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        dataset.save_as(stream, enforce_file_format=True)
    data = stream.getvalue()
    try:
        result = scrub(data, name="safe-harbor", known=())
    except ItemError as error:
        raise AssertionError(error.code) from None
    source, clean = opened(data), opened(result.data)
    Judge("safe-harbor", source).data_set(source, clean, nested=False)
    assert str(clean.PatientName) == subject().patient
    assert clean.file_meta.TransferSyntaxUID == syntax


def test_the_slow_way_knows_the_classes_of_makers_that_stay() -> None:
    item = Dataset()
    item.ReferencedSOPClassUID, item.ReferencedSOPInstanceUID = "1.3.12.2.1107.5.9.1", "1.2.826.0.1.8"
    dataset = made(ReferencedImageSequence=[item])
    data = write(dataset)
    source, clean = opened(data), opened(scrub(data).data)
    Judge("safe-harbor", source).data_set(source, clean, nested=False)
    assert clean.ReferencedImageSequence[0].ReferencedSOPClassUID == "1.3.12.2.1107.5.9.1"
    assert clean.ReferencedImageSequence[0].ReferencedSOPInstanceUID == coder("1.2.826.0.1.8")
