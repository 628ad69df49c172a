"""Writes curator/scrub/fhir/data/elements.tsv and values.tsv: which elements FHIR has, of which types.

    python scripts/data/fhir_elements.py R4 R5

R4: ``fhir.schema.json`` of FHIR 4.0.1 (hl7.org/fhir/R4/fhir.schema.json.zip, CC0). R5: a folder of Python modules
generated from the structure definitions of FHIR 5.0.0, as fhir.resources 8 holds them (``fhir/resources``). Only names
of elements, their types and the codes of required bindings are taken, which are facts of the standard.
"""

from __future__ import annotations

import ast
import json
import re
import sys
from pathlib import Path

OUT = Path(__file__).resolve().parents[2] / "curator" / "scrub" / "fhir" / "data"
#: Kinds of resources that hospitals export. What describes systems, value sets or guidelines is none of them.
RESOURCES = frozenset(
    """
Account AdverseEvent AllergyIntolerance Appointment AppointmentResponse AuditEvent Basic Binary
BiologicallyDerivedProduct BodySite BodyStructure Bundle CarePlan CareTeam ChargeItem Claim ClaimResponse
ClinicalImpression Communication CommunicationRequest Composition Condition Consent Coverage
CoverageEligibilityRequest CoverageEligibilityResponse DetectedIssue Device DeviceAssociation DeviceDispense
DeviceMetric DeviceRequest DeviceUsage DeviceUseStatement DiagnosticReport DocumentManifest DocumentReference Encounter
EncounterHistory Endpoint EnrollmentRequest EnrollmentResponse EpisodeOfCare ExplanationOfBenefit FamilyMemberHistory
Flag GenomicStudy Goal Group GuidanceResponse HealthcareService ImagingSelection ImagingStudy Immunization
ImmunizationEvaluation ImmunizationRecommendation InsurancePlan Invoice List Location MeasureReport Media
Medication MedicationAdministration MedicationDispense MedicationKnowledge MedicationRequest MedicationStatement
MessageHeader MolecularSequence NutritionIntake NutritionOrder NutritionProduct Observation OperationOutcome
Organization OrganizationAffiliation Parameters Patient PaymentNotice PaymentReconciliation Person Practitioner
PractitionerRole Procedure Provenance Questionnaire QuestionnaireResponse RelatedPerson RequestGroup
RequestOrchestration ResearchStudy ResearchSubject RiskAssessment Schedule ServiceRequest Slot Specimen Substance
SupplyDelivery SupplyRequest Task Transport VisionPrescription
""".split()  # noqa: SIM905 - a list to be read by people
)
#: Elements that every resource or data type has; the program knows them without a table.
COMMON = {"id", "extension", "modifierExtension", "resourceType", "meta", "implicitRules", "language", "text"}
COMMON_RESOURCE = COMMON | {"contained"}

Spec = dict[str, dict[str, tuple[str, tuple[str, ...]]]]


def read_r4(path: Path) -> Spec:
    """Type name to element to (type, codes)."""
    found: Spec = {}
    for name, body in json.loads(path.read_text(encoding="utf-8"))["definitions"].items():
        fields: dict[str, tuple[str, tuple[str, ...]]] = {}
        for element, rule in body.get("properties", {}).items():
            if element.startswith("_") or "const" in rule:
                continue
            inner = rule.get("items", rule)
            if "enum" in inner:
                fields[element] = ("code", tuple(inner["enum"]))
            elif "$ref" in inner:
                fields[element] = (inner["$ref"].rsplit("/", 1)[1].replace("ResourceList", "Resource"), ())
            else:
                plain = {"number": "decimal", "boolean": "boolean", "string": "string"}[inner["type"]]
                # The schema spells primitives of a choice, such as deceasedDateTime, out: the name's end is the type.
                ends = [kind for kind in PRIMITIVES if element.endswith(kind[0].upper() + kind[1:])]
                fields[element] = (max(ends, key=len, default=plain), ())
        found[name] = fields
    return found


def read_r5(folder: Path) -> Spec:
    """The same of modules with one annotated class a type."""
    classes: dict[str, tuple[list[str], dict[str, tuple[str, tuple[str, ...]]]]] = {}
    for path in sorted(folder.glob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if not isinstance(node, ast.ClassDef):
                continue
            fields: dict[str, tuple[str, tuple[str, ...]]] = {}
            for item in node.body:
                if not isinstance(item, ast.AnnAssign) or not isinstance(item.value, ast.Call):
                    continue
                options = {one.arg: one.value for one in item.value.keywords}
                alias = options.get("alias")
                name = ast.literal_eval(alias) if alias is not None else item.target.id  # type: ignore[union-attr]
                wanted = re.search(r"fhirtypes\.(\w+)Type\b|\bbool\b", ast.unparse(item.annotation))
                if name.startswith("_") or wanted is None:
                    continue
                kind = wanted[1] or "boolean"
                extra = options.get("json_schema_extra")
                codes = ast.literal_eval(extra).get("enum_values", ()) if extra is not None else ()
                primitive = kind[0].lower() + kind[1:]
                if primitive in PRIMITIVES:
                    kind = primitive
                # A plus says that the list goes on elsewhere.
                fields[name] = (kind, tuple(codes) if kind == "code" and "+" not in codes else ())
            classes[node.name] = ([ast.unparse(base).rsplit(".", 1)[-1] for base in node.bases], fields)

    def whole(name: str) -> dict[str, tuple[str, tuple[str, ...]]]:
        if name not in classes:
            return {}
        bases, own = classes[name]
        merged: dict[str, tuple[str, tuple[str, ...]]] = {}
        for base in bases:
            merged |= whole(base)
        return merged | own

    return {name: whole(name) for name in classes}


PRIMITIVES = {
    "base64Binary", "boolean", "canonical", "code", "date", "dateTime", "decimal", "id", "instant", "integer",
    "integer64", "markdown", "oid", "positiveInt", "string", "time", "unsignedInt", "uri", "url", "uuid", "xhtml",
}  # fmt: skip


class Walk:
    """Collects elements by path, so that the editions' names for inner types do not matter."""

    def __init__(self) -> None:
        self.paths: dict[str, dict[str, list[str]]] = {}
        self.codes: dict[str, set[str]] = {}
        self.open: set[str] = set()

    def add(self, spec: Spec, name: str, path: str, seen: dict[str, str]) -> None:
        seen = seen | {name: path}
        row = self.paths.setdefault(path, {})
        for element, (kind, codes) in spec[name].items():
            if element in (
                COMMON_RESOURCE
                if "." not in path and name in RESOURCES
                else COMMON - {"text", "language", "meta", "implicitRules"}
            ):
                continue
            here = f"{path}.{element}"
            if kind in PRIMITIVES or kind in {"Resource", "Element"}:
                shown = kind
                if kind == "code":
                    if codes:
                        self.codes.setdefault(here, set()).update(codes)
                    else:
                        self.open.add(here)
            elif kind in seen:
                shown = f"@{seen[kind]}"
            elif self.inner(spec, name, kind):
                shown = f"@{here}"
                self.add(spec, kind, here, seen)
            else:
                shown = kind
                if kind not in self.paths:
                    self.paths[kind] = {}
                if kind not in self.done:
                    self.done.add(kind)
                    self.add(spec, kind, kind, {})
            kinds = row.setdefault(element, [])
            if shown not in kinds:
                kinds.append(shown)

    done: set[str]

    @staticmethod
    def inner(spec: Spec, name: str, kind: str) -> bool:
        """Say whether a type stands for a part of another one and not for itself."""
        owners = (name, *RESOURCES, "Timing", "Dosage", "DataRequirement", "Availability")
        part = any(kind != owner and kind.startswith(owner) and kind in spec for owner in owners)
        return "_" in kind or (kind not in RESOURCES and part)


#: Codes of the value sets that R4 shares between resources, which its schema does not spell out (R4, request-status,
#: event-status, observation-status, request-intent, request-priority, fm-status, medication-statement-status,
#: medicationdispense-status, medication-status, days-of-week, event-timing with v3 TimingEvent), and the codes of the
#: extensions that are listed (birthsex, sex, data-absent-reason, goal-acceptance-status).
_SHARED = {
    "status": "active on-hold revoked completed entered-in-error unknown draft preparation in-progress not-done stopped"
    " registered preliminary final amended corrected appended cancelled declined inactive intended not-taken",
    "intent": "proposal plan directive order original-order reflex-order filler-order instance-order option",
    "priority": "routine urgent asap stat",
    "outcome": "queued complete error partial",
    "use": "claim preauthorization predetermination in out",
    "when": "HS WAKE C CM CD CV AC ACM ACD ACV PC PCM PCD PCV MORN AFT EVE NIGHT PHS",
    "valueCode": "M F UNK OTH ASKU 248152002 248153007 unknown asked-unknown temp-unknown not-asked asked-declined"
    " masked not-applicable unsupported as-text error not-a-number negative-infinity positive-infinity not-performed"
    " not-permitted agree disagree pending",
    "daysOfWeek": "mon tue wed thu fri sat sun",
    "comparator": "< <= >= > ad",
}
SHARED = {name: set(words.split()) for name, words in _SHARED.items()}
HEADER = """\
# Elements of FHIR resources and data types, by path: path, then element:type pairs. Facts of HL7 FHIR R4 (4.0.1,
# 2019-10-30) and R5 (5.0.0, 2023-03-26), both CC0; written by scripts/data/fhir_elements.py. A type behind @ is the
# path of an inner element; types joined by | differ between the editions. Elements that all resources or all data
# types have are left out.
"""
VALUES = """\
# Codes that an element of type code may hold, where FHIR binds it to a closed list: path, then codes. Facts of HL7 FHIR
# R4 (4.0.1) and R5 (5.0.0), both CC0; written by scripts/data/fhir_elements.py.
"""


def main(r4: Path, r5: Path) -> None:
    walk = Walk()
    for spec in (read_r4(r4), read_r5(r5)):
        walk.done = set()
        for name in sorted(RESOURCES):
            if name in spec:
                walk.add(spec, name, name, {})
        for name in ("Extension", "Meta", "Narrative", "Age", "Count", "Distance", "Duration", "MoneyQuantity"):
            if name in spec:
                walk.done.add(name)
                walk.add(spec, name, name, {})
    order = [p for p in walk.paths if p.split(".")[0] in RESOURCES]
    types = sorted(set(walk.paths) - set(order))
    lines = [
        "\t".join([path, *(f"{name}:{'|'.join(kinds)}" for name, kinds in walk.paths[path].items())])
        for path in [*types, *sorted(order)]
        if walk.paths[path]
    ]
    OUT.mkdir(exist_ok=True)
    (OUT / "elements.tsv").write_text(HEADER + "\n".join(lines) + "\n", encoding="utf-8")
    for path in walk.open:
        shared = SHARED.get(path.rsplit(".", 1)[1], set())
        if shared or path in walk.codes:
            walk.codes.setdefault(path, set()).update(shared)
    held = {
        path: codes
        for path, codes in sorted(walk.codes.items())
        if len(codes) <= 120 and all(re.fullmatch(r"\S+", code) for code in codes)
    }
    print("not bound:", " ".join(sorted(walk.open - held.keys())))
    (OUT / "values.tsv").write_text(
        VALUES + "\n".join("\t".join([path, *sorted(codes)]) for path, codes in held.items()) + "\n", encoding="utf-8"
    )
    print(len(lines), "types and paths;", sum(map(len, walk.paths.values())), "elements;", len(held), "closed lists")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
