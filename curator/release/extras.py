"""The further files of a package, made from the package alone: documents, the submission's tree, and descriptions.

Whoever has a package and this program of the same version gets the same bytes again.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from curator.release import ecopy, layout

if TYPE_CHECKING:
    from curator.release.made import Made

VOLUME = ecopy.volume(1, "Dataset")
POINTER = """This submission's images and files are not repeated here.

They stand in the package {dataset} {version}, below data/clean/, one line each in samples.jsonl of this archive with
path and SHA-256. manifest.json holds the SHA-256 of that list; the package's signature covers both. Ask the sponsor
for the package, or for archives of its DICOM files for this folder.
"""


def renderer() -> str:
    """Return what makes PDFs here, by name and version; empty where nothing does."""
    try:
        import reportlab
    except ImportError:
        return ""
    return f"reportlab {reportlab.__version__}"


def pdf_place(number: int, title: str) -> str:
    """Return where the PDF of a document stands in a package (SUB-005)."""
    return f"{layout.ECOPY}{VOLUME}/{ecopy.pdf_name(number, title)}"


def documents(made: Made) -> Iterator[tuple[str, bytes]]:
    """Yield every document as an HTML page, and as a PDF in the submission's tree where PDFs can be made.

    Raises
    ------
    IntegrityError
        SUB-012 when a count does not close.
    UsageError
        SUB-005, SUB-015 for what the submission's rules forbid.
    """
    from curator.release.documents.table import DOCUMENTS
    from curator.report.html import html_page

    facts = made.facts
    for place, one in enumerate(DOCUMENTS, 1):
        document = one.make(facts)
        yield f"{layout.DOCUMENTS}{one.SLUG}.html", html_page(document)
        if made.renderer:
            from curator.report.pdf import pdf_bytes

            yield pdf_place(place, one.TITLE), ecopy.checked_pdf(pdf_bytes(document), one.TITLE)


def submission_data(made: Made) -> Iterator[tuple[str, bytes]]:
    """Yield case-level data with their definition, and the pointer to the images (SUB-001 to SUB-004, SUB-015)."""
    from curator.release.case_data import case_files

    facts = made.facts
    yield f"{layout.ECOPY}{ecopy.STATISTICAL}/case_level_data.zip", ecopy.zipped(case_files(facts))
    said = facts.manifest
    text = POINTER.format(dataset=said["dataset"], version=said["version"])
    files = [
        ("where_the_images_are.txt", text.encode("ascii")),
        ("manifest.json", facts.read(layout.MANIFEST)),
        ("samples.jsonl", (made.folder / layout.SAMPLES).read_bytes()),
    ]
    yield f"{layout.ECOPY}{ecopy.MISC}/dataset_pointer.zip", ecopy.zipped(files)


def descriptions(made: Made) -> Iterator[tuple[str, bytes]]:
    """Yield the tag files: how to verify by hand, RO-Crate, Croissant."""
    from curator.release.crate import crate
    from curator.release.croissant import croissant
    from curator.release.readme import readme

    facts = made.facts
    yield layout.README, readme(facts)
    yield layout.CROISSANT, croissant(facts)
    yield layout.CRATE, crate(facts)


EXTRAS = (documents, submission_data)
TAGS = (descriptions,)
