"""A report as a PDF of letter pages (extra ``documents``): searchable text, bookmarks, charts as vector strokes.

It asks no clock and no machine: the same document gives the same bytes. What the embedded fonts lack is shown as a
mark and counted on the last page, never dropped.
"""

from __future__ import annotations

from importlib import import_module

from curator.core.errors import UsageError
from curator.report.model import Document


def pdf_bytes(document: Document) -> bytes:
    """Render a document as a PDF.

    Parameters
    ----------
    document
        What to render; its date becomes the date in the file's properties.

    Returns
    -------
    bytes
        The file, the same for the same document.

    Raises
    ------
    UsageError
        RPT-001 when reportlab is not installed.
    ValueError
        For a picture that is no whole PNG, a table whose rows differ in length from its head, or a date that is not
        RFC 3339.
    """
    try:
        import_module("reportlab")
    except ImportError:
        raise UsageError("RPT-001") from None
    from curator.report.pdf_story import render

    return render(document)
