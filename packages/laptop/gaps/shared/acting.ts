/**
 * Asks the patched emulator a question that only the gateway may ask.
 * @returns undefined if it says no
 */
export type Ask = (question: string, body?: object) => Promise<string | undefined>;

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** An AWS service that acts with a role, such as Lambda with a function's. */
export interface Acting {
  /** ARN. */
  readonly role: string;
  /** The service's principal, such as `firehose.amazonaws.com`. */
  readonly service: string;
  readonly session: string;
  readonly region: string;
  /** Condition keys for the role's trust policy. */
  readonly keys?: Readonly<Record<string, string>>;
}

/** @throws Error if the role does not exist or does not trust the service; the emulator tells why */
export async function assumeRole(ask: Ask, acting: Acting): Promise<Credentials> {
  const session = await ask("sessions", acting);
  if (!session) throw new Error(`${acting.service} cannot assume the role ${acting.role}`);
  return JSON.parse(session);
}

/** Whether a service may make a call with a role: the role trusts it, and may make the call. The emulator tells if not. */
export async function mayCall(ask: Ask, acting: Acting, action: string, resource: string): Promise<boolean> {
  return (await ask("allowed", { ...acting, action, resource })) !== undefined;
}

/** A message that a service publishes in its own name, such as CloudWatch for an alarm. */
export interface Publishing {
  /** The service's principal, such as `cloudwatch.amazonaws.com`. */
  readonly service: string;
  /** ARN. */
  readonly topic: string;
  /** ARN of what the service publishes for. */
  readonly source: string;
}

/** Whether a topic's policy lets a service publish to it. The emulator tells if not. */
export async function mayPublish(ask: Ask, publishing: Publishing): Promise<boolean> {
  return (await ask("may-publish", publishing)) !== undefined;
}
