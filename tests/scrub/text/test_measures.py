"""Files of nothing but measures stay as they are; one number that may be somebody's, and they do not."""

import io

import pytest
from text_support import People, rewrite, treatment

from curator.scrub.medium import Person
from curator.scrub.route import route
from curator.scrub.text import measures, medium

STAYS = {
    "bval": "0 1000 1000 2000 1000 3000 1000\n",
    "multi-shell bval": "5 1005 2995 1990 995 5 3000\n" * 3,
    "bvec": "0 0.7071067 -0.123456789 0.57735027\n0 -0.70710678 0.99999999 0.57735\n0 0 1.0e-05 -0.57735027\n",
    "affine": "1 0 0 -90\n0 1 0 -126.5\n0 0 1 -72.25\n0 0 0 1\n",
    "fsl mat": "0.9999  0.0012  -0.0034  1.2345  \n-0.0012  0.9998  0.0021  -2.3456  \n"
    "0.0034  -0.0021  0.9999  3.4567  \n0  0  0  1  \n",
    "long b-values": "0 17800 12000 5 9990\n",
    "not a number": "NAN 1.5 inf\nn/a 1.5 -Inf\n",
    "motion": "\r\n".join("  1.2345678e-02 -3.4567890e-03  9.8765432e-01  1.1e-04  -2.2E-05  0" for _ in range(9)),
    "series in tabs": "\n".join(f"{n / 10:.4f}\t{n * 3.25}\tnan\tn/a" for n in range(200)),
    "commas": "0.12345,1.23456,2.34567\n3.45678,4.56789,5.67891\n",
}
GOES = {
    "an integer of seven figures": "1 2 3\n4 5 1735510\n",
    "a long number with a fraction": "1 2 3\n4 5 1735510.5\n",
    "a zero in front": "1 2 3\n0017355 4 5\n",
    "a day": "1 2 3\n1943 2 17\n",
    "a day, month first": "2 17 1943\n",
    "a record's number": "48213 1000 12 3000\n",
    "a record's number as a fraction": "48213.0 1000 12 3000\n",
    "a number with a power": "7.015550142E9 1 2\n4.8213e4 1 2\n",
    "a day in fractions": "1 2 3\n1943.0 2.0 17.0\n",
    "a track with heights": "46.8772 -96.7898 275.3\n46.8773 -96.7899 275.4\n",
    "a track with times": "1.5 46.8772 -96.7898\n2.5 46.8773 -96.7899\n3.5 46.9001 -96.8001\n",
    "a place near zero": "51.5074 -0.1278\n51.5075 -0.1279\n",
    "a place with powers": "4.68772e+01 -9.67898e+01\n4.68773e+01 -9.67899e+01\n",
    "telephones in a long row": "1 701 555 1234 2 701 555 1236 3 701 555 1237\n",
    "a social security number in a long row": "1 412 34 5691 2 412 34 5692 9\n",
    "a place": "46.8772 -96.7898\n46.8773 -96.7899\n",
    "a place, longitude first": "-96.7898 46.8772\n",
    "a telephone": "701 555 1234\n",
    "a social security number": "412 34 5690\n",
    "a card": "4111 1111 1111 1111\n",
    "a word": "1 2 3\n4 5 cough\n",
    "one number a line": "1000\n2000\n",
    "a time": "12:30 1\n",
}


@pytest.mark.parametrize("name", STAYS)
def test_measures_stay_to_the_last_figure(name):
    text, made = rewrite(STAYS[name])
    assert text == STAYS[name]
    assert made.actions == ()


@pytest.mark.parametrize("name", GOES)
def test_what_may_be_somebodys_goes_the_way_of_every_text(name):
    assert not measures.stays(io.BytesIO(GOES[name].encode()), None, treatment("safe-harbor"))


def test_a_number_that_is_known_of_anybody_keeps_no_file_as_it_is():
    text = b"0 1000 1000 2000\n4821 1000 12 3000\n"
    known = Person("P1", 5, over_89=False, key=bytes(32), known=(("id", "4821"),))
    assert measures.stays(io.BytesIO(text), Person("P1", 5, over_89=False, key=bytes(32)), treatment("safe-harbor"))
    assert not measures.stays(io.BytesIO(text), known, treatment("safe-harbor"))
    out = io.BytesIO()
    medium.rewrite(io.BytesIO(text), out, People(known.known), treatment("safe-harbor"))
    assert b"4821" not in out.getvalue()


def test_a_table_without_words_is_rows_of_measures_and_no_table():
    def kind(text, name):
        data = text.encode()
        return route(data[:8192], len(data), name, io.BytesIO(data))

    assert kind(STAYS["series in tabs"], b"physio.tsv") == "text"
    assert kind(STAYS["bvec"], b"s.bvec") == "text"
    assert kind("12345,2\n23456,3\n", b"ids.csv") == "csv"
    assert kind("1234,73.5\n1235,81.5\n1236,81.5\n", b"ids.csv") == "csv"
    assert kind("101,73\n102,81\n103,81\n", b"ids.tsv") == "csv"
    assert kind("onset\tduration\n0.0\t1.5\n", b"events.tsv") == "csv"


def test_many_rows_are_read_in_pieces_and_a_row_across_two_is_whole():
    cells = [f"{n}.{n:04d}" for n in range(3, 300)]
    text = ("  ".join(cells) + "\n" + "  ".join(reversed(cells)) + "\n") * 500
    assert measures.holds_measures(io.BytesIO(text.encode()))
    assert not measures.holds_measures(io.BytesIO((text + "1 1735510\n").encode()))
    stream = io.BytesIO(b"1 2\n")
    assert measures.holds_measures(stream)
    assert stream.tell() == 0
