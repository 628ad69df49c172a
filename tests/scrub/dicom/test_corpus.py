"""Laws that hold for every file that ships with pydicom: old, odd, big-endian, deflated, reports, plans."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator
from pathlib import Path

import pydicom
import pytest
from pydicom.dataset import Dataset
from scrub_support import coder, policy, scrub, scrubbed_corpus, shipped, stands_in, subject

from curator.core.errors import ItemError
from curator.detect.pixel_risk import header_of
from curator.formats.dicom.read import quiet_pydicom, read_dataset
from curator.formats.dicom.tables import transfer_syntaxes
from curator.scrub.dicom.encode import encode_nodes, file_meta, stored
from curator.scrub.dicom.harvest import harvest
from curator.scrub.dicom.private import leftovers, table_of
from curator.scrub.dicom.rewrite import object_class, rewrite
from curator.scrub.dicom.risk import header_of_nodes
from curator.scrub.dicom.tree import Node, read_tree

TOKEN = "QZPLANTED"
PIXELS = ("PixelData", "FloatPixelData", "DoubleFloatPixelData")
CODES = {"DCM-001", "DCM-007", "DCM-040", "DCM-044", "DCM-047", "DCM-048"}
MARKERS = {0x00120062, 0x00120063, 0x00120064, 0x00280303}

#: Names of nobody in forms that ship with pydicom.
PLACEHOLDERS = {"Enter"}


def opened(data: bytes) -> Dataset:
    quiet_pydicom()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        dataset = pydicom.dcmread(io.BytesIO(data), force=True)
        list(dataset.iterall())  # decode every value at every depth
    return dataset


def every(dataset: Dataset) -> Iterator[tuple[int, str, object]]:
    for element in dataset.iterall():
        if element.VR != "SQ":
            yield int(element.tag), element.VR, element.value


def test_every_shipped_file_is_scrubbed_or_held_back_under_a_known_code() -> None:
    scrubbed = {path for path, _, _ in scrubbed_corpus()}
    assert len(scrubbed) >= 170
    for path in shipped():
        if path not in scrubbed:
            with pytest.raises(ItemError) as caught:
                scrub(path.read_bytes())
            assert caught.value.code in CODES, path.name


def _code_of(data: bytes) -> str | None:
    try:
        scrub(data, accepted=False)
    except ItemError as error:
        return error.code
    return None


def test_without_a_signed_record_files_at_risk_are_held_back() -> None:
    held = set()
    for _, data, result in scrubbed_corpus():
        code = _code_of(data)
        held.add(code)
        assert result.risk == {None: "none", "DCM-041": "text", "DCM-042": "face"}[code]
    assert held == {None, "DCM-041", "DCM-042"}


def test_pydicom_reads_every_output_and_its_pixel_bytes_are_those_of_the_source() -> None:
    with_pixels = 0
    for path, data, result in scrubbed_corpus():
        source, clean = opened(data), opened(result.data)
        for keyword in PIXELS:
            assert (keyword in clean) == (keyword in source), path.name
            if keyword in source:
                with_pixels += 1
                assert clean[keyword].value == source[keyword].value, path.name
    assert with_pixels > 100


def test_identity_is_the_subjects_and_the_markers_say_what_was_done() -> None:
    for _, _, result in scrubbed_corpus():
        clean = opened(result.data)
        assert clean.PatientName == clean.PatientID == "PABCDEFGHIJKLMNOP"
        assert (clean.SOPInstanceUID, clean.StudyInstanceUID) == (result.uid, result.study_uid)
        assert clean.SeriesInstanceUID == result.series_uid
        assert clean.file_meta.MediaStorageSOPInstanceUID == result.uid
        assert clean.PatientIdentityRemoved == "YES"
        assert clean.LongitudinalTemporalInformationModified == "MODIFIED"
        codes = [item.CodeValue for item in clean.DeidentificationMethodCodeSequence]
        assert tuple(codes) == result.codes == policy().codes
        assert policy().short_digest in clean.DeidentificationMethod[-1]


def test_no_unlisted_private_command_directory_group_length_or_retired_curve_element_is_left() -> None:
    table, private = table_of(policy()), 0
    assert table is not None
    for path, _, result in scrubbed_corpus():
        clean = opened(result.data)
        assert not leftovers(read_tree(result.data).nodes, table), path.name
        for tag, _, _ in every(clean):
            group = tag >> 16
            private += group % 2
            assert group not in {0, 2, 4}, path.name
            assert tag & 0xFFFF, path.name
            assert group >> 8 not in {0x50, 0x60}, path.name
        assert result.data[:132] == bytes(128) + b"DICM"
    assert private > 50


def test_no_name_number_date_or_uid_of_the_source_is_found_in_the_header_of_the_output() -> None:
    looked = 0
    for path, data, result in scrubbed_corpus():
        source, clean = opened(data), opened(result.data)
        header = result.data
        for keyword in PIXELS:
            if keyword in clean and isinstance(clean[keyword].value, bytes):
                header = header.replace(clean[keyword].value, b"")
        kept = {str(value) for tag, _, value in every(clean) if tag in {0x00080104, 0x00080100, 0x00080070, 0x00081090}}
        for tag, vr, value in every(source):
            for part in re.split(r"[\\^=,' \[\]]+", str(value)) if vr == "PN" else str(value).split("\\"):
                sought = (vr == "PN" and len(part) > 4) or (
                    vr == "UI" and part not in pydicom.uid.UID_dictionary and len(part) > 12
                )
                sought = sought or (vr == "DA" and len(part) == 8 and not part.endswith("0101"))
                sought = sought or (tag in {0x00100020, 0x00080050} and len(part) > 5)
                if sought and part not in PLACEHOLDERS and not any(part in text for text in kept):
                    looked += 1
                    assert part.encode() not in header, (path.name, hex(tag))
    assert looked > 1000


def test_scrubbing_twice_changes_no_more_than_the_names_that_stand_in() -> None:
    for path, data, result in scrubbed_corpus():
        if path.name in {"reportsi.dcm", "reportsi_with_empty_number_tags.dcm"}:
            continue  # its texts say "Enter text", and so does its observer's name
        again = scrub(result.data, known=harvest(data).known)
        once, twice = opened(result.data), opened(again.data)
        first = [(tag, vr, value) for tag, vr, value in every(once) if vr not in {"UI", "TM"}]
        second = [(tag, vr, value) for tag, vr, value in every(twice) if vr not in {"UI", "TM"}]
        tags = {tag for tag, _, _ in first}
        assert [row for row in second if row[0] not in MARKERS] == [
            row for row in first if row[0] not in MARKERS and row[0] in {tag for tag, _, _ in second}
        ], path.name
        lost = tags - {tag for tag, _, _ in second}
        assert len(lost) <= 4, (path.name, [hex(tag) for tag in lost])  # what repeats an identifier known only now


def test_the_same_source_gives_the_same_bytes() -> None:
    for _, data, result in scrubbed_corpus():
        assert rewrite(data, subject(), policy(), coder, accepted=True) == result


def test_the_pixel_risk_is_judged_by_the_same_header_as_pydicom_gives() -> None:
    for path, data, _ in scrubbed_corpus():
        dataset, structure = read_dataset(data)
        tree = read_tree(data)
        top = {node.tag: node for node in tree.nodes}
        expected = header_of(dataset, has_pixels=structure.has_pixels)
        found = header_of_nodes(tree, top, object_class(tree, top))
        assert found == expected or not expected.sop_class, path.name


def test_writing_what_was_read_gives_what_pydicom_reads_from_the_source() -> None:
    for path, data, _ in scrubbed_corpus():
        tree = read_tree(data)
        syntax = transfer_syntaxes()[tree.structure.transfer_syntax]
        if syntax.explicit != tree.structure.explicit or any(node.vr is None for node in tree.nodes) == syntax.explicit:
            continue
        body = b"".join(encode_nodes(tree.nodes, explicit=syntax.explicit, little=syntax.little))
        meta = file_meta("1.2.3", "1.2.3", syntax.uid, "X")
        written = opened(meta + (stored(body) if syntax.deflated else body))
        source = opened(data)
        expected = [row for row in every(source) if row[0] != 0xFFFCFFFC]
        assert [row for row in every(written) if row[0] != 0xFFFCFFFC] == expected, path.name


def _plant(nodes: list[Node], explicit: bool) -> list[Node]:
    """Add elements that hold the token to a data set, and to one item of each sequence in it."""
    text = TOKEN.encode() + b" "
    planted = [
        (0x00080080, "LO"), (0x00080090, "PN"), (0x00081030, "LO"), (0x0008103E, "LO"), (0x00081070, "PN"),
        (0x00100010, "PN"), (0x00100020, "LO"), (0x00101040, "LO"), (0x00102154, "SH"), (0x00104000, "LT"),
        (0x00181000, "LO"), (0x00181030, "LO"), (0x00181803, "LO"), (0x00200010, "SH"), (0x00204000, "LT"),
        (0x00321060, "LO"), (0x0040A123, "PN"), (0x0040A160, "UT"), (0x50003000, "OW"), (0x60003000, "OW"),
        (0x60004000, "LT"), (0x00420011, "OB"), (0x04000520, "OB"), (0x00880906, "ST"), (0x300A00C2, "LO"),
        (0x00290010, "LO"), (0x00291010, "UN"), (0x00080010, "SH"), (0xFFFCFFFC, "OB"),
    ]  # fmt: skip
    tags = {tag for tag, _ in planted}
    kept = [node for node in nodes if node.tag not in tags]
    kept += [Node(tag, vr, text) for tag, vr in planted if tag != 0xFFFCFFFC or explicit is not None]
    for node in kept:
        if node.items:
            node.items[0] = _plant_item(node.items[0])
    kept.append(Node(0x00082218, "SQ", items=[_plant_item([])]))
    return kept


def _plant_item(item: list[Node]) -> list[Node]:
    text = TOKEN.encode() + b" "
    tags = {0x00100010: "PN", 0x00080080: "LO", 0x00291010: "UN", 0x0040A160: "UT"}
    return [node for node in item if node.tag not in tags] + [Node(tag, vr, text) for tag, vr in tags.items()]


def test_identifiers_planted_into_every_file_are_found_in_none(tmp_path: Path) -> None:
    count = 0
    for path, data, _ in scrubbed_corpus():
        tree = read_tree(data)
        top = {node.tag: node for node in tree.nodes}
        syntax = transfer_syntaxes()[tree.structure.transfer_syntax]
        if any(node.vr is None for node in tree.nodes) and syntax.explicit:
            continue
        sop_class = object_class(tree, top)
        nodes = _plant(tree.nodes, syntax.explicit)
        body = b"".join(encode_nodes(nodes, explicit=syntax.explicit, little=syntax.little))
        planted = file_meta(sop_class, TOKEN, syntax.uid, TOKEN) + (stored(body) if syntax.deflated else body)
        planted = TOKEN.encode() + planted[len(TOKEN) :] + (b"" if syntax.deflated else TOKEN.encode())
        assert stands_in(TOKEN, planted)
        count += 1
        assert not stands_in(TOKEN, scrub(planted).data), path.name
    assert count > 150
