import { readFileSync } from "node:fs";
import { buildSync } from "esbuild";
import { esbuildOptions } from "../../constructs/bundle";
import { actionsOf } from "../../packages/guardrails/iam-actions";
import { environments } from "../../stacks/environments";
import type { AwsCall } from "../least-privilege/aws-call";
import { callsOnWire } from "../least-privilege/calls-on-wire";
import { ConcreteStack } from "../least-privilege/concrete-stack";
import { doneByLambda } from "../least-privilege/done-by-lambda";
import { doneByServices } from "../least-privilege/done-by-services";
import { Role } from "../least-privilege/role";
import { callsOf, type FunctionId, functions } from "../least-privilege/run-function";
import { type Edit, type StatementJson, set, statement } from "../packages/guardrails/edit";
import { serviceStack } from "../support/service-stacks";

const functionIds = Object.keys(functions) as FunctionId[];

/** By whom each role is used, and so what it must allow. */
const roles: Readonly<Record<string, (stack: ConcreteStack, path: string) => Promise<readonly AwsCall[]>>> = {
  "access-log-delivery/delivery-role": callsOfServices,
  "access-log-delivery/subscription-role": callsOfServices,
  ...Object.fromEntries(
    functionIds.map((id) => [`${id}/role`, (stack: ConcreteStack) => callsOfFunction(id, stack)]),
  ),
};

const cases = Object.keys(roles).flatMap((path) => environments.map(({ name }) => ({ path, name })));

/** The operations in the sources that are bundled from an entry. */
function operationsOf(entry: string): readonly string[] {
  const { metafile } = buildSync({ ...esbuildOptions(entry), metafile: true, write: false });
  const sources = Object.keys(metafile?.inputs ?? {}).filter((file) => file.startsWith("lambda-src/"));
  const texts = sources.map((file) => readFileSync(file, "utf8"));
  const found = texts.flatMap((text) => [...text.matchAll(/new (\w+)Command\(/g)]);
  return [...new Set(found.map(([, operation = ""]) => operation))].sort();
}

const shown = ({ action, resource, context = {} }: AwsCall): string =>
  [action, resource, ...Object.entries(context).map((pair) => pair.join("="))].join(" ");

/** The same call of something that is like its resource and is not: in another account, or nearly of its name. */
const elsewhere = (call: AwsCall): readonly AwsCall[] =>
  call.resource === "*"
    ? []
    : [
        call.resource.replace(call.name, `${call.name}-other`),
        call.resource.replace(call.name, `other-${call.name}`),
        call.resource.replace(/:\d{12}:/, ":210987654321:"),
      ].map((resource) => ({ ...call, resource }));

/** The same call where one of its conditions does not hold, or is not known. */
const otherwise = (call: AwsCall): readonly AwsCall[] =>
  Object.keys(call.context ?? {}).flatMap((key) => {
    const { [key]: _, ...rest } = call.context ?? {};
    return [
      { ...call, context: rest },
      { ...call, context: { ...rest, [key]: "another" } },
    ];
  });

/** Whatever else AWS's service could do with the same resource. */
const furthermore = (call: AwsCall): readonly AwsCall[] => {
  const [service = ""] = call.action.split(":");
  return [...(actionsOf(service)?.values() ?? [])].map(({ name }) => ({
    ...call,
    action: `${service}:${name}`,
  }));
};

/** What is wrong with a role for those who make these calls by it. */
function wrongsOf(role: Role, calls: readonly AwsCall[]) {
  const needed = new Set(calls.map(shown));
  const others = calls.flatMap((call) => [...elsewhere(call), ...otherwise(call), ...furthermore(call)]);
  return {
    refused: calls.filter((call) => !role.allows(call)).map(shown),
    beyond: [...new Set(others.filter((call) => role.allows(call)).map(shown))].filter(
      (call) => !needed.has(call),
    ),
    unused: role.unused(calls).map(({ sid, action, resource }) => `${sid}: ${action} ${resource}`),
  };
}

/** What the bundled code calls when it runs, and what Lambda does for it. */
async function callsOfFunction(id: FunctionId, stack: ConcreteStack): Promise<readonly AwsCall[]> {
  const recorded = await callsOf(id, stack);
  return [
    ...recorded.flatMap((call) => callsOnWire(call, stack)),
    ...doneByLambda(stack.at("aws_lambda_function", `${id}/function`), stack),
  ];
}

async function callsOfServices(stack: ConcreteStack, path: string): Promise<readonly AwsCall[]> {
  return doneByServices(stack.at("aws_iam_role", path), stack);
}

describe.each(cases)("the role $path in $name", ({ path, name }) => {
  it("allows each call on the very resource that it names, and nothing else", async () => {
    const stack = new ConcreteStack(serviceStack(name).text);

    const calls = (await roles[path]?.(stack, path)) ?? [];

    expect(calls).not.toEqual([]);
    expect(wrongsOf(new Role(stack, path), calls)).toEqual({ refused: [], beyond: [], unused: [] });
  });
});

describe.each(environments)("the roles of $name", ({ name }) => {
  it("are proven, every one", () => {
    const paths = serviceStack(name)
      .resources("aws_iam_role")
      .map(({ path }) => path.replace(/^[^/]*\//, ""));

    expect(paths.sort()).toEqual(Object.keys(roles).sort());
  });
});

describe.each(functionIds)("the code of %s", (id) => {
  it("is seen to make every call that there is in it", async () => {
    const inCode = operationsOf(functions[id].entry);

    const recorded = await callsOf(id, new ConcreteStack(serviceStack("dev").text));

    expect(inCode).not.toEqual([]);
    expect([...new Set(recorded.map(({ target }) => `${target.split(".")[1]}`))].sort()).toEqual(inCode);
  });
});

describe("a role that is not what its function needs", () => {
  const policy = ["aws_iam_role_policy", "api-function/role-policy"] as const;
  const good = serviceStack("prod").text;
  const table = "${aws_dynamodb_table.items-table_1F7CDFD5.arn}";
  const tableActions = ["DeleteItem", "GetItem", "PutItem", "Query"].map((name) => `dynamodb:${name}`);
  let calls: readonly AwsCall[];

  beforeAll(async () => {
    calls = await callsOfFunction("api-function", new ConcreteStack(good));
  });

  it.each<[string, Edit, Partial<Record<keyof ReturnType<typeof wrongsOf>, RegExp>>]>([
    [
      "an action too few",
      grant("ItemsTable", { Action: tableActions.slice(1) }),
      { refused: /:DeleteItem .*table/ },
    ],
    [
      "another resource",
      grant("ItemsTable", { Resource: "${aws_sqs_queue.dead-letter-queue_9C8F6649.arn}" }),
      { refused: /:PutItem/, unused: /ItemsTable/ },
    ],
    [
      "an action too many",
      grant("ItemsTable", { Action: [...tableActions, "dynamodb:Scan"] }),
      { beyond: /:Scan/, unused: /ItemsTable: dynamodb:Scan/ },
    ],
    ["a wildcard for actions", grant("ItemsTable", { Action: "dynamodb:*" }), { beyond: /:DeleteTable/ }],
    [
      "a wildcard at a name's end",
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
      "a condition too few",
      grant("DeadLetterQueueKey", { Condition: {} }),
      { beyond: /kms:Decrypt/, unused: /OwnVariables/ },
    ],
    [
      "a condition that does not hold",
      grant("ItemsTableKey", {
        Condition: { StringEquals: { "kms:ViaService": "s3.eu-west-1.amazonaws.com" } },
      }),
      { refused: /kms:Decrypt.*tablename/, unused: /ItemsTableKey/ },
    ],
    [
      "a condition that no call answers",
      grant("ItemsTable", { Condition: { StringEquals: { "dynamodb:LeadingKeys": "a" } } }),
      { refused: /dynamodb:GetItem/, unused: /ItemsTable/ },
    ],
  ])("is told by %s", (_, edit, told) => {
    const json = JSON.parse(good);
    edit(json);

    const wrongs = wrongsOf(new Role(new ConcreteStack(JSON.stringify(json)), "api-function/role"), calls);

    const expected = { refused: [], beyond: [], unused: [] };
    const texts = Object.entries(told).map(([kind, text]) => [
      kind,
      expect.arrayContaining([expect.stringMatching(text)]),
    ]);
    expect(wrongs).toEqual({ ...expected, ...Object.fromEntries(texts) });
  });

  it("is told by code that is given another table", async () => {
    const json = JSON.parse(good);
    set(
      "aws_lambda_function",
      "api-function/function",
      "environment.variables.TABLE_NAME",
      "items-of-another",
    )(json);
    const stack = new ConcreteStack(JSON.stringify(json));

    const { refused } = wrongsOf(
      new Role(stack, "api-function/role"),
      await callsOfFunction("api-function", stack),
    );

    expect(refused).toContainEqual(expect.stringMatching("dynamodb:GetItem .*table/items-of-another"));
  });

  function grant(sid: string, to: Partial<StatementJson>): Edit {
    return statement(...policy, sid, to);
  }
});
