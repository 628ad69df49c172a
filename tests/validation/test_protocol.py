"""The protocol: what it says, how it is written, and that no change of it passes."""

from __future__ import annotations

import contextlib
import json
import os
import re
from datetime import UTC, datetime, timedelta, timezone
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from curator.core.canonical import canonical_bytes
from curator.core.errors import CheckError, CuratorError, GateError, IntegrityError, UsageError
from curator.core.schema import validate
from curator.provenance.keys import SeedSigner, key_id
from curator.validation import sealing
from curator.validation.clauses import duties
from curator.validation.model import COULD_NOT_CHECK, FAIL, PASS, Check, Result
from curator.validation.page import page
from curator.validation.protocol import SCHEMA, Signatory, document, require
from curator.validation.sealing import read_protocol, write_protocol

SIGNER, OTHER = SeedSigner(b"s" * 32), SeedSigner(b"t" * 32)
BEGAN = datetime(2026, 11, 26, 9, 0, tzinfo=timezone(timedelta(hours=1)))
NAME = 'Reese "<script>alert(1)</script>" O\'Reviewer'


def result(outcome: str = PASS, number: int = 1) -> Result:
    check = Check(f"OQ-11.70-{number}", "11.70", "It is <asked>.", "it is & stays", lambda _bench: "")
    return Result(check, outcome, f"evidence <{number}>")


def made(*outcomes: str, signed: bool = True) -> dict[str, Any]:
    results = [result(one, number) for number, one in enumerate(outcomes or (PASS, PASS), 1)]
    who = Signatory("reviewer-1", NAME, key_id(SIGNER.public)) if signed else None
    return document(results, BEGAN, BEGAN + timedelta(minutes=1), who)


@pytest.fixture
def written(tmp_path: Path) -> Path:
    write_protocol(tmp_path / "protocol", made(), SIGNER)
    return tmp_path / "protocol"


class Texts(HTMLParser):
    """Texts and tags of a page."""

    def __init__(self, data: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.tags: list[str] = []
        self.feed(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_a_protocol_follows_its_schema_signed_or_not() -> None:
    validate(SCHEMA, made())
    validate(SCHEMA, made(signed=False))
    validate(SCHEMA, made(FAIL, COULD_NOT_CHECK, PASS))


def test_a_protocol_says_who_when_in_utc_with_the_local_offset_and_with_what_meaning() -> None:
    """21 CFR 11.50(a): the signed protocol states printed name, date and time, and the meaning of the signature."""
    signature = made()["signature"]
    assert signature == {
        "signer": "reviewer-1", "printedName": NAME, "keyId": key_id(SIGNER.public), "meaning": "responsibility",
        "signedAt": "2026-11-26T08:01:00Z", "utcOffset": "+01:00",
    }  # fmt: skip


def test_the_result_is_the_worst_one_and_nothing_checked_is_no_pass() -> None:
    assert [made(*o)["result"] for o in ((PASS, PASS), (PASS, COULD_NOT_CHECK), (COULD_NOT_CHECK, FAIL))] == [
        PASS, COULD_NOT_CHECK, FAIL,
    ]  # fmt: skip
    require([result()])
    with pytest.raises(GateError, match="VAL-010 1 of 2"):
        require([result(), result(FAIL)])
    with pytest.raises(CheckError, match="VAL-011 1 of 2"):
        require([result(), result(COULD_NOT_CHECK)])
    with pytest.raises(CheckError, match="VAL-011"):
        require([])


def test_the_page_shows_all_that_the_document_says_and_runs_nothing() -> None:
    """21 CFR 11.50(b): the protocol for people's eyes shows printed name, time and meaning."""
    wanted = made(PASS, FAIL, COULD_NOT_CHECK)
    page_text = page(wanted).decode()
    seen = Texts(page_text)
    text = "\n".join(seen.texts)
    signature = wanted["signature"]
    for one in (NAME, signature["signedAt"], signature["utcOffset"], "responsibility", signature["keyId"]):
        assert one in text
    for check in wanted["checks"]:
        for name in ("id", "requirement", "expected", "evidence"):
            assert check[name] in text
    assert all(duty.text in text and duty.title in text for duty in duties())
    assert "COULD NOT CHECK" in text
    assert "partial" in text
    assert not {"script", "link", "img", "iframe", "object", "form"} & set(seen.tags)
    assert not re.search(r"(src|href|url\()", page_text.replace("default-src", "").replace("style-src", ""))
    assert page_text.count('class="blank"') > 3 * len(duties())


def test_the_page_of_an_unsigned_protocol_says_so() -> None:
    assert "This protocol is not signed." in page(made(signed=False)).decode()


def test_a_signed_protocol_verifies_with_the_key_of_its_folder_and_with_one_held_elsewhere(written: Path) -> None:
    """21 CFR 11.70: the protocol's signature covers the protocol and its twin."""
    assert read_protocol(written).held is False
    checked = read_protocol(written, SIGNER.public)
    assert (checked.held, checked.key_id, checked.document) == (True, key_id(SIGNER.public), made())


def test_openssl_needs_no_line_of_this_program(written: Path) -> None:
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    key: Any = load_pem_public_key((written / "signer.pem").read_bytes())
    key.verify((written / "protocol.sig").read_bytes(), (written / "protocol.pae").read_bytes())
    assert b"protocol.html" in (written / "protocol.pae").read_bytes()


@pytest.mark.parametrize(
    "name", ["protocol.json", "protocol.html", "protocol.dsse.json", "protocol.pae", "protocol.sig", "signer.pem"]
)
def test_no_changed_byte_of_any_file_passes(written: Path, name: str) -> None:
    """21 CFR 11.10(a): an altered protocol is discerned."""
    path = written / name
    data = path.read_bytes()
    for at in range(0, len(data), max(1, len(data) // 40)):
        path.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        with pytest.raises(CuratorError) as caught:
            read_protocol(written)
        assert caught.value.exit_code in {2, 4} if caught.value.code == "SYS-007" else caught.value.exit_code == 4
    path.unlink()
    with pytest.raises(CuratorError):
        read_protocol(written)


def change(folder: Path, **fields: Any) -> None:
    path = folder / "protocol.json"
    document_ = json.loads(path.read_bytes())
    document_.update(fields)
    path.write_bytes(canonical_bytes(document_))
    (folder / "protocol.html").write_bytes(page(document_))


def test_a_result_turned_around_in_both_files_does_not_pass(tmp_path: Path) -> None:
    write_protocol(tmp_path / "p", made(FAIL), SIGNER)
    checks = made(PASS)["checks"]
    change(tmp_path / "p", result=PASS, checks=checks, counts={"passed": 1, "failed": 0, "couldNotCheck": 0})
    with pytest.raises(IntegrityError, match="VAL-020"):
        read_protocol(tmp_path / "p")


def test_a_result_that_is_not_the_one_of_its_checks_does_not_pass_even_if_it_was_signed(tmp_path: Path) -> None:
    lying = {**made(FAIL), "result": PASS}
    write_protocol(tmp_path / "p", lying, SIGNER)
    with pytest.raises(IntegrityError, match="VAL-020"):
        read_protocol(tmp_path / "p")


def test_a_signature_taken_off_does_not_make_an_unsigned_protocol_of_a_signed_one(written: Path) -> None:
    change(written, signature=None)
    with pytest.raises(IntegrityError, match="VAL-020"):
        read_protocol(written)
    for name in ("protocol.dsse.json", "protocol.pae", "protocol.sig", "signer.pem"):
        (written / name).unlink()
    with pytest.raises(CheckError, match="VAL-012"):
        read_protocol(written)


def test_another_persons_key_does_not_pass_for_the_signers(tmp_path: Path, written: Path) -> None:
    with pytest.raises(IntegrityError, match="VAL-021"):
        read_protocol(written, OTHER.public)
    swapped = made()
    swapped["signature"]["keyId"] = key_id(OTHER.public)
    write_protocol(tmp_path / "other", swapped, OTHER)
    assert read_protocol(tmp_path / "other").key_id == key_id(OTHER.public)
    with pytest.raises(IntegrityError, match="VAL-021"):
        read_protocol(tmp_path / "other", SIGNER.public)


def test_an_envelope_of_another_protocol_does_not_pass(tmp_path: Path, written: Path) -> None:
    write_protocol(tmp_path / "second", made(FAIL), SIGNER)
    for name in ("protocol.dsse.json", "protocol.pae", "protocol.sig"):
        (written / name).write_bytes((tmp_path / "second" / name).read_bytes())
    with pytest.raises(IntegrityError, match="VAL-020"):
        read_protocol(written)


def test_a_later_format_is_refused_and_not_misread(written: Path) -> None:
    change(written, format=2)
    with pytest.raises(UsageError, match="SYS-007"):
        read_protocol(written)


def test_no_protocol_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="VAL-005"):
        read_protocol(tmp_path)


def test_a_folder_in_use_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "p").mkdir()
    (tmp_path / "p" / "mine").write_text("x")
    with pytest.raises(UsageError, match="VAL-004"):
        write_protocol(tmp_path / "p", made(), SIGNER)
    with pytest.raises(UsageError, match="VAL-004"):
        write_protocol(tmp_path / "no" / "p", made(), SIGNER)
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UsageError, match="VAL-004"):
        write_protocol(tmp_path / "link", made(), SIGNER)
    assert sorted(os.listdir(tmp_path)) == ["link", "p"]


def test_an_empty_folder_takes_the_protocol(tmp_path: Path) -> None:
    (tmp_path / "p").mkdir()
    write_protocol(tmp_path / "p", made(signed=False), None)
    assert sorted(os.listdir(tmp_path / "p")) == ["protocol.html", "protocol.json"]


@pytest.mark.parametrize("fails_at", range(1, 9))
def test_a_protocol_is_written_whole_or_not_at_all(
    tmp_path: Path, fails_at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = 0

    def failing(real: Any) -> Any:
        def run(*args: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls == fails_at:
                raise OSError(28, "No space left on device")
            return real(*args)

        return run

    monkeypatch.setattr("os.fsync", failing(os.fsync))
    with contextlib.suppress(CheckError):
        write_protocol(tmp_path / "p", made(), SIGNER)
    monkeypatch.undo()
    left = os.listdir(tmp_path)
    assert left in ([], ["p"])
    if left:
        assert read_protocol(tmp_path / "p").document == made()


def test_a_document_that_does_not_follow_its_schema_or_its_signer_is_not_written(tmp_path: Path) -> None:
    for document_, signer in ((made(), None), (made(signed=False), SIGNER), ({**made(), "checks": []}, SIGNER)):
        with pytest.raises(ValueError, match="schema"):
            write_protocol(tmp_path / "p", document_, signer)
    assert list(tmp_path.iterdir()) == []


def test_the_time_of_the_document_is_utc(tmp_path: Path) -> None:
    assert made()["startedAt"] == BEGAN.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert sealing.MOST > 1 << 20
