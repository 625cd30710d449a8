import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import jpeg from "jpeg-js";
import { chromium } from "playwright-core";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { auditLabels } from "../../src/audit/audit-labels.js";
import type { AuditReport } from "../../src/audit/audit-report.js";
import { defineClasses } from "../../src/mask/classes.js";
import { labelsFromManifest } from "../../src/manifest/labels.js";
import { memoryStore } from "../support/memory-store.js";
import { pngBytes } from "../support/png-bytes.js";

const hostile = `s3://bucket/<script>alert(1)</script>"'\u202Egpj.jpg`;
const hostileClass = `<img src=x onerror=alert(2)>`;
const [width, height] = [48, 30];

async function report(): Promise<AuditReport<string>> {
  const classes = defineClasses<string>(["background", hostileClass, "never"]);
  const data = Buffer.alloc(width * height * 4, 120);
  const image = jpeg.encode({ width, height, data }, 80).data;
  const mask = (flip: boolean, odd: number): Uint8Array => {
    const samples = Array.from({ length: width * height }, (_, at) => (at % 7 === odd ? 2 : at > 500 ? 1 : 0));
    const palette = [[255, 255, 255], [44, 160, 44], [255, 0, 0]] as const; // prettier-ignore
    return pngBytes({ width: flip ? height : width, height: flip ? width : height, colorType: 3, samples, palette });
  };
  const objects: Record<string, Uint8Array | string> = { [hostile]: image, "s3://bucket/2.jpg": image };
  objects["s3://bucket/1.png"] = mask(false, 3);
  objects["s3://bucket/2.png"] = mask(true, 9);
  const metadata = {
    "internal-color-map": { "1": { "class-name": hostileClass, "hex-color": "#2ca02c" } },
    type: "groundtruth/semantic-segmentation",
  };
  const line = (imageUri: string, maskUri: string): string =>
    JSON.stringify({ "source-ref": imageUri, "a-ref": maskUri, "a-ref-metadata": metadata });
  const uri = "s3://bucket/output.manifest";
  const lines = [
    line(hostile, "s3://bucket/1.png"),
    line("s3://bucket/2.jpg", "s3://bucket/2.png"),
    line("s3://bucket/gone.jpg", "s3://bucket/gone.png"),
    "<b>bad</b>",
  ];
  const store = memoryStore({ ...objects, [uri]: lines.join("\n") });
  return auditLabels(store, labelsFromManifest({ store, uri, classes }), { onError: "skip" });
}

describe("the text of an audit page", () => {
  it("loads nothing, runs nothing, and takes names for text", async () => {
    const html = (await report()).toHtml({ title: "<i>Audit</i>" });
    expect(html.match(/<script|<i>Audit|<b>bad|<img src=x|https?:|@import|url\(/gi)).toBeNull();
    expect(html.replace(/"[^"]*"/g, '""').match(/<[a-z][^>]*\son[a-z]+=/gi)).toBeNull();
    expect(html).toContain(`default-src 'none'; img-src data:; style-src 'unsafe-inline'`);
    expect(html).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
  });

  it("leaves images out beyond the limit, masks stay", async () => {
    const made = await report();
    expect(made.toHtml().match(/data:image\/jpeg/g)).toHaveLength(2);
    expect(made.toHtml({ maxImageBytes: 0 }).match(/data:image\/jpeg/g)).toBeNull();
    // Two masks, each with the picture of its problems.
    expect(made.toHtml({ maxImageBytes: 0 }).match(/data:image\/png/g)).toHaveLength(4);
  });
});

const executablePath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
const noBrowser = !existsSync(executablePath);
if (noBrowser)
  console.warn(`No Chromium at ${executablePath} (environment variable CHROMIUM): the page is not looked at`);

describe.skipIf(noBrowser)("an audit page in Chromium", () => {
  let browser: Browser;
  let folder = "";
  let address = "";

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "audit-page-"));
    const path = join(folder, "deep", "audit.html");
    await (await report()).writeHtml(path);
    address = pathToFileURL(path).href;
    browser = await chromium.launch({
      executablePath,
      args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync", "--no-first-run"],
    });
  });
  afterAll(async () => {
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  });

  it.each([
    [390, "light"],
    [1280, "dark"],
  ] as const)("fits %i pixels (%s) with all pictures and without complaint", async (viewport, colorScheme) => {
    const page = await browser.newPage({ viewport: { width: viewport, height: 800 }, colorScheme });
    const complaints: string[] = [];
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("dialog", (dialog) => {
      complaints.push(dialog.message());
      void dialog.dismiss();
    });
    page.on("request", (request) => {
      if (!/^(file|data):/.test(request.url())) complaints.push(request.url());
    });
    await page.goto(address);
    const layout = await page.evaluate<{ content: number; window: number }>(
      "({ content: document.documentElement.scrollWidth, window: innerWidth })",
    );
    expect(layout.content).toBeLessThanOrEqual(layout.window);
    const decoded = await page.evaluate<number[][]>(`Promise.all(
      [...document.querySelectorAll("svg image, figure img")].map(async (element) => {
        const image = new Image();
        image.src = element.getAttribute("href") ?? element.getAttribute("src");
        await image.decode();
        return [image.naturalWidth, image.naturalHeight];
      }),
    )`);
    // Image, mask and problems of two lines; the second mask is turned.
    const upright = [width, height];
    const turned = [height, width];
    expect(decoded).toEqual([upright, upright, upright, upright, turned, turned]);
    expect(await page.locator("article h3").first().textContent()).toBe(hostile);
    expect(await page.locator("article").count()).toBe(3);
    expect(await page.locator("tbody th bdi").nth(1).textContent()).toBe(hostileClass);
    expect(complaints).toEqual([]);
    await page.close();
  });
});
