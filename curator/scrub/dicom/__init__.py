"""De-identification of DICOM objects: rules as data, one decision function, harvest (pass 1) and rewrite (pass 2)."""

from curator.scrub.dicom.model import Harvest, Rewritten, Subject

__all__ = ["Harvest", "Rewritten", "Subject"]
