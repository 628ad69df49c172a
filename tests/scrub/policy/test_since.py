"""A policy whose digest moved since something was scrubbed: another policy, or the same by other rules."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from curator import __version__
from curator.core.errors import UsageError
from curator.scrub.delivery import choose
from curator.scrub.policy import load, load_policy
from curator.scrub.policy.model import Policy
from curator.scrub.policy.since import Since, since, stated


def updated(monkeypatch: pytest.MonkeyPatch, name: str = "safe-harbor") -> Policy:
    """Return a policy as a version with one more rule table reads it."""
    tables = load.table_digests()
    with monkeypatch.context() as patch:
        patch.setattr(load, "table_digests", lambda: (*tables, ("zz.toml", "0" * 64)))
        return load_policy(name)


def test_an_update_of_rules_is_told_apart_from_another_policy(monkeypatch: pytest.MonkeyPatch) -> None:
    then = load_policy("safe-harbor")
    said = stated(then)
    assert said["program"] == __version__
    later = updated(monkeypatch)
    assert later.digest != then.digest
    assert since(said, then) is Since.NOTHING
    assert since(said, later) is Since.RULES
    assert since(said, load_policy("expert")) is Since.POLICY
    assert since(said, updated(monkeypatch, "expert")) is Since.POLICY
    assert since(None, then) is Since.POLICY
    assert since({"name": then.name, "digest": then.digest}, then) is Since.NOTHING
    assert since({"name": then.name, "digest": then.digest}, later) is Since.POLICY, "what an earlier version noted"


@pytest.mark.parametrize(("noted", "code"), [(True, "PRJ-013"), (False, "PRJ-006")])
def test_a_scrub_under_other_rules_is_refused_by_a_word_of_its_own(
    monkeypatch: pytest.MonkeyPatch, noted: bool, code: str
) -> None:
    def settings(policy: Policy) -> choose.Settings:
        return choose.Settings(policy, "site-1", "20260101")

    about: dict[str, Any] = choose._about("/somewhere", settings(load_policy("safe-harbor")))
    assert choose.policy_of(about) == stated(load_policy("safe-harbor"))
    if not noted:
        about = {name: value for name, value in about.items() if name not in {"policy_decisions", "policy_program"}}
    shelf = SimpleNamespace(need=lambda _: about, get=lambda _: {})
    monkeypatch.setattr(choose, "shelves", lambda _: [shelf])
    choose.check_settings(SimpleNamespace(), settings(load_policy("safe-harbor")))  # type: ignore[arg-type]
    with pytest.raises(UsageError, match=code) as caught:
        choose.check_settings(SimpleNamespace(), settings(updated(monkeypatch)))  # type: ignore[arg-type]
    assert "version" in str(caught.value) + caught.value.hint
    with pytest.raises(UsageError, match="PRJ-006"):
        choose.check_settings(SimpleNamespace(), settings(load_policy("expert")))  # type: ignore[arg-type]
