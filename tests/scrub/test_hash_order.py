"""The order of a set depends on Python's hash seed: none of it may reach a clean file or what is learned."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def test_every_medium_is_scrubbed_alike_whatever_the_hash_seed() -> None:
    # Two processes at once, since each reads the word lists anew.
    run = [sys.executable, str(HERE / "every_medium.py")]
    path = os.pathsep.join(filter(None, [str(HERE.parents[1]), os.environ.get("PYTHONPATH", "")]))
    started = [
        subprocess.Popen(run, env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": path}, stdout=subprocess.PIPE)
        for seed in ("1", "2")
    ]
    said = [one.communicate(timeout=120)[0].decode() for one in started]
    assert [one.returncode for one in started] == [0, 0]
    assert len(said[0].splitlines()) == 7
    assert said[0] == said[1]
