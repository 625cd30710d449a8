import type { LocalObjects, LocalWorld } from "../contracts.js";
import type { LabelingJobRecord } from "../state/record-types.js";
import { below, s3Location } from "./s3-input.js";
import type { ManifestLine } from "./labeling-setup.js";
import { LabelingFailure } from "./labeling-setup.js";

/** Where a job writes: `<S3OutputPath>/<name as typed>/...`. */
export class LabelingOutput {
  constructor(
    private readonly objects: LocalObjects,
    private readonly world: LocalWorld,
    private readonly job: LabelingJobRecord,
  ) {}

  /** Address of the output manifest. */
  get manifestUri(): string {
    return this.uri("manifests/output/output.manifest");
  }

  /** `annotations/consolidated-annotation/output/<id>_<time>.png`. */
  async writeMask(id: number, png: Uint8Array): Promise<string> {
    const name = `${id}_${microseconds(this.world.now(), id)}.png`;
    return this.write(`annotations/consolidated-annotation/output/${name}`, png, "image/png");
  }

  /** What the workers sent for one object. */
  async writeWorkerResponse(iteration: number, id: number, answers: readonly unknown[]): Promise<string> {
    const path = `annotations/worker-response/iteration-${iteration}/${id}/${this.fileTime()}.json`;
    return this.write(path, JSON.stringify({ answers }), "application/json");
  }

  /** What the consolidation function was given, or gave back, for one batch. */
  async writeConsolidation(
    kind: "request" | "response",
    iteration: number,
    content: readonly unknown[],
  ): Promise<string> {
    const path = `annotations/consolidated-annotation/consolidation-${kind}/iteration-${iteration}/${this.fileTime()}.json`;
    return this.write(path, JSON.stringify(content), "application/json");
  }

  async writeManifest(lines: readonly string[]): Promise<string> {
    return this.write("manifests/output/output.manifest", `${lines.join("\n")}\n`, "application/octet-stream");
  }

  private uri(path: string): string {
    return below(this.job.request.OutputConfig.S3OutputPath, this.job.name, path);
  }

  private async write(path: string, body: Uint8Array | string, contentType: string): Promise<string> {
    const uri = this.uri(path);
    const place = s3Location(uri);
    if (place === undefined || !(await this.objects.hasBucket(place.bucket))) {
      throw new LabelingFailure(`ClientError: The bucket of the output path ${uri} does not exist.`);
    }
    const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
    await this.objects.put(place.bucket, place.key, bytes, { contentType });
    return uri;
  }

  /** `YYYY-MM-DD_HH:MM:SS`. */
  private fileTime(): string {
    return new Date(this.world.now()).toISOString().slice(0, 19).replace("T", "_");
  }
}

/** `YYYY-MM-DDTHH:MM:SS.ffffff`, without a zone; the clock gives milliseconds, the rest tells objects apart. */
export function microseconds(now: number, salt: number): string {
  const iso = new Date(now).toISOString().slice(0, 23);
  return iso + String((salt * 137 + 53) % 1000).padStart(3, "0");
}

/** The line with further members, in the text that came where nothing is replaced. */
export function extendLine(line: ManifestLine, added: Readonly<Record<string, unknown>>): string {
  if (Object.keys(added).some((key) => Object.hasOwn(line.value, key))) {
    return JSON.stringify(Object.fromEntries([...Object.entries(line.value), ...Object.entries(added)]));
  }
  const inside = JSON.stringify(added).slice(1);
  return `${line.text.slice(0, line.text.lastIndexOf("}")).trimEnd()},${inside}`;
}
