/** Codes of what a check of a labeling job can find. */
export type LabelingFindingCode =
  /** The settings are refused; nothing is sent. */
  | "request.invalid"
  /** Ground Truth has no segmentation in the region. */
  | "region.unsupported"
  /** A labeling job has the name. */
  | "job.exists"
  /** The bucket does not exist. */
  | "bucket.missing"
  /** The bucket may not be looked at. */
  | "bucket.denied"
  /** The bucket is in another region than the job. */
  | "bucket.region"
  /** Browsers may not load the bucket's images: tasks fail. */
  | "bucket.cors"
  /** The CORS rule was added. */
  | "bucket.cors-added"
  /** The CORS rules may not be read or written. */
  | "bucket.cors-denied"
  /** SageMaker cannot use the role. */
  | "role.unusable"
  /** Role and work team are of two accounts. */
  | "role.account"
  /** The worker page cannot be rendered. */
  | "page.broken"
  /** The work team does not exist. */
  | "team.missing"
  /** The work team has no members. */
  | "team.empty"
  /** The team could not be looked at. */
  | "team.unknown"
  /** There are no images. */
  | "images.none"
  /** More images than a job takes, or fewer than automated labeling takes. */
  | "images.count"
  /** The manifest has a line that cannot be used. */
  | "images.line"
  /** An image stands twice. */
  | "images.duplicate"
  /** An image is not there or may not be read. */
  | "images.unreadable"
  /** A file is no JPEG or PNG image. */
  | "images.kind"
  /** An image has too many bytes or pixels. */
  | "images.size"
  /** EXIF asks viewers to turn an image; workers see it as it is stored. */
  | "images.rotated"
  /** Not all images were opened. */
  | "images.sampled"
  /** Images that come while the job runs are not checked. */
  | "images.unknown"
  /** More labels than workers can choose from well, or than the console takes. */
  | "labels.many"
  /** Two labels differ in case only. */
  | "labels.alike"
  /** A setting is above what accounts have without asking. */
  | "quota.tasks"
  /** The public crowd sees fewer of the tasks. */
  | "crowd.classifier";

/** One thing that a check has found. */
export interface LabelingFinding {
  /** What it is, for programs. */
  readonly code: LabelingFindingCode;
  /** `error`: the job would fail or be refused. `warning`: it may cost labels or money. `note`: good to know. */
  readonly severity: "error" | "warning" | "note";
  /** What was found. */
  readonly message: string;
  /** What to do. */
  readonly advice: string;
  /** Bucket, image, team or setting that it is about; of several images the first ten. */
  readonly where?: readonly string[];
  /** How many images it is about. */
  readonly count?: number;
}

/** Takes findings as they are made. */
export type Report = (finding: LabelingFinding) => void;
