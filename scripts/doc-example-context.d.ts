// What examples in the documentation take for granted.
import type { ClassTable, Estimator, Mask, OwnedEndpoint, Predictor, Session, TrainingJob } from "sagemaker-semseg";

declare global {
  const classes: ClassTable<"background" | "sea turtle">;
  const session: Session;
  const estimator: Estimator<"background" | "sea turtle", never>;
  const training: TrainingJob<"background" | "sea turtle">;
  const endpoint: OwnedEndpoint<"background" | "sea turtle">;
  const predictor: Predictor<"background" | "sea turtle">;
  const mask: Mask<"background" | "sea turtle">;
  const jpegBytes: Uint8Array;
  const pngBytes: Uint8Array;
}
