"""Persons, policies, a sample message and a search that shares no code with the scrubber."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterable
from functools import cache

from curator.scrub import hl7
from curator.scrub.medium import Made, Person, RecordHarvest
from curator.scrub.policy import load_policy
from curator.scrub.treatment import Treatment

HEAD = r"MSH|^~\&|EPIC|MERCY|LAB|QUEST|20210304101112-0500||ORU^R01^ORU_R01|MSG00001|P|2.5.1"
PID = (
    "PID|1||00482913^^^MERCY&1.2.3.4&ISO^MR||Kowalska^Maria^Zofia^^^^L||19610314|F||2106-3^White^CDCREC"
    "|12 Elmgrove St^^Brookhaven^MA^02139^USA^H||(617)555-0142^PRN^PH^mkow@example.net|||M||ACC771234|123-45-6789"
)


@cache
def treatment(name: str = "safe-harbor") -> Treatment:
    return Treatment(load_policy(name), b"k" * 32, b"u" * 32, "20260101")


class Everybody:
    """Everybody whom a harvest found, with a shift of their own each."""

    def __init__(self, harvest: RecordHarvest | None = None) -> None:
        self.own = Person("STANDIN", 11, False, b"o" * 32)
        self.by_id: dict[tuple[str, str, str], Person] = {}
        for number, told in enumerate(harvest.people if harvest is not None else ()):
            person = Person(f"PSEUDO{number:04d}", 100 + 7 * number, told.over_89, bytes([number + 1]) * 32, told.known)
            self.by_id |= dict.fromkeys(told.ids, person)

    def find(self, ids: Iterable[tuple[str, str, str]]) -> Person:
        return next((self.by_id[one] for one in ids if one in self.by_id), self.own)


def scrubbed(data: bytes, policy: str = "safe-harbor") -> tuple[RecordHarvest, Made, bytes]:
    """Harvest and rewrite a file with the persons that it tells of itself."""
    rules = treatment(policy)
    told = hl7.harvest(io.BytesIO(data), len(data), rules)
    out = io.BytesIO()
    made = hl7.rewrite(io.BytesIO(data), out, Everybody(told), rules)
    return told, made, out.getvalue()


def message(*segments: str, head: str = HEAD, pid: str = PID) -> bytes:
    """A message of the patient, its segments ended by carriage returns."""
    return "".join(f"{one}\r" for one in (head, pid, *segments) if one).encode()


def clean(*segments: str, policy: str = "safe-harbor", pid: str = PID) -> list[list[str]]:
    """The clean segments behind MSH and PID, split into fields."""
    output = scrubbed(message(*segments, pid=pid), policy)[2].decode()
    return [line.split("|") for line in output.split("\r")[1 + bool(pid) : -1]]


def folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(one for one in plain if one.isalnum())
