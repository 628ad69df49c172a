"""Only the United States and its territories have ZIP codes; what names no country tells nothing against one."""

from __future__ import annotations

import pytest

from curator.scrub.policy import load_policy
from curator.scrub.postal import is_abroad, is_foreign, is_home, may_be_state, zip3
from curator.scrub.treatment import Treatment

TREATMENT = Treatment(load_policy("safe-harbor"), b"k" * 32, b"u" * 32, "20261101")


@pytest.mark.parametrize(
    "country",
    [
        "US", "usa", "U.S.A.", "840", "United States", "United States of America", "EE. UU.", "Estados Unidos",
        "Vereinigte Staaten", "États-Unis", "États-Unis d'Amérique", "Stati Uniti", "PR", "PRI", "Puerto Rico", "GUM",
        "Virgin Islands (US)", "Amerika Birleşik Devletleri",
    ],
)  # fmt: skip
def test_the_united_states_are_told_by_code_and_name(country: str) -> None:
    assert is_home(country)
    assert not is_abroad(country)
    assert zip3("97006-1234", country, TREATMENT) == "970"


@pytest.mark.parametrize("country", ["DE", "DEU", "Deutschland", "France", "España", "ITA", "276", "Ruritania", "CAN"])
def test_a_code_of_another_country_goes(country: str) -> None:
    assert is_abroad(country)
    assert zip3("69151", country, TREATMENT) == ""


@pytest.mark.parametrize("country", ["", " ", "unknown", "UNK", "N/A", "-", '""'])
def test_what_names_no_country_leaves_a_zip_code(country: str) -> None:
    assert not is_abroad(country)
    assert not is_home(country)
    assert zip3("97006", country, TREATMENT) == "970"


@pytest.mark.parametrize("state", ["Bayern", "NRW", "Baja California", "ON", "Île-de-France", "BE", "Oth"])
def test_a_code_beside_a_state_that_is_none_of_the_united_states_goes(state: str) -> None:
    assert is_foreign(state, "")
    assert zip3("80331", "", TREATMENT, state) == ""
    assert zip3("80331", "US", TREATMENT, state) == "803"


@pytest.mark.parametrize(
    "state",
    ["MA", "ma", "Massachusetts", "Mass.", "N.Y.", "US-CO", "CO - Colorado", "Colorado (CO)", "New  York", "PR", "AE"]
    + ["", "25", "unknown", "N/A", "USA", '""'],
)
def test_a_code_beside_a_state_or_beside_what_names_none_stays(state: str) -> None:
    assert not is_foreign(state, "")
    assert zip3("80331", "", TREATMENT, state) == "803"
    assert zip3("80331", "DE", TREATMENT, state) == ""


def test_a_state_beside_another_country_is_a_province() -> None:
    assert all(map(may_be_state, ["", "USA", "unknown", "Canada", "PR"]))
    assert not any(map(may_be_state, ["IT", "Italia", "Deutschland", "276"]))
