"""Names of users and machines, and what only looks so. Persons and numbers are made up."""

import pytest

from curator.detect.text import detectors, find_all

OURS = detectors(weighed=False)


def left(text):
    covered = {at for f in find_all(text, OURS) for at in range(f.start, f.end)}
    return "".join("_" if at in covered else sign for at, sign in enumerate(text))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("@AUTHOR: adudzicz", ["adudzicz"]),
        ("author=art1722 svc=HEMONC", ["art1722"]),
        ("autosigned art1722, workstation BMT-WS-0417", ["art1722", "BMT-WS-0417"]),
        ("Signed by jhobbs3 on the ward PC", ["jhobbs3"]),
        ("last edited by rwk0331 from NSG-PC-114", ["rwk0331", "NSG-PC-114"]),
        ("user kprendergast2 opened the chart", ["kprendergast2"]),
        ("login: mfadden.t", ["mfadden.t"]),
        ("logged in as tmcbride at station ICU-WS-22", ["tmcbride", "ICU-WS-22"]),
        ("UserID ABX4471", ["ABX4471"]),
        ("USER=dkowal HOST=PACS-RD-07", ["dkowal", "PACS-RD-07"]),
        ("entered_by: hsingh9", ["hsingh9"]),
        ("E-signed: lmoreau (resident)", ["lmoreau"]),
        ("verified_by=ptran4|status=final", ["ptran4"]),
        ("dictated by okafor_n, transcribed by slp22", ["okafor_n", "slp22"]),
        ("Dict: mrv / Trans: jk14", ["mrv", "jk14"]),
        ("Note created by CNA7731 and cosigned by MD2290", ["CNA7731", "MD2290"]),
        ("Scanned by: hlw77", ["hlw77"]),
        ("last modified bx2291 0413h", ["bx2291"]),
        ("printed by rtownsend on PRT-4W-02", ["rtownsend", "PRT-4W-02"]),
        ("op: tkeller1  ws: CT3-CONSOLE-2", ["tkeller1", "CT3-CONSOLE-2"]),
        ("Acknowledged rnj0448", ["rnj0448"]),
        ("terminal OR-TERM-09", ["OR-TERM-09"]),
        ("hostname ehr-vdi-0233", ["ehr-vdi-0233"]),
        ("PC name LAP-77120", ["LAP-77120"]),
        ("Computer: WKS0091284", ["WKS0091284"]),
        ("from device DESKTOP-4F7QK2L", ["DESKTOP-4F7QK2L"]),
        ("logged by hwebb4", ["hwebb4"]),
        ("opened by user tmacrae", ["tmacrae"]),
        ("auth: DRT44", ["DRT44"]),
        ("accessed from WARD7-PC03", ["WARD7-PC03"]),
        ("CPOE by gmorris2", ["gmorris2"]),
        ("scribe: tlee09", ["tlee09"]),
        ("pw reset for jmiller77", ["jmiller77"]),
    ],
)
def test_a_user_or_a_machine_is_found_whole(text, wanted):
    seen = left(text)
    for value in wanted:
        at = text.rindex(value)
        assert not any(sign.isalnum() for sign in seen[at : at + len(value)])


@pytest.mark.parametrize(
    "text",
    [
        "author=system|svc=lab",
        "user acknowledged the alarm",
        "signed by the patient",
        "author: resident physician on call",
        "entered by nursing",
        "workstation was wiped down",
        "Signed by proxy",
        "login screen froze",
        "Signed by patient. Entered by nurse. Author: resident. Verified by phone.",
        "author: unknown; dictated but not read; transcribed by machine",
        "ordered by cardiology; reviewed by pharmacy; performed by tech",
        "documented day2, recorded room4, type2 diabetes reviewed",
        "created by default; opened by family; closed by sutures; collected by midstream",
        "entered: male; updated: daily; ordered: lasix; saved: none; locked: yes",
        "released: pending; printed: yes; resulted: abnormal; scanned: bladder",
        "operator: resident. trans: none. dict: n/a.",
        "workstation on wheels, printer jam, terminal ileum, station 4, server down",
    ],
)
def test_what_is_no_user_or_a_machine_stays(text):
    assert left(text) == text


@pytest.mark.parametrize(
    ("text", "user"),
    [
        ('10.3.4.5 - eabernathy [05/Mar/2021:10:00:00 +0000] "GET /x HTTP/1.1" 200 512', "eabernathy"),
        (",vumblethorp,HOSP-PC12,05.03.2021 10:00,file:///home/vumblethorp/.config/office/4;", "vumblethorp"),
        ("cd /home/rlombardi/cases", "rlombardi"),
        ("saved in C:\\Users\\m.okonkwo\\Desktop", "m.okonkwo"),
        ("dn: uid=fdrummond,ou=people,dc=hospital", "fdrummond"),
    ],
)
def test_users_are_found_where_a_login_stands(text, user):
    kept = list(text)
    for finding in find_all(text, detectors(weighed=False)):
        kept[finding.start : finding.end] = "#" * (finding.end - finding.start)
    assert user not in "".join(kept)


@pytest.mark.parametrize(
    "text",
    [
        "ls /home/shared/tools",
        "in /Users/Public/x",
        'a - - [05 results] "ok"',
        "uid=501, gid=20",
        "he went home/ to rest",
    ],
)
def test_places_of_nobodys_login_stay(text):
    assert not any(one.kind == "user" for one in find_all(text, detectors(weighed=False)))
