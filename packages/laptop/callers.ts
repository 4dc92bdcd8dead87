import path from "node:path";
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  EntityAlreadyExistsException,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  IAMClient,
  ListAccessKeysCommand,
  PutUserPolicyCommand,
} from "@aws-sdk/client-iam";
import { Memory } from "./gaps/shared/memory";

/** An IAM user on the laptop, to try out what IAM allows. */
export interface LocalCaller {
  readonly name: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** The path of these users. It tells them from users that a program creates. */
export const callersPath = "/laptop/";

/** Creates users whose access keys stay the same as long as the emulator's state does. */
export class LocalCallers {
  private readonly keys: Memory<LocalCaller>;
  private readonly iam: IAMClient;

  /** @param running the emulator's state folder, which checkpoints include */
  constructor(endpoint: string, region: string, running: string) {
    this.keys = new Memory(path.join(running, "gateway", "callers.json"));
    this.iam = new IAMClient({
      endpoint,
      region,
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
    });
  }

  /**
   * @param policyArn a managed policy to give to the user. It is copied: a policy that is attached could not be deleted by
   * the program that owns it. @default none: the user may do nothing
   */
  async ensure(name: string, policyArn?: string): Promise<LocalCaller> {
    await this.iam
      .send(new CreateUserCommand({ UserName: name, Path: callersPath }))
      .catch((error: unknown) => {
        if (!(error instanceof EntityAlreadyExistsException)) throw error;
      });
    if (policyArn) await this.copyPolicy(name, policyArn);
    const { AccessKeyMetadata = [] } = await this.iam.send(new ListAccessKeysCommand({ UserName: name }));
    const known = this.keys.get(name);
    if (AccessKeyMetadata.some(({ AccessKeyId }) => AccessKeyId === known?.accessKeyId) && known)
      return known;
    // Their secrets are lost.
    for (const { AccessKeyId } of AccessKeyMetadata) {
      await this.iam.send(new DeleteAccessKeyCommand({ UserName: name, AccessKeyId }));
    }
    const { AccessKey } = await this.iam.send(new CreateAccessKeyCommand({ UserName: name }));
    const { AccessKeyId: accessKeyId = "", SecretAccessKey: secretAccessKey = "" } = AccessKey ?? {};
    const caller = { name, accessKeyId, secretAccessKey };
    this.keys.set(name, caller);
    return caller;
  }

  private async copyPolicy(UserName: string, PolicyArn: string): Promise<void> {
    const { Policy } = await this.iam.send(new GetPolicyCommand({ PolicyArn }));
    const { PolicyVersion } = await this.iam.send(
      new GetPolicyVersionCommand({ PolicyArn, VersionId: Policy?.DefaultVersionId }),
    );
    const PolicyDocument = decodeURIComponent(PolicyVersion?.Document ?? "");
    const PolicyName = Policy?.PolicyName;
    await this.iam.send(new PutUserPolicyCommand({ UserName, PolicyName, PolicyDocument }));
  }
}
