"""Run a deterministic task over shards of items. Knows nothing of files, DICOM or patients: rows and receipts only."""
