import { ContainerError } from "../contracts.js";
import type { LocalModel } from "../contracts.js";
import { FeatureMap, featureCount } from "./features.js";
import { decodeImage } from "./image.js";
import { Network } from "./network.js";
import { enlarge, smooth } from "./probability-planes.js";
import type { ProbabilityPlanes } from "./probability-planes.js";
import { shrinkImage, workingSize } from "./resize.js";
import { TimeSlices } from "./time-slices.js";
import type { TrainedNetwork } from "./weights-file.js";

/** Largest answer in numbers (1 GB of them). */
const maxProbabilities = 250_000_000;

/** Makes a model that answers from trained weights. */
export function openModel({ shape, longSide, weights }: TrainedNetwork): LocalModel {
  return {
    classes: shape.outputs,
    async predict(bytes) {
      const image = await decodeImage(bytes, "The request body");
      const { width, height } = image;
      if (width * height * shape.outputs > maxProbabilities) {
        throw new ContainerError(
          "ClientError",
          `${width} x ${height} pixels with ${shape.outputs} classes are more than ${maxProbabilities} numbers`,
        );
      }
      const slices = new TimeSlices(undefined);
      const small = await shrinkImage(image, ...workingSize(width, height, longSide), slices);
      // A network keeps its signals between calls, so each prediction has its own.
      const planes = await look(new Network(shape, weights), await FeatureMap.of(small, slices), slices);
      const { data } = await enlarge(await smooth(planes, slices), width, height, slices);
      return { width, height, probabilities: data };
    },
  };
}

/** Class probabilities at working size. */
async function look(network: Network, map: FeatureMap, slices: TimeSlices): Promise<ProbabilityPlanes> {
  const { width, height } = map;
  const classes = network.shape.outputs;
  const data = new Float32Array(classes * width * height);
  const row = new Float32Array(width * featureCount);
  const probabilities = new Float64Array(classes);
  for (let y = 0; y < height; y++) {
    map.row(y, row);
    for (let x = 0; x < width; x++) {
      network.forward(row, x * featureCount, probabilities, 0);
      for (let label = 0; label < classes; label++) data[(label * height + y) * width + x] = probabilities[label]!;
    }
    await slices.pause();
  }
  return { classes, width, height, data };
}
