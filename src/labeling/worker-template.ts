import { escapeHtml } from "../core/escape-html.js";
import { parseS3Uri } from "../core/s3-uri.js";
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
  /** Pictures with captions, below the full instructions, e.g. of good and bad masks. */
  readonly examples?: readonly ExamplePicture[];
  /**
   * Adds a table of the labels with their colours to the full instructions; default `false`. The colours are those that
   * Ground Truth is known to give the labels in their order; from the fifth on they are not documented.
   */
  readonly legend?: boolean;
}

/** A picture in the instructions. */
export interface ExamplePicture {
  /** Address of the picture in S3; the job's role reads it for the worker. */
  readonly image: string;
  /** Plain text under the picture. */
  readonly caption: string;
}

/** Parts of the worker page. */
export interface WorkerTemplate extends Instructions {
  /** The task line above the image, plain text. */
  readonly header: string;
  /** What the workers do; default `labeling`. */
  readonly task?: GroundTruthTask;
  /** Attribute of the labels that they see; needed to adjust and to verify. */
  readonly shown?: string;
  /** Labels with their colours, for the table. */
  readonly labels?: readonly { readonly name: string; readonly color: string }[];
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
  const { header, task = "labeling", shown = "" } = page;
  const { short, full } = instructionsHtml(page);
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
${full}
    </full-instructions>
    <short-instructions>
${short}
    </short-instructions>
  </${element}>
</crowd-form>
`;
}

/** Both instructions as HTML with Liquid, the full ones with example pictures and the table of colours. */
export function instructionsHtml({ short, full, examples = [], legend = false, labels = [] }: WorkerTemplate): {
  readonly short: string;
  readonly full: string;
} {
  const figures = examples.map(
    ({ image, caption }) =>
      `<figure><img src="{{ '${image}' | grant_read_access }}" alt="" style="max-width: 100%"><figcaption>${escapeText(caption)}</figcaption></figure>`,
  );
  const rows = labels.map(
    ({ name, color }) =>
      `<li><span style="display: inline-block; width: 1em; height: 1em; background: ${color}"></span> ${escapeText(name)}</li>`,
  );
  const table =
    legend && rows.length > 0 ? [`<ul style="list-style: none; padding: 0">\n${rows.join("\n")}\n</ul>`] : [];
  return {
    short: instructionHtml("instructions.short", short),
    full: [instructionHtml("instructions.full", full), ...table, ...figures].join("\n"),
  };
}

/** Checks example pictures: their addresses become part of the page's Liquid. */
export function checkExamples(examples: readonly ExamplePicture[]): void {
  for (const { image, caption } of examples) {
    if (parseS3Uri(image).key === "" || /['"<>{}%\\\s]/.test(image)) {
      throw refusal("instructions.examples", image, "the address of a picture, without quotes, blanks, braces and %");
    }
    if (caption.trim() === "") throw refusal("instructions.examples", image, "a caption for each picture");
  }
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
