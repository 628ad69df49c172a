"""What a file tells of persons is joined by their IDs, and more than is kept is marked, never left out in silence."""

from curator.identifiers.known import strengths
from curator.scrub.told import Told, told_of

A, B, C = (("mrn", "", letter) for letter in "ABC")


def test_ids_that_meet_later_make_one_person_of_two():
    people: dict = {}
    told_of(people, (A,)).learn("name", "Okonkwo")
    told_of(people, (B,)).learn("name", "Ngozi")
    joined = told_of(people, (A, B, C))
    assert people[A] is people[B] is people[C] is joined
    assert set(joined.person().ids) == {A, B, C}
    assert set(joined.person().known) == {("name", "Okonkwo"), ("name", "Ngozi")}


def test_more_than_is_kept_is_counted_as_not_searched():
    told = Told()
    for number in range(2500):
        told.learn("id", f"number-{number:05d}")
    known = told.person().known
    assert len(known) == 2001
    assert strengths(known)["unsearched"] == 1


def test_what_is_no_text_or_of_no_usual_length_is_not_kept():
    told = Told()
    for value in (7, None, "", "x" * 300):
        told.learn("name", value)
    assert told.person().known == ()
