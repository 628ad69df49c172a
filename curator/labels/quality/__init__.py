"""The quality of signed labels over time: acceptance sampling, control items, bias, drift, guideline age, scores.

Decides about lots and shows what changed; never changes a label.
"""
