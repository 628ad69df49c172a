"""Have dciodvfy judge each test file before and after the scrub, and print the errors that only the output has.

dciodvfy is of the Debian package dicom3tools. It is no part of the product and is not installed here: where it lacks,
nothing is checked, this says "not run", and the exit code is 3. Errors that the profile demands stand with their reason
in dciodvfy.toml; any other new error is exit code 1.
"""

import argparse
import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections import defaultdict
from itertools import islice
from pathlib import Path

from curator.core.errors import ItemError
from curator.scrub.dicom import Subject
from curator.scrub.dicom.harvest import harvest
from curator.scrub.dicom.rewrite import rewrite
from curator.scrub.policy import load_policy

NOT_RUN = 3
#: A data set without its class is not judged as an object of any; the scrub writes the class that the file meta
#: information has.
UNCLASSED = re.compile(r"Error - (?:MediaStorageSOPClassUID but missing SOPClassUID|Missing SOPClassUID)")


def errors(path):
    """Return the kinds of error that dciodvfy finds: its words without values."""
    done = subprocess.run(["dciodvfy", str(path)], capture_output=True, timeout=60, check=False)
    text = (done.stderr + done.stdout).decode("latin-1")
    return {plain(line) for line in text.splitlines() if line.startswith("Error")}


def plain(line):
    """Take values, item numbers and depths out of a line."""
    line = re.sub(r" = <[^<>]*>|\[[^\[\]]*\]|\"[^\"]*\"|'[^']*'", "", line)
    line = re.sub(r"\(0x([0-9a-f]{4}),0x([0-9a-f]{4})\)", r"(\1\2)", line)  # a tag, not a value
    return re.sub(r"\s+", " ", re.sub(r"(?<![(\w])[\d.]+\b", "", line)).strip()


def coder(old):
    return f"2.25.{int.from_bytes(hashlib.sha256(old.encode()).digest()[:16], 'big')}"


def scrubbed(data, policy):
    found = harvest(data)
    subject = Subject(
        patient="PABCDEFGHIJKLMNOP",
        over_89=found.over_89,
        shift_days=-100,
        first_time=found.zero[1] if found.zero else None,
        known=found.known,
        project_date="20260101",
        fallback_uid="2.25.1",
    )
    return rewrite(data, subject, policy, coder, accepted=True).data


def files(folders):
    import pydicom

    folders = folders or [Path(pydicom.__file__).parent / "data"]
    for folder in folders:
        yield from (path for path in sorted(folder.rglob("*")) if path.is_file())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="*", type=Path, help="DICOM files (default: those that ship with pydicom)")
    parser.add_argument("--every", type=int, default=1, help="one file in so many")
    parser.add_argument("--policy", action="append", help="repeatable (default: safe-harbor, expert)")
    wish = parser.parse_args()
    if shutil.which("dciodvfy") is None:
        print("not run: there is no dciodvfy here (Debian: apt-get install dicom3tools)")
        sys.exit(NOT_RUN)
    listed = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))["demanded"]
    new, judged, before, held, gone, unclassed = defaultdict(list), 0, 0, 0, 0, 0
    with tempfile.TemporaryDirectory() as made:
        out = Path(made) / "out.dcm"
        for name in wish.policy or ["safe-harbor", "expert"]:
            policy = load_policy(name)
            for path in islice(files(wish.folder), 0, None, wish.every):
                try:
                    out.write_bytes(scrubbed(path.read_bytes(), policy))
                except ItemError:
                    held += 1
                    continue
                judged += 1
                source, result = errors(path), errors(out)
                if any(map(UNCLASSED.match, source)):
                    unclassed += 1
                    judged -= 1
                    continue
                before += bool(source)
                gone += len(source - result)
                for line in result - source:
                    new[line].append((name, path.name))
    print(
        f"{judged} outputs judged, {held} files held back, {unclassed} not compared since the source names no class; "
        f"{before} of the sources had errors; {gone} errors went away"
    )
    unasked = 0
    for line, where in sorted(new.items(), key=lambda entry: -len(entry[1])):
        reason = next((rule["reason"] for rule in listed if re.search(rule["pattern"], line)), None)
        unasked += reason is None
        print(f"{'demanded' if reason else 'NEW'}  {len(where):4}  {line}")
        print(f"          {reason or ', '.join(sorted({f'{file} ({policy})' for policy, file in where})[:6])}")
    print(f"{unasked} kinds of new error that the profile does not demand")
    if not judged:
        sys.exit("nothing was judged")
    sys.exit(1 if unasked else 0)


if __name__ == "__main__":
    main()
