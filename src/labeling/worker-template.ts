import { escapeHtml } from "../core/escape-html.js";
import { refusal } from "./refusal.js";

/**
 * Text shown to the workers: a string is a piece of HTML (Liquid in it works, e.g. for example pictures by
 * `{{ "s3://..." | grant_read_access }}`), `{ text }` is plain text that is escaped.
 */
export type InstructionText =
  | string
  | {
      /** Plain text; what would be markup in it is shown as it is. */
      readonly text: string;
    };

/** What the worker page says. */
export interface Instructions {
  /** Shown beside the image all the time. */
  readonly short: InstructionText;
  /** Shown on demand, over the image. */
  readonly full: InstructionText;
}

/** Parts of the worker page. */
export interface WorkerTemplate extends Instructions {
  /** The task line above the image, plain text. */
  readonly header: string;
}

// Sources: guide, sms-ui-template-crowd-semantic-segmentation, and AWS's published templates.
const script = "https://assets.crowd.aws/crowd-html-elements.js";

/**
 * The worker page as a Liquid template: the crowd element for segmentation inside the form that submits it.
 *
 * Label names reach the page at run time through `task.input.labels`, escaped by the template itself. `src` goes
 * through `grant_read_access`, which is also what turns the auto-segment tool on for private and vendor teams.
 *
 * @throws `labeling.invalid` for instructions that are empty or would close or leave the form.
 */
export function workerTemplate({ header, short, full }: WorkerTemplate): string {
  return `<script src="${script}"></script>
<crowd-form>
  <crowd-semantic-segmentation
    name="crowd-semantic-segmentation"
    src="{{ task.input.taskObject | grant_read_access }}"
    header="${escapeText(header)}"
    labels="{{ task.input.labels | to_json | escape }}"
  >
    <full-instructions header="Instructions">
${instructionHtml("instructions.full", full)}
    </full-instructions>
    <short-instructions>
${instructionHtml("instructions.short", short)}
    </short-instructions>
  </crowd-semantic-segmentation>
</crowd-form>
`;
}

/** Checks instructions and gives their HTML. */
export function instructionHtml(parameter: string, instruction: InstructionText): string {
  const html = typeof instruction === "string" ? instruction : paragraphs(instruction.text);
  if (html.trim() === "") throw refusal(parameter, html, "a text for the workers");
  const foreign = /<\/?\s*(?:crowd-[a-z-]+|full-instructions|short-instructions|script)\b/i.exec(html);
  if (foreign !== null) {
    throw refusal(
      parameter,
      foreign[0],
      'HTML that stays inside its block, without crowd elements and scripts; write { text: "..." } for plain text',
    );
  }
  return html;
}

function paragraphs(text: string): string {
  return text
    .trim()
    .split(/\r?\n\s*\r?\n/)
    .filter((part) => part !== "")
    .map((part) => `<p>${escapeText(part)}</p>`)
    .join("\n");
}

/** Escapes for HTML text and attributes, and for Liquid: a brace in a text must not start an expression. */
function escapeText(text: string): string {
  return escapeHtml(text).replaceAll("{", "&#123;").replaceAll("}", "&#125;");
}
