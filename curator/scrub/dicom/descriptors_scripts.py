"""Names in other scripts: ideographs, Hangul, Cyrillic, by frequent surnames, endings and forms of address."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from curator.scrub.dicom.descriptors_terms import LETTER, OTHER, TERM, cues, eastern, russian
from curator.scrub.dicom.descriptors_words import Words

_EAST = re.compile("[\u3005\u3400-\u9fff\uac00-\ud7a3\u3040-\u30ff\uf900-\ufaff]")
_RUN = re.compile("[\u3005\u3400-\u9fff\uf900-\ufaff]+|[\uac00-\ud7a3]+|[\u30a0-\u30ff]+|[\u3040-\u309f]+")
_CYRILLIC = re.compile("^[\u0400-\u04ff]+$")
_LONGEST_TERM = 8
_MOST_GIVEN = 3
#: Greek, Armenian, Hebrew, Arabic, the scripts of India, Thai, Georgian, Ethiopic.
_UNLISTED = re.compile("[\u0370-\u03ff\u0530-\u0fff\u10a0-\u10ff\u1200-\u137f\u1f00-\u1fff]{2}")


@cache
def _surnames() -> tuple[str, ...]:
    listed = cues()["japanese"] | cues()["chinese"] | cues()["korean"]
    return tuple(sorted(listed, key=lambda name: (-len(name), name)))


@cache
def _listed_surnames() -> frozenset[str]:
    return frozenset(_surnames()) - eastern()


def _has_term(text: str) -> bool:
    """Say whether a term of imaging stands in a few characters."""
    return any(text[at:end] in eastern() for at in range(len(text)) for end in range(at + 1, len(text) + 1))


def is_eastern(text: str) -> bool:
    """Say whether a text has ideographs, kana or Hangul."""
    return _EAST.search(text) is not None


def mark_scripts(words: Words, holes: list[tuple[int, int]]) -> None:
    """Mark names in other scripts, and add the ranges that are parts of longer runs.

    Words of scripts that the list of terms has no word in cannot be told from names: they go.
    Of ideographs and the like at the places that ``words.figures`` has, whatever is no term goes.
    """
    if words.text.isascii():
        return
    if is_eastern(words.text):
        holes += _houses_and_readings(words.text)
    latin = any(
        kind == TERM and low.isascii() for kind, low in zip(words.kinds, words.folded, strict=True)
    ) and not any(kind == TERM and not low.isascii() for kind, low in zip(words.kinds, words.folded, strict=True))
    for at, (start, end) in enumerate(words.spans):
        text = words.text[start:end]
        if words.kinds[at] != OTHER or words.gone[at]:
            continue
        if _UNLISTED.match(text) or (latin and _CYRILLIC.match(text)):
            words.gone[at] = True
            continue
        if _EAST.search(text):
            holes += [(start + low, start + high) for low, high in _eastern_names(text, strict=at in words.figures)]
        elif _CYRILLIC.match(text) and text[0].isupper() and len(text) > 3 and russian().search(words.folded[at]):
            words.gone[at] = True
            for beside in (at - 1, at + 1):
                if (
                    0 <= beside < len(words.kinds)
                    and words.kinds[beside] in {OTHER, LETTER}
                    and words.close(min(at, beside))
                ):
                    piece = words.text[slice(*words.spans[beside])]
                    words.gone[beside] = words.gone[beside] or piece[0].isupper()


#: Two runs of katakana with a blank between them: スズキ ハナコ.
_SPOKEN = re.compile(
    r"(?<![\u30a0-\u30ff])([\u30a1-\u30fa\u30fc]{2,6})[ \u3000・]([\u30a1-\u30fa\u30fc]{2,6})(?![\u30a0-\u30ff])"
)


#: A name with a form of address behind a blank.
_ADDRESSED = re.compile(
    r"([\u3005\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]{1,6})[ \u3000]"
    r"(?:女士|先生|小姐|同志|医生|醫生|主任|様|さま|さん|殿|씨|님)"
)


#: A run of ideographs or Hangul, a blank, and another or one of kana that may be a given name.
_PARTED = re.compile(
    r"(?<![\u3005\u3400-\u9fff\uac00-\ud7a3])([\u3005\u3400-\u9fff\uac00-\ud7a3]{1,3})[ \u3000・]"
    r"(?=([\u3005\u3400-\u9fff\uac00-\ud7a3]{1,3}|[\u3040-\u309f\u30a1-\u30fa\u30fc]{2,5})"
    r"(?![\u3005\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]))"
)


def _houses_and_readings(text: str) -> Iterator[tuple[int, int]]:
    """Yield names of hospitals and the like with what goes before their kind, and names written by their sound."""
    for match in _PARTED.finditer(text):  # 佐藤 健一
        if match.start() and len(match[1]) == 1 and text[match.start() - 1].isalnum():
            continue  # the end of a word: X선
        if match[1] in _listed_surnames() and not _has_term(match[2]) and match[1] + match[2] not in eastern():
            yield match.start(), match.end(2)
    for match in _SPOKEN.finditer(text):
        if not any(match[part] in eastern() or match[part] in cues()["eastern_house"] for part in (1, 2)):
            yield match.span()
    for match in _ADDRESSED.finditer(text):
        if match[1] not in eastern():
            yield match.span()
    for match in _house().finditer(text):
        start = match.start()
        for size in range(_LONGEST_TERM, 1, -1):  # a term before the name stays
            if text[start : start + size] in eastern():
                start += size
                break
        if start < match.start("kind"):
            yield start, match.end()


@cache
def _house() -> re.Pattern[str]:
    kinds = "|".join(sorted(map(re.escape, cues()["eastern_house"]), key=len, reverse=True))
    return re.compile(
        rf"(?:(?!由|自|到|の|から|元|介|转|與|与|在)[\u3005\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]){{1,12}}?(?P<kind>{kinds})"
    )


def _eastern_names(text: str, *, strict: bool) -> list[tuple[int, int]]:
    """Return what of a run is no term and begins like a name, with its form of address."""
    found: list[tuple[int, int]] = []
    for run in _RUN.finditer(text):
        at, rest = run.start(), run.start()
        while at < run.end():
            size = next(
                (
                    size
                    for size in range(min(_LONGEST_TERM, run.end() - at), 1, -1)
                    if text[at : at + size] in eastern()
                ),
                0,
            )
            if size:
                found += _name_in(text, rest, at, strict)
                at += size
                rest = at
            else:
                at += 1
        found += _name_in(text, rest, run.end(), strict)
    return found


def _name_in(text: str, start: int, end: int, strict: bool) -> list[tuple[int, int]]:
    piece = text[start:end]
    if not piece or piece in eastern():
        return []
    if strict and len(piece) > 1:
        return [(start, end)]
    polite = [word for word in cues()["honorific"] if piece.endswith(word) and len(piece) > len(word)]
    surname = next((name for name in _surnames() if piece.startswith(name)), "")
    if polite or (surname and 0 < len(piece) - len(surname) <= _MOST_GIVEN) or (len(surname) > 1 and piece == surname):
        return [(start, end)]
    return []
