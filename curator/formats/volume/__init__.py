"""Voxel volumes on disk: headers of NIfTI and NRRD, read strictly, and their slices as a stream."""
