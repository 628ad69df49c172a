"""Measures of agreement by the names that people read."""

from __future__ import annotations

#: In the order in which they are shown.
NAMES = {
    "percent_agreement": "percent agreement",
    "gwet_ac1": "Gwet's AC1",
    "cohen_kappa": "Cohen's kappa",
    "fleiss_kappa": "Fleiss' kappa",
    "krippendorff_alpha": "Krippendorff's alpha",
    "brennan_prediger": "Brennan-Prediger",
    "weighted_agreement": "weighted agreement",
    "gwet_ac2": "Gwet's AC2",
    "weighted_cohen_kappa": "weighted Cohen",
    "weighted_fleiss_kappa": "weighted Fleiss",
    "found_by_both": "found by both",
    "dice": "Dice",
    "iou": "IoU",
    "hd95": "HD95 (mm)",
    "hd95_pooled": "HD95 pooled (mm)",
    "hd": "Hausdorff (mm)",
    "assd": "ASSD (mm)",
    "surface_dice": "surface Dice",
    "f1": "F1",
    "mean_iou": "mean IoU of matched",
    "map": "mAP 0.50:0.95",
    "oks": "OKS",
    "exact_f1": "F1, exact",
    "relaxed_f1": "F1, relaxed",
    "overlap_f1": "F1, overlapping",
    "characters_f1": "F1, characters",
}
