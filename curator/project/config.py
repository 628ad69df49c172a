"""curator.toml: a project's settings. Holds no secret."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from curator.core.errors import UsageError
from curator.core.schema import violation

CONFIG_NAME = "curator.toml"
CONFIG_FORMAT = 1


@dataclass(frozen=True)
class ProjectConfig:
    """The settings of one project.

    Parameters
    ----------
    dataset
        Id of the dataset; every record is bound to it.
    site
        Id of the site; stands for the issuer of patient IDs that name none.
    policy
        Name of a policy, or the path of a policy file relative to the project.
    project_date
        The fixed day at which ages are judged besides the study's own.
    organization
        Printed in reports.
    vault
        The vault's folder, absolute or relative to the project.
    issuers
        Issuers of hospital numbers, as files write them, to a name each: their numbers are not the site's.
    require_training
        Nobody signs labels without a recorded training that is in force (``[signing] require_training``).
    audit
        The table ``[audit]``: checks that are switched off, and thresholds by check.
    workflow
        Name of a workflow of readings, or the path of a workflow file relative to the project
        (``[adjudication] workflow``).
    no_vault
        True for a project of joined sites: ``vault`` then names a folder with the operator's key alone.
    """

    dataset: str
    site: str
    policy: str
    project_date: date
    organization: str
    vault: Path
    issuers: Mapping[str, str] = field(default_factory=dict)
    require_training: bool = False
    #: ``[splits]``: fractions (name to percents, in order), strata, by; as they stand.
    splits: Mapping[str, Any] = field(default_factory=dict)
    #: ``[release] labels``: which labels leave, ``all``, ``standing`` or ``approved``.
    release_labels: str = "all"
    audit: Mapping[str, Any] = field(default_factory=dict)
    workflow: str = "two-readers"
    no_vault: bool = False


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(f"\\u{ord(c):04x}" if ord(c) < 32 or ord(c) == 127 else c for c in escaped) + '"'


def config_text(config: ProjectConfig) -> str:
    """Write the settings as TOML."""
    return (
        "# Settings of this project. No secret stands here; paths are relative to this folder.\n"
        f"format = {CONFIG_FORMAT}\n"
        f"dataset = {_quoted(config.dataset)}\n"
        f"site = {_quoted(config.site)}\n"
        f"organization = {_quoted(config.organization)}\n"
        f"policy = {_quoted(config.policy)}\n"
        "# Ages over 89 are judged at each study and at this day.\n"
        f"project_date = {_quoted(config.project_date.isoformat())}\n"
        f"vault = {_quoted(str(config.vault))}\n"
        + (
            "# Joined sites: that folder holds the operator's key, and nothing of any patient.\nno_vault = true\n"
            * config.no_vault
        )
    )


def read_config(path: Path) -> ProjectConfig:
    """Read and check curator.toml.

    Raises
    ------
    UsageError
        PRJ-002 when it cannot be used, SYS-007 when it is of a newer format.
    """
    try:
        raw: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise UsageError("PRJ-002", reason="it cannot be read as TOML") from None
    if isinstance(raw.get("project_date"), date):
        raw["project_date"] = raw["project_date"].isoformat()
    place = violation("project", raw)
    if place is not None:
        raise UsageError("PRJ-002", reason=f"see {place}")
    if raw["format"] > CONFIG_FORMAT:
        raise UsageError("SYS-007", found=raw["format"], known=CONFIG_FORMAT)
    try:
        day = date.fromisoformat(raw["project_date"])
    except ValueError:
        raise UsageError("PRJ-002", reason="project_date is no day of the calendar") from None
    return ProjectConfig(
        dataset=raw["dataset"],
        site=raw["site"],
        policy=raw["policy"],
        project_date=day,
        organization=raw.get("organization", ""),
        vault=Path(raw["vault"]),
        issuers=dict(raw.get("issuers", {})),
        require_training=raw.get("signing", {}).get("require_training", False),
        splits=dict(raw.get("splits", {})),
        release_labels=raw.get("release", {}).get("labels", "all"),
        audit=raw.get("audit", {}),
        workflow=raw.get("adjudication", {}).get("workflow", "two-readers"),
        no_vault=raw.get("no_vault", False),
    )
