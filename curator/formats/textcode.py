"""In which encoding a text file is, and its characters piece by piece.

The whole file is decoded strictly before a word of it is believed: a file that does not decode whole in one encoding is
refused, but for the one case that hospitals really have, lines of Windows-1252 among lines of UTF-8. Nothing is ever
replaced, dropped or guessed character by character. It must never print, log or raise what it reads.
"""

from __future__ import annotations

import codecs
import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from curator.core.errors import ItemError
from curator.formats.fewmarks import LATIN, reads_well

#: Bytes that are read at a time.
BLOCK = 1 << 20
#: Longest line of a file of mixed encodings: longer ones cannot be judged line by line.
MOST_LINE = 8 * BLOCK
#: Share of control characters from which on a file is taken for binary.
MOST_CONTROLS = 0.001
#: Bytes with a high bit that are gathered from all over the file for the guess among the old encodings.
SAMPLE = 64 * 1024
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: Encodings that are looked for when it is no Unicode, the usual one of a family first: ties go to the earlier.
OLD = (
    *("cp1252", "cp932", "gb18030", "big5", "euc_jp", "cp949", "cp1251", "koi8_r", "cp1250", "mac_roman", "cp437"),
    *("cp850", "cp1253", "cp1254", "cp1255", "cp1256", "iso8859_2", "iso8859_5", "iso8859_15", "shift_jis", "euc_kr"),
)
_CONTROLS = bytes(at for at in (*range(32), 127) if at not in b"\t\n\v\f\r\x1a\x1b")
_LETTERS = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_JAPANESE = re.compile(rb"\x1b\$[@B]")
_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n|\Z)")
#: UTF-8 of a character beyond ASCII, wherever it stands.
_WIDE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HIGH = re.compile(rb"[\x80-\xff]+")
_HIGHS = bytes(range(0x80, 0x100))
#: A text is English with a few foreign words when less than one byte of so many is beyond ASCII.
_LITTLE = 6
#: Fewer such bytes tell no encoding but the usual one.
_TELLING = 4
#: UTF-8 of a Latin letter (U+00C0 to U+024F): in the encodings of Western and Central Europe a letter with a symbol
#: behind it, which nobody writes but for a closing mark behind a capital.
_LATIN = re.compile(rb"[\xc3-\xc9][\x80-\xbf]")
_CLOSING = b"\x80\x84\x85\x91\x92\x93\x94\x96\x97\x99\xa0\xab\xae\xbb"
#: Those of them behind the last letter of a Romanian word in capitals.
_QUOTING = b"\x85\x93\x94\x96\xbb"
_WESTERN = frozenset(("cp1252", "cp1254", "iso8859_15"))
_EUROPEAN = _WESTERN | {"cp1250", "iso8859_2"}
#: Of other scripts, a byte a letter: there two such bytes alone do not stand behind a Latin letter.
_OTHERS = frozenset(("cp1251", "koi8_r", "mac_roman", "cp437", "cp850", "cp1253", "cp1255", "cp1256", "iso8859_5"))
_ATTACHED = re.compile(rb"(?<=[A-Za-z])[\xc3-\xc9][\x80-\xbf](?![\x80-\xff])")


@dataclass(frozen=True)
class Coding:
    """How a file is encoded.

    Parameters
    ----------
    name
        Python's name of the codec; ``mixed`` for UTF-8 with lines of Windows-1252.
    skip
        Bytes of the byte order mark.
    """

    name: str
    skip: int = 0


def detect(stream: BinaryIO) -> Coding:
    """Find the encoding in which a whole file decodes, leaving the stream at its start.

    Returns
    -------
    Coding

    Raises
    ------
    ItemError
        TXT-020 for binary content, TXT-021 when no one encoding fits the whole file or several fit equally badly,
        TXT-022 for mixed encodings that cannot be told apart line by line.
    """
    stream.seek(0)
    head = stream.read(4)
    for mark, name in _BOMS:
        if head.startswith(mark):
            coding = Coding(name, len(mark))
            if not _decodes(stream, coding):
                if name == "utf-32-le":
                    continue  # FF FE 00 00 is also UTF-16 that begins with a NUL
                if name == "utf-8":
                    return _without_mark(stream, len(mark))
                raise ItemError("TXT-021")
            return _plain(stream, coding)
    return _without_mark(stream, 0)


def _without_mark(stream: BinaryIO, skip: int) -> Coding:
    seen = _Seen()
    for block in _blocks(stream, skip):
        seen.take(block)
    coding = Coding("utf-8", skip)
    if seen.nuls:
        return _plain(stream, _wide(stream, seen, skip))
    if seen.controls > seen.size * MOST_CONTROLS and seen.controls > 1:
        raise ItemError("TXT-020")
    if seen.japanese and _decodes(stream, Coding("iso2022_jp", skip)):
        return Coding("iso2022_jp", skip)
    if _decodes(stream, coding):
        return _plain(stream, coding)
    if skip or (seen.wide_lines and (not seen.torn or seen.wide_lines > seen.broken_lines)):
        if seen.torn or seen.long:
            raise ItemError("TXT-022")
        return _plain(stream, Coding("mixed", skip))
    coding = _latin(stream, seen) if seen.high * _LITTLE < seen.size else _old(stream, bytes(seen.sample))
    if seen.garbled.told(coding.name):
        raise ItemError("TXT-022")
    return _plain(stream, coding)


def _latin(stream: BinaryIO, seen: _Seen) -> Coding:
    """Choose for a text that is ASCII but for a few words: the usual encoding, or another Latin one that they tell.

    Each word must then read as somebody writes it.
    """
    usual = Coding("cp1252")
    if seen.garbled.told(usual.name):
        raise ItemError("TXT-022")
    if _decodes(stream, usual) and all(map(reads_well, decoded(stream, usual))):
        return usual
    coding = _old(stream, bytes(seen.sample))
    if seen.high < _TELLING or coding.name not in LATIN or not reads_well(seen.sample.decode(coding.name, "replace")):
        raise ItemError("TXT-021")
    return coding


class Garbled:
    """Gathers what says that some letters of lines are UTF-8 that are none as a whole: else names come out garbled."""

    def __init__(self) -> None:
        self._pairs: set[bytes] = set()
        self._attached = False

    def take(self, line: bytes) -> None:
        """Take in a line, or many."""
        self._pairs.update(_LATIN.findall(line))
        self._attached = self._attached or _ATTACHED.search(line) is not None

    def told(self, name: str) -> bool:
        """Say whether a reading in one of the encodings of :data:`OLD` would garble letters of UTF-8."""
        if name in _EUROPEAN:
            return any(_unwritten(pair, name) for pair in self._pairs)
        return name in _OTHERS and self._attached


class _Seen:
    """What one pass over the bytes tells."""

    def __init__(self) -> None:
        self.size = self.nuls = self.odd_nuls = self.controls = self.letters = self.high = 0
        self.wide_lines = self.broken_lines = 0
        self.japanese = self.torn = self.long = False
        self.garbled = Garbled()
        self.sample = bytearray()
        self._rest = b""
        self._whole = True

    def take(self, block: bytes) -> None:
        nuls = block.count(0)
        if nuls:
            odd = block[1::2] if self.size % 2 == 0 else block[::2]
            self.odd_nuls += odd.count(0)
            self.nuls += nuls
            self.letters += len(block) - len(block.translate(None, _LETTERS))
        self.size += len(block)
        self.controls += len(block) - len(block.translate(None, _CONTROLS))
        self.japanese = self.japanese or _JAPANESE.search(block) is not None
        if block.isascii() and not self._rest:
            return
        self.high += len(block) - len(block.translate(None, _HIGHS))
        data = self._rest + block
        cut = max(data.rfind(b"\n"), data.rfind(b"\r")) + 1
        if not cut and len(data) > MOST_LINE:
            cut, self.long = len(data), True
        self._rest = data[cut:]
        self._lines(data[:cut])
        if len(block) < BLOCK:
            self._lines(self._rest)
            self._rest = b""

    def _lines(self, data: bytes) -> None:
        if data.isascii():
            return
        self._gather(data)
        try:
            data.decode("utf-8")
        except UnicodeDecodeError:
            pass
        else:
            self.wide_lines += sum(1 for line in data.splitlines() if not line.isascii())
            return
        for match in _LINE.finditer(data):
            line = match[0]
            if line.isascii():
                continue
            try:
                line.decode("utf-8")
            except UnicodeDecodeError:
                self.broken_lines += 1
                self.torn = self.torn or _WIDE.search(line) is not None
                self.garbled.take(line)
            else:
                self.wide_lines += 1

    def _gather(self, data: bytes) -> None:
        """Take some of the lines with high bytes: a share from each block, so that a long file's end is heard too."""
        gathered, done = len(self.sample), 0
        for match in _HIGH.finditer(data):
            if len(self.sample) - gathered > SAMPLE // 8 or len(self.sample) > 16 * SAMPLE:
                return
            if match.start() < done:
                continue
            start = max(done, match.start() - 200, data.rfind(b"\n", done, match.start()) + 1)
            end = data.find(b"\n", match.end(), match.end() + 200)
            done = end if end >= 0 else min(len(data), match.end() + 200)
            self.sample += data[start:done] + b"\n"


def _unwritten(pair: bytes, name: str) -> bool:
    """Say whether two bytes are a letter of UTF-8, and in an older encoding no two characters that stand together."""
    if not pair.decode("utf-8").isalpha():
        return False
    if pair[0] == 0xC3:
        return name in _WESTERN or pair[1] not in _QUOTING
    return pair[1] not in _CLOSING


def _wide(stream: BinaryIO, seen: _Seen, skip: int) -> Coding:
    """Tell UTF-16 and UTF-32 without a mark by where their NULs stand."""
    even = seen.nuls - seen.odd_nuls
    names: tuple[str, ...] = ()
    if seen.size % 4 == 0 and seen.nuls * 2 > seen.size:
        names = ("utf-32-le", "utf-32-be")
    elif (
        seen.size % 2 == 0
        and (seen.nuls * 5 > seen.size or (seen.nuls * 50 > seen.size and seen.letters * 3 < seen.size))
        and min(even, seen.odd_nuls) * 20 <= seen.nuls
    ):
        names = ("utf-16-le",) if seen.odd_nuls > even else ("utf-16-be",)
    for name in names:
        if not skip and _decodes(stream, Coding(name)):
            return Coding(name)
    raise ItemError("TXT-020")


def _old(stream: BinaryIO, sample: bytes) -> Coding:
    """Choose among the encodings that came before Unicode."""
    from charset_normalizer import from_bytes

    if len(sample) > SAMPLE:  # an even share of the lines of all parts
        lines = sample.splitlines(keepends=True)
        step = len(sample) // SAMPLE + 1
        sample = b"".join(lines[::step])[: 2 * SAMPLE]
    found = from_bytes(sample, cp_isolation=list(OLD), threshold=0.2, enable_fallback=False, language_threshold=0.1)
    ranked: list[tuple[bool, float, float, int, str]] = []
    for match in found:
        names = [name for name in dict.fromkeys([match.encoding, *match.could_be_from_charset]) if name in OLD]
        marks = (match.chaos > 0.1, _odd(str(match)), -round(match.coherence, 1))
        ranked.extend((*marks, OLD.index(name), name) for name in names)
    for _rough, odd, _told, _at, name in sorted(ranked):
        coding = Coding(name)
        if odd <= 0.2 and _decodes(stream, coding):
            return coding
    raise ItemError("TXT-021")


def _odd(text: str) -> float:
    """Return the share of characters beyond ASCII that stand where no writer puts them, in tenths."""
    high = odd = 0
    for before, mark, after in zip(" " + text[:-1], text, text[1:] + " ", strict=True):
        if mark.isascii():
            continue
        high += 1
        kind = unicodedata.category(mark)
        inside = before.isalpha() and after.isalpha()
        if (
            (inside and kind[0] in "SNC" and mark != "’")
            or (inside and kind == "Ps")
            or (kind == "Lu" and before.islower())
            or (kind[0] == "S" and after.isalpha() and before.isspace() and mark not in "©®™°€£§")
        ):
            odd += 1
    return round(odd / high, 1) if high else 0.0


def _plain(stream: BinaryIO, coding: Coding) -> Coding:
    """Return a coding when the decoded text is one: no NULs, few controls, no code points that stand for nothing."""
    size = controls = 0
    for piece in decoded(stream, coding):
        size += len(piece)
        if piece.isascii() and coding.name == "utf-8":
            continue  # its controls were counted as bytes
        if "\0" in piece or "\ufffe" in piece or "\uffff" in piece:
            raise ItemError("TXT-020")
        controls += sum(1 for mark in piece if mark < " " and mark not in "\t\n\v\f\r\x1a\x1b")
        controls += sum(1 for mark in piece if "\x7f" <= mark <= "\x9f" and mark != "\x85")
    stream.seek(0)
    if controls > 1 and controls > size * MOST_CONTROLS:
        raise ItemError("TXT-020")
    return coding


def _decodes(stream: BinaryIO, coding: Coding) -> bool:
    try:
        for _piece in decoded(stream, coding):
            pass
    except (UnicodeDecodeError, ItemError):
        return False
    stream.seek(0)
    return True


def _blocks(stream: BinaryIO, skip: int) -> Iterator[bytes]:
    stream.seek(skip)
    while block := stream.read(BLOCK):
        yield block
        if len(block) < BLOCK:
            rest = stream.read(1)
            if rest:  # a stream that gives less than it was asked for
                yield rest


def decoded(stream: BinaryIO, coding: Coding) -> Iterator[str]:
    """Yield the characters of a file in pieces of about a mebibyte; line ends as they are.

    Parameters
    ----------
    stream
        The file, seekable; read from its start.
    coding
        As :func:`detect` returned it.

    Raises
    ------
    ItemError
        TXT-021 for bytes that are none of this encoding (the file changed), TXT-022 for such a line.
    """
    if coding.name == "mixed":
        yield from _mixed(stream, coding.skip)
        return
    decoder = codecs.getincrementaldecoder(coding.name)("strict")
    stream.seek(coding.skip)
    try:
        while block := stream.read(BLOCK):
            if piece := decoder.decode(block):
                yield piece
        if piece := decoder.decode(b"", final=True):
            yield piece
    except UnicodeDecodeError:
        raise ItemError("TXT-021") from None


def _mixed(stream: BinaryIO, skip: int) -> Iterator[str]:
    stream.seek(skip)
    rest = b""
    while block := stream.read(BLOCK):
        data = rest + block
        cut = max(data.rfind(b"\n"), data.rfind(b"\r", 0, -1)) + 1
        if not cut and len(data) > MOST_LINE:
            raise ItemError("TXT-022")
        rest = data[cut:]
        if cut:
            yield _by_line(data[:cut])
    if rest:
        yield _by_line(rest)


def _by_line(data: bytes) -> str:
    out = io.StringIO()
    for match in _LINE.finditer(data):
        line = match[0]
        try:
            out.write(line.decode("utf-8"))
        except UnicodeDecodeError:
            if _WIDE.search(line):
                raise ItemError("TXT-022") from None
            try:
                text = line.decode("cp1252")
            except UnicodeDecodeError:
                raise ItemError("TXT-022") from None
            if not reads_well(text):
                raise ItemError("TXT-022") from None
            out.write(text)
    return out.getvalue()


def whole(stream: BinaryIO, most: int) -> str:
    """Return a whole file as text.

    Parameters
    ----------
    stream
        The file.
    most
        Characters it may have.

    Raises
    ------
    ItemError
        As :func:`detect`, and TXT-023 when it is longer.
    """
    parts: list[str] = []
    size = 0
    for piece in decoded(stream, detect(stream)):
        size += len(piece)
        if size > most:
            raise ItemError("TXT-023", limit=most >> 20)
        parts.append(piece)
    return "".join(parts)
