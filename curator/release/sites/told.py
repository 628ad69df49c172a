"""What was verified of a package that joins sites, in a few lines."""

from __future__ import annotations

from collections.abc import Iterator

from curator.release.audited import PASS
from curator.release.verify import PackageReport, anchor_lines, audit_line, line


def joined_lines(report: PackageReport) -> list[str]:
    """Return the lines of a report."""
    contents, state = report.contents, report.contents.state
    sites = contents.sites or ()
    short = f"{report.operator[:4]}…{report.operator[-2:]}"
    root = state.tree.root().hex()
    held = "that you hold" if report.tied else "found inside"
    gone = contents.gone_sites
    missing = "none missing but purged ones" if gone else "none missing"
    counts = f"{len(sites) + len(gone):,} sites · {report.samples:,} samples · {report.labels:,} labels"
    made = [
        f"{report.dataset} {report.version} · {counts}",
        line(
            "PASS",
            f"{report.files:,} payload files, {report.size:,} bytes: each as it was signed, {missing}, none added",
        ),
        line("PASS", f"release signed by operator {short}, the key {held}"),
        line(
            "PASS", f"{state.size:,} records of the sponsor give root {root[:4]}…{root[-2:]}, signed by the checkpoint"
        ),
    ]
    for one in sites:
        made += _site(report, one.site)
    made += [
        *_lacking(report),
        *_splits(report),
        line("PASS", "no sample, UID or guideline's name is shared between sites; all lists are what the sites give"),
        line("PASS", f"claim '{contents.claim}': the weakest of all sites', each computed from its policy"),
    ]
    if gone:
        made[-2:] = [
            line("PASS", "what the sites that are here share was asked, and lists are what they and the records give"),
            line("PASS", f"claim '{contents.claim}': the weakest of all sites', by the sponsor's records"),
        ]
    made += [line("NOTE", f"not Safe Harbor: {reason}") for reason in contents.manifest["policy"]["reasons"]]
    if contents.manifest["parent"] is not None:
        made.append(
            line("PASS", f"next version after {contents.manifest['parent']['version']}, each change with a reason")
        )
    made += anchor_lines(contents.carried)
    unheld = [one.site for one in sites if one.site not in report.site_keys]
    if unheld:
        made.append(line("NOTE", f"keys of {', '.join(unheld)} are the sponsor's word: give --site-key SITE=FILE"))
    made.append(audit_line(report))
    return made


def _lacking(report: PackageReport) -> Iterator[str]:
    """Yield what was purged: sites with all that they gave."""
    for site in report.contents.gone_sites:
        yield line("NOTE", f"site {site}: purged by signed order; its samples are those that the sponsor recorded")
    if report.purged_files:
        lost = f"{report.purged_files:,} files purged by signed order"
        yield line("NOTE", f"{lost}: the package is not whole; all else is as it was signed")


def _splits(report: PackageReport) -> Iterator[str]:
    """Yield what the sponsor's records say of splits over all sites, and of sites that left."""
    facts = report.contents.state.facts
    if facts.assigned:
        put = sum(each["patients"] for one in facts.assigned for each in one.said["counts"])
        yield line(
            "PASS", f"splits: {put:,} patients put into one by {len(facts.assigned):,} signed records; nobody was moved"
        )
    for name, one in sorted(facts.splits.items()):
        yield line("PASS", f"split '{name}' holds what was sealed in record {one.place}: {one.samples:,} samples")
    for site, gone in sorted(facts.departed.items()):
        yield line("NOTE", f"site {site} left after version {gone.joined.version}: {gone.said['reason']}")


def _site(report: PackageReport, site: str) -> Iterator[str]:
    one = next(each for each in report.contents.sites or () if each.site == site)
    inner = one.report
    short = f"{inner.operator[:4]}…{inner.operator[-2:]}"
    whose = "that you hold" if site in report.site_keys else "that the sponsor recorded"
    split = "" if one.split is None else f" · all in '{one.split}'"
    yield line(
        "PASS",
        f"site {site}: {inner.dataset} {inner.version} whole, signed by operator {short}, the key {whose}{split}",
    )
    yield line("PASS", f"site {site}: {inner.records:,} records, {inner.labels:,} labels, {inner.samples:,} samples")
    for word in one.words:
        mark = "ATTD" if word.outcome == PASS else "  - "
        yield line(mark, f"site {site}: {word.check} by {word.printed_name} ({word.signer}) at {word.at}")
