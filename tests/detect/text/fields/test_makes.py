"""Numbers of makes and of images stay, serial, lot and reference numbers are found. All made up."""

import pytest

from curator.detect.text import detectors, find_all

OURS = detectors(weighed=False)


def found(text):
    return {text[f.start : f.end] for f in find_all(text, OURS)}


@pytest.mark.parametrize(
    "text",
    [
        "The intraocular lens model QX60WF, power 21.5, was placed.",
        "Model #: 5076. The lead was advanced.",
        "placement of a penile prosthesis AMX700 was done",
        "prostatic implants of I-125 were placed",
        "sewn by some figure-of-8 #1 stitches",
        "tear of the cuff (series #5 images #11-13; series #2 images #7-9)",
        "seen on axial (T2 image #1452) with edema",
        "treated with chemotherapy per protocol K9641 and off study",
        "potassium 4.1 (ref: 3.5-5.1) today",
        "Foley patent, 25-60cc each hour",
        "our patient, a 9-1/2-year-old girl",
        "our patient, a 3-year-7-month-old boy",
    ],
)
def test_makes_images_and_ranges_stay(text):
    assert found(text) == set()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("lens model QX60WF, serial number 448120773", "448120773"),
        ("RA lead 5076-52, S/N PKN8812340", "PKN8812340"),
        ("Leads: 5076 (RA) s/n PKN8812340", "PKN8812340"),
        ("pacemaker model RNB440918, implanted here", "RNB440918"),
        ("mesh LOT HUFT0231 placed", "HUFT0231"),
        ("cement LOT 4417MM opened", "4417MM"),
        ("valve 8840213 implanted", "8840213"),
        ("implants, reference #QFD0200197, were used", "QFD0200197"),
        ("wound image #44718 in the chart", "44718"),
        ("photo #4471 was taken", "4471"),
        ("protocol number 4471-22 of hers", "4471-22"),
        ("MRN: 1450-1499", "1450-1499"),
    ],
)
def test_serial_lot_and_reference_numbers_and_photographs_are_found(text, value):
    assert value in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "ATRIAL LEAD, Model #: 4568-45 cm.",
        "Right atrial lead, product # 4068, was kept.",
        "narrow canal (image #241) and left foramen (image #58-61, 122)",
        "a PG 1870 BPX Genesis stent on a balloon",
        "as the guide says. On page 212, table 9-4",
        "L3-L4: Central canal is patent.,L2-L3: neural foramina are open",
        "told to keep to a plan of 1400 calories",
        "The dose came to 1644 mGy.",
        "opening pressure of 55cm, RBC18550, WBC25",
        "Dialysis (1983-1988), then a transplant.",
        "IMPRESSION: Sinusitis (461.0). Snoring (786.09). Rest.",
    ],
)
def test_lengths_pages_levels_and_doses_stay(text):
    assert found(text) == set()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("call or page 4471 tonight", "4471"),
        ("pgr 44718 if febrile", "44718"),
        ("model 4471882, serial 99120", "99120"),
        ("Chart of Snow, Ada (786090)", "786090"),
        ("patent number 4471882", "4471882"),
    ],
)
def test_pagers_and_numbers_of_people_are_found(text, value):
    assert value in found(text)
