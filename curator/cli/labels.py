"""``curator labels``: whole sets of labels. Each command stands in a module of its own, loaded when it is called."""

from __future__ import annotations

import click

from curator.cli.lazy import SubGroup

#: Command to its module's attribute, and its line in the help.
COMMANDS = {
    "import": ("labels_import:import_labels", "Bring in the labels of other tools' exports."),
    "formats": ("labels_import:formats", "List the formats that are read, and what they do not say."),
    "export": ("labels_export:export_labels", "Write signed labels in other tools' forms."),
    "interpolate": ("labels_interpolate:interpolate", "Fill in labels between slices and key frames."),
    "next": ("labels_next:next_samples", "Say which samples to label next."),
    "agreement": ("labels_agreement:agreement", "Measure how far readers agree."),
    "report": ("labels_report:report", "Show agreement, differences, throughput and readers in a page or PDF."),
    "status": ("labels_worklist:status", "Say at which stage each sample stands."),
    "worklist": ("labels_worklist:worklist", "Hand out what a person does at a stage, and bring it back."),
    "queue": ("labels_worklist:queue", "List disagreements between readers, the gravest first."),
    "consensus": ("labels_consensus:consensus", "Make one label of several readers' labels."),
    "adjudicate": ("labels_adjudicate:adjudicate", "Sign that labels count in place of those that differ."),
    "qualify": ("labels_qualify:qualify", "Hold a reader against a reference."),
    "audit": ("labels_audit:audit", "Audit labels by samples, with stated risks."),
    "controls": ("labels_controls:controls", "Measure readers by items with known answers."),
    "bias": ("labels_controls:bias", "Measure what proposals do to readers."),
    "reread": ("labels_controls:reread", "Draw units to be read again blind."),
    "drift": ("labels_drift:drift", "Look for drift by reader, guideline, site and week."),
    "faults": ("labels_drift:faults", "Look for five faults of readers."),
    "guidelines": ("labels_score:guidelines", "Count labels by superseded guidelines."),
    "score": ("labels_score:score", "Score every label."),
    "scorecard": ("labels_score:scorecard", "Print a card for each reader, vendor or site."),
}


@click.group("labels", cls=SubGroup, table=COMMANDS)
def labels() -> None:
    """Bring in labels that were made with other tools (then: curator sign --attest), and compare their readers."""
