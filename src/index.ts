/**
 * The journey: label, prepare, train, deploy, predict, evaluate. Importing this loads no AWS client; each is loaded by
 * the first call that needs it.
 *
 * @packageDocumentation
 */

// --- session -----------------------------------------------------------------------------------------------------
export { createSession } from "./session.js";
export type { Session } from "./session.js";
export type { InjectedClients, SessionOptions } from "./aws/clients.js";
export type { CallOptions, JobHandle, WaitOptions, WatchOptions } from "./aws/job-handle.js";
export type { Tags } from "./aws/tags.js";
export type { Progress, ProgressOption, WorkOptions } from "./core/progress.js";
export type { CopyOptions, ObjectStore, StoredObject, WriteOptions } from "./core/object-store.js";
export type { RequestOverride } from "./core/override.js";
export type { Todo } from "./core/steps.js";

// --- errors ------------------------------------------------------------------------------------------------------
export { SegmentationError } from "./core/errors.js";
export type { AnySegmentationError, ErrorArea, ErrorCodesOf } from "./core/errors.js";
export type { ErrorCode, ErrorDetails } from "./core/error-catalogue.js";
export type {
  AddressDetails,
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

// --- classes and masks; more of them in sagemaker-semseg/masks ----------------------------------------------------
export { defineClasses } from "./mask/classes.js";
export type { AnyClassTable, ClassOptions, ClassTable } from "./mask/classes.js";
export type { Rgb } from "./mask/palette.js";
export { createMask } from "./mask/mask-value.js";
export type { CreateMaskOptions } from "./mask/mask-value.js";
export { decodeMask } from "./mask/decode-mask.js";
export type { DecodeMaskOptions, DecodedMask } from "./mask/decode-mask.js";
export { encodeMask } from "./mask/encode-mask.js";
export type { EncodeMaskOptions } from "./mask/encode-mask.js";
export { decodeProbabilities } from "./mask/decode-probabilities.js";
export type { Probabilities, ReadProbabilitiesOptions } from "./codec/record/probabilities.js";
export type { ReadRecordOptions } from "./codec/record/record-budget.js";
export type { ReadRecordIOOptions } from "./codec/recordio.js";
export type { ColorMap } from "./mask/color-index.js";
export type { PngColorType } from "./codec/png/header.js";
export type { PngCompression } from "./codec/png/encode.js";
export type { IndexMask, Mask, MaskPngOptions } from "./mask/mask.js";
export type { MaskWithConfidence, ProbabilityMap } from "./mask/probability-map.js";
export type { LabeledImage } from "./mask/labeled-image.js";
export { overlay } from "./mask/overlay.js";
export type { ContourOptions, OverlayOptions } from "./mask/overlay.js";
export type { LegendEntry, Picture, PixelImage } from "./mask/picture.js";

// --- labeling ----------------------------------------------------------------------------------------------------
export type { LabelingJobBuilder, LabelingStep } from "./labeling/labeling-builder.js";
export type { LabelingJob } from "./labeling/labeling-job.js";
export type { LabelingState, LabelingStatus } from "./labeling/labeling-state.js";
export type { LabelingStall, StallCode } from "./labeling/labeling-stall.js";
export type { LabelingEvent } from "./labeling/labeling-events.js";
export type { FailedObject } from "./labeling/failed-objects.js";
export type { RetryFailedOptions } from "./labeling/retry-failed.js";
export type { LabelingCheck, LabelingCheckOptions } from "./labeling/check/check-labeling-job.js";
export type { LabelingFinding, LabelingFindingCode } from "./labeling/check/finding.js";
export type { PreviewOptions, WorkerPagePreview } from "./labeling/preview.js";
export type { LabelingFile } from "./labeling/labeling-files.js";
export type { LabelingLambdas, LabelingStop, LabelingTimeLimits } from "./labeling/labeling-options.js";
export type { ImageOptions } from "./labeling/image-source.js";
export type { AutomatedLabelingOptions, LabelingVpc } from "./labeling/automated-labeling.js";
export type { EarlierLabelsOptions } from "./labeling/earlier-labels.js";
export type { GivenMask, GivenMaskData, GivenMaskOptions } from "./labeling/given-masks.js";
export type { MaskMaker } from "./labeling/predicted-masks.js";
export type { ImportLabelsOptions } from "./labeling/import-labels.js";
export type { MaskManifestOptions } from "./labeling/mask-manifest.js";
export type { Verdict, VerifyOptions } from "./labeling/verdicts.js";
export { streamingMessage } from "./labeling/streaming.js";
export type { StreamingMessageOptions, StreamingTopics } from "./labeling/streaming.js";
export type { ExamplePicture, InstructionText, Instructions } from "./labeling/worker-template.js";
export type { ContentClassifier, MechanicalTurkTerms, PublicContentClassifiers } from "./labeling/workforce.js";
export { groundTruthRegions, mechanicalTurkPricesUsd } from "./facts/ground-truth-regions.js";
export { labelingLimits } from "./facts/labeling-limits.js";
export type { MechanicalTurkPriceUsd } from "./facts/ground-truth-regions.js";
export type { LabelCounts, Labels, ReadLabelsOptions } from "./manifest/labels.js";
export type { AttributeSummary, LabelSummary } from "./manifest/label-summary.js";
export type { BadLineOptions } from "./manifest/read-entries.js";
export type {
  EntryBase,
  FailedEntry,
  LabeledEntry,
  LineLabels,
  ManifestEntry,
  UntouchedEntry,
  Verification,
} from "./manifest/entry.js";
export type { ColorMapEntry, GroundTruthColorMap } from "./manifest/color-map.js";
export type { GroundTruthMask } from "./manifest/ground-truth-mask.js";
export type { MaskFinding } from "./manifest/mask-findings.js";

// --- audit of labels ---------------------------------------------------------------------------------------------
export type { AuditOptions } from "./audit/audit-labels.js";
export type { AuditData, AuditedClass } from "./audit/audit-content.js";
export type { AuditReport } from "./audit/audit-report.js";
export type { AuditFinding, AuditKind, AuditKindSummary, AuditSeverity } from "./audit/audit-finding.js";
export type { AuditHtmlOptions } from "./audit/page/audit-page.js";

// --- dataset -----------------------------------------------------------------------------------------------------
export type { DatasetBuilder, DatasetPlan, DatasetStep, PlannedImage, UploadOptions } from "./dataset/builder.js";
export type { ClassShare, Dataset, DatasetChannels, DatasetWarning, SplitName } from "./dataset/dataset.js";
export type { DatasetCheck, DatasetFinding, DatasetFindingCode } from "./dataset/dataset-finding.js";
export type { DatasetPreviewOptions } from "./dataset/preview-options.js";
export type { AugmentedManifestOptions, DatasetManifests } from "./dataset/manifest-address.js";
export type { MaskValues } from "./dataset/mask-values.js";
export type { PairFolders } from "./dataset/pair-source.js";
export type { ImportSteps } from "./dataset/import-steps.js";
export type { ImportOptions, LabelTarget, ShapeImportOptions } from "./importers/import-options.js";
export type { Overlap } from "./raster/compose.js";
export type { VocOptions } from "./importers/voc.js";
export type { CityscapesOptions } from "./importers/cityscapes.js";
export type { CocoExport } from "./importers/coco.js";
export type { CocoPanopticExport } from "./importers/coco-panoptic.js";
export type { CvatExport } from "./importers/cvat.js";
export type { LabelStudioExport } from "./importers/label-studio.js";
export type { LabelboxExport } from "./importers/labelbox.js";
export type { LabelMeOptions } from "./importers/labelme.js";
export type { SuperviselyOptions } from "./importers/supervisely.js";
export { exportVoc } from "./exporters/export-voc.js";
export type { ExportLists } from "./exporters/export-voc.js";
export { exportCocoPanoptic } from "./exporters/export-coco-panoptic.js";
export { exportMaskFolder } from "./exporters/export-mask-folder.js";
export type { DatasetExportOptions } from "./exporters/export-options.js";
export type { NamedSplit, ShareSplit, SplitOptions } from "./dataset/split.js";

// --- training ----------------------------------------------------------------------------------------------------
export type {
  DebuggerOptions,
  Estimator,
  EstimatorStep,
  FitOptions,
  MaxRuntimeOptions,
  NewEstimator,
  SpotOptions,
  TrainableDataset,
  TrainingInstanceOptions,
  TrainingInstanceType,
} from "./training/estimator.js";
export type { HyperparameterFact, HyperparameterName } from "./facts/hyperparameter-table.js";
export type { Hyperparameters } from "./training/hyperparameters.js";
export type { DocumentedTrainingInstance } from "./facts/training-instances.js";
export type { TrainingMetricName } from "./facts/training-metrics.js";
export type { WireValue } from "./training/wire-value.js";
export type { CheckOptions, TrainingCheck, TrainingPlan } from "./training/check-estimator.js";
export type { LargestCost, PriceOptions } from "./training/job-cost.js";
export type { EarlierTraining } from "./training/continue-from.js";
export type { TrainingFinding } from "./training/finding.js";
export type { EncryptionOptions, VpcOptions } from "./training/job-settings.js";
export type { TrainingInputMode } from "./training/planned-channel.js";
export type {
  AugmentedManifest,
  AugmentedManifests,
  ChannelSettings,
  TrainingChannels,
} from "./training/training-channels.js";
export type { TrainingJob } from "./training/training-job.js";
export type { TrainingEvent } from "./training/training-events.js";
export type { TrainingWatch, TrainingWatchOptions } from "./training/watch-training.js";
export { explainFailure } from "./training/failure-hints.js";
export type { FailureExplanation } from "./training/failure-hints.js";
export type { TrainingJobState, TrainingTransition, WarmPoolState } from "./training/training-state.js";
export type { EpochMetrics, TrainingCurve } from "./training/curve.js";
export type {
  NewTuner,
  StrategyOptions,
  Tuner,
  TunerStep,
  TuningCompletion,
  TuningJobsOptions,
  TuningPlan,
  TuningStrategy,
  WarmStartOptions,
} from "./training/tuner.js";
export type { TuningJob } from "./training/tuning-job.js";
export type { TuningRanges } from "./training/tuning-ranges.js";
export type { TunedTraining, TuningJobState } from "./training/tuning-state.js";
export type { NumberTuningRange, TuningObjectiveName, TuningScale } from "./facts/tuning-ranges.js";
export { plotCurves } from "./training/curve-svg.js";
export type { PlotOptions } from "./training/curve-svg.js";
export { explainEnd } from "./training/training-end.js";
export type { TrainingEnd } from "./training/training-end.js";
export { compareTrainings } from "./training/compare-trainings.js";
export type {
  ComparableTraining,
  ComparedTraining,
  ComparisonPageOptions,
  TrainingComparison,
} from "./training/compare-trainings.js";

// --- hosting and prediction --------------------------------------------------------------------------------------
export type { ExportOptions, Model } from "./hosting/model.js";
export type {
  ArtifactLimits,
  ArtifactOptions,
  ConvertOptions,
  GraphForm,
  ModelVariant,
  OnnxModel,
  OnnxOutput,
  Precision,
} from "./onnx.js";
export type {
  CreateEndpointOptions,
  Deployment,
  DeploymentStep,
  HostingInstanceType,
  NewDeployment,
} from "./hosting/deployment.js";
export type { DocumentedHostingInstance } from "./facts/hosting-instances.js";
export type { DeploymentRequests } from "./hosting/deployment-request.js";
export type { DeleteEndpointOptions, Endpoint, OwnedEndpoint } from "./hosting/endpoint.js";
export type { EndpointState } from "./hosting/endpoint-state.js";
export type { Predictor, PredictorOptions } from "./prediction/predictor.js";
export type { ProbabilityAccept } from "./prediction/invoke-request.js";

// --- evaluation --------------------------------------------------------------------------------------------------
export { evaluate } from "./evaluation/evaluate.js";
export type { EvaluateOptions } from "./evaluation/evaluate.js";
export type { EvaluationSample, MaskPredictor, SampleInMemory } from "./evaluation/sample.js";
export type { BoundaryData, BoundaryOptions } from "./evaluation/boundary-counts.js";
export type { ConfusionMatrix, ConfusionMatrixData } from "./evaluation/confusion-matrix.js";
export type { ClassMetrics, SegmentationMetrics } from "./evaluation/metrics.js";
export type { FailedSample, ReportContent } from "./evaluation/report-content.js";
export type { ReportData, SegmentationReport } from "./evaluation/report.js";
export type { ImageScore, PicturedImage } from "./evaluation/worst-images.js";
export type { ReportHtmlOptions } from "./evaluation/page/report-page.js";
