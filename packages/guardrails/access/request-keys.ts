import { unknown } from "../../iam/unknown";
import { asRecord, asRecords, type Resource } from "../stack-view";
import { segmentOf } from "./symbolic-text";

/**
 * Condition keys with values. Undefined: the request does not have the key. `aws:PrincipalTag/*` stands for all other keys that
 * begin that way. A key that is not listed may be anything.
 */
export type Keys = Readonly<Record<string, string | readonly string[] | undefined>>;

/** What every request has. */
export function requestKeys(account: string, resource: string): Keys {
  const now = new Date();
  const region = segmentOf(resource, 3);
  return {
    "aws:CurrentTime": now.toISOString(),
    "aws:EpochTime": `${Math.floor(now.getTime() / 1_000)}`,
    "aws:SecureTransport": "true",
    ...(region && { "aws:RequestedRegion": region }),
    ...(resource !== "*" && { "aws:ResourceAccount": account }),
  };
}

export function callerKeys(roleArn: string, account: string): Keys {
  return {
    "aws:PrincipalArn": roleArn,
    "aws:PrincipalAccount": account,
    "aws:PrincipalType": "AssumedRole",
    "aws:PrincipalIsAWSService": "false",
    "aws:PrincipalServiceName": undefined,
    "aws:PrincipalServiceNamesList": undefined,
    "aws:SourceArn": undefined,
    "aws:SourceAccount": undefined,
    "aws:MultiFactorAuthPresent": undefined,
    "aws:MultiFactorAuthAge": undefined,
    "aws:username": undefined,
    "kms:CallerAccount": account,
  };
}

export function principalTags(role: Resource): Keys {
  const defaults = asRecords(role.stack.json.provider?.aws ?? [])
    .flatMap((provider) => asRecords(provider.default_tags ?? []))
    .map(({ tags }) => tags);
  const sources = [...defaults, role.raw("tags")].filter((tags) => tags !== undefined);
  if (sources.some((tags) => !asRecord(tags))) return {};
  const tags = sources.flatMap((one) => Object.entries(asRecord(role.stack.evaluate(one)) ?? {}));
  return {
    "aws:PrincipalTag/*": undefined,
    ...Object.fromEntries(
      tags.map(([name, value]) => {
        const text = `${value}`;
        return [`aws:PrincipalTag/${name}`, text.includes("${") ? unknown(text) : text];
      }),
    ),
  };
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html */
export function serviceKeys(name: string, source: string | undefined, account: string): Keys {
  // The ARN of a bucket has no account, but the bucket is the stack's all the same.
  const owner = (source === undefined ? undefined : segmentOf(source, 4)) || account;
  return {
    "aws:PrincipalServiceName": name,
    "aws:PrincipalIsAWSService": "true",
    "aws:PrincipalArn": undefined,
    "aws:PrincipalAccount": undefined,
    "aws:PrincipalOrgID": undefined,
    "aws:PrincipalOrgPaths": undefined,
    "aws:PrincipalTag/*": undefined,
    "aws:SourceVpc": undefined,
    "aws:SourceVpce": undefined,
    "aws:VpcSourceIp": undefined,
    "aws:userid": undefined,
    "aws:username": undefined,
    ...(source !== undefined && { "aws:SourceArn": source }),
    "aws:SourceAccount": owner,
  };
}
