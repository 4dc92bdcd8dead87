import { accountOf, regionOf } from "../../../../packages/guardrails/access/place";
import { shownText, symbolicText } from "../../../../packages/guardrails/access/symbolic-text";
import { StackView, type TerraformJson } from "../../../../packages/guardrails/stack-view";

const account = "123456789012";
const ireland: TerraformJson = {
  provider: {
    aws: [
      { region: "eu-west-1", allowed_account_ids: [account] },
      { region: "us-east-1", alias: "us" },
    ],
  },
  locals: { account: '${element(split(":", aws_sqs_queue.jobs.arn), 4)}' },
  data: {
    aws_caller_identity: { me: {} },
    aws_partition: { p: {} },
    aws_region: { here: {}, there: { provider: "aws.us" } },
  },
  resource: {
    aws_api_gateway_rest_api: { api: { name: "api" } },
    aws_api_gateway_stage: {
      live: { rest_api_id: "${aws_api_gateway_rest_api.api.id}", stage_name: "live" },
    },
    aws_cloudwatch_event_bus: { orders: { name: "orders" } },
    aws_cloudwatch_event_rule: {
      nightly: { name: "nightly" },
      placed: { name: "placed", event_bus_name: "${aws_cloudwatch_event_bus.orders.name}" },
    },
    aws_dynamodb_table: { items: { name: "items" } },
    aws_iam_role: { worker: { name: "worker", path: "/shop/" } },
    aws_kms_key: { key: {} },
    aws_lambda_alias: {
      live: { name: "live", function_name: "${aws_lambda_function.worker.function_name}" },
    },
    aws_lambda_function: {
      worker: { function_name: "worker", publish: true },
      plain: { function_name: "plain" },
    },
    aws_s3_bucket: { files: { bucket: "files" } },
    aws_sns_topic: { alarms: { name: "alarms" }, there: { name: "there", provider: "aws.us" } },
    aws_sqs_queue: {
      jobs: { name: "jobs" },
      made: { name_prefix: "made-" },
      theirs: { name: "${var.prefix}-theirs" },
    },
  },
};
const stack = new StackView(ireland);
const shown = (text: string) => shownText(symbolicText(stack, text));

describe("symbolicText", () => {
  it.each([
    ["a queue's ARN", "${aws_sqs_queue.jobs.arn}", `arn:aws:sqs:eu-west-1:${account}:jobs`],
    [
      "a queue's id, which is its URL",
      "${aws_sqs_queue.jobs.id}",
      `https://sqs.eu-west-1.amazonaws.com/${account}/jobs`,
    ],
    [
      "a topic's id, which is its ARN",
      "${aws_sns_topic.alarms.id}",
      `arn:aws:sns:eu-west-1:${account}:alarms`,
    ],
    [
      "a resource of another provider",
      "${aws_sns_topic.there.arn}",
      `arn:aws:sns:us-east-1:${account}:there`,
    ],
    ["a bucket's ARN, without a place", "${aws_s3_bucket.files.arn}/*", "arn:aws:s3:::files/*"],
    ["a role's ARN, with its path", "${aws_iam_role.worker.arn}", `arn:aws:iam::${account}:role/shop/worker`],
    ["an alias", "${aws_lambda_alias.live.arn}", `arn:aws:lambda:eu-west-1:${account}:function:worker:live`],
    [
      "a published version",
      "${aws_lambda_function.worker.qualified_arn}",
      `arn:aws:lambda:eu-west-1:${account}:function:worker:<aws_lambda_function.worker.version>`,
    ],
    ["an unpublished version", "${aws_lambda_function.plain.version}", "$LATEST"],
    [
      "a rule on the default bus",
      "${aws_cloudwatch_event_rule.nightly.arn}",
      `arn:aws:events:eu-west-1:${account}:rule/nightly`,
    ],
    [
      "a rule on another bus",
      "${aws_cloudwatch_event_rule.placed.arn}",
      `arn:aws:events:eu-west-1:${account}:rule/orders/placed`,
    ],
    [
      "a table's stream",
      "${aws_dynamodb_table.items.stream_arn}",
      `arn:aws:dynamodb:eu-west-1:${account}:table/items/stream/<aws_dynamodb_table.items.stream_label>`,
    ],
    ["a key's id", "${aws_kms_key.key.key_id}", "<aws_kms_key.key>"],
    [
      "an API's stage",
      "${aws_api_gateway_stage.live.execution_arn}/GET",
      `arn:aws:execute-api:eu-west-1:${account}:<aws_api_gateway_rest_api.api>/live/GET`,
    ],
    ["a name that Terraform makes", "${aws_sqs_queue.made.name}", "made-<aws_sqs_queue.made>"],
    [
      "a name of which a part is known",
      "${aws_sqs_queue.theirs.arn}",
      `arn:aws:sqs:eu-west-1:${account}:\${var.prefix}-theirs`,
    ],
    ["an instance", '${aws_sqs_queue.jobs["a"].arn}', `arn:aws:sqs:eu-west-1:${account}:jobs`],
    [
      "the account, partition and Region of data",
      "${data.aws_partition.p.partition} ${data.aws_caller_identity.me.account_id} ${data.aws_region.here.name} ${data.aws_region.there.name}",
      `aws ${account} eu-west-1 us-east-1`,
    ],
    ["the account in an ARN, through a local", "${local.account}", account],
    [
      "an id that is replaced by itself",
      "${replace(aws_kms_key.key.arn, aws_kms_key.key.key_id, aws_kms_key.key.id)}",
      `arn:aws:kms:eu-west-1:${account}:key/<aws_kms_key.key>`,
    ],
    ["a policy variable", "arn:aws:s3:::home/$${aws:username}/*", "arn:aws:s3:::home/${aws:username}/*"],
    ["what only Terraform knows", "${var.queue_arn}", "${var.queue_arn}"],
  ])("spells out %s", (_, text, expected) => {
    expect(shown(text)).toBe(expected);
  });

  it("takes any account and Region that a stack names as its own, if its provider names none", () => {
    const open = new StackView({
      provider: { aws: [{ region: "${var.region}" }] },
      resource: { aws_sqs_queue: { jobs: { name: "jobs" } } },
    });
    const texts = [
      "${aws_sqs_queue.jobs.arn}",
      "arn:aws:sqs:eu-west-1:111122223333:jobs",
      "arn:aws:sqs:${var.region}:999999999999:jobs",
    ];

    expect(new Set(texts.map((text) => symbolicText(open, text))).size).toBe(1);
  });

  it("tells the stack's own account from others, if its provider allows only one", () => {
    expect(accountOf(stack)).toBe(account);
    expect(shown("arn:aws:sqs:eu-west-1:999999999999:jobs")).toBe("arn:aws:sqs:eu-west-1:999999999999:jobs");
  });

  it.each([
    ["cn-north-1", "aws-cn"],
    ["us-gov-west-1", "aws-us-gov"],
    ["eu-west-1", "aws"],
  ])("knows the partition of %s", (region, partition) => {
    const there = new StackView({ ...ireland, provider: { aws: [{ region }] } });

    expect(symbolicText(there, "${aws_s3_bucket.files.arn}")).toBe(`arn:${partition}:s3:::files`);
    expect(regionOf(there.all("aws_s3_bucket")[0] as never)).toBe(region);
  });
});
