"""The documents of a package, in the order of a volume. A row is a module with SLUG, TITLE and make."""

from __future__ import annotations

from curator.release.documents import (
    audit,
    card,
    changelog,
    coverage,
    data_flow,
    data_management,
    deidentification,
    limitations,
    reference_standard,
    representativeness,
    signatures,
    splits,
)

DOCUMENTS = (
    data_management,
    data_flow,
    deidentification,
    reference_standard,
    splits,
    representativeness,
    card,
    limitations,
    audit,
    signatures,
    changelog,
    coverage,
)
