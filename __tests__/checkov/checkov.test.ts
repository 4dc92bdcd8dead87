import { installCheckov } from "../../scripts/test/checkov";
import { environments } from "../../stacks/environments";
import { accountStack } from "../support/account-stack";
import { serviceStack } from "../support/service-stacks";
import { runCheckov } from "./checkov";
import { type Findings, problemsOf } from "./findings";
import type { StackJson } from "./readable";
import { type Suppression, suppressionsOf } from "./suppressions";

const stacks: readonly [name: string, json: StackJson, suppressions: readonly Suppression[]][] = [
  ["account-stack", JSON.parse(accountStack().text), suppressionsOf()],
  ...environments.map((environment): [string, StackJson, readonly Suppression[]] => [
    `${environment.name}-stack`,
    JSON.parse(serviceStack(environment.name).text),
    suppressionsOf(environment),
  ]),
];
const dev: StackJson = JSON.parse(serviceStack("dev").text);
const [table = ""] = Object.keys(dev.resource?.aws_dynamodb_table ?? {});

/** Dev's stack with some attributes of its table changed. */
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
    found = await runCheckov({
      ...Object.fromEntries(stacks),
      planted: devWith({ point_in_time_recovery: { enabled: false } }),
      encrypted: devWith({
        server_side_encryption: { enabled: true, kms_key_arn: "arn:aws:kms:eu-west-1:111122223333:key/a" },
      }),
    });
  });

  it.each(stacks)("finds exactly what is suppressed in %s", (name, _, suppressions) => {
    expect(problemsOf(found[name] ?? [], suppressions)).toEqual([]);
  });

  it("finds a planted fault", () => {
    expect(problemsOf(found.planted ?? [], suppressionsOf(environments[0]))).toEqual([
      `CKV_AWS_28 Ensure DynamoDB point in time recovery (backup) is enabled: aws_dynamodb_table.${table}; fix it, or suppress it with a reason in suppressions.ts`,
    ]);
  });

  it("reports a suppression that is no longer needed", () => {
    expect(problemsOf(found.encrypted ?? [], suppressionsOf(environments[0]))).toEqual([
      "CKV_AWS_119 is suppressed for aws_dynamodb_table, but checkov no longer finds it: remove the suppression",
    ]);
  });

  it("fails on a stack that it cannot read, instead of finding nothing", async () => {
    const unread = runCheckov({
      unread: { ...dev, resource: { aws_sqs_queue: "none" } } as unknown as StackJson,
    });

    await expect(unread).rejects.toThrow(/checkov could not read unread/);
  });

  it.each(environments)(
    "suppresses at most 16 ids in $name, or 11 with a customer-managed key",
    (environment) => {
      const ids = suppressionsOf(environment).map(({ id }) => id);

      expect(ids).toEqual([...new Set(ids)]);
      expect(ids.length).toBeLessThanOrEqual(environment.customerKey ? 11 : 16);
    },
  );
});
