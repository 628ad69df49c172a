"""The data flow closes: what is not in a package is counted by the record that took it out, and not by subtraction."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from curator.core.errors import IntegrityError
from curator.provenance.kinds_data import consent_withdrawal, recall
from curator.release.documents import data_flow
from curator.release.facts import Facts
from curator.release.verify import verify_package
from curator.report.html import html_page


def facts(folder: Path) -> Facts:
    return Facts(folder, verify_package(folder).contents.state, lambda _: True)


def test_what_left_is_counted_by_reason(site: Any, kit: SimpleNamespace) -> None:
    shared = {"clean/shared/tabular/t1.csv": b"a,b\n1,2\n"}
    kit.add_delivery(site.project, 2, {**kit.clean_files("b"), **shared})
    kept = [one for one in site.samples() if "/P2BB/" in one.path]
    site.sign(consent_withdrawal("P1AA", "2026-11-20", "other", lambda _: True))
    site.sign(recall("1.0.0", [kept[0].sha256], "burned-in text was found", bool))
    found = facts(site.build("1.0.0"))
    assert dict(found.flow.left) == {"consent withdrawn": 4, "recalled": 1}
    assert (found.flow.samples, found.flow.outcome("quarantined"), found.flow.received) == (4, 2, 11)
    page = html_page(data_flow.make(found)).decode()
    assert "9 scrubbed = 4 in this package + 5 left out" in page
    assert "Left out: consent withdrawn" in page


def test_a_sample_that_no_record_took_out_keeps_the_counts_from_closing(site: Any) -> None:
    found = facts(site.build("1.0.0"))
    found.manifest["counts"]["samples"] = 3
    found.__dict__["sample_paths"] = list(found.sample_paths)[:3]
    with pytest.raises(IntegrityError, match="SUB-012"):
        data_flow.make(found)
