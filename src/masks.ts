/**
 * Masks, probabilities and pictures in memory: the part that needs no AWS client and no dependency.
 *
 * @packageDocumentation
 */
export { SegmentationError } from "./core/errors.js";
export type { AnySegmentationError } from "./core/errors.js";
export type { ErrorCode, ErrorDetails } from "./core/error-catalogue.js";
export type {
  AddressDetails,
  ArrayProblem,
  ArtifactPlace,
  AwsErrorDetails,
  DamagedBytesDetails,
  ImportPlace,
  InvalidInputDetails,
  JobDetails,
  MissingSettingDetails,
  PixelDetails,
  RemainingDetails,
  UnusableFileDetails,
} from "./core/error-details.js";

export { defineClasses } from "./mask/classes.js";
export type { AnyClassTable, ClassOptions, ClassTable } from "./mask/classes.js";
export { formatColor, parseColor } from "./mask/palette.js";
export type { Rgb } from "./mask/palette.js";

export { createMask } from "./mask/mask-value.js";
export type { CreateMaskOptions } from "./mask/mask-value.js";
export { decodeMask } from "./mask/decode-mask.js";
export type { DecodedMask, DecodeMaskOptions } from "./mask/decode-mask.js";
export { createMaskDecoder } from "./mask/decoder/mask-decoder.js";
export type { DecodeInWorkerOptions, MaskDecoder, MaskDecoderOptions } from "./mask/decoder/mask-decoder.js";
export { encodeMask } from "./mask/encode-mask.js";
export type { EncodeMaskOptions } from "./mask/encode-mask.js";
export { resizeMask } from "./mask/resize-mask.js";
export type { ColorMap } from "./mask/color-index.js";
export { classOfPixel, formatLabelMap, parseLabelMap } from "./mask/label-map.js";
export type { LabelMap } from "./mask/label-map.js";
export type { IndexMask, Mask, MaskPngOptions } from "./mask/mask.js";
export type { PngColorType } from "./codec/png/header.js";
export type { PngCompression } from "./codec/png/encode.js";

export { createProbabilityMap } from "./mask/probability-map-value.js";
export { decodeProbabilities, encodeProbabilities } from "./mask/decode-probabilities.js";
export { maskFromProbabilityStream } from "./mask/probability-stream.js";
export type { ProbabilityStreamOptions } from "./mask/probability-stream.js";
export type { MaskWithConfidence, ProbabilityMap } from "./mask/probability-map.js";
export type {
  Probabilities,
  ReadProbabilitiesOptions,
  WriteProbabilitiesOptions,
} from "./codec/record/probabilities.js";
export { readRecordIO, writeRecordIO } from "./codec/recordio.js";
export type { ReadRecordIOOptions, WriteRecordIOOptions } from "./codec/recordio.js";
export { readRecord } from "./codec/record/read-record.js";
export type { DataRecord, RecordValue, TensorPlace } from "./codec/record/read-record.js";
export type { ReadRecordOptions } from "./codec/record/record-budget.js";

export { overlay } from "./mask/overlay.js";
export type { ContourOptions, OverlayOptions } from "./mask/overlay.js";
export { difference, differenceColors } from "./mask/difference.js";
export type { DifferenceColors, DifferenceOptions } from "./mask/difference.js";
export type { LegendEntry, Picture, PixelImage } from "./mask/picture.js";

export { createConfusionMatrix } from "./evaluation/confusion-matrix.js";
export type { ConfusionMatrix, ConfusionMatrixData, ConfusionMatrixOptions } from "./evaluation/confusion-matrix.js";
export type { BoundaryData, BoundaryOptions } from "./evaluation/boundary-counts.js";
export { computeMetrics, metricRules } from "./evaluation/metrics.js";
export type { ClassMetrics, SegmentationMetrics } from "./evaluation/metrics.js";

export { readJpegHeader } from "./codec/jpeg/header.js";
export type { JpegHeader } from "./codec/jpeg/header.js";
export { sniffImage } from "./codec/sniff-image.js";
export type { SniffedImage } from "./codec/sniff-image.js";
export type { FileKind } from "./codec/sniff-kind.js";
