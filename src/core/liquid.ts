/** A piece of a template: text, `{{ output }}` or `{% tag %}`. */
interface Token {
  readonly kind: "text" | "output" | "tag";
  readonly text: string;
}

type Values = Readonly<Record<string, unknown>>;

/** Longest page that is made of a template. */
const longest = 4_000_000;
const deepest = 20;
/** Most tokens that are looked at: loops in loops grow without writing anything. */
const mostSteps = 200_000;
const mostReports = 100;

/**
 * Renders the part of Liquid that worker templates use: outputs with the filters `to_json`, `grant_read_access`,
 * `escape`, `escape_once`, `skip_autoescape`; `for`, `if`, `unless`, `else`, `assign`, `comment`.
 * Outputs are HTML-escaped unless a filter says otherwise. Mistakes are reported and rendered as nothing.
 */
export function renderLiquid(
  template: string,
  values: Values,
  grantAccess: (uri: string) => string,
  report: (message: string) => void,
): string {
  const tokens = tokenize(template);
  let reports = 0;
  const renderer = new Renderer(tokens, grantAccess, (message) => {
    if (reports++ < mostReports) report(message);
  });
  const page = renderer.block(0, tokens.length, values, 0);
  if (renderer.isExhausted) report("The template takes too long or makes too long a page; the rest is left out.");
  return page;
}

function tokenize(template: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const unclosed = new Set<string>(); // not looked for again: a search for each would take the square of the time
  for (const { 0: mark, index } of template.matchAll(/\{\{|\{%/g)) {
    if (index < at || unclosed.has(mark)) continue;
    const end = template.indexOf(mark === "{{" ? "}}" : "%}", index + 2);
    if (end === -1) {
      unclosed.add(mark);
      continue;
    }
    if (index > at) tokens.push({ kind: "text", text: template.slice(at, index) });
    at = end + 2;
    tokens.push({ kind: mark === "{{" ? "output" : "tag", text: inside(template.slice(index, at)) });
  }
  if (at < template.length) tokens.push({ kind: "text", text: template.slice(at) });
  return tokens;
}

function inside(part: string): string {
  return part.slice(2, -2).replace(/^-|-$/g, "").trim();
}

class Renderer {
  /** Liquid's `assign` makes variables of the whole page; those of a loop hide them. */
  private readonly assigned = new Map<string, unknown>();
  private length = 0;
  private steps = 0;

  constructor(
    private readonly tokens: readonly Token[],
    private readonly grantAccess: (uri: string) => string,
    private readonly report: (message: string) => void,
  ) {}

  get isExhausted(): boolean {
    return this.length >= longest || this.steps >= mostSteps;
  }

  block(start: number, end: number, values: Values, depth: number): string {
    this.steps++;
    let out = "";
    for (let at = start; at < end && !this.isExhausted; at++) {
      this.steps++;
      const token = this.tokens[at]!;
      if (token.kind === "text") out += this.counted(token.text);
      else if (token.kind === "output") out += this.counted(this.output(token.text, values));
      else if (/^(for|if|unless|comment)\b/.test(token.text)) {
        const close = this.closing(at, end);
        if (depth < deepest) out += this.section(token.text, at, close, values, depth);
        at = close;
      } else {
        const assigned = /^assign\s+(\w+)\s*=\s*([\s\S]+)$/.exec(token.text);
        if (assigned === null) this.report(`Unknown tag: ${token.text.slice(0, 80)}`);
        else this.assigned.set(assigned[1]!, this.expression(assigned[2]!, values).value);
      }
    }
    return out;
  }

  private counted(text: string): string {
    this.length += text.length;
    return text;
  }

  /** Position of the tag that ends a section; the end of the block, reported, when it is missing. */
  private closing(open: number, end: number): number {
    const name = /^\w+/.exec(this.tokens[open]!.text)?.[0] ?? "";
    let depth = 0;
    for (let at = open + 1; at < end; at++) {
      this.steps++;
      const { kind, text } = this.tokens[at]!;
      if (kind !== "tag") continue;
      if (text.startsWith(name)) depth++;
      if (text === `end${name}` && depth-- === 0) return at;
    }
    this.report(`The tag ${name} is not closed.`);
    return end;
  }

  private section(text: string, open: number, close: number, values: Values, depth: number): string {
    const loop = /^for\s+(\w+)\s+in\s+(\S+)/.exec(text);
    if (loop !== null) {
      const list = this.lookUp(loop[2]!, values);
      const items = Array.isArray(list) ? list : Object.entries(list ?? {});
      return items
        .map((item: unknown, index) =>
          this.block(
            open + 1,
            close,
            {
              ...values,
              [loop[1]!]: item,
              forloop: { index: index + 1, first: index === 0, last: index === items.length - 1 },
            },
            depth + 1,
          ),
        )
        .join("");
    }
    const condition = /^(if|unless)\s+([\s\S]+)$/.exec(text);
    if (condition === null) return ""; // a comment
    const otherwise = this.otherwise(open, close);
    const yes = this.holds(condition[2]!, values) === (condition[1] === "if");
    return yes
      ? this.block(open + 1, otherwise, values, depth + 1)
      : this.block(otherwise + 1, close, values, depth + 1);
  }

  /** Position of the `else` of a section, its end when there is none. */
  private otherwise(open: number, close: number): number {
    let depth = 0;
    for (let at = open + 1; at < close; at++) {
      this.steps++;
      const { kind, text } = this.tokens[at]!;
      if (kind !== "tag") continue;
      if (/^(if|unless|for)\b/.test(text)) depth++;
      else if (/^end(if|unless|for)$/.test(text)) depth--;
      else if (text === "else" && depth === 0) return at;
    }
    return close;
  }

  private output(text: string, values: Values): string {
    const { value, raw } = this.expression(text, values);
    const shown =
      typeof value === "string" ? value : value === undefined || value === null ? "" : JSON.stringify(value);
    return raw ? shown : escapeHtml(shown);
  }

  private expression(text: string, values: Values): { readonly value: unknown; readonly raw: boolean } {
    const [path = "", ...filters] = text.split("|").map((part) => part.trim());
    let value = this.lookUp(path, values);
    let raw = false;
    for (const filter of filters) {
      if (this.isExhausted) break;
      const name = /^\w+/.exec(filter)?.[0] ?? filter;
      if (name === "to_json")
        value = this.counted(JSON.stringify(value ?? null)); // doubles its quotes each time
      else if (name === "grant_read_access") value = this.grantAccess(String(value));
      else if (name === "skip_autoescape") raw = true;
      else if (name !== "escape" && name !== "escape_once") this.report(`Unknown filter: ${name}`);
    }
    return { value, raw };
  }

  private lookUp(path: string, values: Values): unknown {
    const [name] = /^[\w$-]+/.exec(path) ?? [];
    if (name !== undefined && !Object.hasOwn(values, name) && this.assigned.has(name)) {
      return lookUp(path, { [name]: this.assigned.get(name) });
    }
    return lookUp(path, values);
  }

  private holds(condition: string, values: Values): boolean {
    const compared = /^(\S+)\s*(==|!=|contains)\s*(\S[\s\S]*)$/.exec(condition.trim());
    if (compared === null) {
      const value = this.lookUp(condition.trim(), values);
      return value !== undefined && value !== null && value !== false;
    }
    const [left, right] = [this.lookUp(compared[1]!, values), this.lookUp(compared[3]!.trim(), values)];
    if (compared[2] === "contains")
      return Array.isArray(left) ? left.includes(right) : String(left).includes(String(right));
    return (left === right) === (compared[2] === "==");
  }
}

/** A path as `a.b['c'][0]`, a quoted text or a number. */
function lookUp(path: string, values: Values): unknown {
  const literal = /^(?:"([^"]*)"|'([^']*)'|(-?\d+(?:\.\d+)?))$/.exec(path);
  if (literal !== null) return literal[3] === undefined ? (literal[1] ?? literal[2]) : Number(literal[3]);
  if (path === "true" || path === "false") return path === "true";
  let value: unknown = values;
  for (const [, dotted, quoted, index] of path.matchAll(/([\w$-]+)|\[\s*['"]([^'"]*)['"]\s*\]|\[(\d+)\]/g)) {
    const key = dotted ?? quoted ?? index ?? "";
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
