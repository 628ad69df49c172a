"""``curator labels agreement`` on the signed labels of a project: ratings and finds."""

from __future__ import annotations

from typing import Any

import pytest
from import_site import Site
from report_site import built, labeled

from curator.core.schema import violation


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    made = built(tmp_path_factory.mktemp("agreement"))
    labeled(made)
    return made


def found(site: Site, *words: object) -> Any:
    done = site("labels", "agreement", *words, "--json")
    assert done.code == 0, done.err
    assert violation("agreement-report", done.json) is None
    return done.json


def test_classes_are_rated_and_the_first_reading_counts(site: Site) -> None:
    document = found(site, "--kind", "class", "--by", "guideline")
    assert document["classes"] == ["mass", "nodule"]
    assert document["overall"]["units"] == 6
    assert document["overall"]["ratings"] == 18  # ada's second reading of the first image is a repeated one
    pairs = {tuple(pair["readers"]): pair["measures"]["percent_agreement"]["value"] for pair in document["pairs"]}
    assert pairs == {("ada", "ben"): 5 / 6, ("ada", "cy"): 1.0, ("ben", "cy"): 5 / 6}
    (own,) = document["repeatability"]
    assert (own["reader"], own["measures"]["percent_agreement"]["value"]) == ("ada", 0.0)
    levels = {level["level"]: level["units"] for level in document["groups"][0]["levels"]}
    assert levels == {"chest@1.0": 3, "chest@2.0": 3}
