# ruff: noqa: E501 - lists and forms of a bench stay on their line
"""Made-up values for synthetic notes, seeded. The two splits draw from different locales and lists. Nobody real."""

from __future__ import annotations

import random
import string
from datetime import date, timedelta

from faker import Faker

LOCALES = {
    "dev": ["en_US", "en_US", "es_MX", "fr_FR", "de_DE", "pl_PL", "en_IN", "es_ES", "it_IT", "sv_SE"],
    "test": ["en_US", "en_US", "en_GB", "es_AR", "pt_BR", "fr_CA", "de_AT", "nl_NL", "tr_TR", "cs_CZ", "hu_HU", "ro_RO", "hr_HR", "fi_FI", "no_NO", "da_DK", "en_IE",
             "yo_NG", "ig_NG", "ha_NG", "tw_GH", "zu_ZA", "en_PK", "vi_VN", "ja_JP", "id_ID", "sk_SK", "es_CO", "lt_LT", "en_KE"],
}  # fmt: skip
CITIES = {
    "dev": "Fargo|Duluth|Tulsa|Baton Rouge|Spokane|Albany|Plano|Boise|Santa Fe|Chattanooga|Peoria|Flint|Eugene|Macon|Lansing|El Paso",
    "test": "Des Moines|Bakersfield|Worcester|Yuma|Bismarck|Shreveport|Tacoma|Ann Arbor|Las Cruces|Pensacola|Winona|Elko|Gallup|Utica|Sault Ste. Marie|Ketchikan|Ypsilanti|Kalamazoo",
}
COUNTIES = {
    "dev": "Cass|Hennepin|Maricopa|Cook|Travis",
    "test": "Washtenaw|Multnomah|Allegheny|Pima|Sonoma|Cuyahoga|Beltrami",
}
FACILITIES = {
    "dev": [
        "{x} Memorial Hospital",
        "{x} Medical Center",
        "St. {s}'s Hospital",
        "{x} Clinic",
        "{x} Nursing Home",
        "University of {c} Hospital",
    ],
    "test": [
        "{x} General Hospital",
        "{x} Regional Medical Center",
        "Saint {s} Hospital",
        "Mount {x} Clinic",
        "{x} Family Health Center",
        "{x} Rehabilitation Institute",
        "{c} Community Hospital",
        "Our Lady of {x} Hospital",
        "{x} Manor",
    ],
}
SAINTS = ["Mary", "Luke", "Joseph", "Anne", "Jude", "Vincent", "Agnes"]
STATES = [
    ("ND", "581"),
    ("MN", "554"),
    ("OK", "741"),
    ("WA", "992"),
    ("MI", "481"),
    ("CA", "933"),
    ("TX", "787"),
    ("NY", "135"),
    ("AZ", "853"),
    ("OH", "441"),
]
DRUGS = "Lasix 40 mg daily|metoprolol 25 mg BID|Tylenol 650 mg PRN|Zosyn 3.375 g IV q6h|apixaban 5 mg BID|Lantus 20 units qHS|Keppra 500 mg BID|prednisone 40 mg x 5 days|Norco 5/325 mg|albuterol 2 puffs q4h"
VITALS = "BP 132/78, HR 88, RR 16, T 98.6, SpO2 97% on RA|BP 98/54 HR 112 RR 24 O2 sat 91% on 2L NC|T 37.9, P 101, BP 144/92|Wt 82.5 kg, BMI 27.1, BP 120/80"
LABS = "WBC 12.4, Hgb 9.8, plt 250,000, Na 138, K 4.1, Cr 1.3|troponin 0.04, BNP 1240, INR 2.3|HbA1c 8.2%, LDL 131, TSH 2.41|ESR 45, CRP 12.8, lactate 2.2"
SCORES = "strength 5/5 throughout|pain 7/10|2/6 systolic murmur|GCS 15|Apgars 8/9|NIHSS 4|MMSE 26/30|PHQ-9 score 12|visual acuity 20/40|Gleason 3+4=7|ECOG 1|Child-Pugh B"
DX = "Parkinson disease|Crohn's disease|Hodgkin lymphoma|Barrett's esophagus|Graves disease|Bell's palsy|atrial fibrillation|Type 2 diabetes mellitus|Raynaud phenomenon|Wilson disease|COPD|Guillain-Barre syndrome|a Colles fracture|Addison's disease"
DEVICES = "Foley catheter|Hickman catheter|Jackson-Pratt drain|Swan-Ganz catheter|Fogarty balloon|Holter monitor|Foley|Penrose drain|Blakemore tube"
FINDS = "Murphy's sign negative|Babinski reflex downgoing|Romberg test positive|Kernig sign absent|Homans sign negative|Phalen test positive|Rovsing sign present"


class Values:
    """Draws values; the people of one note stay the same throughout it."""

    def __init__(self, split: str, seed: int) -> None:
        self.split = split
        self.rng = random.Random(f"{split}-{seed}")
        self.fakers = {locale: Faker(locale) for locale in sorted(set(LOCALES[split]))}
        for at, fake in enumerate(self.fakers.values()):
            fake.seed_instance(seed * 1000 + at)
        self.people: dict[str, tuple[str, str]] = {}
        self.city = ""

    def new_note(self) -> None:
        self.people = {}
        self.city = ""

    def person(self, who: str) -> tuple[str, str]:
        if who not in self.people:
            locale = self.rng.choice(LOCALES[self.split])
            fake = self.fakers[locale]
            if locale == "ja_JP":
                given, family = fake.first_romanized_name(), fake.last_romanized_name()
            else:
                given, family = fake.first_name(), fake.last_name()
            if self.rng.random() < 0.08:
                family = f"{family}-{fake.last_name() if locale != 'ja_JP' else 'Mori'}"
            if self.rng.random() < 0.06:
                family = self.rng.choice(HARD[self.split])
            self.people[who] = (given, family)
        return self.people[who]

    def digits(self, count: int) -> str:
        return "".join(self.rng.choice(string.digits) for _ in range(count))

    def pick(self, text: str) -> str:
        return self.rng.choice(text.split("|"))

    def draw(self, name: str) -> tuple[str, str | None]:
        """Return a value and its category, None for what is no identifier."""
        if name.startswith("~"):
            return self.plain(name[1:]), None
        if "." in name:
            who, form = name.split(".")
            return self.name(who, form), "NAME"
        made = getattr(self, f"v_{name}")()
        return made, CATEGORY[name]

    def plain(self, name: str) -> str:
        if name == "age":
            return str(self.rng.randint(19, 88))
        if name == "year":
            return str(self.rng.randint(1995, 2023))
        return self.pick(
            {
                "drug": DRUGS,
                "vitals": VITALS,
                "labs": LABS,
                "score": SCORES,
                "dx": DX,
                "device": DEVICES,
                "find": FINDS,
            }[name]
        )

    def name(self, who: str, form: str) -> str:
        given, family = self.person(who)
        middle = self.rng.choice(string.ascii_uppercase)
        return {
            "full": f"{given} {family}", "last": family, "first": given, "mid": f"{given} {middle}. {family}",
            "lf": f"{family}, {given}", "lfm": f"{family}, {given} {middle}.", "up": f"{given} {family}".upper(),
            "uplf": f"{family}, {given}".upper(), "ini": f"{given[0]}. {family}", "low": f"{given} {family}".lower(),
            "lastup": family.upper(),
        }[form]  # fmt: skip

    def day(self) -> date:
        return date(2012, 1, 1) + timedelta(days=self.rng.randrange(4300))

    def v_date(self) -> str:
        day = self.day()
        form = self.rng.choice(
            ["%m/%d/%Y", "%m/%d/%y", "%Y-%m-%d", "%B %d, %Y", "%b %d, %Y", "%d-%b-%Y", "%d %B %Y", "%m-%d-%Y", "%d%b%Y"]
        )
        return day.strftime(form).upper() if form == "%d%b%Y" else day.strftime(form)

    def v_md(self) -> str:
        day = self.day()
        return self.rng.choice(
            [
                f"{day.month}/{day.day}",
                day.strftime("%B ") + str(day.day),
                day.strftime("%b ") + str(day.day),
                day.strftime("%m/%d"),
            ]
        )

    def v_month(self) -> str:
        day = self.day()
        return self.rng.choice([day.strftime("%B %Y"), day.strftime("%b %Y"), day.strftime("%m/%Y")])

    def v_dob(self) -> str:
        day = date(1930, 1, 1) + timedelta(days=self.rng.randrange(27000))
        return day.strftime(self.rng.choice(["%m/%d/%Y", "%m/%d/%Y", "%d %b %Y", "%Y-%m-%d", "%B %d, %Y"]))

    def v_age90(self) -> str:
        return str(self.rng.choice([*range(90, 100), 101, 103]))

    def v_age90w(self) -> str:
        return self.rng.choice(["ninety", "ninety-one", "ninety-three", "ninety six", "ninety-eight"])

    def v_born(self) -> str:
        return str(self.rng.randint(1916, 1931))

    def v_phone(self) -> str:
        a, b, c = (
            f"{self.rng.randint(2, 9)}{self.digits(2)}",
            f"{self.rng.randint(2, 9)}{self.digits(2)}",
            self.digits(4),
        )
        return self.rng.choice(
            [
                f"({a}) {b}-{c}",
                f"{a}-{b}-{c}",
                f"{a}.{b}.{c}",
                f"{a} {b} {c}",
                f"+1 {a} {b} {c}",
                f"+44 20 {self.digits(4)} {c}",
                f"{a}-{b}-{c} x{self.digits(3)}",
                f"1-{a}-{b}-{c}",
                f"+49 30 {self.digits(6)}",
            ]
        )

    v_fax = v_phone

    def v_short(self) -> str:
        return f"{self.rng.randint(2, 9)}{self.digits(2)}-{self.digits(4)}"

    def v_email(self) -> str:
        given, family = (part.encode("ascii", "ignore").decode().lower() or "x" for part in self.person("p"))
        host = self.rng.choice(["example.org", "mail.example.com", "clinic.example.net"])
        return f"{given[:1]}.{family.replace(' ', '')}{self.digits(2)}@{host}"

    def v_ssn(self) -> str:
        return f"{self.rng.randint(100, 699)}-{self.rng.randint(10, 99)}-{self.rng.randint(1000, 9999)}"

    def v_mrn(self) -> str:
        return self.rng.choice(
            [
                self.digits(8),
                self.digits(6),
                f"{self.digits(3)}-{self.digits(2)}-{self.digits(2)}",
                f"M{self.digits(7)}",
                f"00{self.digits(6)}",
                f"{self.rng.choice('AEKTZ')}-{self.digits(6)}",
            ]
        )

    def v_acct(self) -> str:
        return self.rng.choice(
            [self.digits(10), f"{self.digits(4)}-{self.digits(5)}", f"V{self.digits(9)}", f"HAR{self.digits(7)}"]
        )

    def v_plan(self) -> str:
        return self.rng.choice(
            [
                f"{''.join(self.rng.choices(string.ascii_uppercase, k=3))}{self.digits(9)}",
                f"W{self.digits(4)} {self.digits(5)}",
                f"1EG4-TE{self.digits(1)}-MK{self.digits(2)}",
                self.digits(9),
            ]
        )

    def v_dea(self) -> str:
        six = self.digits(6)
        number = [int(mark) for mark in six]
        check = (number[0] + number[2] + number[4] + 2 * (number[1] + number[3] + number[5])) % 10
        return f"{self.rng.choice('ABFM')}{self.rng.choice(string.ascii_uppercase)}{six}{check}"

    def v_npi(self) -> str:
        nine = f"1{self.digits(8)}"
        total = sum(
            (d * 2 - 9 if d * 2 > 9 else d * 2) if at % 2 == 0 else d
            for at, d in enumerate(int(m) for m in reversed("80840" + nine))
        )
        return f"{nine}{-total % 10}"

    def v_dl(self) -> str:
        return self.rng.choice(
            [
                f"{self.rng.choice('DSFGH')}{self.digits(7)}",
                f"{self.rng.choice('DSFG')}{self.digits(3)}-{self.digits(4)}-{self.digits(4)}",
                self.digits(8),
            ]
        )

    def v_vin(self) -> str:
        marks = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"
        values = dict(
            zip(marks, (1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9, *range(10)), strict=True)
        )
        weights = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
        vin = [self.rng.choice(marks) for _ in range(11)] + [self.rng.choice(string.digits) for _ in range(6)]
        rest = sum(values[mark] * weight for mark, weight in zip(vin, weights, strict=True)) % 11
        vin[8] = "X" if rest == 10 else str(rest)
        return "".join(vin)

    def v_plate(self) -> str:
        three = "".join(self.rng.choices("ABCDEFGHJKLMNPRSTUVWXYZ", k=3))
        return self.rng.choice(
            [f"{three} {self.digits(4)}", f"{self.digits(1)}{three}{self.digits(3)}", f"{three}-{self.digits(3)}"]
        )

    def v_device(self) -> str:
        return self.rng.choice(
            [
                f"PJN{self.digits(7)}",
                f"{self.digits(3)}-{self.digits(5)}A",
                f"SN{self.digits(8)}",
                f"{self.rng.choice('BRX')}{self.digits(2)}-{self.digits(6)}",
            ]
        )

    def v_udi(self) -> str:
        return f"(01){self.digits(14)}(17){self.digits(6)}(21)A{self.digits(5)}"

    def v_url(self) -> str:
        return self.rng.choice(
            [
                f"https://portal.example.org/chart?mrn={self.digits(7)}",
                f"www.example-clinic.com/p/{self.digits(6)}",
                f"http://images.example.net/{self.digits(8)}/view",
            ]
        )

    def v_ip(self) -> str:
        return self.rng.choice(
            [
                f"10.{self.rng.randint(0, 255)}.{self.rng.randint(0, 255)}.{self.rng.randint(1, 254)}",
                f"192.168.{self.rng.randint(0, 9)}.{self.rng.randint(2, 250)}",
                f"2001:db8::{self.rng.randint(256, 65535):x}:{self.rng.randint(16, 255):x}",
            ]
        )

    def v_bio(self) -> str:
        return self.rng.choice([f"FP-{self.digits(8)}", f"VPR{self.digits(6)}", f"IRIS-{self.digits(5)}-L"])

    def v_photo(self) -> str:
        return self.rng.choice(
            [
                f"IMG_{self.digits(4)}.jpg",
                f"face_{self.digits(6)}.png",
                f"DSC{self.digits(5)}.JPG",
                f"wound-{self.digits(4)}.heic",
            ]
        )

    def v_accession(self) -> str:
        return self.rng.choice(
            [
                f"S-{self.rng.randint(10, 24)}-{self.digits(5)}",
                f"A{self.digits(8)}",
                f"RAD{self.digits(7)}",
                self.digits(9),
            ]
        )

    def v_code(self) -> str:
        return self.rng.choice([f"TRL-{self.digits(3)}-{self.digits(4)}", f"{self.digits(8)}", f"ST{self.digits(6)}"])

    def v_street(self) -> str:
        kind = self.rng.choice(["Street", "St", "Avenue", "Ave.", "Road", "Lane", "Drive", "Blvd", "Court", "Way"])
        name = (
            self.fakers["en_US"].last_name()
            if self.rng.random() < 0.6
            else self.rng.choice(["Oak", "Main", "Lake View", "Martin Luther King", "5th", "County Line", "Old Mill"])
        )
        head = self.rng.choice(["", "", "", "N. ", "SW ", "West "])
        return f"{self.rng.randint(3, 9999)} {head}{name} {kind}" + self.rng.choice(
            ["", "", "", f", Apt {self.rng.randint(1, 40)}", f" #{self.rng.randint(2, 30)}"]
        )

    def v_city(self) -> str:
        return self.pick(CITIES[self.split])

    def v_county(self) -> str:
        return self.pick(COUNTIES[self.split])

    def v_zip(self) -> str:
        return self.rng.choice(STATES)[1] + self.digits(2) + ("" if self.rng.random() < 0.8 else f"-{self.digits(4)}")

    def v_facility(self) -> str:
        form = self.rng.choice(FACILITIES[self.split])
        return form.format(
            x=self.fakers["en_US"].last_name(), s=self.rng.choice(SAINTS), c=self.pick(CITIES[self.split])
        )


#: Family names that are words, months, diseases' or devices' names.
HARD = {
    "dev": ["Page", "Foley", "May", "Bell", "Graves", "Rose", "Young", "Black", "Parkinson", "Long"],
    "test": [
        "Hunter",
        "Fogarty",
        "Rice",
        "Wilson",
        "Addison",
        "Frost",
        "Short",
        "Marsh",
        "Crohn",
        "Stone",
        "Wise",
        "Day",
        "Christmas",
        "Babinski",
    ],
}
CATEGORY = {
    "date": "DATE", "md": "DATE", "month": "DATE", "dob": "DATE", "born": "DATE", "age90": "DATE", "age90w": "DATE", "phone": "PHONE", "short": "PHONE", "fax": "FAX", "email": "EMAIL",
    "ssn": "SSN", "mrn": "RECORD_NUMBER", "acct": "ACCOUNT", "plan": "HEALTH_PLAN", "dea": "LICENSE", "npi": "LICENSE", "dl": "LICENSE", "vin": "VEHICLE", "plate": "VEHICLE",
    "device": "DEVICE", "udi": "DEVICE", "url": "URL", "ip": "IP", "bio": "BIOMETRIC", "photo": "PHOTOGRAPH", "accession": "OTHER", "code": "OTHER",
    "street": "GEOGRAPHY", "city": "GEOGRAPHY", "county": "GEOGRAPHY", "zip": "GEOGRAPHY", "facility": "GEOGRAPHY",
}  # fmt: skip
