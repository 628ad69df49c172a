"""What tools, methods, tests and structures are called after stays; people and houses of that name do not. Made up."""

import pytest

from curator.detect.text import detectors, find_all
from curator.detect.text.words.namesakes import namesake


def covered(text: str) -> str:
    found = {at for one in find_all(text, detectors()) for at in range(one.start, one.end)}
    return "".join(mark if at in found else "_" for at, mark in enumerate(text))


@pytest.mark.parametrize(
    "text",
    [
        "The pedicles were clamped with curved Ochsner clamps, cut and tied.",
        "The cervix was grasped with a straight Lahey tenaculum.",
        "The edge was lifted with Potts scissors and freed.",
        "A McIvor mouth gag was placed and opened.",
        "They set a Crowe-Davis type mouth gag.",
        "The O'Connor-O'Sullivan retractor was placed.",
        "The GYN Balfour was placed into the wound.",
        "Byers flaps were marked on the ventral skin.",
        "The chips were washed out with an Ellik evacuator.",
        "An Esmarch was applied and the cuff was inflated.",
        "The limb was exsanguinated with Esmarch, and the cuff was inflated.",
        "The port was closed using a Carter-Thomason device.",
        "Doyle splints were placed on both sides of the septum.",
        "The cervix was dilated with Hank dilators.",
        "A 19-French Blake drain was left in the pelvis.",
        "Dressings of Owen silk and gauze were put on.",
        "The suture was passed with a Caspari punch.",
        "The leg was put in a Johnson knee holder.",
        "We split the arcade of Struthers above the elbow.",
        "The lobe was peeled off Berry's ligament.",
        "The tumor had favorable Shimada histology.",
        "Goldman visual field testing was full.",
        "She scored low on the Western Aphasia Battery.",
        "He scored 24 on the Montreal Cognitive Assessment.",
        "Keller bunionectomy of the left foot.",
        "A #15 Bard-Parker was then used for the skin.",
        "The fascia was closed with 2-0 Quillex in a running fashion.",
        "The Masterson was then used along the cervix.",
        "A Quillfeder retractor was placed, then a second Quillfeder elevator.",
        "The wire was passed through a Fintorp sheath.",
        "The gag was hung from the Mayo stand.",
        "The canal was dilated with van Buren sounds.",
        "It may be Moya Moya, or dysplasia of the vessel wall.",
        "The tensor fascia lata was split in line with its fibers.",
        "The cord and the vas deferens were freed.",
        "She was bitten by a neighbor's German Shepherd in the yard.",
        "Indigo Carmine was given and seen from both sides.",
        "The nerve was moved dorsally and the tendon ulnarly.",
        "The straight Ochsner was placed along the cervix.",
        "His mother died of Huntington's. Father is well.",
        "The boy had Apgars of 8 and 9.",
        "Sulfa drugs give him hives.",
        "He came late due to lack of health insurance.",
        "MGF with h/o stroke. Both parents were healthy.",
        "He has Quillfeder-type tremor on the right.",
    ],
)
def test_what_a_thing_is_called_after_stays(text: str) -> None:
    assert set(covered(text)) == {"_"}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Dr. Potts was called to bedside at once.", "Potts"),
        ("Mr. Blake was drained of two liters of fluid.", "Blake"),
        ("An Nguyen was placed on a low salt diet.", "Nguyen"),
        ("Joseph Walker is a pleasant man with knee pain.", "Walker"),
        ("Seen at the Ochsner Clinic last week.", "Ochsner"),
        ("Transferred to Lahey Hospital by helicopter.", "Lahey"),
        ("She was seen at Kaiser last week for this.", "Kaiser"),
        ("Kelly was taken to the Mayo Clinic on Friday.", "Mayo"),
        ("Discussed with Hank, his brother, by phone.", "Hank"),
        ("Talked with daughter Berry about the ligament tear.", "Berry"),
        ("Interpreted using Maria Lopez, interpreter.", "Lopez"),
        ("He fills them using Walgreens on the corner.", "Walgreens"),
        ("Patient: Johnson, Carl. The knee holder was used.", "Johnson"),
        ("Mrs. Keller had a bunionectomy. Keller bunionectomy was in May.", "Keller"),
        ("She drove to Struthers, Ohio for the surgery.", "Struthers"),
        ("She lives in Huntington. Her sister is near.", "Huntington"),
        ("Staying at Wilson's until Friday.", "Wilson"),
        ("He walked Quillfeder Street to the store.", "Quillfeder Street"),
        ("Seen by Allis Thompson, MD, in clinic.", "Thompson"),
        ("Lucas Frame was tearful on the ward.", "Frame"),
        ("Her husband, Pratt, used a retractor at work.", "Pratt"),
        ("Signed: Caspari, punch biopsy done.", "Caspari"),
        ("Warren, Ted knee holder ordered.", "Warren, Ted"),
        ("Bed 5B: 83F, Fox. Sick sinus, pacer this afternoon.", "Fox"),
        ("Nurse Owen changed the silk tape today.", "Owen"),
    ],
)
def test_people_and_houses_of_the_same_name_are_found(text: str, name: str) -> None:
    assert name in covered(text)


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("Clamped with {Heaney}, cut and tied.", True),
        ("{Baker} drain 40 mL overnight.", False),
        ("The {Baker} drain was pulled.", True),
        ("{Kelly} sponge bath given.", False),
        ("{Kelly} signs the form and leaves.", False),
        ("{Wood} saw her in the clinic.", False),
        ("RETIRED BRAKEMAN OF {THE SOO LINE}, LIVES ALONE.", False),
        ("{Kelly} was used to walking five miles.", False),
        ("The needle was used to bring {Kelly} home.", False),
        ("A family meeting was held with {Kelly} today.", False),
        ("Closed with {Baker}, RN, assisting.", False),
        ("{Kelly}'s incision is clean.", False),
    ],
)
def test_the_words_around_tell(text: str, held: bool) -> None:
    start, end = text.index("{"), text.index("}") - 1
    assert namesake(text.replace("{", "").replace("}", ""), start, end) is held
