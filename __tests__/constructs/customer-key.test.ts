import { CustomerKey } from "../../constructs/customer-key";
import { DeadLetterQueue } from "../../constructs/dead-letter-queue";
import { ItemsTable } from "../../constructs/items-table";
import { serviceFunction } from "../support/service-function";
import { synthesizeStack } from "../support/synthesize";

interface Statement {
  readonly Sid: string;
  readonly Action: unknown;
  readonly Principal?: Readonly<Record<string, string>>;
  readonly Condition?: unknown;
}

/** A function, its queue and a table, all encrypted with one key. */
const stack = synthesizeStack((testStack) => {
  const encryptionKey = new CustomerKey(testStack, "key", { name: "data" });
  const deadLetterQueue = new DeadLetterQueue(testStack, "queue", { name: "failed", encryptionKey });
  const worker = serviceFunction(testStack, { encryptionKey, deadLetterQueue });
  const table = new ItemsTable(testStack, "table", {
    name: "items",
    deletionProtection: true,
    encryptionKey,
  });
  table.grantReadWrite(worker);
});

const keyWith = (deletionWindowDays: number | undefined) =>
  synthesizeStack((testStack) => {
    new CustomerKey(testStack, "key", {
      name: "data",
      ...(deletionWindowDays !== undefined && { deletionWindowDays }),
    });
  });

const statementsOf = (type: "aws_kms_key_policy" | "aws_iam_role_policy") =>
  (stack.only(type).parsed("policy") as { readonly Statement: readonly Statement[] }).Statement;

const key = stack.only("aws_kms_key");

describe("CustomerKey", () => {
  it("is rotated every year, and its deletion can be cancelled for 30 days", () => {
    expect(key.attributes).toMatchObject({ enable_key_rotation: true, deletion_window_in_days: 30 });
  });

  it.each([
    [7, 7],
    [30, 30],
    [undefined, 30],
  ])("with a deletion window of %s days is kept for %s", (given, kept) => {
    expect(keyWith(given).only("aws_kms_key").attributes.deletion_window_in_days).toBe(kept);
  });

  it.each([6, 31, 7.5])("refuses a deletion window of %s days", (days) => {
    expect(() => keyWith(days)).toThrow(/deletionWindowDays must be (a whole number )?between 7 and 30/);
  });

  it("has an alias named after application and environment", () => {
    expect(stack.only("aws_kms_alias").attributes).toEqual({
      name: "alias/shop-data-test",
      target_key_id: key.ref("key_id"),
    });
  });

  it("leaves it to IAM who in its own account can use it", () => {
    const [statement] = statementsOf("aws_kms_key_policy");

    const locals = stack.section("locals");
    const [, local = ""] =
      /^arn:aws:iam::\$\{local\.([\w-]+)\}:root$/.exec(`${statement?.Principal?.AWS}`) ?? [];
    expect(statement).toMatchObject({ Sid: "LeaveItToIam", Action: "kms:*" });
    expect(locals[local]).toBe(`\${element(split(":", ${key.address}.arn), 4)}`);
  });

  it("lets CloudWatch Logs use it for the log group only, named without a cycle", () => {
    const [, statement] = statementsOf("aws_kms_key_policy");

    expect(statement).toMatchObject({ Sid: "LogGroups" });
    expect(JSON.stringify(statement?.Principal)).toMatch(/"Service":"logs\.\$\{.*\}\.amazonaws\.com"/);
    expect(JSON.stringify(statement?.Condition)).toMatch(
      /^\{"ArnEquals":\{"kms:EncryptionContext:aws:logs:arn":\["arn:aws:logs:.*:log-group:\/aws\/lambda\/shop-worker-test"\]\}\}$/,
    );
    expect(statementsOf("aws_kms_key_policy")).toHaveLength(2);
  });

  it("encrypts table, queue, log lines and variables, after its policy is in place", () => {
    const waited = stack.only("aws_kms_key_policy").ref("key_id").slice(2, -1);

    expect(stack.only("aws_dynamodb_table").attributes.server_side_encryption).toEqual({
      enabled: true,
      kms_key_arn: expect.stringContaining(waited),
    });
    expect(stack.at("aws_sqs_queue", "queue/queue").attributes.kms_master_key_id).toContain(waited);
    expect(stack.only("aws_cloudwatch_log_group").attributes.kms_key_id).toContain(waited);
    expect(stack.only("aws_lambda_function").attributes.kms_key_arn).toContain(waited);
  });

  it.each([
    ["OwnVariables", "kms:Decrypt", "kms:EncryptionContext:aws:lambda:FunctionArn"],
    ["DeadLetterQueueKey", ["kms:GenerateDataKey", "kms:Decrypt"], "kms:ViaService"],
    ["ItemsTableKey", "kms:Decrypt", "kms:EncryptionContext:aws:dynamodb:tableName"],
  ])("lets the function use it for one purpose: %s", (sid, action, condition) => {
    const statement = statementsOf("aws_iam_role_policy").find(({ Sid }) => Sid === sid);

    expect(statement?.Action).toEqual(action);
    expect(statement?.Condition).toMatchObject({ StringEquals: { [condition]: expect.any(String) } });
  });
});
