import { existsSync } from "node:fs";
import { chromium } from "playwright-core";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createAwsContext } from "../../src/aws/clients.js";
import { labelingJobBuilder } from "../../src/labeling/labeling-steps.js";
import { createMask } from "../../src/mask/mask-value.js";
import { defineClasses } from "../../src/mask/classes.js";
import { labelsFromManifest } from "../../src/manifest/labels.js";
import { memoryStore } from "../support/memory-store.js";
import { scene, sceneClasses } from "../support/labeling-scenes.js";

const hostile = defineClasses(["background", `<img src=x onerror=alert(1)>"`, "bar"]);
const line = {
  "source-ref": "s3://shapes/a.jpg",
  "old-ref": "s3://shapes/a.png",
  "old-ref-metadata": {
    "internal-color-map": {
      "0": { "class-name": "BACKGROUND", "hex-color": "#ffffff" },
      "1": { "class-name": "disc", "hex-color": "#123456" },
      "2": { "class-name": "bar", "hex-color": "#1f77b4" },
    },
    type: "groundtruth/semantic-segmentation",
    "creation-date": "2026-01-01T00:00:00.000000",
  },
};
const store = memoryStore({
  "s3://shapes/a.jpg": scene(0).jpeg,
  "s3://shapes/a.png": createMask(48, 32, scene(0).truth.data, sceneClasses).toPng(),
  "s3://shapes/old.manifest": `${JSON.stringify(line)}\n`,
});
const context = {
  ...createAwsContext({
    region: "us-east-1",
    role: "arn:aws:iam::123456789012:role/Shapes",
    workspace: "s3://shapes/run-1",
  }),
  store,
};
const begin = () =>
  labelingJobBuilder(context, "Page")
    .workteam("arn:aws:sagemaker:us-east-1:123456789012:workteam/private-crowd/painters")
    .instructions({
      short: { text: "Paint <all>." },
      full: `<p onclick="alert(2)">All of them. <img src="{{ 's3://shapes/a.jpg' | grant_read_access }}" alt="an example"></p>`,
      legend: true,
      examples: [{ image: "s3://shapes/a.jpg", caption: "Good" }],
    });

describe("a preview of the worker page", () => {
  it("loads nothing, runs nothing, and takes names for text", async () => {
    const { html, errors } = await begin().images(["s3://shapes/a.jpg"]).classes(hostile).preview();
    expect(errors).toEqual([]);
    expect(html).toContain(`default-src 'none'; img-src data:; style-src 'unsafe-inline'`);
    expect(html).not.toContain("<img src=x");
    expect(html).not.toMatch(/<script|https?:/i);
    expect(html).toContain("&lt;img src=x onerror=alert(1)&gt;&quot;");
    expect(html).toContain("Paint &lt;all&gt;.");
  });

  it("refuses example pictures whose address would leave the template", () => {
    for (const image of ["s3://shapes/a'b.jpg", "s3://shapes/{{x}}.jpg", "s3://shapes/a b.jpg"]) {
      expect(() => begin().instructions({ short: "a", full: "b", examples: [{ image, caption: "c" }] })).toThrow(
        /instructions\.examples/,
      );
    }
  });

  it("says what is wrong with a template", async () => {
    const page = await begin()
      .images(["s3://shapes/a.jpg"])
      .classes(hostile)
      .instructions({ short: "{% if a %}", full: "{{ 1 | shout }}" })
      .preview();
    expect(page.errors).toEqual(["Unknown filter: shout", "The tag if is not closed."]);
  });
});

const executablePath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
const noBrowser = !existsSync(executablePath);
if (noBrowser)
  console.warn(`No Chromium at ${executablePath} (environment variable CHROMIUM): the page is not looked at`);

describe.skipIf(noBrowser)("a preview in Chromium", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath,
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--no-first-run",
      ],
    });
  }, 60_000);
  afterAll(() => browser.close());

  const old = labelsFromManifest({
    store,
    uri: "s3://shapes/old.manifest",
    classes: sceneClasses,
    attribute: "old-ref",
  });
  it.each([
    ["labeling", 390, () => begin().images(["s3://shapes/a.jpg"]).classes(sceneClasses), 3, ["disc", "bar"]],
    ["adjustment", 1280, () => begin().adjust(old), 4, ["disc", "bar"]],
    ["verification", 1280, () => begin().verify(old), 4, ["correct", "incorrect"]],
  ] as const)("shows a page of %s at %i pixels without complaint", async (_, width, make, images, items) => {
    const { html } = await make().preview();
    const page = await browser.newPage({ viewport: { width, height: 800 } });
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("dialog", (dialog) => {
      complaints.push(dialog.message());
      void dialog.dismiss();
    });
    page.on("request", (request) => {
      if (!/^(about|data):/.test(request.url())) complaints.push(request.url());
    });
    await page.setContent(html);
    // As texts: these run in the page, and the types of a browser are not part of this project.
    const shown = await page.evaluate<{
      sizes: number[][];
      items: string[];
      colors: string[];
      wide: number;
      window: number;
    }>(`(async () => {
      const pictures = [...document.images];
      await Promise.all(pictures.map((image) => image.decode()));
      return {
        sizes: pictures.map((image) => [image.naturalWidth, image.naturalHeight]),
        items: [...document.querySelectorAll("ul.labels li")].map((item) => item.textContent.trim()),
        colors: [...document.querySelectorAll("ul.labels .swatch")].map((item) => getComputedStyle(item).backgroundColor),
        wide: document.documentElement.scrollWidth,
        window: innerWidth,
      };
    })()`);
    expect(shown.sizes).toEqual(Array.from({ length: images }, () => [48, 32]));
    expect(shown.items).toEqual(items);
    expect(shown.wide).toBeLessThanOrEqual(shown.window);
    // Colours of the shown mask where there is one.
    if (_ === "adjustment") expect(shown.colors[0]).toBe("rgb(18, 52, 86)");
    if (_ === "labeling") expect(shown.colors[0]).toBe("rgb(44, 160, 44)");
    await page.click("p[onclick]");
    expect(complaints).toEqual([]);
    await page.close();
  });
});
