"""Reads the PNGs that FOLDER/files.json lists with Pillow and OpenCV and compares them with the masks they were made of."""

import json
import os
import sys

import cv2
import numpy as np
from PIL import Image

folder = sys.argv[1]
with open(os.path.join(folder, "files.json"), encoding="utf-8") as file:
    files = json.load(file)
wrong = []
compared = 0
for entry in files:
    path = os.path.join(folder, entry["file"])
    data = np.fromfile(os.path.join(folder, entry["raw"]), dtype=np.uint8)
    indices = data.reshape(entry["height"], entry["width"])
    palette = np.array(entry["palette"], dtype=np.uint8)
    with Image.open(path) as image:
        mode, found = image.mode, np.asarray(image)
        # Pillow spreads gray of fewer bits over 0..255; what a viewer shows of a palette is compared too.
        shown = np.asarray(image.convert("RGB")) if mode == "P" else None
    bits = entry["bits"]
    scale = 255 // (2**bits - 1)
    expected_gray = (indices * scale).astype(np.uint8)
    if entry["kind"] == "palette":
        if mode != "P" or not np.array_equal(found, indices) or not np.array_equal(shown, palette[indices]):
            wrong.append(f"Pillow: {entry['file']}")
        cv = cv2.imread(path, cv2.IMREAD_COLOR)
        if not np.array_equal(cv[:, :, ::-1], palette[indices]):
            wrong.append(f"OpenCV: {entry['file']}")
    else:
        values = found.astype(np.uint8) * 255 if found.dtype == bool else found
        if not np.array_equal(values, expected_gray):
            wrong.append(f"Pillow: {entry['file']}")
        if not np.array_equal(cv2.imread(path, cv2.IMREAD_UNCHANGED), expected_gray):
            wrong.append(f"OpenCV: {entry['file']}")
    compared += 2
print(json.dumps({"compared": compared, "wrong": wrong}))
