/**
 * The layers of the house: data walks one way, imports point down. CONTRIBUTING.md has the map.
 *
 * Each room lists the rooms it may import; anything else inside src/ is refused.
 */
const rooms = {
  core: [],
  facts: ["core"],
  codec: ["core"],
  mask: ["core", "codec"],
  evaluation: ["core", "codec", "mask"],
  manifest: ["core", "codec", "mask"],
  files: ["core"],
  raster: ["core"],
  importers: ["core", "codec", "mask", "manifest", "files", "raster"],
  exporters: ["core", "codec", "mask", "files"],
  audit: ["core", "codec", "mask", "manifest", "evaluation"],
  dataset: ["core", "codec", "mask", "evaluation", "manifest", "files", "importers"],
  artifact: ["core", "codec"],
  onnx: ["core", "codec", "artifact"],
  inference: ["core", "codec", "mask", "evaluation", "artifact", "onnx"],
  aws: ["core", "facts"],
  labeling: ["core", "facts", "codec", "mask", "manifest", "aws"],
  training: ["core", "facts", "codec", "mask", "evaluation", "dataset", "aws", "hosting"],
  hosting: ["core", "facts", "mask", "aws", "prediction", "artifact", "onnx"],
  prediction: ["core", "codec", "mask", "aws"],
  // The embedded backend serves real artifacts; it never knows the client side.
  local: ["core", "facts", "codec", "mask", "artifact", "onnx", "inference"],
};

const awsClients = "^node_modules/@aws-sdk/";

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: "no-circles", severity: "error", from: {}, to: { circular: true } },
    ...Object.entries(rooms).map(([room, allowed]) => ({
      name: `layer-${room}`,
      comment: `src/${room} may import ${["itself", ...allowed].join(", ")} only`,
      severity: "error",
      from: { path: `^src/${room}/` },
      to: { path: "^src/", pathNot: `^src/(${[room, ...allowed].join("|")})/` },
    })),
    {
      name: "aws-clients-lazily",
      comment: "AWS clients are loaded by the call that needs them: types only, or a dynamic import",
      severity: "error",
      from: { path: "^src/" },
      to: { path: awsClients, dependencyTypesNot: ["type-only"], dynamic: false },
    },
    {
      name: "pure-rooms-know-no-aws",
      severity: "error",
      from: {
        path: "^src/(core|facts|codec|mask|evaluation|manifest|files|raster|importers|exporters|dataset|artifact|local)/",
      },
      to: { path: awsClients },
    },
    {
      name: "masks-without-dependencies",
      comment: "./masks reaches no npm package at all",
      severity: "error",
      from: { path: "^src/masks\\.ts$" },
      to: { path: "node_modules", reachable: true },
    },
    { name: "no-orphans", severity: "error", from: { orphan: true, path: "^src/", pathNot: "\\.d\\.ts$" }, to: {} },
    {
      name: "not-to-dev-dependencies",
      severity: "error",
      from: { path: "^src/" },
      to: { dependencyTypes: ["npm-dev"], dependencyTypesNot: ["type-only", "npm-peer"] },
    },
  ],
  options: {
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    // Another language: the source of the WebAssembly kernel.
    exclude: { path: "^src/codec/kernel/assembly/" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "types", "default"] },
  },
};
