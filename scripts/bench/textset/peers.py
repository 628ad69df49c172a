"""Runs one detector over JSON Lines of {id, text}: spans to standard output, CPU seconds and memory in the last line.

Runs in the environment that has the peer. Nothing is downloaded.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import sys
import time
import unicodedata
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

        def is_stopword(self, word: str, language: str) -> bool:  # noqa: ARG002
            return False

        def is_punct(self, word: str, language: str) -> bool:  # noqa: ARG002
            return False

        def get_supported_entities(self) -> list[str]:
            return []

        def get_supported_languages(self) -> list[str]:
            return ["en"]

    registry = RecognizerRegistry()
    registry.load_predefined_recognizers(languages=["en"])
    engine = AnalyzerEngine(registry=registry, nlp_engine=Blank(), supported_languages=["en"])
    return lambda text: [(r.start, r.end) for r in engine.analyze(text, language="en") if r.score >= 0.3]


def phileas() -> Callable[[str], Spans]:
    from phileas.policy.policy import Policy
    from phileas.services.filter_service import FilterService

    filters = "age emailAddress creditCard ssn phoneNumber ipAddress url zipCode vin bankRoutingNumber date macAddress"
    filters += " streetAddress trackingNumber driversLicense ibanCode passportNumber"
    strategy = [{"strategy": "REDACT", "redactionFormat": "x"}]
    chosen = {key: {f"{key}FilterStrategies": strategy} for key in filters.split()}
    policy = Policy.from_dict({"name": "all", "identifiers": chosen})
    service = FilterService()

    def find(text: str) -> Spans:
        spans = service.filter(policy=policy, context="bench", document_id="bench", text=text).spans
        return [(span.character_start, span.character_end) for span in spans]

    return find


def openmed() -> Callable[[str], Spans]:
    from openmed.core.safety_sweep import safety_sweep

    return lambda text: [(span.start, span.end) for span in safety_sweep(text, [])]


def philter() -> Callable[[str], Spans]:
    """All that its filters do not let through is taken out.

    It masks letters of ASCII alone. Runs with blanks, marks or accented letters between them count as one span, so that
    an accented name counts as found when the rest of it is masked.
    """
    import nltk
    import philter_lite
    from textblob.en import parser

    nltk.pos_tag = lambda tokens: parser.find_tags(list(tokens))
    folder = os.path.dirname(philter_lite.__file__)
    filters = philter_lite.load_filters(f"{folder}/configs/philter_delta.toml")

    def find(text: str) -> Spans:
        kept, _, _ = philter_lite.detect_phi(text, filters)
        spans: list[tuple[int, int]] = []
        for start, end in sorted(kept.get_complement(text).items()):
            while start and _accented(text[start - 1]):
                start -= 1
            while end < len(text) and _accented(text[end]):
                end += 1
            if spans and not text[spans[-1][1] : start].strip(" \t.,-/'"):
                spans[-1] = (spans[-1][0], end)
            else:
                spans.append((start, end))
        return spans

    return find


def _accented(mark: str) -> bool:
    return not mark.isascii() and (mark.isalnum() or bool(unicodedata.combining(mark)))


DETECTORS: dict[str, Callable[[], Callable[[str], Spans]]] = {
    "curator": curator,
    "scrubadub": scrubadub,
    "presidio": presidio,
    "phileas": phileas,
    "openmed": openmed,
    "philter": philter,
}


def main() -> None:
    # A detector may print: what it says must not stand among the answers.
    with contextlib.redirect_stdout(sys.stderr):
        find = DETECTORS[sys.argv[1]]()
        list(find("Warm up: John Smith, 01/02/2020."))
        ready = time.process_time()
        rows, size = [], 0
        lines = [json.loads(line) for line in sys.stdin]
        began = time.process_time()
        for line in lines:
            try:
                rows.append({"id": line["id"], "spans": [list(span) for span in find(line["text"])]})
            except Exception as error:
                # A note that a detector fails at is one in which it found nothing, and is counted.
                rows.append({"id": line["id"], "spans": None, "error": type(error).__name__})
            size += len(line["text"].encode())
        seconds = time.process_time() - began
    for row in rows:
        print(json.dumps(row))
    unit = 1 if sys.platform == "darwin" else 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**20
    print(json.dumps({"ready": ready, "seconds": seconds, "kilobytes": size / 1000, "peak_mib": peak}))


if __name__ == "__main__":
    main()
