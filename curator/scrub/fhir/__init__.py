"""FHIR R4 and R5: JSON and ndjson, treated by element type and path."""
