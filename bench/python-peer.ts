import { execFileSync, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Clock } from "./measure.js";

/** What Python answers to an order. */
export interface PythonAnswer {
  readonly ns: number;
  readonly bytes: number;
  readonly digest: string;
}

/** A running `peers.py`. */
export interface PythonPeer {
  readonly versions: Readonly<Record<string, string | null>>;
  ask(order: Readonly<Record<string, unknown>>): Promise<PythonAnswer>;
  close(): void;
}

/** Makes the Python environment when it is not there, and starts the peers; `undefined` and a word why where that fails. */
export async function startPython(folder: string, work: string, clock: Clock): Promise<PythonPeer | undefined> {
  const environment = join(work, "venv");
  const windows = process.platform === "win32";
  const python = join(environment, windows ? "Scripts" : "bin", windows ? "python.exe" : "python");
  try {
    if (!existsSync(python)) {
      console.log("Setting up Python peers (Pillow, NumPy, OpenCV, protobuf) ...");
      execFileSync(windows ? "python" : "python3", ["-m", "venv", environment]);
      const packages = ["pillow", "numpy", "opencv-python-headless", "protobuf"];
      execFileSync(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...packages]);
    }
  } catch (error) {
    console.log(`Python peers are missing: ${String(error).split("\n")[0] ?? ""}`);
    return undefined;
  }
  const child = spawn(python, [join(folder, "peers.py")], { stdio: ["pipe", "pipe", "inherit"] });
  const lines: AsyncIterator<string> = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const send = async (order: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>> => {
    child.stdin.write(`${JSON.stringify(order)}\n`);
    const line = await lines.next();
    if (line.done === true) throw new Error("The Python peer ended.");
    const answer = JSON.parse(line.value) as Record<string, unknown>;
    if (typeof answer["error"] === "string") throw new Error(`${String(order["op"])}: ${answer["error"]}`);
    return answer;
  };
  return {
    versions: (await send({ op: "versions" })) as Record<string, string | null>,
    ask: async (order) => (await send({ ...order, clock })) as unknown as PythonAnswer,
    close: () => child.stdin.end(),
  };
}
