import { readFileSync } from "node:fs";
import { buildSync } from "esbuild";
import { esbuildOptions } from "../../constructs/bundle";
import { actionsOf } from "../../packages/guardrails/iam-actions";
import { environments } from "../../stacks/environments";
import type { AwsCall } from "../least-privilege/aws-call";
import { callsByLambda } from "../least-privilege/calls-by-lambda";
import { callsByServices } from "../least-privilege/calls-by-services";
import { callsOnWire } from "../least-privilege/calls-on-wire";
import { ConcreteStack } from "../least-privilege/concrete-stack";
import { Role } from "../least-privilege/role";
import { callsOf, type FunctionId, functions } from "../least-privilege/run-function";
import { type Edit, type StatementJson, set, statement } from "../packages/guardrails/edit";
import { serviceStack } from "../support/service-stacks";

const functionIds = Object.keys(functions) as FunctionId[];

/** Each role, and the calls that its users make with it, which it must allow. */
const roles: Readonly<Record<string, (stack: ConcreteStack, path: string) => Promise<readonly AwsCall[]>>> = {
  "access-log-delivery/delivery-role": callsOfServices,
  "access-log-delivery/subscription-role": callsOfServices,
  ...Object.fromEntries(
    functionIds.map((id) => [`${id}/role`, (stack: ConcreteStack) => callsOfFunction(id, stack)]),
  ),
};

const cases = Object.keys(roles).flatMap((path) => environments.map(({ name }) => ({ path, name })));

/** The operations in the sources of a bundle. */
function operationsOf(entry: string): readonly string[] {
  const { metafile } = buildSync({ ...esbuildOptions(entry), metafile: true, write: false });
  const sources = Object.keys(metafile?.inputs ?? {}).filter((file) => file.startsWith("lambda-src/"));
  const texts = sources.map((file) => readFileSync(file, "utf8"));
  const found = texts.flatMap((text) => [...text.matchAll(/new (\w+)Command\(/g)]);
  return [...new Set(found.map(([, operation = ""]) => operation))].sort();
}

const show = ({ action, resource, context = {} }: AwsCall): string =>
  [action, resource, ...Object.entries(context).map((pair) => pair.join("="))].join(" ");

/** The same call on a similar resource: one in another account, or one with a similar name. */
const onSimilarResources = (call: AwsCall): readonly AwsCall[] =>
  call.resource === "*"
    ? []
    : [
        call.resource.replace(call.name, `${call.name}-other`),
        call.resource.replace(call.name, `other-${call.name}`),
        call.resource.replace(/:\d{12}:/, ":210987654321:"),
      ].map((resource) => ({ ...call, resource }));

/** The same call with one of its condition keys missing or different. */
const withOtherConditions = (call: AwsCall): readonly AwsCall[] =>
  Object.keys(call.context ?? {}).flatMap((key) => {
    const { [key]: _, ...rest } = call.context ?? {};
    return [
      { ...call, context: rest },
      { ...call, context: { ...rest, [key]: "another" } },
    ];
  });

/** Every action of the same service on the same resource. */
const otherActions = (call: AwsCall): readonly AwsCall[] => {
  const [service = ""] = call.action.split(":");
  return [...(actionsOf(service)?.values() ?? [])].map(({ name }) => ({
    ...call,
    action: `${service}:${name}`,
  }));
};

/** What is wrong with a role that is used for these calls, and for no others. */
function problemsOf(role: Role, calls: readonly AwsCall[]) {
  const needed = new Set(calls.map(show));
  const others = calls.flatMap((call) => [
    ...onSimilarResources(call),
    ...withOtherConditions(call),
    ...otherActions(call),
  ]);
  return {
    refused: calls.filter((call) => !role.allows(call)).map(show),
    beyond: [...new Set(others.filter((call) => role.allows(call)).map(show))].filter(
      (call) => !needed.has(call),
    ),
    unused: role.unused(calls).map(({ sid, action, resource }) => `${sid}: ${action} ${resource}`),
  };
}

/** The calls that the bundled code makes when it runs, and those that Lambda makes for it. */
async function callsOfFunction(id: FunctionId, stack: ConcreteStack): Promise<readonly AwsCall[]> {
  const recorded = await callsOf(id, stack);
  return [
    ...recorded.flatMap((call) => callsOnWire(call, stack)),
    ...callsByLambda(stack.at("aws_lambda_function", `${id}/function`), stack),
  ];
}

async function callsOfServices(stack: ConcreteStack, path: string): Promise<readonly AwsCall[]> {
  return callsByServices(stack.at("aws_iam_role", path), stack);
}

describe.each(cases)("the role $path in $name", ({ path, name }) => {
  it("allows each call on exactly the resource it names, and nothing else", async () => {
    const stack = new ConcreteStack(serviceStack(name).text);

    const calls = (await roles[path]?.(stack, path)) ?? [];

    expect(calls).not.toEqual([]);
    expect(problemsOf(new Role(stack, path), calls)).toEqual({ refused: [], beyond: [], unused: [] });
  });
});

describe.each(environments)("the roles of $name", ({ name }) => {
  it("are all tested", () => {
    const paths = serviceStack(name)
      .resources("aws_iam_role")
      .map(({ path }) => path.replace(/^[^/]*\//, ""));

    expect(paths.sort()).toEqual(Object.keys(roles).sort());
  });
});

describe.each(functionIds)("the code of %s", (id) => {
  it("makes every call in its sources when it runs", async () => {
    const inCode = operationsOf(functions[id].entry);

    const recorded = await callsOf(id, new ConcreteStack(serviceStack("dev").text));

    expect(inCode).not.toEqual([]);
    expect([...new Set(recorded.map(({ target }) => `${target.split(".")[1]}`))].sort()).toEqual(inCode);
  });
});

describe("a role that does not match its function's needs", () => {
  const policy = ["aws_iam_role_policy", "api-function/role-policy"] as const;
  const good = serviceStack("prod").text;
  const table = "${aws_dynamodb_table.items-table_1F7CDFD5.arn}";
  const tableActions = ["DeleteItem", "GetItem", "PutItem", "Query"].map((name) => `dynamodb:${name}`);
  let calls: readonly AwsCall[];

  beforeAll(async () => {
    calls = await callsOfFunction("api-function", new ConcreteStack(good));
  });

  it.each<[string, Edit, Partial<Record<keyof ReturnType<typeof problemsOf>, RegExp>>]>([
    [
      "a missing action",
      grant("ItemsTable", { Action: tableActions.slice(1) }),
      { refused: /:DeleteItem .*table/ },
    ],
    [
      "the wrong resource",
      grant("ItemsTable", { Resource: "${aws_sqs_queue.dead-letter-queue_9C8F6649.arn}" }),
      { refused: /:PutItem/, unused: /ItemsTable/ },
    ],
    [
      "an extra action",
      grant("ItemsTable", { Action: [...tableActions, "dynamodb:Scan"] }),
      { beyond: /:Scan/, unused: /ItemsTable: dynamodb:Scan/ },
    ],
    ["a wildcard action", grant("ItemsTable", { Action: "dynamodb:*" }), { beyond: /:DeleteTable/ }],
    [
      "a wildcard at the end of a name",
      grant("ItemsTable", { Resource: `${table}*` }),
      { beyond: /items-prod-other/ },
    ],
    ["every resource", grant("ItemsTable", { Resource: "*" }), { beyond: /210987654321/ }],
    [
      "a resource that no call names",
      grant("ItemsTable", { Resource: [table, `${table}/index/*`] }),
      { unused: /\/index\// },
    ],
    [
      "a missing condition",
      grant("DeadLetterQueueKey", { Condition: {} }),
      { beyond: /kms:Decrypt/, unused: /OwnVariables/ },
    ],
    [
      "a condition that is false",
      grant("ItemsTableKey", {
        Condition: { StringEquals: { "kms:ViaService": "s3.eu-west-1.amazonaws.com" } },
      }),
      { refused: /kms:Decrypt.*tablename/, unused: /ItemsTableKey/ },
    ],
    [
      "a condition on a key that no call has",
      grant("ItemsTable", { Condition: { StringEquals: { "dynamodb:LeadingKeys": "a" } } }),
      { refused: /dynamodb:GetItem/, unused: /ItemsTable/ },
    ],
  ])("is detected with %s", (_, edit, detected) => {
    const json = JSON.parse(good);
    edit(json);

    const problems = problemsOf(
      new Role(new ConcreteStack(JSON.stringify(json)), "api-function/role"),
      calls,
    );

    const expected = { refused: [], beyond: [], unused: [] };
    const texts = Object.entries(detected).map(([kind, text]) => [
      kind,
      expect.arrayContaining([expect.stringMatching(text)]),
    ]);
    expect(problems).toEqual({ ...expected, ...Object.fromEntries(texts) });
  });

  it("is detected when the code is given another table", async () => {
    const json = JSON.parse(good);
    set(
      "aws_lambda_function",
      "api-function/function",
      "environment.variables.TABLE_NAME",
      "items-of-another",
    )(json);
    const stack = new ConcreteStack(JSON.stringify(json));

    const { refused } = problemsOf(
      new Role(stack, "api-function/role"),
      await callsOfFunction("api-function", stack),
    );

    expect(refused).toContainEqual(expect.stringMatching("dynamodb:GetItem .*table/items-of-another"));
  });

  function grant(sid: string, to: Partial<StatementJson>): Edit {
    return statement(...policy, sid, to);
  }
});
