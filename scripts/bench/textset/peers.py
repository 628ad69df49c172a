# ruff: noqa: ARG002 - lists and forms of a bench stay on their line
"""Runs one detector over JSON Lines of {id, text}: spans to standard output, CPU seconds and memory in the last line.

Runs in the environment that has the peer. Nothing is downloaded.
"""

from __future__ import annotations

import contextlib
import json
import resource
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any

Spans = Iterable[tuple[int, int]]


def curator() -> Callable[[str], Spans]:
    from curator.detect.text import detectors, find_all

    ours = detectors()
    return lambda text: [(f.start, f.end) for f in find_all(text, ours)]


def scrubadub() -> Callable[[str], Spans]:
    import scrubadub

    scrubber = scrubadub.Scrubber()
    return lambda text: [(f.beg, f.end) for f in scrubber.iter_filth(text)]


def presidio() -> Callable[[str], Spans]:
    """Patterns alone: a blank spaCy pipeline, since its models are downloads."""
    import spacy
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
    from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine

    class Blank(NlpEngine):
        nlp = spacy.blank("en")

        def load(self) -> None: ...
        def is_loaded(self) -> bool:
            return True

        def process_text(self, text: str, language: str) -> Any:
            doc = self.nlp(text)
            return NlpArtifacts([], doc, [t.idx for t in doc], [t.lower_ for t in doc], self, language)

        def process_batch(self, texts: Any, language: str, **_: Any) -> Any:
            return ((text, self.process_text(text, language)) for text in texts)

        def is_stopword(self, word: str, language: str) -> bool:
            return False

        def is_punct(self, word: str, language: str) -> bool:
            return False

        def get_supported_entities(self) -> list[str]:
            return []

        def get_supported_languages(self) -> list[str]:
            return ["en"]

    registry = RecognizerRegistry()
    registry.load_predefined_recognizers(languages=["en"])
    engine = AnalyzerEngine(registry=registry, nlp_engine=Blank(), supported_languages=["en"])
    return lambda text: [(r.start, r.end) for r in engine.analyze(text, language="en") if r.score >= 0.3]


def main() -> None:
    began = time.process_time()
    with contextlib.redirect_stdout(sys.stderr):
        find = {"curator": curator, "scrubadub": scrubadub, "presidio": presidio}[sys.argv[1]]()
        list(find("Warm up: John Smith, 01/02/2020."))
    ready, rows, characters = time.process_time() - began, [], 0
    lines = [json.loads(line) for line in sys.stdin]
    began = time.process_time()
    for line in lines:
        with contextlib.redirect_stdout(sys.stderr):
            rows.append({"id": line["id"], "spans": [list(span) for span in find(line["text"])]})
        characters += len(line["text"].encode())
    seconds = time.process_time() - began
    for row in rows:
        print(json.dumps(row))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"ready": ready, "seconds": seconds, "kilobytes": characters / 1000, "peak_mib": peak}))


if __name__ == "__main__":
    main()
