import protobuf from "protobufjs";

// The messages of `aialgs.data` (dossier 7.4), for protobufjs as an outside writer.
const schema = protobuf
  .parse(
    `syntax = "proto2"; package aialgs.data;
  message Float32Tensor { repeated float values = 1 [packed=true]; repeated uint64 keys = 2 [packed=true]; repeated uint64 shape = 3 [packed=true]; }
  message Float64Tensor { repeated double values = 1 [packed=true]; repeated uint64 keys = 2 [packed=true]; repeated uint64 shape = 3 [packed=true]; }
  message Int32Tensor { repeated int32 values = 1 [packed=true]; repeated uint64 keys = 2 [packed=true]; repeated uint64 shape = 3 [packed=true]; }
  message Bytes { repeated bytes value = 1; optional string content_type = 2; }
  message Value { oneof value { Float32Tensor float32_tensor = 2; Float64Tensor float64_tensor = 3; Int32Tensor int32_tensor = 7; Bytes bytes = 9; } }
  message Record { map<string, Value> features = 1; map<string, Value> label = 2; optional string uid = 3; optional string metadata = 4; optional string configuration = 5; }
`,
    { keepCase: true },
  )
  .root.lookupType("aialgs.data.Record");

/** Writes a message `aialgs.data.Record` with protobufjs. */
export function encodeRecord(record: object): Uint8Array {
  return new Uint8Array(schema.encode(schema.fromObject(record)).finish());
}
