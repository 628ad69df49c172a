"""Addresses in the forms of other countries. All made up; braces hold what must go."""

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
        "{2/F Mabini Bldg., 88 Rizal Ave.}, Brgy. {San Roque}, {Marikina}, Philippines",
        "resident in {via dei Mille 14/B, int. 3}, {37121} {Verona},",
        "Address: {Rose Cottage, Mill Lane}\n{Oxton}\n{NG25 0SS}",
        "Mr John Byrne\n{Carraig Mhor, Ballyhaunis Road}\n{Claremorris}, Co. {Mayo}",
        "Unit {12B Aurora Tower}, {Cubao}, {Quezon City}",
        "{H.No. 12-5-149/4/1, Vijayapuri Colony}, {Tarnaka}, {Hyderabad} - {500017}",
        "{Flat 302, Sai Krupa Apts}, {Kothrud}, {Pune} {411038}",
        "{D-14/2 Model Town}, {Delhi} {110009}",
        "{3-14-5 Nishi-Shinjuku}, {Shinjuku-ku}, {Tokyo} {160-0023}",
        "{〒150-0002} {Shibuya 2-21-1}",
        "{Hauptstraße 12a}, {04229} {Leipzig}",
        "wohnhaft {Am Sonnenhang 3}, {97082} {Würzburg}",
        "{Lindenallee 7}, {D-50968} {Köln}",
        "{Oudegracht 118-bis}, {3511 AV} {Utrecht}",
        "woont {Prinsengracht 263-3}, {1016 GV} {Amsterdam}",
        "{Sveavägen 21 lgh 1203}, {113 60} {Stockholm}",
        "bor på {Storgatan 5B}, {972 32} {Luleå}",
        "{ul. Marszałkowska 84/92 m. 15}, {00-514} {Warszawa}",
        "zam. {os. Piastów 12/8}, {31-623} {Kraków}",
        "{Rua das Acácias, 245, apto 302}, {Jardim América}, {Goiânia} - GO, {74255-120}",
        "{Av. Paulista 1578, cj. 41}, {Bela Vista}, {São Paulo} {01310-200}",
        "{SQN 308 Bloco C ap 204}, {Brasília}",
        "{Calle Reforma #123 Int. 4}, Col. {Centro}, {Puebla}, CP {72000}",
        "{Av. Insurgentes Sur 1602, piso 3}, Col. {Crédito Constructor}, {03940} {Ciudad de México}",
        "{Carrera 7 No. 71-52 Torre B}, {Bogotá}",
        "{P.O. Box 30270 - 00100}, {Nairobi}",
        "{House 14, Kileleshwa Drive}, {Nairobi}",
        "{Plot 22, Block B, Owerri Road}, {Enugu}",
        "{15 Adeola Odeku Street}, {Victoria Island}, {Lagos}",
        "{No. 7 Allen Avenue}, {Ikeja}",
        "{12 Loop Street, Flat 4}, {Cape Town} {8001}",
        "{Jl. Kebon Sirih No. 48 RT 03/RW 05}, {Jakarta Pusat} {10110}",
        "{Blk 123 Ang Mo Kio Ave 3 #08-45}, {Singapore 560123}",
        "{Flat B, 12/F, Tower 3, Metro Harbour View}, {Tai Kok Tsui}, Hong Kong",
        "{No. 23, Jalan SS2/61}, {47300} {Petaling Jaya}, Selangor",
        "{88/12 Moo 5, Soi Sukhumvit 71}, {Bangkok} {10110}",
        "{12 rue de la Paix, bât. C, 3e étage}, {75002} {Paris}",
        "{8 bis, allée des Tilleuls}, {69006} {Lyon}",
        "{Piazza Garibaldi 4, scala B}, {80142} {Napoli}",
        "{Viale Europa 22}, {00144} {Roma} RM",
        "domiciled at {Corso Italia 5/A}, {20122} {Milano}",
        "{C/ Mayor, 14, 3º izq.}, {28013} {Madrid}",
        "{Avda. de la Constitución 9, 2ºB}, {41001} {Sevilla}",
        "{Bahnhofstrasse 21}, {CH-8001} {Zürich}",
        "{Karl Johans gate 12}, {0154} {Oslo}",
        "{Rruga e Durrësit 55}, {Tirana}",
        "{Unit 4/118 Jacaranda Pde}, {Toowoomba} QLD {4350}",
        "{RR 2 Stn Main}, {Lac La Biche} AB {T0A 2C0}",
        "her postcode is {BT9 6AE}; eircode {D04 V2N9}",
        "living at 625 MG Road, {8541-694} {Sevilla}, let my son",
        "resident in via Roma 3, {69118} {Göteborg},\nhaving been",
        "resident in via Roma 3, {423 75} {San Luis Potosí},\nhaving been",
        "resident in via Roma 3, {056 08} {Valparaíso}, who",
    ],
)
def test_an_address_goes_with_all_its_parts(line):
    text, spans = parted(line)
    covered = {at for f in find_all(text, OURS) for at in range(f.start, f.end)}
    assert spans
    for start, end in spans:
        assert all(at in covered for at in range(start, end) if text[at].isalnum()), text[start:end]
