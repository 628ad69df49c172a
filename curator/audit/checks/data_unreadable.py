"""``data/unreadable``: every image file can be read to its end."""

from __future__ import annotations

from curator.audit.answers import not_applicable
from curator.audit.cases import seen
from curator.audit.images import pixels_seen
from curator.audit.model import SHOWN, Answer, Finding, Outcome, Severity, Subject

#: Codes of the machine or of a file that changed: these say nothing of the data.
_OTHERS = ("AUD-",)


class Unreadable:
    """Headers and pixels that cannot be read, and pixels that end before their header says."""

    id = "data/unreadable"
    title = "Every image file can be read to its end"
    severity = Severity.MAJOR
    clause = "FDA AI-enabled device software functions (draft 2025), section VIII: data quality"
    needs: tuple[str, ...] = ()

    def run(self, subject: Subject) -> Answer:
        """Count what was not read; what no decoder at hand decodes could not be checked."""
        found = seen(subject)
        looked = pixels_seen(subject).of
        lost = {one.where: one.what for one in found.unread}
        blind: list[Finding] = []
        for path, one in looked:
            state = one["state"]
            if state == "short":
                lost.setdefault(path, "its pixels end before the header says")
            elif state in {"undecoded", "large"}:
                blind.append(Finding(path, "no decoder at hand decodes it" if state == "undecoded" else "too large"))
            elif state not in {"seen", "none"}:
                lost.setdefault(path, f"not read: {state}")
        findings = [Finding(path, what) for path, what in sorted(lost.items()) if not _of_machine(what)]
        blind += [Finding(path, what) for path, what in sorted(lost.items()) if _of_machine(what)]
        total = len(looked) + sum(path not in looked for path in lost)
        if not total:
            return not_applicable("there is no image file")
        figures = {"files": total, "unreadable": len(findings), "not_looked_at": len(blind)}
        outcome = Outcome.FAIL if findings else Outcome.COULD_NOT_CHECK if blind else Outcome.PASS
        summary = f"{len(findings):,} of {total:,} image files cannot be read"
        if blind:
            summary += f"; {len(blind):,} could not be looked at"
        every = [*findings, *blind]
        return Answer(outcome, summary, figures, tuple(every[:SHOWN]), len(every))


def _of_machine(what: str) -> bool:
    return what.removeprefix("not read: ").startswith(_OTHERS)


check = Unreadable()
