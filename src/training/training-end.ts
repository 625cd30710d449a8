import type { EpochMetrics, TrainingCurve } from "./curve.js";

/** How a training came to its end, as its log tells. */
export interface TrainingEnd {
  /**
   * `all-epochs`: it ran as planned. `early-stopping`: the algorithm ended it, since mIoU no longer grew. `open`: the log
   * has no end: the job runs on, was stopped, or failed.
   */
  readonly kind: "all-epochs" | "early-stopping" | "open";
  /** Epochs that were measured. */
  readonly epochs: number;
  /** Epochs asked for, when the log says so. */
  readonly planned: number | undefined;
  /** The epoch whose weights are served, with its mIoU; `undefined` when none was measured. */
  readonly best: EpochMetrics | undefined;
  /** All of it in words. */
  readonly text: string;
}

/**
 * Explains the end of a training: whether all epochs ran, or by which numbers early stopping ended it.
 *
 * @example
 * ```ts
 * import { explainEnd } from "sagemaker-semseg";
 *
 * console.log(explainEnd(await training.curve()).text);
 * ```
 */
export function explainEnd(curve: TrainingCurve): TrainingEnd {
  const { best, plannedEpochs: planned, finished } = curve;
  const epochs = curve.epochs.filter(({ mIoU }) => mIoU !== undefined).length;
  const common = { epochs, planned, best };
  const of = planned === undefined ? "" : ` of ${planned}`;
  const served =
    best?.mIoU === undefined
      ? "No epoch was scored."
      : `Epoch ${best.epoch} (counted from 0) is served: mIoU ${best.mIoU.toFixed(4)}.`;
  if (!finished) {
    const text = `${epochs}${of} epochs are in the log, which has no end: training goes on, was stopped, or failed. ${served}`;
    return { ...common, kind: "open", text };
  }
  const settings = curve.hyperparameters ?? {};
  if (planned === undefined || epochs >= planned || settings["early_stopping"] !== "True") {
    return { ...common, kind: "all-epochs", text: `${epochs}${of} epochs were trained. ${served}` };
  }
  const patience = settings["early_stopping_patience"] ?? "4";
  const tolerance = Number(settings["early_stopping_tolerance"] ?? 0);
  const grown = lastGain(curve.epochs, tolerance);
  const since = grown === undefined ? epochs : epochs - 1 - curve.epochs.indexOf(grown);
  const gain = tolerance > 0 ? ` by ${tolerance * 100} %` : "";
  const text = `Early stopping ended the training after ${epochs} of ${planned} epochs: mIoU last grew${gain} in epoch ${grown?.epoch ?? 0} (counted from 0), ${since} epochs without followed, and early_stopping_patience is ${patience}. ${served}`;
  return { ...common, kind: "early-stopping", text };
}

/** The last epoch that was better than all before it, by the relative tolerance (hyperparameter page). */
function lastGain(epochs: readonly EpochMetrics[], tolerance: number): EpochMetrics | undefined {
  let best = -Infinity;
  let found: EpochMetrics | undefined;
  for (const epoch of epochs) {
    const { mIoU } = epoch;
    if (mIoU === undefined || Number.isNaN(mIoU)) continue;
    if (mIoU > best && mIoU - best >= tolerance * Math.max(0, best)) found = epoch;
    best = Math.max(best, mIoU);
  }
  return found;
}
