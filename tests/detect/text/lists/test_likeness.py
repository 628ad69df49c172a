"""The weights of letter groups: unknown names look like names, new drugs do not."""

from curator.detect.text.lists.likeness import LONGEST, likeness


def test_names_that_no_list_has_look_more_like_names_than_new_drugs_do():
    people = ["kowalczewska", "okonjiwe", "hanninenko", "vukovicek"]
    drugs = ["zavoltrinib", "tirvexin", "xylotrene", "brodalurimab"]
    assert min(map(likeness, people)) > max(map(likeness, drugs))


def test_a_hostile_word_is_weighed_by_its_first_letters_only():
    assert likeness("a" * 100_000) == likeness("a" * LONGEST)
