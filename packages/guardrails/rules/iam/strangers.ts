import type { Caller } from "../../../iam/caller";
import type { Policy, Statement } from "../../../iam/policy";
import { hasUnknown, unknown } from "../../../iam/unknown";
import { evaluateWith, everything } from "../../access/decide";
import type { Keys } from "../../access/request-keys";

const account = "999999999999";
const roleArn = `arn:aws:iam::${account}:role/stranger`;
/** Someone of another account, who may do everything there. */
const stranger: Caller = {
  type: "role-session",
  arn: `arn:aws:sts::${account}:assumed-role/stranger/session`,
  roleArn,
};

/** More combinations of condition keys are not tried. */
const mostContexts = 256;

/**
 * Whether a statement, together with what its policy denies, allows somebody of another account, or a service on their
 * behalf. They choose whatever a request lets them choose, but have an account, an organization, networks and resources of
 * their own.
 */
export function admitsStranger(policy: Policy, statement: Statement, service: string | undefined): boolean {
  const denials = policy.statements.filter(({ effect }) => effect === "Deny");
  const decided = { ...policy, statements: [statement, ...denials] };
  const [action, resource] = [
    example(statement.actions.values[0] ?? "*"),
    example(statement.resources?.values[0] ?? "*"),
  ];
  if (statement.actions.inverted || statement.resources?.inverted) return false;
  const caller: Caller = service === undefined ? stranger : { type: "service", name: service };
  return contextsOf(decided, service).some(
    (keys) =>
      evaluateWith(
        { caller, action, resource },
        { identity: service === undefined ? [everything] : [], resource: [decided] },
        "000000000000",
        keys,
      ) === "allow",
  );
}

/** One of the texts that a pattern matches. */
function example(pattern: string): string {
  return pattern.replace(/[*?]/g, "x");
}

function contextsOf(policy: Policy, service: string | undefined): readonly Keys[] {
  const byKey = new Map<string, string[]>();
  for (const { conditions } of policy.statements)
    for (const { key, values } of conditions) byKey.set(key, [...(byKey.get(key) ?? []), ...values]);
  let contexts: readonly Keys[] = [{}];
  for (const [key, values] of byKey) {
    const candidates = candidatesOf(key, values, service);
    if (contexts.length * candidates.length > mostContexts) return [];
    contexts = contexts.flatMap((one) => candidates.map((value) => ({ ...one, [key]: value })));
  }
  return contexts;
}

/** Values of a key that a stranger can have, or undefined for none. */
function candidatesOf(
  key: string,
  values: readonly string[],
  service: string | undefined,
): readonly (string | undefined)[] {
  if (service !== undefined && key === "aws:principalservicename") return [service];
  if (service !== undefined && key === "aws:principalisawsservice") return ["true"];
  const fixed = fixedKeys.find(([pattern]) => pattern.test(key))?.[1];
  if (fixed) return fixed(values);
  // What a service acts for is its own business: a key that is not about accounts says nothing of strangers.
  if (service !== undefined) return [unknown(key)];
  return [undefined, ...values.map((value) => (hasUnknown(value) ? unknown(key) : example(value)))];
}

/** What a stranger cannot choose. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html */
const fixedKeys: readonly (readonly [
  RegExp,
  (values: readonly string[]) => readonly (string | undefined)[],
])[] = [
  [/^aws:securetransport$/, () => ["true"]],
  [/^aws:(currenttime|tokenissuetime)$/, () => [new Date().toISOString()]],
  [/^aws:sourceip$/, () => ["5.6.7.8", "200.1.2.3", "2001:db8::1"]],
  [
    /^aws:(principalarn|sourcearn)$|^kms:encryptioncontext:.*arn$/,
    (values) => [undefined, roleArn, ...values.flatMap(ownArn)],
  ],
  [
    /^(aws:(principalaccount|sourceaccount|sourceowner|resourceaccount)|kms:calleraccount|s3:dataaccesspointaccount)$/,
    () => [undefined, account],
  ],
  [/^aws:(principal|source|resource)orgid$/, () => [undefined, "o-strangers1"]],
  [/^aws:(principal|source|resource)orgpaths$/, () => [undefined, "o-strangers1/r-st00/ou-st00-strangers/"]],
  [/^aws:sourcevpce$/, () => [undefined, "vpce-0strangers0000000"]],
  [/^aws:sourcevpc$/, () => [undefined, "vpc-0strangers00000000"]],
  [/^aws:userid$/, () => [undefined, "AROASTRANGERSTRANGER0:session"]],
  [/^aws:principal(servicename|servicenameslist)$/, () => [undefined]],
  [/^aws:principalisawsservice$/, () => ["false"]],
  [/^(sns:endpoint|kms:(viaservice|encryptioncontext.*))$/, () => [undefined, "of a stranger"]],
];

/** An ARN of the stranger that a pattern matches, if its account is not named. The ARN of a bucket names none. */
function ownArn(pattern: string): readonly string[] {
  if (/^[*?]+$/.test(pattern)) return [roleArn];
  const segments = pattern.split(":");
  const at = segments[4] ?? "";
  const last = segments.slice(5).join(":");
  const isOpen = at === "" ? /^[*?]/.test(last) : /^[*?]+$/.test(at);
  if (hasUnknown(pattern) || segments.length < 6 || !isOpen) return [];
  return [[...segments.slice(0, 4), at === "" ? "" : account, last].map(example).join(":")];
}
