"""What pass 1 found in texts saves pass 2 the search, changes no byte, and is gone with the delivery."""

import json

import pytest
from scrubbed_site import made_site

from curator.core.errors import CheckError
from curator.detect.text import met as kept
from curator.detect.text.engine import TextDetector
from curator.scrub.delivery import met, rewrite_pass, run
from curator.scrub.delivery.run import scrub
from curator.scrub.delivery.state import Shelf

NOTE = "Seen with her daughter Ottoline Brackenridge at Ogden General Hospital on 3/14/2021; call 617-555-0142. Stable."
MORE = {
    "letter.txt": NOTE.encode(),
    "visits.jsonl": b"".join(
        json.dumps({"patient_id": f"QX55{at}01", "note": f"{NOTE} Visit {at}."}).encode() + b"\n" for at in range(4)
    ),
}


@pytest.fixture
def asked(monkeypatch):
    """How often the rules searched a text, and in which."""
    texts = []
    plain = TextDetector._ruled

    def counted(self, text, found):
        texts.append(text)
        return plain(self, text, found)

    monkeypatch.setattr(TextDetector, "_ruled", counted)
    return texts


def test_a_note_is_searched_by_rules_once(tmp_path, asked):
    site = made_site(tmp_path, MORE)
    assert sum(text == NOTE for text in asked) == 1
    assert sum(text == f"{NOTE} Visit 2." for text in asked) == 1
    site.vault.close()


def test_without_what_pass_1_found_the_same_bytes_come_out(tmp_path, asked, monkeypatch):
    (tmp_path / "with").mkdir()
    (tmp_path / "without").mkdir()
    first = made_site(tmp_path / "with", MORE)
    once = len(asked)
    monkeypatch.setattr(met, "know", lambda _shelf, _shard, _source, treatment: treatment.met.clear())
    other = made_site(tmp_path / "without", MORE)
    assert len(asked) - once > once
    # Pseudonyms are drawn anew in each project.
    texts = [
        sorted(path.read_text().replace(path.parts[-3], "") for path in one.project.clean.rglob("*.txt"))
        for one in (first, other)
    ]
    assert texts[0] == texts[1]
    assert any("Stable." in text and "Brackenridge" not in text for text in texts[0])
    for one in (first, other):
        one.vault.close()


def test_it_is_kept_between_the_passes_and_gone_afterwards(tmp_path, monkeypatch):
    seen = []
    plain = rewrite_pass.met.know

    def looked(shelf: Shelf, shard, source, treatment):
        seen.append(shelf.get(f"{met.FOLDER}/{shard:08d}"))
        plain(shelf, shard, source, treatment)

    monkeypatch.setattr(met, "know", looked)
    site = made_site(tmp_path, MORE)
    assert len(seen) == 4
    said = json.dumps(seen)
    assert seen[0]["sources"]
    for word in ("Brackenridge", "Ottoline", "Ogden", "0142", "Quillfeather", "ZB5541772"):
        assert word not in said
    assert not list(site.vault.folder.rglob("met/*.enc"))
    site.vault.close()


@pytest.mark.parametrize("change", ["program", "detector"])
def test_what_another_detector_found_does_not_count(tmp_path, asked, monkeypatch, change):
    plain = run._rewrite

    def changed(job, *given, **more):
        if change == "program":
            monkeypatch.setattr(met, "_installed", lambda: "another")
        else:
            monkeypatch.setattr(met, "_by", lambda _treatment: "")
        asked.clear()
        return plain(job, *given, **more)

    monkeypatch.setattr(run, "_rewrite", changed)
    site = made_site(tmp_path, MORE)
    assert sum(text == NOTE for text in asked) == 1
    site.vault.close()


def test_a_run_that_ended_between_the_passes_goes_on_with_it(tmp_path, asked, monkeypatch):
    def stopped(*_given, **_more):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(run, "_rewrite", stopped)
        with pytest.raises(KeyboardInterrupt):
            made_site(tmp_path, MORE)
    from scrubbed_site import opened

    site = opened(tmp_path)
    assert list(site.vault.folder.rglob("met/*.enc"))
    asked.clear()
    assert scrub(site.job()).scrubbed == 6
    assert NOTE not in asked
    assert not list(site.vault.folder.rglob("met/*.enc"))
    site.vault.close()


def test_a_file_with_very_many_texts_is_kept_in_parts(tmp_path, asked, monkeypatch):
    monkeypatch.setattr(kept, "MOST", 12)
    lines = [{"patient_id": f"QX55{at % 3}01", "note": f"{NOTE} Visit {at}."} for at in range(30)]
    seen = []

    def looked(shelf, name, plain=Shelf.get):
        document = plain(shelf, name)
        if name.startswith(f"{met.FOLDER}/") and "-" in name:
            seen.append(document)
        return document

    monkeypatch.setattr(Shelf, "get", looked)
    site = made_site(tmp_path, {"visits.jsonl": b"".join(json.dumps(line).encode() + b"\n" for line in lines)})
    assert [sum(text == line["note"] for text in asked) for line in lines] == [1] * 30
    assert len(seen) > 5
    assert all(len(part["texts"]) < 6 for part in seen)
    assert "Brackenridge" not in json.dumps(seen)
    assert not list(site.vault.folder.rglob("met/*.enc"))
    site.vault.close()


def test_a_full_disk_while_parts_are_written_stops_the_run(tmp_path, monkeypatch):
    monkeypatch.setattr(kept, "MOST", 2)

    def full(_aside, _document):
        raise CheckError("SYS-001")

    monkeypatch.setattr(met.Aside, "__call__", full)
    with pytest.raises(CheckError, match="SYS-001"):
        made_site(tmp_path, MORE)
