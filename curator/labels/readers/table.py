"""The list of readers, by name; each is imported only when it is asked for."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from curator.core.errors import UsageError
from curator.labels.readers.protocol import Reader

#: Name on the command line to module and class. The order is that of trying when no name is given.
READERS: dict[str, str] = {
    "curator": "curator:CuratorReader",
    "prodigy": "prodigy:Prodigy",
    "padchest": "padchest:PadChest",
    "rocov2": "rocov2:Rocov2",
    "captions": "captions:Captions",
    "brat": "brat:Brat",
    "conllu": "conllu:Conllu",
    "spacy": "spacy_json:SpacyJson",
    "ade-spans": "ade_spans:AdeSpans",
    "doccano": "doccano:Doccano",
    "doccano-seq2seq": "doccano:DoccanoTexts",
    "conll": "conll:Conll",
    "dicom-seg": "dicom_seg:DicomSeg",
    "dicom-seg-volume": "dicom_seg:DicomSegVolume",
    "dicom-sr": "dicom_sr:DicomSr",
    "dicom-ann": "dicom_ann:DicomAnn",
    "rtstruct": "rtstruct:Rtstruct",
    "nrrd": "nrrd:Nrrd",
    "nifti": "nifti:Nifti",
    "tiff": "tiff:Tiff",
    "slicer": "slicer:Slicer",
    "napari": "napari:Napari",
    "decathlon": "datasets:Decathlon",
    "abdomenatlas": "datasets:AbdomenAtlas",
    "coco": "coco:Coco",
    "cvat": "cvat:Cvat",
    "label-studio": "label_studio:LabelStudio",
    "label-studio-min": "label_studio_min:LabelStudioMin",
    "labelme": "labelme:LabelMe",
    "via": "via:Via",
    "via3": "via3:Via3",
    "voc": "voc:Voc",
    "voc-sets": "voc_sets:VocSets",
    "yolo": "yolo:Yolo",
    "v7-darwin": "v7:V7",
    "labelbox-v1": "labelbox:LabelboxV1",
    "labelbox": "labelbox:LabelboxV2",
    "labelbox-import": "labelbox_import:LabelboxImport",
    "encord": "encord:Encord",
    "supervisely": "supervisely:Supervisely",
    "superannotate": "superannotate:SuperAnnotate",
    "dataloop": "dataloop:Dataloop",
    "scale": "nucleus:Nucleus",
    "ango-hub": "ango:Ango",
    "toloka": "toloka:Toloka",
    "mdai": "mdai:MdAi",
    "redbrick": "redbrick:RedBrick",
    "itag": "itag:Itag",
    "mapped": "mapped:Mapped",
}
HEAD = 1 << 16


def reader(name: str) -> Reader:
    """Return the reader of a name (IMP-004 for an unknown one)."""
    if name not in READERS:
        raise UsageError("IMP-004")
    module, _, cls = READERS[name].partition(":")
    made: Reader = getattr(import_module(f"curator.labels.readers.{module}"), cls)()
    return made


def recognized(path: Path) -> list[str]:
    """Return the names of the readers that take a file or folder for theirs (IMP-002 when it cannot be read)."""
    try:
        head = b""
        if not path.is_dir():
            with path.open("rb") as stream:
                head = stream.read(HEAD)
    except OSError:
        raise UsageError("IMP-002") from None
    return [name for name in READERS if reader(name).recognizes(path, head)]
