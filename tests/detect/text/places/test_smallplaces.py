"""Places that are words elsewhere, and places in small letters. All made up."""

import pytest

from curator.detect.text import detectors, find_all

OURS = detectors(weighed=False)


def places(text):
    return {text[f.start : f.end] for f in find_all(text, OURS) if f.category.name == "GEOGRAPHY"}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("She sees Dr. Hale in the Highlands for follow-up.", "Highlands"),
        ("He lives in the Dalles with his son.", "Dalles"),
        ("He lost his house in a fire in the Palisades.", "Palisades"),
        ("that bakery down on third street was closed", "third street"),
        ("i slipped right there on ninth avenue", "ninth avenue"),
        ("i tripped on thirty second street", "thirty second street"),
        ("over on elm street by the park", "elm street"),
        ("it's on the corner of fifth and main", "fifth and main"),
        ("there's a store at fifth and elm", "fifth and elm"),
        ("we went camping around the mount hood area .", "mount hood"),
        ("hiking in the southern sierras , over by lake tahoe .", "southern sierras"),
        ("hiking in the southern sierras , over by lake tahoe .", "lake tahoe"),
        ("we have a cabin up in the smoky mountains", "smoky mountains"),
        ("i was climbing in zion national park", "zion national park"),
        ("have it done at uh fenley regional , tilbury regional hospital in june", "tilbury regional hospital"),
        ("he'll do it over at bartley regional .", "bartley regional"),
        ("dr. moss is at county heart services down here", "county heart services"),
        ("she is at county surgical services . i put it in for county .", "county"),
        ("go ask them and try cvs .", "cvs"),
        ("try rite aid or the other one", "rite aid"),
        ("She has not gotten her Project Bridge insurance yet.", "Project Bridge"),
        ("Yeah, Project Bridge is trying to find me one.", "Project Bridge"),
        ("She would be admitted to Main-5 North.", "Main-5 North"),
    ],
)
def test_a_place_that_hardly_looks_so_is_found(text, wanted):
    assert wanted in {text[f.start : f.end] for f in find_all(text, OURS)}


@pytest.mark.parametrize(
    "text",
    [
        "there is a new place down on a main street",
        "there is a bakery on the main street",
        "put it on the second street sign",
        "the first avenue of treatment failed, go to the second avenue of therapy",
        "pain at first and second toes, at third and fourth digits",
        "He is a Project Manager and the project is late.",
        "he needs to mount an immune response",
        "The mount was removed from the slide.",
        "we went to the lake and stayed at the lake house",
        "she was taken to the regional hospital",
        "it was done at the local community hospital",
        "we went to a state park and he loves the national park",
        "county services were called",
        "he takes it for the blue mountains of laundry",
        "the cells lie in the highlands and in the plains",
    ],
)
def test_kinds_of_places_and_verbs_stay(text):
    assert places(text) == set()
