"""The figures on the page on agreement are those of the program."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from curator.labels.agreement import coefficients as c
from curator.labels.agreement.masks import DEFINITIONS
from curator.labels.agreement.pairs import cohen_kappa, from_table
from curator.labels.agreement.patterns import Patterns
from curator.labels.agreement.scales import weights
from curator.labels.agreement.sums import Scheme, sums

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "explanation" / "agreement.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (\d+) \| (\d+) \| (\d+) \| (\d+) \| (.*) \|$", re.MULTILINE)


def test_the_paradox_is_computed_as_the_page_says() -> None:
    rows = ROW.findall(PAGE)
    assert len(rows) == 3
    numbers = np.arange(2.0)
    scheme = Scheme("nominal", numbers, weights("identity", numbers))
    for yes, first, second, no, figures in rows:
        pair = from_table(np.array([[int(yes), int(first)], [int(second), int(no)]]))
        drawn = pair.frequency.astype(float)[None, :]
        counted: Patterns = pair.patterns(2)
        s = sums(counted, drawn, scheme)
        kappa = cohen_kappa(pair, drawn, np.eye(2))
        found = (c.percent_agreement(s), kappa, c.fleiss_kappa(s), c.alpha(s, scheme), c.ac1(s))
        assert [f"{x[0]:.2f}" for x in found] == figures.split(" | ")
        if no == "0":
            assert c.class_specific(s)[0].tolist()[1] == 0


def test_each_distance_of_masks_stands_on_the_page() -> None:
    assert set(DEFINITIONS) == {"dice", "iou", "hd", "hd95", "hd95_pooled", "assd", "surface_dice"}
    for word in ("Dice, IoU", "HD95", "`hd95_pooled`", "ASSD", "surface Dice"):
        assert word in PAGE
