import { joinS3Uri } from "../core/s3-uri.js";
import type { AnyClassTable } from "../mask/classes.js";
import { labelCategoryFile } from "./label-categories.js";
import { workerTemplate } from "./worker-template.js";
import type { WorkerTemplate } from "./worker-template.js";

/** A text file of a labeling job. */
export interface LabelingFile {
  /** S3 address that the file is written to. */
  readonly uri: string;
  /** Media type that is stored with it. */
  readonly contentType: string;
  /** The whole text, written as UTF-8. */
  readonly body: string;
}

/** Addresses of what a job's input consists of, all below `<workspace>/labeling/<job name>/`. */
export interface LabelingPaths {
  readonly folder: string;
  readonly manifest: string;
  readonly categories: string;
  readonly template: string;
}

/** The addresses for one job. */
export function labelingPaths(workspace: string, name: string): LabelingPaths {
  const folder = joinS3Uri(workspace, "labeling", `${name}/`);
  return {
    folder,
    manifest: joinS3Uri(folder, "input.manifest"),
    categories: joinS3Uri(folder, "label-categories.json"),
    template: joinS3Uri(folder, "template.liquid.html"),
  };
}

/** Label categories and worker page of a job; labels are the classes, or the answers of a verification. */
export function labelingFiles(
  paths: LabelingPaths,
  labels: AnyClassTable | readonly string[],
  page: WorkerTemplate,
): readonly LabelingFile[] {
  return [
    { uri: paths.categories, contentType: "application/json", body: labelCategoryFile(labels) },
    { uri: paths.template, contentType: "text/html; charset=utf-8", body: workerTemplate(page) },
  ];
}
