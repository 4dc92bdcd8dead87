import { IamOpenidConnectProvider } from "@cdktf/provider-aws/lib/iam-openid-connect-provider";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { Construct } from "constructs";
import { promise } from "../packages/guardrails/promise";
import { ExclusivePolicies } from "./exclusive-policies";
import { InvalidPropsError } from "./invalid-props-error";
import { namingOf, physicalName } from "./naming";
import { pipelineSubject } from "./pipeline-subject";
import { planReads } from "./plan-reads";
import { policyDocument } from "./policy-document";
import type { PrivateBucket } from "./private-bucket";

export interface PipelineRoleProps {
  /** Name without prefix and suffix. */
  readonly name: string;
  /** Issuer of the pipeline's tokens without `https://`, for example `token.actions.githubusercontent.com`. */
  readonly issuer: string;
  /** The subject that a token must have, for example `repo:example/serverless-app:*`. `*` matches anything. */
  readonly subject: string;
  /** Whether the account has an OIDC provider for the issuer, which another program manages. @default false */
  readonly existingProvider?: boolean | undefined;
  /** The account that the role is in. */
  readonly accountId: string;
  readonly stateBucket: PrivateBucket;
  /** Route 53 zones that have the domains' records. @default none */
  readonly hostedZoneIds?: readonly string[];
}

/**
 * A role that a pipeline assumes through OpenID Connect, without stored keys, to show what a change would do (`cdktf
 * diff`). It can read what a plan reads, and lock the state. That is the settings, names and tags of everything in the
 * account, and of the application also the variables of its functions, the keys of objects in its buckets, its packages,
 * parameters and Terraform's state. It can read neither items, messages, log lines nor API keys, and cannot change anything:
 * deploy with another role.
 *
 * An account can have one OIDC provider for each issuer. This construct creates it, unless it already exists.
 */
export class PipelineRole extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: PipelineRoleProps) {
    super(scope, id);
    const { issuer, subject, stateBucket } = props;
    if (!pipelineSubject.pattern.test(subject)) {
      throw new InvalidPropsError([
        `${this.node.path}: subject must ${pipelineSubject.rule}, got ${JSON.stringify(subject)}`,
      ]);
    }
    const providerArn = props.existingProvider
      ? `arn:aws:iam::${props.accountId}:oidc-provider/${issuer}`
      : this.provider(issuer).arn;
    const role = new IamRole(this, "role", {
      name: physicalName(this, props.name),
      description: "Lets a pipeline show what a change would do",
      assumeRolePolicy: policyDocument({
        Effect: "Allow",
        Principal: { Federated: providerArn },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: {
          StringEquals: { [`${issuer}:aud`]: "sts.amazonaws.com" },
          StringLike: { [`${issuer}:sub`]: subject },
        },
      }),
    });
    promise(role, "only the repository's pipeline acts with it", ["name", "assume_role_policy"]);
    const reads = new IamRolePolicy(this, "reads", {
      name: "plan-reads",
      role: role.id,
      policy: policyDocument(
        ...planReads({
          naming: namingOf(this),
          stateBucketArn: stateBucket.arn,
          hostedZoneIds: props.hostedZoneIds ?? [],
        }),
      ),
    });
    const locks = new IamRolePolicy(this, "locks", {
      name: "state-locks",
      role: role.id,
      policy: policyDocument({
        Sid: "StateLocks",
        Effect: "Allow",
        Action: ["s3:PutObject", "s3:DeleteObject"],
        Resource: `${stateBucket.arn}/*/terraform.tfstate.tflock`,
      }),
    });
    new ExclusivePolicies(this, "exclusive-policies", { role, inline: [reads, locks] });
    for (const policy of [reads, locks])
      promise(policy, "it reads and locks, and changes nothing", ["role", "policy"]);
    this.arn = role.arn;
  }

  private provider(issuer: string): IamOpenidConnectProvider {
    const provider = new IamOpenidConnectProvider(this, "provider", {
      url: `https://${issuer}`,
      clientIdList: ["sts.amazonaws.com"],
    });
    promise(provider, "AWS accepts the pipeline's tokens", ["url", "client_id_list"]);
    return provider;
  }
}
