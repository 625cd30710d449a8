import { encodePng } from "../../codec/png/encode.js";
import { writeProbabilities } from "../../codec/record/probabilities.js";
import { argmaxPlanes } from "../../mask/argmax.js";
import type { LocalModel } from "../contracts.js";

type Mask = Awaited<ReturnType<NonNullable<LocalModel["mask"]>>>;
type Prediction = Awaited<ReturnType<LocalModel["predict"]>>;

/** Content types of requests that the container decodes; it looks at the bytes, not at the name. */
export const imageTypes: ReadonlySet<string> = new Set(["image/jpeg", "image/jpg", "image/png", "application/x-image"]);

const answers: ReadonlyMap<string, (prediction: Prediction, classes: number) => Uint8Array> = new Map([
  ["image/png", maskAnswer],
  ["application/x-protobuf", probabilityAnswer],
  ["application/x-recordio-protobuf", probabilityAnswer],
]);

/** Probabilities are what a client gets that names no type (seen in a public batch script, unproven for endpoints). */
const defaultType = "application/x-recordio-protobuf";

/** The first type of an Accept header that the container can write; `undefined` when there is none. */
export function chooseAnswer(accept: string | undefined): string | undefined {
  if (accept === undefined || accept.trim() === "") return defaultType;
  for (const part of accept.split(",")) {
    const type = mediaType(part);
    if (type === "*/*" || type === "application/*") return defaultType;
    if (type === "image/*") return "image/png";
    if (answers.has(type)) return type;
  }
  return undefined;
}

/** A media type without its parameters. */
export function mediaType(text: string): string {
  return (text.split(";")[0] ?? "").trim().toLowerCase();
}

/** Writes a prediction as the chosen type. */
export function writeAnswer(type: string, prediction: Prediction, classes: number): Uint8Array {
  return (answers.get(type) ?? probabilityAnswer)(prediction, classes);
}

/** 8-bit gray PNG of class indices, equal to the argmax of the probabilities. */
function maskAnswer({ width, height, probabilities }: Prediction, classes: number): Uint8Array {
  const pixels = width * height;
  return writeMask({ width, height, data: argmaxPlanes(probabilities, classes, pixels, new Uint8Array(pixels)) });
}

/** A mask as the container answers it. */
export function writeMask({ width, height, data }: Mask): Uint8Array {
  return encodePng({ width, height, colorType: "gray", samples: data });
}

/** RecordIO with one protobuf record: `shape` (1, C, H, W) and `target`. */
function probabilityAnswer({ width, height, probabilities }: Prediction, classes: number): Uint8Array {
  return writeProbabilities({ shape: [classes, height, width], data: probabilities });
}
