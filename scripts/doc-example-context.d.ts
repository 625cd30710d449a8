// What examples in the documentation take for granted.
import type { ClassTable, Mask, OwnedEndpoint, Predictor, Session } from "sagemaker-semseg";

declare global {
  const classes: ClassTable<"background" | "sea turtle">;
  const session: Session;
  const endpoint: OwnedEndpoint<"background" | "sea turtle">;
  const predictor: Predictor<"background" | "sea turtle">;
  const mask: Mask<"background" | "sea turtle">;
  const jpegBytes: Uint8Array;
  const pngBytes: Uint8Array;
}
