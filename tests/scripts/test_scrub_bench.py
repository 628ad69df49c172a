"""The corpus of a folder of one's own: what is taken, what is left out and why, and the classes of files."""

import importlib.util
from pathlib import Path

# Under a name of its own: other tests have a module "corpus" too.
_PATH = Path(__file__).resolve().parents[2] / "scripts" / "bench" / "corpus.py"
_spec = importlib.util.spec_from_file_location("scrub_bench_corpus", _PATH)
assert _spec is not None
assert _spec.loader is not None
corpus = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(corpus)


def test_files_that_a_scrub_would_hold_back_for_others_are_left_out(tmp_path: Path) -> None:
    source = tmp_path / "own"
    source.mkdir()
    for name in ("CT_small.dcm", "MR_small.dcm", "rtstruct.dcm"):
        (source / name).write_bytes((corpus.test_files() / name).read_bytes())
    (source / "z.dcm").write_bytes((source / "CT_small.dcm").read_bytes()[:-2] + b"\1\1")
    (source / "note.txt").write_text("no image\n")
    (source / "cut.dcm").write_bytes((source / "MR_small.dcm").read_bytes()[:700])
    size, left = corpus.build_from(tmp_path / "made", source, None)
    made = sorted((tmp_path / "made").rglob("*.dcm"))
    assert len(made) == 4  # the damaged one stays in: it counts as failed
    assert size == sum(path.stat().st_size for path in made)
    assert {reason: number for reason, number in left.items() if number} == {"no DICOM": 1, "of a UID that is there": 1}
    parts = corpus.parted(tmp_path / "made", tmp_path / "classes")
    assert sum(len(parts[name]) for _, name in corpus.BY_BYTES) == 3
    assert sum(len(parts[name]) for _, name in corpus.BY_ELEMENTS) == 3
    assert corpus.build_from(tmp_path / "two", source, 2)[0] < size
