/**
 * Reads manifests in a process of its own and prints how far its memory grew: `node --import tsx manifest-memory.ts KIND`.
 * `lines` is an output manifest of 100,000 lines, `one-line` a file of 1 GB without a line feed.
 */
import type { ObjectStore } from "../../src/core/object-store.js";
import { SegmentationError } from "../../src/core/errors.js";
import { labelsFromManifest } from "../../src/manifest/labels.js";
import { defineClasses } from "../../src/mask/classes.js";

const chunk = 64 * 1024;
const encoder = new TextEncoder();

/** A line as Ground Truth writes it, some 800 bytes. */
function line(at: number): string {
  const map = Object.fromEntries(
    ["BACKGROUND", "cat", "dog", "bird"].map((name, index) => [
      String(index),
      { "class-name": name, "hex-color": `#0000${(10 + index).toString(16).padStart(2, "0")}`, confidence: 0.83 },
    ]),
  );
  return `${JSON.stringify({
    "source-ref": `s3://bucket/images/folder-${at % 100}/image-${at}.jpg`,
    "pets-ref": `s3://bucket/out/pets/annotations/consolidated-annotation/output/${at}_2020-10-20T21:37:29.760855.png`,
    "pets-ref-metadata": {
      "internal-color-map": map,
      type: "groundtruth/semantic-segmentation",
      "human-annotated": at % 3 === 0 ? "no" : "yes",
      "creation-date": "2020-10-20T21:37:29.853446",
      "job-name": "labeling-job/pets",
    },
  })}\n`;
}

function storeOf(source: () => AsyncGenerator<Uint8Array>): ObjectStore {
  // Only `stream` is asked for.
  return { stream: source } as unknown as ObjectStore;
}

/** The same thousand lines again and again, cut anywhere: making new ones would count as memory of the reading. */
const thousand = encoder.encode(Array.from({ length: 1000 }, (_, at) => line(at)).join(""));

async function* manifest(count: number): AsyncGenerator<Uint8Array> {
  for (let done = 0; done < count; done += 1000) {
    for (let at = 0; at < thousand.length; at += chunk) {
      yield await Promise.resolve(thousand.subarray(at, at + chunk));
    }
  }
}

async function* oneLine(): AsyncGenerator<Uint8Array> {
  yield encoder.encode(`${line(0)}{"source-ref":"`);
  const part = new Uint8Array(1024 ** 2).fill(0x78);
  for (let at = 0; at < 1024; at++) yield await Promise.resolve(part);
  yield encoder.encode(`"}\n${line(1)}`);
}

const classes = defineClasses(["background", "cat", "dog", "bird"]);
const uri = "s3://bucket/output.manifest";
const kind = process.argv[2];
const labels = labelsFromManifest({
  store: storeOf(() => (kind === "lines" ? manifest(100_000) : oneLine())),
  uri,
  classes,
});

// The code is loaded and compiled before the first look.
await labelsFromManifest({ store: storeOf(() => manifest(1000)), uri, classes }).summary();
globalThis.gc?.();
const before = process.memoryUsage.rss();
let peak = before;
const timer = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 5);

let read = 0;
let skipped = 0;
let refusal: string | undefined;
for await (const entry of labels.entries({ onError: "skip", onSkip: () => skipped++ })) {
  if (entry.state === "labeled") read++;
  if (read % 500 === 0) await new Promise((resolve) => setImmediate(resolve));
}
if (kind !== "lines") {
  try {
    await labels.counts();
  } catch (error) {
    if (SegmentationError.is(error, "manifest.line")) refusal = `${error.details.line}@${error.details.offset ?? -1}`;
  }
}
clearInterval(timer);
peak = Math.max(peak, process.memoryUsage.rss());
process.stdout.write(JSON.stringify({ read, skipped, refusal, grown: peak - before }));
