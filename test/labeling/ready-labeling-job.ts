import { createAwsContext } from "../../src/aws/clients.js";
import { labelingJobBuilder } from "../../src/labeling/labeling-steps.js";
import { defineClasses } from "../../src/mask/classes.js";

export const classes = defineClasses(["background", "sea turtle", "rock"]);
export const instructions = { short: "Paint every turtle.", full: "<p>Paint every turtle.</p>" };
export const teamArn = "arn:aws:sagemaker:us-east-1:123456789012:workteam/private-crowd/painters";

/** A builder with nothing but its name. */
export function begin(name = "label-turtles", settings: { region?: string } = {}) {
  return labelingJobBuilder(
    createAwsContext({
      role: "arn:aws:iam::123456789012:role/Turtles",
      workspace: "s3://turtles/run-1",
      region: "us-east-1",
      ...settings,
    }),
    name,
  );
}

/** A builder with all required steps done. */
export function ready(name?: string, settings?: { region?: string }) {
  return begin(name, settings)
    .images("s3://turtles/images/")
    .classes(classes)
    .workteam(teamArn)
    .instructions(instructions);
}
