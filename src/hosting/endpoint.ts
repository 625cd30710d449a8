import type { AwsContext } from "../aws/context.js";
import type { CallOptions, WaitOptions } from "../aws/job-handle.js";
import { checkName, nameRules } from "../aws/names.js";
import { createOwnershipLedger } from "../aws/ownership.js";
import type { OwnershipLedger } from "../aws/ownership.js";
import { SegmentationError } from "../core/errors.js";
import type { ClassTable } from "../mask/classes.js";
import type { Predictor, PredictorOptions } from "../prediction/predictor.js";
import { createPredictor } from "../prediction/predictor.js";
import { assertInService, settleEndpoint } from "./await-endpoint.js";
import { describeEndpoint } from "./endpoint-state.js";
import type { EndpointState } from "./endpoint-state.js";
import { findParts } from "./find-parts.js";
import { removeParts } from "./remove-parts.js";

/** What every handle on an endpoint offers. */
interface EndpointHandle<in out Name extends string> {
  /** Name of the endpoint, unique in account and region. */
  readonly name: string;
  /** The classes that its masks' indices stand for. */
  readonly classes: ClassTable<Name>;
  /** Where the endpoint stands now. Throws `aws.not-found` when there is none. */
  describe(options?: CallOptions): Promise<EndpointState>;
  /** Waits until the endpoint answers requests. Throws `endpoint.failed` with AWS's reason, `job.timeout`, `aws.*`. */
  wait(options?: WaitOptions): Promise<EndpointState>;
  /** Asks the endpoint for masks and probabilities. Makes no call by itself. */
  predictor(options?: PredictorOptions): Predictor<Name>;
}

/** Options of deleting an attached endpoint. */
export interface DeleteEndpointOptions extends CallOptions {
  /**
   * Whether its configuration and models go, too; default `false`, since other endpoints may use them. They are looked up
   * through the endpoint.
   */
  readonly everything?: boolean;
}

/**
 * A handle on an endpoint that somebody else made, or another session. It holds a name and no connection, and is not
 * disposable: `await using` cannot delete it.
 */
export interface Endpoint<in out Name extends string> extends EndpointHandle<Name> {
  /**
   * Deletes the endpoint; one that is being made or changed is waited for, an hour at most.
   *
   * @throws `endpoint.remaining` when something is left behind.
   */
  delete(options?: DeleteEndpointOptions): Promise<void>;
}

/** An endpoint that this session made; `await using` deletes it on the way out. */
export interface OwnedEndpoint<in out Name extends string> extends EndpointHandle<Name>, AsyncDisposable {
  /**
   * Deletes endpoint, configuration and model, as far as this session made them; calling it again does nothing. An endpoint
   * that is being changed is waited for, an hour at most.
   *
   * @throws `endpoint.remaining` when something is left behind; calling it again tries the rest.
   */
  delete(options?: CallOptions): Promise<void>;
}

/** Makes the handle of an endpoint by its name. Does no I/O. Throws `input.invalid` for an impossible name. */
export function attachEndpoint<Name extends string>(
  context: AwsContext,
  name: string,
  classes: ClassTable<Name>,
): Endpoint<Name> {
  checkName(nameRules.endpoint, name);
  return {
    ...handle(context, name, classes),
    async delete({ signal, everything = false } = {}) {
      const ledger = createOwnershipLedger();
      if (everything) await findParts(context, name, ledger, signal);
      ledger.add("endpoint", name);
      await removeAll(context, name, ledger, signal);
    },
  };
}

/** The handle of an endpoint whose parts are on the ledger. */
export function ownedEndpoint<Name extends string>(
  context: AwsContext,
  name: string,
  classes: ClassTable<Name>,
  ledger: OwnershipLedger,
): OwnedEndpoint<Name> {
  const remove = ({ signal }: CallOptions = {}): Promise<void> => removeAll(context, name, ledger, signal);
  return { ...handle(context, name, classes), delete: remove, [Symbol.asyncDispose]: () => remove() };
}

function handle<Name extends string>(
  context: AwsContext,
  name: string,
  classes: ClassTable<Name>,
): EndpointHandle<Name> {
  return {
    name,
    classes,
    describe: ({ signal } = {}) => describeEndpoint(context, name, signal),
    async wait(options = {}) {
      const state = await settleEndpoint(context, name, options);
      assertInService(state);
      return state;
    },
    predictor: (options) => createPredictor(context, name, classes, options),
  };
}

async function removeAll(
  context: AwsContext,
  endpoint: string,
  ledger: OwnershipLedger,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { remaining, error } = await removeParts(context, ledger, signal);
  signal?.throwIfAborted();
  if (remaining.length === 0) return;
  const why = error instanceof Error ? error.message : String(error);
  throw new SegmentationError(
    "endpoint.remaining",
    `Deleting the endpoint "${endpoint}" left behind: ${remaining.join(", ")}. ${why}`,
    { endpoint, remaining },
    { cause: error },
  );
}
