# ruff: noqa: E501 - a line of a note is not cut
"""Values of elements, attributes, keys and parameters. All made up; braces hold what must go."""

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
        "<patient><name><given>{Ei}</given><family>{Oo}</family></name></patient>",
        "<City>{Rapid City}</City><State>SD</State><Zip>{57701}</Zip>",
        "<ns2:FamilyName>{Wood}</ns2:FamilyName><ns2:GivenName>{Summer}</ns2:GivenName>",
        "<hl7:given>{April}</hl7:given> <hl7:family>{May}</hl7:family>",
        '<family value="{Winter}"/><given value="{Rune}"/><birthDate value="{1958-03-02}"/><city value="{Normal}"/>',
        '<id root="2.16.840.1.113883.19.5" extension="{671.802}"/>',
        '<id extension="{44-12}" root="1.2.3.4"/>',
        "<assignedPerson>{Rune Johansson}</assignedPerson><representedOrganization>{Normal General}</representedOrganization>",
        '<SPAN id="appt">{10-16-2022}</SPAN>',
        '<td class="patient-name">{Summer Field}</td><td class="dob">{03-04-1971}</td>',
        "<PatientName>{FIELD^SUMMER}</PatientName>",
        "<LastName>{Sun}</LastName><FirstName>{Ng}</FirstName><MiddleInitial>{Q}</MiddleInitial>",
        "<ClientLastName>{Root}</ClientLastName>",
        "<employer>{Tasty Bakes}</employer><SchoolName>{Little Acorns}</SchoolName>",
        "<ort>{Lauf}</ort><plz>{91207}</plz><strasse>{Am Bach 3}</strasse><nachname>{Winter}</nachname><vorname>{Ernst}</vorname>",
        "<ville>{Tours}</ville><codePostal>{37000}</codePostal><nom>{Petit}</nom><prenom>{Prudence}</prenom>",
        "<ciudad>{Mercedes}</ciudad><apellido>{Cruz}</apellido><nombre>{Paz}</nombre>",
        "<achternaam>{Bakker}</achternaam><voornaam>{Sien}</voornaam><woonplaats>{Best}</woonplaats>",
        "<cognome>{Rosso}</cognome><nome>{Bianca}</nome><comune>{Bra}</comune>",
        "<sobrenome>{Santos}</sobrenome><cidade>{Santos}</cidade>",
        "<efternamn>{Ek}</efternamn><fornamn>{Love}</fornamn><postort>{Hjo}</postort>",
        "<nazwisko>{Zima}</nazwisko><imie>{Wit}</imie><miejscowosc>{Hel}</miejscowosc>",
        "<maidenName>{Park}</maidenName><ssn>{123-45-6789}</ssn><mrn>{A12}</mrn>",
        "<attending>{B. Stone}</attending><referringPhysician>{Stone}</referringPhysician>",
        "<streetAddressLine>{The Old Mill}</streetAddressLine><city>{Reading}</city><postalCode>{RG1 1AA}</postalCode>",
        "<addressLine1>{2/F Rizal Bldg}</addressLine1>",
        "<hospital>{Larkrise}</hospital><facility>{Mercy}</facility>",
        '"lastName": "{Wood}", "firstName": "{Summer}", "city": "{Normal}"',
        '"patient_first_name":"{Will}","patient_last_name":"{Power}","mrn":"{88172}"',
        '"family": "{Wood}", "given": ["{Summer}", "{Rose}"], "line": ["{The Old Mill}"], "city":"{Reading}"',
        "'surname': '{Oo}', 'forename': '{Ei}', 'town': '{Battle}'",
        "surname={Oo} forename={Ei} town={Battle} dob={1958-03-02}",
        '2024-03-01T10:22:01Z INFO login user={kwood} patient="{Summer Wood}" mrn={88172-1} ip={10.1.2.3}',
        'level=warn msg="lookup failed" last_name={Wood} first_name={Summer} zip={61761} provider="{Stone}"',
        "GET /search?last={Wood}&first={Summer}&dob={1958-03-02}&city={Normal}",
        "GET /chart?name={Summer+Wood}&mrn={881721}",
        "https_query: fname={Ernst}&lname={Winter}&city={Rapid%20City}",
        "patient:\n  given_name: {Summer}\n  family_name: {Wood}\n  city: {Normal}\n  street: {The Old Mill}\n  mrn: {88172}",
        "patient:\n  name: {Summer Wood}\n  birth_date: {1958-03-02}\n  town: {Battle}\n  employer: {Tasty Bakes}",
        "PT_LAST_NM={WOOD};PT_FIRST_NM={SUMMER};PT_CITY={NORMAL}",
        "LAST_NAME|{WOOD}\nFIRST_NAME|{SUMMER}",
        "[patient.lastname] {Wood}\n[patient.firstname] {Summer}",
        "patientLastName: {Wood}, patientFirstName: {Summer}",
        "nachname={Winter} vorname={Ernst} ort={Lauf}",
        '"apellidos": "{Cruz Paz}", "nombre": "{Luz}", "municipio": "{Mercedes}"',
        '"nom": "{Petit}", "prénom": "{Prudence}", "ville": "{Tours}"',
        'attending="{Stone}" referring="{Wood, S.}" nurse="{Sun}"',
        "<dt>City</dt><dd>{Normal}</dd>",
        "<tr><th>Last name</th><td>{Sun}</td></tr>",
        "<b>Town:</b> {Battle}<br>",
        "<label>First name</label><span>{Will}</span>",
        '<input name="lastName" value="{Sun}">',
        '<div data-field="city">{Normal}</div>',
        '"key": "lastName", "value": "{Sun}"',
        '"linkId": "city", "valueString": "{Battle}"',
        "<SPAN>{10-16-2022}</SPAN> <TD>{10-16-2022}</TD>",
        "<td>{03/04/1971}</td><P>seen {04-05-2020}</P>",
        "<name>{Sun, Ei}</name>",
        "<attending>Cardiology</attending><provider>{Stone, B}.</provider>",
    ],
)
def test_the_name_of_an_element_is_a_label(line):
    text, spans = parted(line)
    covered = {at for f in find_all(text, OURS) for at in range(f.start, f.end)}
    assert spans
    for start, end in spans:
        assert all(at in covered for at in range(start, end) if text[at].isalnum()), text[start:end]
