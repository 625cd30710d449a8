/** An error that the next calls of an operation answer with. */
export interface Fault {
  /** Operation name, e.g. `CreateEndpoint`, `DescribeTrainingJob`, `InvokeEndpoint`. */
  readonly operation: string;
  /** What the caller gets in place of an answer. */
  readonly error: {
    /** AWS's error name, e.g. `ThrottlingException`. */
    readonly name: string;
    /** AWS's words for people, as the answer has them. */
    readonly message: string;
    /** HTTP status; default 400. */
    readonly status?: number;
  };
  /** How many calls fail; default 1. */
  readonly times?: number;
}

/** Faults on demand: what goes wrong at AWS, when a test wants it. Not for S3. */
export interface Faults {
  /** The next `times` calls of an operation answer with this error. */
  next(fault: Fault): void;
  /** Endpoints and training jobs on this instance type find no capacity, until {@link Faults.clear}. */
  noCapacity(instanceType: string): void;
  /** The job of this name fails with this reason once its training (or labeling) began. */
  failJob(name: string, reason: string): void;
  /** Forgets all faults. */
  clear(): void;
}

/** The side of {@link Faults} that the services ask. */
export class FaultPlan implements Faults {
  private planned: { readonly fault: Fault; left: number }[] = [];
  private readonly scarce = new Set<string>();
  private readonly doomed = new Map<string, string>();

  next(fault: Fault): void {
    this.planned.push({ fault, left: fault.times ?? 1 });
  }

  noCapacity(instanceType: string): void {
    this.scarce.add(instanceType);
  }

  failJob(name: string, reason: string): void {
    this.doomed.set(name.toLowerCase(), reason);
  }

  clear(): void {
    this.planned = [];
    this.scarce.clear();
    this.doomed.clear();
  }

  /** The error that this call is to answer with, if any; counts it. */
  take(operation: string): Fault["error"] | undefined {
    const found = this.planned.find(({ fault }) => fault.operation === operation);
    if (found === undefined) return undefined;
    found.left--;
    if (found.left <= 0) this.planned = this.planned.filter((item) => item !== found);
    return found.fault.error;
  }

  hasCapacity(instanceType: string | undefined): boolean {
    return instanceType === undefined || !this.scarce.has(instanceType);
  }

  /** The reason with which a job is to fail; asked once. */
  takeJobFailure(name: string): string | undefined {
    const reason = this.doomed.get(name.toLowerCase());
    this.doomed.delete(name.toLowerCase());
    return reason;
  }
}
