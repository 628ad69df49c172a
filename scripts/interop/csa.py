#!/usr/bin/env python3
"""Hold CSA headers as the scrubber writes them against nibabel's reader, on the headers that nibabel's tests ship.

Runs only when asked. Give the Python of a scratch environment that has nibabel: ``scripts/interop/csa.py
/path/to/venv/bin/python``. Prints one line a header; exit 0 if every listed element reads alike, 1 if one does not,
3 if nibabel cannot be run.
"""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from curator.scrub.dicom.csa import csa_rules, rewrite_csa

SHIPPED = """
import base64, gzip, json, pathlib, warnings
warnings.simplefilter("ignore")
import nibabel.nicom
folder = pathlib.Path(nibabel.nicom.__file__).parent / "tests" / "data"
found = {}
for path in sorted([*folder.glob("csa2*.bin*"), *folder.glob("csa_str*.bin")]):
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    found[path.name] = base64.b64encode(data).decode()
print(json.dumps(found))
"""
READ = """
import base64, json, sys, warnings
warnings.simplefilter("ignore")
from nibabel.nicom import csareader
for line in sys.stdin:
    try:
        read = csareader.read(base64.b64decode(line))["tags"]
    except csareader.CSAError:
        read = {}
    print(json.dumps({name: [tag[key] for key in ("vm", "vr", "syngodt", "items")] for name, tag in read.items()}))
"""


def ask(python: str, program: str, text: str = "") -> str:
    """Run a program of theirs and return what it prints."""
    done = subprocess.run([python, "-c", program], input=text, capture_output=True, text=True, check=False)
    if done.returncode:
        print("nibabel cannot be run", file=sys.stderr)
        raise SystemExit(3)
    return done.stdout


def differences(source: dict[str, Any], made: dict[str, Any]) -> list[str]:
    """Name the elements that read otherwise, are lost, or are not listed."""
    wanted = {name: tag for name, tag in source.items() if name in csa_rules() and tag[-1]}
    return sorted(name for name in wanted.keys() | made.keys() if wanted.get(name) != made.get(name))


def main() -> int:
    python = sys.argv[1]
    headers = {name: base64.b64decode(text) for name, text in json.loads(ask(python, SHIPPED)).items()}
    made = {name: rewrite_csa(data) for name, data in headers.items()}
    kept = {name: data for name, data in made.items() if data is not None}
    lines = [base64.b64encode(each).decode() for name in kept for each in (headers[name], kept[name])]
    read = [json.loads(line) for line in ask(python, READ, "\n".join(lines)).splitlines()]
    wrong = 0
    for index, name in enumerate(kept):
        source, result = read[2 * index : 2 * index + 2]
        found = differences(source, result)
        wrong += bool(found)
        print(f"{name}: {len(source)} elements, {len(result)} written, otherwise: {', '.join(found) or 'none'}")
    print(f"{len(headers) - len(kept)} headers hold nothing listed")
    return 1 if wrong or not kept else 0


if __name__ == "__main__":
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_file():
        raise SystemExit("usage: csa.py /path/to/python")
    sys.exit(main())
