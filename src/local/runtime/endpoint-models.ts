import type { LocalModel } from "../contracts.js";
import type { SageMaker } from "../sagemaker/context.js";
import type { ServedContainer } from "../state/record-types.js";
import { readLimits, readObject } from "../sagemaker/s3-input.js";
import { openServedModel } from "./served-model.js";

/** Open models stay in memory; loading one takes longer than answering. */
const most = 4;

/** The models of endpoints by the address of their artifact, the last few used. */
export class EndpointModels {
  private readonly open = new Map<string, Promise<LocalModel>>();

  constructor(private readonly sagemaker: SageMaker) {}

  /** Opens the artifact of a variant (once). Rejects with a `ContainerError` when it cannot be opened. */
  async of({ data: uri, modelCreatedAt }: ServedContainer): Promise<LocalModel> {
    const key = `${uri} ${modelCreatedAt}`;
    let model = this.open.get(key);
    if (model !== undefined) this.open.delete(key);
    model ??= this.load(uri);
    this.open.set(key, model);
    const oldest = this.open.keys().next().value;
    if (this.open.size > most && oldest !== undefined) await this.forget(oldest);
    try {
      return await model;
    } catch (error) {
      this.open.delete(key);
      throw error;
    }
  }

  /** Lets all models go. */
  async close(): Promise<void> {
    await Promise.all([...this.open.keys()].map((key) => this.forget(key)));
  }

  private async forget(key: string): Promise<void> {
    const model = this.open.get(key);
    this.open.delete(key);
    // One that could not be opened holds nothing.
    await model?.then(
      (opened) => opened.close?.(),
      () => undefined,
    );
  }

  private async load(uri: string): Promise<LocalModel> {
    const { objects, learner } = this.sagemaker;
    return openServedModel(learner, (await readObject(objects, uri, readLimits.artifact)) ?? new Uint8Array());
  }
}
