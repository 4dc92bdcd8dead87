/** A request and the policies it is subject to. */
export interface DecisionRequest {
  readonly caller: Readonly<Record<string, string>>;
  readonly action: string;
  readonly on: string;
  readonly keys?: Readonly<Record<string, string | readonly string[]>>;
  readonly identity?: readonly object[];
  readonly resource?: readonly object[];
  readonly boundary?: readonly object[];
  readonly session?: readonly object[];
  /** The account that owns the resource. @default the ARN's, or the caller's */
  readonly owner?: string;
  /** Whether the message of a denial is expected, rather than its kind. */
  readonly message?: boolean;
}

export type Case = readonly [DecisionRequest, string];

const own = "111111111111";
const foreign = "222222222222";
const role = `arn:aws:iam::${own}:role/r`;
const session = { kind: "AssumedRole", name: `arn:aws:sts::${own}:assumed-role/r/s`, account: own, role };
const user = { kind: "User", name: `arn:aws:iam::${own}:user/u`, account: own };
const root = { kind: "Root", name: `arn:aws:iam::${own}:root`, account: own };
const stranger = {
  kind: "AssumedRole",
  name: `arn:aws:sts::${foreign}:assumed-role/r/s`,
  account: foreign,
  role: `arn:aws:iam::${foreign}:role/r`,
};
const events = { kind: "Service", name: "events.amazonaws.com" };
const anonymous = { kind: "Anonymous", name: "anonymous" };

const table = `arn:aws:dynamodb:eu-west-1:${own}:table/Items`;
const queue = `arn:aws:sqs:eu-west-1:${own}:q`;
const key = `arn:aws:kms:eu-west-1:${own}:key/k`;
const rule = `arn:aws:events:eu-west-1:${own}:rule/one`;

const everything = policy({ Action: "*", Resource: "*" });
const nothing = policy();
const toRole = { Principal: { AWS: role } };
const toSession = { Principal: { AWS: session.name } };
const toAccount = { Principal: { AWS: `arn:aws:iam::${own}:root` } };
const toEverybody = { Principal: "*" };

function policy(...statements: readonly object[]): object {
  return {
    Version: "2012-10-17",
    Statement: statements.map((statement) => ({ Effect: "Allow", ...statement })),
  };
}

function deny(statement: object): object {
  return { Effect: "Deny", ...statement };
}

/** A request of a role's session, with one identity policy. */
function byIdentity(action: string, on: string, ...statements: readonly object[]): DecisionRequest {
  return { caller: session, action, on, identity: [policy(...statements)] };
}

/** A request with one condition in the policy that allows it. */
function onCondition(Condition: object, keys: DecisionRequest["keys"] = {}): DecisionRequest {
  return {
    ...byIdentity("s3:GetObject", "arn:aws:s3:::b/x", { Action: "*", Resource: "*", Condition }),
    keys,
  };
}

/** A request that everything allows, except for one condition. */
function deniedOn(Condition: object, keys: DecisionRequest["keys"] = {}): DecisionRequest {
  const all = { Action: "*", Resource: "*" };
  return { ...byIdentity("s3:GetObject", "arn:aws:s3:::b/x", all, deny({ ...all, Condition })), keys };
}

/** A message to a queue. */
function toQueue(
  caller: DecisionRequest["caller"],
  identity: object,
  ...statements: readonly object[]
): DecisionRequest {
  const resource = statements.map((statement) => ({
    Action: "sqs:SendMessage",
    Resource: queue,
    ...statement,
  }));
  const on = { caller, action: "sqs:SendMessage", on: queue, identity: [identity] };
  return statements.length > 0 ? { ...on, resource: [policy(...resource)] } : on;
}

const send = policy({ Action: "sqs:SendMessage", Resource: "*" });
const notIam = { NotAction: "iam:*", Resource: "*" };
const exceptSecrets = { Action: "s3:GetObject", NotResource: ["arn:aws:s3:::b/secret/*"] };
const byTeam = { Action: "*", Resource: "arn:aws:s3:::b/${aws:PrincipalTag/team}/*" };
const leadingKeys = { "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ["u1"] } };

/** As documented in the IAM user guide: "Policy evaluation logic" and the reference of the elements of policies. */
export const cases: Readonly<Record<string, Case>> = {
  "NotAction in an Allow leaves the rest denied": [byIdentity("iam:GetRole", role, notIam), "implicit deny"],
  "NotAction in an Allow allows what it does not name": [
    byIdentity("dynamodb:PutItem", table, notIam),
    "allow",
  ],
  "NotAction in an Allow is no Deny": [
    byIdentity("iam:GetRole", role, notIam, { Action: "iam:GetRole", Resource: "*" }),
    "allow",
  ],
  "NotAction in a Deny denies all else": [
    byIdentity(
      "sqs:SendMessage",
      queue,
      { Action: "*", Resource: "*" },
      deny({ NotAction: ["dynamodb:*", "logs:*"], Resource: "*" }),
    ),
    "explicit deny",
  ],
  "NotResource leaves out what it names": [
    byIdentity("s3:GetObject", "arn:aws:s3:::b/secret/x", exceptSecrets),
    "implicit deny",
  ],
  "NotResource allows other buckets too": [
    byIdentity("s3:GetObject", "arn:aws:s3:::other/secret/x", exceptSecrets),
    "allow",
  ],
  "NotResource in a Deny on objects denies the bucket itself": [
    byIdentity(
      "s3:ListBucket",
      "arn:aws:s3:::b",
      { Action: "s3:*", Resource: "*" },
      deny({ Action: "s3:*", NotResource: "arn:aws:s3:::b/*" }),
    ),
    "explicit deny",
  ],
  "actions ignore case": [
    byIdentity("dynamodb:PutItem", table, { Action: "DynamoDB:putitem", Resource: "*" }),
    "allow",
  ],
  "ARNs do not ignore case": [
    byIdentity("dynamodb:PutItem", table.replace("Items", "items"), { Action: "*", Resource: table }),
    "implicit deny",
  ],
  "? is one character": [
    byIdentity("dynamodb:GetItem", table, { Action: "dynamodb:?etItem", Resource: "*" }),
    "allow",
  ],
  "? is not more than one character": [
    byIdentity("dynamodb:BatchGetItem", table, { Action: "dynamodb:?etItem", Resource: "*" }),
    "implicit deny",
  ],
  "* crosses slashes": [
    byIdentity("s3:GetObject", "arn:aws:s3:::b/a/x/y/c", { Action: "*", Resource: "arn:aws:s3:::b/a*c" }),
    "allow",
  ],
  "* in the middle of a segment stays in it": [
    byIdentity("dynamodb:GetItem", table, { Action: "*", Resource: "arn:aws:dynamodb:e*1:table/Items" }),
    "implicit deny",
  ],
  "a single statement needs no list": [
    {
      ...byIdentity("s3:GetObject", "arn:aws:s3:::b/x"),
      identity: [{ Version: "2012-10-17", Statement: { Effect: "Allow", Action: "s3:*", Resource: "*" } }],
    },
    "allow",
  ],
  "an empty list of statements allows nothing": [
    byIdentity("s3:GetObject", "arn:aws:s3:::b/x"),
    "implicit deny",
  ],
  "StringLike takes an ARN as a text": [
    onCondition(
      { StringLike: { "aws:SourceArn": "arn:aws:lambda:*:function:f" } },
      { "aws:SourceArn": `arn:aws:lambda:eu-west-1:${own}:function:f` },
    ),
    "allow",
  ],
  "ArnLike compares the six parts of an ARN": [
    onCondition(
      { ArnLike: { "aws:SourceArn": "arn:aws:lambda:*:function:f" } },
      { "aws:SourceArn": `arn:aws:lambda:eu-west-1:${own}:function:f` },
    ),
    "implicit deny",
  ],
  "ArnEquals takes wildcards": [
    onCondition(
      { ArnEquals: { "aws:SourceArn": "arn:aws:lambda:*:*:function:f" } },
      { "aws:SourceArn": `arn:aws:lambda:eu-west-1:${own}:function:f` },
    ),
    "allow",
  ],
  "StringEquals takes * literally": [
    onCondition({ StringEquals: { "s3:prefix": "a*" } }, { "s3:prefix": "ab" }),
    "implicit deny",
  ],
  "one of several values is enough": [
    onCondition({ StringEquals: { "aws:PrincipalTag/team": ["a", "b"] } }, { "aws:PrincipalTag/team": "b" }),
    "allow",
  ],
  "all operators must hold": [
    onCondition(
      { StringEquals: { "s3:prefix": "a" }, Bool: { "aws:SecureTransport": "true" } },
      { "s3:prefix": "a", "aws:SecureTransport": "false" },
    ),
    "implicit deny",
  ],
  "all keys must hold": [
    onCondition({ StringEquals: { "s3:prefix": "a", "s3:delimiter": "/" } }, { "s3:prefix": "a" }),
    "implicit deny",
  ],
  "a negated operator holds if no value matches": [
    onCondition(
      { StringNotEquals: { "aws:RequestedRegion": ["eu-west-1", "eu-central-1"] } },
      { "aws:RequestedRegion": "eu-west-1" },
    ),
    "implicit deny",
  ],
  "a negated operator holds without the key": [
    deniedOn({ StringNotEquals: { "aws:SourceVpce": "vpce-1" } }),
    "explicit deny",
  ],
  "IfExists holds without the key": [
    onCondition({ StringEqualsIfExists: { "aws:SourceVpce": "vpce-1" } }),
    "allow",
  ],
  "IfExists compares if there is a key": [
    onCondition({ StringEqualsIfExists: { "aws:SourceVpce": "vpce-1" } }, { "aws:SourceVpce": "vpce-2" }),
    "implicit deny",
  ],
  "an operator does not hold without the key": [
    onCondition({ StringEquals: { "aws:SourceVpce": "vpce-1" } }),
    "implicit deny",
  ],
  "Bool does not hold without the key": [
    deniedOn({ Bool: { "aws:MultiFactorAuthPresent": "false" } }),
    "allow",
  ],
  "BoolIfExists holds without the key": [
    deniedOn({ BoolIfExists: { "aws:MultiFactorAuthPresent": "false" } }),
    "explicit deny",
  ],
  "Null is true without the key": [onCondition({ Null: { "aws:TokenIssueTime": "true" } }), "allow"],
  "Null false wants the key": [
    onCondition({ Null: { "aws:RequestTag/x": "false" } }, { "aws:RequestTag/x": "1" }),
    "allow",
  ],
  "ForAllValues refuses one other value": [
    onCondition(leadingKeys, { "dynamodb:LeadingKeys": ["u1", "u2"] }),
    "implicit deny",
  ],
  "ForAllValues accepts equal values": [
    onCondition(leadingKeys, { "dynamodb:LeadingKeys": ["u1", "u1"] }),
    "allow",
  ],
  "ForAllValues holds without the key": [onCondition(leadingKeys), "allow"],
  "ForAllValues with Null wants the key": [
    onCondition({ ...leadingKeys, Null: { "dynamodb:LeadingKeys": "false" } }),
    "implicit deny",
  ],
  "ForAnyValue wants one value": [
    onCondition({ "ForAnyValue:StringEquals": { "aws:TagKeys": ["a"] } }, { "aws:TagKeys": ["a", "z"] }),
    "allow",
  ],
  "ForAnyValue does not hold without the key": [
    onCondition({ "ForAnyValue:StringEquals": { "aws:TagKeys": ["a"] } }),
    "implicit deny",
  ],
  "ForAnyValue with a negated operator wants one value that differs": [
    onCondition({ "ForAnyValue:StringNotLike": { "aws:TagKeys": ["a*"] } }, { "aws:TagKeys": ["ab", "z"] }),
    "allow",
  ],
  "condition keys ignore case": [
    onCondition({ StringEquals: { "AWS:sourcevpce": "vpce-1" } }, { "aws:SourceVpce": "vpce-1" }),
    "allow",
  ],
  "numbers are compared as numbers": [
    onCondition({ NumericLessThanEquals: { "s3:max-keys": "10" } }, { "s3:max-keys": "9" }),
    "allow",
  ],
  "what is no number compares with nothing": [
    onCondition({ NumericLessThanEquals: { "s3:max-keys": "10" } }, { "s3:max-keys": "few" }),
    "implicit deny",
  ],
  "dates may be seconds since the epoch": [
    onCondition(
      { DateGreaterThan: { "aws:CurrentTime": "1700000000" } },
      { "aws:CurrentTime": "2030-01-01T00:00:00Z" },
    ),
    "allow",
  ],
  "a date that has not come": [
    onCondition(
      { DateGreaterThan: { "aws:CurrentTime": "2030-01-01T00:00:00Z" } },
      { "aws:CurrentTime": "2026-01-01T00:00:00Z" },
    ),
    "implicit deny",
  ],
  "an address in a range": [
    onCondition({ IpAddress: { "aws:SourceIp": "127.0.0.0/8" } }, { "aws:SourceIp": "127.0.0.1" }),
    "allow",
  ],
  "an address of version 6": [
    onCondition({ IpAddress: { "aws:SourceIp": "::1/128" } }, { "aws:SourceIp": "::1" }),
    "allow",
  ],
  "NotIpAddress holds without the key": [
    deniedOn({ NotIpAddress: { "aws:SourceIp": "10.0.0.0/8" } }),
    "explicit deny",
  ],
  "StringEqualsIgnoreCase ignores the value's case": [
    onCondition({ StringEqualsIgnoreCase: { "s3:prefix": "ABC" } }, { "s3:prefix": "abc" }),
    "allow",
  ],
  "an unknown operator is malformed": [onCondition({ StringIs: { "s3:prefix": "a" } }), "malformed"],
  "both Action and NotAction are malformed": [
    byIdentity("s3:GetObject", "arn:aws:s3:::b/x", { Action: "*", NotAction: "iam:*", Resource: "*" }),
    "malformed",
  ],
  "a variable is replaced": [
    { ...byIdentity("s3:GetObject", "arn:aws:s3:::b/x/1", byTeam), keys: { "aws:PrincipalTag/team": "x" } },
    "allow",
  ],
  "a variable without a value matches nothing": [
    byIdentity("s3:GetObject", "arn:aws:s3:::b/${aws:PrincipalTag/team}/1", byTeam),
    "implicit deny",
  ],
  "a variable's value is literal": [
    { ...byIdentity("s3:GetObject", "arn:aws:s3:::b/y/1", byTeam), keys: { "aws:PrincipalTag/team": "*" } },
    "implicit deny",
  ],
  "a variable's default": [
    byIdentity("s3:GetObject", "arn:aws:s3:::b/none/1", {
      Action: "*",
      Resource: "arn:aws:s3:::b/${aws:PrincipalTag/team, 'none'}/*",
    }),
    "allow",
  ],
  "${*} is no wildcard": [
    byIdentity("s3:GetObject", "arn:aws:s3:::b/ab", { Action: "*", Resource: "arn:aws:s3:::b/a${*}" }),
    "implicit deny",
  ],
  "${*} is an asterisk": [
    byIdentity("s3:GetObject", "arn:aws:s3:::b/a*", { Action: "*", Resource: "arn:aws:s3:::b/a${*}" }),
    "allow",
  ],
  "version 2008-10-17 has no variables": [
    {
      ...byIdentity("s3:GetObject", "arn:aws:s3:::b/x/1"),
      identity: [{ Statement: [{ Effect: "Allow", ...byTeam }] }],
      keys: { "aws:PrincipalTag/team": "x" },
    },
    "implicit deny",
  ],
  "an explicit deny of the resource's policy wins": [
    toQueue(session, everything, deny(toRole)),
    "explicit deny",
  ],
  "NotPrincipal with the role alone denies its sessions": [
    toQueue(session, everything, deny({ NotPrincipal: { AWS: [role] } })),
    "explicit deny",
  ],
  "NotPrincipal with session, role and account excepts them": [
    toQueue(session, everything, deny({ NotPrincipal: { AWS: [role, session.name, own] } })),
    "allow",
  ],
  "the resource's policy may allow a role alone": [toQueue(session, nothing, toRole), "allow"],
  "a grant to the account leaves it to identity policies": [
    toQueue(session, nothing, toAccount),
    "implicit deny",
  ],
  "a grant to the account with an identity policy": [toQueue(session, send, toAccount), "allow"],
  "a grant to everybody in the same account": [toQueue(session, nothing, toEverybody), "allow"],
  "another account needs both: only the resource's policy": [
    toQueue(stranger, nothing, { Principal: { AWS: foreign } }),
    "implicit deny",
  ],
  "another account needs both: both": [toQueue(stranger, send, { Principal: { AWS: foreign } }), "allow"],
  "another account needs both: only the identity policy": [toQueue(stranger, send), "implicit deny"],
  "another account needs both, even if its role is named": [
    toQueue(stranger, nothing, { Principal: { AWS: stranger.role } }),
    "implicit deny",
  ],
  "a boundary limits": [
    {
      ...byIdentity("dynamodb:PutItem", table, { Action: "dynamodb:*", Resource: "*" }),
      boundary: [policy({ Action: "dynamodb:GetItem", Resource: "*" })],
      message: true,
    },
    `User: ${session.name} is not authorized to perform: dynamodb:PutItem on resource: ${table} because no permissions boundary allows the dynamodb:PutItem action`,
  ],
  "a boundary grants nothing": [
    { ...byIdentity("dynamodb:PutItem", table), boundary: [everything] },
    "implicit deny",
  ],
  "a boundary limits a grant to the role": [
    { ...toQueue(session, nothing, toRole), boundary: [nothing] },
    "implicit deny",
  ],
  "a boundary does not limit a grant to the session": [
    { ...toQueue(session, nothing, toSession), boundary: [nothing] },
    "allow",
  ],
  "a boundary does not limit a grant to the user": [
    { ...toQueue(user, nothing, { Principal: { AWS: user.name } }), boundary: [nothing] },
    "allow",
  ],
  "a session policy limits": [
    {
      ...byIdentity("s3:PutObject", "arn:aws:s3:::b/x", { Action: "s3:*", Resource: "*" }),
      session: [policy({ Action: "s3:GetObject", Resource: "*" })],
      message: true,
    },
    `User: ${session.name} is not authorized to perform: s3:PutObject on resource: arn:aws:s3:::b/x because no session policy allows the s3:PutObject action`,
  ],
  "a session policy grants nothing": [
    { ...byIdentity("sqs:SendMessage", queue), session: [everything] },
    "implicit deny",
  ],
  "a session policy does not limit a grant to the session": [
    { ...toQueue(session, nothing, toSession), session: [nothing] },
    "allow",
  ],
  "a trust policy may name a user": [
    {
      caller: user,
      action: "sts:AssumeRole",
      on: role,
      identity: [nothing],
      resource: [policy({ Action: "sts:AssumeRole", Principal: { AWS: user.name } })],
    },
    "allow",
  ],
  "a trust policy that names the account leaves it to identity policies": [
    {
      caller: user,
      action: "sts:AssumeRole",
      on: role,
      identity: [nothing],
      resource: [policy({ Action: "sts:AssumeRole", ...toAccount })],
    },
    "implicit deny",
  ],
  "a trust policy that names a service only": [
    {
      caller: user,
      action: "sts:AssumeRole",
      on: role,
      identity: [everything],
      resource: [policy({ Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } })],
    },
    "implicit deny",
  ],
  "a key's policy must open it": [
    {
      caller: session,
      action: "kms:Decrypt",
      on: key,
      identity: [everything],
      resource: [policy({ Action: "kms:*", Resource: "*", Principal: { AWS: user.name } })],
    },
    "implicit deny",
  ],
  "a key's policy that leaves it to IAM": [
    {
      caller: session,
      action: "kms:Decrypt",
      on: key,
      identity: [everything],
      resource: [policy({ Action: "kms:*", Resource: "*", ...toAccount })],
    },
    "allow",
  ],
  "a key's policy may allow a role alone": [
    {
      caller: session,
      action: "kms:Decrypt",
      on: key,
      identity: [nothing],
      resource: [policy({ Action: "kms:*", Resource: "*", ...toRole })],
    },
    "allow",
  ],
  "a service needs the resource's policy": [toQueue(events, nothing), "implicit deny"],
  "a service with the right source": [
    {
      ...toQueue(events, nothing, {
        Principal: { Service: events.name },
        Condition: { ArnEquals: { "aws:SourceArn": rule } },
      }),
      keys: { "aws:SourceArn": rule },
    },
    "allow",
  ],
  "a service with another source": [
    {
      ...toQueue(events, nothing, {
        Principal: { Service: events.name },
        Condition: { ArnEquals: { "aws:SourceArn": rule } },
      }),
      keys: { "aws:SourceArn": rule.replace("one", "two") },
    },
    "implicit deny",
  ],
  "a statement for a service is not for users": [
    toQueue(user, nothing, { Principal: { Service: events.name } }),
    "implicit deny",
  ],
  "a Deny to everybody without an organization hits services": [
    toQueue(
      events,
      nothing,
      { Principal: { Service: events.name } },
      deny({ ...toEverybody, Condition: { StringNotEquals: { "aws:PrincipalOrgID": "o-1" } } }),
    ),
    "explicit deny",
  ],
  "the root user needs no policy": [toQueue(root, nothing), "allow"],
  "the root user heeds a Deny of the resource's policy": [
    toQueue(root, nothing, deny(toEverybody)),
    "explicit deny",
  ],
  "GetCallerIdentity is always allowed": [
    byIdentity("sts:GetCallerIdentity", "*", deny({ Action: "*", Resource: "*" })),
    "allow",
  ],
  "anonymous callers need the resource's policy": [
    {
      caller: anonymous,
      action: "s3:GetObject",
      on: "arn:aws:s3:::b/x",
      identity: [],
      resource: [policy({ Action: "s3:GetObject", Resource: "*", ...toRole })],
    },
    "implicit deny",
  ],
  "the message of a missing grant": [
    { ...byIdentity("dynamodb:Scan", table), message: true },
    `User: ${session.name} is not authorized to perform: dynamodb:Scan on resource: ${table} because no identity-based policy allows the dynamodb:Scan action`,
  ],
  "the message of an explicit deny": [
    { ...toQueue(session, everything, deny(toEverybody)), message: true },
    `User: ${session.name} is not authorized to perform: sqs:SendMessage on resource: ${queue} with an explicit deny in a resource-based policy`,
  ],
};
