import { escapeHtml } from "../core/escape-html.js";
import { isObject, own, ownText } from "../manifest/json.js";
import { defaultColor, formatColor, parseColor } from "../mask/palette.js";
import type { LabelingPlan } from "./labeling-plan.js";
import type { TaskInput } from "./sample-task.js";
import { instructionsHtml } from "./worker-template.js";

/** What a preview is made of. */
export interface PreviewParts<Name extends string> {
  readonly plan: LabelingPlan<Name>;
  readonly input: TaskInput;
  /** Data addresses by S3 address. */
  readonly pictures: ReadonlyMap<string, string>;
  /** Renders a piece of the template. */
  readonly render: (text: string) => string;
}

const style = `
  * { box-sizing: border-box; }
  body { margin: 0; font: 16px/1.5 system-ui, sans-serif; color: #16191f; background: #fff; }
  header { padding: 12px 20px; border-bottom: 1px solid #d5dbdb; }
  h1 { margin: 0; font-size: 1.15rem; overflow-wrap: anywhere; }
  header p { margin: 4px 0 0; color: #545b64; font-size: .875rem; }
  main { display: grid; grid-template-columns: 260px minmax(0, 1fr) 220px; gap: 20px; padding: 20px; align-items: start; }
  h2 { margin: 0 0 8px; font-size: 1rem; }
  section { overflow-wrap: anywhere; }
  section img, details img { max-width: 100%; height: auto; }
  figure { margin: 0; position: relative; }
  figure > img { display: block; width: 100%; height: auto; image-rendering: pixelated; }
  figure .mask { position: absolute; inset: 0; height: 100%; mix-blend-mode: multiply; }
  ul.labels { list-style: none; margin: 0; padding: 0; }
  ul.labels li { display: flex; gap: 8px; align-items: baseline; padding: 4px 0; }
  .swatch { flex: none; width: 16px; height: 16px; border: 1px solid #545b64; align-self: center; }
  details { padding: 0 20px 20px; }
  summary { cursor: pointer; font-weight: 600; }
  @media (max-width: 800px) { main { grid-template-columns: minmax(0, 1fr); } }
`;

/**
 * A page that shows what workers see: task line, image (with the mask in adjustment and verification jobs), labels with
 * colours, instructions. A stand-in for AWS's elements that loads and runs nothing.
 */
export function previewHtml<Name extends string>({ plan, input, pictures, render }: PreviewParts<Name>): string {
  const { settings, shown } = plan;
  const { short, full } = instructionsHtml(plan.page);
  const title = escapeHtml(settings.description);
  const mask = shown === undefined ? undefined : pictures.get(ownText(input.manifestLine ?? {}, shown) ?? "");
  const isVerification = settings.task === "verification";
  const labels = isVerification ? answers(input.labels) : colored(labelColors(plan, input));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
<header>
<h1>${title}</h1>
<p>Preview of the worker page of ${escapeHtml(settings.name)}: a stand-in, workers get Ground Truth's own tools.</p>
</header>
<main>
<section aria-label="Instructions">
<h2>Instructions</h2>
${render(short)}
</section>
<figure>
${picture(pictures.get(input.taskObject), "The image of the task", "")}
${mask === undefined ? "" : picture(mask, "The mask that workers begin with", ' class="mask"')}
</figure>
<section aria-label="${isVerification ? "Answers" : "Labels"}">
<h2>${isVerification ? "Answers" : "Labels"}</h2>
<ul class="labels">
${labels}
</ul>
</section>
</main>
<details open>
<summary>Full instructions</summary>
${render(full)}
</details>
</body>
</html>
`;
}

function picture(address: string | undefined, alt: string, attributes: string): string {
  return address === undefined
    ? `<p>There is no image to show.</p>`
    : `<img${attributes} src="${address}" alt="${alt}">`;
}

function answers(labels: readonly string[]): string {
  return labels.map((label) => `<li>${escapeHtml(label)}</li>`).join("\n");
}

function colored(labels: readonly (readonly [name: string, color: string])[]): string {
  return labels
    .map(([name, color]) => `<li><span class="swatch" style="background:${color}"></span>${escapeHtml(name)}</li>`)
    .join("\n");
}

/** Colours of the shown labels where there are some, else those that Ground Truth is known to choose. */
function labelColors<Name extends string>(
  { shown }: LabelingPlan<Name>,
  { labels, manifestLine = {} }: TaskInput,
): readonly (readonly [name: string, color: string])[] {
  const metadata = shown === undefined ? undefined : own(manifestLine, `${shown}-metadata`);
  const map = isObject(metadata) ? own(metadata, "internal-color-map") : undefined;
  const known = new Map(
    Object.values(isObject(map) ? map : {}).flatMap((entry): [string, string][] => {
      if (!isObject(entry)) return [];
      const color = parseColor(ownText(entry, "hex-color") ?? "");
      return color === undefined ? [] : [[ownText(entry, "class-name") ?? "", formatColor(color)]];
    }),
  );
  return labels.map((name, index) => [name, known.get(name) ?? formatColor(defaultColor(index + 1))] as const);
}
