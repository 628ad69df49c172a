"""DICOM segmentations: each form of pixels, references to images, tiles, hostile bytes."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import pytest
from builders import SECRET, SECRETS, attack, coded, everything, fields, file_of

from curator.core.errors import UsageError
from curator.formats.dicom import ranged
from curator.labels.item import Item, Refused
from curator.labels.readers.dicom_seg import LABELMAP, SEG, DicomSeg

#: Two rows, three columns; the second segment overlaps the first on one image.
FIRST, SECOND, THIRD = [0, 1, 1, 0, 0, 1], [1, 1, 0, 0, 0, 0], [0, 0, 0, 1, 1, 1]


def _bits(*frames: list[int]) -> bytes:
    flat = [bit for frame in frames for bit in frame]
    made = bytes(sum(bit << at for at, bit in enumerate(flat[start : start + 8])) for start in range(0, len(flat), 8))
    return made + b"\0" * (len(made) % 2)


def _frame(segment: int | None, image: str | None, frame: int | None = None, **more: Any) -> Any:
    made = fields(**more)
    if segment is not None:
        made.SegmentIdentificationSequence = [fields(ReferencedSegmentNumber=segment)]
    if image is not None:
        source = fields(
            ReferencedSOPClassUID="1.2.840.10008.5.1.4.1.1.2",
            ReferencedSOPInstanceUID=image,
            SpatialLocationsPreserved="YES",
            PurposeOfReferenceCodeSequence=coded("121322", "DCM", "Source image"),
        )
        if frame is not None:
            source.ReferencedFrameNumber = frame
        made.DerivationImageSequence = [fields(SourceImageSequence=[source])]
    return made


def _segment(number: int, label: str, how: str = "MANUAL") -> Any:
    return fields(
        SegmentNumber=number,
        SegmentLabel=label,
        SegmentAlgorithmType=how,
        SegmentedPropertyCategoryCodeSequence=coded("85756007", "SCT", "Tissue"),
        SegmentedPropertyTypeCodeSequence=coded("10200004", "SCT", "Liver"),
        TrackingUID="1.2.9",
    )


def _seg(frames: list[Any], pixels: bytes, form: str = "BINARY", **more: Any) -> Any:
    made = fields(
        SpecificCharacterSet="ISO_IR 192",
        ContentDate="20260105",
        ContentTime="101112.5",
        TimezoneOffsetFromUTC="+0530",
        ContentCreatorName="Rao^Asha",
        Manufacturer="Maker",
        ManufacturerModelName="Model",
        SoftwareVersions="2.1",
        StudyInstanceUID="1.2.5",
        SeriesInstanceUID="1.2.6",
        FrameOfReferenceUID="1.2.7",
        ReferencedSeriesSequence=[
            fields(
                SeriesInstanceUID="1.2.8",
                ReferencedInstanceSequence=[fields(ReferencedSOPInstanceUID="1.2.8.1"),
                                            fields(ReferencedSOPInstanceUID="1.2.8.2")],
            )
        ],
        Rows=2,
        Columns=3,
        NumberOfFrames=len(frames),
        SamplesPerPixel=1,
        PhotometricInterpretation="MONOCHROME2",
        PixelRepresentation=0,
        BitsAllocated=1 if form == "BINARY" else 8,
        BitsStored=1 if form == "BINARY" else 8,
        HighBit=0 if form == "BINARY" else 7,
        SegmentationType=form,
        SegmentSequence=[_segment(1, "liver"), _segment(2, "lesion", "AUTOMATIC")],
        SharedFunctionalGroupsSequence=[
            fields(
                PixelMeasuresSequence=[fields(PixelSpacing=["0.70", "0.7"])],
                PlaneOrientationSequence=[fields(ImageOrientationPatient=[1, 0, 0, 0, 1, 0])],
            )
        ],
        PerFrameFunctionalGroupsSequence=frames,
        PixelData=pixels,
    )  # fmt: skip
    made["PixelData"].VR = "OB"
    for keyword, value in more.items():
        setattr(made, keyword, value)
    return made


def _binary() -> Any:
    frames = [
        _frame(1, "1.2.8.1", PlanePositionSequence=[fields(ImagePositionPatient=["-1.50", "2", "3"])]),
        _frame(2, "1.2.8.1"),
        _frame(1, "1.2.8.2", 4),
        _frame(2, "1.2.8.2"),
    ]
    return _seg(frames, _bits(FIRST, SECOND, THIRD, [0] * 6))


def _read(path: Path, dataset: Any, sop_class: str = SEG, syntax: str = "1.2.840.10008.1.2.1") -> list[Item | Refused]:
    path.write_bytes(file_of(dataset, sop_class, syntax))
    return everything(DicomSeg(), path)


def test_each_segment_on_each_frame_is_a_mask_on_its_image(tmp_path: Path) -> None:
    found = _read(tmp_path / "a.dcm", _binary())
    assert [(item.place, item.label_id) for item in found] == [
        ("segment 1 frame 1", "seg-1-1"),
        ("segment 2 frame 2", "seg-2-2"),
        ("segment 1 frame 3", "seg-1-3"),
    ]
    assert [item.value for item in found] == [
        {"class": "liver", "size": [2, 3], "runs": [1, 2, 2, 1]},
        {"class": "lesion", "size": [2, 3], "runs": [0, 2, 4]},
        {"class": "liver", "size": [2, 3], "runs": [3, 3]},
    ]
    assert [(item.sample.by, item.sample.name, item.part) for item in found] == [
        ("uid", "1.2.8.1", None),
        ("uid", "1.2.8.1", None),
        ("uid", "1.2.8.2", {"frames": [4]}),
    ]
    assert found[0].sample.size == (3, 2)
    assert [item.origin for item in found] == ["human", "model", "human"]
    assert found[0].author == "Rao^Asha"
    assert found[0].labeled_at == "2026-01-05T10:11:12.5+05:30"
    assert found[0].tool == ("Maker Model", "2.1")
    kept = found[0].kept
    assert kept["FrameOfReferenceUID"] == "1.2.7"
    assert kept["ReferencedSeries"] == ["1.2.8"]
    assert kept["segment"]["SegmentedPropertyTypeCodeSequence"][0]["code"] == "10200004"
    assert [str(number) for number in kept["ImagePositionPatient"]] == ["-1.50", "2", "3"]
    assert [str(number) for number in kept["PixelSpacing"]] == ["0.70", "0.7"]


def test_a_long_file_is_read_in_ranges_to_the_same_labels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = _read(tmp_path / "a.dcm", _binary())
    monkeypatch.setattr(ranged, "LOADED_MOST", 64)
    assert [(item.value, item.sample) for item in _read(tmp_path / "a.dcm", _binary())] == [
        (item.value, item.sample) for item in whole
    ]


@pytest.mark.parametrize("syntax", ["1.2.840.10008.1.2", "1.2.840.10008.1.2.1.99"])
def test_implicit_and_deflated_files_give_the_same_labels(tmp_path: Path, syntax: str) -> None:
    found = _read(tmp_path / "a.dcm", _binary(), syntax=syntax)
    assert [item.value["runs"] for item in found] == [[1, 2, 2, 1], [0, 2, 4], [3, 3]]


def test_the_reader_knows_its_files() -> None:
    assert DicomSeg().recognizes(Path("x"), file_of(_binary(), SEG))
    assert not DicomSeg().recognizes(Path("x"), file_of(_binary(), "1.2.840.10008.5.1.4.1.1.2"))
    assert not DicomSeg().recognizes(Path("x"), b"{}")


def test_a_time_without_a_zone_and_an_empty_creator_are_not_made_up(tmp_path: Path) -> None:
    dataset = _binary()
    del dataset.TimezoneOffsetFromUTC
    dataset.ContentCreatorName = ""
    item = _read(tmp_path / "a.dcm", dataset)[0]
    assert (item.author, item.labeled_at) == (None, None)
    assert item.kept["ContentDate"] == "20260105"


def test_the_operator_of_the_series_stands_for_a_creator_that_is_not_named(tmp_path: Path) -> None:
    dataset = _binary()
    dataset.OperatorsName = "Lind^Eva"
    assert _read(tmp_path / "a.dcm", dataset)[0].author == "Rao^Asha"
    dataset.ContentCreatorName = ""
    item = _read(tmp_path / "b.dcm", dataset)[0]
    assert (item.author, item.kept["OperatorsName"]) == ("Lind^Eva", "Lind^Eva")
    # Of several nobody is chosen: no table of people knows them together.
    dataset.OperatorsName = ["Lind^Eva", "Berg^Ole"]
    assert _read(tmp_path / "c.dcm", dataset)[0].author == "Lind^Eva\\Berg^Ole"


def test_half_of_the_maximum_counts_and_the_fractions_are_kept(tmp_path: Path) -> None:
    frames = [_frame(1, "1.2.8.1"), _frame(2, "1.2.8.1")]
    pixels = bytes([0, 127, 128, 255, 255, 0]) + bytes([255, 0, 0, 0, 0, 255])
    one, two = _read(tmp_path / "a.dcm", _seg(frames, pixels, "FRACTIONAL", MaximumFractionalValue=255))
    assert one.value["runs"] == [2, 3, 1]
    assert one.kept["fractions"] == [[0, 1], [127, 1], [128, 1], [255, 2], [0, 1]]
    assert two.value["runs"] == [0, 1, 4, 1]
    assert "fractions" not in two.kept
    faint = _read(tmp_path / "a.dcm", _seg(frames, bytes([9] * 12), "FRACTIONAL", MaximumFractionalValue=255))
    assert [item.code for item in faint] == ["IMP-021", "IMP-021"]


@pytest.mark.parametrize("bits", [8, 16])
def test_a_label_map_is_one_mask_a_value(tmp_path: Path, bits: int) -> None:
    values = [0, 1, 1, 2, 2, 7]
    pixels = bytes(values) if bits == 8 else struct.pack("<6H", *values)
    dataset = _seg([_frame(None, "1.2.8.1")], pixels, "LABELMAP")
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = bits, bits, bits - 1
    dataset.SegmentSequence = [_segment(0, "background"), *dataset.SegmentSequence, _segment(9, "nowhere")]
    found = _read(tmp_path / "a.dcm", dataset, LABELMAP)
    assert [item.value["runs"] for item in found[:2]] == [[1, 2, 3], [3, 2, 1]]
    assert [(item.place, item.code) for item in found[2:]] == [
        ("segment 7 frame 1", "IMP-026"),
        ("segment 9", "IMP-021"),
    ]


def test_run_length_encoded_frames_are_read(tmp_path: Path) -> None:
    from pydicom.encaps import encapsulate

    plain = [bytes([0, 1, 1, 2, 2, 0]), bytes([2, 2, 2, 0, 0, 0])]
    packed = [struct.pack("<16L", 1, 64, *[0] * 14) + bytes([5]) + frame + b"\x80" for frame in plain]
    frames = [_frame(None, "1.2.8.1"), _frame(None, "1.2.8.2")]
    dataset = _seg(frames, encapsulate(packed), "LABELMAP")
    dataset["PixelData"].is_undefined_length = True
    found = _read(tmp_path / "a.dcm", dataset, LABELMAP, "1.2.840.10008.1.2.5")
    assert [item.value["runs"] for item in found] == [[1, 2, 3], [3, 2, 1], [0, 3, 3]]
    dataset = _seg(frames, encapsulate([packed[0], packed[1][:70]]), "LABELMAP")
    dataset["PixelData"].is_undefined_length = True
    with pytest.raises(UsageError, match="IMP-003"):
        _read(tmp_path / "a.dcm", dataset, LABELMAP, "1.2.840.10008.1.2.5")


def test_other_compressions_are_refused(tmp_path: Path) -> None:
    from pydicom.encaps import encapsulate

    dataset = _seg([_frame(None, "1.2.8.1")], encapsulate([b"\xff\x4f\xff\x51"]), "LABELMAP")
    dataset["PixelData"].is_undefined_length = True
    with pytest.raises(UsageError, match="IMP-041"):
        _read(tmp_path / "a.dcm", dataset, LABELMAP, "1.2.840.10008.1.2.4.90")


def test_a_mask_without_one_image_is_refused(tmp_path: Path) -> None:
    moved = _frame(1, "1.2.8.1")
    moved.DerivationImageSequence[0].SourceImageSequence[0].SpatialLocationsPreserved = "REORIENTED_ONLY"
    two = _frame(1, "1.2.8.1")
    two.DerivationImageSequence[0].SourceImageSequence.append(
        _frame(1, "1.2.8.2").DerivationImageSequence[0].SourceImageSequence[0]
    )
    frames = [_frame(1, None), moved, two, _frame(2, "1.2.8.1")]
    found = _read(tmp_path / "a.dcm", _seg(frames, _bits(FIRST, FIRST, FIRST, FIRST)))
    assert [getattr(item, "code", "item") for item in found] == ["IMP-044", "IMP-044", "IMP-044", "item"]


def test_one_image_of_the_whole_object_counts_for_one_frame_a_segment(tmp_path: Path) -> None:
    dataset = _seg([_frame(1, None), _frame(2, None)], _bits(FIRST, SECOND))
    dataset.ReferencedSeriesSequence[0].ReferencedInstanceSequence.pop()
    assert [item.sample.name for item in _read(tmp_path / "a.dcm", dataset)] == ["1.2.8.1", "1.2.8.1"]
    dataset = _seg([_frame(1, None), _frame(1, None), _frame(2, None)], _bits(FIRST, SECOND, THIRD))
    dataset.ReferencedSeriesSequence[0].ReferencedInstanceSequence.pop()
    assert [item.code for item in _read(tmp_path / "a.dcm", dataset)] == ["IMP-044"] * 3


def _tile(segment: int, row: int, column: int) -> Any:
    place = fields(RowPositionInTotalImagePixelMatrix=row, ColumnPositionInTotalImagePixelMatrix=column)
    return _frame(segment, "1.2.8.1", 1, PlanePositionSlideSequence=[place])


def test_tiles_become_one_mask_on_the_whole_matrix(tmp_path: Path) -> None:
    frames = [_tile(1, 1, 1), _tile(1, 1, 4), _tile(1, 3, 1), _tile(2, 3, 4)]
    dataset = _seg(frames, _bits(FIRST, SECOND, THIRD, FIRST), TotalPixelMatrixRows=3, TotalPixelMatrixColumns=5)
    one, two = _read(tmp_path / "a.dcm", dataset)
    # Rows of five: .11|11, ..1|.., ...|.. ; what hangs over the edge is padding.
    assert one.value == {"class": "liver", "size": [3, 5], "runs": [1, 4, 2, 1, 7]}
    assert two.value == {"class": "lesion", "size": [3, 5], "runs": [14, 1]}
    assert one.sample.size == (5, 3)


def test_tiles_in_full_order_need_no_places(tmp_path: Path) -> None:
    dataset = _seg([], _bits(FIRST, SECOND, THIRD, THIRD), TotalPixelMatrixRows=2, TotalPixelMatrixColumns=6)
    del dataset.PerFrameFunctionalGroupsSequence
    dataset.NumberOfFrames, dataset.DimensionOrganizationType = 4, "TILED_FULL"
    dataset.ReferencedSeriesSequence[0].ReferencedInstanceSequence.pop()
    found = _read(tmp_path / "a.dcm", dataset)
    assert [item.value["runs"] for item in found] == [[1, 4, 3, 1, 3], [6, 6]]


@pytest.mark.parametrize(
    ("keyword", "value"),
    [
        ("NumberOfFrames", 5),
        ("Rows", 3),
        ("BitsAllocated", 32),
        ("SegmentationType", "FRACTIONAL"),
        ("PixelData", b"\0\0"),
        ("SamplesPerPixel", 3),
    ],
)
def test_pixels_that_do_not_fit_refuse_the_object(tmp_path: Path, keyword: str, value: object) -> None:
    dataset = _binary()
    setattr(dataset, keyword, value)
    with pytest.raises(UsageError, match=r"IMP-0(03|41)"):
        _read(tmp_path / "a.dcm", dataset)


def test_segments_of_one_number_refuse_the_object(tmp_path: Path) -> None:
    dataset = _binary()
    dataset.SegmentSequence[1].SegmentNumber = 1
    with pytest.raises(UsageError, match="IMP-003"):
        _read(tmp_path / "a.dcm", dataset)


def test_frames_of_an_unknown_segment_are_refused_and_counted(tmp_path: Path) -> None:
    dataset = _binary()
    dataset.SegmentSequence.pop()
    assert [getattr(item, "code", "item") for item in _read(tmp_path / "a.dcm", dataset)] == ["item", "IMP-026", "item"]


def test_broken_files_give_only_codes(tmp_path: Path) -> None:
    dataset = _binary()
    dataset.ContentDescription = SECRET[:60]
    dataset.SegmentSequence[0].SegmentLabel = SECRET[:60]
    data = file_of(dataset, SEG)
    assert SECRETS[1].encode() in data
    outcomes = attack(DicomSeg(), data, tmp_path / "a.dcm", 300)
    assert outcomes["IMP-003"] > 50


def _placed(segment: int, height: float, image: str | None = None, **more: Any) -> Any:
    return _frame(segment, image, PlanePositionSequence=[fields(ImagePositionPatient=[0, 0, height])], **more)


def test_frames_that_name_no_image_become_one_mask_a_segment_with_their_places(tmp_path: Path) -> None:
    frames = [_placed(1, 5), _placed(2, 5), _placed(1, 2.5), _placed(2, 0)]
    found = _read(tmp_path / "a.dcm", _seg(frames, _bits(FIRST, SECOND, THIRD, [0] * 6)))
    assert [(item.kind, item.value["class"], item.sample.name) for item in found] == [
        ("volume-mask", "liver", "1.2.8"),
        ("volume-mask", "lesion", "1.2.8"),
    ]
    first, second = found
    assert first.value == {"class": "liver", "size": [3, 2, 2], "voxels": 6, "slices": {"1": [1, 2, 2, 1], "2": [3, 3]}}
    planes = first.kept["geometry"]["planes"]
    assert [[float(one) for one in plane["ImagePositionPatient"]] for plane in planes] == [[0, 0, 5], [0, 0, 2.5]]
    assert (second.value["size"], second.value["voxels"], second.origin) == ([3, 2, 1], 2, "model")
    assert (first.author, first.kept["ReferencedSeries"]) == ("Rao^Asha", ["1.2.8"])


def test_frames_of_several_images_or_other_pixels_are_found_by_place_and_others_stay_on_theirs(tmp_path: Path) -> None:
    two = _placed(1, 5, "1.2.8.1")
    two.DerivationImageSequence[0].SourceImageSequence.append(
        _frame(1, "1.2.8.2").DerivationImageSequence[0].SourceImageSequence[0]
    )
    turned = _placed(1, 2.5, "1.2.8.2")
    turned.DerivationImageSequence[0].SourceImageSequence[0].SpatialLocationsPreserved = "REORIENTED_ONLY"
    found = _read(tmp_path / "a.dcm", _seg([two, turned, _placed(2, 0, "1.2.8.1")], _bits(FIRST, SECOND, THIRD)))
    assert [(item.kind, item.value["class"]) for item in found] == [("mask", "lesion"), ("volume-mask", "liver")]
    assert list(found[1].value["slices"]) == ["1", "2"]


def test_by_name_every_frame_goes_to_the_volume(tmp_path: Path) -> None:
    from curator.labels.readers.dicom_seg import DicomSegVolume

    frames = [_placed(1, 5, "1.2.8.1"), _placed(2, 5, "1.2.8.1"), _placed(1, 2.5, "1.2.8.2")]
    path = tmp_path / "a.dcm"
    path.write_bytes(file_of(_seg(frames, _bits(FIRST, SECOND, THIRD)), SEG))
    assert not DicomSegVolume().recognizes(path, path.read_bytes()[:1000])
    found = everything(DicomSegVolume(), path)
    assert [(item.kind, item.value["class"], item.value["size"][2]) for item in found] == [
        ("volume-mask", "liver", 2),
        ("volume-mask", "lesion", 1),
    ]
    # One image of many frames is the sample itself.
    dataset = _seg([_placed(1, 5, "1.2.8.1"), _placed(1, 2.5, "1.2.8.1")], _bits(FIRST, SECOND))
    dataset.ReferencedSeriesSequence[0].ReferencedInstanceSequence.pop()
    path.write_bytes(file_of(dataset, SEG))
    found = everything(DicomSegVolume(), path)
    assert [getattr(one, "code", None) or one.sample.name for one in found] == ["1.2.8.1", "IMP-021"]


def test_frames_without_a_place_or_of_two_series_are_refused(tmp_path: Path) -> None:
    from curator.labels.readers.dicom_seg import DicomSegVolume

    path = tmp_path / "a.dcm"
    path.write_bytes(file_of(_seg([_frame(1, "1.2.8.1"), _placed(1, 2.5)], _bits(FIRST, SECOND)), SEG))
    # What is left of a segment that lacks a frame is no mask of the volume.
    assert [getattr(one, "code", "item") for one in everything(DicomSegVolume(), path)] == ["IMP-044"] * 2 + ["IMP-021"]
    dataset = _seg([_placed(1, 5), _placed(2, 5), _placed(1, 2.5)], _bits(FIRST, SECOND, THIRD))
    dataset.ReferencedSeriesSequence.append(fields(SeriesInstanceUID="1.2.99"))
    assert [getattr(one, "code", "item") for one in _read(tmp_path / "b.dcm", dataset)] == ["IMP-044"] * 3


def test_fractions_of_frames_by_place_are_kept_by_frame(tmp_path: Path) -> None:
    pixels = bytes([0, 100, 200, 0, 0, 0] + [255, 255, 0, 0, 0, 0])
    dataset = _seg([_placed(1, 5), _placed(1, 2.5)], pixels, "FRACTIONAL", MaximumFractionalValue=255)
    dataset.SegmentSequence.pop()
    dataset.SegmentationFractionalType = "PROBABILITY"
    (found,) = _read(tmp_path / "a.dcm", dataset)
    assert found.value["slices"] == {"1": [2, 1, 3], "2": [0, 2, 4]}
    assert found.kept["fractions"] == {"1": [[0, 1], [100, 1], [200, 1], [0, 3]]}


def test_a_label_map_without_images_is_one_volume_a_value(tmp_path: Path) -> None:
    pixels = bytes([0, 1, 1, 0, 2, 2] + [2, 2, 0, 0, 0, 0] + [7, 0, 0, 0, 0, 0])
    frames = [_placed(None, height) for height in (5, 2.5, 0)]  # type: ignore[arg-type]
    dataset = _seg(frames, pixels, "LABELMAP", PixelPaddingValue=0)
    found = _read(tmp_path / "a.dcm", dataset, LABELMAP)
    told = [getattr(one, "code", None) or (one.value["class"], one.value["slices"]) for one in found]
    assert told == [
        "IMP-044",  # value 7 is no segment
        ("liver", {"1": [1, 2, 3]}),
        ("lesion", {"1": [4, 2], "2": [0, 2, 4]}),
    ]
