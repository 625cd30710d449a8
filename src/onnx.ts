/**
 * The way out of SageMaker: trained models of the algorithm are inspected, converted to ONNX and run on this machine.
 *
 * Reads the `model.tar.gz` of a training job without MXNet and without Python. Predictions need one of the optional
 * packages onnxruntime-node and onnxruntime-web; nothing else here does.
 *
 * @packageDocumentation
 */
export { openArtifact } from "./artifact/open-artifact.js";
export type {
  ArrayType,
  ArtifactFile,
  ArtifactOptions,
  ArtifactSource,
  ModelArtifact,
  ModelVariant,
  ParameterArray,
} from "./artifact/artifact.js";
export type { ArtifactLimits } from "./artifact/limits.js";
export { inspectArtifact } from "./artifact/inspect-artifact.js";
export type { ArrayReport, ArtifactReport } from "./artifact/artifact-report.js";
export type { ArrayStatistics } from "./artifact/array-statistics.js";

export { convertToOnnx } from "./onnx/convert.js";
export type { ConvertOptions } from "./onnx/convert.js";
export type { GraphForm, OnnxOutput } from "./onnx/network.js";
export type { OnnxModel } from "./onnx/onnx-model.js";
export { toSafetensors } from "./onnx/safetensors.js";
export type { SafetensorsFile } from "./onnx/safetensors.js";
export type { Precision } from "./onnx/stored-weights.js";

export { createLocalPredictor } from "./inference/local-predictor.js";
export type { LocalPredictor, LocalPredictorOptions } from "./inference/local-predictor.js";
export type { PredictorSource } from "./inference/model-source.js";
export type { JpegDecoder } from "./inference/decode-jpeg.js";
export type { RuntimeName } from "./inference/onnx-runtime.js";

export { auditBatchNorm } from "./inference/batch-norm-audit.js";
export type { BatchNormAuditOptions } from "./inference/batch-norm-audit.js";
export type { AuditedBins, BatchNormAudit } from "./inference/batch-norm-report.js";
export type { LayerAudit } from "./inference/batch-norm-statistics.js";

export { compare } from "./inference/compare.js";
export type { ComparedImage, CompareOptions } from "./inference/compare.js";
export type {
  ClassAgreement,
  ComparisonData,
  ComparisonReport,
  ImageAgreement,
} from "./inference/comparison-report.js";
