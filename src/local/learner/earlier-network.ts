import { ContainerError } from "../contracts.js";
import { openArtifact } from "./artifact.js";
import { featureCount } from "./features.js";
import type { NetworkParts, NetworkShape } from "./network.js";
import { weightCount } from "./network.js";
import type { Normalisation } from "./sample-pool.js";
import type { Settings } from "./settings.js";

/** Algorithm page, incremental training: these must be those of the earlier job. */
const fixed = ["backbone", "algorithm", "crop_size", "num_classes"];

/**
 * The networks of an earlier artifact (channel `model`), to go on from. Rejects with a `ClientError` when it is none of
 * this learner, or was made with other settings.
 */
export async function earlierNetworks(
  artifact: Uint8Array,
  settings: Settings,
  members: number,
): Promise<NetworkParts[]> {
  const { network, configuration } = await openArtifact(artifact);
  for (const name of fixed) {
    const [before, now] = [configuration[name], settings.configuration[name]];
    if (before === undefined || before === now) continue;
    throw new ContainerError(
      "ClientError",
      `The hyperparameter ${name} is '${now ?? ""}', but the model in channel 'model' was trained with '${before}'`,
    );
  }
  const { inputs, hidden, outputs } = network.shape;
  if (inputs !== featureCount || outputs !== settings.classes || hidden % members !== 0) {
    throw new ContainerError("ClientError", "The model in channel 'model' does not fit this algorithm");
  }
  return splitNetwork(network, members);
}

/** Takes a joined network apart into equal parts whose mean answers as the whole does. */
function splitNetwork({ shape, weights }: NetworkParts, members: number): NetworkParts[] {
  const { inputs, outputs } = shape;
  const hidden = shape.hidden / members;
  const part: NetworkShape = { inputs, hidden, outputs };
  const biases = shape.hidden * inputs;
  const rows = biases + shape.hidden;
  const last = rows + outputs * shape.hidden;
  return Array.from({ length: members }, (_, number) => {
    const own = new Float64Array(weightCount(part));
    const ownRows = hidden * (inputs + 1);
    own.set(weights.subarray(number * hidden * inputs, (number + 1) * hidden * inputs));
    own.set(weights.subarray(biases + number * hidden, biases + (number + 1) * hidden), hidden * inputs);
    for (let output = 0; output < outputs; output++) {
      for (let unit = 0; unit < hidden; unit++) {
        own[ownRows + output * hidden + unit] =
          weights[rows + output * shape.hidden + number * hidden + unit]! * members;
      }
      own[ownRows + outputs * hidden + output] = weights[last + output]!;
    }
    return { shape: part, weights: own };
  });
}

/** The opposite of folding: a network for raw features becomes one for features with this mean and spread. */
export function unfoldNormalisation({ shape, weights }: NetworkParts, { mean, spread }: Normalisation): Float64Array {
  const unfolded = Float64Array.from(weights);
  const biases = shape.hidden * shape.inputs;
  for (let unit = 0; unit < shape.hidden; unit++) {
    let shift = 0;
    for (let input = 0; input < shape.inputs; input++) {
      const at = unit * shape.inputs + input;
      unfolded[at] = weights[at]! * spread[input]!;
      shift += weights[at]! * mean[input]!;
    }
    unfolded[biases + unit] = weights[biases + unit]! + shift;
  }
  return unfolded;
}
