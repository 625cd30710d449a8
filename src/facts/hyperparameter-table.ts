/** What is known of one hyperparameter of the algorithm. */
export interface HyperparameterFact {
  /** The kind of value; on the wire all are texts. */
  readonly kind: "integer" | "float" | "boolean" | "enum" | "string";
  /** Whether every job must give it; default false. */
  readonly required?: boolean;
  /** Must be given when the other parameter has this wire value. */
  readonly requiredWhen?: readonly [parameter: string, value: string];
  /** Has no effect unless the other parameter has this wire value. */
  readonly ignoredUnless?: readonly [parameter: string, value: string];
  /** Lowest value of a number; none when missing. */
  readonly min?: number;
  /** Highest value of a number; none when missing. */
  readonly max?: number;
  /** Whether `min` itself is out of range; default false. */
  readonly exclusiveMin?: boolean;
  /** Whether `max` itself is out of range; default false. */
  readonly exclusiveMax?: boolean;
  /** The texts that an `enum` may have. */
  readonly values?: readonly string[];
  /** Default as the container prints it. */
  readonly default?: string;
  /** `false`: seen in the container's logs only. */
  readonly documented?: boolean;
}

/** Name of a hyperparameter of the algorithm. */
export type HyperparameterName =
  | "backbone"
  | "use_pretrained_model"
  | "algorithm"
  | "num_classes"
  | "num_training_samples"
  | "base_size"
  | "crop_size"
  | "early_stopping"
  | "early_stopping_min_epochs"
  | "early_stopping_patience"
  | "early_stopping_tolerance"
  | "epochs"
  | "gamma1"
  | "gamma2"
  | "learning_rate"
  | "lr_scheduler"
  | "lr_scheduler_factor"
  | "lr_scheduler_step"
  | "mini_batch_size"
  | "momentum"
  | "optimizer"
  | "syncbn"
  | "validation_mini_batch_size"
  | "weight_decay"
  | "precision_dtype";

/**
 * The hyperparameters of the built-in semantic segmentation algorithm, under their own names.
 *
 * Source: the current hyperparameter page of the developer guide; defaults as the container prints them in logs of
 * 2019 to 2025. `base_size` and its default come from the guide only. `precision_dtype` is undocumented.
 */
export const hyperparameterTable = {
  backbone: { kind: "enum", values: ["resnet-50", "resnet-101"], default: "resnet-50" },
  use_pretrained_model: { kind: "boolean", default: "True" },
  algorithm: { kind: "enum", values: ["fcn", "psp", "deeplab"], default: "fcn" },
  num_classes: { kind: "integer", required: true, min: 2, max: 254 },
  num_training_samples: { kind: "integer", required: true, min: 1 },
  base_size: { kind: "integer", min: 16, exclusiveMin: true, default: "520" },
  crop_size: { kind: "integer", min: 16, exclusiveMin: true, default: "240" },
  early_stopping: { kind: "boolean", default: "False" },
  early_stopping_min_epochs: { kind: "integer", ignoredUnless: ["early_stopping", "True"], default: "5" },
  early_stopping_patience: { kind: "integer", ignoredUnless: ["early_stopping", "True"], default: "4" },
  early_stopping_tolerance: {
    kind: "float",
    ignoredUnless: ["early_stopping", "True"],
    min: 0,
    max: 1,
    default: "0.0",
  },
  epochs: { kind: "integer", min: 1, default: "10" },
  gamma1: { kind: "float", ignoredUnless: ["optimizer", "rmsprop"], min: 0, max: 1, default: "0.9" },
  gamma2: { kind: "float", ignoredUnless: ["optimizer", "rmsprop"], min: 0, max: 1, default: "0.9" },
  learning_rate: { kind: "float", min: 0, max: 1, exclusiveMin: true, default: "0.001" },
  lr_scheduler: { kind: "enum", values: ["step", "poly", "cosine"], default: "poly" },
  lr_scheduler_factor: { kind: "float", ignoredUnless: ["lr_scheduler", "step"], min: 0, max: 1, default: "0.1" },
  lr_scheduler_step: {
    kind: "string",
    requiredWhen: ["lr_scheduler", "step"],
    ignoredUnless: ["lr_scheduler", "step"],
  },
  mini_batch_size: { kind: "integer", min: 1, default: "16" },
  momentum: { kind: "float", ignoredUnless: ["optimizer", "sgd"], min: 0, max: 1, exclusiveMin: true, default: "0.9" },
  optimizer: { kind: "enum", values: ["adam", "adagrad", "nag", "rmsprop", "sgd"], default: "sgd" },
  syncbn: { kind: "boolean", default: "False" },
  validation_mini_batch_size: { kind: "integer", min: 1, default: "16" },
  weight_decay: {
    kind: "float",
    ignoredUnless: ["optimizer", "sgd"],
    min: 0,
    max: 1,
    exclusiveMin: true,
    exclusiveMax: true,
    default: "0.0001",
  },
  precision_dtype: { kind: "enum", values: ["float32"], default: "float32", documented: false },
} as const satisfies Readonly<Record<HyperparameterName, HyperparameterFact>>;
