"""Checks a folder against the eCopy rules, with code of its own: FDA, eCopy guidance of 2025-12-03, Attachment 1.

    python scripts/ecopy_check.py PACKAGE/data/ecopy

Prints one line a finding; exit 0 when there is none, 1 otherwise. Needs the standard library alone, and nothing of the
program whose output it judges. A define.xml and the files that it describes are held against define_check.py. What only
people can see to (a signed cover letter) is said as a note.
"""

from __future__ import annotations

import re
import sys
import zipfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import define_check

VOLUME = re.compile(r"VOL_(\d{3})(?:_(.+))?")
PDF = re.compile(r"(\d{3})_(.+)\.pdf")
FORBIDDEN = set("~|*/\\'\"<>?:#")
MOST_PDF, MOST_TOTAL, MOST_ATTACHMENT = 50_000_000, 4_000_000_000, 1_000_000_000
SPECIAL = ("MISC FILES", "STATISTICAL DATA")


def bad_name(name: str) -> str:
    if len(name) > 125:
        return "is longer than 125 characters"
    if any(mark in FORBIDDEN or not 32 <= ord(mark) < 127 for mark in name):
        return "has a character that is not allowed"
    return ""


def check_pdf(path: Path) -> list[str]:
    data = path.read_bytes()
    found = []
    if not data.startswith(b"%PDF-") or b"%%EOF" not in data[-1024:]:
        found.append("is not a whole PDF")
    if b"/Encrypt" in data:
        found.append("is encrypted")
    if b"/EmbeddedFile" in data:
        found.append("holds an attachment, which would be lost")
    if len(data) > MOST_PDF:
        found.append("is over 50 MB")
    return found


def check_row(folder: Path, shown: str) -> list[str]:
    found, numbers = [], []
    for path in sorted(folder.iterdir()):
        name = f"{shown}{path.name}"
        if path.is_dir() and shown:
            found.append(f"{name}: a volume holds no folder")
        elif path.is_file():
            match = PDF.fullmatch(path.name)
            if match is None:
                found.append(f"{name}: is not named 001_Descriptive Name.pdf")
                continue
            numbers.append(int(match[1]))
            found += [f"{name}: {what}" for what in [bad_name(path.name), *check_pdf(path)] if what]
    if numbers != list(range(1, len(numbers) + 1)):
        found.append(f"{shown or 'root'}: PDFs are not numbered from 001 without a gap")
    return found


def check_special(folder: Path) -> list[str]:
    found = []
    for path in sorted(folder.iterdir()):
        name = f"{folder.name}/{path.name}"
        if path.is_dir() or path.suffix != ".zip":
            found.append(f"{name}: only .zip files may stand here")
            continue
        if bad_name(path.name):
            found.append(f"{name}: {bad_name(path.name)}")
        if path.stat().st_size > MOST_ATTACHMENT:
            found.append(f"{name}: is over 1 GB")
        with zipfile.ZipFile(path) as archive:
            if archive.testzip() is not None:
                found.append(f"{name}: a member is damaged")
            found += [f"{name}: holds a PDF" for one in archive.namelist() if one.lower().endswith(".pdf")]
            if folder.name == "STATISTICAL DATA" and "define.xml" in archive.namelist():
                described = define_check.check({one: archive.read(one) for one in archive.namelist()})
                found += [f"{name}: {what}" for what in described]
            found += [f"{name}: a path leads out of it" for one in archive.namelist() if one[:1] == "/" or ".." in one]
    return found


def check(root: Path) -> list[str]:
    found, volumes = [], []
    for path in sorted(root.iterdir()):
        if path.is_symlink():
            found.append(f"{path.name}: a link")
        elif path.is_dir() and path.name in SPECIAL:
            found += check_special(path)
        elif path.is_dir():
            match = VOLUME.fullmatch(path.name)
            if match is None:
                found.append(f"{path.name}: no such folder may stand at the root")
                continue
            volumes.append(int(match[1]))
            found += [f"{path.name}: {what}" for what in [bad_name(path.name)] if what]
            found += check_row(path, f"{path.name}/")
        elif path.suffix != ".pdf":
            found.append(f"{path.name}: only PDFs may stand at the root")
    found += check_row(root, "")
    if volumes != list(range(1, len(volumes) + 1)):
        found.append("volumes are not numbered from 001 without a gap")
    pdfs = [path for path in root.rglob("*.pdf") if path.is_file()]
    if not pdfs:
        found.append("there is no PDF at all")
    if sum(path.stat().st_size for path in root.rglob("*") if path.is_file()) > MOST_TOTAL:
        found.append("the whole is over 4 GB")
    return found


def main() -> int:
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_dir():
        print("usage: ecopy_check.py FOLDER", file=sys.stderr)
        return 2
    found = check(Path(sys.argv[1]))
    for line in found:
        print(f"FAIL  {line}")
    if not found:
        print("PASS  the folder keeps the eCopy rules")
        print("NOTE  a signed cover letter is the sponsor's to add")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
