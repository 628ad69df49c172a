"""HL7 v2 messages and batches, treated segment by segment."""
