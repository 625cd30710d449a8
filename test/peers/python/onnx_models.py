"""ONNX models and safetensors files in the hands of their own projects: onnx.checker, onnxruntime, OpenCV, safetensors."""
import json
import sys
from pathlib import Path

import cv2
import numpy
import onnx
import onnxruntime
import safetensors.numpy

folder = Path(sys.argv[1])
results = []
for model in json.loads((folder / "models.json").read_text()):
    path = str(folder / model["file"])
    loaded = onnx.load(path)
    onnx.checker.check_model(loaded, full_check=True)
    inferred = onnx.shape_inference.infer_shapes(loaded, strict_mode=True)
    picture = numpy.fromfile(folder / model["picture"], dtype=numpy.uint8).reshape(1, model["height"], model["width"], 3)
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    answers = dict(zip(names, session.run(None, {"image": picture})))
    net = cv2.dnn.readNetFromONNX(path)
    net.setInput(picture, "image")
    seen = net.forward(names[0])
    answers[names[0]].tofile(folder / (model["file"] + ".onnxruntime"))
    seen.tofile(folder / (model["file"] + ".opencv"))
    results.append({
        "file": model["file"],
        "type": str(seen.dtype),
        "shape": list(seen.shape),
        "nodes": len(loaded.graph.node),
        "inferred": len(inferred.graph.value_info),
    })

tensors = safetensors.numpy.load_file(folder / "weights.safetensors")
summary = {name: [str(array.dtype), list(array.shape), float(array.astype(numpy.float64).sum())] for name, array in tensors.items()}
print(json.dumps({
    "models": results,
    "tensors": summary,
    "versions": {"onnx": onnx.__version__, "onnxruntime": onnxruntime.__version__, "opencv": cv2.__version__,
                 "safetensors": safetensors.__version__},
}))
