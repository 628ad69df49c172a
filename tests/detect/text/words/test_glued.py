"""What underscores join is read as words apart: names of folders and files, logins, logs. All made up."""

import pytest

from curator.detect.text import detectors, find_all

RULES = detectors(weighed=False)


def left(text, ours=RULES):
    kept = list(text)
    for finding in find_all(text, ours):
        kept[finding.start : finding.end] = " " * (finding.end - finding.start)
    return "".join(kept)


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("The folder Ostrander_81234569 was sent", "81234569"),
        ("also Whitlock_Agnes_19430217 and", "19430217"),
        ("and Kirkpatrick_412-34-5690 too", "412-34-5690"),
        ("Back up of Braddock_7015550142 done", "7015550142"),
        ("the ssn_412-34-5690 was lost", "412-34-5690"),
        ("the mrn_81234569 was lost", "81234569"),
        ("the report_2021-03-05 was lost", "2021-03-05"),
        ("the call_701-555-0142 was lost", "701-555-0142"),
        ("in Z:\\exports\\Ostrander_81234569\\ now", "81234569"),
        ("see Whitlock^Agnes_81234569", "81234569"),
        ("file Ostrander_03/05/2021", "03/05/2021"),
        ("file Whitlock_2021_03_05", "2021_03_05"),
        ("file Ostrander_94yo", "94"),
        ("Olsen.4471237 was lost", "4471237"),
        ("stream under the name VelvetBaritone_77. Then", "77"),
    ],
)
@pytest.mark.parametrize("around", ["{}", "Long before it.\n\n{}\nand more\n", "x_y " * 40 + "{}" + " z_w" * 40])
def test_what_an_underscore_joins_to_a_name_goes(text, gone, around):
    assert gone not in left(around.format(text))


@pytest.mark.parametrize(
    "text",
    [
        "first_visit last_visit date_of_onset",
        "AX_T2_FLAIR and sub-01_ses-02_run_1",
        "max_retry_count and step_3_of_10",
        "HR_72 BP_120_80 SpO2_98",
        "__init__ and _private_ and a__b",
        "POCD_HD000040",
        'extension="PRPA_IN201305UV02"',
    ],
)
def test_names_of_fields_and_series_stay(text):
    assert left(text) == text


def test_a_run_on_every_line_is_read_once_for_each_line():
    text = "\n".join(f"scan_{at}_of_9 Ostrander_8123456{at}" for at in range(9))
    assert not any(f"8123456{at}" in left(text) for at in range(9))


@pytest.mark.parametrize(
    "behind", ["a" * 200_000, "a," * 100_000, "ab_cd " * 8_000, "Ostrander_81234569 seen\n" * 2_000]
)
def test_a_long_text_is_read_in_time(behind):
    assert "81234569" not in left("x_y Ostrander_81234569 " + behind)
