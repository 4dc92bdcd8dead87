/** A call that IAM denied, as the patched emulator tells it. */
export interface Denial {
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** The caller's ARN, a service's name, or `anonymous`. */
  readonly principal: string;
  readonly principalKind:
    | "Root"
    | "User"
    | "AssumedRole"
    | "FederatedUser"
    | "WebIdentityUser"
    | "Service"
    | "Anonymous";
  /** The ARN of the role, if the caller is a session of one. */
  readonly role?: string | undefined;
  readonly action: string;
  readonly resource: string;
  /** Whether a statement denies the call. Otherwise, no statement allows it. */
  readonly explicit: boolean;
  /** The type of policy that denies the call or lacks a grant. */
  readonly policyType: "identity" | "resource" | "boundary" | "session";
  /** Name of the policy that denies the call. */
  readonly policy: string;
  /** The denying statement in that policy. */
  readonly statement: string;
  /** What the closest statement of the lacking type allows instead. */
  readonly almost: string;
  /** For calls by services: aws:SourceArn. */
  readonly source: string;
  /** AWS's message. */
  readonly message: string;
  /** The request that the denied call was part of, such as `POST /items (request 5f…)`. */
  readonly during?: string;
}

/** How long a repeated denial is not told again. A failed batch is retried many times. */
const quietMilliseconds = 60_000;
const kept = 1_000;

/** Reads denials, and leaves out those that have just been told. */
export class Denials {
  private readonly told = new Map<string, number>();

  /** @param during looks up the request that a call with this trace header was part of */
  constructor(
    private readonly during: (traceHeader: string) => Promise<string | undefined>,
    private readonly tell: (denial: Denial) => void,
  ) {}

  /** @param line as the patched emulator writes it */
  async add(line: string): Promise<void> {
    const { trace, ...denial }: Denial & { readonly trace: string } = JSON.parse(line);
    const key = JSON.stringify([denial.principal, denial.action, denial.resource, denial.source]);
    const last = this.told.get(key);
    if (last !== undefined && denial.time - last < quietMilliseconds) return;
    this.told.set(key, denial.time);
    const [oldest] = this.told.keys();
    if (oldest && this.told.size > kept) this.told.delete(oldest);
    const during = await this.during(trace);
    this.tell({ ...denial, ...(during && { during }) });
  }
}
