"""Pass 2: one object in, one de-identified object out, or a reason why not.

Every element at every depth is asked for at :func:`curator.scrub.dicom.decide.decide`; what is kept keeps its bytes.
The result is walked once more before it is handed out. No value of the source may reach an error or the list of
actions.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Set
from functools import lru_cache
from operator import attrgetter

from curator import __version__
from curator.core.errors import CuratorError, ItemError
from curator.formats.dicom.encoding import header
from curator.formats.dicom.ranged import Piece, Ranged, coalesced, joined, piece_range, spread
from curator.formats.dicom.repeats import Repeats
from curator.formats.dicom.structure import Repeated
from curator.formats.dicom.tables import SopKind, is_report, sop_classes, sop_kind, transfer_syntaxes
from curator.formats.dicom.walk import parse
from curator.scrub.dicom.answers import Passage
from curator.scrub.dicom.cleaning import Decisions
from curator.scrub.dicom.decide import Act
from curator.scrub.dicom.encode import encode_nodes, file_meta, stored
from curator.scrub.dicom.filters import holds_back
from curator.scrub.dicom.markers import MARKERS, marker_nodes
from curator.scrub.dicom.model import Rewritten, Subject
from curator.scrub.dicom.passages import PassageCleaner
from curator.scrub.dicom.pixels import PIXEL_TAGS, check_pixels
from curator.scrub.dicom.private import leftovers, table_of
from curator.scrub.dicom.risk import risk_of
from curator.scrub.dicom.rules import supplement
from curator.scrub.dicom.structured import CONTENT, plan_of
from curator.scrub.dicom.tree import REPEATS, Node, Tree, read_tree
from curator.scrub.policy.model import Policy

SOP_CLASS, SOP_INSTANCE, STUDY, SERIES = 0x00080016, 0x00080018, 0x0020000D, 0x0020000E
#: (0002,0013), at most 16 characters.
VERSION_NAME = f"CURATOR_{__version__}".replace(".", "_")[:16]
#: So many decisions of the last check are remembered: more than PS3.6 has attributes.
_MOST_PASSED = 1 << 14
_tag_and_vr = attrgetter("tag", "vr")


def rewrite(
    data: bytes | Ranged, subject: Subject, policy: Policy, uid: Callable[[str], str], *, accepted: bool
) -> Rewritten:
    """De-identify one DICOM object.

    Parameters
    ----------
    data
        The whole source file; of one that is not at hand, the long values are not loaded but handed on as ranges of it.
    subject
        The person it is about.
    policy
        The rules.
    uid
        Maps an original UID to its new one, the same way for all objects of the project.
    accepted
        True when a signed record says that this file's pixels, or its document, have been checked.

    Returns
    -------
    Rewritten
        The same for the same arguments.

    Raises
    ------
    ItemError
        DCM-001 to 029 from the structure; DCM-040 to 049 for an unknown or documentary object, pixel risk, what cannot
        be decoded, and a result that does not pass the check after the writing; DCM-070 for a filter of the recipe.
    """
    try:
        return _rewrite(data, subject, policy, uid, accepted)
    except (CuratorError, MemoryError):
        raise
    except Exception:  # noqa: BLE001 - whatever it is, its text may quote the file
        failed = True
    if failed:
        raise ItemError("DCM-045")
    raise AssertionError


def _rewrite(
    data: bytes | Ranged, subject: Subject, policy: Policy, uid: Callable[[str], str], accepted: bool
) -> Rewritten:
    tree = read_tree(data, REPEATS)
    top = {node.tag: node for node in tree.nodes}
    sop_class = object_class(tree, top)
    kind = sop_kind(sop_class)
    if kind in {None, SopKind.DIRECTORY, SopKind.SERVICE}:
        raise ItemError("DCM-040")
    if kind is SopKind.DOCUMENT and not accepted and not _is_cleaned_report(sop_class, policy):
        raise ItemError("DCM-043")
    instance = value_text(top.get(SOP_INSTANCE)) or tree.structure.meta_sop_instance
    if not instance:
        raise ItemError("DCM-044")
    if policy.recipe is not None and holds_back(policy.recipe.labels, top):
        raise ItemError("DCM-070")
    risk = risk_of(tree, top, sop_class)
    if risk != "none" and not accepted:
        raise ItemError("DCM-041" if risk == "text" else "DCM-042")
    check_pixels(tree.structure, top, accepted=accepted)

    document = sop_classes()[sop_class].keyword.startswith("Encapsulated")
    decisions = _decisions(policy, document, is_report(sop_class), supplement().images.get(sop_class, ""))
    cleaner = PassageCleaner(decisions, subject, policy, uid, tree)
    made = {node.tag: node for node in cleaner.clean(tree.nodes, little=tree.structure.little)}
    new_uid = uid(instance)
    study, series = (
        uid(value_text(top.get(tag)) or f"{subject.fallback_uid}/{name}")
        for tag, name in ((STUDY, "study"), (SERIES, "series"))
    )
    for tag, text in ((SOP_CLASS, sop_class), (SOP_INSTANCE, new_uid), (STUDY, study), (SERIES, series)):
        if tag not in made:
            cleaner.note("", tag, "added")
        made[tag] = Node(tag, "UI", text.encode("ascii"))
    for tag, vr in ((0x00100010, "PN"), (0x00100020, "LO")):
        if tag not in made:
            cleaner.note("", tag, "added")
            made[tag] = Node(tag, vr, subject.patient.encode("ascii"))
    content = content_digest(made, cleaner.passages, tree)
    for node in marker_nodes(policy):
        made[node.tag] = node
    out = encode_file(made, cleaner.passages, tree, sop_class, new_uid)
    tags = set(made).union(*(passage.tags for passage in cleaner.passages))
    verify(out[0] if len(out) == 1 and isinstance(out[0], bytes) else piece_range(out), decisions, tags)
    return Rewritten(
        pieces=out,
        uid=new_uid,
        study_uid=study,
        series_uid=series,
        content=content,
        actions=cleaner.actions(),
        risk=risk,
        codes=policy.codes,
    )


@lru_cache(maxsize=8)
def _decisions(policy: Policy, document: bool, report: bool, image: str) -> Decisions:
    return Decisions(policy, document, report, image)


#: Root of the storage classes of structured reports and key object selections (PS3.4 Annex B.5).
_REPORTS = "1.2.840.10008.5.1.4.1.1.88."


def _is_cleaned_report(sop_class: str, policy: Policy) -> bool:
    """Say whether an object is a report that the policy cleans item by item, so that nobody has to read it first."""
    cleans = policy.applies("clean_structured_content") and policy.applies("clean_descriptors")
    return cleans and sop_class.startswith(_REPORTS)


def value_text(node: Node | None) -> str:
    """Return a UI or CS value as text without padding; empty when there is none or it is not ASCII."""
    if node is None or node.items is not None:
        return ""
    value = bytes(node.value)
    return value.strip(b"\0 ").decode("ascii") if value.isascii() else ""


def object_class(tree: Tree, top: dict[int, Node]) -> str:
    """Return the SOP Class UID of an object: its own, or that of the file meta information when it has none."""
    return value_text(top.get(SOP_CLASS)) or tree.structure.meta_sop_class


def content_digest(made: dict[int, Node], passages: list[Passage], tree: Tree) -> str:
    """Return SHA-256 in hex over the pixel data's value bytes, or over the clean data set without markers."""
    pixels = [made[tag] for tag in sorted(PIXEL_TAGS) if tag in made]
    digest = hashlib.sha256()
    if pixels:
        for node in pixels:
            for part in spread(node.value):
                digest.update(part)
    else:
        little = tree.structure.little
        nodes = [node for tag, node in made.items() if tag not in MARKERS]
        for passage in passages:
            nodes += passage.encoded(explicit=True, little=little)
        for piece in encode_nodes(nodes, explicit=True, little=little):
            for part in spread(piece):
                digest.update(part)
    return digest.hexdigest()


def encode_file(
    made: dict[int, Node], passages: list[Passage], tree: Tree, sop_class: str, sop_instance: str
) -> tuple[Piece, ...]:
    """Write the file in the transfer syntax of the source; a long one in pieces."""
    syntax = transfer_syntaxes()[tree.structure.transfer_syntax]
    meta = file_meta(sop_class, sop_instance, syntax.uid, VERSION_NAME)
    nodes = list(made.values())
    for passage in passages:
        nodes += passage.encoded(explicit=syntax.explicit, little=syntax.little)
    pieces = encode_nodes(nodes, explicit=syntax.explicit, little=syntax.little)
    return (meta + stored(joined(pieces)),) if syntax.deflated else coalesced([meta, *pieces])


def verify(data: bytes | Ranged, decisions: Decisions, tags: Set[int]) -> None:
    """Walk the written file and hold it against the rules once more.

    Raises
    ------
    ItemError
        DCM-046 when it is not well formed, holds bytes behind its data set, lacks an element that was written, or holds
        one, or a content item, that the rules remove.
    """
    reason, held, private = "", False, table_of(decisions.policy)
    passed = _passed(decisions)
    try:
        # The items of a content tree are looked at whole.
        structure, nodes = parse(data) if CONTENT in tags else parse(data, passed.repeats, passed.headers)
        inner: set[tuple[int, str | None]] = set()
        for node in nodes:
            if node.items and node.tag not in MARKERS:
                _collect(node.items, inner)
        outer = {pair for pair in map(_tag_and_vr, nodes) if pair[0] not in MARKERS}
        for nested, pairs in ((False, outer), (True, inner)):
            new = pairs - passed.pairs[nested]
            if private is not None:
                odd = {(tag, vr) for tag, vr in new if (tag >> 16) & 1}
                held = held or bool(odd)
                new -= odd
            if any(decisions.of(tag, vr, nested).act is Act.REMOVE for tag, vr in new):
                reason = "an attribute that must go is there"
            else:
                passed.take(new, decisions, nested)
        if private is not None and held and leftovers(nodes, private):
            reason = "a private attribute that must go is there"
        if structure.trailing or structure.padding:
            reason = "bytes follow the data set"
        if structure.top_tags != tags:
            reason = "the elements are not those that were written"
        if CONTENT in structure.top_tags and _items_to_go(nodes, decisions.policy, little=structure.little):
            reason = "a content item that must go is there"
    except ItemError:
        reason = "it is not well formed"
    if reason:
        raise ItemError("DCM-046", reason=reason)


class _Passed:
    """What was decided to stay before, so that it is not asked for again."""

    def __init__(self) -> None:
        #: Tags with VRs, of the data set's own level and of those below.
        self.pairs: tuple[set[tuple[int, str | None]], set[tuple[int, str | None]]] = (set(), set())
        #: Headers of what stays wherever it stands: the walk need not hand it on.
        self.headers: set[bytes] = set()
        #: Sequences met before, without those.
        self.repeats = Repeats()

    def take(self, pairs: set[tuple[int, str | None]], decisions: Decisions, nested: bool) -> None:
        """Remember what stays."""
        if len(self.pairs[nested]) >= _MOST_PASSED:
            return
        self.pairs[nested].update(pairs)
        for tag, vr in pairs:
            if vr is not None and not (tag >> 16) & 1 and decisions.of(tag, vr, not nested).act is not Act.REMOVE:
                self.headers.add(header(tag, vr))


@lru_cache(maxsize=8)
def _passed(decisions: Decisions) -> _Passed:  # noqa: ARG001
    return _Passed()


def _collect(items: list[list[Node]], pairs: set[tuple[int, str | None]]) -> None:
    """Add tag and VR of every element at every depth of a sequence."""
    if isinstance(items, Repeated):
        found = items.answers.get(_collect)
        if found is None:
            found = set()
            _collect(list(items), found)
            items.keep(_collect, found)
        pairs |= found
        return
    for item in items:
        pairs.update(map(_tag_and_vr, item))
        for node in item:
            if node.items:
                _collect(node.items, pairs)


def _items_to_go(nodes: list[Node], policy: Policy, *, little: bool) -> bool:
    """Say whether a written object's content tree still holds an item that goes, or points at one that is not there."""
    items = next((node.items for node in nodes if node.tag == CONTENT), None)
    return bool(plan_of(items or [], policy, lambda node, _: bytes(node.value), little=little).gone)
