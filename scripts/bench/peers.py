"""Sets up an environment of its own for other tools, so that they can be measured beside ours. None is a dependency."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

_REPOSITORY = Path(__file__).resolve().parents[2]


def peers_python(folder: Path, listed: dict[str, Any]) -> tuple[Path, dict[str, str]]:
    """Make an environment for the peers, with pinned versions.

    Returns
    -------
    tuple
        Its Python, and why a peer is not run, by its name.
    """
    if folder.resolve().is_relative_to(_REPOSITORY):
        sys.exit("The peers' environment must lie outside of the repository.")
    python = folder / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True, stdout=sys.stderr)
    away = {}
    for name, peer in listed.items():
        if not peer["packages"]:
            away[name] = peer["note"]
            continue
        command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *peer["packages"]]
        print(f"installing {name} ...", file=sys.stderr)
        if subprocess.run(command, capture_output=True, check=False).returncode:
            away[name] = "could not be installed: " + " ".join(peer["packages"])
    return python, away
