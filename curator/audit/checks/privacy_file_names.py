"""``privacy/file-names``: names and folders of data are the program's own: pseudonyms, new UIDs, words for media."""

from __future__ import annotations

import re
from collections.abc import Iterator

from curator.audit.answers import Few, could_not, judged, not_applicable
from curator.audit.model import JOURNAL, Answer, Finding, Severity, Subject
from curator.core.spill import Paths

_UID = r"2\.25\.[0-9]{1,39}|[0-2](?:\.(?:0|[1-9][0-9]*))+"
_PERSON = r"P[A-Z2-7]{16}|shared"
_MEDIA = r"[a-z][a-z0-9]{1,15}"
_CLEAN = re.compile(
    rf"clean/(?P<person>[^/]+)/(?:(?:{_UID})/(?:{_UID})/(?:{_UID})\.dcm|(?:{_MEDIA})/(?:{_UID})(?:\.[a-z0-9]{{1,8}}){{0,2}})"
)

_TELLING = "a name that holds what reads like an identifier"
_MARKS = re.compile(r"[_./^+-]+")


def _tells(path: str) -> bool:
    """Say whether a detector finds an identifier in a path, as it stands or with its marks read as blanks."""
    from curator.detect.text import detectors
    from curator.detect.text.protocol import find_all

    asked = detectors(facilities=False, weighed=False)
    texts = (path, _MARKS.sub(" ", path.rpartition(".")[0]))
    # That it is the name of a file tells nothing here.
    return any(one.kind != "file" for text in texts for one in find_all(text, asked))


class FileNames:
    """Names of files that the program does not make."""

    id = "privacy/file-names"
    title = "Names of files and folders are made of pseudonyms and new UIDs"
    severity = Severity.BLOCKER
    clause = "45 CFR 164.514(b)(2)(i)(R), (c)"
    needs: tuple[str, ...] = ()

    def run(self, subject: Subject) -> Answer:
        """Look at each path below clean/. A pseudonym that the user gave is known by the journal."""
        known = Paths()
        if subject.has(JOURNAL):
            for row in subject.rows(["path", "outcome"]):
                if row.get("path"):
                    known.add(row["path"])
        count = 0

        def clean() -> Iterator[tuple[str, str]]:
            for file in subject.files():
                path = file.path
                if path.startswith("clean/") or "/clean/" in path or subject.kind == "folder":
                    yield path, file.sha256

        def bad() -> Iterator[Finding]:
            nonlocal count
            for path, digest in clean():
                count += 1
                match = _CLEAN.fullmatch(path[path.find("clean/") :] if "clean/" in path else path)
                own = match is not None and re.fullmatch(_PERSON, match["person"]) is not None
                if not own and not (match is not None and path[path.find("clean/") :] in known):
                    yield Finding(f"sha256:{digest}", "a name or folder that the program does not make")

        found = Few(bad())
        if not count:
            return not_applicable("there are no clean files")
        if found and subject.kind == "folder":
            # Somebody else's way of naming files proves nothing; what reads like an identifier is one all the same.
            told = Few(Finding(f"sha256:{digest}", _TELLING) for path, digest in clean() if _tells(path))
            if not told:
                return could_not(f"{len(found):,} names that this program did not make: a person has to look at them")
            return judged(told, "", "{total} names that hold what reads like an identifier", {"files": count})
        return judged(
            found,
            f"{count:,} names are the program's own",
            "{total} names that the program does not make",
            {"files": count},
        )


check = FileNames()
