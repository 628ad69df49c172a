"""Notes and Markdown: planted identifiers go, on every seam too; what a header says is gathered. All made up."""

import hashlib
import io
import tracemalloc

import pytest
from text_support import FILLER, USEFUL, People, harvest, leaks, places, rewrite, treatment

from curator.core import strides
from curator.core.errors import ItemError
from curator.formats import textcode
from curator.scrub.text import notes, stream
from curator.scrub.text.gather import bare_name

CONTEXTS = ("Seen by the team: {} today. ", "\nPatient: {}\n", "re {}; will return\t", "\n- [{}] done\n")


@pytest.mark.parametrize("policy", ["safe-harbor", "expert", "limited-dataset"])
def test_nothing_planted_in_a_note_stays_and_its_medicine_does(policy):
    planted = list(places(*CONTEXTS))
    assert len(planted) >= 50
    text, made = rewrite(f"\n{FILLER}\n".join(planted), policy)
    kept_dates = (
        {"19500314", "03141950", "14031950", "march141950", "14mar1950"} if policy == "limited-dataset" else set()
    )
    assert leaks(text) - kept_dates == set()
    assert all(word in text for word in USEFUL)
    assert text.count(FILLER) == len(planted) - 1
    assert made.content == hashlib.sha256(text.encode()).hexdigest()
    assert made.actions


def test_nothing_planted_in_markdown_stays_under_marks_links_and_comments():
    contexts = ("**{}** said", "![{}](pics/{{}}.png)".replace("{{}}", "x"), "<!-- {} -->", "    {}", "`{}`", "# {}")
    planted = list(places(*contexts))
    assert len(planted) >= 50
    hidden = (
        "[portal](https://h.example/Kwabenaba?id=00482913 'Tettehquaye')\n\n![x](<scans of Kwabenaba.png>)\n\n"
        "[1]: ../Tettehquaye/00482913.html\n\nK**waben**aba T_ettehquay_e\\_ <mailto:k.tettehquaye@example.org>\n"
        "<img src=\"Kwabenaba.png\" alt='00482913'>"
    )
    text, _ = rewrite(
        f"---\ntitle: note\npatient: Kwabenaba Tettehquaye\n---\n\n# Visit\n\n{FILLER}\n\n"
        + "\n\n".join(planted)
        + hidden
    )
    assert leaks(text) == set()
    assert all(word in text for word in USEFUL)
    assert "# Visit" in text
    assert "[portal](" in text


def _stream(text, size, lap, form="text", step=7):
    out = io.BytesIO()
    pieces = (text[at : at + step] for at in range(0, len(text), step))
    made = notes.write(pieces, out, People().own, treatment(), form, size=size, lap=lap)
    return out.getvalue().decode(), made


# Without blanks there are capitals amid the letters: in a text all in small ones a word beside a name goes with it.
@pytest.mark.parametrize(
    ("blank", "early", "late"), [(" ", "then", "quiet"), ("\n", "then", "quiet"), ("x", "tHeN", "qUIeT")]
)
def test_a_name_on_any_seam_is_found_and_the_rest_stays(blank, early, late):
    name, size, lap = "Kwabenaba Tettehquaye", 120, 40
    for at in range(0, 3 * size, 3):
        before = ((early + blank) * 100)[:at]
        text = f"{before} {name} {(late + blank) * 60}"
        clean, _ = _stream(text, size, lap)
        assert leaks(clean) == set(), at
        assert clean.replace("[NAME]", name) == text, at


def test_small_windows_write_what_one_window_writes():
    text = "\n\n".join(f"{FILLER} Visit {number}: MRN 00482913, Kwabenaba Tettehquaye." for number in range(60))
    assert _stream(text, 300, 120)[0] == _stream(text, 1 << 20, 4096)[0]


def test_an_opaque_run_longer_than_any_window_goes():
    run = "aB3+" * 500
    clean, _ = _stream(f"before {run} after", 200, 80)
    assert "aB3+aB3+" not in clean
    assert clean.startswith("before ")
    assert clean.endswith(" after")


def test_memory_does_not_grow_with_the_note(monkeypatch):
    monkeypatch.setattr("curator.scrub.text.moves.MOST", 20)  # the map of changes is bounded; here by less

    def pieces(many):
        for _ in range(many):
            yield FILLER + " Kwabenaba Tettehquaye\n"

    class Nowhere(io.RawIOBase):
        def write(self, data):
            return len(data)

    def peak(many):
        tracemalloc.start()
        notes.write(pieces(many), Nowhere(), People().own, treatment(), "text", size=4096, lap=256)
        try:
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(60)
    assert peak(1200) < 1.5 * peak(120)


def test_line_ends_stay_as_they_are():
    text, _ = rewrite("one\r\ntwo\rthree\n\r\nfour")
    assert text == "one\r\ntwo\rthree\n\r\nfour"


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b"\n", b"\xff\xfe"])
def test_an_empty_note_is_an_empty_note(data):
    assert harvest(data).suffix == ".txt"
    text, _ = rewrite(data)
    assert text.strip() == ""


def test_a_note_in_an_old_encoding_comes_out_as_utf8():
    text, _ = rewrite("Paciente Kwabenaba, niño con fiebre, café y señal débil.\n".encode("cp1252") * 3)
    assert "niño con fiebre, café y señal débil" in text
    assert leaks(text) == set()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"abc\0\1\2\3def" * 40, "TXT-020"),
        ("é à ü\n".encode() * 9 + b"caf\xe9 \xc3\xa9t\xc3\xa9\n", "TXT-022"),
        (b"From: x\nContent-Transfer-Encoding: quoted-printable\n\nKwab=65naba\n", "TXT-026"),
        (b"T1\tDrug 3 9\taspirin\nT2\tDose 10 15\t100mg\n", "TXT-024"),
        (b"<?xml version='1.0'?><note><to>Kwabenaba</to></note>", "TXT-025"),
    ],
)
def test_what_cannot_be_read_as_a_note_is_held_back(data, code):
    with pytest.raises(ItemError) as caught:
        rewrite(data)
    assert caught.value.code == code
    assert "Kwab" not in str(caught.value)


def test_one_record_number_names_the_person_and_its_header_is_known():
    found = harvest(
        "Patient: Kwabenaba Tettehquaye\nMRN: 00482913   DOB: 03/14/1950\nPhone: 617-555-0142\n"
        "Address: 417 Maplewood Terrace\nNext of kin: Abena Boateng (wife)\n\n"
        "Seen 06/02/2021 and 07/09/2021 for chest pain. MRN 00482913. He is a 93 year old man.\n"
    )
    (person,) = found.people
    assert person.ids == (("mrn", "", "00482913"),)
    assert {("id", "00482913"), ("birth_date", "19500314"), ("address", "417 Maplewood Terrace")} <= set(person.known)
    names = " ".join(value for kind, value in person.known if kind == "name")
    assert "Tettehquaye" in names
    assert "Boateng" in names
    assert any(kind == "phone" for kind, _ in person.known)
    assert person.birth_dates == ("19500314",)
    assert person.last_date == "20210709"
    assert person.over_89
    assert found.mentions == ()
    assert found.suffix == ".txt"
    assert {place for place, _ in found.where} == {"text"}


def test_several_record_numbers_are_mentions_only():
    found = harvest("MRN: 00482913\nMRN: 00482914\nPatient: Kwabenaba Tettehquaye\n")
    (person,) = found.people
    assert person.ids == ()
    assert {"00482913", "00482914"} <= set(found.mentions)
    assert any(kind == "name" for kind, _ in person.known)


def test_without_a_record_number_name_and_birth_date_are_a_mention():
    found = harvest("Patient name: Kwabenaba Tettehquaye\nDate of birth: March 14, 1950\n\nStable.\n")
    (person,) = found.people
    assert person.ids == ()
    assert "Kwabenaba Tettehquaye|19500314" in found.mentions


def test_one_number_in_two_spellings_is_one_number_and_a_placeholder_is_none():
    (person,) = harvest("MRN: 0048 2913\nPatient ID: 0048-2913\nMRN 00482913\nHospital no: 0000000\n").people
    assert person.ids == (("mrn", "", "0048 2913"),)


def test_words_behind_a_label_are_no_name():
    (person,) = harvest("Patient: denies chest pain\nName: pending\nClient: resting comfortably\nRe: Warfarin\n").people
    assert bare_name("Entrestolum 24 mg") is None
    assert bare_name("Entrestolum", named=True) == "Entrestolum"
    assert not [value for kind, value in person.known if kind == "name"]


def test_a_window_never_cuts_a_record_number(monkeypatch):
    monkeypatch.setattr(stream, "SIZE", 150)
    monkeypatch.setattr(stream, "LAP", 20)
    for shift in range(40):
        (person,) = harvest("x" * shift + "\n" + ("stable today\nMRN: 00482913\n" * 20)).people
        assert person.ids == (("mrn", "", "00482913"),)


def test_a_header_in_the_first_window_is_gathered_when_the_note_is_long(monkeypatch):
    monkeypatch.setattr(stream, "SIZE", 2000)
    monkeypatch.setattr(stream, "LAP", 200)
    found = harvest("MRN: 00482913\nPatient: Kwabenaba Tettehquaye\n" + (FILLER + "\n") * 120 + "Seen 02/03/2022.\n")
    (person,) = found.people
    assert person.ids == (("mrn", "", "00482913"),)
    assert person.last_date == "20220203"


def test_a_large_note_tells_how_far_it_is_in_both_passes(monkeypatch):
    monkeypatch.setattr(strides, "LARGE", 1)
    monkeypatch.setattr(textcode, "BLOCK", 600)
    monkeypatch.setattr(stream, "SIZE", 500)
    monkeypatch.setattr(stream, "LAP", 20)
    data = f"{FILLER}\n\n".encode() * 12
    told = []
    strides.listen(lambda done, size: told.append((done, size)))
    try:
        with strides.over(len(data)):
            harvest(data)
            first = told.copy()
            rewrite(data)
    finally:
        strides.listen(None)
    for heard in (first, told[len(first) :]):
        assert len(heard) > 1
        assert heard == sorted(heard)
        assert heard[-1] == (len(data), len(data))


@pytest.mark.parametrize(
    ("line", "address"),
    [
        ("417 Maplewood Terrace, Springfield, IL 62704, Tel (217) 555-0142, jane.q@example.org", "IL 62704"),
        ("417 Maplewood Terrace, Apt 3B home phone: 217-555-0142 e-mail: jane.q@example.org", "Apt 3B"),
        ("(217) 555-0142, 417 Maplewood Terrace", "Terrace"),
        ("417 Maplewood Terrace Rest Home", "Rest Home"),
    ],
)
def test_an_address_is_learned_without_the_telephone_and_mail_of_its_line(line, address):
    text = f"Patient: Jane Quillfeather\nMRN: 4829137\nAddress: {line}\n"
    person = harvest(text).people[0]
    (learned,) = [value for kind, value in person.known if kind == "address"]
    assert learned.startswith("417 Maplewood Terrace")
    assert learned.endswith(address)
    if "@" in line:
        assert ("email", "jane.q@example.org") in person.known
    if "217" in line:
        assert any(kind == "phone" and "555-0142" in value for kind, value in person.known)
    out, _ = rewrite(text, people=People(person.known))
    assert ("@" in line) == ("[EMAIL]" in out)
    assert ("217" in line) == ("[PHONE]" in out)
    assert not any(part in out for part in ("Maplewood", "555", "jane.q"))


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("at", range(1, 9))
def test_what_a_calendar_folds_over_a_line_is_read_whole(at, end):
    number, name = "71616627", "Kwabenaba"
    text = end.join(
        [
            "BEGIN:VCALENDAR",
            "BEGIN:VEVENT",
            f"SUMMARY:Visit patient MRN {number[:at]}",
            f" {number[at:]} today".rstrip(),
            f"DESCRIPTION:seen by Dr. {name[:at]}",
            f" {name[at:]} in clinic",
            "STATUS:CONFIRMED",
            "END:VEVENT",
            "END:VCALENDAR",
            "",
        ]
    )
    clean, _ = rewrite(text)
    assert not any(part in clean for part in (number[at:], name[at:], number[:at]) if len(part) > 1)
    assert "STATUS:CONFIRMED" in clean
    assert "in clinic" in clean


def test_a_note_without_folds_keeps_its_indented_lines():
    text = "Plan\n continue potassium\n and sodium\n"
    assert rewrite(text)[0] == text
