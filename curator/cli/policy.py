"""``curator policy``: what a policy decides for every attribute, what becomes of a file, and where two policies differ.

Prints attributes, rules and counts; never a value of a file, and never a file's name.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from curator.cli.common import emit_json, json_option, recipe_option, say
from curator.cli.policy_change import change

if TYPE_CHECKING:
    from curator.scrub.dicom.effective import Effective
    from curator.scrub.fates import Tested
    from curator.scrub.policy import Policy

EXIT_QUARANTINED = 5
#: The largest file that is read, in bytes.
MOST = 2048 << 20


@click.group("policy")
def policy() -> None:
    """Say what policies decide and what may be claimed of their output.

    A policy is named by a bundled or installed name ('curator policy list'), or by the path of its file, which holds a
    slash or ends with .toml.
    """


policy.add_command(change)


@policy.command("list")
@json_option
def list_policies(as_json: bool) -> None:
    """List the bundled and installed policies with the claim that each of them supports.

    \b
    Examples:
      curator policy list
    """
    from curator.core.errors import UsageError
    from curator.scrub.policy import load_policy
    from curator.scrub.policy.load import bundled, installed

    found: list[dict[str, Any]] = []
    for name, kind in [*((one, "bundled") for one in bundled()), *((one, "installed") for one in installed())]:
        try:
            one = load_policy(name)
        except UsageError as error:
            found.append({"name": name, "from": kind, "title": None, "claim": None, "code": error.code})
            continue
        found.append({"name": name, "from": kind, "title": one.title, "claim": one.claim.value, "digest": one.digest})
    if as_json:
        emit_json({"policies": found})
        return
    width = max(len(line["name"]) for line in found)
    for line in found:
        said = f"{line['claim']:<20}  {line['title']}" if line["title"] else f"cannot be used: {line['code']}"
        say(f"{line['name']:<{width}}  {line['from']:<9}  {said}")


@policy.command("show")
@click.argument("name", metavar="POLICY")
@click.option("--all", "every", is_flag=True, help="Every attribute of PS3.6, not only those that the tables name.")
@click.option("--tag", "wanted", metavar="TAG|KEYWORD", help="One attribute alone.")
@recipe_option
@json_option
def show(name: str, every: bool, wanted: str | None, recipe: Path | None, as_json: bool) -> None:
    """Print the effective decision of POLICY for every attribute, and the legal claim that follows from all of them.

    Each line: tag, VR, keyword, the rule that says so and what is done. The rules: table (PS3.15 E.1-1), option and
    retained (an option of it), supplement (the program's own table), vr (the value representation), policy, recipe. A
    * marks what the policy or its recipe sets. The end says what may be claimed at most, and why not more.

    \b
    Examples:
      curator policy show safe-harbor
      curator policy show safe-harbor --tag StudyDate
      curator policy show limited-dataset --all --json
      curator policy show safe-harbor --recipe trial.recipe
    """
    from curator.scrub.dicom.effective import effective_decisions, one_decision, private_words
    from curator.scrub.policy import load_policy
    from curator.scrub.policy.describe import claim_document, claim_lines

    rules = load_policy(name, recipe=recipe)
    found = [one_decision(wanted, rules)] if wanted else list(effective_decisions(rules, every=every))
    if as_json:
        emit_json(
            {
                "policy": _about(rules),
                "attributes": [_attribute(one, rules) for one in found],
                "private": private_words(rules),
                "claim": claim_document(rules),
            }
        )
        return
    _show_switches(rules)
    for one in found:
        say(_line(one, rules))
    say(f"private  {private_words(rules)}")
    for line in claim_lines(rules):
        say(line)


def _about(rules: Policy) -> dict[str, Any]:
    from curator.scrub.policy.describe import recipe_counts, switches

    return {
        "name": rules.name,
        "title": rules.title,
        "digest": rules.digest,
        "switches": switches(rules),
        "attributes": len(rules.overrides),
        "columns": len(rules.columns),
        "recipe": recipe_counts(rules),
    }


def _show_switches(rules: Policy) -> None:
    from curator.scrub.policy.describe import AGES, DATES, recipe_counts, switches

    say(f"policy   {rules.name}: {rules.title}")
    said = {"dates": DATES, "ages": AGES}
    for name, value in switches(rules).items():
        word = "on" if value is True else "off" if value is False else value
        more = said.get(name, {}).get(str(value), "")
        say(f"  {name:<28} {word:<10} {more}".rstrip())
    if rules.columns:
        say(f"  {'columns':<28} {len(rules.columns):,} confirmed by the policy")
    if rules.overrides:
        say(f"  {'attributes':<28} {len(rules.overrides):,} set otherwise than the tables say")
    for name, count in (recipe_counts(rules) or {}).items():
        say(f"  {'recipe: ' + name.replace('_', ' '):<28} {count:,}")


def _attribute(one: Effective, rules: Policy) -> dict[str, Any]:
    from curator.scrub.dicom.effective import words_of

    return {
        "tag": one.tag,
        "keyword": one.keyword,
        "vr": one.vr,
        "table": one.basic or None,
        "overridden": one.overridden,
        **{
            place: {"action": action.act.value, "rule": action.rule, "words": words_of(action, rules)}
            for place, action in (("top", one.top), ("nested", one.nested))
        },
    }


def _line(one: Effective, rules: Policy) -> str:
    from curator.scrub.dicom.effective import words_of

    said = words_of(one.top, rules)
    if (one.nested.act, one.nested.rule) != (one.top.act, one.top.rule):
        said += f"; inside sequences: {words_of(one.nested, rules)} ({one.nested.rule})"
    rule = f"{one.top.rule} {one.basic}" if one.top.rule == "table" else one.top.rule
    mark = "*" if one.overridden else " "
    return f"{mark}{one.shown_tag} {one.vr or '--':<2} {one.keyword or '-':<48} {rule:<13} {said}"


@policy.command("test")
@click.argument("files", type=click.Path(path_type=Path), nargs=-1, required=True)
@click.option("--policy", "name", default="safe-harbor", show_default=True, metavar="NAME", help="A name or a path.")
@recipe_option
@json_option
def test(files: tuple[Path, ...], name: str, recipe: Path | None, as_json: bool) -> int:
    """Rewrite each DICOM FILE in memory and say what becomes of each attribute, by which rule, without a value.

    Nothing is written. Known identifiers are those that the file itself tells. Files are numbered in the order given.
    Exit code 5 says that a file would be held back; its code is named, and where a signed record would lift it, the
    attributes follow as they would then be.

    \b
    Examples:
      curator policy test img0001.dcm
      curator policy test *.dcm --policy expert --json
    """
    import secrets

    from curator.core.clock import SystemClock
    from curator.identifiers.uids import UidCoder, is_uid
    from curator.scrub.fates import tested
    from curator.scrub.policy import load_policy

    rules = load_policy(name, recipe=recipe)
    made = UidCoder(secrets.token_bytes(32))
    retained = rules.applies("retain_uids")
    day = SystemClock().now().strftime("%Y%m%d")
    shown = []
    held = False
    for position, file in enumerate(files, 1):
        data = _read(file, position)
        found = tested(data, rules, lambda old: old if retained and is_uid(old) else made(old), day)
        held = held or found.code is not None
        if as_json:
            shown.append(_file(position, found))
        else:
            _show_file(position, len(files), found)
    if as_json:
        from curator.scrub.policy.describe import policy_line

        emit_json({"policy": policy_line(rules), "files": shown})
    else:
        say(f"policy   {rules.name} {rules.short_digest}: {rules.verdict}")
    return EXIT_QUARANTINED if held else 0


def _read(file: Path, position: int) -> bytes:
    from curator.core.errors import UsageError

    try:
        with file.open("rb") as stream:
            data = stream.read(MOST + 1)
    except OSError:
        raise UsageError("POL-031", position=position) from None
    if len(data) > MOST:
        raise UsageError("POL-031", position=position)
    return data


def _file(position: int, found: Tested) -> dict[str, Any]:
    return {
        "file": position,
        "held_back": found.code,
        "elements": sum(fate.elements for fate in found.fates),
        "unchanged": sum(fate.unchanged for fate in found.fates),
        "attributes": [
            {
                "path": fate.path,
                "vr": fate.vr,
                "action": fate.action,
                "rule": fate.rule,
                "words": fate.words,
                "elements": fate.elements,
                "unchanged": fate.unchanged,
                "done": dict(fate.done),
            }
            for fate in found.fates
        ],
        "added": dict(found.added),
    }


def _show_file(position: int, of: int, found: Tested) -> None:
    from curator.core.errors import sentence_of

    elements = sum(fate.elements for fate in found.fates)
    unchanged = sum(fate.unchanged for fate in found.fates)
    say(f"file {position} of {of}: {elements:,} elements, {unchanged:,} of them unchanged")
    if found.code:
        say(f"  held back: {found.code} {sentence_of(found.code)}")
        if found.fates:
            say("  with a signed record that lifts it:")
    for fate in found.fates:
        done = ", ".join(f"{count} {action}" for action, count in fate.done)
        kept = f"{fate.unchanged} unchanged" if fate.unchanged else ""
        what = ", ".join(filter(None, (kept, done))) or "gone"
        say(f"  {fate.elements:>5,} {fate.vr or '--':<2} {fate.path:<52} {fate.rule:<10} {fate.words} ({what})")
    for path, count in found.added:
        say(f"  {count:>5,} -- {path:<52} {'structure':<10} added")


@policy.command("diff")
@click.argument("first", metavar="A")
@click.argument("second", metavar="B")
@recipe_option
@json_option
def diff(first: str, second: str, recipe: Path | None, as_json: bool) -> None:
    """Say where policies A and B differ: switches, claim, method codes, and each attribute decided otherwise.

    --recipe is laid over B alone, so that naming one policy twice says what the recipe changes.

    \b
    Examples:
      curator policy diff safe-harbor expert
      curator policy diff safe-harbor own.toml --json
      curator policy diff safe-harbor safe-harbor --recipe trial.recipe
    """
    from curator.scrub.dicom.effective import effective_decisions, words_of
    from curator.scrub.policy import load_policy
    from curator.scrub.policy.describe import claim_document, switches

    rules = [load_policy(first), load_policy(second, recipe=recipe)]
    sides = [switches(one) for one in rules]
    claims = [claim_document(one) for one in rules]
    decided = [{each.tag: each for each in effective_decisions(one, every=True)} for one in rules]
    changed = []
    for tag in sorted(decided[0].keys() | decided[1].keys()):
        pair = [side.get(tag) for side in decided]
        said = [
            None if each is None else [(a.act, words_of(a, rule)) for a in (each.top, each.nested)]
            for each, rule in zip(pair, rules, strict=True)
        ]
        if said[0] != said[1]:
            changed.append((pair, tag))
    if as_json:
        emit_json(
            {
                "policies": [_about(one) for one in rules],
                "switches": {name: [a[name] for a in sides] for name in sides[0] if sides[0][name] != sides[1][name]},
                "claims": claims,
                "attributes": [
                    [None if each is None else _attribute(each, rule) for each, rule in zip(pair, rules, strict=True)]
                    for pair, _ in changed
                ],
            }
        )
        return
    for name, value in sides[0].items():
        if value != sides[1][name]:
            say(f"{name:<28} {_word(value)} | {_word(sides[1][name])}")
    say(f"{'claim':<28} {claims[0]['claim']} | {claims[1]['claim']}")
    codes = [" ".join(rule.codes) or "none" for rule in rules]
    say(f"{'codes':<28} {codes[0]} | {codes[1]}")
    for side, letter in zip(claims, "AB", strict=True):
        for reason in side["reasons"]:
            say(f"{letter} is not Safe Harbor: {reason}")
    say(f"{'attributes':<28} {len(changed):,} decided otherwise")
    for pair, tag in changed:
        words = ["-" if each is None else words_of(each.top, rule) for each, rule in zip(pair, rules, strict=True)]
        keyword = next(each.keyword for each in pair if each is not None)
        say(f"  ({tag[:4]},{tag[4:]}) {keyword or '-':<48} {words[0]} | {words[1]}")


def _word(value: object) -> str:
    return "on" if value is True else "off" if value is False else str(value)
