import { describe, expect, it } from "vitest";
import { importOptional } from "../../src/inference/import-optional.js";

const notFound = (name: string) =>
  Promise.reject(
    Object.assign(new Error(`Cannot find package '${name}' imported from here`), { code: "ERR_MODULE_NOT_FOUND" }),
  );

describe("importOptional", () => {
  it("gives the module", async () => {
    expect(await importOptional("sharp", () => Promise.resolve({ default: 1 }))).toEqual({
      found: true,
      module: { default: 1 },
    });
  });

  it.each(["onnxruntime-node", "onnxruntime-web", "sharp"] as const)("tells how to install %s", async (name) => {
    const found = await importOptional(name, notFound);
    const error = found.found ? undefined : found.error;
    expect(error).toMatchObject({ code: "onnx.runtime", details: { packages: [name] } });
    expect(error?.message).toContain(`${name} is not installed`);
    expect(error?.message).toMatch(new RegExp(`npm install (--ignore-scripts )?${name}`));
    // Without it the package's own script fetches GPU libraries.
    expect(error?.message.includes("ONNXRUNTIME_NODE_INSTALL=skip")).toBe(name === "onnxruntime-node");
  });

  it("says why a package that is there cannot be loaded", async () => {
    const found = await importOptional("onnxruntime-node", () => Promise.reject(new Error("GLIBC_2.34 not found")));
    expect(found.found ? "" : found.error.message).toContain("cannot be loaded: GLIBC_2.34 not found");
  });
});
