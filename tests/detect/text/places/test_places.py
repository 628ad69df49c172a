"""Streets, towns, counties, codes and houses by name; states, countries and departments that stay. All made up."""

import pytest

from curator.detect.text import detectors, find_all

OURS, WITHOUT = detectors(weighed=False), detectors(facilities=False, weighed=False)


def places(text, ours=OURS):
    return {text[f.start : f.end] for f in find_all(text, ours) if f.category.name == "GEOGRAPHY"}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Lives at 1420 N. Maple Ave, Apt 3B, Rockford, IL 61101", {"1420 N. Maple Ave, Apt 3B", "Rockford", "61101"}),
        ("of 64996 Cherry Hill Road, Grand Forks", {"64996 Cherry Hill Road", "Grand Forks"}),
        ("PO Box 482, Minot ND 58701", {"PO Box 482", "Minot", "58701"}),
        ("from Cass County", {"Cass County"}),
        ("moved from Sioux Falls in spring", {"Sioux Falls"}),
        ("lives in St. Cloud with his son", {"St. Cloud"}),
        ("Seen by D'Angelo (Key West) once", {"Key West"}),
        ("found at lat 46.87567 lon -96.78376 today", {"lat 46.87567 lon -96.78376"}),
        ("Highway 61 exit 12", {"Highway 61 exit 12"}),
        ("It was on Interstate 71, by the exit.", {"Interstate 71"}),
        ("She is a Cebu, Philippines native.", {"Cebu"}),
        ("He is a Mazatlan, Mexico resident here for a week.", {"Mazatlan"}),
        ("zam. ul. Krótka 4/17, 38-500 Sanok", {"ul. Krótka 4/17", "38-500 Sanok"}),
        ("Hauptstraße 12, 80331 München", {"Hauptstraße 12", "80331", "München"}),
        ("in London W8 4PT", {"London", "W8 4PT"}),
        ("Moved from Tarrowdale last spring", {"Tarrowdale"}),
        ("lives in Kestrel Springs now", {"Kestrel Springs"}),
        ("camping near Port Drustle", {"Port Drustle"}),
        ("residente a Castelbuonvento", {"Castelbuonvento"}),
        ("her son lives in fairhollow, tn", {"fairhollow"}),
        ("Domicilio: Bv. Racedo 417 B. Tel. nada", {"Bv. Racedo 417 B"}),
        ("wohnhaft Am Mühlgraben 17, 06526 Sangerhausen", {"Am Mühlgraben 17", "06526 Sangerhausen"}),
        ("corner of Vine and Tarleton", {"Vine and Tarleton"}),
        ("at Two Courthouse Square today", {"Two Courthouse Square"}),
        ("near 1049 St. Clair Ct today", {"1049 St. Clair Ct"}),
        ("found at N 46° 52.206' W 96° 47.151' today", {"N 46° 52.206' W 96° 47.151'"}),
        ("seen at our Ocala site", {"Ocala"}),
        ("now in Mandeville 70448", {"Mandeville", "70448"}),
        ("Her address is 65 Whippoorwill.", {"65 Whippoorwill"}),
        ("NOK at 88 Dogwood Spur, Licking MO", {"88 Dogwood Spur", "Licking"}),
        ("One Marigold Plaza, Ste 300 in town", {"One Marigold Plaza, Ste 300"}),
        ("HC 61 Box 220", {"HC 61 Box 220"}),
        ("Calle 22 No. 680", {"Calle 22 No. 680"}),
        ("Nowy Trakt 15/3, 00-029 Warszawa", {"Nowy Trakt 15/3", "00-029 Warszawa"}),
        ("Kungsvägen 44 lgh 1102, 111 35 Stockholm", {"Kungsvägen 44 lgh 1102", "111 35", "Stockholm"}),
        ("born in 1923 in Fertile", {"Fertile"}),
    ],
)
def test_what_is_smaller_than_a_state_is_found(text, wanted):
    assert places(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Transferred from Mercy Hospital today", "Mercy Hospital"),
        ("He attends Lincoln High School", "Lincoln High School"),
        ("Works at Boeing as a machinist", "Boeing"),
        ("resident of Golden Acres Nursing Home", "Golden Acres Nursing Home"),
        ("seen at Mount Tabor", "Mount Tabor"),
        ("care at the VA", "VA"),
        ("sent to Walgreens on 5th and Main", "Walgreens on 5th and Main"),
        ("Fargo Police Department called", "Fargo Police Department"),
        ("goes to St. Mary's", "St. Mary's"),
        ("line cook at Sagebrush Semiconductor", "Sagebrush Semiconductor"),
        ("ride by Wilson & Sons", "Wilson & Sons"),
        ("born at Leeward Women's", "Leeward Women's"),
        ("suivie au CHU de la Tournelle", "CHU de la Tournelle"),
        ("en el Hospital San Rafael", "Hospital San Rafael"),
        ("OSH (Penwick) started heparin", "Penwick"),
        ("CT from OSF Galloway shows SDH", "OSF Galloway"),
        ("admitted to the General in June", "General"),
        ("polyp at Endoscopy Center of Marlin", "Endoscopy Center of Marlin"),
        ("seen at Tidewater Orthopaedic & Spine", "Tidewater Orthopaedic & Spine"),
        ("WESTMARCH FAMILY MEDICINE, P.C.\nNote", "WESTMARCH FAMILY MEDICINE, P.C."),
        ("Transported by Bluegrass EMS", "Bluegrass EMS"),
        ("works nights at the Amazon depot", "Amazon"),
        ("Pt was at Good Sam last month", "Good Sam"),
        ("alum of Univ. of Tennick", "Univ. of Tennick"),
        ("planned at The Lantern House Birth Center", "The Lantern House Birth Center"),
    ],
)
def test_houses_are_found_only_when_asked_for(text, wanted):
    assert any(wanted in found for found in places(text))
    assert not any(wanted in found for found in places(text, WITHOUT))


@pytest.mark.parametrize(
    "text",
    [
        "He flew to Texas and on to India.",
        "Transfer to ICU. Discharged to Home with Home Health. Follow up in Clinic.",
        "Memorial Day. Emergency Department. Primary Care Clinic. Medical Center policy.",
        "Sinemet 25-100 TID; MRI at 4:15 PM; Lot 12 of the study drug was close.",
        "OASIS START OF CARE",
        "Discharged to home with hospice. Seen by Surgery at Noon. Sent to Pathology in Formalin.",
        "Attended Diabetes Education Class. Resident of Group Home. Referred to Physical Therapy.",
        "Gave 12 Lead EKG at 5 PM; takes 2 Tabs, 40 Units; on the A1 segment",
        "Supportive Care and Definitive Care were discussed; Skin: Warm and Dry.",
        "General: Alert. Target HR 90. Rice diet. Eats brown rice at home.",
        "St. Jude pacemaker; St. John's wort",
        "Denver score in Trendelenburg; Ottawa criteria; Rome III",
    ],
)
def test_states_countries_departments_and_scores_stay(text):
    assert places(text) == set()


@pytest.mark.parametrize(
    "text",
    [
        "Meds include B12 1000 mcg monthly and aspirin.",
        "ANESTHESIA: Local 2%, peribulbar lidocaine.",
        "shocked with biphasic energy of 150 J. First attempt failed.",
        "fascia sewn with 1-0 Vicryl followed by 3-0 PDS below the skin",
        "Vent: CMV->PS 10. Sats fine.",
        "Extraction of teeth, dental code 7210 was used.",
    ],
)
def test_doses_sutures_and_joules_are_no_places(text):
    assert not list(find_all(text, OURS))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("He lives in Dublin D02 X285.", "D02 X285"),
        ("member of Teamsters Local 90.", "Teamsters Local 90"),
        ("lives at 150 Jackson with his son", "150 Jackson"),
        ("employed by PDQS since then", "PDQS"),
        ("goes to PS 118 in Queens", "PS 118"),
    ],
)
def test_codes_unions_and_lots_are_places(text, value):
    assert value in {text[f.start : f.end] for f in find_all(text, OURS)}
