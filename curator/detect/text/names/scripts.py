# ruff: noqa: E501 - a pattern or a list that is cut into lines hides what it holds
"""Names in other scripts than the Latin one, in texts that are mostly Latin or behind a cue of their own language."""

from __future__ import annotations

import re
from collections.abc import Iterator

from curator.detect.text.words.near import near
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding

_HAN = "\u3400-\u9fff\uf900-\ufaff"
_KANA = "\u3040-\u30ff"
#: Behind or before these stands a name of East Asia.
_EAST = re.compile(
    f"[{_HAN}]{{2,4}}(?=先生|女士|小姐|太太|さん|様|氏|医生|大夫|医師|醫生|醫師|护士|護士|先生|教授|主任)"
    f"|(?<=[:：])[ ]?[{_HAN}{_KANA}]{{2,6}}"
    f"|(?<=患者)[{_HAN}]{{2,4}}(?=[,，、。 因来來的])"
    "|[\uac00-\ud7af]{2,4}(?=[ ]?(?:씨|님|환자|선생님|의사|간호사))"
    "|(?<=[:：])[ ]?[\uac00-\ud7af]{2,4}(?![\uac00-\ud7af])"
)
#: In these scripts only a cue tells, when the whole text is written in them.
_CUED = re.compile(
    "(?:г-н|г-жа|д-р|др\\.|доктор|врач|пациент(?:ка)?|имя|фамилия|больн(?:ой|ая)|муж|жена|сын|дочь)[:.]?[ ]+([А-ЯЁІЇЄҐ][а-яёіїєґ'’-]+(?:[ ][А-ЯЁІЇЄҐ](?:[а-яёіїєґ'’-]+|\\.)){0,2})"
    "|(?:κ\\.|κα\\.?|κος|δρ\\.?|ασθενής|όνομα|γιατρός)[:]?[ ]+([Α-ΩΆ-Ώ][α-ωά-ώ]+(?:[ ][Α-ΩΆ-Ώ][α-ωά-ώ]+){0,2})"
    "|(?:السيد|السيدة|الدكتور|الدكتورة|د\\.|المريض|المريضة|الاسم)[:]?[ ]+([\u0621-\u064a]+(?:[ ][\u0621-\u064a]+){0,2})"
    "|(?:ד\"ר|מר|גב'|הגברת|המטופל|המטופלת|שם)[:]?[ ]+([\u05d0-\u05ea]+(?:[ ][\u05d0-\u05ea]+){0,2})"
    "|(?:श्री|श्रीमती|डॉ\\.?|रोगी|नाम)[:]?[ ]+([\u0900-\u097f]+(?:[ ][\u0900-\u097f]+){0,2})",
    re.IGNORECASE,
)
#: A run of words of another script: in a Latin text that is somebody's name far more often than not.
_RUN = re.compile(
    "[\u0400-\u052f][\u0400-\u052f'’-]+(?:[ ][\u0400-\u052f]['’.\u0400-\u052f-]*)*|[\u0370-\u03ff\u1f00-\u1fff]{3,}(?:[ ][\u0370-\u03ff\u1f00-\u1fff]{2,})*|[\u0600-\u06ff]{2,}(?:[ ][\u0600-\u06ff]{2,})*"
    "|[\u0590-\u05ff]{2,}(?:[ ][\u0590-\u05ff]{2,})*|[\u3040-\u30ff\u3400-\u9fff]{2,}(?:[ ・　][\u3040-\u30ff\u3400-\u9fff]{1,})*|[\uac00-\ud7af]{2,}(?:[ ][\uac00-\ud7af]{1,})*"
    "|[\u0900-\u0dff]{2,}(?:[ ][\u0900-\u0dff]{2,})*|[\u0e00-\u0e7f]{2,}|[\u0530-\u058f]{2,}(?:[ ][\u0530-\u058f]{2,})*|[\u10a0-\u10ff]{2,}(?:[ ][\u10a0-\u10ff]{2,})*|[\u1200-\u137f]{2,}(?:[ ][\u1200-\u137f]{2,})*"
)
#: A letter of such a script; without one there is nothing to look for.
_OTHER = re.compile(f"[\u0370-\u1fff{_KANA}{_HAN}\uac00-\ud7af]")
#: Letters and units of science that are no name.
_SCIENCE = re.compile("[αβγδεζκλμπρσφχψωΔΣΩΓΛ]+$")


def scripts(text: str) -> Iterator[Finding]:
    """Yield names in other scripts."""
    if text.isascii() or not _OTHER.search(text):
        return
    head = text[:2000]
    latin = sum(1 for mark in head if mark.isascii() and mark.isalpha())
    other = sum(1 for mark in head if mark.isalpha() and mark >= "\u0370")
    for start, end in near(text, _OTHER):
        if latin >= other:
            for match in _RUN.finditer(text, start, end):
                if not _SCIENCE.match(match[0]):
                    yield Finding(match.start(), match.end(), Category.NAME, "name", "name.script", 0.6)
        for match in _CUED.finditer(text, start, end):
            at = match.lastindex or 0
            yield Finding(match.start(at), match.end(at), Category.NAME, "name", "name.script-cue", 0.8)
        for match in _EAST.finditer(text, start, end):
            yield Finding(match.end() - len(match[0].lstrip()), match.end(), Category.NAME, "name", "name.cjk", 0.8)
