"""Run checks one after the other, each in a scratch folder of its own that is gone afterwards.

Whatever a check raises becomes a result. Only an end that a check itself calls good is a PASS.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

from curator.core.errors import CheckError, CuratorError
from curator.core.files import make_folder, translated
from curator.core.quiet import place
from curator.validation.bench import bench
from curator.validation.model import COULD_NOT_CHECK, FAIL, PASS, Check, NotAsExpectedError, NotCheckedError, Result

PREFIX = ".curator-validate-"


def run_checks(checks: Iterable[Check], scratch: Path, tell: Callable[[Result], None]) -> list[Result]:
    """Run checks.

    Parameters
    ----------
    checks
        What to run, in order.
    scratch
        Where a scratch folder may be made: on the file system that is to be qualified.
    tell
        Called with each result.

    Returns
    -------
    list
        One result a check.

    Raises
    ------
    CheckError
        SYS-001, SYS-002 when no scratch folder can be made.
    """
    base = scratch / f"{PREFIX}{secrets.token_hex(8)}"
    try:
        with translated():
            base.mkdir(0o700)
        made = []
        for number, one in enumerate(checks):
            folder = base / f"{number:03d}"
            result = run_check(one, folder)
            shutil.rmtree(folder, ignore_errors=True)
            made.append(result)
            tell(result)
        return made
    finally:
        shutil.rmtree(base, ignore_errors=True)


def run_check(one: Check, folder: Path) -> Result:
    """Run one check in a folder that is made for it."""
    try:
        make_folder(folder, 0o700)
        return Result(one, PASS, one.run(bench(folder)))
    except NotAsExpectedError as error:
        return Result(one, FAIL, str(error))
    except NotCheckedError as error:
        return Result(one, COULD_NOT_CHECK, str(error))
    except CheckError as error:
        return Result(one, COULD_NOT_CHECK, f"stopped by {error.code}")
    except CuratorError as error:
        return Result(one, FAIL, f"stopped by {error.code} where no refusal is expected")
    except (OSError, MemoryError) as error:
        return Result(one, COULD_NOT_CHECK, f"stopped by the machine at {place(error)}")
    except Exception as error:  # noqa: BLE001 - whatever it is, the check did not end as it should
        return Result(one, FAIL, f"stopped at {place(error)}")
