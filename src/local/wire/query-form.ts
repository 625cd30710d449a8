import type { LocalRequest } from "../contracts.js";
import type { Input } from "./operation.js";

/** Reads the parameters of a Query request, from the form in its body and from its URL. */
export async function formParameters(request: LocalRequest, limit: number): Promise<ReadonlyMap<string, string>> {
  const body = new TextDecoder().decode(await request.body(limit));
  return new Map([
    ...request.query.map(([name, value]): [string, string] => [name, value]),
    ...new URLSearchParams(body),
  ]);
}

type Tree = Map<string, Tree | string>;

/** Largest index of a list member that is taken: lists of the Query form are numbered by the client. */
const mostMembers = 10_000;

/** Puts `Dimensions.member.1.Name=...` together as nested lists and structures. */
export function nestedInput(parameters: ReadonlyMap<string, string>): Input {
  const root: Tree = new Map();
  for (const [name, value] of parameters) {
    if (name === "Action" || name === "Version") continue;
    const steps = name.split(".").slice(0, 32);
    let at = root;
    for (const step of steps.slice(0, -1)) {
      const next = at.get(step);
      const branch: Tree = next instanceof Map ? next : new Map<string, Tree | string>();
      at.set(step, branch);
      at = branch;
    }
    at.set(steps.at(-1) ?? "", value);
  }
  return plain(root) as Input;
}

function plain(tree: Tree | string): unknown {
  if (typeof tree === "string") return tree;
  const members = tree.get("member");
  if (tree.size === 1 && members instanceof Map) {
    return [...members]
      .filter(([index]) => Number(index) >= 1 && Number(index) <= mostMembers)
      .sort(([a], [b]) => Number(a) - Number(b))
      .map(([, item]) => plain(item));
  }
  return Object.fromEntries([...tree].map(([key, item]) => [key, plain(item)]));
}
