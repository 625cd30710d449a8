import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { ArtifactOptions } from "../../src/artifact/artifact.js";
import { inspectArtifact } from "../../src/artifact/inspect-artifact.js";
import { openArtifact } from "../../src/artifact/open-artifact.js";
import { artifactBytes, join } from "../support/params-bytes.js";
import { rejectionOf } from "../support/refusal-of.js";
import { paxLine, tarBytes, tarEntryBytes } from "../support/tar-bytes.js";
import { netParams } from "../support/thin-nets.js";

const weights = netParams({ algorithm: "fcn", depth: 50, classes: 2, aux: false, divisor: 64 }, 1);
const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const none = new Uint8Array();
const plain = tarEntryBytes("model_best.params", weights);

/** Files and warnings of an archive that must be readable. */
async function told(archive: Uint8Array, options?: ArtifactOptions): Promise<unknown[]> {
  const { files, warnings, sound } = await inspectArtifact(archive, options);
  expect(sound).toBe(true);
  return [files.map(({ name }) => name), warnings];
}

// Layout of all of these: POSIX.1-2017, pax; GNU tar manual, "Basic Tar Format".
describe("tar archives", () => {
  it("may come from any program: leading ./, folders, NUL as type, missing end", async () => {
    const archive = tarBytes(
      tarEntryBytes("./", none, { type: "5" }),
      tarEntryBytes("old-folder/", none, { type: "\u0000" }),
      tarEntryBytes(".//./model_best.params", weights, { type: "\u0000" }),
    );
    expect(await told(archive)).toEqual([["model_best.params"], []]);
    expect(await told(archive.subarray(0, archive.length - 1024))).toEqual([["model_best.params"], []]);
    expect(await told(gzipSync(join([archive, new Uint8Array(20 * 512)])))).toEqual([["model_best.params"], []]);
  });

  it("may have long names, in the way of ustar, pax and GNU tar", async () => {
    const long = `${"deep/".repeat(30)}model.params`;
    const options = { weights: long };
    const pax = paxLine("path", long);
    const archives = [
      tarBytes(tarEntryBytes(long.slice(140), weights, { put: { 345: long.slice(0, 139) } })),
      tarBytes(tarEntryBytes("PaxHeaders/x", join([paxLine("mtime", "1.5"), pax]), { type: "x" }), tarEntryBytes("cut", weights)),
      tarBytes(
        tarEntryBytes("PaxHeaders/g", paxLine("comment", "x"), { type: "g" }),
        tarEntryBytes("././@LongLink", text(`${long}\u0000`), { type: "L", put: { 257: "ustar  \u0000" } }),
        tarEntryBytes("cut", weights, { put: { 257: "ustar  \u0000", 345: "12345670123" } }),
      ),
    ]; // prettier-ignore
    for (const archive of archives) expect(await told(archive, options)).toEqual([[long], []]);
  });

  it("may state sizes in base 256 and in pax headers", async () => {
    const size = new Uint8Array(12);
    size[0] = 0x80;
    new DataView(size.buffer).setUint32(8, weights.length);
    expect(await told(tarBytes(tarEntryBytes("model_best.params", weights, { put: { 124: size } })))).toEqual([
      ["model_best.params"],
      [],
    ]);
    const header = tarEntryBytes("x", paxLine("size", String(weights.length)), { type: "x" });
    const entry = tarEntryBytes("model_best.params", weights, { put: { 124: "00000000000" } });
    expect(await told(tarBytes(header, entry))).toEqual([["model_best.params"], []]);
  });

  it("may hold links, devices and paths that lead elsewhere: these are told of and passed over", async () => {
    const archive = tarBytes(
      tarEntryBytes("model_best.params", none, { type: "2", put: { 157: "/etc/passwd" } }),
      tarEntryBytes("model_algo-1", none, { type: "1", put: { 157: "../x" } }),
      tarEntryBytes("tty", none, { type: "3" }),
      tarEntryBytes("/etc/passwd", text("root")),
      tarEntryBytes("a/../../b", text("x")),
      tarEntryBytes("C:\\model", text("x")),
      plain,
    );
    expect(await told(archive)).toEqual([
      ["model_best.params"],
      [
        '"model_best.params" in the archive is a symbolic link and was passed over',
        '"model_algo-1" in the archive is a hard link and was passed over',
        '"tty" in the archive is a device and was passed over',
        '"/etc/passwd" in the archive is an absolute path and was passed over',
        '"a/../../b" in the archive is a path that leads out of the archive and was passed over',
        '"C:\\\\model" in the archive is an absolute path and was passed over',
      ],
    ]);
    const outside = openArtifact(tarBytes(tarEntryBytes("/m", weights)), { weights: "/m" });
    expect((await rejectionOf(outside)).code).toBe("artifact.unsupported");
  });

  it("are cut off at any block, and the error says so", async () => {
    const archive = tarBytes(tarEntryBytes("hyperparams.json", text("{}")), plain);
    for (let length = 512; length < archive.length - 1024 - 512; length += 512) {
      for (const cut of [archive.subarray(0, length), archive.subarray(0, length - 100)]) {
        const error = await rejectionOf(openArtifact(cut));
        // At the end of an entry only the weights are missing.
        const whole = cut.length === 1024 || cut.length === 1024 - 100;
        expect(error.code).toBe(whole ? "artifact.unsupported" : "artifact.damaged");
      }
    }
  });

  it("with damaged headers are refused with the byte", async () => {
    const archive = tarBytes(tarEntryBytes("hyperparams.json", text("{}")), plain);
    archive[1024 + 3]! ^= 1;
    expect((await rejectionOf(openArtifact(archive))).details).toEqual({
      offset: 1024,
      expected: "a header whose checksum is right",
    });
    const cases: readonly Uint8Array[] = [
      tarBytes(tarEntryBytes("model_best.params", weights, { put: { 124: "12x456789012" } })),
      tarBytes(tarEntryBytes("model_best.params", weights, { put: { 124: new Uint8Array(12).fill(0xff) } })),
      tarBytes(tarEntryBytes("x", text("8 path=x\n"), { type: "x" }), plain),
      tarBytes(tarEntryBytes("x", text("999 path=x\n"), { type: "x" }), plain),
      tarBytes(tarEntryBytes("x", text("no length"), { type: "x" }), plain),
      tarBytes(tarEntryBytes("x", text("1 \n"), { type: "x" }), plain),
      tarBytes(tarEntryBytes("x", paxLine("size", "-1"), { type: "x" }), plain),
      tarBytes(tarEntryBytes("x", paxLine("size", "1e3"), { type: "x" }), plain),
      tarBytes(tarEntryBytes("x", new Uint8Array(70_000), { type: "L" }), plain),
      tarBytes(plain, plain),
    ];
    for (const [index, damaged] of cases.entries()) {
      const error = await rejectionOf(inspectArtifact(damaged));
      expect([index, error.code]).toEqual([index, "artifact.damaged"]);
    }
    expect((await rejectionOf(openArtifact(new Uint8Array(10_240)))).message).toContain("at least one file");
  });
});

describe("bombs", () => {
  it("of gzip end at the limit of unpacked bytes", async () => {
    const bomb = gzipSync(join([plain, tarEntryBytes("zeros", new Uint8Array(40 * 1024 ** 2))]));
    expect(bomb.length).toBeLessThan(200_000);
    const limits = { unpackedBytes: 1024 ** 2 };
    expect((await rejectionOf(inspectArtifact(bomb, { limits }))).details).toMatchObject({ what: "unpackedBytes" });
    const zeros = gzipSync(join([plain, new Uint8Array(40 * 1024 ** 2)]));
    expect((await rejectionOf(inspectArtifact(zeros, { limits }))).details).toMatchObject({ what: "unpackedBytes" });
    const empty = gzipSync(new Uint8Array(40 * 1024 ** 2));
    expect((await rejectionOf(inspectArtifact(empty, { limits }))).code).toBe("artifact.damaged");
  });

  it("of sizes end before memory is set aside", async () => {
    // 8 GB - 1, as octal digits.
    const huge = tarBytes(tarEntryBytes("model_best.params", weights, { put: { 124: "77777777777" } }));
    expect((await rejectionOf(openArtifact(huge))).details).toMatchObject({ what: "unpackedBytes" });
    // 1 GiB: within the limits, but more than a file of this size can unpack to.
    const large = tarBytes(tarEntryBytes("model_best.params", weights, { put: { 124: "10000000000" } }));
    for (const bytes of [large, gzipSync(large.subarray(0, 2048))]) {
      const error = await rejectionOf(openArtifact(bytes));
      expect(error).toMatchObject({ code: "artifact.damaged", details: { file: "model_best.params" } });
    }
  });

  it("of entries end at the limit of entries, extension headers counted", async () => {
    const archive = tarBytes(...Array.from({ length: 1001 }, (_, index) => tarEntryBytes(`f${index}`, none)));
    expect((await rejectionOf(openArtifact(gzipSync(archive)))).details).toEqual({
      what: "entries",
      limit: 1000,
      actual: 1001,
      offset: 1000 * 512,
    });
    const extensions = tarBytes(...Array.from({ length: 1001 }, () => tarEntryBytes("x", none, { type: "g" })));
    expect((await rejectionOf(openArtifact(extensions))).details).toMatchObject({ what: "entries" });
  });

  it("of settings are not read", async () => {
    const archive = artifactBytes({ "hyperparams.json": new Uint8Array(2 * 1024 ** 2), "model_best.params": weights });
    expect((await openArtifact(archive)).hyperparameters).toBeUndefined();
  });
});
