import type { Measured } from "./journey.js";

/** Scores, time and memory as lines of text. */
export function numberLines({ report, everything }: Measured, use: string, seconds: number): readonly string[] {
  const width = Math.max("pixel accuracy".length, ...report.classes.names.map((name) => `IoU ${name}`.length));
  const line = (what: string, value: number | undefined): string =>
    `  ${what.padEnd(width)}  ${value === undefined || Number.isNaN(value) ? "does not occur" : value.toFixed(3)}`;
  return [
    `Measured on ${report.images.length} pictures: ${use}`,
    line("mean IoU", report.meanIoU),
    ...report.classes.names.map((name) => line(`IoU ${name}`, report.perClass[name]?.iou)),
    line("pixel accuracy", report.pixelAccuracy),
    ...(everything === undefined
      ? []
      : [
          `  Over all ${everything.images.length} pictures, those trained on included: mean IoU ${everything.meanIoU.toFixed(3)}`,
        ]),
    `  ${"time".padEnd(width)}  ${seconds.toFixed(1)} s (${processorSeconds().toFixed(1)} s of processor)`,
    `  ${"peak memory".padEnd(width)}  ${peakMegabytes().toFixed(0)} MB`,
    "The model is a small pixel classifier that stands in for the algorithm; it is not ResNet-50.",
    "Its scores say nothing about scores on SageMaker.",
  ];
}

function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Most memory that the process has held so far. */
function peakMegabytes(): number {
  return process.resourceUsage().maxRSS / 1024;
}
