"""Image files that are no DICOM objects are looked at like others, and what is not decoded is never taken for sound."""

from __future__ import annotations

import io

import pytest

from curator.audit.headers import HeaderProbe
from curator.audit.images import PixelProbe
from curator.audit.model import File

numpy = pytest.importorskip("numpy")
image = pytest.importorskip("PIL.Image")


def picture(kind, form, data=None):
    data = numpy.add.outer(numpy.arange(48), numpy.arange(40)).astype("uint8") if data is None else data
    out = io.BytesIO()
    image.fromarray(data).save(out, form)
    return File(f"a.{kind}", out.tell(), "0" * 64, kind), out.getvalue()


@pytest.mark.parametrize(("kind", "form"), [("png", "PNG"), ("jpeg", "JPEG"), ("tiff", "TIFF"), ("bmp", "BMP")])
def test_a_picture_is_looked_at_and_has_a_thumbnail(kind, form):
    file, data = picture(kind, form)
    probe = PixelProbe()
    assert probe.wants(file)
    assert HeaderProbe().wants(file)
    seen = probe.look(file, io.BytesIO(data))
    assert (seen["state"], seen["planes"], seen["constant"], len(seen["thumbs"])) == ("seen", 1, 0, 1)
    assert HeaderProbe().look(file, io.BytesIO(data))["format"] == kind


def test_the_same_values_have_one_digest_in_each_lossless_format():
    seen = {
        PixelProbe().look(one, io.BytesIO(data))["digest"] for one, data in map(picture, *zip(*LOSSLESS, strict=True))
    }
    assert len(seen) == 1


LOSSLESS = [("png", "PNG"), ("tiff", "TIFF"), ("bmp", "BMP")]


@pytest.mark.parametrize(("kind", "form"), [("png", "PNG"), ("jpeg", "JPEG")])
def test_a_picture_that_ends_early_is_short(kind, form):
    noise = numpy.random.default_rng(1).integers(0, 255, (64, 64), dtype="uint8")
    file, data = picture(kind, form, noise)
    assert PixelProbe().look(file, io.BytesIO(data[: len(data) // 2]))["state"] == "short"


@pytest.mark.parametrize("kind", ["nrrd", "metaimage", "hdf5", "png"])
def test_what_nothing_decodes_was_not_seen(kind):
    file = File("a", 9, "0" * 64, kind)
    assert PixelProbe().wants(file)
    assert PixelProbe().look(file, io.BytesIO(b"no image.")) == {"state": "undecoded"}


def test_a_blank_picture_is_blank():
    file, data = picture("png", "PNG", numpy.zeros((40, 40), "uint8"))
    assert PixelProbe().look(file, io.BytesIO(data))["constant"] == 1
