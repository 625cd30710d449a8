import { sleep } from "../core/abort.js";
import type { LocalWorld } from "./contracts.js";

/** Node runs timers beyond this at once. */
const longestTimer = 2 ** 31 - 1;

/** Time and chance of a backend. */
export function createWorld(options: {
  readonly region: string;
  readonly account: string;
  readonly seed: number;
  readonly speed: number;
  readonly now: () => number;
}): LocalWorld {
  return {
    ...options,
    pause: (ms, signal) => sleep(Math.min(ms / options.speed, longestTimer), signal),
  };
}
