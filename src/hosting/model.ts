import type { AwsContext } from "../aws/context.js";
import { withoutTimeStamp } from "../aws/time-stamped-name.js";
import { SegmentationError } from "../core/errors.js";
import { parseS3Uri } from "../core/s3-uri.js";
import type { ClassTable } from "../mask/classes.js";
import type { NewDeployment } from "./deployment.js";
import { deploymentBuilder } from "./deployment-builder.js";

/** A trained model: its artifact in S3 and the classes it tells apart. Nothing of it runs until it is deployed. */
export interface Model<in out Name extends string> {
  /** The classes that the model was trained for, in the order of its outputs. */
  readonly classes: ClassTable<Name>;
  /** Address of `model.tar.gz`. */
  readonly artifact: string;
  /** The training job that made it, when known. */
  readonly trainingJob: string | undefined;
  /** Describes an endpoint that serves this model; an endpoint costs money from `create()` until it is deleted. */
  deploy(): NewDeployment<Name>;
}

/** What a model is made of. */
export interface ModelFacts<Name extends string> {
  /** Address of `model.tar.gz`. */
  readonly artifact: string;
  readonly classes: ClassTable<Name>;
  readonly trainingJob?: string;
  /** Image that serves it; default: the algorithm's own in the session's region. */
  readonly image?: string;
}

/** Makes a model from its artifact. Does no I/O. Throws `s3.uri` and `hosting.invalid` for an address that is none. */
export function modelFromArtifact<Name extends string>(context: AwsContext, facts: ModelFacts<Name>): Model<Name> {
  const { artifact, classes, trainingJob } = facts;
  if (!parseS3Uri(artifact).key.endsWith(".tar.gz")) {
    const expected = "the address of a model.tar.gz";
    throw new SegmentationError("hosting.invalid", `"${artifact}" is no model artifact: expected ${expected}.`, {
      parameter: "artifact",
      value: artifact,
      expected,
    });
  }
  const base = trainingJob === undefined ? "semantic-segmentation" : withoutTimeStamp(trainingJob);
  return {
    classes,
    artifact,
    trainingJob,
    deploy: () => deploymentBuilder(context, { artifact, classes, base, image: facts.image }),
  };
}
