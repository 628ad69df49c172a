"""A small subject of an audit: files in memory, settings, journal rows, a policy, an open vault."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from curator.audit.model import File, Looked
from curator.core.errors import CuratorError


@dataclass
class Desk:
    """Keeps the protocol of a subject."""

    data: dict[str, bytes] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    project: Any = None
    vault: Any = None
    rows_: list[dict[str, Any]] = field(default_factory=list)
    policy_: Any = None
    records_: list[Any] = field(default_factory=list)
    state_: Any = None
    kind: str = "project"
    has_: set[str] = field(default_factory=lambda: {"vault", "ledger", "journal", "policy"})

    @property
    def origin(self) -> Any:
        return self.project

    def own_documents(self) -> dict[str, dict[str, str]]:
        return {}

    @classmethod
    def of_project(cls, project, vault=None, **more) -> Desk:
        base = project.root
        data = {
            p.relative_to(base).as_posix(): p.read_bytes() for p in sorted((base / "clean").rglob("*")) if p.is_file()
        }
        from curator.intake.sniff import sniff

        kinds = {name: str(sniff(one[:65536], len(one))) for name, one in data.items()}
        return cls(data, kinds, project=project, vault=vault, **more)

    def has(self, what: str) -> bool:
        return what in self.has_

    def files(self) -> Iterator[File]:
        for name, data in sorted(self.data.items()):
            yield File(name, len(data), hashlib.sha256(data).hexdigest(), self.kinds.get(name, "unknown"))

    def open(self, file: File):
        return io.BytesIO(self.data[file.path])

    def looked(self, probe) -> Iterator[Looked]:
        if prepare := getattr(probe, "prepare", None):
            prepare()
        json.dumps(probe.parameters())
        for file in self.files():
            if probe.wants(file):
                try:
                    found = json.loads(json.dumps(probe.look(file, self.open(file)), allow_nan=False))
                    yield Looked(file, found)
                except CuratorError as error:
                    yield Looked(file, None, error.code)
                except Exception:
                    yield Looked(file, None, "AUD-009")

    def samples(self):
        return iter(())

    def records(self):
        return iter(self.records_)

    def state(self):
        return self.state_

    def secret(self):
        return self.vault

    def rows(self, columns=None):
        return iter(self.rows_)

    def policy(self):
        return self.policy_

    @property
    def origin(self) -> Any:
        return self.project

    def own_documents(self) -> dict[str, dict[str, str]]:
        return {}

    def threshold(self, check: str, name: str, default: Any) -> Any:
        return self.settings.get(check, {}).get(name, default)


def on_disk(root: Path) -> Any:
    from curator.project.paths import open_project

    return open_project(root)
