"""Writes masks as PNG with Pillow and OpenCV in every kind they have: FOLDER/masks.json says which masks, written.json what was written."""

import json
import os
import sys

import cv2
import numpy as np
import PIL
from PIL import Image

folder = sys.argv[1]
with open(os.path.join(folder, "masks.json"), encoding="utf-8") as file:
    order = json.load(file)
colors = np.array(order["colors"], dtype=np.uint8)
written = []


def note(by, mask, classes, kind, how, name):
    written.append({"file": name, "by": by, "mask": mask, "classes": classes, "kind": kind, "how": how})


def pillow(name, indices, classes):
    kinds = {"gray": "L", "gray-alpha": "LA", "rgb": "RGB", "rgba": "RGBA", "palette": "P", "gray16": "I;16"}
    if classes <= 2:
        kinds["gray1"] = "1"
    for kind, mode in kinds.items():
        if kind == "gray1":
            image = Image.fromarray((indices > 0).astype(np.uint8) * 255).convert("1")
        elif kind == "gray16":
            image = Image.fromarray(indices.astype(np.uint16))
        elif kind == "gray-alpha":
            alpha = (indices * 7 + 3).astype(np.uint8)
            image = Image.merge("LA", (Image.fromarray(indices), Image.fromarray(alpha)))
        elif kind in ("rgb", "rgba"):
            image = Image.fromarray(colors[indices]).convert(mode)
        elif kind == "palette":
            image = Image.fromarray(indices).convert("L")
            image = Image.frombytes("P", image.size, image.tobytes())
            image.putpalette(colors[:classes].tobytes())
        else:
            image = Image.fromarray(indices)
        bits = [{}]
        if kind == "palette":
            bits = [{"bits": b} for b in (1, 2, 4, 8) if classes <= 2**b]
        for extra in bits:
            for level in (0, 1, 6, 9):
                target = f"pillow-{name}-{kind}-{extra.get('bits', '')}-{level}.png"
                image.save(os.path.join(folder, target), compress_level=level, **extra)
                note("Pillow", name, classes, kind, f"{extra} level {level}", target)
        target = f"pillow-{name}-{kind}-optimized.png"
        image.save(os.path.join(folder, target), optimize=True)
        note("Pillow", name, classes, kind, "optimized", target)


def opencv(name, indices, classes):
    bgr = colors[indices][:, :, ::-1]
    images = {
        "gray": indices,
        "gray16": indices.astype(np.uint16),
        "rgb": np.ascontiguousarray(bgr),
        "rgba": np.dstack([bgr, np.full(indices.shape, 255, np.uint8)]),
        "rgb16": np.ascontiguousarray(bgr).astype(np.uint16) * 257,
        "rgba16": np.dstack([bgr, np.full(indices.shape, 255, np.uint8)]).astype(np.uint16) * 257,
    }
    if classes <= 2:
        images["gray1"] = (indices > 0).astype(np.uint8) * 255
    # Each filter by its libpng flag (8 none to 128 Paeth, 248 all), where this OpenCV has the option.
    filter_option = getattr(cv2, "IMWRITE_PNG_FILTER", None)
    ways = [(level, strategy, None) for level in (0, 1, 6, 9) for strategy in range(5)]
    if filter_option is not None:
        ways += [(6, 0, flag) for flag in (8, 16, 32, 64, 128, 248)]
    for kind, image in images.items():
        for level, strategy, flag in ways:
            options = [cv2.IMWRITE_PNG_COMPRESSION, level, cv2.IMWRITE_PNG_STRATEGY, strategy]
            if kind == "gray1":
                options += [cv2.IMWRITE_PNG_BILEVEL, 1]
            if flag is not None:
                options += [filter_option, flag]
            target = f"opencv-{name}-{kind}-{level}-{strategy}-{flag}.png"
            if not cv2.imwrite(os.path.join(folder, target), image, options):
                raise SystemExit(f"OpenCV did not write {target}")
            note("OpenCV", name, classes, kind, f"level {level}, strategy {strategy}, filter {flag}", target)


for mask in order["masks"]:
    data = np.fromfile(os.path.join(folder, mask["name"] + ".raw"), dtype=np.uint8)
    indices = data.reshape(mask["height"], mask["width"])
    pillow(mask["name"], indices, mask["classes"])
    opencv(mask["name"], indices, mask["classes"])

print(json.dumps({"written": written, "versions": {"Pillow": PIL.__version__, "OpenCV": cv2.__version__}}))
