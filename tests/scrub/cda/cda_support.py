"""A made-up C-CDA document, and what the tests need to scrub one."""

from __future__ import annotations

import io
import re
from dataclasses import replace

from curator.scrub import cda
from curator.scrub.medium import Made, Person, RecordHarvest
from curator.scrub.policy import load_policy
from curator.scrub.treatment import Treatment

MRN_ROOT = "2.16.840.1.113883.19.5.99999.2"
KEY = bytes(range(32))


def treatment(policy: str = "safe-harbor", **changes: object) -> Treatment:
    """A treatment by one of the program's own policies, with changed options."""
    return Treatment(replace(load_policy(policy), **changes), KEY, KEY[::-1], "20261101")


class People:
    """One person, whoever is asked for."""

    def __init__(self, harvest: RecordHarvest | None = None, **changes: object) -> None:
        person = harvest.people[0] if harvest and harvest.people else None
        made = Person("P-0001", -41, bool(person and person.over_89), KEY, person.known if person else ())
        self.own = replace(made, **changes)
        self.asked: list[tuple[tuple[str, str, str], ...]] = []

    def find(self, ids: object) -> Person:
        self.asked.append(tuple(ids))  # type: ignore[arg-type]
        return self.own


def scrub(data: bytes, policy: str = "safe-harbor", **changes: object) -> tuple[str, Made]:
    """Harvest and rewrite; return the clean text."""
    with_policy = treatment(policy, **changes)
    found = cda.harvest(io.BytesIO(data), len(data), with_policy)
    out = io.BytesIO()
    made = cda.rewrite(io.BytesIO(data), out, People(found), with_policy)
    return out.getvalue().decode("utf-8"), made


def spellings(value: str) -> set[str]:
    """A planted value as it might stand somewhere: bare, without marks, in another case, turned around."""
    bare = re.sub(r"[\W_]+", "", value)
    words = re.findall(r"\w+", value)
    found = {value, value.upper(), value.lower(), value.title()}
    if len(words) > 1 and not any(word.isdigit() for word in words):
        found |= {" ".join(reversed(words)), ", ".join(reversed(words)), "^".join(reversed(words))}
    if len(bare) > 4:
        found |= {bare, bare.upper(), bare.lower()}
    return found


def leaked(values: list[str], text: str) -> list[str]:
    """Those values that stand in a text in any spelling, also with marks and blanks taken out of it."""
    bare = re.sub(r"[\W_]+", "", text).lower()
    found = []
    for value in values:
        plain = re.sub(r"[\W_]+", "", value).lower()
        if any(one in text for one in spellings(value)) or (len(plain) > 6 and plain in bare):
            found.append(value)
    return found


def document(body: str = "", header: str = "", patient: str = "") -> bytes:
    """A small document around a body."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:sdtc="urn:hl7-org:sdtc"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>
<id root="1.2.3.4.5" extension="DOC-1"/>
<code code="34133-9" codeSystem="2.16.840.1.113883.6.1" displayName="Summarization of Episode Note"/>
<effectiveTime value="20210304"/>
<recordTarget><patientRole><id root="{MRN_ROOT}" extension="MR7788123"/>
<patient><name><given>Katarzyna</given><family>Wolskowicz</family></name>
<birthTime value="19580217"/>{patient}</patient>
</patientRole></recordTarget>{header}
<component><structuredBody>{body}</structuredBody></component></ClinicalDocument>""".encode()


def section(text: str = "", entries: str = "", title: str = "Notes") -> str:
    """A section with a narrative and entries."""
    return (
        '<component><section><code code="11506-3" codeSystem="2.16.840.1.113883.6.1"/>'
        f"<title>{title}</title><text>{text}</text>{entries}</section></component>"
    )


def observation(value: str, code: str = '<code code="8480-6" codeSystem="2.16.840.1.113883.6.1"/>') -> str:
    """An entry with one observation."""
    return f'<entry><observation classCode="OBS" moodCode="EVN">{code}{value}</observation></entry>'
