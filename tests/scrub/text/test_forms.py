"""The form of a text is told by how it begins."""

import pytest

from curator.scrub.text.forms import form_of


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("", "text"),
        ("\ufeff", "text"),
        ("Patient seen today.\n", "text"),
        ("[12/03/2021] note follows\n", "text"),
        ("[1] Smith et al.\n", "text"),
        ("{unclear} he said\n", "text"),
        ("a < b and <5 mg\n", "text"),
        ("Plan: 1. rest\n2. **never** alone\n", "text"),
        ("# Title\n\nBody\n", "markdown"),
        ("---\ntitle: x\n---\n\nBody\n", "markdown"),
        ("Text with [a](b) and **bold** words\n", "markdown"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\nhi\n", "vtt"),
        ("\ufeffWEBVTT - title\n", "vtt"),
        ("1\r\n00:00:01,000 --> 00:00:02,000\r\nHi\r\n", "srt"),
        ("{\\rtf1\\ansi x}", "rtf"),
        ("<!-- x --><!DOCTYPE html><p>x", "html"),
        ("<div class='x'>note</div>", "html"),
        ("<?xml version='1.0'?><html xmlns='x'>", "html"),
        ("<?xml version='1.0'?><note/>", "xml"),
        ("<annotations><image/></annotations>", "xml"),
        ('{"text": "a"}\n{"text": "b"}\n', "jsonl"),
        ('{"text": "a"}', "json"),
        ('{\n  "text": "a"\n}', "json"),
        ('[["text", {"entities": []}]]', "json"),
        ('["text", {"entities": []}]\n["text", {"entities": []}]\n', "jsonl"),
        ('{"text": "' + "x" * 70_000, "jsonl"),
        ('{"text": "broken', "json"),
        ("T1\tDrug 3 9\taspirin\n", "brat"),
        ("#FORMAT=WebAnno TSV 3.3\n\n1-1\t0-3\tabc\t_\n", "brat"),
        ("# text = a b\n" + "\n".join("\t".join([str(n), *["x"] * 9]) for n in (1, 2)) + "\n", "conllu"),
        ("a\tO\nb\tB-X\nc\tI-X\n", "conll"),
        ("-DOCSTART- O\n\na O\nb B-X\nc I-X\n", "conll"),
    ],
)
def test_a_text_is_told_by_its_beginning(text, form):
    assert form_of(text) == form
