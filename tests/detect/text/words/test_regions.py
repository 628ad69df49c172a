"""States, countries, coasts and figures stay; towns and people that are spelled like them do not. All made up."""

import pytest

from curator.detect.text import detectors, find_all


def covered(text: str) -> str:
    found = {at for one in find_all(text, detectors()) for at in range(one.start, one.end)}
    return "".join(mark if at in found else "_" for at, mark in enumerate(text))


@pytest.mark.parametrize(
    "text",
    [
        "His whole family farms in North Carolina since the war.",
        "He drives a truck from the West Coast to the East Coast twice a month.",
        "The patient was from Brazil and spoke little English.",
        "She came back from a trip to Africa with a fever.",
        "He recently retired from the State of Pennsylvania as an aide.",
        "She named the president of the United States.",
        "Her cousins came over from Turkey 3 months ago.",
        "Their cruise went to the Dominican Republic 2 months ago.",
        "The symptoms began after a trip to Kenya with her church.",
        "A recent immigrant from El Salvador brought her child.",
        "He came back from a hiking trip to Montana with a rash.",
        "She hiked in the woods of Georgia last week.",
        "The arrow in Figure A points at the cyst.",
        "For the scan see Figure A. The counts were fine.",
    ],
)
def test_what_is_larger_than_a_town_stays(text: str) -> None:
    assert set(covered(text)) == {"_"}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Georgia was seen today with her son.", "Georgia"),
        ("Kenya Jones was tearful on the ward.", "Kenya Jones"),
        ("Talked to Georgia about the plan.", "Georgia"),
        ("He is from Peru, Indiana, and farms there.", "Peru"),
        ("She was seen at South Dakota Hand Clinic in May.", "South Dakota Hand Clinic"),
        ("He lives at 14 North Carolina Avenue with his son.", "North Carolina Avenue"),
        ("Her daughter Montana drove her here.", "Montana"),
        ("Last scope was done in Las Cruces 3 years ago.", "Las Cruces"),
        ("A. Baker was tearful on the ward.", "Baker"),
    ],
)
def test_towns_people_and_houses_are_found(text: str, name: str) -> None:
    assert name in covered(text)


def test_a_sentence_does_not_go_on_in_a_name() -> None:
    assert "was" not in covered("Talked to Quillfeder was wrapped in gauze.")
