"""Whether the few letters beyond ASCII of a text in English were read in the encoding in which they were written.

A note in English with one Russian or Japanese name in an old encoding decodes without an error in several others: the
name then stands there in wrong letters, which nothing finds and anybody can turn back. So few bytes tell no encoding
but the usual Latin ones, and those only where each word reads as a writer writes it. What is left is a Latin letter
that stands for another one (Dvoøák): the word still looks like the name that it is.
"""

from __future__ import annotations

import re

#: Encodings of Western and Central European letters; in their languages most letters are ASCII.
LATIN = frozenset(("cp1252", "cp1250", "cp1254", "iso8859_2", "iso8859_15", "mac_roman", "cp437", "cp850"))
#: A run without blanks that holds a character beyond ASCII.
_RUN = re.compile(r"[^\s]*[^\x00-\x7f\s][^\s]*")
#: Marks in front of a word, in front of a figure besides, between two letters or figures, and behind one.
_FRONT = frozenset("“‘‚„«‹¿¡–—•·†‡¶¬°−→←↑↓∆√")
_FRONT_OF_FIGURE = _FRONT | frozenset("£€¥¢§±≥≤≠≈×÷…°©®∞")
_WITHIN = frozenset("’‘´–—…°×÷±®™≥≤≠≈−→\xad")
_WITHIN_FIGURES = _WITHIN | {"·"}
_BEHIND = frozenset("”“’´»›…°²³¹®™©–—•±†≥≤→↑↓\xad")
_BEHIND_FIGURE = _BEHIND | frozenset("·‡‰€£¢∞")
_ALONE = _FRONT_OF_FIGURE | _WITHIN_FIGURES | _BEHIND_FIGURE | frozenset("¦¤")
#: Two signs of which only these stand beside each other: quotes, dashes, dots.
_BESIDE = re.compile(r"[^\x00-\x7f\w“”‘’…–—«»¿¡°][^\x00-\x7f\w]|[^\x00-\x7f\w][^\x00-\x7f\w“”‘’…–—«»¿¡°]")
#: Letters that are a word by themselves.
_SINGLE = frozenset("àÀáÁéÉèÈíÍóÓúÚñÑãõâêôåÅäöüÄÖÜøØæµªº")
#: Characters that hardly anybody writes; they come from misreading.
_STRANGE = frozenset("ƒŸÿˆ˜¯¨¸")
#: Signs of ordinals, letters by their category: behind a figure or the N of a number; also written for degrees.
_ORDINALS = re.compile(r"(?<![0-9NnoO ])[ªº]|[ªº](?![CF](?!\w))(?=[^\W\d_])")


def reads_well(text: str) -> bool:
    """Say whether every word with a character beyond ASCII is one that somebody may have written."""
    return all(_written(run) for run in _RUN.findall(text))


def _written(run: str) -> bool:
    """Judge one run: where its marks stand, and for each word its letters."""
    if not _STRANGE.isdisjoint(run) or _ORDINALS.search(run) or _BESIDE.search(run):
        return False
    last = len(run) - 1
    for at, mark in enumerate(run):
        if mark.isascii() or mark.isalpha() or mark.isnumeric():
            continue
        before = at > 0 and run[at - 1].isalnum()
        behind = at < last and run[at + 1].isalnum()
        if before and behind:
            figures = run[at - 1].isdecimal() and run[at + 1].isdecimal()
            allowed = _WITHIN_FIGURES if figures else _WITHIN
        elif before:
            allowed = _BEHIND_FIGURE if run[at - 1].isdecimal() else _BEHIND
        elif behind:
            allowed = _FRONT if run[at + 1].isalpha() else _FRONT_OF_FIGURE
        else:
            allowed = _ALONE
        if mark not in allowed:
            return False
    words = "".join(mark if mark.isalpha() else " " for mark in run).split()
    return all(_spelled(word) for word in words if not word.isascii())


def _spelled(word: str) -> bool:
    """Judge the letters of a word: most are ASCII, and a capital within small letters is none beyond ASCII."""
    high = sum(1 for letter in word if not letter.isascii() and letter not in "µªº")
    if len(word) == 1:
        return word in _SINGLE
    if high * 2 > len(word):
        return False
    small = any(letter.islower() for letter in word)
    return not small or not any(letter.isupper() and not letter.isascii() for letter in word[1:])
