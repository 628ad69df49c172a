"""What each measure of finds means, in words that go with the figures and hold the numbers they were computed with."""

from __future__ import annotations

from curator.labels.agreement import boxes, masks, relations, spans, tracks
from curator.labels.agreement.finds import Rules


def definitions(kind: str, rules: Rules) -> dict[str, str]:
    """Return what each measure of a kind means, with the numbers it was computed with."""
    f1 = "2 both / (2 both + first alone + second alone)"
    planar_text = "turned boxes and ellipses are cut with each other as polygons, not on pixels"
    read = "a reader has read a sample when any label by that reader is signed for it"
    if kind in {"ellipse", "box3d"}:
        solid = "of volumes; a box that is turned around its third axis is cut as a polygon, not on voxels"
        shape = {"ellipse": planar_text, "box3d": solid}[kind]
        made = {
            "f1": f"{f1}; matched one to one by the greatest sum of IoU, at least {rules.iou:g}, same class",
            "mean_iou": f"mean IoU of matched finds; {shape}",
        }
    elif kind == "box":
        match = f"one to one by the greatest sum of IoU, at least {rules.iou:g}, same class"
        ranked = "each reader's boxes ranked by confidence against the other's: mean over classes, both directions and"
        made = {
            "f1": f"{f1}; boxes matched {match}",
            "mean_iou": f"mean IoU of matched boxes; {planar_text}",
            "map": f"{ranked} IoU 0.50 to 0.95; {boxes.INTERPOLATION['coco-101']}; null unless all state confidence",
        }
    elif kind == "keypoints":
        made = {
            "f1": f"{f1}; objects paired one to one by the greatest sum of OKS, the same find from {rules.oks:g} on",
            "oks": "mean OKS of paired objects over points that both placed, times their share of those either placed; "
            f"area half the squared diagonal of the box around both, deviation {rules.deviation:g}",
        }
    elif kind in {"point", "points3d"}:
        unit = "pixels" if kind == "point" else "mm of the patient, or voxels"
        made = {
            "f1": f"{f1}; points matched one to one: as many as can be within {rules.within:g} {unit}, "
            "then the nearest",
            "distance": f"mean distance of matched points, in {unit}",
            "distance_mm": "the same in mm, where the image states its spacing",
        }
    elif kind == "polyline":
        made = {
            "f1": f"{f1}; lines matched one to one, as many as can be with a mean distance of at most "
            f"{rules.within:g} pixels, then the nearest",
            "distance": "mean over matched lines of the mean distance to the other line, both directions, over their "
            "length; in pixels, looked at every half pixel",
            "distance_mm": "the same in mm, where the image states its spacing",
            "hausdorff": "mean over matched lines of the greatest distance to the other line, both directions",
            "hausdorff_mm": "the same in mm, where the image states its spacing",
            "buffer_overlap": f"share of the length of all lines, of both readers, that lies within {rules.within:g} "
            "pixels of a line of the other",
        }
    elif kind == "track":
        made = {
            "hota": f"mean over IoU thresholds {tracks.ALPHAS[0]:.2f} to {tracks.ALPHAS[-1]:.2f} of "
            "sqrt(detection x association); the same for both orders of readers",
            "deta": "mean over thresholds of both / (both + first alone + second alone), shapes of frames",
            "assa": "mean over thresholds and shapes of both, of the frames that the two tracks share with each other "
            "in place of with any other",
            "idf1": f"2 both / (2 both + first alone + second alone); each track has one track of the other reader for "
            f"the whole video, IoU at least {rules.iou:g}",
            "mean_iou": "mean IoU of the shapes counted by identity F1",
            "frames": "key frames of either reader; boxes run linearly between key frames, and a frame in which "
            "another shape lies between its key frames is left out",
        }
    elif kind == "relation":
        made = {f"{name}_f1": f"{f1}; {text}" for name, text in relations.DEFINITIONS.items()}
    elif kind == "span":
        texts = {**spans.DEFINITIONS, "relaxed": f"{spans.DEFINITIONS['relaxed']} ({rules.slack} characters)"}
        made = {f"{name}_f1": f"{f1}; {text}" for name, text in texts.items()}
    else:
        join = "labels of one class by one reader are joined"
        made = {
            "found_by_both": "share of units with the class in which both readers drew it",
            **masks.DEFINITIONS,
            "dice": f"{masks.DEFINITIONS['dice']}; {join}; mean over units, 0 where one reader drew nothing",
            "surface_dice": f"{masks.DEFINITIONS['surface_dice']} ({rules.tolerance:g} mm)",
        }
        if kind == "polygon":
            made["polygon"] = "a pixel is inside when its center is, by the even-odd rule"
    return {**made, "read": read}
