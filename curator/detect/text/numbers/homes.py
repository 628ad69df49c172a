# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Users at places where a login always stands: their home folder, the line of a web server's log, a lock, a directory.

/home/rlombardi/cases, 10.3.4.5 - eabernathy [05/Mar/2021:10:00:00 +0000], uid=fdrummond,ou=people.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding

_LOGIN = r"(?P<user>[A-Za-z][\w.@-]{0,62}\w)"
#: What a text must have for each form, and the form.
_FORMS = (
    (
        ("/home/", "/Users/", "\\Users\\", "\\Settings\\", " Settings\\"),
        re.compile(rf"(?:/(?:home|Users)/|\\(?:Users|Documents and Settings)\\){_LOGIN}(?=[/\\\s\"'`,;:)\]]|$)"),
    ),
    # The common log format of web servers: host, identity, user, time.
    (('] "', "] '"), re.compile(rf"^\S+ \S+ {_LOGIN} \[\d\d/[A-Z][a-z]{{2}}/\d{{4}}:", re.MULTILINE)),
    # A lock beside an open document: name, login, machine, time, and where the program keeps its settings.
    ((",file:",), re.compile(rf"^[^,\n]{{0,80}},{_LOGIN},[^,\n]{{1,64}},[\d.: /-]{{10,20}},file:", re.MULTILINE)),
    (("uid=", "UID="), re.compile(rf"\b(?:uid|UID)={_LOGIN}(?=,[ ]?[A-Za-z]{{1,4}}=)")),
)
#: Accounts of nobody's.
_NOBODY = frozenset(
    ["shared", "public", "default", "root", "admin", "administrator", "ubuntu", "user", "guest", "all", "system", "app", "www-data", "nobody", "runner", "docker", "jenkins", "username", "desktop"]
)  # fmt: skip


def homes(text: str) -> Iterator[Finding]:
    """Yield such logins.

    Parameters
    ----------
    text
        The text.
    """
    for marks, form in _FORMS:
        for mark in marks:  # any() over a generator takes three times as long
            if mark in text:
                break
        else:
            continue
        for match in form.finditer(text):
            if match["user"].lower() not in _NOBODY:
                yield Finding(match.start("user"), match.end("user"), Category.OTHER, "user", "form.home", 0.8)
