# ruff: noqa: E501 - a made-up record stays on one line
"""Token files: tokens are cleaned as a text, labels follow the ranges they lay on. All values are made up."""

import pytest
from text_support import SPELLINGS, harvest, leaks, rewrite

from curator.core.errors import ItemError
from curator.scrub.text import tokens


def conll(*sentences, delimiter="\t"):
    return "\n\n".join("\n".join(delimiter.join(row) for row in sentence) for sentence in sentences) + "\n"


DRUG = [
    ("takes", "VBZ", "O"),
    ("warfarin", "NN", "B-Drug"),
    ("5", "CD", "B-Dose"),
    ("mg", "NN", "I-Dose"),
    (".", ".", "O"),
]


def rows(text):
    return [tuple(line.split("\t")) for line in text.splitlines() if line]


def test_nothing_planted_among_tokens_stays_and_drugs_keep_their_tags():
    sentences = []
    for one in SPELLINGS * 3:
        words = one.replace("\u00a0", " ").split(" ")
        sentences.append(
            [(word, "NNP" if number else word, "I-PER" if number else "B-PER") for number, word in enumerate(words)]
            + DRUG
        )
    assert len(sentences) >= 50
    text, made = rewrite(conll(*sentences))
    assert leaks(text) == set()
    assert text.count("warfarin\tNN\tB-Drug\n5\tCD\tB-Dose\nmg\tNN\tI-Dose\n.\t.\tO\n") == len(sentences)
    assert made.actions
    assert harvest(conll(*sentences)).suffix == ".conll"


def test_tokens_of_one_name_become_one_token_with_its_tag():
    text, _ = rewrite(conll([("Kwabenaba", "NNP", "B-PER"), ("Tettehquaye", "NNP", "I-PER"), *DRUG]))
    assert rows(text)[0] == ("[NAME]", "NNP", "B-PER")
    assert rows(text)[1:] == DRUG


def test_a_label_that_reaches_beyond_a_name_goes_on_behind_it():
    text, _ = rewrite(
        conll([("Kwabenaba", "NNP", "B-X"), ("Tettehquaye", "NNP", "I-X"), ("takes", "VBZ", "I-X"), *DRUG])
    )
    assert [row[2] for row in rows(text)[:3]] == ["B-X", "I-X", "O"]


def test_schemes_with_ends_are_written_with_ends():
    text, _ = rewrite(conll([("Kwabenaba", "NNP", "B-PER"), ("Tettehquaye", "NNP", "E-PER"), ("takes", "VBZ", "O"), ("5", "CD", "B-D"), ("mg", "NN", "I-D"), ("po", "NN", "E-D")]))  # fmt: skip
    assert [row[2] for row in rows(text)] == ["S-PER", "O", "B-D", "I-D", "E-D"]


def test_files_without_names_stay_as_they_are():
    plain = conll(DRUG, DRUG)
    text, made = rewrite(plain)
    assert text.rstrip("\n") == plain.rstrip("\n")
    assert made.actions == ()


def test_a_column_that_is_no_part_of_speech_does_not_pass():
    text, _ = rewrite(conll(*[[(word, "Kwabenaba", tag) for word, _, tag in DRUG]] * 2))
    assert leaks(text) == set()
    assert {row[1] for row in rows(text)} == {"_"}


def test_a_label_that_is_a_name_does_not_pass():
    text, _ = rewrite(conll([("takes", "O"), ("warfarin", "B-Kwabenaba"), ("5", "O"), ("mg", "O")]))
    assert leaks(text) == set()


def test_a_hash_is_a_token_and_a_comment_is_not():
    text, _ = rewrite("# by Kwabenaba Tettehquaye\n# O\ntakes O\nwarfarin B-Drug\n")
    assert text == "# O\ntakes O\nwarfarin B-Drug\n\n"


def test_documents_are_kept_apart():
    data = "-DOCSTART- -X- O\n\n" + conll(DRUG, delimiter=" ") + "\n-DOCSTART- -X- O\n\n" + conll(DRUG, delimiter=" ")
    text, _ = rewrite(data)
    assert text.count("-DOCSTART- -X- O") == 2
    documents, layout = tokens.read(text)
    assert len(documents) == 2
    assert layout.width == 3


@pytest.mark.parametrize("line", ["three\tNN\tX\tO", "alone", "word\tNN\tKwabenaba"])
def test_lines_that_do_not_agree_hold_the_file_back(line):
    with pytest.raises(ItemError) as caught:
        rewrite(conll(*[DRUG] * 40) + line + "\n")
    assert caught.value.code == "TXT-029"
