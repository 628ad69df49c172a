"""Eponyms and words that are surnames, where somebody is spoken to or speaks: tell Graves that; Foley called.

A disease or a device is neither asked nor does it call. Only words that the lists know as names are taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from curator.detect.text.lexicon import fold, lexicon
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding

_WORD = r"([^\W\d_a-z][^\W\d_]*(?:['’-][^\W\d_]+)*)"
_TOLD = re.compile(
    rf"\b(?i:tell|told|ask|asked|phoned|texted|paged|notified|informed|reminded|thanked|thank) {_WORD}"
    r"(?=(?: (?:that|to|about|if|whether|he|she|we|I|they|and|yesterday|today|tomorrow|this|on|at|by|again|for)\b)"
    r"|[,.;!?\n]|$)"
)
_SPEAKS = re.compile(
    rf"(?:^|[.!?:;\n] ?)[\"“]?{_WORD} (?:called|calls|phoned|said|says|states|stated|asked|asks|agreed|agrees|wrote"
    r"|texted|visited|lives)\b",
    re.MULTILINE,
)


def asked(text: str) -> Iterator[Finding]:
    """Yield names that only somebody who is spoken to, or who speaks, can be."""
    for form, rule in ((_TOLD, "name.told"), (_SPEAKS, "name.speaks")):
        for match in form.finditer(text):
            if match[1][0].isupper() and _is_name(match[1]):
                yield Finding(match.start(1), match.end(1), Category.NAME, "name", rule, 0.7)


def _is_name(word: str) -> bool:
    folded = fold(word)
    words = lexicon()
    if folded in words.words and folded not in words.given and folded not in words.eponyms:
        return False
    return folded in words.given or folded in words.surnames or folded in words.international
