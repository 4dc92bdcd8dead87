import { roleMay } from "../../../packages/guardrails/access/decide";
import { arnOf } from "../../../packages/guardrails/access/symbolic-text";
import { hclToJson, templateParts } from "../../../packages/guardrails/expression";
import { statementsOf } from "../../../packages/guardrails/policy";
import { type Resource, StackView, type TerraformJson } from "../../../packages/guardrails/stack-view";

const view = (json: TerraformJson) => new StackView(json);

function only(stack: StackView, type: string): Resource {
  const [resource] = stack.all(type);
  if (!resource) throw new Error(`the stack has no ${type}`);
  return resource;
}

describe("templateParts", () => {
  it.each([
    ["plain", [{ literal: "plain" }]],
    ["a-${aws_x.y.z}-b", [{ literal: "a-" }, { expression: "aws_x.y.z" }, { literal: "-b" }]],
    ['${element(split(":", a.b), 4)}', [{ expression: 'element(split(":", a.b), 4)' }]],
    ['${jsonencode({"a" = "}"})}', [{ expression: 'jsonencode({"a" = "}"})' }]],
    ["$${literal}", [{ literal: "${literal}" }]],
  ])("splits %s", (text, parts) => {
    expect(templateParts(text)).toEqual(parts);
  });
});

describe("hclToJson", () => {
  it("converts the argument of jsonencode, with references as templates", () => {
    const value = hclToJson(
      '{"a" = ["x", aws_sqs_queue.q.arn], "b" = {"c" = 5, d = true}, "e" = "${local.x}/*"}',
    );

    expect(value).toEqual({ a: ["x", "${aws_sqs_queue.q.arn}"], b: { c: 5, d: true }, e: "${local.x}/*" });
  });

  it("keeps function calls that it cannot evaluate", () => {
    expect(hclToJson('{"a" = join(",", ["x", "y"])}')).toEqual({ a: '${join(",", ["x", "y"])}' });
  });
});

describe("StackView", () => {
  const stack = view({
    locals: { queue: "${aws_sqs_queue.q.arn}" },
    resource: {
      aws_sqs_queue: { q: { name: "jobs" } },
      aws_sns_topic: { t: { name: "alarms" } },
      aws_sns_topic_policy: { p: { arn: "${aws_sns_topic.t.arn}" } },
      aws_lambda_function: {
        f: { function_name: "worker", dead_letter_config: { target_arn: "${local.queue}" } },
      },
      aws_lambda_alias: { live: { name: "live", function_name: "${aws_lambda_function.f.function_name}" } },
      aws_cloudwatch_metric_alarm: { a: { alarm_actions: ["${aws_sns_topic_policy.p.arn}"] } },
      aws_lambda_permission: {
        n: { function_name: "worker", source: "${aws_lambda_alias.live.invoke_arn}" },
      },
    },
  });

  it("follows locals", () => {
    expect(only(stack, "aws_lambda_function").follow("dead_letter_config.target_arn", "aws_sqs_queue")).toBe(
      only(stack, "aws_sqs_queue"),
    );
  });

  it("follows a block that passes another block's attribute on", () => {
    expect(only(stack, "aws_cloudwatch_metric_alarm").follow("alarm_actions", "aws_sns_topic")).toBe(
      only(stack, "aws_sns_topic"),
    );
  });

  it("follows an alias to its function, and a name to the resource that has it", () => {
    const permission = only(stack, "aws_lambda_permission");

    expect(permission.follow("source", "aws_lambda_function")).toBe(only(stack, "aws_lambda_function"));
    expect(permission.follow("function_name", "aws_lambda_function")).toBe(
      only(stack, "aws_lambda_function"),
    );
    expect(permission.follow("function_name", "aws_lambda_alias")).toBeUndefined();
  });

  it("resolves what the stack defines, and leaves the rest as a template", () => {
    expect(stack.evaluate("x-${aws_sqs_queue.q.name}")).toBe("x-jobs");
    expect(stack.evaluate("${aws_sqs_queue.q.arn}")).toBe("${aws_sqs_queue.q.arn}");
  });

  it("stops at circular references", () => {
    const circle = view({ locals: { a: "${local.b}", b: "${local.a}" } });

    expect(circle.evaluate("${local.a}")).toBe("${local.a}");
    expect(circle.follow("${local.a}", "aws_sqs_queue")).toBeUndefined();
  });
});

describe("roleMay", () => {
  const stackWith = (statement: object, attachment?: string) =>
    view({
      resource: {
        aws_sqs_queue: { q: { name: "jobs" } },
        aws_iam_role: { r: { name: "worker" } },
        aws_iam_role_policy: {
          p: {
            role: "${aws_iam_role.r.id}",
            policy: JSON.stringify({ Version: "2012-10-17", Statement: statement }),
          },
        },
        ...(attachment && {
          aws_iam_role_policy_attachment: { a: { role: "worker", policy_arn: attachment } },
        }),
      },
    });
  const may = (stack: StackView) =>
    roleMay(only(stack, "aws_iam_role"), {
      action: "sqs:SendMessage",
      resource: arnOf(only(stack, "aws_sqs_queue")),
    });

  it.each([
    ["allows by reference", "sqs:SendMessage", "${aws_sqs_queue.q.arn}", true],
    ["allows by a pattern", "sqs:Send*", "arn:aws:sqs:eu-west-1:123456789012:jo*", true],
    ["ignores case in actions", "SQS:sendmessage", "*", true],
    ["does not allow another action", "sqs:ReceiveMessage", "${aws_sqs_queue.q.arn}", false],
    ["does not allow another queue", "sqs:SendMessage", "arn:aws:sqs:eu-west-1:123456789012:other", false],
  ])("%s", (_, Action, Resource, expected) => {
    expect(may(stackWith({ Effect: "Allow", Action, Resource }))).toBe(expected);
  });

  it("returns undefined for an attached policy from elsewhere, except a known AWS-managed one", () => {
    const none = { Effect: "Allow", Action: "s3:GetObject", Resource: "*" };

    expect(may(stackWith(none, "arn:aws:iam::123456789012:policy/other"))).toBeUndefined();
    expect(may(stackWith(none, "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"))).toBe(
      false,
    );
  });
});

describe("statementsOf", () => {
  it("reads both jsonencode and data.aws_iam_policy_document", () => {
    const stack = view({
      data: {
        aws_iam_policy_document: {
          d: {
            statement: [
              {
                actions: ["sqs:SendMessage"],
                resources: ["*"],
                principals: [{ type: "Service", identifiers: ["sns.amazonaws.com"] }],
                condition: [{ test: "ArnLike", variable: "aws:SourceArn", values: ["arn:x"] }],
              },
            ],
          },
        },
      },
      resource: {
        aws_sqs_queue_policy: { p: { policy: "${data.aws_iam_policy_document.d.json}" } },
        aws_iam_policy: {
          p: {
            policy:
              '${jsonencode({"Statement" = [{"Effect" = "Allow", "Action" = "sqs:*", "Resource" = aws_sqs_queue.q.arn}]})}',
          },
        },
      },
    });

    const [fromDocument] = statementsOf(only(stack, "aws_sqs_queue_policy"));
    const [encoded] = statementsOf(only(stack, "aws_iam_policy"));

    expect(fromDocument).toMatchObject({
      effect: "Allow",
      principals: ["Service:sns.amazonaws.com"],
      conditions: [{ operator: "ArnLike", key: "aws:sourcearn", values: ["arn:x"] }],
    });
    expect(encoded).toMatchObject({ actions: ["sqs:*"], resources: ["${aws_sqs_queue.q.arn}"] });
  });
});
