import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  computeMetrics,
  createConfusionMatrix,
  createMask,
  decodeMask,
  defineClasses,
  difference,
  overlay,
} from "sagemaker-semseg/masks";

// Pixels of index 255 count for nothing: here a border that nobody could label.
const classes = defineClasses(["background", "road", "car"], { colors: { road: "#7f7f7f", car: "#d62728" } });
const width = 60;
const height = 40;

/** A road with a car on it; the prediction sees the car a little too far to the right. */
function scene(carAt: number, border: boolean) {
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const onRoad = y >= 24;
      const onCar = y >= 18 && y < 30 && x >= carAt && x < carAt + 16;
      data[y * width + x] = border && (x === 0 || y === 0) ? 255 : onCar ? 2 : onRoad ? 1 : 0;
    }
  }
  return createMask(width, height, data, classes);
}

async function main() {
  const truth = scene(20, true);
  // Masks come as PNG from Ground Truth, from endpoints and from other tools.
  const prediction = decodeMask(scene(23, false).toPng(), { classes });

  const matrix = createConfusionMatrix(classes);
  matrix.add(truth, prediction, "road-1");
  const metrics = computeMetrics(matrix);
  console.log(`mean IoU ${metrics.meanIoU.toFixed(4)}, pixel accuracy ${metrics.pixelAccuracy.toFixed(4)}`);
  for (const name of classes.names) console.log(`  ${name}: IoU ${metrics.perClass[name].iou?.toFixed(4) ?? "absent"}`);

  const photo = { width, height, data: new Uint8Array(width * height * 4).fill(200) };
  for (const [name, picture] of [
    ["overlay", overlay(photo, prediction, { alpha: 0.6 })],
    ["difference", difference(truth, prediction)],
  ] as const) {
    const file = path.join(tmpdir(), `evaluate-masks-${name}.png`);
    await writeFile(file, picture.toPng());
    console.log(`${name}: ${file}`);
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
