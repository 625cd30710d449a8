import { checkBytes } from "../../core/bytes.js";
import { FloatList, IntegerList } from "./packed.js";
import type { PackedFloats } from "./packed-floats.js";
import { RecordBudget } from "./record-budget.js";
import type { ReadRecordOptions } from "./record-budget.js";
import { WireReader } from "./wire-reader.js";

/** A value of a feature or label; which fields of the message `aialgs.data.Value` are set follows from `type`. */
export type RecordValue =
  | ({
      /** Floats of 32 bits; the probabilities of an answer are of this kind. */
      readonly type: "float32_tensor";
      /** The values, row-major in a dense tensor. */
      readonly values: Float32Array;
    } & TensorPlace)
  | ({
      /** Floats of 64 bits. */
      readonly type: "float64_tensor";
      /** The values, row-major in a dense tensor. */
      readonly values: Float64Array;
    } & TensorPlace)
  | ({
      /** Whole numbers of 32 bits with sign; the shape of an answer is of this kind. */
      readonly type: "int32_tensor";
      /** The values, row-major in a dense tensor. */
      readonly values: readonly number[];
    } & TensorPlace)
  | {
      /** Files or texts, e.g. an encoded image. */
      readonly type: "bytes";
      /** The pieces, views on the message. */
      readonly value: readonly Uint8Array[];
      /** Media type of the pieces, `undefined` when the message names none. */
      readonly contentType: string | undefined;
    };

/** Where a tensor's values stand. Both lists are empty in a dense tensor without shape. */
export interface TensorPlace {
  /** Positions of the values of a sparse tensor. */
  readonly keys: readonly number[];
  /** Sizes along each axis, the outermost first. */
  readonly shape: readonly number[];
}

const packedValues = new WeakMap<RecordValue, PackedFloats>();

/** The values of a `float32_tensor` as they lie in the message; `undefined` of other values. */
export function packedOf(value: RecordValue): PackedFloats | undefined {
  return packedValues.get(value);
}

function float32Value(packed: PackedFloats, place: TensorPlace): RecordValue {
  const value: RecordValue = {
    type: "float32_tensor",
    get values() {
      return packed.array;
    },
    ...place,
  };
  packedValues.set(value, packed);
  return value;
}

/** One message `aialgs.data.Record`, SageMaker's data record. */
export interface DataRecord {
  /** Inputs or results by name; the algorithm's answers have `target` and `shape`. */
  readonly features: ReadonlyMap<string, RecordValue>;
  /** Labels by name; empty in the algorithm's answers. */
  readonly label: ReadonlyMap<string, RecordValue>;
  /** Identifier of the record (field 3), `undefined` when the message has none. */
  readonly uid: string | undefined;
  /** Free text about the record (field 4), often JSON. */
  readonly metadata: string | undefined;
  /** Free text with settings for reading the record (field 5), often JSON. */
  readonly configuration: string | undefined;
}

/**
 * Reads one protobuf `Record` without its framing: scalars packed or not, fields in any order, unknown fields skipped;
 * a later map entry of the same key replaces the earlier one.
 *
 * Float tensors are views on `bytes` where they lie on a multiple of 4 (8 for doubles), else copies.
 *
 * @throws `codec.record` for damaged messages, `codec.limit` above `maxEntries` and `maxIntegers`, `input.invalid` for
 * what is no byte array.
 */
export function readRecord(bytes: Uint8Array, options: ReadRecordOptions = {}): DataRecord {
  checkBytes("bytes", bytes);
  const budget = new RecordBudget(options);
  const reader = new WireReader(bytes);
  const features = new Map<string, RecordValue>();
  const label = new Map<string, RecordValue>();
  const texts: (string | undefined)[] = [];
  while (reader.next()) {
    const { field } = reader;
    if (field === 1) readEntry(reader.message(), features, budget);
    else if (field === 2) readEntry(reader.message(), label, budget);
    else if (field >= 3 && field <= 5) texts[field] = reader.string();
    else reader.skip();
  }
  return { features, label, uid: texts[3], metadata: texts[4], configuration: texts[5] };
}

/** A map entry: key 1, value 2, in any order. A value may be missing, and then is empty. */
function readEntry(reader: WireReader, into: Map<string, RecordValue>, budget: RecordBudget): void {
  budget.entry(reader.at);
  let key = "";
  const value = new ValueReader(budget);
  while (reader.next()) {
    if (reader.field === 1) key = reader.string();
    else if (reader.field === 2) value.read(reader.message());
    else reader.skip();
  }
  const result = value.result();
  if (result === undefined) into.delete(key);
  else into.set(key, result);
}

/** Reads `Value`: of its alternatives the last one counts; the same one again is merged, as protobuf rules. */
class ValueReader {
  #part: { readonly field: number; read(reader: WireReader): void; result(): RecordValue } | undefined;

  constructor(private readonly budget: RecordBudget) {}

  read(reader: WireReader): void {
    while (reader.next()) {
      const { field } = reader;
      if (field !== 2 && field !== 3 && field !== 7 && field !== 9) {
        reader.skip();
        continue;
      }
      if (this.#part?.field !== field) {
        this.#part = field === 9 ? new BytesReader(this.budget) : new TensorReader(field, this.budget);
      }
      this.#part.read(reader.message());
    }
  }

  result(): RecordValue | undefined {
    return this.#part?.result();
  }
}

class TensorReader {
  readonly #floats: FloatList;
  readonly #integers: IntegerList;
  readonly #keys: IntegerList;
  readonly #shape: IntegerList;

  constructor(
    readonly field: 2 | 3 | 7,
    budget: RecordBudget,
  ) {
    this.#floats = new FloatList(field === 3 ? 8 : 4);
    this.#integers = new IntegerList((reader) => reader.int32(), budget);
    this.#keys = new IntegerList((reader) => reader.uint64(), budget);
    this.#shape = new IntegerList((reader) => reader.uint64(), budget);
  }

  read(reader: WireReader): void {
    while (reader.next()) {
      if (reader.field === 1) (this.field === 7 ? this.#integers : this.#floats).read(reader);
      else if (reader.field === 2) this.#keys.read(reader);
      else if (reader.field === 3) this.#shape.read(reader);
      else reader.skip();
    }
  }

  result(): RecordValue {
    const place = { keys: this.#keys.values, shape: this.#shape.values };
    if (this.field === 7) return { type: "int32_tensor", values: this.#integers.values, ...place };
    if (this.field === 3) return { type: "float64_tensor", values: this.#floats.float64(), ...place };
    return float32Value(this.#floats.float32(), place);
  }
}

class BytesReader {
  readonly field = 9;
  readonly #value: Uint8Array[] = [];
  #contentType: string | undefined;

  constructor(private readonly budget: RecordBudget) {}

  read(reader: WireReader): void {
    while (reader.next()) {
      if (reader.field === 1) {
        this.budget.entry(reader.at);
        this.#value.push(reader.view());
      } else if (reader.field === 2) this.#contentType = reader.string();
      else reader.skip();
    }
  }

  result(): RecordValue {
    return { type: "bytes", value: this.#value, contentType: this.#contentType };
  }
}
