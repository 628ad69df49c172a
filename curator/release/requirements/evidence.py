"""What shows a requirement, computed from a package: one function a kind of evidence.

Each answers with sentences that hold numbers and the source of each, and says whether that is all that was asked. What
is not known is lacking; nothing is assumed.
"""

from __future__ import annotations

from collections.abc import Callable

from curator.release import layout
from curator.release.facts import Facts
from curator.release.facts_labels import NOT_STATED
from curator.release.requirements.table import Evidence, Shown, Standing, requirements, standing
from curator.release.shares import agreeing, half_width, percent, share_text

Finder = Callable[[Facts], Evidence]
FINDERS: dict[str, Finder] = {}


def finder(name: str) -> Callable[[Finder], Finder]:
    """Register a function under the name that the table gives."""

    def put(function: Finder) -> Finder:
        FINDERS[name] = function
        return function

    return put


def found(text: str, source: str = "", *, complete: bool = True) -> Evidence:
    """Return evidence of one sentence."""
    return Evidence((Shown(text, source),), complete)


def lacking(text: str, source: str = "") -> Evidence:
    """Return what is known of evidence that is lacking."""
    return found(text, source, complete=False)


def counts(text: str, complete: bool, source: str = "") -> Evidence:
    """Return evidence that is complete or not."""
    return found(text, source, complete=complete)


def of_audit(facts: Facts, prefix: str, what: str) -> Evidence:
    """Return what the signed audit report says of the checks whose ids begin so."""
    checks = facts.checks(prefix)
    if not checks or facts.audit is None:
        return lacking(f"No audit report in this package tells of {what}.")
    source = facts.source(facts.audit[0])
    shown = tuple(
        Shown(f"{one['id']}: {one.get('outcome', 'unknown')}. {one.get('summary', '')}", source) for one in checks
    )
    return Evidence(shown, all(one.get("outcome") in {"PASS", "ATTESTED", "FAIL"} for one in checks))


@finder("criteria")
def _criteria(facts: Facts) -> Evidence:
    return of_audit(facts, "data/criteria", "coded criteria for inclusion and exclusion")


@finder("audit")
def _audit(facts: Facts) -> Evidence:
    if facts.audit is None:
        return lacking("No audit report is part of this package.")
    name, document = facts.audit
    checks = document.get("checks", [])
    outcomes = sorted({str(one.get("outcome")) for one in checks})
    listed = ", ".join(f"{sum(str(c.get('outcome')) == one for c in checks)} {one}" for one in outcomes)
    return found(f"Audit report with {len(checks)} checks: {listed}.", facts.source(name))


@finder("completeness")
def _completeness(facts: Facts) -> Evidence:
    shown = [
        Shown(f"{name}: stated for {share_text(stated, facts.patients)} of {facts.patients} patients.", layout.CLEAN)
        for name, stated in facts.stated.items()
    ]
    return Evidence(tuple(shown), bool(facts.patients))


@finder("flow")
def _flow(facts: Facts) -> Evidence:
    flow = facts.flow
    text = (
        f"{flow.received} items received in {len(flow.deliveries)} deliveries: {flow.outcome('scrubbed')} scrubbed, "
        f"{flow.outcome('duplicate')} duplicate, {flow.outcome('quarantined')} quarantined, "
        f"{flow.outcome('replaced')} replaced; {flow.samples} in this package, {flow.left_out} left out."
    )
    return found(text, facts.source(layout.SAMPLES))


@finder("quarantine")
def _quarantine(facts: Facts) -> Evidence:
    listed = ", ".join(f"{count} {code}" for code, count in sorted(facts.flow.reasons.items())) or "none"
    return found(f"Held back, by code: {listed}.", facts.source(layout.SAMPLES))


@finder("sites")
def _sites(facts: Facts) -> Evidence:
    sites = sorted({one["site"] for one in facts.acquired})
    if not sites:
        return lacking("The journal names no site.")
    return found(
        f"{len(sites)} site: {', '.join(sites)}." if len(sites) == 1 else f"{len(sites)} sites: {', '.join(sites)}.",
        facts.acquired[0]["source"],
    )


@finder("period")
def _period(facts: Facts) -> Evidence:
    shown = tuple(
        Shown(f"{one['site']}: {one['from']} to {one['to']}, by {one['files']} dated image files.", one["source"])
        for one in facts.acquired
        if one["from"] is not None
    )
    return Evidence(shown, bool(shown)) if shown else lacking("No true period of acquisition is on record.")


@finder("sizes")
def _sizes(facts: Facts) -> Evidence:
    counted = facts.manifest["counts"]
    studies = len({(one.patient, one.study) for one in facts.series})
    text = (
        f"{facts.patients} patients, {studies} studies, {len(facts.series)} series, {counted['samples']} samples, "
        f"{counted['labels']} labels."
    )
    return found(text, facts.source(layout.SAMPLES))


@finder("limitations")
def _limitations(facts: Facts) -> Evidence:
    from curator.release.documents.limitations import limitations

    made = limitations(facts)
    return found(f"{len(made)} limitations found in the data and listed.", facts.source(layout.SAMPLES))


@finder("synthetic")
def _synthetic(facts: Facts) -> Evidence:
    count = sum(one.truth == "synthetic" for one in facts.labels)
    return found(f"{count} labels state a synthetic truth.", facts.source(layout.LABELS))


@finder("cleaning")
def _cleaning(facts: Facts) -> Evidence:
    actions = facts.actions()
    total = sum(count for _, _, count in actions)
    return found(
        f"{total} actions at {len({path for path, _, _ in actions})} places, under policy {facts.policy['name']}.",
        facts.source(f"{layout.POLICY}{facts.policy['sha256']}.json"),
    )


@finder("processing")
def _processing(facts: Facts) -> Evidence:
    source = facts.source(f"{layout.POLICY}{facts.policy['sha256']}.json")
    return found("All samples, of whatever split, were processed under one policy.", source)


@finder("selection")
def _selection(facts: Facts) -> Evidence:
    items = ", ".join(str(items) for _, items, _ in facts.flow.deliveries)
    return found(f"Each delivery is one frozen inventory: {items} items.", facts.source(layout.SAMPLES))


@finder("version")
def _version(facts: Facts) -> Evidence:
    said = facts.manifest
    parent = said.get("parent")
    text = f"Version {said['version']} of {said['date']}, ledger root {said['ledger']['root']}"
    text += f", after version {parent['version']}." if isinstance(parent, dict) else ", the first of its line."
    return found(text, facts.source(layout.MANIFEST))


@finder("deidentification")
def _deidentification(facts: Facts) -> Evidence:
    return found(
        f"Policy {facts.policy['name']}; claim computed from its decisions: {facts.policy['claim']}.",
        facts.source(f"{layout.POLICY}{facts.policy['sha256']}.json"),
    )


@finder("signature")
def _signature(facts: Facts) -> Evidence:
    return found(
        "SHA-256 of every file in the package, under one signature of the operator.",
        f"key {facts.manifest['ledger']['operatorKeyId']}",
    )


@finder("ledger")
def _ledger(facts: Facts) -> Evidence:
    said = facts.manifest["ledger"]
    return found(
        f"{said['size']} signed records; their leaf hashes give the root {said['root']}.",
        facts.source(layout.CHECKPOINT),
    )


@finder("trace")
def _trace(facts: Facts) -> Evidence:
    return found(
        "Each sample has its source's keyed digest, each change and its policy in the journal, and each label "
        "its record.",
        facts.source(layout.SAMPLES),
    )


@finder("truth")
def _truth(facts: Facts) -> Evidence:
    counted = facts.count_labels(lambda one: one.truth)
    listed = ", ".join(f"{count} {name}" for name, count in sorted(counted.items())) or "no label"
    complete = bool(counted) and not counted[NOT_STATED]
    return counts(f"What the truth rests on, by label: {listed}.", complete, facts.source(layout.LABELS))


@finder("agreement")
def _agreement(facts: Facts) -> Evidence:
    agreed, read, _ = agreeing([name for name, _ in one.values()] for one in facts.readings.values())
    text = f"All readers agree on {agreed} of {read} samples read by two or more: {share_text(agreed, read)}."
    return counts(text, read > 0, facts.source(layout.LABELS))


@finder("equivocal")
def _equivocal(facts: Facts) -> Evidence:
    agreed, read, _ = agreeing([name for name, _ in one.values()] for one in facts.readings.values())
    unlabeled = len(facts.sample_paths) - len(facts.labeled)
    text = (
        f"{read - agreed} samples with differing readings, {len(facts.of_kind('label-adjudicated'))} adjudications, "
        f"{unlabeled} samples without a label that stands."
    )
    return counts(text, bool(facts.labels), facts.source(layout.LABELS))


@finder("guidelines")
def _guidelines(facts: Facts) -> Evidence:
    listed = facts.manifest["guidelines"]
    shown = tuple(Shown(f"Guideline {one['id']} {one['version']}.", f"sha256:{one['sha256']}") for one in listed)
    return Evidence(shown, bool(shown)) if shown else lacking("No guideline is registered.")


@finder("shown")
def _shown(facts: Facts) -> Evidence:
    stated = [one for one in facts.labels if one.shown is not None]
    names = sorted({name for one in stated for name in one.shown or ()})
    text = f"{len(stated)} of {len(facts.labels)} labels state what the reader could see"
    text += f": {', '.join(names)}." if names else "."
    return counts(text, bool(stated) and len(stated) == len(facts.labels), facts.source(layout.LABELS))


@finder("blinding")
def _blinding(facts: Facts) -> Evidence:
    stated = sum(one.blinded is not None for one in facts.labels)
    blinded = sum(one.blinded is True for one in facts.labels)
    text = f"{blinded} labels by blinded readers, {stated - blinded} not, {len(facts.labels) - stated} do not state it."
    return counts(text, bool(stated) and stated == len(facts.labels), facts.source(layout.LABELS))


@finder("independence")
def _independence(facts: Facts) -> Evidence:
    stated = sum(one.independent is not None for one in facts.labels)
    alone = sum(one.independent is True for one in facts.labels)
    text = f"{alone} labels stated as independent, {stated - alone} as not, {len(facts.labels) - stated} do not say."
    return counts(text, bool(stated) and stated == len(facts.labels), facts.source(layout.LABELS))


def authors(facts: Facts) -> list[str]:
    """Return the ids of everybody whose labels are in the package, sorted."""
    return sorted({one.author for one in facts.labels})


@finder("readers")
def _readers(facts: Facts) -> Evidence:
    people = [facts.state.people[name] for name in authors(facts) if name in facts.state.people]
    full = sum(one.specialty is not None and one.years is not None for one in people)
    text = f"{len(people)} readers; specialty and years of experience are on record for {full}."
    return counts(text, bool(people) and full == len(people), facts.source(layout.RECORDS))


@finder("training")
def _training(facts: Facts) -> Evidence:
    names = authors(facts)
    trained = [name for name in names if name in facts.state.facts.trained]
    text = f"{len(trained)} of {len(names)} readers have a training record."
    return counts(text, bool(names) and len(trained) == len(names), facts.source(layout.RECORDS))


@finder("corrections")
def _corrections(facts: Facts) -> Evidence:
    replaced = sum(bool(one.supersedes) for one in facts.labels)
    text = f"{replaced} labels supersede another, {len(facts.of_kind('label-withdrawn'))} records withdraw labels."
    return found(text, facts.source(layout.LABELS))


@finder("origins")
def _origins(facts: Facts) -> Evidence:
    counted = facts.count_labels(lambda one: one.origin)
    listed = ", ".join(f"{count} {name}" for name, count in sorted(counted.items())) or "no label"
    return counts(f"Whose work the labels are: {listed}.", bool(counted), facts.source(layout.LABELS))


@finder("combination")
def _combination(facts: Facts) -> Evidence:
    decided = len(facts.of_kind("label-adjudicated"))
    consensus = sum(one.truth == "consensus" for one in facts.labels)
    text = f"{decided} adjudications and {consensus} labels by consensus combine several readings."
    return counts(text, bool(decided or consensus), facts.source(layout.LABELS))


@finder("study-readers")
def _study_readers(facts: Facts) -> Evidence:
    return of_audit(facts, "labels/truthers", "readers of the study who made the truth")


@finder("splits")
def _splits(facts: Facts) -> Evidence:
    if facts.splits_path is None:
        return lacking("No assignment of patients to splits is part of this package.")
    held = {name: sum(facts.splits.get(case.patient) == name for case in facts.cases) for name in facts.split_names}
    listed = ", ".join(f"{count} {name}" for name, count in held.items()) or "none"
    outside = facts.patients - sum(held.values())
    return counts(f"Patients by split: {listed}; {outside} in none.", not outside, facts.source(facts.splits_path))


@finder("seal")
def _seal(facts: Facts) -> Evidence:
    sealed = facts.of_kind("split-sealed")
    shown = tuple(
        Shown(
            f"Split {one.subject[0]['name'].removeprefix('splits/')} sealed with {one.said['count']} samples on "
            f"{one.said['signedAt'][:10]}.",
            f"leaf {one.leaf}",
        )
        for one in sealed
    )
    return Evidence(shown, bool(shown)) if shown else lacking("No split is sealed.")


@finder("access")
def _access(facts: Facts) -> Evidence:
    used = facts.of_kind("sample-accessed")
    text = f"{len(used)} accesses on record."
    return counts(text, bool(facts.of_kind("split-sealed")), f"leaf {used[-1].leaf}" if used else "")


@finder("strata")
def _strata(facts: Facts) -> Evidence:
    if facts.splits_path is None:
        return lacking("No assignment of patients to splits is part of this package.")
    return found("Patients were assigned by a keyed digest within strata.", facts.source(facts.splits_path))


@finder("site-overlap")
def _site_overlap(facts: Facts) -> Evidence:
    sites = {one["site"] for one in facts.acquired}
    if not sites or facts.splits_path is None:
        return lacking("Sites or splits are not on record.")
    if len(sites) == 1:
        return lacking("All splits are of one site: the test data are not external.", facts.source(facts.splits_path))
    return of_audit(facts, "splits/site", "sites across splits")


@finder("leakage")
def _leakage(facts: Facts) -> Evidence:
    return of_audit(facts, "splits/", "leaks between splits")


@finder("differences")
def _differences(facts: Facts) -> Evidence:
    if len(facts.split_names) < 2:
        return lacking("There are no two splits to compare.")
    return found("Standardized differences between splits are tabulated.", facts.source(str(facts.splits_path)))


@finder("overlap")
def _overlap(facts: Facts) -> Evidence:
    parent = facts.manifest.get("parent")
    if not isinstance(parent, dict):
        return found("There is no earlier version, and so no earlier test set.", facts.source(layout.MANIFEST))
    return of_audit(facts, "splits/membership", "membership of splits across versions")


@finder("conditions")
def _conditions(facts: Facts) -> Evidence:
    named = {one.named for one in facts.labels if one.stands and one.named}
    return counts(f"{len(named)} classes of labels that stand are tabulated.", bool(named), facts.source(layout.LABELS))


@finder("demographics")
def _demographics(facts: Facts) -> Evidence:
    stated = facts.stated
    listed = ", ".join(f"{name} {count}" for name, count in stated.items())
    complete = bool(facts.patients) and all(stated.values())
    return counts(f"Stated, of {facts.patients} patients: {listed}.", complete, facts.source(layout.SAMPLES))


@finder("equipment")
def _equipment(facts: Facts) -> Evidence:
    named = sum(bool(one.values.get("manufacturer")) for one in facts.series)
    text = f"Manufacturer stated for {named} of {len(facts.series)} series."
    return counts(text, bool(named), facts.source(layout.SAMPLES))


@finder("missing")
def _missing(facts: Facts) -> Evidence:
    absent = {name: facts.patients - count for name, count in facts.stated.items()}
    listed = ", ".join(f"{name} {count}" for name, count in absent.items())
    return found(f"Not stated, of {facts.patients} patients: {listed}.", facts.source(layout.SAMPLES))


@finder("subgroups")
def _subgroups(facts: Facts) -> Evidence:
    if not facts.patients:
        return lacking("There is no patient to count.")
    width = percent(half_width(facts.patients))
    text = f"{facts.patients} patients give an interval of {width} to either side at a share of one half."
    return found(text, facts.source(layout.SAMPLES))


@finder("target")
def _target(facts: Facts) -> Evidence:
    return of_audit(facts, "representation/target", "an intended distribution")


@finder("case-data")
def _case_data(facts: Facts) -> Evidence:
    text = f"Case-level data of {facts.patients} patients, {len(facts.series)} series, {len(facts.labels)} labels."
    return found(text, "STATISTICAL DATA/case_level_data.zip")


def evidence_of(facts: Facts) -> dict[str, Evidence]:
    """Return all evidence that a package gives, by name."""
    made = facts.found
    if not made:
        made.update((name, find(facts)) for name, find in FINDERS.items())
    return dict(made)


def standings(facts: Facts) -> tuple[Standing, ...]:
    """Return every item with its state, what shows it and its answer."""
    found = evidence_of(facts)
    return tuple(standing(one, found, facts.state.facts.answers.get(one.id)) for one in requirements())
