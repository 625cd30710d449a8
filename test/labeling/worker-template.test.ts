import { describe, expect, it } from "vitest";
import { refusalOf } from "../support/refusal-of.js";
import { workerTemplate } from "../../src/labeling/worker-template.js";

/** Attributes of the first tag of a name; values are taken between double quotes. */
function attributes(html: string, tag: string): Record<string, string> {
  const opening = new RegExp(`<${tag}\\b([^>]*)>`).exec(html)?.[1] ?? "";
  return Object.fromEntries(
    [...opening.matchAll(/([a-z-]+)="([^"]*)"/g)].map(([, name = "", value = ""]): [string, string] => [name, value]),
  );
}

describe("workerTemplate", () => {
  const plain = workerTemplate({ header: "Paint every turtle", short: "Paint turtles.", full: "<p>All of them.</p>" });

  it("has the element with Liquid intact, inside the form that submits it", () => {
    // Expected attributes: the guide's page on crowd-semantic-segmentation and AWS's published templates.
    expect(attributes(plain, "crowd-semantic-segmentation")).toEqual({
      name: "crowd-semantic-segmentation",
      src: "{{ task.input.taskObject | grant_read_access }}",
      header: "Paint every turtle",
      labels: "{{ task.input.labels | to_json | escape }}",
    });
    expect(plain).toContain('<script src="https://assets.crowd.aws/crowd-html-elements.js"></script>');
    expect(plain).toMatch(
      /<crowd-form>[\s\S]*<crowd-semantic-segmentation[\s\S]*<\/crowd-semantic-segmentation>\s*<\/crowd-form>/,
    );
    expect(plain).toMatch(/<full-instructions header="Instructions">\s*<p>All of them.<\/p>\s*<\/full-instructions>/);
    expect(plain).toMatch(/<short-instructions>\s*Paint turtles.\s*<\/short-instructions>/);
  });

  it("escapes the header, for HTML and for Liquid", () => {
    const header = `"><script>alert('x')</script> {{ task.input.labels }} {% raw %} a & b`;
    const html = workerTemplate({ header, short: "a", full: "b" });
    const written = attributes(html, "crowd-semantic-segmentation")["header"] ?? "";
    expect(written).not.toMatch(/[<>'{}]/);
    expect(decode(written)).toBe(header);
  });

  it("escapes plain text instructions and keeps their paragraphs", () => {
    const html = workerTemplate({
      header: "h",
      short: { text: "1 < 2 & {{ 3 }}" },
      full: { text: "One.\n\nTwo </p>." },
    });
    expect(html).toContain("<p>1 &lt; 2 &amp; &#123;&#123; 3 &#125;&#125;</p>");
    expect(html).toContain("<p>One.</p>\n<p>Two &lt;/p&gt;.</p>");
  });

  it("keeps HTML instructions with their own Liquid, e.g. example pictures", () => {
    const full = `<img src="{{ 's3://bucket/example.png' | grant_read_access }}" alt="">`;
    expect(workerTemplate({ header: "h", short: "s", full })).toContain(full);
  });

  it.each([
    "</crowd-form>",
    "</Full-Instructions>",
    "</short-instructions >",
    "<script>",
    "</crowd-semantic-segmentation>",
  ])("refuses HTML that leaves its block: %s", (piece) => {
    expect(refusalOf(() => workerTemplate({ header: "h", short: `a ${piece} b`, full: "f" }))).toMatchObject({
      code: "labeling.invalid",
      details: { parameter: "instructions.short" },
    });
  });

  it("refuses empty instructions", () => {
    expect(() => workerTemplate({ header: "h", short: "s", full: { text: "  \n " } })).toThrow(/instructions.full/);
  });
});

it("leaves ordinary text alone", () => {
  const page = workerTemplate({ header: "Malé škvrny, 海, 100 %", short: "x", full: "x" });
  expect(page).toContain('header="Malé škvrny, 海, 100 %"');
});

function decode(text: string): string {
  return text
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, "&");
}
