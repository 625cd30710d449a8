import type { ObjectStore } from "../core/object-store.js";
import { SegmentationError } from "../core/errors.js";
import type { ChannelFiles, Pair } from "./channel-files.js";
import type { EstimatorPlan } from "./estimator-plan.js";
import type { TrainingFinding } from "./finding.js";

/** Manifests are read up to here: 64 MB hold some 200,000 lines. */
const mostBytes = 64 * 1024 * 1024;

/** Reads the augmented manifest of a set; `undefined` when the set has none. */
export async function readManifest(
  store: ObjectStore,
  { channels }: EstimatorPlan,
  set: "train" | "validation",
  signal: AbortSignal | undefined,
): Promise<ChannelFiles | undefined> {
  const channel = channels.find(({ name }) => name === set);
  if (channel?.kind !== "augmented" || channel.attributes === undefined) return undefined;
  const [imageName, maskName] = channel.attributes;
  const problem = (code: string, severity: "error" | "warning", message: string, remedy: string): TrainingFinding => ({
    code,
    severity,
    parameter: set,
    message,
    remedy,
  });
  let bytes: Uint8Array;
  try {
    bytes = await store.read(channel.uri, { bytes: mostBytes, ...(signal === undefined ? {} : { signal }) });
  } catch (error) {
    if (!SegmentationError.is(error, "aws.not-found")) throw error;
    const message = `Channel ${set}: there is no manifest ${channel.uri}.`;
    return {
      set,
      pairs: [],
      images: 0,
      findings: [problem("channel.empty", "error", message, "Correct the address.")],
    };
  }
  const lines = new TextDecoder().decode(bytes).split(/\r?\n/);
  // The last line may be cut off.
  if (bytes.length >= mostBytes) lines.pop();
  const pairs: Pair[] = [];
  let without = 0;
  let broken = 0;
  for (const line of lines) {
    if (line.trim() === "") continue;
    const record = parse(line);
    const [image, mask] = [record?.[imageName], record?.[maskName]];
    if (record === undefined) broken++;
    else if (typeof image === "string" && typeof mask === "string") pairs.push({ image, mask });
    else without++;
  }
  const findings: TrainingFinding[] = [];
  if (broken > 0) {
    const message = `${broken} lines of the manifest of channel ${set} are no JSON objects.`;
    findings.push(problem("manifest.json", "error", message, "Write one JSON object to each line."));
  }
  if (without > 0) {
    const message = `${without} lines of the manifest of channel ${set} lack ${imageName} or ${maskName} and are left out.`;
    findings.push(problem("manifest.attributes", "warning", message, "Check the names of the attributes."));
  }
  if (pairs.length === 0) {
    const message = `No line of the manifest of channel ${set} has both ${imageName} and ${maskName}.`;
    findings.push(problem("channel.empty", "error", message, "Check the names of the attributes."));
  }
  return { set, pairs, images: pairs.length, findings };
}

function parse(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined;
  }
}
