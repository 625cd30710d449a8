"""Polygons and run lengths as pycocotools and Pillow draw them: the sha256 of each mask, row by row, 0 and 1."""

import hashlib
import json
import sys

import numpy
from PIL import Image, ImageDraw
from pycocotools import mask as coco

with open(sys.argv[1] + "/shapes.json", encoding="utf-8") as file:
    shapes = json.load(file)


def digest(mask):
    return hashlib.sha256(numpy.ascontiguousarray(mask, dtype=numpy.uint8).tobytes()).hexdigest()


def by_pillow(points, width, height):
    mask = Image.fromarray(numpy.zeros((height, width), dtype=numpy.uint8))
    ImageDraw.Draw(mask).polygon([tuple(point) for point in zip(points[::2], points[1::2])], outline=1, fill=1)
    return numpy.array(mask)


answer = []
for shape in shapes:
    width, height, polygons = shape["width"], shape["height"], shape["polygons"]
    merged = coco.merge(coco.frPyObjects(polygons, height, width))
    decoded = coco.decode(merged)
    # Fortran order: the counts walk column by column.
    flat = decoded.flatten(order="F")
    edges = numpy.flatnonzero(numpy.diff(numpy.concatenate(([0], flat)))).tolist()
    counts = numpy.diff([0, *edges, flat.size]).tolist()
    answer.append(
        {
            "coco": digest(decoded),
            "area": int(coco.area(merged)),
            "compressed": merged["counts"].decode("ascii"),
            "counts": counts,
            "pillow": digest(by_pillow(polygons[0], width, height)),
        }
    )
print(json.dumps({"masks": answer}))
