"""``privacy/known-identifiers`` on data that were really scrubbed: clean passes, each planted place is found."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma

import pytest
from audit_support import Desk
from objects_support import chunk, dicom, office, pdf, png
from scrubbed_site import FIRST, SECOND

from curator.audit.catalog import own
from curator.audit.model import Outcome
from curator.core.errors import CuratorError

CHECK = next(one.check for one in own() if one.check.id == "privacy/known-identifiers")
NAME = "Zebediah Quillfeather"


def desk(site, more=None):
    made = Desk.of_project(site.project, site.vault)
    made.data.update(more or {})
    return made


def folder_of(site, who):
    from curator.audit.closed.vault import read_roll

    roll = read_roll(site.project, site.vault)
    number = next(one.number for one in roll.people if ("id", who["id"]) in one.values)
    return "clean/" + next(name for name, at in roll.numbers.items() if at == number)


def parquet(text):
    import pyarrow as pa
    import pyarrow.parquet as pq

    out = io.BytesIO()
    pq.write_table(pa.table({"note": ["nothing", text]}), out, compression="zstd")
    return out.getvalue()


def filled_pdf(text):
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, pageCompression=1, invariant=1)
    canvas.drawString(72, 700, text)
    canvas.save()
    return out.getvalue()


def nested(one):
    from pydicom.dataset import Dataset
    from pydicom.sequence import Sequence

    inner = Dataset()
    inner.add_new(0x00400007, "LO", f"for {NAME}")
    one.add_new(0x00400100, "SQ", Sequence([inner]))


def unknown(one):
    one.add_new(0x00091010, "UN", b"\1\2" + NAME.encode("utf-16-le"))


def compressed(name, text):
    import zlib

    return png(chunk(name, b"Comment\0\0" + zlib.compress(text.encode())))


PLACES = {
    "text": (".txt", f"Seen with {NAME}.".encode()),
    "other order": (".txt", b"QUILLFEATHER, ZEBEDIAH"),
    "utf-16": (".txt", f"\ufeffSeen with {NAME}.".encode("utf-16")),
    "table": (".csv", b"a,b\n1,zebediah_quillfeather\n"),
    "json escapes": (".json", b'{"a": "Zebediah\\u0020Quillf\\u0065ather"}'),
    "markup": (".xml", b"<a>Zebediah Quill<b>feather</b></a>"),
    "entities": (".html", b"<p>Zebediah&nbsp;Quill&#102;eather</p>"),
    "base64": (
        ".json",
        b'{"data": "' + __import__("base64").b64encode(b"................." + NAME.encode() + b".....") + b'"}',
    ),
    "old uid": (".txt", b"see 1.2.840.99999.4.1222 there"),
    "number": (".txt", b"no. zb-554-1772"),
    "date of birth": (".txt", b"born 5 April 1951"),
    "date of a study": (".txt", b"on 03/12/2015"),
    "header": (".dcm", dicom(lambda one: setattr(one, "ImageComments", NAME))),
    "nested": (".dcm", dicom(nested)),
    "unknown value": (".dcm", dicom(unknown)),
    "behind the object": (".dcm", dicom(behind=NAME.encode())),
    "pixels": (".dcm", dicom(lambda one: setattr(one, "PixelData", b"\0\1" + NAME.encode() + b"\0\0\0"))),
    "member of a zip": (".zip", office({"a/b.txt": NAME.encode()})),
    "name of a member": (".zip", office({f"{NAME}.txt": b"x"})),
    "zip in a zip": (".zip", office({"a.zip": office({"b.txt": NAME.encode()})})),
    "bzip2": (".bz2", bz2.compress(NAME.encode())),
    "xz": (".xz", lzma.compress(NAME.encode())),
    "gzip": (".gz", gzip.compress(NAME.encode(), mtime=0)),
    "page of a pdf": (".pdf", filled_pdf(NAME)),
    "information of a pdf": (".pdf", pdf({"/Subject": NAME})),
    "attachment of a pdf": (".pdf", pdf(attached=office({"a.txt": NAME.encode()}))),
    "parquet": (".parquet", parquet(NAME)),
    "text of a png": (".png", compressed(b"zTXt", NAME)),
    "behind a png": (".png", png(behind=NAME.encode())),
}


def test_clean_data_pass_and_everything_that_was_searched_is_counted(scrubbed):
    answer = CHECK.run(desk(scrubbed))
    assert answer.outcome is Outcome.PASS, answer
    assert answer.figures["people"] == 2
    assert answer.figures["strong"] >= 10
    assert answer.figures["bytes"] > 2_000
    assert {row["category"] for row in answer.tables["values"]} >= {"name", "id", "birth_date", "date", "uid"}


@pytest.mark.parametrize("place", PLACES)
def test_an_identifier_is_found_wherever_it_stands(scrubbed, place):
    ending, data = PLACES[place]
    path = f"{folder_of(scrubbed, FIRST)}/text/2.25.77{ending}"
    answer = CHECK.run(desk(scrubbed, {path: data}))
    assert answer.outcome is Outcome.FAIL, answer
    assert [one.where for one in answer.findings if one.where == path]
    said = repr(answer).lower()
    assert not any(token in said for token in ("zebediah", "quillfeather", "5541772", "19510405", "1951", "99999"))


def test_a_name_in_a_path_is_found_and_the_path_is_not_shown(scrubbed):
    answer = CHECK.run(desk(scrubbed, {"clean/shared/Quillfeather_Zebediah/2.25.1.txt": b"x"}))
    assert answer.outcome is Outcome.FAIL
    assert "uillfeather" not in repr(answer)
    assert answer.findings[0].where.startswith("sha256:")


def test_the_date_of_another_is_no_finding_but_their_number_is(scrubbed):
    path = f"{folder_of(scrubbed, SECOND)}/text/2.25.77.txt"
    assert CHECK.run(desk(scrubbed, {path: b"on 04/05/1951 and Quillfeather"})).outcome is Outcome.PASS
    assert CHECK.run(desk(scrubbed, {path: b"ZB5541772"})).outcome is Outcome.FAIL


def test_equal_bytes_of_two_persons_are_searched_for_what_is_known_of_both(scrubbed):
    same = {f"{folder_of(scrubbed, who)}/text/2.25.77.txt": b"Quillfeather" for who in (FIRST, SECOND)}
    answer = CHECK.run(desk(scrubbed, same))
    assert answer.outcome is Outcome.FAIL


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04" + b"\0" * 60,
        b"\x1f\x8b\x08" + b"\0" * 30,
        b"%PDF-1.7\nno\n",
        b"PAR1" + b"\0" * 40,
        b"7z\xbc\xaf\x27\x1c" + b"\0" * 40,
        bz2.compress(b"x")[:-3],
        lzma.compress(b"x") + lzma.compress(b"y"),
        png()[:-9],
        dicom()[:-3],
    ],
    ids=["zip", "gzip", "pdf", "parquet", "7z", "bzip2", "xz", "png", "dicom"],
)
def test_what_cannot_be_opened_whole_never_passes(scrubbed, data):
    answer = CHECK.run(desk(scrubbed, {"clean/shared/text/2.25.77.bin": data}))
    assert answer.outcome is Outcome.COULD_NOT_CHECK, answer
    assert answer.figures["not_searched"] == 1


def test_an_empty_vault_is_no_pass(scrubbed, tmp_path):
    site = scrubbed.copy(tmp_path)
    for path in (site.vault.folder / "deliveries" / "0001").glob("people.enc"):
        path.unlink()
    with pytest.raises(CuratorError) as caught:
        CHECK.run(desk(site))
    assert caught.value.code in {"AUP-001", "VLT-003"}
    site.vault.close()


def test_the_closed_loop_imports_neither_the_scrubber_nor_its_detectors():
    import subprocess
    import sys

    code = (
        "import sys, pkgutil, importlib, curator.audit.closed as room\n"
        "for one in pkgutil.iter_modules(room.__path__): importlib.import_module(f'curator.audit.closed.{one.name}')\n"
        "print([name for name in sys.modules if name.startswith(('curator.scrub', 'curator.detect', 'curator.demo'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
