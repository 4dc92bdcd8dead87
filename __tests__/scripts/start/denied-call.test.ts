import { App } from "cdktf";
import type { Denial } from "../../../packages/laptop/denial";
import type { TerraformState } from "../../../scripts/lib/terraform-state";
import { describeDenial } from "../../../scripts/start/denied/denied-calls";
import { grantCatalogOf } from "../../../scripts/start/denied/grant-catalog-of";
import { remedyOf } from "../../../scripts/start/denied/remedy";
import { environments } from "../../../stacks/environments";
import { ServiceStack } from "../../../stacks/service-stack";
import { fakeBundler } from "../../support/fake-bundler";

const [dev] = environments;
const stack = new ServiceStack(new App(), "dev-stack", { environment: dev, bundler: fakeBundler });
const catalog = grantCatalogOf(stack);

const tableArn = "arn:aws:dynamodb:eu-west-1:000000000000:table/items";
const queueArn = "arn:aws:sqs:eu-west-1:000000000000:dlq";
const busArn = "arn:aws:events:eu-west-1:000000000000:event-bus/items";
const streamArn = `${tableArn}/stream/2026-01-01T00:00:00.000`;

/** The state of a deployment in which each resource has an ARN. */
const state = {
  resources: [
    resource("aws_dynamodb_table", "items-table", { arn: tableArn, stream_arn: streamArn }),
    resource("aws_sqs_queue", "dead-letter-queue", { arn: queueArn }),
    resource("aws_cloudwatch_event_bus", "event-bus", { arn: busArn }),
    resource("aws_iam_role", "api-function", { arn: "arn:aws:iam::000000000000:role/api" }),
    resource("aws_iam_role", "stream-function", { arn: "arn:aws:iam::000000000000:role/stream" }),
    resource("aws_iam_role", "access-log-delivery_delivery-role", {
      arn: "arn:aws:iam::000000000000:role/delivery",
    }),
  ],
} as unknown as TerraformState;

/** A denied call of a role's session. */
function denial(action: string, resource: string, more: Partial<Denial> = {}): Denial {
  return {
    time: 0,
    principal: "arn:aws:sts::000000000000:assumed-role/api/api",
    principalKind: "AssumedRole",
    role: "arn:aws:iam::000000000000:role/api",
    action,
    resource,
    explicit: false,
    policyType: "identity",
    policy: "",
    statement: "",
    almost: "",
    source: "",
    message: "",
    ...more,
  };
}

const stream = { role: "arn:aws:iam::000000000000:role/stream" };
const delivery = { role: "arn:aws:iam::000000000000:role/delivery" };
const service = (principal: string, source: string) =>
  ({ principal, principalKind: "Service", role: undefined, policyType: "resource", source }) as const;

describe("the remedy for a denied call", () => {
  it.each<[string, Denial, string]>([
    ["a grant that exists", denial("dynamodb:DeleteItem", tableArn), "table.grantReadWrite(apiFunction)"],
    [
      "a grant for another function",
      denial("dynamodb:GetItem", tableArn, stream),
      "table.grantReadWrite(streamFunction)",
    ],
    ["a grant of a queue", denial("sqs:SendMessage", queueArn), "deadLetterQueue.grantSend(apiFunction)"],
    ["a grant of a bus", denial("events:PutEvents", busArn), "bus.grantPublish(apiFunction)"],
    [
      "a grant of a stream",
      denial("dynamodb:GetRecords", streamArn, stream),
      "table.grantStreamRead(streamFunction)",
    ],
    [
      "an action that no construct grants",
      denial("dynamodb:Scan", tableArn),
      'apiFunction.addToRolePolicy({ Effect: "Allow", Action: "dynamodb:Scan", Resource: table.arn })',
    ],
    [
      "a part of a construct's resource",
      denial("dynamodb:Query", `${tableArn}/index/by-owner`),
      'apiFunction.addToRolePolicy({ Effect: "Allow", Action: "dynamodb:Query", Resource: `${table.arn}/index/by-owner` })',
    ],
    [
      "a resource of nobody",
      denial("s3:GetObject", "arn:aws:s3:::other/key"),
      'apiFunction.addToRolePolicy({ Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::other/key" })',
    ],
    [
      "a role that no grant takes",
      denial("s3:PutObject", "arn:aws:s3:::logs/key", delivery),
      'add { Effect: "Allow", Action: "s3:PutObject", Resource: "arn:aws:s3:::logs/key" } to the role\'s policy in constructs/access-log-delivery.ts',
    ],
    [
      "a boundary",
      denial("dynamodb:Scan", tableArn, { policyType: "boundary" }),
      "the permissions boundary must allow it too: add dynamodb:Scan on table.arn",
    ],
    [
      "an explicit deny",
      denial("sqs:SendMessage", queueArn, {
        explicit: true,
        policyType: "resource",
        statement: "statement OnlyAdmins",
      }),
      "exempt the caller from statement OnlyAdmins in the policy of deadLetterQueue.arn, or call as its condition asks",
    ],
    [
      "a role that a service may not assume",
      denial("sts:AssumeRole", "arn:aws:iam::000000000000:role/api", service("lambda.amazonaws.com", "")),
      'the trust policy of the role api must let lambda.amazonaws.com assume it: Principal: { Service: "lambda.amazonaws.com" }, in constructs/service-function.ts',
    ],
    [
      "a topic that may not send to a queue",
      denial(
        "sqs:SendMessage",
        queueArn,
        service("sns.amazonaws.com", "arn:aws:sns:eu-west-1:000000000000:t"),
      ),
      'add to the queue\'s policy { Effect: "Allow", Principal: { Service: "sns.amazonaws.com" }, Action: "sqs:SendMessage", Resource: deadLetterQueue.arn, Condition: { ArnEquals: { "aws:SourceArn": "arn:aws:sns:eu-west-1:000000000000:t" } } }',
    ],
    [
      "a rule that may not invoke a function",
      denial(
        "lambda:InvokeFunction",
        "arn:aws:lambda:eu-west-1:000000000000:function:f:live",
        service("events.amazonaws.com", "arn:aws:events:eu-west-1:000000000000:rule/r"),
      ),
      'new LambdaPermission(…, { action: "lambda:InvokeFunction", functionName: "f", qualifier: "live", principal: "events.amazonaws.com", sourceArn: "arn:aws:events:eu-west-1:000000000000:rule/r" })',
    ],
    [
      "a caller of the API",
      denial("execute-api:Invoke", "arn:aws:execute-api:eu-west-1:000000000000:a/dev/GET/items", {
        principal: "arn:aws:iam::000000000000:user/u",
        principalKind: "User",
        role: undefined,
      }),
      "give the caller the stack's invoke policy, in the output api-invoke-policy-arn",
    ],
  ])("names %s", (_, denied, remedy) => {
    expect(remedyOf(denied, catalog, state)).toBe(remedy);
  });

  it("never names a private method", () => {
    expect(
      catalog.grants.map(({ method }) => method).filter((method) => /grantKey|Decryption/.test(method)),
    ).toEqual([]);
  });
});

describe("a denied call", () => {
  it("is told with function, role, action, resource, request and reason", () => {
    const during = "POST /items (request 1)";

    expect(describeDenial(denial("dynamodb:PutItem", tableArn, { during }))).toBe(
      `api with the role api may not dynamodb:PutItem on ${tableArn} in POST /items (request 1): no identity-based policy allows it`,
    );
  });

  it("is told with the statement that denies it", () => {
    const denied = denial("sqs:SendMessage", queueArn, {
      explicit: true,
      policyType: "resource",
      policy: "the resource's policy",
      statement: "statement OnlyAdmins",
    });

    expect(describeDenial(denied)).toBe(
      `api with the role api may not sqs:SendMessage on ${queueArn}: statement OnlyAdmins of the resource's policy denies it`,
    );
  });
});

/** The first resource of a type whose id begins with these words. */
function resource(type: string, prefix: string, attributes: Readonly<Record<string, string>>) {
  const found = stack.node
    .findAll()
    .map((child) => child as { terraformResourceType?: string; friendlyUniqueId?: string })
    .find(
      ({ terraformResourceType, friendlyUniqueId }) =>
        terraformResourceType === type && friendlyUniqueId?.startsWith(`${prefix}_`),
    );
  return { mode: "managed", type, name: found?.friendlyUniqueId, instances: [{ attributes }] };
}
