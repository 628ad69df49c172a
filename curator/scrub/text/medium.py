"""Texts of all forms: notes, Markdown, rich text, HTML, transcripts, labeled tokens, JSON records.

The form is told by the content. Every form is decoded strictly first, and written as UTF-8. A form that cannot be
cleaned is held back.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, BinaryIO

from curator.core.errors import ItemError
from curator.formats.textcode import decoded, detect, whole
from curator.scrub.medium import Made, People, RecordHarvest
from curator.scrub.text import measures, notes, records
from curator.scrub.text.forms import HEAD, form_of
from curator.scrub.text.gather import Gathered

if TYPE_CHECKING:
    from curator.scrub.treatment import Treatment

#: Characters of a file that is read whole.
MOST_WHOLE = 64 << 20
_REFUSED = {"brat": "TXT-024", "conllu": "TXT-029", "xml": "TXT-025"}


def _form(stream: BinaryIO) -> str:
    """Return a file's form, the stream at its start.

    Raises
    ------
    ItemError
        TXT-020 to TXT-022 for what is no text, TXT-024, TXT-025 and TXT-029 for forms that are held back.
    """
    head = ""
    for piece in decoded(stream, detect(stream)):
        head += piece
        if len(head) >= HEAD:
            break
    stream.seek(0)
    form = form_of(head)
    if form in _REFUSED:
        raise ItemError(_REFUSED[form])
    return form


def harvest(stream: BinaryIO, size: int, treatment: Treatment) -> RecordHarvest:  # noqa: ARG001 - the door's shape
    """Read a text for pass 1; see :class:`curator.scrub.medium.Medium`.

    Raises
    ------
    ItemError
        TXT and JSN codes, when it cannot be read whole.
    """
    form = _form(stream)
    if form in {"json", "jsonl"}:
        return records.harvest(stream, treatment, form)
    if form == "text" and measures.stays(stream, None, treatment):
        return notes.harvested(Gathered(), form)
    if form in {"text", "markdown"}:
        return notes.harvest(stream, treatment, form)
    gathered = Gathered()
    gathered.read(_shown(stream, form), treatment)
    return notes.harvested(gathered, form)


def rewrite(stream: BinaryIO, out: BinaryIO, people: People, treatment: Treatment) -> Made:
    """Write the clean text; see :class:`curator.scrub.medium.Medium`.

    Raises
    ------
    ItemError
        TXT and JSN codes, when it cannot be cleaned whole.
    """
    form = _form(stream)
    if form in {"json", "jsonl"}:
        return records.rewrite(stream, out, people, treatment, form)
    if form == "text" and measures.stays(stream, people.own, treatment):
        return notes.rewrite(stream, out, people.own, treatment, "measures")
    if form in {"text", "markdown"}:
        return notes.rewrite(stream, out, people.own, treatment, form)
    if form == "rtf":
        made = notes.write(iter([_shown(stream, form)]), out, people.own, treatment, "text")
        # What a tool shows of a rich text is its own reading of it: places in that are none of ours.
        return Made(made.content, made.actions)
    from curator.scrub.text.pieces import conll, page, transcript

    old, moved = whole(stream, MOST_WHOLE), None
    if form in {"vtt", "srt"}:
        text, tally, moved = transcript(old, form, people.own, treatment)
    else:
        text, tally = {"html": page, "conll": conll}[form](old, form, people.own, treatment)
    data = text.encode("utf-8")
    out.write(data)
    return Made(hashlib.sha256(data).hexdigest(), tally.actions(), () if moved is None else (moved,))


def _shown(stream: BinaryIO, form: str) -> str:
    """Return what a reader sees of a file that is read whole."""
    if form == "rtf":
        from curator.scrub.text import rtf

        stream.seek(0)
        data = stream.read(MOST_WHOLE + 1)
        if len(data) > MOST_WHOLE:
            raise ItemError("TXT-023", limit=MOST_WHOLE >> 20)
        return rtf.plain(data)
    from curator.scrub.text.pieces import shown

    return shown(whole(stream, MOST_WHOLE), form)
