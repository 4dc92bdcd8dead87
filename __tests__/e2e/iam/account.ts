import {
  CreatePolicyCommand,
  CreateRoleCommand,
  IAMClient,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { account, type ClientConfig } from "../gaps/emulators";

export type Statement = Readonly<Record<string, unknown>>;

/** A policy whose statements allow, unless they say otherwise. */
export function document(...statements: readonly Statement[]): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: statements.map((statement) => ({ Effect: "Allow", ...statement })),
  });
}

export interface RoleProps {
  /** Who may assume it. @default lambda.amazonaws.com, and whoever is in the account */
  readonly principal?: object;
  readonly statements?: readonly Statement[];
  readonly boundary?: readonly Statement[];
}

/** Creates a role. @returns its ARN */
export async function createRole(config: ClientConfig, name: string, props: RoleProps = {}): Promise<string> {
  const iam = new IAMClient(config);
  const { principal = { Service: "lambda.amazonaws.com", AWS: account }, statements = [], boundary } = props;
  const AssumeRolePolicyDocument = document({ Action: "sts:AssumeRole", Principal: principal });
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument }));
  if (statements.length > 0) {
    const PolicyDocument = document(...statements);
    await iam.send(new PutRolePolicyCommand({ RoleName: name, PolicyName: "own", PolicyDocument }));
  }
  if (boundary) {
    const policy = { PolicyName: `${name}-boundary`, PolicyDocument: document(...boundary) };
    const { Policy } = await iam.send(new CreatePolicyCommand(policy));
    const PermissionsBoundary = Policy?.Arn;
    await iam.send(new PutRolePermissionsBoundaryCommand({ RoleName: name, PermissionsBoundary }));
  }
  return Role?.Arn ?? "";
}

/** @returns settings for the SDK's clients of a session of the role */
export async function sessionOf(config: ClientConfig, RoleArn: string): Promise<ClientConfig> {
  const { Credentials } = await new STSClient(config).send(
    new AssumeRoleCommand({ RoleArn, RoleSessionName: "session" }),
  );
  return {
    ...config,
    credentials: {
      accessKeyId: Credentials?.AccessKeyId ?? "",
      secretAccessKey: Credentials?.SecretAccessKey ?? "",
      sessionToken: Credentials?.SessionToken ?? "",
    },
  };
}
