"""Scores of FOLDER/cases.json by scikit-learn, NumPy and OpenCV, by their own rules; nothing of this project is used.

Per class by scikit-learn (jaccard_score, precision_score, recall_score, f1_score over the pixels that count). Mean IoU as
torchmetrics' MeanIoU and mmsegmentation document it: over the classes that occur, ignored pixels taken out. Boundary IoU as
the authors' published code: pad by one, erode with a 3 x 3 square d times, d = round(ratio * diagonal), at least 1.
"""

import json
import os
import sys

import cv2
import numpy as np
import sklearn
from sklearn import metrics

folder = sys.argv[1]
with open(os.path.join(folder, "cases.json"), encoding="utf-8") as file:
    cases = json.load(file)


def near(region, ratio):
    height, width = region.shape
    distance = max(1, int(round(ratio * np.sqrt(height**2 + width**2))))
    padded = cv2.copyMakeBorder(region.astype(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    eroded = cv2.erode(padded, np.ones((3, 3), np.uint8), iterations=distance)
    return region & (eroded[1:-1, 1:-1] == 0)


def torchmetrics_rules(truth, found, classes):
    """Scores as torchmetrics 1.9 makes them of a confusion matrix, in NumPy: the library itself needs PyTorch, which is
    several hundred megabytes. Its Jaccard index (macro, weighted) and accuracy (micro, macro): a class with neither truth
    nor prediction has weight 0; one that was only predicted counts, with accuracy 0; divisions by zero give 0."""
    matrix = np.bincount(truth.astype(np.int64) * classes + found, minlength=classes**2).reshape(classes, classes)
    true, predicted, right = matrix.sum(1), matrix.sum(0), np.diag(matrix)

    def divide(one, other):
        return np.where(other == 0, 0.0, one / np.where(other == 0, 1, other))

    jaccard = divide(right, true + predicted - right)
    occurs = (true + predicted > 0).astype(float)
    return {
        "jaccard": jaccard.tolist(),
        "macroJaccard": float(divide((occurs * jaccard).sum(), occurs.sum())),
        "weightedJaccard": float(divide((true * jaccard).sum(), true.sum())),
        "microAccuracy": float(divide(right.sum(), matrix.sum())),
        "macroAccuracy": float(divide((occurs * divide(right, true)).sum(), occurs.sum())),
        "macroF1": float(divide((occurs * divide(2 * right, true + predicted)).sum(), occurs.sum())),
    }


results = []
for case in cases:
    classes, ignore = case["classes"], case["ignore"]
    all_truth, all_found = [], []
    both, either = np.zeros(classes), np.zeros(classes)
    for image in case["images"]:
        shape = (image["height"], image["width"])
        truth = np.fromfile(os.path.join(folder, image["truth"]), dtype=np.uint8).reshape(shape)
        found = np.fromfile(os.path.join(folder, image["found"]), dtype=np.uint8).reshape(shape).copy()
        counts = truth != ignore
        all_truth.append(truth[counts])
        all_found.append(found[counts])
        found[~counts] = ignore
        for index in range(classes):
            one, other = near(truth == index, case["ratio"]), near(found == index, case["ratio"])
            both[index] += np.count_nonzero(one & other)
            either[index] += np.count_nonzero(one | other)
    truth, found = np.concatenate(all_truth), np.concatenate(all_found)
    labels = list(range(classes))
    options = {"labels": labels, "average": None, "zero_division": np.nan}
    result = {
        "iou": metrics.jaccard_score(truth, found, labels=labels, average=None, zero_division=0),
        "precision": metrics.precision_score(truth, found, **options),
        "recall": metrics.recall_score(truth, found, **options),
        "f1": metrics.f1_score(truth, found, **options),
    }
    occurs = np.array([np.any(truth == index) or np.any(found == index) for index in labels])
    in_truth = np.array([np.any(truth == index) for index in labels])
    result["iou"] = np.where(occurs, result["iou"], np.nan)
    frequency = np.array([np.mean(truth == index) for index in labels])
    # torchmetrics refuses predictions that are no class.
    legal = found < classes
    results.append({
        "torchmetrics": torchmetrics_rules(truth[legal], found[legal], classes),
        **{name: [None if np.isnan(value) else float(value) for value in values] for name, values in result.items()},
        "meanIoU": float(np.mean(result["iou"][occurs])),
        "frequencyWeightedIoU": float(np.sum((frequency * result["iou"])[occurs])),
        "pixelAccuracy": float(metrics.accuracy_score(truth, found)),
        "meanAccuracy": float(np.mean(result["recall"][in_truth])),
        "boundaryIoU": [None if union == 0 else float(part / union) for part, union in zip(both, either)],
    })
print(json.dumps({"results": results, "versions": {"scikit-learn": sklearn.__version__, "OpenCV": cv2.__version__}}))
