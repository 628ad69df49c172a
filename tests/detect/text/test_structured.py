# ruff: noqa: E501 - a case stays on its line
"""Identifiers with a form or a label, and what only looks like one. All values are made up."""

import pytest

from curator.detect.text import detectors, find_all

OURS = detectors()


def found(text):
    return {(text[f.start : f.end], f.category.name) for f in find_all(text, OURS)}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("MRN: 00482913", "00482913"),
        ("MRN 482913 today", "482913"),
        ("mrn=00482913;", "00482913"),
        ("M.R.N. # 48-29-13", "48-29-13"),
        ("MR# 4829130", "4829130"),
        ("MR No. 4829130", "4829130"),
        ("Medical Record No. A-448213", "A-448213"),
        ("Medical Record Number (MRN): E4482130", "E4482130"),
        ("Med Rec #: 4482130", "4482130"),
        ("Med. Rec. No.: 44821", "44821"),
        ('{"mrn": "00482913", "sex": "F"}', "00482913"),
        ("{'patient_id': 'X448213'}", "X448213"),
        ("patientId: X448213", "X448213"),
        ("medicalRecordNumber=448213", "448213"),
        ("<MRN>00482913</MRN>", "00482913"),
        ("Patient ID: PT-448213", "PT-448213"),
        ("Pt ID#448213", "448213"),
        ("MRN\t00482913", "00482913"),
        ("MRN\n00482913\n", "00482913"),
        ("MRN.......: 00482913", "00482913"),
        ("MRN | 00482913 |", "00482913"),
        ("the MRN for this patient is 00482913.", "00482913"),
        ("00482913 (MRN)", "00482913"),
        ("448213 is his MRN.", "448213"),
        ("MRN OO482l93", "OO482l93"),
        ("MRN 00A8l7", "00A8l7"),
        ("Hospital Number: RX448213", "RX448213"),
        ("NHS number 943 476 5919", "943 476 5919"),
        ("NHS No: 9434765919", "9434765919"),
        ("NHC: 448213", "448213"),
        ("Historia clínica nº 448213", "448213"),
        ("Número de historia: 448213", "448213"),
        ("Patienten-Nr.: 448213", "448213"),
        ("Patientennummer 448213", "448213"),
        ("Chart # 44821", "44821"),
        ("Chart No. 44-82-13", "44-82-13"),
        ("Unit Number: 4482130", "4482130"),
        ("EMPI 100448213", "100448213"),
        ("MRNs 448213 and 448214", "448214"),
    ],
)
def test_a_record_number_is_found_without_its_label(text, value):
    numbers = {word for word, category in found(text) if category == "RECORD_NUMBER"}
    assert value in numbers
    assert numbers <= {value, "448213"}


@pytest.mark.parametrize(
    ("text", "value", "category"),
    [
        ("SSN 219-09-9999", "219-09-9999", "SSN"),
        ("SSN: 219099999", "219099999", "SSN"),
        ("ssn 219 09 9999", "219 09 9999", "SSN"),
        ("SSN l23-45-6789", "l23-45-6789", "SSN"),
        ("SSN: 2I9-O9-99S9", "2I9-O9-99S9", "SSN"),
        ("his number 219-09-9999 was", "219-09-9999", "SSN"),
        ("Social Security # 219.09.9999", "219.09.9999", "SSN"),
        ("SSN last four 6789", "6789", "SSN"),
        ("last four of SSN: 6789", "6789", "SSN"),
        ("SSN ending in 6789", "6789", "SSN"),
        ("SSN xxx-xx-6789", "xxx-xx-6789", "SSN"),
        ("SSN: ***-**-6789", "***-**-6789", "SSN"),
        ("Soc. Sec. No. 219-09-9999", "219-09-9999", "SSN"),
        ("ITIN 912-78-1234", "912-78-1234", "SSN"),
        ("NIR 1 84 12 76 451 089 46", "1 84 12 76 451 089 46", "SSN"),
        ("NI number QQ 12 34 56 C", "QQ 12 34 56 C", "SSN"),
        ("DNI 12345678Z", "12345678Z", "OTHER"),
        ("CURP: GOMC800314MDFRRL09", "GOMC800314MDFRRL09", "OTHER"),
        ("Aadhaar 2345 6789 0123", "2345 6789 0123", "OTHER"),
        ("Member ID: XYH889123", "XYH889123", "HEALTH_PLAN"),
        ("Member # W2218 99231", "W2218 99231", "HEALTH_PLAN"),
        ("subscriber no. 88912345-01", "88912345-01", "HEALTH_PLAN"),
        ("Policy number: HMO-998-1234", "HMO-998-1234", "HEALTH_PLAN"),
        ("Group #: 0087112", "0087112", "HEALTH_PLAN"),
        ("Group No. G-55120", "G-55120", "HEALTH_PLAN"),
        ("Medicare 1EG4-TE5-MK73", "1EG4-TE5-MK73", "HEALTH_PLAN"),
        ("has 1EG4TE5MK73 on card", "1EG4TE5MK73", "HEALTH_PLAN"),
        ("Medicaid ID AB12345C", "AB12345C", "HEALTH_PLAN"),
        ("Medicare number 219-09-9999A", "219-09-9999A", "HEALTH_PLAN"),
        ("Insurance: Aetna, ID W123456789", "W123456789", "HEALTH_PLAN"),
        ("BCBS ID XEH912345678", "XEH912345678", "HEALTH_PLAN"),
        ("Rx BIN 610014", "610014", "HEALTH_PLAN"),
        ("Versichertennummer A123456789", "A123456789", "HEALTH_PLAN"),
        ("member_id=77120098", "77120098", "HEALTH_PLAN"),
        ("Health Plan Beneficiary Number: 5512-009-88", "5512-009-88", "HEALTH_PLAN"),
        ("Acct # 77-8822", "77-8822", "ACCOUNT"),
        ("Account Number: 000778822", "000778822", "ACCOUNT"),
        ("account ending in 7788", "7788", "ACCOUNT"),
        ("CSN: 100448213", "100448213", "ACCOUNT"),
        ("FIN 778822001", "778822001", "ACCOUNT"),
        ("Visit #: V0077882", "V0077882", "ACCOUNT"),
        ("Encounter ID 99122340", "99122340", "ACCOUNT"),
        ("HAR 60011234567", "60011234567", "ACCOUNT"),
        ("Invoice INV-2021-00482", "INV-2021-00482", "ACCOUNT"),
        ("IBAN DE89 3704 0044 0532 0130 00", "DE89 3704 0044 0532 0130 00", "ACCOUNT"),
        ("to GB82WEST12345698765432 today", "GB82WEST12345698765432", "ACCOUNT"),
        ("routing number 021000021", "021000021", "ACCOUNT"),
        ("Bank account no. 0099-123-88", "0099-123-88", "ACCOUNT"),
        ("paid with 4111 1111 1111 1111 today", "4111 1111 1111 1111", "ACCOUNT"),
        ("Visa 4111111111111111 on file", "4111111111111111", "ACCOUNT"),
        ("card 3782 822463 10005", "3782 822463 10005", "ACCOUNT"),
        ("card ending in 4242", "4242", "ACCOUNT"),
        ("DEA AB1234563", "AB1234563", "LICENSE"),
        ("signed BM7654329", "BM7654329", "LICENSE"),
        ("DEA # FX9981234", "FX9981234", "LICENSE"),
        ("NPI 1234567893", "1234567893", "LICENSE"),
        ("by 1234567893 at", "1234567893", "LICENSE"),
        ("Driver's license D123-4567-8901", "D123-4567-8901", "LICENSE"),
        ("DL# S5304601", "S5304601", "LICENSE"),
        ("drivers lic no: N12345678", "N12345678", "LICENSE"),
        ("Medical license MD-44821", "MD-44821", "LICENSE"),
        ("RN license no. 448213", "448213", "LICENSE"),
        ("License #: 036.124455", "036.124455", "LICENSE"),
        ("Passport No. C01234567", "C01234567", "LICENSE"),
        ("passport X4482130", "X4482130", "LICENSE"),
        ("State ID 44821300", "44821300", "LICENSE"),
        ("drove 1HGCM82633A004352 here", "1HGCM82633A004352", "VEHICLE"),
        ("VIN: 1HGCM82633AOO4352", "1HGCM82633AOO4352", "VEHICLE"),
        ("VIN WVWZZZ1JZXW000001", "WVWZZZ1JZXW000001", "VEHICLE"),
        ("License plate 7ABC123", "7ABC123", "VEHICLE"),
        ("plate number ABC-1234", "ABC-1234", "VEHICLE"),
        ("license plate: ABC 1234", "ABC 1234", "VEHICLE"),
        ("vehicle registration KX21 ABC", "KX21 ABC", "VEHICLE"),
        ("Kennzeichen: B-MW 1234", "B-MW 1234", "VEHICLE"),
        ("tag # XYZ123", "XYZ123", "VEHICLE"),
        ("plate 4ABC567 seen", "4ABC567", "VEHICLE"),
        ("Pacemaker serial no. PJN4428190", "PJN4428190", "DEVICE"),
        ("S/N: RNB123456S", "RNB123456S", "DEVICE"),
        ("SN PJN4428190", "PJN4428190", "DEVICE"),
        ("Serial # 5512-AA-9", "5512-AA-9", "DEVICE"),
        ("Lot 22F0098", "22F0098", "DEVICE"),
        ("lot number: EW0182", "EW0182", "DEVICE"),
        ("UDI (01)00643169007222(17)260630(21)PJN4428190", "(01)00643169007222(17)260630(21)PJN4428190", "DEVICE"),
        ("UDI: +H123PARTNO1234567890120/$$420020216LOT123456789", "+H123PARTNO1234567890120/$$420020216LOT123456789", "DEVICE"),
        ("=/A9999XYZ100T0944 scanned", "=/A9999XYZ100T0944", "DEVICE"),
        ("MAC 00:1A:2B:3C:4D:5E", "00:1A:2B:3C:4D:5E", "DEVICE"),
        ("adapter 00-1a-2b-3c-4d-5e up", "00-1a-2b-3c-4d-5e", "DEVICE"),
        ("IMEI 490154203237518", "490154203237518", "DEVICE"),
        ("Device ID: DEV-88213", "DEV-88213", "DEVICE"),
        ("asset tag 0081123", "0081123", "DEVICE"),
        ("Fingerprint ID FP-88213", "FP-88213", "BIOMETRIC"),
        ("voiceprint VP_2231", "VP_2231", "BIOMETRIC"),
        ("retina scan ref RS-0091", "RS-0091", "BIOMETRIC"),
        ("face template FT-7781-A", "FT-7781-A", "BIOMETRIC"),
        ("iris code 8A3F01C2", "8A3F01C2", "BIOMETRIC"),
        ("fingerprint hash: a3f5c9d1e2", "a3f5c9d1e2", "BIOMETRIC"),
        ("Biometric template ID: BT-99812", "BT-99812", "BIOMETRIC"),
        ("photo wound_8831.jpg taken", "wound_8831.jpg", "PHOTOGRAPH"),
        ("see IMG_20210314_101500.HEIC here", "IMG_20210314_101500.HEIC", "PHOTOGRAPH"),
        ("file C:\\Photos\\doe_face.png stored", "C:\\Photos\\doe_face.png", "PHOTOGRAPH"),
        ("Photo ID 88213", "88213", "PHOTOGRAPH"),
        ("clinical photograph CP-1182", "CP-1182", "PHOTOGRAPH"),
        ("photo ref: PH-2021-0043", "PH-2021-0043", "PHOTOGRAPH"),
        ("taken as DSC00123.JPG.", "DSC00123.JPG", "PHOTOGRAPH"),
        ("stored as IMG_4471 today", "IMG_4471", "PHOTOGRAPH"),
        ("Accession: A21-48213", "A21-48213", "OTHER"),
        ("Specimen # S21-4471", "S21-4471", "OTHER"),
        ("Order number 77120098", "77120098", "OTHER"),
        ("Rx # 6612345", "6612345", "OTHER"),
        ("Case No. CV-2021-0098", "CV-2021-0098", "OTHER"),
        ("claim number 2021-778-22", "2021-778-22", "OTHER"),
        ("Study ID: ABC-001-0042", "ABC-001-0042", "OTHER"),
        ("UID 1.2.840.113619.2.55.3.604688119", "1.2.840.113619.2.55.3.604688119", "OTHER"),
        ("id 3f2504e0-4f89-11d3-9a0c-0305e82c3301", "3f2504e0-4f89-11d3-9a0c-0305e82c3301", "OTHER"),
        ("username: jdoe42", "jdoe42", "OTHER"),
        ("Username: jdoe", "jdoe", "OTHER"),
        ("logged in as j_doe", "j_doe", "OTHER"),
        ("Instagram: @ann_smith88", "@ann_smith88", "OTHER"),
        ("employee ID 0048213", "0048213", "OTHER"),
        ("Badge #4471", "4471", "OTHER"),
        ("police report number 21-004482", "21-004482", "OTHER"),
    ],
)  # fmt: skip
def test_a_value_is_found_and_its_label_is_not(text, value, category):
    assert (value, category) in found(text)


@pytest.mark.parametrize(
    ("text", "value", "category"),
    [
        ("call (701) 555-0133", "(701) 555-0133", "PHONE"),
        ("Phone (701) 555-0100", "(701) 555-0100", "PHONE"),
        ("at 701.555.0100.", "701.555.0100", "PHONE"),
        ("at 701 555 0100 now", "701 555 0100", "PHONE"),
        ("701-555-0100 x1234", "701-555-0100 x1234", "PHONE"),
        ("001-701-555-0100x88", "001-701-555-0100x88", "PHONE"),
        ("+1-701-555-0100 ext. 5", "+1-701-555-0100 ext. 5", "PHONE"),
        ("cell 7015550100", "7015550100", "PHONE"),
        ("phone 555-0100", "555-0100", "PHONE"),
        ("Phone: 555 0100", "555 0100", "PHONE"),
        ("pager 4471", "4471", "PHONE"),
        ("beeper #22145", "22145", "PHONE"),
        ("ext. 4471", "4471", "PHONE"),
        ("at x4471 please", "4471", "PHONE"),
        ("Tel +44 20 7946 0958 today", "+44 20 7946 0958", "PHONE"),
        ("+49 30 901820", "+49 30 901820", "PHONE"),
        ("Tel. 030 901820-15", "030 901820-15", "PHONE"),
        ("+33 1 42 68 53 00", "+33 1 42 68 53 00", "PHONE"),
        ("01 42 68 53 00", "01 42 68 53 00", "PHONE"),
        ("+91 98765 43210", "+91 98765 43210", "PHONE"),
        ("+52 55 1234 5678", "+52 55 1234 5678", "PHONE"),
        ("+61 2 9374 4000", "+61 2 9374 4000", "PHONE"),
        ("Teléfono: 915 550 100", "915 550 100", "PHONE"),
        ("1-800-FLOWERS", "1-800-FLOWERS", "PHONE"),
        ("call 1-800-555-HELP", "1-800-555-HELP", "PHONE"),
        ("(7O1) 555-O1OO", "(7O1) 555-O1OO", "PHONE"),
        ("Call 7O1-S55-0100", "7O1-S55-0100", "PHONE"),
        ("Fax: 701-555-0199", "701-555-0199", "FAX"),
        ("fax number is (701) 555-0199", "(701) 555-0199", "FAX"),
        ("faxed to 701-555-0199", "701-555-0199", "FAX"),
        ("Phone 701-555-0100 Fax 701-555-0199", "701-555-0199", "FAX"),
        ("Phone 701-555-0100 Fax 701-555-0199", "701-555-0100", "PHONE"),
        ("F: 701-555-0199", "701-555-0199", "FAX"),
        ("701-555-0199 (fax)", "701-555-0199", "FAX"),
        ("mail a.b@mail.example.org now", "a.b@mail.example.org", "EMAIL"),
        ("jane.doe+x@st-mary.co.uk.", "jane.doe+x@st-mary.co.uk", "EMAIL"),
        ("jane (at) host dot org", "jane (at) host dot org", "EMAIL"),
        ("jane[at]host[dot]org", "jane[at]host[dot]org", "EMAIL"),
        ("jane.doe at host dot org", "jane.doe at host dot org", "EMAIL"),
        ("jane.doe at example.org", "jane.doe at example.org", "EMAIL"),
        ("jane.doe @ example.org", "jane.doe @ example.org", "EMAIL"),
        ("see https://portal.example.org/p?mrn=882 for", "https://portal.example.org/p?mrn=882", "URL"),
        ("(https://example.org/a_(b))", "https://example.org/a_(b)", "URL"),
        ("at www.st-mary-clinic.example/pt/00482913.", "www.st-mary-clinic.example/pt/00482913", "URL"),
        ("mychart.stmary.org/patient/00482913?visit=3", "mychart.stmary.org/patient/00482913?visit=3", "URL"),
        ("open example-health.com today", "example-health.com", "URL"),
        ("ftp://files.example.net/x/9.pdf", "ftp://files.example.net/x/9.pdf", "URL"),
        ("GET /patients/00482913/labs HTTP", "/patients/00482913/labs", "URL"),
        ("http://10.0.0.5:8080/pt?id=88", "http://10.0.0.5:8080/pt?id=88", "URL"),
        ("charite.de/patient/88213", "charite.de/patient/88213", "URL"),
        ("from 203.0.113.7 at", "203.0.113.7", "IP"),
        ("IP 203.0.113.7:8080", "203.0.113.7:8080", "IP"),
        ("from l92.168.O.1O at", "l92.168.O.1O", "IP"),
        ("IP address: 8.8.8.8", "8.8.8.8", "IP"),
        ("host 2001:db8::ff00:42:8329 up", "2001:db8::ff00:42:8329", "IP"),
        ("fe80::1ff:fe23:4567:890a%eth0", "fe80::1ff:fe23:4567:890a%eth0", "IP"),
        ("at [2001:db8::1]:443 ok", "[2001:db8::1]:443", "IP"),
        ("2001:0db8:85a3:0000:0000:8a2e:0370:7334", "2001:0db8:85a3:0000:0000:8a2e:0370:7334", "IP"),
        ("lives in Fargo, ND 58102", "58102", "GEOGRAPHY"),
        ("ZIP: 58102-1234", "58102-1234", "GEOGRAPHY"),
    ],
)  # fmt: skip
def test_a_number_or_address_is_found_by_its_form(text, value, category):
    assert (value, category) in found(text)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("MRN | DOB | Sex\n00482913 | 03/14/1980 | F\n00482914 | 04/15/1981 | M\n", ["00482913", "00482914"]),
        ("Sex\tMRN\nF\t00482913\nM\t00482914\n", ["00482913", "00482914"]),
        ("| Sex | MRN |\n|-----|-----|\n| F | 448213 |\n", ["448213"]),
        ("sex,age,mrn\nF,44,448213\nM,51,448214\n", ["448213", "448214"]),
        ("Sex      MRN\nF        448213\n", ["448213"]),
    ],
)
def test_a_value_is_found_in_the_column_below_its_label(text, values):
    assert {(value, "RECORD_NUMBER") for value in values} <= found(text)


@pytest.mark.parametrize(
    "text",
    [
        "BP 120/80, HR 78, RR 16, SpO2 98% on 2 L",
        "Hgb 12.5, WBC 7.2, platelets 250,000, Na 138",
        "metformin 500 mg po bid, may repeat in 2 weeks",
        "a 54-year-old man, GCS 15, NIHSS 3",
        "Foley catheter in place; known Parkinson disease",
        "T 98.6, weight 82.5 kg, BMI 27.1",
        "in bed 93, room 412, unit 5 West",
        "ICD-10 E11.9, I10, Z79.4, C50.911; CPT 99213",
        "COVID-19 negative, H1N1, HLA-B27, CD4 count 412",
        "group therapy 3 times, model of care 2, policy of 2019",
        "plate and 6 screws, 3.5 mm plate, growth plate 2",
        "order 2 units, case 3, chart reviewed, visit 4",
        "account for 20 minutes; member of the team for 15 years",
        "IL-6 1200 pg/mL, BNP 1240, ferritin 15000",
        "HSV PCR 2500000 copies/mL",
        "version 1.2.3.4 of the software",
        "the ratio 1:1000 and 3:1",
        "the serial exams 2 days apart; lot of pain",
        "seen at 10:15:30 and 22:45",
        "grade 2-3, L4-5, T10-11, C3-4, 5-10 mg",
        "photo taken of the wound 2 cm wide",
        "Lasix 40mg IV x1, then 20mg q12h",
        "PSA 4.2, T2N1M0, Gleason 3+4=7, stage IIIB",
        "50-60% stenosis, EF 55-60%, 1000-2000 units",
        "Insurance: yes. Phone: none. Fax: n/a",
        "SSN: unknown. MRN: pending.",
        "a pin in the 4th toe, license to drive, ID consult",
        "and/or, w/o, 2/2 to sepsis, s/p CABG x3",
        "called at 0930 and 1030",
        "Rh+ and CD20+, A1c 7.2",
        "pain.in the leg since.then",
        "@bedtime and @ 2 L",
    ],
)
def test_measures_doses_and_codes_of_medicine_are_left_alone(text):
    assert found(text) == set()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Case                 ME 19-0447", "ME 19-0447"),
        ("unit #W0437 21 118842 00 verified", "W0437 21 118842 00"),
        ("State license: ME 88102", "ME 88102"),
        ("NI no. QQ 12 34 56 C. Rights read", "QQ 12 34 56 C"),
        ("afiliado 61 044188 2 07.", "61 044188 2 07"),
        ("alert bracelet #MA 881 7240.", "MA 881 7240"),
        ("interp # 77213 present", "77213"),
        ("Magnolia Mutual, no. BP-0044-7183-9;", "BP-0044-7183-9"),
        ("Delgado, Marisa (5501882) was discharged", "5501882"),
        ("Jelen, Simona, 404 794 57: interpret", "404 794 57"),
        ("Source: Mr. A. Vance, 4418-827, HIV neg", "4418-827"),
        ("Pt Thessaly Grange, 23F, 7730-2291, 58 kg", "7730-2291"),
        ("SHO Dr Usman Tariq IMC 418827", "418827"),
        ("Vaccines: DTaP-IPV (Kinrix, 9K2XB), MMRV", "9K2XB"),
        ("Dexcom tx 8KQ7FX changed", "8KQ7FX"),
        ("LOT HK7T2 exp", "HK7T2"),
        ("His truck, a white 2006 F-150, C418 772, was towed", "C418 772"),
        ("Her Subaru (OR 882 KMB) is in the lot", "882 KMB"),
        (
            "My number is six five one, five five five, oh one seven two.",
            "six five one, five five five, oh one seven two",
        ),
        ("medical record seven seven one oh three two, seen", "seven seven one oh three two"),
        ("SSN: 4 1 8 - 2 2 - 9 0 0 7", "4 1 8 - 2 2 - 9 0 0 7"),
        ("T/F 6175550100/6175550101", "6175550100/6175550101"),
        ("03/01/2024 07:14:22  jruiz7  VIEW labs", "jruiz7"),
    ],
)
def test_an_identifier_is_found_by_where_it_stands(text, value):
    assert any(value in what for what, _ in found(text))


@pytest.mark.parametrize(
    "text",
    [
        "EGFR L858R, PIK3CA H1047R, JAK2 V617F, CYP2C19, UGT1A1, HLA-B*57:01, E3V4M6, G3P2012",
        "WBC 12400, Plt 187000, LDH 412, BNP 1204, EBV DNA 24500 copies/mL",
        "SNOMED 44054006; RxNorm 1364430; LOINC 4548-4; NDC 0002-1433-80; HCPCS G0439; CPT 99215-25",
        "Clinical trials NCT03456789; JAMA 2020;323(11):1061-1069; PMID 30575490",
        "dispense #120, refills 2; Foley 18 Fr; ETT 7.5 at 22; mesh 15x15",
        "her car has 4 seats; two tablets, four times, six hours apart",
        "Advair 250/50, Percocet 5/325, BiPAP 12/5, MIC 16/4",
    ],
)
def test_results_variants_and_public_codes_are_not_told_by_where_they_stand(text):
    assert not {pair for pair in found(text) if pair[1] not in {"NAME", "GEOGRAPHY"}}


@pytest.mark.parametrize("text", ["IBAN DE89-3704-0044-0532-0130-00.", "Seen (1/O2/2O14) in clinic."])
def test_misread_and_parted_values_are_found_and_stop_no_search(text):
    assert find_all(text, detectors())


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("P/701-555-0134 F/701-555-0188", "701-555-0188"),
        ("SSN (last 4) 6789", "6789"),
        ("Docket 21-cv-00394 filed", "21-cv-00394"),
        ("signed on as jroe at 0812", "jroe"),
        ("insta is @janeroe now", "janeroe"),
        ("batch 61600587700U paid", "61600587700U"),
        ("overnight: Roe x 86273\nnext", "86273"),
    ],
)
def test_a_number_is_told_by_a_slash_a_bracket_or_its_form(text, value):
    assert any(value in text[f.start : f.end] for f in find_all(text, detectors()))


@pytest.mark.parametrize(
    "text", ["heparin 5000000U", "seen @bedside, then @home", "PT/OT for 12 weeks", "walks x 1500 feet"]
)
def test_a_dose_a_place_of_care_or_a_distance_is_no_identifier(text):
    assert not list(find_all(text, detectors()))
