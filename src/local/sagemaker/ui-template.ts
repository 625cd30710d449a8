import { renderLiquid } from "../../core/liquid.js";
import { ApiError, validationError } from "../wire/api-error.js";
import type { Input, Operation, Output } from "../wire/operation.js";
import type { SageMaker } from "./context.js";

/** RenderUiTemplate: a dry run of a worker template. */
export function uiTemplateOperations({ world }: SageMaker): [string, Operation][] {
  return [["RenderUiTemplate", (input) => render(input, `https://s3.${world.region}.amazonaws.com/`)]];
}

interface RenderRequest {
  readonly UiTemplate?: { readonly Content?: string };
  readonly HumanTaskUiArn?: string;
  readonly Task: { readonly Input: string };
}

function render(input: Input, s3: string): Output {
  // The service model has checked the shape.
  const request = input as unknown as RenderRequest;
  if (request.UiTemplate?.Content !== undefined && request.HumanTaskUiArn !== undefined) {
    throw validationError("Provide either UiTemplate or HumanTaskUiArn, not both.");
  }
  const template = request.UiTemplate?.Content;
  if (template === undefined) {
    throw new ApiError("ResourceNotFound", "The embedded backend has no human task UIs: provide UiTemplate.");
  }
  let task: unknown;
  try {
    task = JSON.parse(request.Task.Input);
  } catch {
    throw validationError("Task.Input is not valid JSON.");
  }
  const errors: { Code: string; Message: string }[] = [];
  const grantAccess = (uri: string): string => (uri.startsWith("s3://") ? s3 + uri.slice("s3://".length) : uri);
  const rendered = renderLiquid(template, { task: { input: task } }, grantAccess, (message) =>
    errors.push({ Code: "TemplateError", Message: message }),
  );
  if (!/<crowd-form[\s>]/.test(rendered)) {
    errors.push({ Code: "MissingCrowdForm", Message: "The template has no crowd-form element." });
  }
  return { RenderedContent: rendered, Errors: errors };
}
