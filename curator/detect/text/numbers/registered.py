# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""What a public register numbers and so tells of nobody: variants, places in the genome, ontologies, grants, bills."""

from __future__ import annotations

import re

#: Numbers that say by their own form which register they are of: rs1800562, chr7:117559590, GO:0008150, HP:0001250,
#: ENSG00000139618, GRCh38; forms of bills and of visits: HCFA-1500, UB-04, OASIS-E1.
_OWN = re.compile(
    r"rs\d{3,12}|chr(?:\d{1,2}|[XYM]):[\d,]{3,14}(?:[-–_][\d,]{3,14})?|(?:GO|HP):0\d{6}|(?:MONDO|ORPHA|ORPHANET|DOID|CHEBI|HGNC|OMIM|MIM|UBERON|NCIT):\d{2,8}"
    r"|ENS[GTPE]\d{11}(?:\.\d{1,2})?|(?:GRCh|hg)\d{2}|VCV\d{9}(?:\.\d{1,2})?|RCV\d{9}|SCV\d{9}|COS[MVG]\d{3,9}|(?:HCFA|CMS)-(?:\d{3,5}[A-Z]?|855[A-Z])|UB-?(?:04|92)|OASIS-[A-E]\d?",
)
#: Registers that stand before a bare number: OMIM 219700, ORPHA 586, EC 3.4.21.4.
_BEFORE = re.compile(
    r"(?:^|(?<=[\s(\[,;]))(?:OMIM|MIM|ORPHA(?:NET)?|HGNC|UniProt|PubChem|CAS|PMID|PMCID|dbSNP|ClinVar|RRID)[ ]?[#:]?[ ]?$"
)
#: A number of an enzyme, with its label: EC is who is called in an emergency as well.
_ENZYME = re.compile(r"(?<![^\W_])(?:EC|E\.C\.)[ ]?[#:]?[ ]?$")
_FOUR = re.compile(r"[1-7]\.\d{1,2}\.\d{1,2}\.\d{1,3}")
#: A grant of the National Institutes of Health: its kind, its institute and its number: R01 HL123456, K23DK104721-03.
_KIND = r"(?:R(?:0[013]|2[15]|3[3457]|61)|K(?:0[12578]|1[28]|2[2345]|43|99)|U(?:0[1]|1[0-9]|24|54|M1|L1)|P(?:01|20|30|41|50)|T(?:32|35)|F(?:3[0123])|DP[1-5]|UL1|KL2|TL1|UG3|UH3|ZIA)"
_INSTITUTE = r"(?:AA|AG|AI|AR|AT|CA|DA|DC|DE|DK|EB|ES|EY|GM|HD|HG|HL|HS|LM|MD|MH|NR|NS|OD|RR|TR|TW)[- ]?\d{5,6}"
_GRANT = re.compile(rf"(?:{_KIND}[- ]?)?{_INSTITUTE}(?:-\d{{2}}(?:[AS]\d)?)?")
_GRANT_BACK = re.compile(rf"(?:\b[1-9]?{_KIND}[- ]?|\b(?:[Gg]rants?|NIH|funded by)[ ](?:no\.? |number |#)?)$")


def registered(text: str, start: int, end: int) -> bool:
    """Say whether a number is one of a public register.

    Parameters
    ----------
    text, start, end
        The text, and where the number with its letters stands.
    """
    if _OWN.fullmatch(text, start, end):
        return True
    if _BEFORE.search(text, max(0, start - 12), start) and text[end - 1].isdecimal():
        return True
    if _FOUR.fullmatch(text, start, end) and _ENZYME.search(text, max(0, start - 8), start):
        return True
    grant = _GRANT.fullmatch(text, start, end)
    return grant is not None and (
        text[start : start + 2] not in _INSTITUTES or _GRANT_BACK.search(text, max(0, start - 24), start) is not None
    )


#: With what a grant's number begins when its kind stands apart.
_INSTITUTES = frozenset(re.findall("[A-Z]{2}", _INSTITUTE[: _INSTITUTE.index(")")]))
