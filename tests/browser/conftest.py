"""A page opened in headless Chromium, when it is installed: what it wrote to its console and asked the network for."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "report"))

CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), ""
)


@pytest.fixture
def opened(tmp_path: Path) -> Callable[[bytes], tuple[str, list[str], str]]:
    """Return a function from a page to its elements after loading, the addresses asked for, and its console."""
    if not CHROMIUM:
        pytest.skip("chromium is not installed")

    def run(page: bytes) -> tuple[str, list[str], str]:
        file, log = tmp_path / "page.html", tmp_path / "net.json"
        file.write_bytes(page)
        switches = ["--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--dump-dom"]
        quiet = ["--disable-background-networking", "--disable-component-update", "--no-first-run", "--disable-sync"]
        places = [f"--log-net-log={log}", f"--user-data-dir={tmp_path / 'profile'}"]
        ran = subprocess.run(
            [CHROMIUM, *switches, *quiet, *places, file.as_uri()],
            capture_output=True,
            check=True,
            timeout=100,
            env={**os.environ, "HOME": str(tmp_path)},
        )
        console = "\n".join(line for line in ran.stderr.decode().splitlines() if "CONSOLE" in line)
        return ran.stdout.decode(), _asked(log), console

    return run


def _asked(log: Path) -> list[str]:
    """Return the addresses of all requests in a log of the network that a closing browser may have left open."""
    text = log.read_text(encoding="utf-8").rstrip().rstrip(",")
    found: Any = json.loads(text if text.endswith("}") else text + "]}")
    urls = [event.get("params", {}).get("url") for event in found["events"]]
    return sorted({url for url in urls if isinstance(url, str) and not url.startswith(("file:", "data:"))})
