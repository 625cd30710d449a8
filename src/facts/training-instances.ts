/** An instance type that the algorithm is documented to train on: families P2, P3, G4dn and G5. */
export type DocumentedTrainingInstance =
  | "ml.p2.xlarge"
  | "ml.p2.8xlarge"
  | "ml.p2.16xlarge"
  | "ml.p3.2xlarge"
  | "ml.p3.8xlarge"
  | "ml.p3.16xlarge"
  | "ml.p3dn.24xlarge"
  | "ml.g4dn.xlarge"
  | "ml.g4dn.2xlarge"
  | "ml.g4dn.4xlarge"
  | "ml.g4dn.8xlarge"
  | "ml.g4dn.12xlarge"
  | "ml.g4dn.16xlarge"
  | "ml.g5.xlarge"
  | "ml.g5.2xlarge"
  | "ml.g5.4xlarge"
  | "ml.g5.8xlarge"
  | "ml.g5.12xlarge"
  | "ml.g5.16xlarge"
  | "ml.g5.24xlarge"
  | "ml.g5.48xlarge";

/**
 * GPUs of the instance types in the families that the algorithm is documented for: P2, P3, G4dn, G5.
 *
 * Source: the algorithm's page of the developer guide (families, since August 2022) and the members of
 * `TrainingInstanceType` in the service model (names).
 */
const gpusByType = {
  "ml.p2.xlarge": 1,
  "ml.p2.8xlarge": 8,
  "ml.p2.16xlarge": 16,
  "ml.p3.2xlarge": 1,
  "ml.p3.8xlarge": 4,
  "ml.p3.16xlarge": 8,
  "ml.p3dn.24xlarge": 8,
  "ml.g4dn.xlarge": 1,
  "ml.g4dn.2xlarge": 1,
  "ml.g4dn.4xlarge": 1,
  "ml.g4dn.8xlarge": 1,
  "ml.g4dn.12xlarge": 4,
  "ml.g4dn.16xlarge": 1,
  "ml.g5.xlarge": 1,
  "ml.g5.2xlarge": 1,
  "ml.g5.4xlarge": 1,
  "ml.g5.8xlarge": 1,
  "ml.g5.12xlarge": 4,
  "ml.g5.16xlarge": 1,
  "ml.g5.24xlarge": 4,
  "ml.g5.48xlarge": 8,
} as const satisfies Readonly<Record<DocumentedTrainingInstance, number>>;

/** The instance types that the algorithm is documented to train on. */
export const documentedTrainingInstances: readonly string[] = Object.freeze(Object.keys(gpusByType));

/** What a training instance type is to this algorithm. */
export type TrainingInstanceKind =
  /** In a documented family. */
  | "documented"
  /** A GPU type of another family: may work or not, AWS does not say. */
  | "undocumented"
  /** Has no NVIDIA GPU: the algorithm does not train there. */
  | "no-gpu"
  /** No instance type at all. */
  | "invalid";

/** Sorts an instance type by what the algorithm can do with it. */
export function trainingInstanceKind(type: string): TrainingInstanceKind {
  const family = /^ml\.([a-z0-9-]+)\.(?:[a-z0-9-]+)$/.exec(type)?.[1];
  if (family === undefined) return "invalid";
  if (/^(?:p2|p3|p3dn|g4dn|g5)$/.test(family)) return "documented";
  // P and G are the families with NVIDIA GPUs, except g5g (Arm processors, for which no image is published).
  return /^[pg]\d/.test(family) && family !== "g5g" ? "undocumented" : "no-gpu";
}

/** Number of GPUs of a documented type, `undefined` for any other. */
export function gpuCount(type: string): number | undefined {
  return Object.hasOwn(gpusByType, type) ? gpusByType[type as DocumentedTrainingInstance] : undefined;
}

/**
 * Whether a type has NVMe disks of its own, for which the service takes no volume key and ignores the volume size.
 *
 * Source: API reference, ResourceConfig (names G4dn, G5 and P4d); the newer P and G families are made the same way.
 */
export function hasOwnDisk(type: string): boolean {
  return /^ml\.(?:g4dn|g5|g6e?|p3dn|p4de?|p5e?n?)\./.test(type);
}
