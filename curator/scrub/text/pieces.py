"""Forms whose text stands in pieces: pages, transcripts, tokens. Each is cleaned as one text and written again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from curator.scrub.text import markup, tokens
from curator.scrub.text import transcript as transcripts
from curator.scrub.text.members import Values
from curator.scrub.text.moves import Moved, digests_of
from curator.scrub.text.speakers import Speakers
from curator.scrub.text.view import applied, changes
from curator.scrub.text.woven import Tally, cleaned, joined, traced
from curator.scrub.things import cells_of

if TYPE_CHECKING:
    from curator.scrub.medium import Person
    from curator.scrub.treatment import Treatment


def shown(text: str, form: str) -> str:
    """Return what a reader sees of a page, a transcript or a file of tokens.

    Raises
    ------
    ItemError
        TXT-023, TXT-028 or TXT-029 when it cannot be read whole.
    """
    if form == "html":
        page = markup.page(text)
        return joined(page.parts, page.between)[0]
    if form == "conll":
        documents, _ = tokens.read(text)
        return "\n\n".join(tokens.text_of(one.rows)[0] for one in documents)
    cues, _ = transcripts.cues(text, form)
    said = [line for cue in cues for line in cue.lines]
    return joined(said, transcripts.between(said))[0]


def page(text: str, form: str, person: Person, treatment: Treatment) -> tuple[str, Tally]:
    """Clean an HTML page."""
    tally = Tally()
    read = markup.page(text)
    parts, found = cleaned(read.parts, read.between, person, treatment, cells_of(read.told()))
    tally.changes(form, found)
    if read.dropped:
        tally.add("markup", "removed", read.dropped)
    return read.written(parts), tally


def transcript(text: str, form: str, person: Person, treatment: Treatment) -> tuple[str, Tally, Moved | None]:
    """Clean a WebVTT or SubRip transcript; also return where its places went, None when that is too much."""
    tally, speakers = Tally(), Speakers()
    cues, dropped = transcripts.cues(text, form)
    for cue in cues:
        for who in cue.speaker:
            speakers.label(who)
    said = [line for cue in cues for line in cue.lines]
    clean, found = traced(said, transcripts.between(said), speakers.beside(person), treatment)
    tally.changes(form, found)
    if speakers.given:
        tally.add("speaker", "replaced", len(speakers.given))
    if dropped:
        tally.add("block", "removed", dropped)
    made, edits = transcripts.written(cues, clean, speakers, form, len(text))
    return made, tally, None if edits is None else Moved(digests_of(text), len(text), tuple(edits))


def _one_token(new: str) -> str:
    """Return what replaces a finding; a tag such as [RECORD NUMBER] as one token."""
    return new.replace(" ", "_") if new.startswith("[") and new.endswith("]") else new


def conll(text: str, form: str, person: Person, treatment: Treatment) -> tuple[str, Tally]:
    """Clean a file of tokens and tags, document by document."""
    tally = Tally()
    values = Values(person, treatment, tally)
    documents, layout = tokens.read(text)
    out = []
    for document in documents:
        plain, places = tokens.text_of(document.rows)
        found = [replace(one, new=_one_token(one.new)) for one in changes(plain, person, treatment)]
        tally.changes(form, found)
        labels = {one.label: "-".join(values.label(one.label).split()) for one in tokens.spans(document.rows)}
        done = applied(plain, found)
        out.append((tokens.retagged(document.rows, places, done, labels, layout), document.starts))
    return tokens.written(out, layout), tally
