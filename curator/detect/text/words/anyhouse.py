# ruff: noqa: E501 - a list that is cut into lines hides what it holds
"""Clinics, units and laboratories that are called after what is done there alone: Retina Clinic, Bone Marrow Transplant Unit.

Every hospital has one, so that it tells nobody's place: what has a name (Smith Retina Clinic, Cancer Center of Elmswood)
or is a whole house (Community Hospital) is left to the rules.
"""

from __future__ import annotations

import re

#: What such a house is.
_HEADS = frozenset(
    ["clinic", "clinics", "unit", "units", "icu", "lab", "labs", "laboratory", "center", "centre", "centers", "facility", "facilities", "program", "programme", "bank", "board", "agency", "agencies", "service", "services", "department", "dept", "suite", "delivery", "team", "hospice", "ed", "er", "rehab", "room", "rooms", "nursery", "theater", "theatre", "floor", "seminar", "class", "conference", "office"]
)  # fmt: skip
#: What is done there, to whom, and how.
_OF = frozenset(
    ["abdominal", "accelerated", "access", "bacteriology", "physiatry", "acute", "addiction", "adherence", "admission", "adolescent", "adult", "adults", "advanced", "aesthetic", "afib", "aftercare", "aging", "airway", "allergy", "als", "ambulance", "ambulatory", "amputee", "anal", "and", "anemia", "anesthesia", "anesthesiology", "anesthetic", "angio", "angiogram", "angiography", "antenatal", "anticoagulation", "anxiety", "aortic", "apnea", "arrhythmia", "arthritis", "arthroplasty", "assessment", "assisted", "asthma", "audiology", "autism", "back", "balance", "bariatric", "behavioral", "birth", "birthing", "bladder", "blood", "bmt", "bone", "brain", "breast", "breast-feeding", "breastfeeding", "burn", "cancer", "cardiac", "cardiology", "cardiothoracic", "cardiovascular", "care", "case", "cast", "cath", "catheterization", "celiac", "cesarean", "chest", "child", "childbirth", "chronic", "cirrhosis", "clinical", "coagulation", "cognitive", "colonoscopy", "colorectal", "combined", "community", "complex", "concussion", "consultation", "contact", "continuity", "convalescent", "cornea", "coronary", "cosmetic", "coumadin", "counseling", "craniofacial", "crisis", "critical", "ct", "cystic", "day", "day-surgery", "delivery", "dementia", "dental", "dependency", "depression", "dermatology", "detox", "detoxification", "development", "developmental", "device", "dexa", "diabetes", "diabetic", "diagnostic", "dialysis", "diet", "dietary", "digestive", "discharge", "disease", "disorder", "disorders", "donor", "ear", "eating", "echo", "ecmo", "education", "eeg", "electrophysiology", "eligibility", "emergency", "emg", "employee", "endocrine", "endocrinology", "endoscopy", "endovascular", "ent", "ep", "epilepsy", "evaluation", "examination", "exercise", "extended", "eye", "failure", "fall", "falls", "family", "family-planning", "fertility", "fetal", "fibrosis", "float", "flu", "fluoroscopy", "follow-up", "followup", "foot", "forensic", "fracture", "gait", "gastric", "gastroenterology", "gastrointestinal", "gender", "general", "genetic", "genetics", "genomics", "geriatric", "gi", "glaucoma", "group", "growth", "gu", "gynecologic", "gynecology", "hand", "head", "headache", "health", "healthy", "hearing", "heart", "hematology", "hemodialysis", "hemophilia", "hepatitis", "hepatology", "hernia", "hf", "high", "hip", "hiv", "holding", "home", "homeless", "hormone", "hospice", "hybrid", "hyperbaric", "hypertension", "ibd", "imaging", "immunization", "immunology", "implant", "incontinence", "independent", "infant", "infectious", "infusion", "injection", "injury", "inpatient", "intake", "integrative", "intensive", "interim", "intermediate", "interpreter", "interventional", "intestinal", "joint", "kidney", "knee", "labor", "lactation", "language", "laser", "learning", "lipid", "lithotripsy", "liver", "living", "long-term", "longterm", "loss", "low", "lumbar", "lung", "lupus", "lymphedema", "lymphoma", "maintenance", "mammography", "management", "marrow", "maternal", "maternity", "maxillofacial", "medical", "medication", "medicine", "melanoma", "memory", "men's", "menopause", "mental", "metabolic", "methadone", "microbiology", "migraine", "minor", "mobility", "mood", "mother-baby", "motility", "movement", "mri", "multidisciplinary", "multiple", "muscle", "muscular", "musculoskeletal", "myelogram", "myeloma", "neck", "neonatal", "nephrology", "nerve", "neuro", "neurocritical", "neurodevelopmental", "neurology", "neuromuscular", "neuropsychology", "neuroradiology", "neurosurgery", "neurovascular", "new", "newborn", "nicu", "night", "noninvasive", "nose", "nuclear", "nurse", "nursing", "nutrition", "ob", "obesity", "observation", "obstetric", "obstetrics", "occupational", "office", "oncology", "operating", "operative", "ophthalmology", "opioid", "oral", "oromaxillary", "orthopaedic", "orthopedic", "orthopedics", "osteoporosis", "ostomy", "otolaryngology", "otology", "outpatient", "overflow", "pacemaker", "pain", "palliative", "pancreas", "parenting", "parkinson's", "partial", "pathology", "patient", "pediatric", "pediatrics", "pelvic", "performance", "perinatal", "perioperative", "peritoneal", "pfo", "pft", "pharmacist", "pharmacy", "pheresis", "phlebotomy", "phototherapy", "physical", "physician", "pituitary", "planning", "plastic", "podiatry", "poison", "positive", "post", "post-acute", "post-anesthesia", "post-anesthetic", "post-op", "post-operative", "postanesthesia", "postanesthetic", "postop", "postoperative", "postpartum", "pre", "pre-admission", "pre-anesthesia", "pre-op", "pre-procedure", "preadmission", "preanesthesia", "pregnancy", "prenatal", "preop", "preoperative", "preprocedure", "prevention", "preventive", "primary", "private", "procedural", "procedure", "procedures", "progressive", "prostate", "prosthetics", "psych", "psychiatric", "psychiatry", "psychology", "psychosis", "public", "pulmonary", "radiation", "radiology", "reconstructive", "recovery", "refugee", "rehabilitation", "renal", "reproductive", "research", "residency", "resident", "residential", "resource", "respiratory", "respite", "retina", "retinal", "rheumatology", "risk", "robotic", "same", "school", "sclerosis", "scoliosis", "screening", "seating", "sedation", "seizure", "senior", "sexual", "short", "shoulder", "sickle", "simulation", "sinus", "skilled", "skin", "sleep", "smoking", "social", "special", "specials", "specialty", "specimen", "speech", "spina", "spinal", "spine", "splint", "sports", "stabilization", "std", "step-down", "stepdown", "sti", "stone", "stress", "stroke", "student", "subacute", "substance", "suicide", "support", "surgery", "surgical", "survivorship", "swallow", "swallowing", "syncope", "telemetry", "testing", "therapy", "thoracic", "throat", "thrombosis", "thyroid", "tobacco", "toxicology", "trach", "traction", "transfer", "transfusion", "transition", "transitional", "transplant", "transplantation", "trauma", "travel", "treatment", "triage", "tuberculosis", "tumor", "ultrasound", "undiagnosed", "unit", "urgent", "urogynecology", "urology", "use", "uveitis", "vaccination", "vaccine", "valve", "vascular", "vasectomy", "vein", "ventilator", "vestibular", "video", "vision", "visit", "vocal", "voice", "waiting", "walk-in", "warfarin", "weaning", "weekend", "weight", "well", "well-baby", "well-child", "wellness", "women's", "wound", "x-ray", "xray", "young", "youth"]
)  # fmt: skip
#: Of these, family names that many people have: a house that begins with one may bear it, Young Clinic, Stone Eye Clinic.
_CALLED = frozenset(
    ["back", "brain", "case", "child", "day", "fall", "falls", "hand", "head", "high", "low", "marrow", "minor", "new", "post", "senior", "short", "stone", "swallow", "well", "young"]
)  # fmt: skip
#: With these behind them they are none.
_PAIRS = frozenset(
    ["high risk", "low risk", "low vision", "new patient", "post anesthesia", "post acute", "post partum", "head and", "young adult", "young adults", "well baby", "well child", "fall risk", "fall prevention", "falls prevention", "falls risk", "brain injury", "brain tumor", "hand surgery", "hand therapy", "child development", "child psychiatry", "child health", "case management", "minor procedure", "minor procedures", "minor injury", "senior living", "senior health", "senior care", "day surgery", "back pain", "swallow evaluation"]
)  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
#: What may stand between two words of one, and a word before or behind it.
_GAPS = frozenset({" ", "/", " & ", " / ", "-"})
_BEFORE = re.compile(r"([^\W\d_]+(?:['’-][^\W\d_]+)*)( | & |/)$")
_BEHIND = re.compile(r"( | & |/)([^\W\d_]+(?:['’-][^\W\d_]+)*)")
#: Behind it a name may follow: Cancer Center of Elmswood, Eye Clinic at Fairmont.
_NAMED_BEHIND = re.compile(
    r",? (?:of|at|in|-|–) (?:the )?[A-Z]|[ -]?\d|,? [A-Z][a-z]+,? [A-Z]{2}\b| (?:I|II|III|IV|V|[A-Z])\b"
)
#: What a hyphen joins to a word: Long-Term.
_REST = re.compile(r"-[^\W\d_]+")
#: What may be found with it, and what stands before two departments.
_LED = re.compile(r"(?:the|our|an?|his|her|their)[ ](?=\w)", re.IGNORECASE)
_BOTH = re.compile(r"[Bb]oth[ ](?=[A-Z])")
#: Of the heads those of which a house has many: a number behind it tells one, and the house is found by itself.
_ROOMS = frozenset(["room", "rooms", "suite", "theater", "theatre", "nursery", "floor", "office"])
_OWNS = re.compile(r"['’]s\b")
_FAR = 48


def any_house(text: str, start: int, end: int) -> bool:
    """Say whether what was found is such a house, or a word of one.

    Parameters
    ----------
    text
        The text.
    start, end
        Where it was found.
    """
    if _OWNS.match(text, end):
        end += 2
    if text[end : end + 1] == "-" and (rest := _REST.match(text, end)):
        end = rest.end()
    if led := _LED.match(text, start, end):
        start = led.end()
    if both := _BOTH.match(text, start, end):
        return all(match[0].lower() in _OF - _CALLED for match in _WORD.finditer(text, both.end(), end))
    words = [match[0].lower().replace("’", "'") for match in _WORD.finditer(text, start, end)]
    if not words or not all(word in _OF or word in _HEADS for word in words):
        return False
    headed = words[-1] in _HEADS
    while (match := _BEHIND.match(text, end, min(len(text), end + _FAR))) and not headed:
        word = match[2].lower().replace("’", "'")
        if word not in _OF and word not in _HEADS:
            return False
        words.append(word)
        headed, end = word in _HEADS, match.end()
    if not headed or (words[-1] not in _ROOMS and _NAMED_BEHIND.match(text, end)):
        return False
    while match := _BEFORE.search(text, max(0, start - _FAR), start):
        word = match[1].lower().replace("’", "'")
        if word not in _OF and word not in _HEADS:
            # A word with a capital right before it may be its name, but for the first one of a sentence.
            if not match[1].islower() and (word not in _FIRST or match[1].isupper()):
                return False
            break
        words.insert(0, word)
        start = match.start(1)
    return len(words) > 1 and (words[0] not in _CALLED or " ".join(words[:2]) in _PAIRS)


#: Words with a capital that begin a sentence before it.
_FIRST = frozenset(["the", "to", "from", "in", "at", "our", "his", "her", "a", "an", "this", "referred", "seen", "via", "per", "by", "for", "with", "and", "or", "admitted", "call", "called"])  # fmt: skip
