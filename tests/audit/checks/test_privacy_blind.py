"""The blind checks: each finds its planted fault, passes clean data, and never passes what it could not look at."""

from __future__ import annotations

import base64
import struct
from dataclasses import dataclass, field

import pytest
from audit_support import Desk
from objects_support import CT, PERSON, SECONDARY, chunk, dicom, jpeg, office, pdf, png, segment

from curator.audit.catalog import own
from curator.audit.model import Outcome

UID = f"clean/{PERSON}/2.25.12/2.25.13/2.25.11.dcm"
TXT = f"clean/{PERSON}/text/2.25.21.txt"
CSV = f"clean/{PERSON}/tabular/2.25.22.csv"
CLEAN = {
    UID: dicom(),
    TXT: b"Chest CT in 2015. A nodule of 8 mm in the left lower lobe. Aged 90 or older.\n",
    CSV: b"id,age,zip3\n" + PERSON.encode() + b",90,606\n",
    f"clean/{PERSON}/document/2.25.25.pdf": pdf(),
    f"clean/{PERSON}/tabular/2.25.26.xlsx": office(
        {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w>Nodule</w>"}
    ),
}
#: Images outside of DICOM are at risk, whatever they show.
PICTURES = {
    f"clean/{PERSON}/image/2.25.23.png": png(),
    f"clean/{PERSON}/image/2.25.24.jpg": jpeg(segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0")),
}
PIXELS = {"privacy/pixel-risk", "privacy/burned-in", "privacy/faces"}


@dataclass
class Rules:
    """A policy's answers."""

    dates: str = "year"
    ages: str = "cap"
    texts: str = "tag"
    facilities: bool = True
    private: tuple = ()
    options: set = field(default_factory=set)

    def applies(self, option):
        return option in self.options


def desk(more=None, *, without=(), **kind):
    from curator.audit.kinds import kind_of

    data = {path: one for path, one in {**CLEAN, **(more or {})}.items() if path not in without}
    kinds = {path: kind_of(one[: 1 << 16], len(one)) for path, one in data.items()}
    made = Desk(data, kinds, policy_=kind.pop("policy", Rules()), **kind)
    made.has_ = {"policy"} if made.policy_ is not None else set()
    return made


CHECKS = {one.check.id: one.check for one in own() if one.check.id.startswith("privacy/")}


def edit(**values):
    def change(one):
        for name, value in values.items():
            setattr(one, name, value)

    return change


def icon(one):
    from pydicom.dataset import Dataset
    from pydicom.sequence import Sequence

    inner = Dataset()
    inner.Rows, inner.Columns, inner.BitsAllocated = 1, 1, 8
    inner.PixelData = b"\0\0"
    one.IconImageSequence = Sequence([inner])


def private(one):
    one.private_block(0x0029, "ACME CORP", create=True).add_new(0x10, "LO", "value")


def embedded(one):
    one.add_new(0x00420011, "OB", b"%PDF-1.4 ....")


def nifti(said=b""):
    """Return a volume of 2 by 2 by 2 with a description (nifti1.h)."""
    head = bytearray(352)
    struct.pack_into("<i", head, 0, 348)
    struct.pack_into("<8h", head, 40, 3, 2, 2, 2, 1, 1, 1, 1)
    struct.pack_into("<hh", head, 70, 4, 16)
    struct.pack_into("<8f", head, 76, *[1] * 8)
    struct.pack_into("<f", head, 108, 352)
    head[148 : 148 + len(said)] = said
    head[344:348] = b"n+1\0"
    return bytes(head) + bytes(range(16))


def unknown(tag, value):
    """Return an object with an element that is written with VR UN."""
    body = struct.pack("<HH", tag >> 16, tag & 0xFFFF) + b"UN\0\0" + struct.pack("<I", len(value)) + value
    data = dicom(edit(ImageComments="x"))
    at = data.index(struct.pack("<HH", 0x0020, 0x4000) + b"LT")
    return data[:at] + body + data[at + 8 + struct.unpack_from("<H", data, at + 6)[0] :]


NIFTI = nifti(b"Mr. John Smith")
#: A directory of two attributes: one strip of four bytes behind it.
TIFF = b"II*\0\x08\0\0\0\2\0" + struct.pack("<HHIIHHII", 0x111, 4, 1, 38, 0x117, 4, 1, 4) + b"\0" * 4 + b"data"
HL7 = b"MSH|^~\\&|A|B|C|D|2015||ADT^A01|1|P|2.5\rPID|1||PABCDEFGHIJKLM234||Smithovitz^Johnathan||1947|F\r"
FHIR_NAME = b'{"resourceType": "Patient", "name": [{"family": "Smithovitz", "given": ["Johnathan"]}]}'
FAULTS = [
    ("private-tags", {UID: dicom(private)}, "private attribute (0029,xx10)"),
    ("uid-roots", {UID: dicom(edit(FrameOfReferenceUID="1.2.276.0.7230010.3.1.4.8323329"))}, "(0020,0052)"),
    ("dates", {UID: dicom(edit(AcquisitionDate="20150312"))}, "(0008,0022)"),
    ("dates", {UID: dicom(edit(AcquisitionDateTime="20150312101500"))}, "(0008,002A)"),
    ("dates", {TXT: b"Seen on March 12, 2015.\n"}, "a date in text"),
    ("dates", {CSV: b"id,seen\nx,2015-03-12\n"}, "a date in text"),
    ("ages", {UID: dicom(edit(PatientAge="093Y"))}, "(0010,1010)"),
    ("ages", {TXT: b"A 94-year-old woman.\n"}, "an age over 89 in text"),
    ("zip3", {CSV: b"id,zip\nx,60614\n"}, "more than three digits"),
    ("zip3", {CSV: b"id,zip_code\nx,036\n"}, "few people"),
    ("zip3", {TXT: b"Lives in Peoria, IL 61602-1234.\n"}, "a ZIP code in text"),
    ("thumbnails", {UID: dicom(icon)}, "icon image"),
    ("thumbnails", {"clean/a.jpg": jpeg(segment(0xE1, b"Exif\0\0" + jpeg()))}, "an image inside"),
    ("exif", {"clean/a.jpg": jpeg(segment(0xE1, b"Exif\0\0MM\0*"))}, "Exif"),
    ("exif", {"clean/a.png": png(chunk(b"tEXt", b"Author\0x"))}, "a text"),
    ("exif", {"clean/a.tif": b"II*\0\x08\0\0\0\1\0\x25\x88\4\0\1\0\0\0\0\0\0\0\0\0\0\0"}, "GPS"),
    ("pdf-metadata", {"clean/a.pdf": pdf({"/Author": "x"})}, "/Author"),
    ("pdf-metadata", {"clean/a.xlsx": office({"docProps/core.xml": b"<dc:creator>x</dc:creator>"})}, "creator"),
    ("embedded-files", {UID: dicom(embedded)}, "a PDF in (0042,0011)"),
    ("embedded-files", {"clean/a.pdf": pdf(attached=b"x")}, "attached to a PDF"),
    ("embedded-files", {"clean/a.docx": office({"word/vbaProject.bin": b"x"})}, "a macro"),
    ("trailing-bytes", {UID: dicom(behind=b"John Doe")}, "bytes behind the end"),
    ("trailing-bytes", {UID: dicom(preamble=b"II*\0" + b"\0" * 124)}, "preamble"),
    ("trailing-bytes", {"clean/a.png": png(behind=b"x")}, "bytes behind the end"),
    ("trailing-bytes", {"clean/a.jpg": jpeg(behind=b"x")}, "bytes behind the end"),
    ("trailing-bytes", {"clean/a.pdf": pdf() + b"x"}, "bytes behind the end"),
    ("trailing-bytes", {"clean/a.zip": office({"a": b"b"}) + b"x"}, "bytes behind the end"),
    ("trailing-bytes", {"clean/a.tif": TIFF + b"John Doe"}, "bytes behind the end"),
    ("embedded-files", {"clean/a.zip": office({"John Doe": b"b"})}, "a file in an archive"),
    ("ages", {CSV: b"id,age\nx,93\n"}, "an age over 89"),
    ("ages", {f"clean/{PERSON}/json/2.25.9.json": b'[{"patient_age": "93"}]'}, "an age over 89"),
    ("ages", {UID: dicom(edit(PatientBirthDate="19210101", StudyDate="20150101"))}, "an age over 89"),
    ("burned-in", PICTURES, "may show text"),
    ("faces", PICTURES, "may show a face"),
    ("pixel-risk", {"clean/a.nii": NIFTI}, "may show a face"),
    ("blind-text", {"clean/a.nii": NIFTI}, "a name"),
    ("blind-text", {"clean/a.nrrd": b"NRRD0004\n# Mr. John Smith\n\n\0\1\2\3"}, "a name"),
    ("blind-text", {TXT: "Mr. John Smith was seen.\n".encode("utf-16")}, "a name"),
    ("blind-text", {UID: dicom(edit(OperatorsName="Smithovitz^Johnathan"))}, "a name (field)"),
    ("blind-text", {UID: unknown(0x00204000, b"Patient John Smith. ")}, "a name"),
    ("blind-text", {f"clean/{PERSON}/hl7/2.25.9.hl7": HL7}, "a name (field)"),
    ("blind-text", {f"clean/{PERSON}/fhir/2.25.9.json": FHIR_NAME}, "a name (field)"),
    ("file-names", {f"clean/{PERSON}/text/Doe_John.txt": b"x"}, "a name or folder"),
    ("file-names", {"clean/Doe^John/text/2.25.1.txt": b"x"}, "a name or folder"),
    ("burned-in", {UID: dicom(sop_class=SECONDARY)}, "may show text"),
    ("pixel-risk", {UID: dicom(edit(BurnedInAnnotation="YES"))}, "may show text"),
    ("pixel-risk", {UID: dicom(edit(BodyPartExamined="HEAD"))}, "may show a face"),
    ("faces", {UID: dicom(edit(BodyPartExamined="HEAD"))}, "may show a face"),
    ("blind-text", {TXT: b"Mr. John Smith was seen by Dr. Emily Carter.\n"}, "a name"),
    ("blind-text", {TXT: b"Call (312) 555-0187 or write to jsmith@mail.example.\n"}, "a telephone number"),
    ("blind-text", {CSV: b"id,ssn\nx,219-09-9999\n"}, "a social security number"),
    ("blind-text", {UID: dicom(edit(ImageComments="Patient John Smith, MRN 48213377"))}, "a name"),
    ("blind-text", {f"clean/{PERSON}/json/2.25.9.json": b'{"note": "Dr. Emily Carter"}'}, "a name"),
]  # fmt: skip
SURE = [name for name in CHECKS if name not in {"privacy/known-identifiers", "privacy/canaries", "privacy/k-anonymity"}]


@pytest.mark.parametrize(("name", "more", "what"), FAULTS, ids=[f"{one[0]}-{at}" for at, one in enumerate(FAULTS)])
def test_a_planted_fault_is_found(name, more, what):
    answer = CHECKS[f"privacy/{name}"].run(desk(more))
    assert answer.outcome is Outcome.FAIL, answer
    assert any(what in one.what for one in answer.findings), answer.findings
    assert answer.total >= 1
    said = repr(answer)
    assert not any(value in said for value in ("Smith", "Doe", "60614", "20150312", "ACME", "48213377", "John"))


@pytest.mark.parametrize("name", SURE)
def test_clean_data_pass(name):
    answer = CHECKS[name].run(desk() if name in PIXELS else desk(PICTURES))
    assert answer.outcome is Outcome.PASS, answer


UNREADABLE = {
    UID: dicom()[:-3],
    "clean/a.png": png()[:-20],
    "clean/a.pdf": b"%PDF-1.7\nnot one\n",
    "clean/a.zip": b"PK\x03\x04" + b"\0" * 40,
    "clean/a.gif": b"GIF89a" + b"\0" * 40,
    TXT: b"\x00\x01\x02\xff" * 40,
}


@pytest.mark.parametrize("name", [one for one in SURE if one != "privacy/file-names"])
def test_what_cannot_be_looked_at_whole_never_passes(name):
    answer = CHECKS[name].run(desk(UNREADABLE, without={"clean/a.png", "clean/a.gif"} if name in PIXELS else ()))
    assert answer.outcome is Outcome.COULD_NOT_CHECK, (answer.summary, answer.findings)
    assert answer.figures["not_looked_at"] >= 1


#: What nothing here reads: the checks that would have to say so.
BLIND = {
    "clean/a.npy": b"\x93NUMPY\1\0" + "John Smith".encode("utf-32"),
    "clean/a.h5": b"\x89HDF\r\n\x1a\n" + b"\0" * 40,
    "clean/a.db": b"SQLite format 3\0" + b"\0\1\2\xff" * 40,
}
OPENED = ("thumbnails", "embedded-files", "trailing-bytes", "blind-text", "dates", "ages", "zip3", "burned-in", "faces")


@pytest.mark.parametrize("name", OPENED)
@pytest.mark.parametrize("path", BLIND)
def test_a_format_that_nothing_here_reads_never_passes(name, path):
    answer = CHECKS[f"privacy/{name}"].run(desk({path: BLIND[path]}))
    assert answer.outcome is Outcome.COULD_NOT_CHECK, answer.summary
    assert answer.findings[0].where == path


def test_an_archive_among_a_package_s_own_documents_is_no_finding():
    made = desk({"ecopy/STATISTICAL DATA/case_level_data.zip": office({"a.xpt": b"b"})}, kind="package")
    assert CHECKS["privacy/embedded-files"].run(made).outcome is Outcome.PASS


def test_in_a_name_s_place_what_the_program_writes_passes():
    check = CHECKS["privacy/blind-text"]
    own = edit(PatientName=PERSON, OperatorsName="ANONYMOUS", ReferringPhysicianName="")
    assert check.run(desk({UID: dicom(own)})).outcome is Outcome.PASS
    given = edit(PatientName="alpha", PatientID="alpha")
    assert check.run(desk({UID: dicom(given)})).outcome is Outcome.PASS
    assert check.run(desk({UID: dicom(given)}, kind="folder", policy=None)).outcome is Outcome.FAIL


def test_an_age_in_another_unit_or_made_90_is_no_age_over_89():
    check = CHECKS["privacy/ages"]
    table = f"clean/{PERSON}/tabular/2.25.9.csv"
    for text in (b"id,age_months\nx,120\n", b"id,age\nx,90\n", b"id,stage\nx,95\n"):
        assert check.run(desk({table: text})).outcome is Outcome.PASS, text


def test_in_a_delivered_folder_encoded_texts_and_years_of_birth_are_read():
    words = base64.b64encode(b"Mr. John Smith was seen. " * 9)
    made = desk({"a.json": b'{"data": "' + words + b'"}', "b.csv": b"id,yob\nx,1901\n"}, kind="folder", policy=None)
    assert any(one.where == "a.json" for one in CHECKS["privacy/blind-text"].run(made).findings)
    assert [one.where for one in CHECKS["privacy/ages"].run(made).findings] == ["b.csv"]


def test_a_moment_by_the_clock_of_its_study_is_no_date():
    for text, outcome in (
        ("20150101013000.5", Outcome.PASS), ("2015", Outcome.PASS), ("20150312", Outcome.FAIL),
        ("20150312013000.5", Outcome.FAIL), ("20150101013000+0100", Outcome.FAIL),
    ):  # fmt: skip
        made = desk({UID: dicom(edit(AcquisitionDateTime=text))})
        assert CHECKS["privacy/dates"].run(made).outcome is outcome


def test_what_the_policy_allows_is_not_applicable_and_no_policy_at_hand_is_the_strictest():
    moved = desk({UID: dicom(edit(AcquisitionDate="20150312"))}, policy=Rules(dates="shift"))
    assert CHECKS["privacy/dates"].run(moved).outcome is Outcome.NOT_APPLICABLE
    kept = desk(policy=Rules(options={"retain_uids"}))
    assert CHECKS["privacy/uid-roots"].run(kept).outcome is Outcome.NOT_APPLICABLE
    old = {UID: dicom(edit(PatientAge="093Y", AcquisitionDate="20150312"))}
    assert CHECKS["privacy/ages"].run(desk(old, policy=Rules(ages="keep"))).outcome is Outcome.NOT_APPLICABLE
    for name in ("privacy/ages", "privacy/dates"):
        assert CHECKS[name].run(desk(old, policy=None)).outcome is Outcome.FAIL


def test_stand_ins_cannot_be_told_from_identifiers_so_nothing_is_said():
    made = desk({TXT: b"Mr. John Smith was seen.\n"}, policy=Rules(texts="surrogate"))
    assert CHECKS["privacy/blind-text"].run(made).outcome is Outcome.COULD_NOT_CHECK


def test_safe_private_attributes_stay_only_where_the_policy_applies_the_option():
    def safe(one):
        one.private_block(0x0019, "SIEMENS MR HEADER", create=True).add_new(0x0C, "IS", "1000")

    def hidden(one):
        one.private_block(0x0019, "SIEMENS MR HEADER", create=True).add_new(0x99, "LO", "value")

    check = CHECKS["privacy/private-tags"]
    option = Rules(options={"retain_safe_private"})
    assert check.run(desk({UID: dicom(safe)}, policy=option)).outcome is Outcome.PASS
    assert check.run(desk({UID: dicom(safe)})).outcome is Outcome.FAIL
    assert check.run(desk({UID: dicom(hidden)}, policy=option)).outcome is Outcome.FAIL


@dataclass
class State:
    accepted: dict


def test_a_file_at_risk_passes_only_with_the_record_that_names_its_own_source():
    import hashlib

    head = dicom(edit(BodyPartExamined="HEAD"))
    row = {
        "path": UID,
        "outcome": "scrubbed",
        "sha256": hashlib.sha256(head).hexdigest(),
        "content_key": "k1",
        "pixel_record": "aa",
    }
    for accepted, wanted in (
        ({"k1": "aa"}, Outcome.PASS),
        ({"k1": "bb"}, Outcome.FAIL),
        ({"k2": "aa"}, Outcome.FAIL),
        ({}, Outcome.FAIL),
    ):
        made = desk({UID: head}, rows_=[row], state_=State(accepted))
        made.has_ = {"policy", "journal", "ledger"}
        assert CHECKS["privacy/faces"].run(made).outcome is wanted
        made.has_ = {"policy", "journal"}
        assert CHECKS["privacy/pixel-risk"].run(made).outcome is Outcome.FAIL


def test_a_pseudonym_that_the_user_gave_is_known_by_the_journal():
    path = "clean/SITE-01/text/2.25.1.txt"
    made = desk({path: b"x"}, rows_=[{"path": path, "outcome": "scrubbed"}])
    made.has_ = {"policy", "journal"}
    assert CHECKS["privacy/file-names"].run(made).outcome is Outcome.PASS
    made.rows_ = []
    assert CHECKS["privacy/file-names"].run(made).outcome is Outcome.FAIL


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("delivered/note.txt", Outcome.COULD_NOT_CHECK),
        ("delivered/Smith_John_1950-04-12.txt", Outcome.FAIL),
        ("MRN 48291047/scan.txt", Outcome.FAIL),
        (f"clean/{PERSON}/text/2.25.1.txt", Outcome.PASS),
    ],
)
def test_names_in_somebody_elses_folder_are_never_passed_unseen(name, wanted):
    made = Desk({name: b"x"}, {name: "text"}, has_=set(), kind="folder")
    answer = CHECKS["privacy/file-names"].run(made)
    assert answer.outcome is wanted
    assert "Smith" not in str(answer)
    assert "48291047" not in str(answer)


def test_data_without_a_kind_of_file_are_not_applicable_not_passed():
    made = Desk({TXT: b"x\n"}, {TXT: "text"}, has_=set())
    for name in ("exif", "pixel-risk", "private-tags", "pdf-metadata"):
        assert CHECKS[f"privacy/{name}"].run(made).outcome is Outcome.NOT_APPLICABLE
    assert CT != SECONDARY


def test_a_made_code_whose_letters_read_like_a_label_is_no_finding() -> None:
    """A pseudonym may hold 'ID5...': the whole word decides, and a number behind a label is still found."""
    from curator.audit.privacy.prose import ProseProbe
    from curator.detect.text import detectors
    from curator.detect.text.protocol import find_all

    def left(text: str) -> list[str]:
        probe = ProseProbe()
        return [one.kind for one in find_all(text, detectors(facilities=True)) if not probe._excused("fhir", text, one)]

    assert left("Practitioner/QID5XSI5RQCWAY3U") == []
    assert left("accession number ID5XSI5RQCWAY") != []
    assert left("NYNUQ47SZZK2ROMC") == []
    # Only the form that the program makes: shorter, longer, in small letters or without a digit it is a finding.
    assert left("seen at ROMC") != []
    assert left("MRN QID5XSI5RQCWAY3UQQ7 in two") != []
    assert left("mailed to quillfeather7@northclinic.example") != []


def test_the_scrubbers_own_tags_are_no_names_wherever_they_stand():
    def text(words):
        return desk({TXT: words.encode()})

    check = CHECKS["privacy/blind-text"]
    own_tags = "MRN: [RECORD NUMBER]\nphone [PHONE], SSN [RECORD NUMBER], mail [EMAIL].\nHer mother [NAME].\n"
    assert check.run(text(own_tags)).outcome is Outcome.PASS
    assert check.run(text(own_tags + "Her mother Zoe Quillfeather.\n")).outcome is Outcome.FAIL
    assert check.run(text("phone 701-555-0142, SSN [RECORD NUMBER 512-44-9911], mail.\n")).outcome is Outcome.FAIL


HL7 = f"clean/{PERSON}/hl7/2.25.31.hl7"
FHIR = f"clean/{PERSON}/fhir/2.25.32.json"


@pytest.mark.parametrize("mark", ["|", "#"])
def test_a_range_at_the_place_of_ranges_is_no_date_and_elsewhere_it_may_be_one(mark):
    def message(place, value, name="OBX"):
        fields = [name, "1", "NM", "718-7", "", "13.2", "g/dL", "", "N", "", "", "F"]
        fields[place] = value
        return (f"MSH|^~\\&|A\r{'|'.join(fields)}\r" * 3).replace("|", mark).encode()

    check = CHECKS["privacy/dates"]
    assert check.run(desk({HL7: message(7, "12-16")})).outcome is Outcome.PASS
    assert check.run(desk({HL7: message(7, "12-16-2021")})).outcome is Outcome.FAIL
    assert check.run(desk({HL7: message(5, "12-16")})).outcome is Outcome.FAIL
    value = message(5, "12-16").replace(b"NM", b"ST")
    assert check.run(desk({HL7: value})).outcome is Outcome.PASS
    assert check.run(desk({HL7: value.replace(b"g/dL", b"")})).outcome is Outcome.FAIL
    assert check.run(desk({HL7: message(8, "12-16")})).outcome is Outcome.FAIL
    assert check.run(desk({HL7: message(7, "12-16", "NTE")})).outcome is Outcome.FAIL


def test_a_reference_range_of_fhir_is_no_date_and_a_note_beside_it_may_be_one():
    def observation(low, note):
        return (
            '{"resourceType":"Observation","referenceRange":[{"low":{"value":12},"appliesTo":[{"text":"adult"}],'
            f'"text":"{low}"}}],"note":[{{"text":"{note}"}}]}}'
        ).encode()

    check = CHECKS["privacy/dates"]
    assert check.run(desk({FHIR: observation("12-16", "fasting")})).outcome is Outcome.PASS
    assert check.run(desk({FHIR: observation("12-16", "12-16")})).outcome is Outcome.FAIL
    assert check.run(desk({FHIR: observation("16 March 2021", "fasting")})).outcome is Outcome.FAIL


def test_a_value_of_a_measured_observation_of_fhir_is_no_date():
    def observations(more):
        told = f'{{"resourceType":"Observation","valueString":"12-16"{more}}}'
        other = '{"resourceType":"Observation","valueInteger":3,"referenceRange":[{"text":"1-5"}]}'
        return f"{other}\n{told}\n{other}\n".encode()

    check = CHECKS["privacy/dates"]
    assert check.run(desk({FHIR: observations(',"referenceRange":[{"text":"1-5"}]')})).outcome is Outcome.PASS
    assert check.run(desk({FHIR: observations("")})).outcome is Outcome.FAIL


def test_a_range_below_a_heading_of_ranges_is_no_date_and_below_another_it_may_be_one():
    check = CHECKS["privacy/dates"]
    for heading in ("reference_range", "Ref Range"):
        assert check.run(desk({CSV: f"id,{heading}\n{PERSON},12-16\n".encode()})).outcome is Outcome.PASS
        both = f"id,{heading},status\n{PERSON},12-16,12-16\n"
        assert check.run(desk({CSV: both.encode()})).outcome is Outcome.FAIL
    for told, outcome in (("units,result\nx,/HPF", Outcome.PASS), ("units,result\nx,", Outcome.FAIL)):
        row = told.replace("x", PERSON)
        assert check.run(desk({CSV: f"id,{row},12-16\n".encode()})).outcome is outcome
    assert check.run(desk({CSV: f"id,status\n{PERSON},12-16\n".encode()})).outcome is Outcome.FAIL


CDA = f"clean/{PERSON}/cda/2.25.33.xml"


def test_a_language_a_religion_and_a_question_are_no_names_at_their_places():
    check = CHECKS["privacy/blind-text"]

    def patient(language, other=""):
        told = f'"communication":[{{"language":{{"coding":[{{"code":"de"}}],"text":"{language}"}}}}]{other}'
        return desk({FHIR: f'{{"resourceType":"Patient",{told}}}'.encode()})

    def form(text):
        item = f'[{{"linkId":"1","text":"{text}"}}]'
        return desk({FHIR: f'{{"resourceType":"QuestionnaireResponse","item":{item}}}'.encode()})

    assert check.run(patient("Deutsch")).outcome is Outcome.PASS
    assert check.run(patient("Deutsch", ',"text":"Deutsch"')).outcome is Outcome.FAIL
    assert check.run(patient("her mother Zoe Quillfeather")).outcome is Outcome.FAIL
    for asked in ("Oma", "Name der Kontaktperson"):
        assert check.run(form(asked)).outcome is Outcome.PASS
    assert check.run(form("Was Dr. Quillfeather there?")).outcome is Outcome.FAIL
    segment = f"MSH|^~\\&|A\rPID|1||{PERSON}||||||||||||de^Deutsch^L||c^Christian^L\r"
    assert check.run(desk({HL7: segment.encode()})).outcome is Outcome.PASS
    assert check.run(desk({HL7: segment.replace("|c^", "||c^").encode()})).outcome is Outcome.PASS
    code = '<ClinicalDocument xmlns="urn:hl7-org:v3"><{0} displayName="Lutheran Church"/></ClinicalDocument>'
    assert check.run(desk({CDA: code.format("religiousAffiliationCode").encode()})).outcome is Outcome.PASS
    assert check.run(desk({CDA: code.format("code").encode()})).outcome is Outcome.FAIL


def test_a_range_in_a_clinical_document_is_no_date_behind_a_test_and_may_be_one_behind_a_day():
    check = CHECKS["privacy/dates"]
    cells = "<table><tr><td>{}</td><td>[DATE]</td><td>{}</td></tr></table>"
    row = f'<ClinicalDocument xmlns="urn:hl7-org:v3">{cells}</ClinicalDocument>'
    for test, value, outcome in (
        ("WBC urine", "12-16", Outcome.PASS),
        ("Visit date", "12-16", Outcome.FAIL),
        ("Drawn", "12-16", Outcome.FAIL),
    ):
        assert check.run(desk({CDA: row.format(test, value).encode()})).outcome is outcome, test


def test_ranges_leave_a_stream_of_many_pieces_whole(monkeypatch):
    from io import BytesIO

    from curator.audit.privacy import laboratory

    segment = b"OBX|1|NM|718-7^Hb||13.2|g/dL|12-16|N|||F\r"
    data = b"MSH|^~\\&|A\r" + segment * 40 + b"NTE|1||12-16"
    for size in (1, 7, 64, 4096):
        monkeypatch.setattr(laboratory, "_CHUNK", size)
        stream, out = laboratory.WithoutRanges("hl7", BytesIO(data)), b""
        while piece := stream.read():
            out += piece
        assert out == data.replace(b"|12-16|N", b"||N"), size
