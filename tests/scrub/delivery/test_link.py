"""Which IDs are of one person: what files and the linkage table say; a pseudonym once given never changes."""

from hypothesis import given
from hypothesis import strategies as st

from curator.identifiers.persons import PersonId
from curator.scrub.delivery.link import IdRules, Links
from curator.scrub.delivery.people import People
from curator.scrub.delivery.state import path_text
from curator.scrub.delivery.whose import Whose, name_key

SECRET = b"s" * 32
RULES = IdRules(SECRET, "north", {"urn:oid:1.2.3": "elsewhere"})


def enrolled(people: People, *groups: list[PersonId]) -> list[str]:
    links = Links()
    for group in groups:
        links.join([links.add(one, SECRET) for one in group])
    found = links.groups()
    return [people.settle(group[0].key(SECRET), found[group[0].key(SECRET)], links.ids) for group in groups]


def mrn(value: str) -> PersonId:
    return PersonId("id", "north", value)


def fhir(value: str) -> PersonId:
    return PersonId("fhir", "north", value)


def test_a_hospital_number_is_the_sites_whatever_issuer_a_file_writes_unless_the_project_lists_it():
    one = RULES.person("mrn", "http://north.example/mrn", " 00417 ", "f1")
    assert one == RULES.person("mrn", "", "00417", "f2") == PersonId("id", "north", "00417")
    assert RULES.person("mrn", "urn:oid:1.2.3", "00417", "f1") == PersonId("id", "elsewhere", "00417")
    assert RULES.person("row", "", "7", "f1") != RULES.person("row", "", "7", "f2")


def test_ids_that_stand_together_are_one_person_through_any_chain():
    people = People()
    keys = enrolled(people, [mrn("1"), fhir("a")], [fhir("a"), fhir("b")], [mrn("2")], [fhir("b"), mrn("3")])
    assert keys[0] == keys[1] == keys[3] != keys[2]
    assert people.top == 2


def test_who_has_a_pseudonym_keeps_it_when_a_later_delivery_joins_two():
    people = People()
    first, second = enrolled(people, [mrn("1")], [mrn("2")])
    assert enrolled(people, [mrn("1"), mrn("2")]) == [first]
    assert enrolled(people, [mrn("2"), mrn("1")]) == [second]
    assert enrolled(people, [fhir("x"), mrn("2"), mrn("1")]) == [first]
    assert people.top == 2


def test_what_a_delivery_adds_comes_back_from_its_document():
    people = People()
    (key,) = enrolled(people, [mrn("1"), fhir("a")])
    told = people.told_since(People())
    assert told["aliases"] == {fhir("a").key(SECRET): [key, "fhir", "north", "a"]}
    assert people.every_id() == {key: ["1", "a"]}
    assert [row[:2] for row in told["persons"]] == [[key, 1]]


@given(st.lists(st.lists(st.integers(0, 12), min_size=1, max_size=4), max_size=12), st.randoms())
def test_groups_do_not_depend_on_the_order_in_which_they_are_told(groups, order):
    def made(listed):
        links = Links()
        for group in listed:
            links.join([links.add(mrn(str(one)), SECRET) for one in group])
        return links.groups()

    shuffled = list(groups)
    order.shuffle(shuffled)
    assert made(groups) == made(shuffled)


def whose() -> tuple[Whose, str, str]:
    people = People()
    one, two = enrolled(people, [mrn("MR-00417"), fhir("pat-9")], [mrn("MR-00900")])
    people.known = {
        one: {("name", "Okonkwo^Ngozi"), ("birth_date", "19500102")},
        two: {("name", "Ngozi Okonkwo"), ("birth_date", "19610102")},
    }
    return Whose.of(people, RULES, {}), one, two


def test_a_file_is_whose_it_says_by_number_or_by_name_and_birth_date_together():
    found, one, two = whose()
    assert found.person(["MR-00417"], "") == one
    assert found.person(["pat-9"], "") == one
    assert found.person(["OKONKWO, Ngozi|19610102"], "") == two
    assert found.person(["Okonkwo, Ngozi|19991231"], "") is None
    assert found.person(["Okonkwo, Ngozi"], "") is None
    assert found.person(["MR-00417", "MR-00900"], "") is None
    assert found.person(["MR-99999"], "") is None


def test_a_file_that_says_nothing_is_told_by_its_path():
    found, one, _ = whose()
    for path in (b"notes/MR-00417.txt", b"MR-00417/visit.txt", b"x/note_MR-00417_2.txt", b"box.zip\0MR-00417/a.txt"):
        assert found.person([], path_text(path)) == one
    assert found.person([], path_text(b"MR-00417/MR-00900.txt")) is None
    assert found.person([], path_text(b"notes/visit.txt")) is None


def test_a_name_is_the_same_in_any_order_and_case():
    assert name_key("Muñoz^José") == name_key("JOSE MUNOZ") == name_key("Munoz, José A.")


def test_numbers_that_differ_by_leading_zeros_are_counted_and_joined_by_nobody():
    people = People()
    keys = enrolled(people, [mrn("00417")], [mrn("417")], [mrn("0417")], [mrn("007A")], [mrn("7A")], [mrn("000")])
    assert len(set(keys)) == 6
    assert people.alike(People()) == 1
    assert people.alike(people) == 0


def test_numbers_of_one_person_or_of_two_issuers_are_not_alike():
    people = People()
    enrolled(people, [mrn("00417"), mrn("417")], [mrn("5"), fhir("05")], [PersonId("id", "elsewhere", "0005")])
    assert people.alike(People()) == 0


def test_a_later_delivery_that_tells_the_other_spelling_is_counted():
    people, before = People(), People()
    for one in (people, before):
        enrolled(one, [mrn("00417")])
    enrolled(people, [mrn("417")])
    assert people.alike(before) == 1
