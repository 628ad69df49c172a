r"""Rich text to plain text, for files that are simple: paragraphs, characters, no pictures and no objects.

The tables of a file (fonts, styles, properties, revisions) and every destination that is marked as one to pass over
are left out; what the rest shows is its text. What cannot be read as text with certainty holds the file back.
Source: Rich Text Format (RTF) Specification, version 1.9.1 (Microsoft, 2008).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from curator.core.errors import ItemError

_PART = re.compile(
    r"\\(?P<word>[A-Za-z]{1,32})(?P<number>-?\d{1,10})?[ ]?|\\'(?P<hex>[0-9A-Fa-f]{2})|\\(?P<mark>[^A-Za-z])"
    r"|(?P<open>\{)|(?P<close>\})|(?P<line>[\r\n]+)|(?P<text>[^\\{}\r\n]+)|(?P<bad>\\)",
    re.DOTALL,
)
_BREAKS = dict.fromkeys(("par", "line", "row", "nestrow", "sect", "page", "softline", "column"), "\n")
_BREAKS |= dict.fromkeys(("tab", "cell", "nestcell"), "\t") | dict.fromkeys(("emspace", "enspace", "qmspace"), " ")
_BREAKS |= {
    "emdash": "—",
    "endash": "–",
    "bullet": "•",
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
}
_MARKS = {"~": " ", "-": "", "_": "-", "\n": "\n", "\r": "\n", "\\": "\\", "{": "{", "}": "}", "\t": "\t"}
#: Destinations whose content no reader sees as text.
_SKIPPED = frozenset(
    ("fonttbl", "colortbl", "stylesheet", "info", "generator", "listtable", "listoverridetable", "revtbl", "rsidtbl")
    + ("filetbl", "themedata", "colorschememapping", "latentstyles", "datastore", "xmlnstbl", "fldinst", "bkmkstart")
    + ("bkmkend", "mmathPr", "pgdsctbl", "docvar", "template", "operator", "author", "title", "subject", "keywords")
    + ("company", "manager", "comment", "doccomm", "hlinkbase", "atnid", "atnauthor", "atndate", "annotation")
)
_REFUSED = frozenset(("pict", "object", "objdata", "shppict", "nonshppict", "shp", "bin", "do", "objemb", "objlink"))
_CHARSETS = {0: "cp1252", 77: "mac_roman", 128: "cp932", 129: "cp949", 134: "gb18030", 136: "big5", 161: "cp1253"}
_CHARSETS |= {162: "cp1254", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250"}
_MOST_DEPTH = 400


@dataclass(frozen=True)
class _State:
    skip: bool = False
    unicode_skip: int = 1
    font: int | None = None


def plain(data: bytes) -> str:
    """Return the text of a rich text file.

    Parameters
    ----------
    data
        The file.

    Raises
    ------
    ItemError
        TXT-027 for one that holds more than text, or is not laid out as the specification says.
    """
    try:
        text = data.rstrip(b"\0 \r\n\t").decode("latin-1")
    except UnicodeDecodeError:
        raise ItemError("TXT-027") from None
    read = _Reader(text).read()
    try:  # characters beyond the first plane stand as two halves
        return read.encode("utf-16-le", "surrogatepass").decode("utf-16-le")
    except UnicodeDecodeError:
        raise ItemError("TXT-027") from None


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.out: list[str] = []
        self.bytes = bytearray()
        self.codec = "cp1252"
        self.fonts: dict[int, str] = {}
        self.to_skip = 0

    def read(self) -> str:
        state = _State()
        stack: list[_State] = []
        in_fonts: list[int] = []
        starred = fresh = False
        font = -1
        for part in _PART.finditer(self.text):
            kind = part.lastgroup if part["word"] is None else "word"
            if kind == "bad" or len(stack) > _MOST_DEPTH:
                raise ItemError("TXT-027")
            if kind == "open":
                self._flush(state)
                stack.append(state)
                fresh, starred = True, False
                continue
            if kind == "close":
                self._flush(state)
                if not stack:
                    raise ItemError("TXT-027")
                state = stack.pop()
                if in_fonts and len(stack) < in_fonts[-1]:
                    in_fonts.pop()
                self.to_skip = 0
                if not stack:
                    if self.text[part.end() :].strip("\r\n\t \0"):
                        raise ItemError("TXT-027")
                    return "".join(self.out)
                fresh = False
                continue
            if kind == "line":
                continue
            if kind == "mark" and part["mark"] == "*" and fresh:
                starred = True
                continue
            if kind == "word":
                word, number = part["word"], part["number"]
                value = int(number) if number else None
                if word in _REFUSED and not (word == "bin" and not value):
                    raise ItemError("TXT-027")
                if (fresh and starred) or word in _SKIPPED:
                    if word == "fonttbl":
                        in_fonts.append(len(stack))
                    state = replace(state, skip=True)
                fresh = starred = False
                if in_fonts and word == "f" and value is not None:
                    font = value
                elif in_fonts and word == "fcharset" and value is not None:
                    self.fonts[font] = _CHARSETS.get(value, "")
                else:
                    state = self._word(word, value, state)
                continue
            fresh = starred = False
            if kind == "hex":
                if self.to_skip:
                    self.to_skip -= 1
                else:
                    self.bytes.append(int(part["hex"], 16))
            elif kind == "mark":
                self._flush(state)
                if part["mark"] in _MARKS:
                    self._put(_MARKS[part["mark"]], state)
                elif part["mark"] not in "|:*":
                    raise ItemError("TXT-027")
            else:
                self._literal(part["text"] or "", state)
        raise ItemError("TXT-027")

    def _word(self, word: str, value: int | None, state: _State) -> _State:
        if word == "u" and value is not None:
            self._flush(state)
            mark = value + 65536 if value < 0 else value
            self._put(chr(mark) if mark < 0x110000 else "\ufffd", state)
            self.to_skip = state.unicode_skip
            return state
        self._flush(state)
        if word in _BREAKS:
            self._put(_BREAKS[word], state)
        elif word == "uc" and value is not None:
            return replace(state, unicode_skip=min(8, max(0, value)))
        elif word == "ansicpg" and value:
            self.codec = _known_codec(f"cp{value}" if value not in {65001, 10000} else "utf-8")
        elif word in {"mac", "pc", "pca"}:
            self.codec = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}[word]
        elif word == "f":
            return replace(state, font=value)
        elif word == "plain":
            return replace(state, font=None)
        return state

    def _literal(self, text: str, state: _State) -> None:
        while text and self.to_skip:
            text = text[1:]
            self.to_skip -= 1
        if self.bytes and self._double(state):
            # The second byte of a pair may stand as a plain character.
            self.bytes += text[:1].encode("latin-1")
            text = text[1:]
        self._flush(state)
        if not text.isascii():
            self.bytes += text.encode("latin-1")
            self._flush(state)
            return
        self._put(text, state)

    def _double(self, state: _State) -> bool:
        if self._codec(state) not in {"cp932", "cp949", "gb18030", "big5", "cp936", "cp950"}:
            return False
        try:
            bytes(self.bytes).decode(self._codec(state))
        except UnicodeDecodeError:
            return True
        return False

    def _codec(self, state: _State) -> str:
        if state.font is not None and state.font in self.fonts:
            return self.fonts[state.font] or self.codec
        return self.codec

    def _flush(self, state: _State) -> None:
        if not self.bytes:
            return
        raw, self.bytes = bytes(self.bytes), bytearray()
        if state.skip:
            return
        if state.font is not None and self.fonts.get(state.font) == "":
            raise ItemError("TXT-027")
        try:
            self.out.append(raw.decode(self._codec(state)))
        except UnicodeDecodeError:
            raise ItemError("TXT-027") from None

    def _put(self, text: str, state: _State) -> None:
        if not state.skip:
            self.out.append(text)


def _known_codec(name: str) -> str:
    import codecs

    try:
        codecs.lookup(name)
    except LookupError:
        raise ItemError("TXT-027") from None
    return name
