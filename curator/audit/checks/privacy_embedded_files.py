"""``privacy/embedded-files``: documents, archives, programs and macros inside of what leaves."""

from __future__ import annotations

from collections.abc import Iterator

from curator.audit.model import Answer, Looked, Severity, Subject
from curator.audit.privacy.asked import answered
from curator.audit.privacy.containers import ContainerProbe
from curator.audit.privacy.foreign import is_data
from curator.audit.privacy.objects import object_probe, policy_of


class EmbeddedFiles:
    """No file stands inside of another."""

    id = "privacy/embedded-files"
    title = "No file stands inside of another"
    severity = Severity.BLOCKER
    clause = "DICOM PS3.15 E.3.5"
    needs: tuple[str, ...] = ()

    def run(self, subject: Subject) -> Answer:
        """Look at every file; an archive counts where it is data, for the program packs documents of a package."""

        def judge(seen: Looked) -> Iterator[tuple[str, int]]:
            found = seen.found or {}
            yield from found["embedded"].items()
            if is_data(seen.file.path, subject.kind):
                yield from found.get("packed", {}).items()

        return answered(
            subject,
            (object_probe(policy_of(subject)), ContainerProbe()),
            judge,
            passed="no file inside of {files} others",
            failed="{total} files hold others",
        )


check = EmbeddedFiles()
