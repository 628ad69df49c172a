"""The list of writers, by name; each is imported only when it is asked for."""

from __future__ import annotations

from importlib import import_module

from curator.labels.writers.protocol import Writer

#: Name on the command line to module and class.
WRITERS: dict[str, str] = {
    "coco": "coco:Coco",
    "label-studio": "label_studio:LabelStudio",
    "nifti": "nifti:Nifti",
    "dicom-seg": "dicom_seg:DicomSeg",
    "dicom-sr": "dicom_sr:DicomSr",
    "csv": "csv_table:CsvTable",
}


def writer(name: str) -> Writer:
    """Return the writer of a name of :data:`WRITERS`."""
    module, _, cls = WRITERS[name].partition(":")
    made: Writer = getattr(import_module(f"curator.labels.writers.{module}"), cls)()
    return made
