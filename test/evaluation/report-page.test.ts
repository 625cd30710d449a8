import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import jpeg from "jpeg-js";
import { chromium } from "playwright-core";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { evaluate } from "../../src/evaluation/evaluate.js";
import type { SampleInMemory } from "../../src/evaluation/sample.js";
import type { SegmentationReport } from "../../src/evaluation/report.js";
import { withoutMetadata } from "../../src/evaluation/page/embedded-image.js";
import { defineClasses } from "../../src/mask/classes.js";
import { createMask } from "../../src/mask/mask-value.js";

const hostileName = `<script>alert("1")</script>'&\u202Egpj.exe`;
const longName = `scans/${"a-very-long-directory-name-without-any-blank".repeat(6)}/image.jpg`;
const hostileClass = `<img src=x onerror=alert(2)>"&`;

/** Size of the test images: wider than high, so that a turned one is noticed. */
const [width, height] = [64, 40];

/** A JPEG of one colour with an EXIF orientation of 6 (turn by 90 degrees), which masks do not have. */
function turnedJpeg(shade: number): Uint8Array {
  const data = Buffer.alloc(width * height * 4, shade);
  const file = jpeg.encode({ width, height, data }, 80).data;
  // TIFF header, one directory entry: tag 0x0112 (orientation), type SHORT, count 1, value 6.
  const tiff = Buffer.from(
    "4d4d002a00000008" + "0001" + "0112" + "0003" + "00000001" + "0006" + "0000" + "00000000",
    "hex",
  );
  const exif = Buffer.concat([Buffer.from("Exif\0\0", "latin1"), tiff]);
  const segment = Buffer.concat([Buffer.from([0xff, 0xe1, 0, exif.length + 2]), exif]);
  return Buffer.concat([file.subarray(0, 2), segment, file.subarray(2)]);
}

async function reportOf(classCount: number): Promise<SegmentationReport<string>> {
  const names = ["background", hostileClass, ...Array.from({ length: classCount - 2 }, (_, at) => `class ${at + 2}`)];
  const classes = defineClasses<string>(names);
  const samples = [hostileName, longName, "c.jpg"].map((name, at): SampleInMemory<string> => {
    const image = turnedJpeg(90 + at * 40);
    const data = Uint8Array.from({ length: width * height }, (_, pixel) =>
      pixel < width ? 255 : (pixel >> 4) % classCount,
    );
    return { name, image, mask: createMask(width, height, data, classes) };
  });
  const predictor = {
    mask: () => {
      const data = Uint8Array.from({ length: width * height }, (_, pixel) => (pixel >> 3) % classCount);
      return Promise.resolve(createMask(width, height, data, classes));
    },
  };
  return evaluate(predictor, samples);
}

describe("the text of a report page", () => {
  it("loads nothing, runs nothing, and takes names for text", async () => {
    const html = (await reportOf(3)).toHtml({ title: "<i>Turtles</i>" });
    // `match` and a list: a failure must not print the whole page.
    expect(html.match(/<script|<i>Turtles|<img|https?:|@import|url\(/gi)).toBeNull();
    expect(html.replace(/"[^"]*"/g, '""').match(/<[a-z][^>]*\son[a-z]+=/gi)).toBeNull();
    expect(html).toContain("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&#39;&amp;");
    expect(html).toContain("&lt;img src=x onerror=alert(2)&gt;&quot;&amp;");
    expect(html).toContain(`default-src 'none'; img-src data:; style-src 'unsafe-inline'`);
  });

  it("leaves images out beyond the limit and says so, masks stay", async () => {
    const report = await reportOf(3);
    expect(report.toHtml({ maxImageBytes: 0 }).match(/its size limit/g)).toHaveLength(3);
    expect(report.toHtml({ maxImageBytes: 0 })).not.toContain("data:image/jpeg");
    expect(report.toHtml({ maxImageBytes: 0 }).match(/data:image\/png/g)).toHaveLength(9);
    expect(report.toHtml().match(/data:image\/jpeg/g)).toHaveLength(3);
  });

  it("lists rules, classes that are absent, and what was not predicted as a class", async () => {
    const classes = defineClasses(["background", "cat", "dog"]);
    const mask = (...data: number[]) => createMask(data.length, 1, Uint8Array.from(data), classes);
    const predictor = { mask: () => Promise.resolve(mask(0, 255)) };
    const report = await evaluate(predictor, [{ name: "a", image: Uint8Array.of(1), mask: mask(0, 1) }]);
    const html = report.toHtml();
    for (const rule of report.rules) expect(html).toContain(rule);
    expect(html).toMatch(/dog<\/bdi><\/th><td class="absent"/);
    expect(html).toContain("1 predicted as no class");
    expect(html).toContain("it is no JPEG or PNG");
  });
});

describe("withoutMetadata", () => {
  it("takes EXIF out and leaves the picture", () => {
    const file = turnedJpeg(120);
    const clean = withoutMetadata(file);
    expect(Buffer.from(file).includes("Exif")).toBe(true);
    expect(Buffer.from(clean).includes("Exif")).toBe(false);
    expect(jpeg.decode(clean).data.equals(jpeg.decode(file).data)).toBe(true);
  });

  it("leaves what it cannot read as it is", () => {
    const file = turnedJpeg(120);
    for (const broken of [file.subarray(0, 2), file.subarray(0, 30), Uint8Array.of(0xff, 0xd8, 1, 2, 3, 4, 5, 6)]) {
      expect(withoutMetadata(broken)).toEqual(broken);
    }
  });
});

const executablePath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
const noBrowser = !existsSync(executablePath);
if (noBrowser)
  console.warn(`No Chromium at ${executablePath} (environment variable CHROMIUM): the page is not looked at`);

describe.skipIf(noBrowser)("a report page in Chromium", () => {
  let browser: Browser;
  let folder = "";
  const pages = new Map<number, string>();

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "report-page-"));
    for (const count of [3, 40]) {
      const path = join(folder, `report-${count}.html`);
      await (await reportOf(count)).writeHtml(path);
      pages.set(count, pathToFileURL(path).href);
    }
    browser = await chromium.launch({
      executablePath,
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
      ],
    });
  });
  afterAll(async () => {
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  });

  it.each([
    [390, "light", 3],
    [390, "dark", 40],
    [1280, "light", 40],
    [1280, "dark", 3],
  ] as const)(
    "fits %i pixels (%s, %i classes) with all pictures and without complaint",
    async (viewport, colorScheme, count) => {
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
      await page.goto(pages.get(count)!);

      // As texts: these run in the page, and the types of a browser are not part of this project.
      const layout = await page.evaluate<{ content: number; window: number }>(
        "({ content: document.documentElement.scrollWidth, window: innerWidth })",
      );
      expect(layout.content).toBeLessThanOrEqual(layout.window);
      expect(layout.window).toBe(viewport);

      // Each picture decodes, in its stored orientation, and is drawn as wide as its mask asks for.
      const pictures = await page.evaluate(`Promise.all(
        [...document.querySelectorAll("svg image")].map(async (element) => {
          const image = new Image();
          image.src = element.getAttribute("href");
          await image.decode();
          return [image.naturalWidth, image.naturalHeight];
        }),
      )`);
      expect(pictures).toEqual(Array.from({ length: 3 * 4 }, () => [width, height]));
      const drawn = await page.evaluate<number[]>(`[...document.querySelectorAll("figure svg")].map((svg) => {
        const { width, height } = svg.getBoundingClientRect();
        return width / height;
      })`);
      expect(drawn).toHaveLength(12);
      for (const ratio of drawn) expect(ratio).toBeCloseTo(width / height, 1);

      const headings = await page.locator("article h3").allTextContents();
      expect(headings).toContain(hostileName);
      expect(await page.locator("tbody th").first().textContent()).toBe("background");
      expect(await page.locator("tbody th bdi").nth(1).textContent()).toBe(hostileClass);

      const background = await page.evaluate<string>("getComputedStyle(document.body).backgroundColor");
      const [red = 0] = (/\d+/.exec(background) ?? []).map(Number);
      if (colorScheme === "dark") expect(red).toBeLessThan(60);
      else expect(red).toBeGreaterThan(200);
      expect(complaints).toEqual([]);
      await page.close();
    },
  );

  it("enlarges a picture and closes it again, without script", async () => {
    const context = await browser.newContext({ viewport: { width: 390, height: 700 }, javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(pages.get(3)!);
    const figure = page.locator("#image-1-difference");
    await figure.locator("a").first().click();
    expect(await figure.boundingBox()).toEqual({ x: 0, y: 0, width: 390, height: 700 });
    await figure.locator(".close").click();
    expect((await figure.boundingBox())!.width).toBeLessThan(200);
    await context.close();
  });

  it("lets a wide confusion matrix scroll inside itself", async () => {
    const page = await browser.newPage({ viewport: { width: 390, height: 800 } });
    await page.goto(pages.get(40)!);
    const sizes = await page.evaluate<[number, number]>(`(() => {
      const { scrollWidth, clientWidth } = document.querySelector('[aria-label="Confusion matrix"]');
      return [scrollWidth, clientWidth];
    })()`);
    expect(sizes[0]).toBeGreaterThan(sizes[1]);
    expect(sizes[1]).toBeLessThan(390);
    await page.close();
  });
});
