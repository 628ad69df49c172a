"""Days that have their month from a date beside them go with it."""

import pytest

from curator.detect.text import detectors
from curator.detect.text.protocol import find_all
from curator.detect.text.replace import Rules, replace


def cleaned(text):
    return replace(text, find_all(text, detectors()), Rules()).text


@pytest.mark.parametrize(
    ("text", "tagged"),
    [
        ("Station\u00e4r 12.-15.03.2021 bei uns.", "Station\u00e4r [DATE].-[DATE] bei uns."),
        ("Aufenthalt 12.\u201315.03.21", "Aufenthalt [DATE].\u2013[DATE]"),
        ("am 12., 13. und 15.03.2021 gesehen", "am [DATE]., [DATE]. und [DATE] gesehen"),
        ("vom 12. bis zum 15.03.2021", "vom [DATE]. bis zum [DATE]"),
        ("12., 13. und 15. M\u00e4rz 2021", "[DATE]., [DATE]"),
        ("on 12, 13 and 15 March 2021", "on [DATE], [DATE]"),
        ("du 12 au 15/03/2021", "du [DATE] au [DATE]"),
        ("del 12 al 15/03/2021", "del [DATE] al [DATE]"),
        ("Seen March 12, 13 and 15, 2021.", "Seen [DATE]."),
        ("Seen March 12, 15, 18 and 22, 2021.", "Seen [DATE]."),
        ("Seen March 12, 13, and 15.", "Seen [DATE]."),
        ("in hospital 2021-03-12 to 15", "in hospital [DATE] to [DATE]"),
        ("3/12-15/2021", "[DATE]-[DATE]/2021"),
        ("Visit 2021. 3. 14. ok", "Visit [DATE]. ok"),
        ("Admitted March 3 and 12 hours later intubated.", "Admitted [DATE] and 12 hours later intubated."),
        ("Since March 12, 20 mg given", "Since [DATE], 20 mg given"),
    ],
)
def test_the_days_of_a_list_or_a_span_go_with_its_month(text, tagged):
    assert cleaned(text) == tagged


@pytest.mark.parametrize(
    ("text", "stays"),
    [
        ("K 4, 13 March 2021", "K 4, "),
        ("Item 3. 14.03.2021 seen", "Item 3. "),
        ("Since March 12, 3 tablets", ", 3 tablets"),
        ("from 2021-03-12 to 15 mg", " to 15 mg"),
        ("doses of 15 and 12.03.2021", "15 and "),
        ("WBC 2021. 3 lesions.", "WBC 2021. 3 lesions."),
        ("on March 12, 2021 in clinic", " in clinic"),
    ],
)
def test_other_numbers_beside_a_date_stay(text, stays):
    assert stays in cleaned(text)
    assert "12" not in cleaned(text)
