"""Policies: what is claimed follows from what is decided; what cannot be done is refused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.core.errors import UsageError, codes
from curator.scrub.policy import Claim, Dates, load_policy
from curator.scrub.policy.load import NOT_YET, bundled, parse_policy, table_digests

#: Codes of the options that clean graphics, structured content and descriptors.
CLEAN = ("113103", "113104", "113105")
TEXT = """format = 1
name = "{name}"
title = "A policy"
[options]
dates = "{dates}"
ages = "{ages}"
patient_characteristics = true
{options}
[attributes]
{attributes}
"""


def own(*, name: str = "own", dates: str = "year", ages: str = "cap", options: str = "", attributes: str = "") -> str:
    return TEXT.format(name=name, dates=dates, ages=ages, options=options, attributes=attributes)


def test_the_bundled_policies_are_these_three() -> None:
    assert bundled() == ["expert", "limited-dataset", "safe-harbor"]
    for name in bundled():
        assert load_policy(name).name == name


@pytest.mark.parametrize(
    ("name", "claim", "document", "found", "temporal"),
    [
        ("safe-harbor", Claim.SAFE_HARBOR, None, ("113100", *CLEAN, "113107", "113108", "113111"), "MODIFIED"),
        (
            "expert",
            Claim.EXPERT_DETERMINATION,
            "determination",
            ("113100", *CLEAN, "113107", "113108", "113111"),
            "MODIFIED",
        ),
        (
            "limited-dataset",
            Claim.LIMITED_DATA_SET,
            "agreement",
            ("113100", *CLEAN, "113106", "113108", "113111"),
            "UNMODIFIED",
        ),
    ],
)
def test_each_bundled_policy_claims_what_it_does(
    name: str, claim: Claim, document: str | None, found: tuple[str, ...], temporal: str
) -> None:
    policy = load_policy(name)
    assert (policy.claim, policy.needs_document) == (claim, document)
    assert (policy.codes, policy.temporal) == (found, temporal)
    assert bool(policy.reasons) is (claim is not Claim.SAFE_HARBOR)


def test_a_name_claims_nothing() -> None:
    assert parse_policy(own(name="safe-harbor", dates="shift")).claim is Claim.EXPERT_DETERMINATION
    assert parse_policy(own(name="safe-harbor", dates="keep")).claim is Claim.LIMITED_DATA_SET
    assert parse_policy(own(name="safe-harbor", ages="keep")).claim is Claim.EXPERT_DETERMINATION
    assert parse_policy(own(name="expert")).claim is Claim.SAFE_HARBOR


def test_keeping_an_attribute_costs_the_claim_and_the_codes() -> None:
    policy = parse_policy(own(attributes='"00080080" = "keep"'))
    assert policy.claim is Claim.EXPERT_DETERMINATION
    assert policy.codes == ()
    assert "(0008,0080)" in policy.reasons[0]
    assert parse_policy(own(dates="keep", attributes='"00080080" = "keep"')).claim is Claim.EXPERT_DETERMINATION


def test_being_stricter_costs_nothing() -> None:
    policy = parse_policy(own(dates="remove", attributes='"00080070" = "remove"'))
    assert policy.claim is Claim.SAFE_HARBOR
    assert policy.codes == ("113100", "113108")
    assert policy.temporal == "REMOVED"


def test_the_digest_follows_every_decision_and_the_tables() -> None:
    texts = [own(), own(dates="shift"), own(ages="keep"), own(name="other"), own(attributes='"00080070" = "empty"')]
    digests = {parse_policy(text).digest for text in texts}
    assert len(digests) == len(texts)
    assert parse_policy(own()).digest == parse_policy("# a comment\n" + own()).digest
    names = [name for name, _ in table_digests()]
    assert {"ps315_e1_1.tsv", "supplement.toml", "terms.txt"} <= set(names)
    assert names == sorted(names)


@pytest.mark.parametrize("option", NOT_YET)
def test_an_option_that_is_not_carried_out_is_refused(option: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_policy(own(options=f"{option} = true"))
    assert caught.value.code == "POL-003"
    assert option in caught.value.sentence
    assert parse_policy(own(options=f"{option} = false")).dates is Dates.YEAR


@pytest.mark.parametrize(
    "tag",
    [
        "00100010",
        "00100020",
        "00080018",
        "0020000D",
        "0020000E",
        "7FE00010",
        "00291010",
        "00020010",
        "00080000",
        "00120063",
    ],
)
def test_what_no_policy_may_set_is_refused(tag: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_policy(own(attributes=f'"{tag}" = "keep"'))
    assert caught.value.code == "POL-004"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("not toml [", "POL-002"),
        ("", "POL-002"),
        (own(dates="never"), "POL-002"),
        (own(name="UPPER case"), "POL-002"),
        (own(options="secret_patient_value = 1"), "POL-002"),
        (own(attributes='"PatientName" = "keep"'), "POL-002"),
        (own().replace("format = 1", "format = 2"), "SYS-007"),
        (own().replace("format = 1", "format = 0"), "POL-002"),
    ],
)
def test_a_policy_that_cannot_be_used_is_refused(text: str, code: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_policy(text)
    assert caught.value.code == code
    assert "secret_patient_value" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (own(options="secret_patient_value = 1"), "of [options] sets what is not known; known are ages, clean_"),
        (own(options="retain_uid = true"), "of [options] sets what is not known; retain_uids is near it"),
        (own(options='retain_uids = "yes"'), "(retain_uids) of [options] takes true or false"),
        (own(dates="never"), "(dates) of [options] takes one of remove, year, shift, keep"),
        (own(attributes='StudyDate = "keep"'), "written as its tag and no keyword, '00080020' here"),
        (own(attributes='secret_patient_value = "keep"'), "8 hex digits, such as 00080020"),
        (own(attributes='00080020 = "stay"'), "of [attributes] takes one of remove, empty, dummy, keep"),
        (own() + "[secret_patient_value]\na = 1\n", "names no part of a policy; known are attributes, columns"),
        (own() + "[columns]\nage = 'stay'\n", "of [columns] takes one of drop, pseudonym"),
        ("a = 1\nnot toml [", "it is not TOML, see line 2"),
    ],
)
def test_a_refused_policy_is_told_the_line_and_what_may_stand_there(text: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_policy(text)
    assert said in str(caught.value)
    assert re.search(r"line \d", str(caught.value))
    assert "secret_patient_value" not in str(caught.value)


def test_policies_are_found_by_name_and_by_path(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(own(name="mine"))
    assert load_policy("mine.toml", base=tmp_path).name == "mine"
    assert load_policy(str(tmp_path / "mine.toml")).name == "mine"
    (tmp_path / "bad.toml").write_bytes(b"\xff\xfe")
    (tmp_path / "big.toml").write_bytes(b"#" * (1 << 20) + b"##")
    for name, code in (
        ("nowhere", "POL-001"),
        ("none.toml", "POL-001"),
        ("bad.toml", "POL-002"),
        ("big.toml", "POL-002"),
    ):
        with pytest.raises(UsageError) as caught:
            load_policy(name, base=tmp_path)
        assert caught.value.code == code
        assert str(tmp_path) not in str(caught.value)


def test_an_installed_plug_in_gives_a_policy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "plugin_policy.py").write_text(
        f"def strict():\n    return '''{own(name='strict', dates='remove')}'''\n"
        "def broken():\n    raise ValueError('Jane')\n"
        "def silent():\n    return None\n"
    )
    info = tmp_path / "plugin_policy-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: plugin-policy\nVersion: 1\n")
    lines = "\n".join(f"{name} = plugin_policy:{name}" for name in ("strict", "broken", "silent"))
    (info / "entry_points.txt").write_text(f"[curator.policies]\n{lines}\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert load_policy("strict").dates is Dates.REMOVE
    for name in ("broken", "silent"):
        with pytest.raises(UsageError, match="POL-002") as caught:
            load_policy(name)
        assert "Jane" not in str(caught.value)
        assert caught.value.__cause__ is None


def test_every_policy_code_has_its_sentence_and_hint() -> None:
    for code in ("POL-001", "POL-002", "POL-003", "POL-004"):
        assert codes()[code]["sentence"]
        assert codes()[code]["hint"]


@given(st.text(max_size=200))
def test_no_text_makes_the_reader_fail_otherwise(text: str) -> None:
    with pytest.raises(UsageError):
        parse_policy(text)


def test_a_path_out_of_a_folder_that_is_not_there_yet_is_found(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(own(name="outside"))
    assert load_policy("../own.toml", base=tmp_path / "trial").name == "outside"
