import type { IncomingMessage } from "node:http";
import { signatureOf } from "./signature";
import { type Verdict, verifySignature } from "./verify-signature";

/** Looks up an access key. @returns an {@link AccessKey} as JSON, undefined if there is no such key */
export type FindKey = (accessKeyId: string) => Promise<string | undefined>;

interface AccessKey {
  readonly secretAccessKey: string;
  readonly account: string;
}

export interface CheckedSignature {
  /** Undefined if there is no complete signature of a known key: the emulator then refuses the request. */
  readonly verdict?: Verdict;
  /** The account that the key belongs to. Undefined if it is not known. */
  readonly account?: string;
}

/** Checks the signatures of requests. Whether a key is active, and a session has not expired, is for the emulator to say. */
export class SignatureCheck {
  /** A key's secret and account never change. */
  private readonly keys = new Map<string, AccessKey>();

  constructor(private readonly findKey: FindKey) {}

  async check(request: IncomingMessage, body: Buffer): Promise<CheckedSignature> {
    const signature = signatureOf(request);
    const key = signature && (await this.keyOf(signature.accessKeyId));
    if (!key) return {};
    const verdict = await verifySignature(request, body, signature, key.secretAccessKey);
    return { verdict, account: key.account };
  }

  private async keyOf(accessKeyId: string): Promise<AccessKey | undefined> {
    const known = this.keys.get(accessKeyId);
    if (known) return known;
    const found = await this.findKey(accessKeyId);
    if (found === undefined) return undefined;
    const key: AccessKey = JSON.parse(found);
    this.keys.set(accessKeyId, key);
    return key;
  }
}
