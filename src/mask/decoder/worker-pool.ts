import type { Worker } from "node:worker_threads";
import { SegmentationError } from "../../core/errors.js";
import { receiveError } from "./messages.js";
import type { DecodeJob, DecodeReply } from "./messages.js";

/** What a worker answered, when it is no error. */
export type Decoded = Extract<DecodeReply, { readonly error?: undefined }>;

interface Task {
  readonly job: Omit<DecodeJob, "id" | "png">;
  readonly png: Uint8Array;
  readonly resolve: (decoded: Decoded) => void;
  readonly reject: (reason: unknown) => void;
}

interface Thread {
  readonly worker: Worker;
  /** Tasks that were sent, by id. */
  readonly sent: Map<number, Task>;
}

/** The next task lies ready while a worker is at one. */
const tasksPerThread = 2;

/** Worker threads that share a queue of masks. Threads are started when they are needed and do not keep the process alive. */
export class WorkerPool {
  readonly #threads = new Set<Thread>();
  readonly #queue = new Set<Task>();
  #ids = 0;
  #closed = false;

  constructor(
    readonly size: number,
    /** Makes a worker, not yet started on anything. */
    private readonly start: () => Worker,
  ) {}

  /** Decodes one mask; `png` is copied when its turn comes. On abort its place in the queue is given up. */
  run(png: Uint8Array, job: Task["job"], signal: AbortSignal | undefined): Promise<Decoded> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      if (this.#closed) throw failure("it was closed");
      const abort = (): void => {
        this.#queue.delete(task);
        task.reject(signal?.reason);
      };
      const settled = (): void => signal?.removeEventListener("abort", abort);
      const task: Task = {
        job,
        png,
        resolve: (decoded) => {
          settled();
          resolve(decoded);
        },
        reject: (reason) => {
          settled();
          // The caller's own reason, or an error that a worker threw.
          // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
          reject(reason);
        },
      };
      signal?.addEventListener("abort", abort, { once: true });
      this.#queue.add(task);
      this.#send();
    });
  }

  /** Ends all threads; what is not decoded fails. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const task of this.#queue) task.reject(failure("it was closed"));
    this.#queue.clear();
    await Promise.all(
      [...this.#threads].map(async (thread) => {
        this.#drop(thread, "it was closed");
        await thread.worker.terminate();
      }),
    );
  }

  #send(): void {
    for (const task of this.#queue) {
      let thread: Thread | undefined;
      try {
        thread = this.#free();
      } catch (error) {
        // No thread could be started, e.g. for want of memory.
        this.#queue.delete(task);
        task.reject(failure(reasonOf(error), error));
        continue;
      }
      if (thread === undefined) return;
      this.#queue.delete(task);
      const id = ++this.#ids;
      // A copy: moving the caller's memory would empty it, and sending a view would send all that it lies in. (`slice` of a
      // Buffer is no copy.)
      const png = new Uint8Array(task.png);
      try {
        thread.worker.postMessage({ id, png, ...task.job } satisfies DecodeJob, [png.buffer]);
      } catch (error) {
        // Options that cannot be sent.
        task.reject(failure(reasonOf(error), error));
        continue;
      }
      if (thread.sent.size === 0) thread.worker.ref();
      thread.sent.set(id, task);
    }
  }

  /** The thread with the least to do, a new one while there may be more. */
  #free(): Thread | undefined {
    let best: Thread | undefined;
    for (const thread of this.#threads) if (best === undefined || thread.sent.size < best.sent.size) best = thread;
    if (best !== undefined && best.sent.size === 0) return best;
    if (this.#threads.size < this.size) return this.#begin();
    return best !== undefined && best.sent.size < tasksPerThread ? best : undefined;
  }

  #begin(): Thread {
    const thread: Thread = { worker: this.start(), sent: new Map() };
    this.#threads.add(thread);
    thread.worker.unref();
    thread.worker.on("message", (reply: DecodeReply) => this.#receive(thread, reply));
    thread.worker.on("error", (error) => this.#drop(thread, reasonOf(error), error));
    thread.worker.on("exit", (code) => this.#drop(thread, `its thread ended with ${code}`));
    return thread;
  }

  #receive(thread: Thread, reply: DecodeReply): void {
    const task = thread.sent.get(reply.id);
    thread.sent.delete(reply.id);
    if (thread.sent.size === 0) thread.worker.unref();
    if (reply.error === undefined) task?.resolve(reply);
    else task?.reject(receiveError(reply.error));
    this.#send();
  }

  /** Takes a thread out that has ended or will; another takes its place when there is work. */
  #drop(thread: Thread, why: string, cause?: unknown): void {
    if (!this.#threads.delete(thread)) return;
    for (const task of thread.sent.values()) task.reject(failure(why, cause));
    thread.sent.clear();
    if (!this.#closed) this.#send();
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The error of a decoder whose threads are gone. */
export function failure(reason: string, cause?: unknown): SegmentationError<"decoder.failed"> {
  return new SegmentationError(
    "decoder.failed",
    `The mask decoder cannot decode: ${reason}.`,
    { reason },
    cause === undefined ? undefined : { cause },
  );
}
