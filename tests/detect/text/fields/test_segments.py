"""Fields of HL7 version 2 by their place. All made up."""

from curator.detect.text import detectors, find_all

OURS = detectors(weighed=False)
MESSAGE = (
    "PID|1||88219^^^MRN||WOOD^SUMMER^Q||19710304|F|||88 Tannery Ln^^Normal^IL^61761||5556608|||M||8934-72871\n"
    "NK1|1|OO^EI|SPO|||(834)510-0786\n"
    "PV1|1|I|MICU^^||||1730182463^Ó^VANESSA^A|||||||||||FIN7334758\n"
    "OBX|1|NM|2345-7^Glucose^LN||182|mg/dL|70-99|H|||F"
)


def test_whatever_stands_in_a_field_goes():
    covered = {at for f in find_all(MESSAGE, OURS) for at in range(f.start, f.end)}
    for value in (
        "88219",
        "WOOD",
        "SUMMER",
        "19710304",
        "88 Tannery Ln",
        "Normal",
        "61761",
        "5556608",
        "8934-72871",
        "OO",
        "EI",
        "1730182463",
        "Ó",
        "VANESSA",
        "FIN7334758",
    ):
        start = MESSAGE.index(value)
        assert all(at in covered for at in range(start, start + len(value)) if MESSAGE[at].isalnum()), value


def test_the_state_the_sex_and_the_result_stay():
    covered = {at for f in find_all(MESSAGE, OURS) for at in range(f.start, f.end)}
    for value in ("|F|", "^IL^", "Glucose", "|182|", "mg/dL", "SPO", "MICU"):
        start = MESSAGE.index(value)
        assert not any(at in covered for at in range(start, start + len(value)) if MESSAGE[at].isalnum()), value


def test_the_age_of_a_participant_of_a_talk_goes_from_ninety_on_and_its_headers_stay():
    text = (
        "@UTF8\n@Begin\n@ID:\teng|corp|PAR|94;03.12|female|Control||Participant|||\n"
        "@ID:\teng|corp|INV|89;|male|||Investigator|||\n*PAR:\thello .\n@End\n"
    )
    assert [text[f.start : f.end] for f in find_all(text, OURS)] == ["94;03.12"]
