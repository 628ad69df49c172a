# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Addresses of the net and names of files: e-mail, also as people disguise it, URLs, portal paths, handles, pictures.

Each is searched around a mark that it cannot lack ("@", "://", a top-level domain, a file's ending), never from each
letter, so that a long hostile text costs no more than a plain one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from curator.detect.text.lists.lexicon import lexicon
from curator.detect.text.words.hints import ANY, Marks
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding

_TLD = (
    "com|org|net|edu|gov|mil|int|health|healthcare|clinic|hospital|care|doctor|dental|med|io|info|biz|app|dev|cloud|online|site|tech|me|us|co|ai|tv|example|test|local|lan|internal|invalid"
    "|uk|de|fr|es|it|nl|ch|at|be|ca|au|nz|ie|in|mx|br|jp|cn|kr|ru|pl|se|no|dk|fi|pt|cz|za|sg|hk|eu|ar|cl|gr|il|tr|ua|hu|ro|localhost"
)
#: Endings that no sentence without a blank behind its period is mistaken for.
_SURE = frozenset(
    [
        "com",
        "org",
        "net",
        "edu",
        "gov",
        "mil",
        "health",
        "healthcare",
        "clinic",
        "hospital",
        "info",
        "biz",
        "example",
        "invalid",
    ]
)
_LOCAL_BACK = re.compile(r"(?:mailto:)?[\w.+%'’&#~=*!-]{1,64}\s?$")
_DOMAIN_AHEAD = re.compile(
    r"@(?:[^\W_](?:[\w-]{0,62}[^\W_])?\.(?=[^\W_])){1,6}[^\W\d_]{2,24}(?![\w@])|@\s?\n?(?:[^\W_](?:[\w-]{0,62}[^\W_])?\s?\.\s?(?=[^\W\d_])){1,6}[^\W\d_]{2,24}(?![\w@])|@\[?\d{1,3}(?:\.\d{1,3}){3}\]?|@[A-Za-z][\w-]{1,62}(?![\w.]*@)",
    re.IGNORECASE,
)
_LOOSE_DOMAIN = re.compile(
    rf"@\s?\n?[A-Za-z][\w-]{{0,62}}(?:\s?\.\s?[\w-]{{1,63}}){{0,5}}\s?\.\s?(?:{_TLD})$", re.IGNORECASE
)
_HANDLE = re.compile(r"@[A-Za-z_][\w.]{2,40}")
_SPOKEN = re.compile(
    r"(?<![\w.])[A-Za-z0-9][\w.+-]{0,63}(?:(?:\s(?:dot|punto|punkt)\s|\s?[\[({<]\s?(?:dot|punto|punkt)\s?[\])}>]\s?)[A-Za-z0-9]{1,30}){0,3}\s?(?:[\[({<]\s?(?:at|@|arroba|ät)\s?[\])}>]|\s(?:at|AT|arroba)\s|_at_|-at-)\s?[A-Za-z0-9][\w-]{0,62}"
    r"(?:(?:\s?[\[({<]\s?(?:dot|\.|punto|punkt|point)\s?[\])}>]\s?|\s(?:dot|DOT|punto|punkt|point)\s|_dot_|-dot-|\.)[A-Za-z0-9-]{1,63}){0,3}"
    rf"(?:\s?[\[({{<]\s?(?:dot|\.|punto|punkt|point)\s?[\])}}>]\s?|\s(?:dot|DOT|punto|punkt|point)\s|_dot_|-dot-|(?<=[\w])\.)(?:{_TLD})(?![\w])",
    re.IGNORECASE,
)  # fmt: skip
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,14}$")
_URL_REST = re.compile(r"[^\s<>\"“”'’`|{}\\^]{1,2000}")
_TLD_MARK = re.compile(
    rf"\.(?=[a-z][a-z])(?P<tld>{_TLD})(?![\w@-])(?P<port>:\d{{2,5}})?(?P<path>[/?#][^\s<>\"“”'’`|{{}}\\^]{{0,2000}})?",
    re.IGNORECASE,
)
_HOST_BACK = re.compile(
    r"(?<![\w@./-])(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){0,6}[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$"
)
_AT_BEFORE = re.compile(r"(?<![\w.])([A-Za-z0-9][\w.+-]{1,63}) at $")
_WWW = re.compile(r"www\d?\.[A-Za-z0-9][^\s<>\"“”'’`|{}\\^]{2,2000}", re.IGNORECASE)
_SITE_BEFORE = re.compile(
    r"\b(?:website|web ?site|site|url|link|portal|visit|online at|web|page|homepage|domain|host|server|www|see|log(?:ged)? (?:in|on)(?: at| to)?)[\s:(]{1,3}(?:is |at |to )?$",
    re.IGNORECASE,
)
_PATH = re.compile(
    r"/(?<![\w/.:]/)(?:[A-Za-z][\w.-]{0,40}/){1,8}(?=[\w.~-]{0,60}\d{4})[\w/?=&.%~+-]{4,260}|/(?<![\w/.:]/)(?:[A-Za-z][\w.-]{0,40}/){0,8}[A-Za-z][\w.-]{0,40}\?[\w=&%.+-]{0,100}\d{3}[\w=&%.+-]{0,100}"
)
_UNC = re.compile(r"\\\\[A-Za-z0-9][\w.-]{1,60}(?:\\[^\s\\\"<>|,;]{1,80}){1,10}")
_PICTURE = (
    "jpe?g|png|heic|heif|tiff?|bmp|gif|webp|raw|cr2|nef|arw|dng|jfif|mp4|mov|avi|wmv|mkv|m4v|mpe?g|3gp|svg|jp2|dcm"
)
_SOUND = "wav|mp3|m4a|aac|ogg|flac|wma|dss|ds2|amr"
_PAPER = "pdf|docx?|xlsx?|rtf|csv|txt|zip|pptx?|xml|json|hl7|odt|tar|gz|eml|msg|nii|edf"
_ENDING = re.compile(
    rf"\.(?=[a-z][a-z0-9])(?:(?P<picture>{_PICTURE})|(?P<sound>{_SOUND})|(?P<paper>{_PAPER}))(?![\w]|\.[a-z])",
    re.IGNORECASE,
)
_FILE_BACK = re.compile(
    r"(?:[A-Za-z]:\\|~?/|\.{1,2}/|\\\\)?(?:[\w.+%~#&@=()\[\]{}-]{1,80}[\\/]){0,12}[\w.+%~#&@=()\[\]{}'’-]{1,120}$"
)
_FIGURE = re.compile(r"[0-9]")
#: Labels do not look for a value in a text without any digit; user names need none.
_USER = re.compile(
    r"\b(?:user[ _-]?(?:name|id)?|log[ _-]?in(?: name| id)?|handle|password|passcode)\b[\"']?(?:\s?[:=#]\s?|\s(?:is|was)\s)[\"']?([^\s\"'“”<>()\[\]{},;]{2,63}[^\W_])|\b(?:logged|signed) (?:in|on) as ([A-Za-z]\w{2,40})",
    re.IGNORECASE,
)
_BY_USER = re.compile(r" by ([a-z]{2,20}(?:[._][a-z]{2,24}\d{0,4}|\d{1,4})|[a-z]\.[a-z]{3,24})(?![\w@-]|\.\w)")
#: A name and figures in small letters, as people log in: jruiz7, jeanne7435.
_LOGIN = re.compile(r"[0-9](?<=[a-z][a-z][a-z][a-z][0-9])[0-9]{0,3}(?![\w@/-]|\.\w)")
_LOGIN_BACK = re.compile(r"(?<![\w@.#-])[a-z]([a-z]{3,13})$")
_CAMERA = re.compile(
    r"(?<![A-Za-z0-9])(?:IMG|DSC|DSCN|DSCF|DSC_|PXL|MVI|VID|MOV|PHOTO|GOPR|PICT|SCAN|PIC|WIN|Screenshot|WhatsApp[ _-]Image|FullSizeRender|FB_IMG|RPTR|CIMG|SAM|P10|IMAG)[_-]?\d{3,20}(?:[_-]\d{1,12}){0,3}(?:\(\d{1,3}\))?(?![\w.])"
)
_SPACED_NAME = re.compile(
    r"(?<![\w.-])(?:(?:selfie|photo|pic|picture|image|img|scan|screenshot|snapshot|portrait|headshot|wound|face|facial|left|right|lt|rt|front|side|back|leg|arm|foot|hand|rash|lesion|preop|postop|pre-op|post-op|bedside|clinic|id|patient|pt|WhatsApp|Screen|Shot|Image|Photo|IMG|Scan|Selfie|Video|Wound|Face|Left|Right|\d{4}-\d\d-\d\d|at|\d\d\.\d\d\.\d\d) ){1,5}$"
)
_CAMERAS = Marks(
    "IMG",
    "DSC",
    "PXL",
    "MVI",
    "VID",
    "MOV",
    "PHOTO",
    "GOPR",
    "PICT",
    "SCAN",
    "PIC",
    "WIN",
    "Screenshot",
    "WhatsApp",
    "FullSize",
    "SAM",
    "IMAG",
)
_SPOKEN_MARKS = Marks(
    "(at)",
    "[at]",
    "{at}",
    "<at>",
    "( at )",
    "[ at ]",
    " dot ",
    "(dot)",
    "[dot]",
    " punto ",
    " punkt ",
    " arroba ",
    "(arroba)",
    "[arroba]",
    "(ät)",
    "_at_",
    "-at-",
)


#: Headers of a talk that is transcribed in CHAT (TalkBank's manual), at the head of a line.
_HEADERS = frozenset(["@UTF8", "@PID", "@Begin", "@End", "@Languages", "@Participants", "@ID", "@Options", "@Media", "@Exceptions", "@Birth", "@Birthplace", "@L1", "@Interaction", "@Location", "@Number", "@Recording", "@Room", "@Tape", "@Time", "@Transcriber", "@Transcription", "@Warning", "@Activities", "@Bck", "@Bg", "@Eg", "@G", "@Gem", "@Blank", "@Comment", "@Date", "@New", "@Situation", "@Page", "@Types", "@T", "@Font", "@Color", "@Window"])  # fmt: skip
_USERS = Marks("user", "log", "handle", "password")


#: Bits of words that are asked for in small letters.
_WORDED = _SPOKEN_MARKS.bits | _USERS.bits


def has_any(text: str, marks: tuple[str, ...]) -> bool:
    """Say whether a text has one of some marks; a plain loop is the fastest way there is."""
    for mark in marks:  # noqa: SIM110 - any() over a generator takes three times as long
        if mark in text:
            return True
    return False


def addresses(text: str, flags: int = ANY) -> Iterator[Finding]:
    """Yield e-mail and web addresses, handles, paths with numbers, and names of files.

    Parameters
    ----------
    text
        The text.
    flags
        What its words show.
    """
    if "@" in text:
        yield from _mail(text)
    low = text.lower() if flags & _WORDED else ""
    if ("@" in text and ("(@)" in text or "[@]" in text)) or _SPOKEN_MARKS.held(low, flags):
        for match in _SPOKEN.finditer(text):
            yield Finding(match.start(), match.end(), Category.EMAIL, "email", "form.email-spoken", 0.95)
    if "." in text or "://" in text:
        yield from _web(text)
    if "/" in text:
        for match in _PATH.finditer(text):
            yield Finding(
                match.start(), _ended(text, match.start(), match.end()), Category.URL, "url", "form.path", 0.9
            )
    if "\\\\" in text:
        for match in _UNC.finditer(text):
            yield Finding(match.start(), match.end(), Category.URL, "url", "form.path", 0.85)
    if _USERS.held(low, flags) and not _FIGURE.search(text):
        for match in _USER.finditer(text):
            at = 1 if match[1] else 2
            yield Finding(match.start(at), match.end(at), Category.OTHER, "user", "cue.user", 0.9)
    for match in _LOGIN.finditer(text):
        back = _LOGIN_BACK.search(text, max(0, match.start() - 15), match.start())
        if back and _is_login(back[1], match[0]):
            yield Finding(back.start(), match.end(), Category.OTHER, "user", "form.login", 0.5)
    for match in _BY_USER.finditer(text):
        yield Finding(match.start(1), match.end(1), Category.OTHER, "user", "form.user", 0.6)
    yield from _files(text, flags)


def _is_login(rest: str, figures: str) -> bool:
    """Say whether letters behind the first one, and figures, are the name of a user: an initial and a family name."""
    words = lexicon()
    return (rest in words.surnames and rest not in words.words and rest not in words.medical) or (
        len(figures) > 1 and len(rest) > 5 and rest not in words.words and rest not in words.medical
    )


def _mail(text: str) -> Iterator[Finding]:
    at = text.find("@")
    while at >= 0:
        behind = _DOMAIN_AHEAD.match(text, at)
        before = _LOCAL_BACK.search(text, max(0, at - 72), at) if behind else None
        loose = text[at - 1 : at].isspace()
        if (
            behind
            and before
            and not ((loose or " " in behind[0] or "\n" in behind[0]) and not _LOOSE_DOMAIN.match(behind[0]))
        ):
            end = at + len(behind[0].rstrip(".- \n"))
            start = before.start()
            while start < at and text[start] in ".'’*#=&-!":
                start += 1
            plain = (
                "." in behind[0] or any(mark.isdecimal() or mark in "._" for mark in before[0]) or len(before[0]) > 3
            )
            if start < at and plain:
                yield Finding(start, end, Category.EMAIL, "email", "form.email", 0.98)
        elif not (at and text[at - 1].isalnum()):
            handle = _HANDLE.match(text, at)
            if handle and text[handle.end() : handle.end() + 1] in ":=" and handle[0][1:].isupper():
                handle = None  # the name of a field: @AUTHOR: roe
            if handle and handle[0].rstrip(".") in _HEADERS and at - 1 == text.rfind("\n", 0, at):
                handle = None
            if handle and (
                (at - 1 == text.rfind("\n", 0, at) and handle[0][1:].lower() not in lexicon().words)
                or any(mark.isdecimal() or mark == "_" for mark in handle[0])
                or handle[0][1:] != handle[0][1:].lower()
            ):
                value = handle[0].rstrip(".")
                yield Finding(at + 1, at + len(value), Category.OTHER, "user", "form.handle", 0.7)
        at = text.find("@", at + 1)


def _web(text: str) -> Iterator[Finding]:
    at = text.find("://")
    while at >= 0:
        scheme = _SCHEME.search(text, max(0, at - 15), at)
        rest = _URL_REST.match(text, at + 3)
        if scheme and rest:
            start = scheme.start()
            yield Finding(start, _ended(text, start, rest.end()), Category.URL, "url", "form.url", 0.985)
        at = text.find("://", at + 3)
    if "www" in text or "WWW" in text or "Www" in text:
        for match in _WWW.finditer(text):
            yield Finding(
                match.start(), _ended(text, match.start(), match.end()), Category.URL, "url", "form.url", 0.985
            )
    for match in _TLD_MARK.finditer(text):
        host = _HOST_BACK.search(text, max(0, match.start() - 160), match.start())
        if host is None or not any(mark.isalpha() for mark in host[0]):
            continue
        tld = match["tld"].lower()
        sure = tld in _SURE or bool(
            match["path"] and len(match["path"]) > 3 and tld not in {"in", "at", "no", "me", "it", "be", "us"}
        )
        if not (
            sure
            or host[0].lower().startswith("www.")
            or (
                host[0].count(".") >= 1
                and len(host[0]) > 7
                and host[0] == host[0].lower()
                and min(map(len, host[0].split("."))) > 1
            )
        ) and not _SITE_BEFORE.search(text, max(0, host.start() - 24), host.start()):
            continue
        person = _AT_BEFORE.search(text, max(0, host.start() - 72), host.start()) if not match["path"] else None
        if person and any(mark.isdecimal() or mark in "._" for mark in person[1]):
            yield Finding(person.start(), match.end(), Category.EMAIL, "email", "form.email-spoken", 0.97)
        elif match["path"] or tld in _SURE or host[0] == host[0].lower() or "." in host[0]:
            yield Finding(host.start(), _ended(text, host.start(), match.end()), Category.URL, "url", "form.url", 0.96)


def _ended(text: str, start: int, end: int) -> int:
    """Return where an address ends: marks of the sentence, and brackets that it does not open, are not part of it."""
    while end > start:
        mark = text[end - 1]
        if mark in ".,;:!?*" or (
            mark in ")]" and text.count("(["[")]".index(mark)], start, end) < text.count(mark, start, end)
        ):
            end -= 1
        else:
            break
    return end


def _files(text: str, flags: int) -> Iterator[Finding]:
    for match in _ENDING.finditer(text):
        name = _FILE_BACK.search(text, max(0, match.start() - 240), match.start())
        if name is None or not any(mark.isalnum() for mark in name[0]):
            continue
        start = name.start()
        if not match["paper"] and not any(mark.isalpha() for mark in name[0]):
            words = _SPACED_NAME.search(text, max(0, start - 60), start)
            start = words.start() if words else start
        while text[start] in "([{'’=#&@-" and start < match.start() - 1:
            start += 1
        value = text[start : match.start()]
        if match["paper"]:
            if sum(mark.isdecimal() for mark in value) < 3 and not (
                "_" in value and value.count("_") + value.count("-") >= 1
            ):
                continue
            yield Finding(start, match.end(), Category.OTHER, "file", "form.file", 0.6)
        else:
            category = Category.BIOMETRIC if match["sound"] else Category.PHOTOGRAPH
            yield Finding(start, match.end(), category, "file", "form.file", 0.9)
    for match in _CAMERA.finditer(text) if _CAMERAS.held(text, flags) else ():
        yield Finding(match.start(), match.end(), Category.PHOTOGRAPH, "file", "form.camera", 0.85)
