"""Given pseudonyms that say who it is are refused, and only those."""

import pytest

from curator.core.errors import UsageError
from curator.scrub.delivery.telling import check_pseudonyms, tells

KNOWN = {("name", "Quill^Ada"), ("id", "B 200-7"), ("birth_date", "19510405"), ("accession", "4829137")}


@pytest.mark.parametrize(
    "name",
    [
        "ADA-QUILL",
        "quill_ada",
        "QuillAda7",
        "X-QUILL-1",
        "XQUILL1",
        "S-AdaQuill",
        "ARM-B2007",
        "S19510405",
        "S-1951-04-05",
        "ACC4829137",
    ],
)
def test_a_name_a_number_or_a_birth_date_in_any_spelling_tells_its_person(name: str) -> None:
    assert tells(name, KNOWN)
    with pytest.raises(UsageError, match="XWK-018") as caught:
        check_pseudonyms({"k": name}, {"k": KNOWN})
    assert caught.value.facts == {"count": 1}


@pytest.mark.parametrize(
    "name", ["ARM-1", "ARM-A-0007", "ADAPT-3", "SUBJ-0042", "P4X7Q2M5T3K6R1WZ", "QUI-7", "1951-001"]
)
def test_what_is_no_word_of_theirs_tells_nobody(name: str) -> None:
    assert not tells(name, KNOWN)
    check_pseudonyms({"k": name}, {"k": KNOWN})


def test_how_a_study_calls_its_subjects_is_no_name() -> None:
    assert not tells("SUBJECT-0042", {("name", "SUBJECT^ANON")})
    assert not tells("ARM-0042", {("name", ""), ("id", "42"), ("accession", "0042")})


def test_another_patients_whole_name_or_number_is_refused_and_a_word_of_it_is_not() -> None:
    other = {"k": set(), "o": KNOWN}
    for name in ("ADA-QUILL", "ARM_QUILL_ADA", "QuillAda", "B2007"):
        with pytest.raises(UsageError, match="XWK-018"):
            check_pseudonyms({"k": name}, other)
    check_pseudonyms({"k": "QUILL-STUDY-1"}, other)
    check_pseudonyms({}, other)
