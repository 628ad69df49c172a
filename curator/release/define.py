"""Describing case-level data sets as Define-XML 2.1 (CDISC, 15 May 2019), for data that are no SDTM or ADaM.

Facts of the standard that are kept: the ODM 1.3.2 frame, ``def:DefineVersion`` 2.1.0, an ItemGroupDef a data set marked
``def:IsNonStandard`` and so without a class, an ItemDef a variable with its type, length, origin and code list, a
``def:leaf`` a file. The context is ``Other``, since ``Submission`` is for data sets of a CDISC standard, which has to
be named in ``def:Standards``. Holds no value of a case but the terms of its code lists.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from curator.release.xport import Column

_ODM = "http://www.cdisc.org/ns/odm/v1.3"
_DEF = "http://www.cdisc.org/ns/def/v2.1"
_LINK = "http://www.w3.org/1999/xlink"


@dataclass(frozen=True)
class Variable:
    """A variable as define.xml describes it.

    Parameters
    ----------
    column
        As the transport file holds it.
    origin
        Of Define-XML 2.1: ``Collected``, ``Derived``, ``Assigned`` or ``Not Available``.
    says
        Where the value comes from, in a sentence.
    terms
        Every value that may occur with its meaning; empty for free values.
    key
        Place in the data set's key from 1, or 0.
    whole
        True for a number without a fraction.
    """

    column: Column
    origin: str
    says: str
    terms: tuple[tuple[str, str], ...] = ()
    key: int = 0
    whole: bool = False

    @property
    def data_type(self) -> str:
        """Its DataType."""
        if self.column.kind == "char":
            return "text"
        return "integer" if self.whole else "float"


@dataclass(frozen=True)
class DataSet:
    """A data set: name, label, what a row is, file name, variables, and whether a case may have several rows."""

    name: str
    label: str
    structure: str
    file: str
    variables: tuple[Variable, ...]
    repeating: bool

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns of the transport file."""
        return tuple(one.column for one in self.variables)


def _text(text: str) -> str:
    return f'<Description><TranslatedText xml:lang="en">{escape(text)}</TranslatedText></Description>'


def _group(one: DataSet) -> list[str]:
    name = one.name
    made = [
        (
            f'    <ItemGroupDef OID="IG.{name}" Name="{name}" Repeating="{"Yes" if one.repeating else "No"}"'
            f' IsReferenceData="No" SASDatasetName="{name}" def:Structure={quoteattr(one.structure)}'
            f' Purpose="Analysis" def:IsNonStandard="Yes" def:ArchiveLocationID="LF.{name}">'
        ),
        f"      {_text(one.label)}",
    ]
    for place, variable in enumerate(one.variables, 1):
        key = f' KeySequence="{variable.key}"' if variable.key else ""
        must = "Yes" if variable.key else "No"
        item = f"IT.{name}.{variable.column.name}"
        made.append(f'      <ItemRef ItemOID="{item}" OrderNumber="{place}" Mandatory="{must}"{key}/>')
    made.append(f'      <def:leaf ID="LF.{name}" xlink:href={quoteattr(one.file)}>')
    made += [f"        <def:title>{escape(one.file)}</def:title>", "      </def:leaf>", "    </ItemGroupDef>"]
    return made


def _item(data_set: DataSet, one: Variable) -> list[str]:
    item = f"{data_set.name}.{one.column.name}"
    digits = ' SignificantDigits="2"' if one.data_type == "float" else ""
    made = [
        (
            f'    <ItemDef OID="IT.{item}" Name="{one.column.name}" DataType="{one.data_type}"'
            f' Length="{one.column.width}"{digits} SASFieldName="{one.column.name}">'
        ),
        f"      {_text(one.column.label)}",
    ]
    if one.terms:
        made.append(f'      <CodeListRef CodeListOID="CL.{item}"/>')
    source = ' Source="Sponsor"' if one.origin != "Not Available" else ""
    made.append(f'      <def:Origin Type="{one.origin}"{source}>{_text(one.says)}</def:Origin>')
    made.append("    </ItemDef>")
    return made


def _codes(data_set: DataSet, one: Variable) -> list[str]:
    item = f"{data_set.name}.{one.column.name}"
    made = [
        f'    <CodeList OID="CL.{item}" Name={quoteattr(one.column.label)} DataType="text" def:IsNonStandard="Yes">'
    ]
    for term, meaning in one.terms:
        said = f'<Decode><TranslatedText xml:lang="en">{escape(meaning)}</TranslatedText></Decode>'
        made.append(f"      <CodeListItem CodedValue={quoteattr(term)}>{said}</CodeListItem>")
    made.append("    </CodeList>")
    return made


def define_xml(dataset: str, version: str, date: str, program: str, data_sets: Sequence[DataSet]) -> bytes:
    """Return the define.xml of a release's data sets.

    Parameters
    ----------
    dataset, version
        Of the release.
    date
        ``YYYY-MM-DD``; stands as the time of creation, at midnight UTC.
    program
        Name and version of the program.
    data_sets
        What it describes.
    """
    about = f"{dataset} {version}"
    made = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        (
            f'<ODM xmlns="{_ODM}" xmlns:def="{_DEF}" xmlns:xlink="{_LINK}" FileType="Snapshot"'
            f' FileOID={quoteattr(f"DEFINE.{dataset}.{version}")} ODMVersion="1.3.2"'
            f' CreationDateTime="{date}T00:00:00Z" SourceSystem={quoteattr(program)} def:Context="Other">'
        ),
        f"  <Study OID={quoteattr(f'ST.{dataset}')}>",
        "    <GlobalVariables>",
        f"      <StudyName>{escape(dataset)}</StudyName>",
        f"      <StudyDescription>Case-level data of release {escape(about)}</StudyDescription>",
        f"      <ProtocolName>{escape(dataset)}</ProtocolName>",
        "    </GlobalVariables>",
        (
            f"    <MetaDataVersion OID={quoteattr(f'MDV.{version}')} Name={quoteattr(about)}"
            ' Description="Case-level data of a dataset release; no SDTM or ADaM" def:DefineVersion="2.1.0">'
        ),
    ]
    for one in data_sets:
        made += _group(one)
    for one in data_sets:
        for variable in one.variables:
            made += _item(one, variable)
    for one in data_sets:
        for variable in one.variables:
            made += _codes(one, variable) if variable.terms else []
    made += ["    </MetaDataVersion>", "  </Study>", "</ODM>"]
    return ("\n".join(made) + "\n").encode("utf-8")
