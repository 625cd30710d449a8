"""Records by Google's protobuf runtime: writes FOLDER/*.rec with what they hold, and reads our own, FOLDER/ours.json."""

import json
import os
import random
import struct
import sys

import google.protobuf
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

folder = sys.argv[1]
LABEL_OPTIONAL, LABEL_REPEATED = 1, 3
DOUBLE, FLOAT, UINT64, INT32, STRING, MESSAGE, BYTES = 1, 2, 4, 5, 9, 11, 12


def schema(package, packed):
    """The messages of aialgs.data, made by hand: no compiler is needed."""
    file = descriptor_pb2.FileDescriptorProto(name=package + ".proto", package=package, syntax="proto2")

    def message(name, fields, parent=None):
        target = (parent.nested_type if parent else file.message_type).add(name=name)
        for number, field, label, kind, type_name in fields:
            made = target.field.add(name=field, number=number, label=label, type=kind)
            if type_name:
                made.type_name = f".{package}.{type_name}"
            if label == LABEL_REPEATED and kind in (DOUBLE, FLOAT, UINT64, INT32):
                made.options.packed = packed
        return target

    for name, kind in (("Float32Tensor", FLOAT), ("Float64Tensor", DOUBLE), ("Int32Tensor", INT32)):
        message(name, [(1, "values", LABEL_REPEATED, kind, None), (2, "keys", LABEL_REPEATED, UINT64, None),
                       (3, "shape", LABEL_REPEATED, UINT64, None)])
    message("Bytes", [(1, "value", LABEL_REPEATED, BYTES, None), (2, "content_type", LABEL_OPTIONAL, STRING, None)])
    value = message("Value", [(2, "float32_tensor", LABEL_OPTIONAL, MESSAGE, "Float32Tensor"),
                              (3, "float64_tensor", LABEL_OPTIONAL, MESSAGE, "Float64Tensor"),
                              (7, "int32_tensor", LABEL_OPTIONAL, MESSAGE, "Int32Tensor"),
                              (9, "bytes", LABEL_OPTIONAL, MESSAGE, "Bytes")])
    value.oneof_decl.add(name="value")
    for field in value.field:
        field.oneof_index = 0
    record = message("Record", [(1, "features", LABEL_REPEATED, MESSAGE, "Record.FeaturesEntry"),
                                (2, "label", LABEL_REPEATED, MESSAGE, "Record.LabelEntry"),
                                (3, "uid", LABEL_OPTIONAL, STRING, None),
                                (4, "metadata", LABEL_OPTIONAL, STRING, None),
                                (5, "configuration", LABEL_OPTIONAL, STRING, None)])
    for name in ("FeaturesEntry", "LabelEntry"):
        entry = message(name, [(1, "key", LABEL_OPTIONAL, STRING, None), (2, "value", LABEL_OPTIONAL, MESSAGE, "Value")], record)
        entry.options.map_entry = True
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(f"{package}.Record"))


def frame(payload):
    return struct.pack("<II", 0xCED7230A, len(payload)) + payload + b"\0" * (-len(payload) % 4)


Packed, Unpacked = schema("aialgs.data", True), schema("aialgs.loose", False)
dice = random.Random(3)
cases = []
for number in range(200):
    count, height, width = dice.randint(1, 6), dice.randint(1, 20), dice.randint(1, 20)
    values = [struct.unpack("<f", struct.pack("<f", dice.random()))[0] for _ in range(count * height * width)]
    record = (Packed if number % 2 else Unpacked)()
    kind = dice.choice(["float32_tensor", "float32_tensor", "float64_tensor", "int32_tensor"])
    if kind == "int32_tensor":
        values = [dice.randint(-(2**31), 2**31 - 1) for _ in values]
    target = getattr(record.features["target"], kind)
    target.values.extend(values)
    if dice.random() < 0.3:
        target.shape.extend([count, height, width])
    else:
        record.features["shape"].int32_tensor.values.extend([1, count, height, width] if dice.random() < 0.7 else [count, height, width])
    if dice.random() < 0.3:
        record.label["more"].bytes.value.extend([b"\x0a\x23\xd7\xce", b""])
        record.features["also"].float32_tensor.values.extend([1.5])
        record.uid = "é"
    payload = record.SerializeToString(deterministic=dice.random() < 0.5)
    name = f"{number}.rec"
    with open(os.path.join(folder, name), "wb") as file:
        file.write(frame(payload) if dice.random() < 0.7 else payload)
    with open(os.path.join(folder, f"{number}.f32"), "wb") as file:
        file.write(struct.pack(f"<{len(values)}f", *map(float, values)))
    cases.append({"file": name, "values": f"{number}.f32", "shape": [count, height, width]})

wrong = []
with open(os.path.join(folder, "ours.json"), encoding="utf-8") as file:
    ours = json.load(file)
for entry in ours:
    with open(os.path.join(folder, entry["file"]), "rb") as file:
        data = file.read()
    if entry["framed"]:
        magic, word = struct.unpack_from("<II", data)
        if magic != 0xCED7230A or word >> 29 or 8 + word + -word % 4 != len(data) or any(data[8 + word :]):
            wrong.append(entry["file"] + ": framing")
        data = data[8 : 8 + word]
    record = Packed.FromString(data)
    with open(os.path.join(folder, entry["values"]), "rb") as file:
        expected = file.read()
    found = record.features["target"].float32_tensor.values
    if struct.pack(f"<{len(found)}f", *found) != expected:
        wrong.append(entry["file"] + ": values")
    if list(record.features["shape"].int32_tensor.values) != [1, *entry["shape"]] or len(record.features) != 2:
        wrong.append(entry["file"] + ": shape")
    if not record.IsInitialized() or record.uid or record.label:
        wrong.append(entry["file"] + ": more than it should have")
print(json.dumps({"cases": cases, "read": len(ours), "wrong": wrong, "version": google.protobuf.__version__}))
