import type { IncomingMessage } from "node:http";
import { type Signature, signatureOf } from "./signature";
import { type Verdict, verifySignature } from "./verify-signature";

/** Looks up the secret of an access key. @returns undefined if there is no such key */
export type FindSecret = (accessKeyId: string) => Promise<string | undefined>;

/** Checks the signatures of requests. Whether a key is active, and a session has not expired, is for the emulator to say. */
export class SignatureCheck {
  /** A key's secret never changes. */
  private readonly secrets = new Map<string, string>();

  constructor(private readonly findSecret: FindSecret) {}

  /** @returns undefined if there is no complete signature of a known key: the emulator then refuses the request */
  async verdict(request: IncomingMessage, body: Buffer): Promise<Verdict | undefined> {
    const signature = signatureOf(request);
    const secret = signature && (await this.secretOf(signature));
    return secret === undefined ? undefined : verifySignature(request, body, signature as Signature, secret);
  }

  private async secretOf({ accessKeyId }: Signature): Promise<string | undefined> {
    const secret = this.secrets.get(accessKeyId) ?? (await this.findSecret(accessKeyId));
    if (secret !== undefined) this.secrets.set(accessKeyId, secret);
    return secret;
  }
}
