/** How weights follow the gradient; the algorithm's own five. */
export type OptimizerName = "adam" | "adagrad" | "nag" | "rmsprop" | "sgd";

/** Settings of an optimizer under the algorithm's names. */
export interface OptimizerSettings {
  readonly optimizer: OptimizerName;
  readonly momentum: number;
  readonly weightDecay: number;
  readonly gamma1: number;
  readonly gamma2: number;
}

/** One step: changes the weights by the gradient of a batch at a learning rate. */
export type OptimizerStep = (weights: Float64Array, gradient: Float64Array, rate: number) => void;

const tiny = 1e-8;

/** Makes the step function, with fresh memory for `count` weights. */
export function optimizerStep(settings: OptimizerSettings, count: number): OptimizerStep {
  switch (settings.optimizer) {
    case "adam":
      return adam(count);
    case "adagrad":
      return adagrad(count);
    case "rmsprop":
      return rmsprop(count, settings.gamma1, settings.gamma2);
    case "nag":
      return momentum(count, settings.momentum, ownDecay(settings), true);
    case "sgd":
      return momentum(count, settings.momentum, ownDecay(settings), false);
  }
}

/** Decay of the small network for a `weight_decay` meant for a deep one: it has few weights, which do more each. */
function ownDecay({ weightDecay }: OptimizerSettings): number {
  return Math.min(0.01, 50 * weightDecay);
}

function momentum(count: number, share: number, decay: number, ahead: boolean): OptimizerStep {
  const velocity = new Float64Array(count);
  // The memory of a momentum of 1 would never fade.
  const keep = Math.min(share, 0.999);
  return (weights, gradient, rate) => {
    for (let at = 0; at < count; at++) {
      const slope = gradient[at]! + decay * weights[at]!;
      const speed = keep * velocity[at]! + (1 - keep) * slope;
      velocity[at] = speed;
      weights[at] = weights[at]! - rate * (ahead ? keep * speed + (1 - keep) * slope : speed);
    }
  };
}

function adam(count: number): OptimizerStep {
  const mean = new Float64Array(count);
  const square = new Float64Array(count);
  let fadingMean = 1;
  let fadingSquare = 1;
  return (weights, gradient, rate) => {
    fadingMean *= 0.9;
    fadingSquare *= 0.999;
    for (let at = 0; at < count; at++) {
      const slope = gradient[at]!;
      const first = 0.9 * mean[at]! + 0.1 * slope;
      const second = 0.999 * square[at]! + 0.001 * slope * slope;
      mean[at] = first;
      square[at] = second;
      weights[at] = weights[at]! - (rate * first) / (1 - fadingMean) / (Math.sqrt(second / (1 - fadingSquare)) + tiny);
    }
  };
}

function adagrad(count: number): OptimizerStep {
  const square = new Float64Array(count);
  return (weights, gradient, rate) => {
    for (let at = 0; at < count; at++) {
      const slope = gradient[at]!;
      square[at] = square[at]! + slope * slope;
      weights[at] = weights[at]! - (rate * slope) / (Math.sqrt(square[at]!) + tiny);
    }
  };
}

/** With momentum, as Graves (2013) wrote it without the centring: `gamma1` fades the squares, `gamma2` the steps. */
function rmsprop(count: number, gamma1: number, gamma2: number): OptimizerStep {
  const square = new Float64Array(count);
  const velocity = new Float64Array(count);
  const fade = Math.min(gamma1, 0.9999);
  const keep = Math.min(gamma2, 0.999);
  return (weights, gradient, rate) => {
    for (let at = 0; at < count; at++) {
      const slope = gradient[at]!;
      square[at] = fade * square[at]! + (1 - fade) * slope * slope;
      velocity[at] = keep * velocity[at]! + ((1 - keep) * slope) / (Math.sqrt(square[at]!) + 1e-4);
      weights[at] = weights[at]! - rate * velocity[at]!;
    }
  };
}
