"""``people train``, ``rotate``, ``review``, ``selftest`` and the log of failed tries, as installed."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from people_site import Result, Site, label, make_site

from curator.core.clock import SystemClock
from curator.core.errors import UsageError

TRAIN = ("people", "train", "ada", "--by", "rita", "--course", "gcp@2", "--record", "training.txt")
ADD = ("--name", "Dr Eva", "--role", "reader")
SECRETS = ("a key's passphrase", "the next passphrase", "wrong passphrase", "the vault's passphrase")
#: A text that a detector sees, in the spellings that are searched for.
PLANTED = "Jane Quillfeather called 555-867-5309"
SPELLINGS = ("quillfeather", "867-5309", "8675309", "janequill")


def day(ahead: int) -> str:
    return (datetime.now(UTC) + timedelta(days=ahead)).strftime("%Y-%m-%d")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return make_site(tmp_path_factory.mktemp("site"))


@pytest.fixture
def site(made: Site, tmp_path: Path) -> Site:
    shutil.copytree(made.folder, tmp_path / "site")
    return Site(tmp_path / "site")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Days by which the machine's clock is ahead, for commands in this process."""
    ahead = [0]
    before = SystemClock.now
    monkeypatch.setattr(SystemClock, "now", lambda self: before(self) + timedelta(days=ahead[0]))
    return ahead


def refused(done: Result, code: str, exit_code: int = 2) -> None:
    assert (done.code, code in done.err, "hint: " in done.err) == (exit_code, True, True), done.err


def test_a_training_is_recorded_by_a_second_person(site: Site) -> None:
    """21 CFR 11.10(i): training is on record, stated by somebody else, with the digest of the paper."""
    done = site.installed(*TRAIN, "--until", day(100), key=True)
    assert (done.code, "ada is trained in gcp@2" in done.out) == (0, True), done.err
    refused(site("people", "train", "rita", *TRAIN[3:], "--until", day(9), key=True), "KEY-030")
    refused(site(*TRAIN[:-2], "--record", "nothing.txt", "--until", day(9), key=True), "KEY-043")
    refused(site(*TRAIN, "--until", "soon", key=True), "LED-072")
    shown = site("ledger", "log", "--kind", "person-trained")
    assert "people/ada in gcp@2 until" in shown.out
    assert "quillfeather" not in (shown.out + done.out + done.err).lower()


def test_a_lapsed_training_stops_labels_until_it_is_renewed(site: Site, clock: list[int]) -> None:
    """21 CFR 11.10(i): a person whose training has lapsed signs no labels."""
    assert site(*TRAIN, "--until", day(5), key=True).code == 0
    assert site.sign(1).out == "1"
    clock[0] = 6
    with pytest.raises(UsageError):
        site.sign(2)
    done = site("people", "review")
    assert (done.code, "lapsed" in done.out, "gcp@2" in done.out) == (1, True, True)
    assert site(*TRAIN, "--until", day(60), key=True).code == 0
    assert site.sign(2).out == "1"


def test_a_project_may_ask_for_training(site: Site) -> None:
    """21 CFR 11.10(i): with require_training nobody signs labels without a recorded training."""
    config = site.project / "curator.toml"
    config.write_text(config.read_text() + "[signing]\nrequire_training = true\n")
    path = site.folder / "labels.jsonl"
    path.write_text(json.dumps(label(1, "ada")) + "\n")
    words = ("sign", path, "--as", "ada", "--guideline", "chest@1.0", "--tool", "viewer@2.1", "--dry-run")
    done = site(*words)
    assert (done.code, "KEY-035" in done.err) == (2, True)
    assert site(*TRAIN, "--until", day(60), key=True).code == 0
    assert site(*words).code == 0
    config.write_text(config.read_text().replace("= true", '= "yes"'))
    refused(site(*words), "PRJ-002")


def test_a_key_is_rotated_and_the_old_one_signs_no_more(site: Site) -> None:
    """21 CFR 11.300(b): keys are changed; earlier signatures stay valid, the old key signs no more."""
    site.sign(1)
    old = (site.folder / "keys" / "ada.key.json").read_bytes()
    done = site.installed("people", "rotate", "--by", "ada", "--new-key-passphrase-file", "new", "--json", key=True)
    assert done.code == 0, done.err
    assert (done.json["recorded"], done.json["oldKeyId"] != done.json["keyId"]) == (True, True)
    assert (site.folder / "keys" / "ada.key.1.json").read_bytes() == old
    refused(site("people", "selftest", "--by", "ada", key=True), "KEY-002")
    (site.folder / "key").write_text("the next passphrase\n")
    assert site("people", "selftest", "--by", "ada", key=True).code == 0
    assert site.sign(2).out == "1"
    assert site.records() == 7
    listed = {(one["id"], "rotated_record" in one) for one in site("people", "list", "--json").json["people"]}
    assert listed == {("ada", True), ("ada", False), ("rita", False)}
    assert "OLD KEY" in site("people", "list").out
    (site.folder / "keys" / "ada.key.json").write_bytes(old)
    (site.folder / "key").write_text("a key's passphrase\n")
    refused(site("people", "train", "rita", *TRAIN[3:4], "ada", *TRAIN[5:], "--until", day(9), key=True), "KEY-016")
    assert site.events()[-1] == "signing-refused"


def test_a_rotation_that_was_stopped_is_run_again(site: Site) -> None:
    words = ("people", "rotate", "--by", "ada", "--new-key-passphrase-file", "new")
    (site.folder / "keys" / "ada.key.1.json").mkdir()
    stopped = site(*words, key=True)
    refused(stopped, "KEY-042", 3)
    (site.folder / "keys" / "ada.key.1.json").rmdir()
    size = site.records()
    refused(site("people", "selftest", "--by", "ada", key=True), "KEY-016")
    again = site(*words, "--json", key=True)
    assert (again.code, again.json["recorded"], site.records()) == (0, False, size)
    (site.folder / "key").write_text("the next passphrase\n")
    assert site("people", "selftest", "--by", "ada", key=True).code == 0


def test_a_key_with_a_last_day_is_refused_after_it(site: Site, clock: list[int]) -> None:
    """21 CFR 11.300(b): an expired key is refused, and the review lists it before and after."""
    words = ("people", "add", "eva", "--name", "Dr Eva", "--role", "reviewer", "--qualification", "board certified")
    refused(site(*words, "--expires", day(-1), key=True, project=False), "KEY-032")
    assert site(*words, "--expires", day(10), key=True, project=False).code == 0
    enrolled = site("people", "enroll", "eva.request.json", "--by", "rita", key=True)
    assert (enrolled.code, f"last day {day(10)}" in enrolled.err) == (0, True)
    assert "board certified" in site("people", "list").out
    due = site("people", "review", "--json").json["due"]
    assert {"what": "expiring", "id": "eva", "detail": day(10)} in due
    clock[0] = 12
    refused(site("people", "revoke", "ada", "--by", "eva", "--reason", "left", key=True), "KEY-031")
    assert site.events() == ["signing-refused"]
    review = site("people", "review", "--within", 0)
    assert (review.code, "expired" in review.out) == (1, True)


def test_a_review_with_nothing_due_ends_well(site: Site) -> None:
    assert site.installed("people", "review").code == 1
    assert site(*TRAIN, "--until", day(100), key=True).code == 0
    words = ("people", "train", "rita", "--by", "eva", *TRAIN[5:], "--until", day(100))
    for one in (
        ("people", "add", "eva", "--name", "Dr Eva", "--role", "reviewer"),
        ("people", "enroll", "eva.request.json", "--by", "rita"),
        words,
        (*words[:2], "eva", "--by", "rita", *words[5:]),
    ):
        assert site(*one, key=True, project=one[1] != "add").code == 0
    done = site("people", "review")
    assert (done.code, "nothing due" in done.out) == (0, True), done.out


def test_a_key_tests_itself(site: Site) -> None:
    """21 CFR 11.300(e): a fresh challenge is signed, and deliberately bad signatures are refused."""
    done = site.installed("people", "selftest", "--by", "ada", key=True)
    assert (done.code, done.out.count("PASS")) == (0, 4)
    assert site.records() == 4


def test_three_wrong_passphrases_are_on_record_and_sealed_by_the_next_checkpoint(site: Site) -> None:
    """21 CFR 11.300(d): attempts are detected and reported at once, kept, and sealed with the ledger."""
    (site.folder / "key").write_text("wrong passphrase\n")
    said = ""
    for number in (1, 2, 3):
        done = site.installed("people", "selftest", "--by", "ada", key=True)
        refused(done, "KEY-002")
        assert f"failed try {number} of 5 within 15 minutes" in done.err
        said += done.out + done.err
    assert site.events() == ["unlock-failed"] * 3
    done = site.installed("ledger", "checkpoint", key=True, vault=True)
    assert (done.code, "3 security events of the keys log are sealed" in done.err) == (0, True), done.err
    shown = site("ledger", "log", "--kind", "events-sealed", "--json").json["records"]
    assert [(one["predicate"]["kinds"], one["predicate"]["people"]) for one in shown] == [
        ({"unlock-failed": 3}, [{"person": "ada", "count": 3}])
    ]
    assert site("ledger", "checkpoint", key=True, vault=True).code == 0
    assert site.records() == 5
    assert not [secret for secret in SECRETS if secret in said + done.out + done.err]


def test_the_fifth_wrong_passphrase_locks_and_says_what_that_cannot_do(site: Site) -> None:
    """21 CFR 11.300(d): repeated attempts are slowed; the message says that a copied key file is not."""
    (site.folder / "key").write_text("wrong passphrase\n")
    for _ in range(5):
        refused(site("people", "selftest", "--by", "ada", key=True), "KEY-002")
    (site.folder / "key").write_text("a key's passphrase\n")
    done = site("people", "selftest", "--by", "ada", key=True)
    refused(done, "KEY-039")
    assert "a copied key file is not slowed" in done.err
    assert site("people", "selftest", "--by", "rita", key=True).code == 0
    assert site.events()[-1] == "unlock-locked-out"


def test_what_a_role_forbids_is_refused_and_on_record(site: Site) -> None:
    """21 CFR 11.10(d): authority checks; the refused attempt is logged."""
    done = site("people", "train", "rita", "--by", "ada", *TRAIN[5:], "--until", day(9), key=True)
    refused(done, "KEY-011")
    assert ("this try to sign is on record" in done.err, site.events()) == (True, ["signing-refused"])
    assert site.records() == 4


def test_a_log_that_was_cut_after_it_was_sealed_is_found_by_the_next_checkpoint(site: Site) -> None:
    (site.folder / "key").write_text("wrong passphrase\n")
    for _ in range(2):
        site("people", "selftest", "--by", "ada", key=True)
    assert site("ledger", "checkpoint", key=True, vault=True).code == 0
    events = site.folder / "keys" / "security"
    (events / "00000002.json").unlink()
    done = site.installed("ledger", "checkpoint", "--out", "held", key=True, vault=True)
    refused(done, "KEY-040", 4)
    assert (site.folder / "held").read_text() == done.out
    (site.folder / "key").write_text("a key's passphrase\n")
    refused(site("ledger", "seal-events", "--by", "rita", key=True), "KEY-040", 4)
    refused(site("ledger", "seal-events", "--by", "rita", "--restart", PLANTED, key=True), "LED-070")
    words = ("ledger", "seal-events", "--by", "rita", "--vault", "--restart", "restored from a backup", "--json")
    sealed = site(*words, key=True)
    assert (sealed.code, [one["log"] for one in sealed.json["sealed"]]) == (0, ["keys", "vault"])
    assert site("ledger", "checkpoint", key=True, vault=True).code == 0


def forge_request(site: Site) -> None:
    """Write a request that the command itself would not make."""
    from curator.provenance.keys import SeedSigner
    from curator.provenance.people import draft_request, write_request

    details = {"printed_name": "Dr Eva", "roles": ("reader",), "specialty": None, "years": None}
    draft = draft_request("eva", **details, clock=SystemClock(), qualification=PLANTED)
    write_request(site.folder / "eva.request.json", draft, SeedSigner(b"e" * 32))
    refused(site("people", "add", "eva", *ADD, "--qualification", PLANTED, key=True, project=False), "LED-070")


@pytest.mark.parametrize(
    "words",
    [
        ("people", "revoke", "ada", "--by", "rita", "--reason", PLANTED),
        ("people", "rotate", "--by", "ada", "--new-key-passphrase-file", "new", "--reason", PLANTED),
        (
            "people",
            "train",
            "ada",
            "--by",
            "rita",
            "--course",
            "5558675309",
            "--until",
            "2099-01-01",
            "--record",
            "key",
        ),
        ("ledger", "seal-events", "--by", "rita", "--restart", PLANTED),
        ("people", "enroll", "eva.request.json", "--by", "rita"),
    ],
)
def test_no_identifier_is_taken_into_a_record_or_said_again(site: Site, words: tuple[str, ...]) -> None:
    if "eva.request.json" in words:
        forge_request(site)
    done = site(*words, key=True)
    refused(done, "LED-070")
    everything = (done.out + done.err).lower()
    for path in site.project.rglob("*"):
        if path.is_file():
            everything += path.read_bytes().decode("utf-8", "replace").lower()
    assert not [spelling for spelling in SPELLINGS if spelling in everything.replace(" ", "")]
    assert "ada" in everything
    assert site.records() == 4
