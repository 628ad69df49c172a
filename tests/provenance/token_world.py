"""A SoftHSM token in a temporary folder, for tests; says why when there can be none."""

from __future__ import annotations

import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

MODULES = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib64/pkcs11/libsofthsm2.so",
    "/usr/local/lib/softhsm/libsofthsm2.so",
    "/opt/homebrew/lib/softhsm/libsofthsm2.so",
)
PIN = b"1234 5678"
MODULE = next((path for path in MODULES if Path(path).is_file()), None)


def missing() -> str | None:
    """Say what keeps a SoftHSM token from being used here, or return None."""
    if MODULE is None or shutil.which("softhsm2-util") is None:
        return "not run: SoftHSM is not installed (packages softhsm2 or softhsm)"
    if find_spec("pkcs11") is None:
        return "not run: python-pkcs11 is not installed (extra 'pkcs11')"
    return None


def make_token(folder: Path, label: str) -> None:
    """Make a token; SOFTHSM2_CONF must name the folder's ``softhsm2.conf`` before the module is first loaded."""
    tokens = folder / "tokens"
    tokens.mkdir(parents=True, exist_ok=True)
    (folder / "softhsm2.conf").write_text(
        f"directories.tokendir = {tokens}\nobjectstore.backend = file\nlog.level = ERROR\n"
    )
    line = ["softhsm2-util", "--init-token", "--free", "--label", label, "--so-pin", "98765432", "--pin", PIN.decode()]
    subprocess.run(line, check=True, capture_output=True, env={"SOFTHSM2_CONF": str(folder / "softhsm2.conf")})
