/** A backend in a process of its own, for tests that kill it: `node --import tsx backend-process.ts DIRECTORY`. */
import { startLocal } from "../../src/local/backend.js";

const local = await startLocal({ directory: process.argv[2] ?? "", speed: 5 });
process.stdout.write(`${local.url}\n`);
