"""Codes and calls that a sentence tells. All made up; braces hold what must go."""

import pytest

from curator.detect.text import detectors, find_all

OURS = detectors(weighed=False)


def parted(line):
    """Return a line without its braces, and where what they hold stands."""
    text, spans, start = "", [], 0
    for mark in line:
        if mark == "{":
            start = len(text)
        elif mark == "}":
            spans.append((start, len(text)))
        else:
            text += mark
    return text, spans


@pytest.mark.parametrize(
    "line",
    [
        "You may pay it quoting {SNC/40718}, or ring",
        "please quote {HX-22/1881} in all correspondence",
        "when you call, quote {77-A12-3}",
        "under reference {BK/2201/18}",
        "consultant no. {96474-14} at the Bon Secours",
        "GMC no {6123456}; Medical Council no. {412233}",
        "registration no. {PH-22-118}",
        "Doc. ID: C.I. n. {CA48217FD}",
        "Documento: {AX1234567}; C.I. {CA00000AA}",
        "carta d'identità n. {AY 1234567}",
        "ID card nr. {CCN123456}",
        "Personalausweis Nr. {L01X00T47}",
        "passport no {X1234567}; passport: {P1234567}",
        "Medicare number {3753 28349 1 / 2} born",
        "Medicare: {4272 41776 1/3}",
        "Visitor: {3753 28349 1 / 2} born 12/3/2020",
        "{2428 77813 2-1} exp",
        "at the house that's {764 1357} we're",
        "you can reach me on {555 0182} after five",
        "my number is {764 1357}",
        "call back at {764-1357}",
        "house phone {555.0123}",
        "the landline is {764 1357}",
        "her cell's {293 4471}",
        "give us a ring on {382 1190}",
        "seen on {11-22} by",
        "since {10-4} he's been",
        "surgery was {9-30}",
        "Done at Hangzhou, the {le 26 juin 2019}",
        "signed {le 3 mars 2020}; born {le 1er mai 1962}",
        "am {3. März 2021}; den {12. april 2019}",
        "il {4 giugno 2020}; el {5 de mayo de 2019}; em {7 de abril de 2018}",
        "op {9 maart 2021}; dnia {5 maja 2020}",
        "policy {PA-2015-74068}; pre-auth {PA-2015-74068}",
        "order {112-8841730-2296}",
        "our ref {SNC/40718} your ref {AB/12}",
        "claim no: {CLM 20 11 447}",
        "confirmation {QX7R2L}",
        "Ticket {INC0048213}; case {CS-2291847}",
        "serial {291-56628A}.",
        "SN on the bottom is {E4Z858368}",
        "call the office, quoting your policy {88-1147-20}",
        "citing file {KR/2019/0044}",
        "mention {SR-110024} when you call",
        "IBAN {GB90NWBK19997025964437} quoting {SNC/40718}",
        "C.F. {RSSMRA80A01H501U}",
        "tessera sanitaria {80380001200417736251}",
    ],
)
def test_a_quoted_code_goes(line):
    text, spans = parted(line)
    covered = {at for f in find_all(text, OURS) for at in range(f.start, f.end)}
    assert spans
    for start, end in spans:
        assert all(at in covered for at in range(start, end) if text[at].isalnum()), text[start:end]
