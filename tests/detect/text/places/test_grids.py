"""Streets in grids, roads by number, routes with boxes, streets with their kind first. All made up."""

import pytest

from curator.detect.text import detectors, find_all

OURS = detectors(weighed=False)


@pytest.mark.parametrize(
    "value",
    [
        "1234 S 5600 W",
        "W239 N3490 Pewaukee Rd",
        "3300 NE 16th",
        "500 S. Washington",
        "US-61",
        "PSC 473 Box 12",
        "Route 4, Box 77-A",
        "13869 CR 220",
        "20 Avenida Peachtree",
        "1212 Old Mill Trail NE",
        "Lot 14, Sunny Acres Trailer Park",
        "90 Via Verde Cv",
        "19930 I-35 Frontage Rd",
        "9535 Old Stage Rd, Space 31",
    ],
)
def test_a_street_is_found_whole(value):
    text = f"He lives at {value}, near the river, since 2 years."
    covered = {at for f in find_all(text, OURS) for at in range(f.start, f.end)}
    start = text.index(value)
    assert all(at in covered for at in range(start, start + len(value)) if text[at].isalnum())


@pytest.mark.parametrize("text", ["BUN 22 Cr 1.4, Plt 220 CR 110", "murmur 2/6, 12 S and 4 N nodes", "4 mg via G tube"])
def test_results_and_routes_of_doses_are_no_streets(text):
    assert [f for f in find_all(text, OURS) if f.category.name == "GEOGRAPHY"] == []
