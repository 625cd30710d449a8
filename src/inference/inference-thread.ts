import type { Worker } from "node:worker_threads";
import { receiveError } from "../mask/decoder/messages.js";
import { failed } from "./loaded-model.js";
import type { Answer, Reply, Request } from "./messages.js";

interface Task {
  /** Made when its turn comes, so that what waits holds no copies. */
  readonly make: () => { readonly request: Request; readonly moved: ArrayBuffer[] };
  readonly resolve: (answer: Answer) => void;
  readonly reject: (reason: unknown) => void;
}

/** One thread that works on one request at a time; the others wait in their order. Idle, it keeps no process alive. */
export class InferenceThread {
  readonly #worker: Worker;
  readonly #waiting = new Set<Task>();
  #current: Task | undefined;
  #ended: Error | undefined;
  #closing: Promise<void> | undefined;

  constructor(start: () => Worker) {
    this.#worker = start();
    this.#worker.unref();
    this.#worker.on("message", (reply: Reply) => this.#receive(reply));
    this.#worker.on("error", (error) => this.#end(failed(`its thread broke down: ${error.message}`, error)));
    this.#worker.on("exit", (code) => this.#end(failed(`its thread ended with ${code}`)));
  }

  /** On abort a request that waits is given up; one that is worked on is finished in vain. */
  ask(make: Task["make"], signal: AbortSignal | undefined): Promise<Answer> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      if (this.#ended !== undefined) throw this.#ended;
      const abort = (): void => {
        this.#waiting.delete(task);
        task.reject(signal?.reason);
      };
      const settled = (): void => signal?.removeEventListener("abort", abort);
      const task: Task = {
        make,
        resolve: (answer) => {
          settled();
          resolve(answer);
        },
        reject: (reason) => {
          settled();
          // The caller's own reason, or an error that the thread threw.
          // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
          reject(reason);
        },
      };
      signal?.addEventListener("abort", abort, { once: true });
      this.#waiting.add(task);
      this.#send();
    });
  }

  /** Ends the thread; what is not answered fails at once. Resolves when the picture in work is done and memory is free. */
  close(): Promise<void> {
    this.#closing ??= this.#leave();
    return this.#closing;
  }

  /** A thread that is terminated while native code runs would take the process with it, so it is asked to finish. */
  async #leave(): Promise<void> {
    if (this.#ended === undefined) {
      this.#end(failed("it was disposed of"));
      this.#worker.ref();
      await new Promise<void>((resolve) => {
        this.#worker.on("message", ({ answer }: Reply) => {
          if (answer === "closed") resolve();
        });
        this.#worker.once("exit", resolve);
        this.#worker.postMessage({ kind: "close" } satisfies Request);
      });
    }
    await this.#worker.terminate();
  }

  #send(): void {
    if (this.#current !== undefined || this.#ended !== undefined) return;
    const [task] = this.#waiting;
    if (task === undefined) {
      this.#worker.unref();
      return;
    }
    this.#waiting.delete(task);
    this.#current = task;
    this.#worker.ref();
    try {
      const { request, moved } = task.make();
      this.#worker.postMessage(request, moved);
    } catch (error) {
      this.#current = undefined;
      task.reject(error);
      this.#send();
    }
  }

  #receive(reply: Reply): void {
    const task = this.#current;
    this.#current = undefined;
    if (reply.error === undefined) task?.resolve(reply.answer);
    else task?.reject(receiveError(reply.error));
    this.#send();
  }

  #end(why: Error): void {
    if (this.#ended !== undefined) return;
    this.#ended = why;
    this.#current?.reject(why);
    for (const task of this.#waiting) task.reject(why);
    this.#waiting.clear();
    this.#current = undefined;
  }
}
