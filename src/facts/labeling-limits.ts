/**
 * Limits of Ground Truth's image segmentation (developer guide: input-data-limits, sms-automated-labeling,
 * sms-label-cat-config-attributes).
 */
export const labelingLimits = Object.freeze({
  /** Objects of one segmentation job; other kinds of jobs have more. */
  objects: 20_000,
  /** Bytes of one image: 40 MB, counted as 1024-based. */
  imageBytes: 40 * 1024 * 1024,
  /** Pixels of one image without automated labeling. */
  imagePixels: 100_000_000,
  /** Width and height of the largest image with automated labeling. */
  automatedImageSize: [1920, 1080] as const,
  /** Fewest objects of a job with automated labeling; 5,000 and more are advised. */
  automatedObjects: 1_250,
  /** Objects that the guide advises for automated labeling. */
  advisedAutomatedObjects: 5_000,
  /** Most labels of a job with automated labeling. */
  automatedLabels: 20,
  /** Most labels that the console offers; the API has no documented limit. */
  consoleLabels: 10,
  /** Tasks that are out at a time without asking AWS for more. */
  concurrentTasks: 1_000,
});

/** Ground Truth's algorithm for automated labeling of segmentation (API reference, LabelingJobAlgorithmsConfig). */
export function automatedLabelingAlgorithm(region: string): string {
  return `arn:aws:sagemaker:${region}:027400017018:labeling-job-algorithm-specification/semantic-segmentation`;
}
