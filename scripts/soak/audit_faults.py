"""Plant every fault of tests/audit into a sound project and let the audit look for it.

Prints check by check what was planted, whether it was found, and the evidence; then "0 of N planted faults were
passed", or those that were, with the exit code 1. A fault that its check could not look at counts as not found.
"""

import argparse
import shutil
import sys
import tempfile
import warnings
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests" / "audit"))
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests" / "audit" / "frame"))

from audit_world import SCRYPT, Template
from faults import all_faults

from curator.audit.catalog import own
from curator.audit.runner import run_checks


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", action="append", default=[], help="checks whose ids begin so; repeatable")
    wish = parser.parse_args()
    warnings.simplefilter("ignore")
    checks = {one.check.id: one for one in own()}
    faults = [one for one in all_faults() if not wish.only or one.check.startswith(tuple(wish.only))]
    passed = unsure = 0
    with tempfile.TemporaryDirectory() as name, mock.patch("curator.project.header.SCRYPT", SCRYPT):
        template = Template.make(Path(name) / "sound")
        for number, fault in enumerate(sorted(faults, key=lambda one: list(checks).index(one.check))):
            folder = Path(name) / f"{number:03d}"
            folder.mkdir()
            world = template.copy(folder)
            subject = fault.plant(world) or world.subject()
            show = getattr(subject, "show", str)
            (result,) = run_checks(subject, [checks[fault.check]], show=show)
            shutil.rmtree(folder)
            passed += result.outcome not in {"FAIL", "COULD_NOT_CHECK"}
            unsure += result.outcome == "COULD_NOT_CHECK"
            said = result.answer.findings[0].what if result.answer.findings else result.answer.summary
            print(f"{fault.check:<30} {fault.planted:<52} {result.outcome!s:<16} {said}")
    missing = sorted(set(checks) - {one.check for one in faults}) if not wish.only else []
    for name in missing:
        print(f"{name:<30} nothing is planted for it")
    print(
        f"{passed} of {len(faults)} planted faults were passed; {unsure} could not be looked at; {len(checks)} checks"
    )
    sys.exit(1 if passed or unsure or missing or not faults else 0)


if __name__ == "__main__":
    main()
