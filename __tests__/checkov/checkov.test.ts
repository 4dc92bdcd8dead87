import { installCheckov } from "../../scripts/test/checkov";
import { environments } from "../../stacks/environments";
import { accountStack } from "../support/account-stack";
import { serviceStack } from "../support/service-stacks";
import { inspect } from "./checkov";
import { type Findings, problemsOf } from "./findings";
import type { StackJson } from "./readable";
import { type Waiver, waiversOf } from "./waivers";

const stacks: readonly [name: string, json: StackJson, waivers: readonly Waiver[]][] = [
  ["account-stack", JSON.parse(accountStack().text), waiversOf()],
  ...environments.map((environment): [string, StackJson, readonly Waiver[]] => [
    `${environment.name}-stack`,
    JSON.parse(serviceStack(environment.name).text),
    waiversOf(environment),
  ]),
];
const dev: StackJson = JSON.parse(serviceStack("dev").text);
const [table = ""] = Object.keys(dev.resource?.aws_dynamodb_table ?? {});

/** Dev's stack with its table as it is, and with what a test changes. */
const devWith = (attributes: Readonly<Record<string, unknown>>): StackJson => ({
  ...dev,
  resource: {
    ...dev.resource,
    aws_dynamodb_table: { [table]: { ...dev.resource?.aws_dynamodb_table?.[table], ...attributes } },
  },
});

describe("checkov", () => {
  let found: Readonly<Record<string, Findings>>;

  beforeAll(async () => {
    await installCheckov();
    found = await inspect({
      ...Object.fromEntries(stacks),
      planted: devWith({ point_in_time_recovery: { enabled: false } }),
      encrypted: devWith({
        server_side_encryption: { enabled: true, kms_key_arn: "arn:aws:kms:eu-west-1:111122223333:key/a" },
      }),
    });
  });

  it.each(stacks)("finds nothing in %s but what is waived, and all of that", (name, _, waivers) => {
    expect(problemsOf(found[name] ?? [], waivers)).toEqual([]);
  });

  it("finds a fault that is planted", () => {
    expect(problemsOf(found.planted ?? [], waiversOf(environments[0]))).toEqual([
      `CKV_AWS_28 Ensure DynamoDB point in time recovery (backup) is enabled: aws_dynamodb_table.${table}; mend it, or waive it with a reason in waivers.ts`,
    ]);
  });

  it("tells a waiver that nothing needs any more", () => {
    expect(problemsOf(found.encrypted ?? [], waiversOf(environments[0]))).toEqual([
      "CKV_AWS_119 is waived for aws_dynamodb_table, and checkov finds it no more: take the waiver away",
    ]);
  });

  it("fails on a stack that it cannot read, rather than find nothing in it", async () => {
    const unread = inspect({
      unread: { ...dev, resource: { aws_sqs_queue: "none" } } as unknown as StackJson,
    });

    await expect(unread).rejects.toThrow(/checkov could not read unread/);
  });

  it.each(environments)("has at most 16 ids waived in $name, 11 with a key of its own", (environment) => {
    const ids = waiversOf(environment).map(({ id }) => id);

    expect(ids).toEqual([...new Set(ids)]);
    expect(ids.length).toBeLessThanOrEqual(environment.customerKey ? 11 : 16);
  });
});
