"""What an audit lays aside says the same as what it once held: lists, sets, owners, thumbnails, groups, spellings."""

from __future__ import annotations

import hashlib
import pickle
import random

import pytest

from curator.audit.album import Album, Image, Images
from curator.audit.answers import Few, judged
from curator.audit.closed.forms import Known, forms_of, sheet_of
from curator.audit.closed.owners import Owners
from curator.audit.images import _TOGETHER, SIDE, Thumbs
from curator.audit.listed import Listed, Marks
from curator.audit.model import SHOWN, File, Finding, Outcome
from curator.audit.overlap import Shared
from curator.audit.work import Place
from curator.core.spill import BLOCK, Paths


def files(count: int) -> list[tuple[File, Place | None]]:
    made = []
    for at in range(count):
        path = f"clean/P{at % 97:03d}/{at:05d}" + ("-x" if at % 3 else "/y")
        place = None if at % 11 == 0 else Place(f"/somewhere/{path}", (1, at, at, at, at))
        made.append((File(path, at, hashlib.sha256(path.encode()).hexdigest(), "text"), place))
    return made


@pytest.mark.parametrize("count", [0, 1, BLOCK, 3 * BLOCK + 5])
def test_a_list_of_files_is_sorted_and_finds_each_file_with_its_place(count: int) -> None:
    given = files(count)
    wanted = sorted(given, key=lambda one: one[0].path)
    random.Random(1).shuffle(given)
    listed = Listed(given)
    assert len(listed) == count
    assert list(listed) == [file for file, _ in wanted]
    assert list(listed.entries()) == wanted
    assert [listed.find(file.path) for file, _ in given] == given
    assert [listed.find(one) for one in ("", "a", "clean/P000", "zzz", "clean/P001/00001")] == [None] * 5


def test_of_two_files_of_one_path_the_later_counts() -> None:
    one, other = File("a", 1, "00" * 32, "text"), File("a", 2, "11" * 32, "csv")
    listed = Listed([(one, Place("/x")), (File("b", 3, "22" * 32, "text"), None), (other, None)])
    assert [file.size for file in listed] == [2, 3]
    assert listed.find("a") == (other, None)


def test_marks_and_paths_hold_what_was_added_and_nothing_else() -> None:
    marks, others = Marks(), Marks()
    chosen = random.Random(2).sample(range(5000), 700)
    for one in chosen:
        marks.add(one)
        marks.add(one)
    for one in chosen[:200]:
        others.add(one)
    assert len(marks) == 700
    assert [one for one in range(6000) if one in marks] == sorted(chosen)
    assert (marks.without(others), others.without(marks)) == (500, 0)
    paths = Paths()
    paths.add("clean/\udcff")
    assert "clean/\udcff" in paths
    assert "clean/" not in paths


def test_files_with_the_same_bytes_are_about_all_their_persons_also_in_a_worker() -> None:
    digests = [hashlib.sha256(b"%d" % at).hexdigest() for at in range(300)]
    given = [(one, frozenset({at % 7, at % 5})) for at, one in enumerate(digests)]
    given += [(digests[3], frozenset({99})), (digests[3], frozenset({98})), (digests[4], frozenset())]
    wanted: dict[str, frozenset[int]] = {}
    for digest, persons in given:
        wanted[digest] = wanted.get(digest, frozenset()) | persons
    random.Random(3).shuffle(given)
    owners = pickle.loads(pickle.dumps(Owners(given)))
    assert {digest: owners.of(digest) for digest in digests} == wanted
    assert owners.of("ff" * 32) == owners.of(digests[0][::-1]) == frozenset()
    assert Owners([]).of(digests[0]) == frozenset()


def test_thumbnails_are_read_like_an_array() -> None:
    np = pytest.importorskip("numpy")
    per = _TOGETHER // SIDE**2
    pool = np.random.default_rng(4).integers(0, 256, (2 * per + 3, SIDE, SIDE), np.uint8)
    thumbs = Thumbs()
    for start in range(0, len(pool), 5):
        thumbs.append(pool[start : start + 5].tobytes())
    assert len(thumbs) == len(pool)
    for part in (slice(0, 4), slice(per - 2, per + 2), slice(None), slice(2 * per, 9 * per), slice(3, 3)):
        assert (thumbs[part] == pool[part]).all()
        assert thumbs[part].shape == pool[part].shape
    assert all((thumbs[at] == pool[at]).all() for at in (0, per - 1, per, len(pool) - 1))
    assert b"".join(thumbs.parts()) == pool.tobytes()
    rows = [5, 2 * per + 1, 0]
    assert (thumbs.only(rows)[:] == pool[rows]).all()


def test_images_of_a_patient_come_as_they_were_put_and_what_is_appended_behind() -> None:
    album = Album()
    given = [Image(File(f"p{at}", at, "0", "dicom"), {"at": at}, f"P{at // 100}") for at in range(2 * BLOCK + 9)]
    for number, one in enumerate(given):
        assert album.put(one) == number
    for start, stop in ((0, 3), (BLOCK - 2, BLOCK + 2), (2 * BLOCK, 2 * BLOCK + 9), (7, 7)):
        some = Images(album, start, stop)
        assert list(some) == given[start:stop]
        assert len(some) == stop - start
    some.append(given[0])
    assert list(some) == [given[0]]
    assert len(some) == 1


def test_all_findings_are_counted_and_the_first_are_kept() -> None:
    few = Few(Finding(f"place {at}", "wrong") for at in range(SHOWN + 50))
    answer = judged(few, "fine", "{total} wrong")
    assert (answer.outcome, answer.total, answer.summary) == (Outcome.FAIL, SHOWN + 50, f"{SHOWN + 50} wrong")
    assert [one.where for one in answer.findings] == [f"place {at}" for at in range(SHOWN)]
    assert judged(Few(), "fine", "").outcome == Outcome.PASS


def test_what_patients_share_is_found_in_the_order_in_which_it_came() -> None:
    draw, held, shared = random.Random(5), dict[tuple[str, str], set[str]](), Shared()
    for _ in range(3000):
        what, key, name = draw.choice("xyz"), str(draw.randrange(900)), f"P{draw.randrange(40)}"
        held.setdefault((what, key), set()).add(name)
        shared.add(what, key, name)
    groups, counts = shared.groups()
    assert groups == [(what, names) for (what, _), names in held.items() if len(names) > 1]
    assert counts == {what: sum(one == what for one, _ in held) for what in "xyz"}


def test_every_spelling_has_the_owners_and_the_rule_that_each_value_alone_gives_it() -> None:
    draw = random.Random(6)
    names = [f"{draw.choice(['Mo', 'Quill', 'Oster'])}{draw.choice(['tag', 'feather', 'gard'])}" for _ in range(9)]
    people = [
        Known(
            number,
            (
                ("name", f"{draw.choice(names)}^{draw.choice(names)}"),
                ("id", f"MR{draw.randrange(20):09d}"),
                ("other", f"MR{draw.randrange(20):09d}"),
                ("birth_date", f"19{draw.randint(40, 60)}0{draw.randint(1, 9)}11"),
                ("address", f"{draw.randint(1, 9)} {draw.choice(names)} Road"),
                ("city", draw.choice(names)),
            ),
        )
        for number in range(1, 120)
    ]
    people.append(Known(120, (("uid", "1.2.840.99999.1.2.3"), ("uid", "1.2.840.99999.1.2.4"))))
    owners: dict[tuple[bytes, object, str], set[int]] = {}
    everybody = set()
    for person in people:
        for category, value in person.values:
            for text, rule, alone in forms_of(category, value):
                owners.setdefault((text, rule, category), set()).add(person.number)
                everybody |= {(text, rule, category)} if alone else set()
    sheet = sheet_of(people)
    made = {
        (text, form.rule, form.category): (set(some), form.everybody)
        for text, forms in sheet.forms.items()
        for form, some in forms
    }
    assert made == {key: (numbers, key in everybody) for key, numbers in owners.items()}
    assert len(sheet.forms.heads) == len(owners)
    assert max(map(len, owners.values())) > 8
    assert sorted(sheet.forms) == sorted({text for text, _, _ in owners})
    assert len(sheet.forms) == len({text for text, _, _ in owners})
    packed = pickle.loads(pickle.dumps(sheet))
    assert list(packed.forms.items()) == list(sheet.forms.items())
