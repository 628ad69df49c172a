"""A few kills of the installed program; scripts/soak/kills does the same hundreds of times."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.skipif(sys.platform != "linux", reason="processes are found in /proc")
def test_a_scrub_killed_at_random_instants_ends_in_the_same_bytes():
    done = subprocess.run(
        [
            sys.executable,
            str(ROOT / "scripts" / "soak" / "kills.py"),
            "--kills",
            "4",
            "--files",
            "24",
            "--seed",
            "1615",
        ],
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    kills = re.search(r"^(\d+) kills", done.stdout, re.MULTILINE)
    assert kills is not None
    assert int(kills[1]) >= 4
    assert "every project ended in the bytes of the undisturbed one" in done.stdout
