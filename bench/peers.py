"""The Python peers: reads one JSON order per line, does it `reps` times, answers with nanoseconds and a digest."""

import hashlib
import io
import json
import struct
import sys
import time

import numpy as np

try:
    from PIL import Image
    import PIL
except ImportError:
    Image = PIL = None
try:
    import cv2

    cv2.setNumThreads(1)
except ImportError:
    cv2 = None

files = {}


def bytes_of(order):
    path = order["file"]
    if path not in files:
        with open(path, "rb") as source:
            files[path] = source.read()
    return files[path]


def color_table(order):
    table = np.full(1 << 24, 255, np.uint8)
    for index, (red, green, blue) in enumerate(order["colors"]):
        table[(red << 16) | (green << 8) | blue] = index
    return table


def pillow_decode(order):
    data = bytes_of(order)
    return lambda: np.asarray(Image.open(io.BytesIO(data)))


def opencv_decode(order):
    data = np.frombuffer(bytes_of(order), np.uint8)
    return lambda: cv2.imdecode(data, cv2.IMREAD_UNCHANGED)


def pillow_colors(order):
    data = bytes_of(order)
    table = color_table(order)

    def run():
        pixels = np.asarray(Image.open(io.BytesIO(data)))
        key = (pixels[..., 0].astype(np.uint32) << 16) | (pixels[..., 1].astype(np.uint32) << 8) | pixels[..., 2]
        return table[key]

    return run


def read_indices(order):
    return np.frombuffer(bytes_of(order), np.uint8).reshape(order["height"], order["width"])


def pillow_encode(order):
    indices = read_indices(order)

    def run():
        image = Image.fromarray(indices)
        if order["kind"] == "palette":
            image = image.convert("P") if image.mode != "P" else image
            image.putpalette(order["palette"])
        target = io.BytesIO()
        image.save(target, "PNG", compress_level=order["level"])
        return target.getvalue()

    return run


def opencv_encode(order):
    indices = read_indices(order)
    options = [] if order["level"] == 6 else [cv2.IMWRITE_PNG_COMPRESSION, order["level"]]
    return lambda: cv2.imencode(".png", indices, options)[1].tobytes()


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


def fields(data, at, end):
    while at < end:
        tag, at = varint(data, at)
        if tag & 7 != 2:
            raise ValueError("unexpected wire type")
        length, at = varint(data, at)
        yield tag >> 3, at, at + length
        at += length


def target_values(data):
    """The packed floats of the feature `target`: the leanest way in Python, without a protobuf runtime."""
    length = struct.unpack_from("<I", data, 4)[0] & 0x1FFFFFFF
    for field, start, end in fields(data, 8, 8 + length):
        if field != 1:
            continue
        parts = {number: (a, b) for number, a, b in fields(data, start, end)}
        if data[slice(*parts[1])] != b"target":
            continue
        for _, a, b in fields(data, *parts[2]):
            for _, c, d in fields(data, a, b):
                return data[c:d]
    raise ValueError("no target")


def lean_argmax(order):
    data = bytes_of(order)
    shape = order["shape"]
    return lambda: np.argmax(np.frombuffer(target_values(data), np.float32).reshape(shape), axis=0).astype(np.uint8)


def record_class():
    from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

    file = descriptor_pb2.FileDescriptorProto(name="record.proto", package="bench", syntax="proto2")
    repeated, optional = 3, 1

    def add(name, members):
        message = file.message_type.add(name=name)
        for number, field, label, kind, packed in members:
            item = message.field.add(name=field, number=number, label=label)
            if isinstance(kind, str):
                item.type = 11
                item.type_name = ".bench." + kind
            else:
                item.type = kind
            if packed:
                item.options.packed = True
        return message

    add("Float32Tensor", [(1, "values", repeated, 2, True), (2, "keys", repeated, 4, True), (3, "shape", repeated, 4, True)])
    add("Int32Tensor", [(1, "values", repeated, 5, True), (2, "keys", repeated, 4, True), (3, "shape", repeated, 4, True)])
    add("Value", [(2, "float32_tensor", optional, "Float32Tensor", False), (7, "int32_tensor", optional, "Int32Tensor", False)])
    add("Entry", [(1, "key", optional, 9, False), (2, "value", optional, "Value", False)])
    add("Record", [(1, "features", repeated, "Entry", False)])
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("bench.Record"))


def notebook_argmax(order):
    """As the notebook does it, with Google's protobuf and NumPy where it has MXNet: list of floats, reshape, argmax."""
    data = bytes_of(order)
    shape = order["shape"]
    Record = record_class()

    def run():
        length = struct.unpack_from("<I", data, 4)[0] & 0x1FFFFFFF
        record = Record()
        record.ParseFromString(data[8 : 8 + length])
        for entry in record.features:
            if entry.key == "target":
                values = list(entry.value.float32_tensor.values)
        return np.argmax(np.array(values, np.float32).reshape(shape), axis=0).astype(np.uint8)

    return run


def bincount(order):
    truth = np.frombuffer(bytes_of({"file": order["truth"]}), np.uint8)
    found = np.frombuffer(bytes_of({"file": order["found"]}), np.uint8)
    classes = order["classes"]

    def run():
        valid = truth < classes
        return np.bincount(classes * truth[valid].astype(int) + found[valid], minlength=classes**2)

    return run


def write_masks(order):
    indices = read_indices(order)
    colors = np.array(order["colors"] + [[255, 255, 255]] * 256, np.uint8)[:256]
    colors[255] = order["colors"][-1] if len(order["colors"]) == 256 else [224, 224, 192]
    for kind, path in order["paths"].items():
        if kind == "gray":
            image = Image.fromarray(indices)
        elif kind == "stored":
            Image.fromarray(indices).save(path, "PNG", compress_level=0)
            continue
        elif kind == "palette":
            image = Image.fromarray(indices)
            image.putpalette(colors.tobytes())
        elif kind == "palette4":
            small = np.where(indices > 15, 0, indices).astype(np.uint8)
            image = Image.fromarray(small)
            image.putpalette(colors[:16].tobytes())
            image.save(path, "PNG", bits=4)
            continue
        elif kind == "rgb":
            image = Image.fromarray(colors[indices])
        else:
            image = Image.fromarray(np.dstack([colors[indices], np.full(indices.shape, 255, np.uint8)]))
        image.save(path, "PNG")
    return lambda: b""


operations = {
    "pillow-decode": pillow_decode,
    "pillow-colors": pillow_colors,
    "opencv-decode": opencv_decode,
    "pillow-encode": pillow_encode,
    "opencv-encode": opencv_encode,
    "lean-argmax": lean_argmax,
    "notebook-argmax": notebook_argmax,
    "bincount": bincount,
    "write-masks": write_masks,
}
ready = {}


def answer(order):
    if order["op"] == "versions":
        import google.protobuf

        return {
            "python": sys.version.split()[0],
            "numpy": np.__version__,
            "protobuf": google.protobuf.__version__,
            "pillow": PIL and PIL.__version__,
            "opencv": cv2 and cv2.__version__,
        }
    key = json.dumps({name: value for name, value in order.items() if name not in ("reps", "keep", "clock")}, sort_keys=True)
    if key not in ready:
        ready[key] = operations[order["op"]](order)
    run = ready[key]
    now = time.process_time_ns if order.get("clock") == "cpu" else time.perf_counter_ns
    start = now()
    for _ in range(order.get("reps", 1)):
        result = run()
    spent = now() - start
    data = result if isinstance(result, bytes) else np.ascontiguousarray(result).tobytes()
    if "keep" in order:
        with open(order["keep"], "wb") as target:
            target.write(data)
    return {"ns": spent, "bytes": len(data), "digest": hashlib.sha256(data).hexdigest()}


for line in sys.stdin:
    try:
        print(json.dumps(answer(json.loads(line))), flush=True)
    except Exception as problem:  # reported to the driver, which names the candidate
        print(json.dumps({"error": f"{type(problem).__name__}: {problem}"}), flush=True)
