import type { LocalModel } from "../contracts.js";
import type { SageMaker } from "../sagemaker/context.js";
import type { ServedContainer } from "../state/record-types.js";
import { readLimits, readObject } from "../sagemaker/s3-input.js";

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
    if (this.open.size > most && oldest !== undefined) this.open.delete(oldest);
    try {
      return await model;
    } catch (error) {
      this.open.delete(key);
      throw error;
    }
  }

  private async load(uri: string): Promise<LocalModel> {
    const { objects, learner } = this.sagemaker;
    return learner.open((await readObject(objects, uri, readLimits.artifact)) ?? new Uint8Array());
  }
}
