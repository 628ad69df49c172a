"""Has a package judged by other people's programs, offline: bagit, mlcroissant, rocrate-validator, openssl, qpdf.

    scripts/interop/graders PACKAGE [--tools DIR] [--context FILE] [--define FILE]
    scripts/interop/graders --generate 100000 --work DIR [--tools DIR] [--context FILE] [--define FILE]

``--tools DIR`` is the bin folder of an environment with bagit, mlcroissant, roc-validator, pyreadstat and lxml; without
it the path is searched. ``--context FILE`` is a copy of https://w3id.org/ro/crate/1.2/context, which the validator
would fetch: ``docs/_specification/1.2/context.jsonld`` in the repository ResearchObject/ro-crate of GitHub. ``--define
FILE`` is ``define2-1-0.xsd`` of CDISC's Define-XML 2.1, its other files beside it; lxml holds define.xml against it. A
program that is not there is "not run", never "passed".

Exit 0 when all that ran passed, 1 when one failed, 2 for no package or no such context, 3 for a package from which
bytes were purged: what asks for a whole package cannot be asked.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
CRATE_CONTEXT = "https://w3id.org/ro/crate/1.2/context"
#: Puts the context into the validator's own cache, so that it needs no network.
PREFILL = """
import io, sys
import requests, urllib3
from requests_cache import CachedSession
class Given(requests.adapters.HTTPAdapter):
    def send(self, request, **_):
        body = io.BytesIO(open(sys.argv[2], "rb").read())
        return self.build_response(request, urllib3.HTTPResponse(
            body, {"Content-Type": "application/ld+json"}, 200, preload_content=False))
session = CachedSession(cache_name=sys.argv[1], expire_after=-1, backend="sqlite", allowable_methods=("GET",))
session.mount("https://", Given())
session.get(sys.argv[3])
"""
READ_XPORT = """
import sys, pyreadstat
for name in sys.argv[1:]:
    frame, meta = pyreadstat.read_xport(name)
    print(meta.table_name, len(frame), len(frame.columns))
"""
VALIDATE = """
import sys
from lxml import etree
schema = etree.XMLSchema(etree.parse(sys.argv[1]))
schema.validate(etree.parse(sys.argv[2]))
print(schema.error_log)
sys.exit(len(schema.error_log) > 0)
"""
#: The operator's signed list of what was purged from a package.
PURGE = Path("signatures/purge.dsse.json")
#: Where the packages of joined sites stand.
SITES = Path("data/sites")
#: Where the case-level tables stand.
STATISTICS = Path("data/ecopy/STATISTICAL DATA/case_level_data.zip")
#: The program counts as failed when it says one of these, whatever its exit code is.
SAYS_BAD = ("is not a valid", "is invalid", "Found the following")


class Graders:
    def __init__(
        self, package: Path, tools: Path | None, context: Path | None, work: Path, define: Path | None = None
    ) -> None:
        self.package, self.tools, self.context, self.work = package, tools, context, work
        self.define = define
        self.failed = 0

    def tool(self, name: str) -> str | None:
        if self.tools is not None and (self.tools / name).is_file():
            return str(self.tools / name)
        return shutil.which(name)

    def say(self, name: str, outcome: str, more: str = "") -> None:
        self.failed += outcome == "FAIL"
        print(f"{outcome:<8} {name:<34} {more}".rstrip(), flush=True)

    def run(self, name: str, command: list[str | Path | None], *, cwd: Path | None = None) -> str:
        if any(part is None for part in command):
            self.say(name, "not run", "the program is not installed here")
            return ""
        began = time.monotonic()
        done = subprocess.run(
            [str(part) for part in command], cwd=cwd or self.package, capture_output=True, text=True, check=False
        )
        said = done.stdout + done.stderr
        bad = done.returncode != 0 or any(text in said for text in SAYS_BAD)
        self.say(name, "FAIL" if bad else "PASS", f"{time.monotonic() - began:.1f} s")
        if bad:
            print("\n".join(f"         | {line}" for line in said.splitlines()[-15:]))
        return said

    def crate(self) -> None:
        name, tool, python = "rocrate-validator (1.2, required)", self.tool("rocrate-validator"), self.tool("python")
        if tool is None or python is None or self.context is None:
            self.say(
                name,
                "not run",
                "the program, or --context, is not here",
            )
            return
        cache = self.work / "crate-cache"
        filled = subprocess.run(
            [python, "-c", PREFILL, cache, self.context, CRATE_CONTEXT], check=False, capture_output=True
        )
        if filled.returncode:
            self.say(name, "FAIL", "its cache did not take the context")
            return
        self.run(name, [tool, "-y", "validate", "--offline", "--cache-path", cache, "-p", "ro-crate-1.2",
                        "-l", "required",
                        "--no-paging", "."])  # fmt: skip

    def pdfs(self) -> None:
        pdfs = sorted((self.package / "data/ecopy").rglob("*.pdf"))
        if not pdfs:
            self.say("qpdf --check", "not run", "the package holds no PDF")
            return
        qpdf, fonts = self.tool("qpdf"), self.tool("pdffonts")
        for path in pdfs:
            self.run(f"qpdf --check {path.name[:3]}", [qpdf, "--check", path])
        loose = 0
        for path in pdfs if fonts else ():
            said = subprocess.run([fonts, path], capture_output=True, text=True, check=True).stdout.splitlines()
            at = said[0].index("emb")
            loose += sum(line[at : at + 3].strip() != "yes" for line in said[2:])
        self.say("pdffonts: all fonts embedded", ("FAIL" if loose else "PASS") if fonts else "not run")

    def statistics(self) -> None:
        name, folder = "pyreadstat on the XPORT files", self.work / "statistical"
        if not (self.package / STATISTICS).is_file():
            self.say(name, "not run", "the package holds no case-level tables")
            return
        try:
            with zipfile.ZipFile(self.package / STATISTICS) as opened:
                opened.extractall(folder)
        except (OSError, zipfile.BadZipFile):
            self.say(name, "FAIL", "the archive of the case-level tables cannot be opened")
            return
        self.run(name, [self.python("pyreadstat"), "-c", READ_XPORT, *sorted(folder.glob("*.xpt"))])
        name = "define.xml against CDISC's schema"
        if self.define is None:
            self.say(name, "not run", "name the schema with --define")
        else:
            self.run(name, [self.python("lxml"), "-c", VALIDATE, self.define.resolve(), folder / "define.xml"])

    def python(self, module: str) -> str | None:
        """Return an interpreter that has a module."""
        python = self.tool("python")
        if python is None or subprocess.run([python, "-c", f"import {module}"], capture_output=True).returncode:
            return None
        return python

    def readme(self) -> None:
        """Run the commands that the package's README shows, with the key inside it."""
        if not (self.package / "README.txt").is_file():
            self.say("README.txt: sha256sum and openssl", "FAIL", "the package holds no README.txt")
            return
        lines = (self.package / "README.txt").read_text(encoding="utf-8").splitlines()
        commands = [line[4:] for line in lines if line.startswith("    ") and "bagit" not in line]
        key = self.package / "data/ledger/operator.pem"
        script = f"set -eo pipefail; KEY={key.resolve()!s}\n" + "\n".join(commands)
        self.run("README.txt: sha256sum and openssl", [shutil.which("bash"), "-c", script])

    def purged(self) -> int:
        """Run what can be asked of a package from which bytes were purged."""
        why = "bytes were purged by signed order: the package is not whole"
        for name in (
            "bagit",
            "rocrate-validator (1.2, required)",
            "README.txt: sha256sum and openssl",
            "eCopy rules (own checker)",
            "qpdf --check",
            "pyreadstat on the XPORT files",
        ):
            self.say(name, "not run", why)
        self.run("mlcroissant", [self.tool("mlcroissant"), "validate", "--jsonld", "croissant.json"])
        print("what is left is proven by: curator release verify PACKAGE --key OPERATOR.vkey", flush=True)
        return 1 if self.failed else 3

    def all(self) -> int:
        if (self.package / PURGE).is_file():
            return self.purged()
        self.run("bagit", [self.tool("bagit.py"), "--validate", "--quiet", "."])
        sites = sorted((self.package / SITES).iterdir()) if (self.package / SITES).is_dir() else []
        if sites:
            for name in ("mlcroissant", "rocrate-validator (1.2, required)"):
                self.say(name, "not run", "the package joins sites, each of which has its own")
        else:
            self.run("mlcroissant", [self.tool("mlcroissant"), "validate", "--jsonld", "croissant.json"])
            self.crate()
        self.readme()
        self.run("eCopy rules (own checker)", [sys.executable, HERE.parent / "ecopy_check.py", "data/ecopy"])
        self.pdfs()
        self.statistics()
        for site in sites:
            print(f"site {site.name}", flush=True)
            with tempfile.TemporaryDirectory(prefix="graders-") as temp:
                self.failed += Graders(site, self.tools, self.context, Path(temp), self.define).all() == 1
        return 1 if self.failed else 0


def is_context(path: Path) -> bool:
    """Say whether a file is the JSON-LD context of RO-Crate 1.2."""
    try:
        told = json.loads(path.read_bytes())
        return told["@id"] == CRATE_CONTEXT and isinstance(told["@context"], dict)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("package", nargs="?", type=Path)
    parser.add_argument("--tools", type=Path)
    parser.add_argument("--context", type=Path)
    parser.add_argument("--define", type=Path)
    parser.add_argument("--generate", type=int, metavar="FILES", help="make a package of so many files")
    parser.add_argument("--work", type=Path, help="where a generated package goes")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="graders-") as temp:
        work = Path(temp)
        package = given.package
        if given.generate:
            sys.path.insert(0, str(HERE))
            from generated import generated

            package = generated(given.work or work, given.generate)
        if package is None or not (package / "bagit.txt").is_file():
            parser.error("name a package")
        if given.context is not None and not is_context(given.context):
            parser.error("--context has to be a copy of the JSON-LD context of RO-Crate 1.2")
        return Graders(package.resolve(), given.tools, given.context, work, given.define).all()


if __name__ == "__main__":
    sys.exit(main())
