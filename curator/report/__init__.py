"""Reports: one model of what a report says, and its HTML, PDF and JSON."""
