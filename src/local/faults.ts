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
  /**
   * The account's quota of this name, as Service Quotas has it: `ml.p3.2xlarge for training job usage`, `... for spot
   * training job usage`. Training jobs above it are refused, until {@link Faults.clear}; without, it is 4.
   */
  quota(name: string, limit: number): void;
  /**
   * AWS takes the spot instance of the job of this name away while it trains, and gives it another one later.
   *
   * @param times - How often; default 1.
   */
  interrupt(job: string, times?: number): void;
  /** The job of this name fails with this reason once its training (or labeling) began. */
  failJob(name: string, reason: string): void;
  /**
   * The image of this address (or all whose address ends so) cannot be labeled, for this reason; default: its tasks
   * expire.
   *
   * @param options - `times`: how many tries fail, default 1, so that a second job over it succeeds.
   */
  failObject(image: string, options?: { readonly reason?: string; readonly times?: number }): void;
  /** The annotators leave the labeling job of this name alone, until {@link Faults.clear}: it stands still. */
  idleAnnotators(job: string): void;
  /** Forgets all faults. */
  clear(): void;
}

/** The side of {@link Faults} that the services ask. */
export class FaultPlan implements Faults {
  private planned: { readonly fault: Fault; left: number }[] = [];
  private readonly scarce = new Set<string>();
  private readonly doomed = new Map<string, string>();
  private readonly quotas = new Map<string, number>();
  private readonly interruptions = new Map<string, number>();
  private readonly objects = new Map<string, { readonly reason: string; left: number }>();
  private readonly idle = new Set<string>();

  next(fault: Fault): void {
    this.planned.push({ fault, left: fault.times ?? 1 });
  }

  noCapacity(instanceType: string): void {
    this.scarce.add(instanceType);
  }

  quota(name: string, limit: number): void {
    this.quotas.set(name, limit);
  }

  interrupt(job: string, times = 1): void {
    this.interruptions.set(job.toLowerCase(), times);
  }

  failJob(name: string, reason: string): void {
    this.doomed.set(name.toLowerCase(), reason);
  }

  failObject(image: string, options: { readonly reason?: string; readonly times?: number } = {}): void {
    const { reason = "ClientError: Annotation tasks expired.", times = 1 } = options;
    this.objects.set(image, { reason, left: times });
  }

  idleAnnotators(job: string): void {
    this.idle.add(job.toLowerCase());
  }

  clear(): void {
    this.objects.clear();
    this.idle.clear();
    this.planned = [];
    this.scarce.clear();
    this.doomed.clear();
    this.quotas.clear();
    this.interruptions.clear();
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

  /** The reason with which an image is to fail; counts it. */
  takeObjectFailure(image: string): string | undefined {
    const found = [...this.objects].find(([end, { left }]) => left > 0 && image.endsWith(end));
    if (found === undefined) return undefined;
    found[1].left--;
    return found[1].reason;
  }

  isIdle(job: string): boolean {
    return this.idle.has(job.toLowerCase());
  }

  /** The quota that was set, if one was. */
  quotaOf(name: string): number | undefined {
    return this.quotas.get(name);
  }

  quotaNames(): readonly string[] {
    return [...this.quotas.keys()];
  }

  /** Whether the job is to lose its instance now; counts it. */
  takeInterruption(job: string): boolean {
    const left = this.interruptions.get(job.toLowerCase()) ?? 0;
    if (left > 0) this.interruptions.set(job.toLowerCase(), left - 1);
    return left > 0;
  }

  /** The reason with which a job is to fail; asked once. */
  takeJobFailure(name: string): string | undefined {
    const reason = this.doomed.get(name.toLowerCase());
    this.doomed.delete(name.toLowerCase());
    return reason;
  }
}
