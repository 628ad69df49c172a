"""Where the CPU time of both DICOM passes goes: harvest and rewrite of each file in one process, function by function.

The figures of a profiled run are larger than those of a plain one; the plain one is printed first.
"""

import contextlib
import cProfile
import pstats
import time
from pathlib import Path

TOP = 15


def profile(source: Path, *, accepted: bool) -> None:
    """Print CPU time a file of each pass, and the functions that take most of it.

    Parameters
    ----------
    source
        A folder of DICOM files; those of one subfolder are of one person.
    accepted
        Whether all pixels count as seen by a person, so that nothing is held back for them.
    """
    from curator.core.errors import ItemError
    from curator.identifiers.uids import UidCoder
    from curator.scrub.dicom import Subject
    from curator.scrub.dicom.harvest import harvest
    from curator.scrub.dicom.rewrite import rewrite
    from curator.scrub.policy import load_policy

    files = [(path.parent, path.read_bytes()) for path in sorted(source.rglob("*.dcm"))]
    policy, uid = load_policy("safe-harbor"), UidCoder(bytes(32))

    def first() -> dict[Path, set[tuple[str, str]]]:
        known: dict[Path, set[tuple[str, str]]] = {}
        for person, data in files:
            with contextlib.suppress(ItemError):  # held back, as the scrub holds it back
                known.setdefault(person, set()).update(harvest(data).known)
        return known

    def second(known: dict[Path, set[tuple[str, str]]]) -> int:
        done = 0
        for person, data in files:
            told = tuple(sorted(known.get(person, ())))
            subject = Subject("P" + "A" * 16, False, 17, None, told, "20260101", "2.25.1")
            try:
                rewrite(data, subject, policy, uid, accepted=accepted)
                done += 1
            except ItemError:
                continue
        return done

    second(first())  # tables are read, answers remembered
    begin = time.process_time()
    known = first()
    middle = time.process_time()
    done = second(known)
    end = time.process_time()
    each = 1000 / len(files)
    print(
        f"harvest {(middle - begin) * each:.3f} ms/file · rewrite {(end - middle) * each:.3f} ms/file · {done} written"
    )
    measured = cProfile.Profile()
    measured.runcall(lambda: second(first()))
    rows = sorted(pstats.Stats(measured).stats.items(), key=lambda row: -row[1][2])  # type: ignore[attr-defined]
    total = sum(row[1][2] for row in rows)
    print(f"{'share':>7}{'ms/file':>9}{'calls/file':>12}  function")
    for (path, line, name), (_, calls, own, _, _) in rows[:TOP]:
        place = f"{Path(path).name}:{line} {name}" if line else name
        print(f"{100 * own / total:6.1f}%{own * each:9.3f}{calls / len(files):12.1f}  {place}")
