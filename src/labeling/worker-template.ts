import { escapeHtml } from "../core/escape-html.js";
import type { GroundTruthTask } from "../facts/ground-truth-regions.js";
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
  /** What the workers do; default `labeling`. */
  readonly task?: GroundTruthTask;
  /** Attribute of the labels that they see; needed to adjust and to verify. */
  readonly shown?: string;
}

// Sources: guide, sms-ui-template-crowd-semantic-segmentation and -image-classifier, and AWS's published templates.
const script = "https://assets.crowd.aws/crowd-html-elements.js";

/**
 * The worker page as a Liquid template: the crowd element for segmentation inside the form that submits it; in
 * adjustment jobs with the earlier mask as its initial value, in verification jobs a choice under the image with the
 * mask laid over.
 *
 * Label names reach the page at run time through `task.input.labels`, escaped by the template itself. `src` goes
 * through `grant_read_access`, which is also what turns the auto-segment tool on for private and vendor teams.
 *
 * @throws `labeling.invalid` for instructions that are empty or would close or leave the form.
 */
export function workerTemplate(page: WorkerTemplate): string {
  const { header, short, full, task = "labeling", shown = "" } = page;
  const element = task === "verification" ? "crowd-image-classifier" : "crowd-semantic-segmentation";
  const labels = "{{ task.input.labels | to_json | escape }}";
  const attributes = [
    `name="${element}"`,
    'src="{{ task.input.taskObject | grant_read_access }}"',
    `header="${escapeText(header)}"`,
    task === "verification" ? `categories="${labels}"` : `labels="${labels}"`,
    ...(task === "adjustment" ? [`initial-value="{ ${maskMembers(shown)} }"`] : []),
    ...(task === "verification" ? [`overlay="${overlayOf(shown)}"`] : []),
  ];
  return `<script src="${script}"></script>
<crowd-form>
  <${element}
    ${attributes.join("\n    ")}
  >
    <full-instructions header="Instructions">
${instructionHtml("instructions.full", full)}
    </full-instructions>
    <short-instructions>
${instructionHtml("instructions.short", short)}
    </short-instructions>
  </${element}>
</crowd-form>
`;
}

/** JSON members `src` and `labelMappings` of the mask that the line brings, all classes but the background. */
function maskMembers(attribute: string): string {
  const mask = `task.input.manifestLine['${attribute}']`;
  const mapping =
    "{{ entry[1]['class-name'] | to_json | escape }}: { &quot;color&quot;: {{ entry[1]['hex-color'] | to_json | escape }} }";
  return `&quot;src&quot;: {{ ${mask} | grant_read_access | to_json | escape }}, &quot;labelMappings&quot;: { ${eachClass(attribute, mapping)} }`;
}

function overlayOf(attribute: string): string {
  const names = eachClass(attribute, "{{ entry[1]['class-name'] | to_json | escape }}");
  return `{ &quot;semanticSegmentation&quot;: { &quot;labels&quot;: [ ${names} ], ${maskMembers(attribute)} } }`;
}

/** A comma stands between the classes only: the page's JSON must be valid. */
function eachClass(attribute: string, item: string): string {
  const map = `task.input.manifestLine['${attribute}-metadata']['internal-color-map']`;
  return `{% assign comma = false %}{% for entry in ${map} %}{% unless entry[1]['class-name'] == 'BACKGROUND' %}{% if comma %}, {% endif %}${item}{% assign comma = true %}{% endunless %}{% endfor %}`;
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
