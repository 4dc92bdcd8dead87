import { add, both, type Edit } from "../edit";
import type { Legitimate } from "./legitimate";

const queueWith = (policy: unknown): Edit =>
  both(
    add("aws_sqs_queue", "texts", { name: "texts", sqs_managed_sse_enabled: true }),
    add("aws_sqs_queue_policy", "texts", { queue_url: "${aws_sqs_queue.texts.id}", policy }),
  );

const document = (attributes: Readonly<Record<string, unknown>>): Edit =>
  add("data.aws_iam_policy_document", "texts", attributes);

const tls = {
  effect: "Deny",
  principals: [{ type: "*", identifiers: ["*"] }],
  actions: ["sqs:*"],
  resources: ["${aws_sqs_queue.texts.arn}"],
  condition: [{ test: "Bool", variable: "aws:SecureTransport", values: ["false"] }],
};

/** A queue's policy in every form that Terraform has for a text. */
export const policyTextVariants: readonly Legitimate[] = [
  {
    variant: "a policy by document",
    parts: both(document({ statement: [tls] }), queueWith("${data.aws_iam_policy_document.texts.json}")),
  },
  {
    variant: "a policy by document of one statement",
    parts: both(document({ statement: tls }), queueWith("${data.aws_iam_policy_document.texts.json}")),
  },
  {
    variant: "a policy by minified document",
    parts: both(
      document({ statement: [tls] }),
      queueWith("${data.aws_iam_policy_document.texts.minified_json}"),
    ),
  },
  {
    variant: "a policy by a document that takes others in",
    parts: both(
      add("data.aws_iam_policy_document", "base", { statement: [tls] }),
      document({ source_policy_documents: ["${data.aws_iam_policy_document.base.json}"] }),
      queueWith("${data.aws_iam_policy_document.texts.json}"),
    ),
  },
  {
    variant: "a policy by a document that a variable overrides",
    parts: both(
      document({ override_policy_documents: "${var.policies}" }),
      queueWith("${data.aws_iam_policy_document.texts.json}"),
    ),
  },
  {
    variant: "a policy by jsonencode",
    parts: queueWith(
      '${jsonencode({"Version" = "2012-10-17", "Statement" = [{"Effect" = "Deny", "Principal" = "*", "Action" = "sqs:*", "Resource" = aws_sqs_queue.texts.arn, "Condition" = {"Bool" = {"aws:SecureTransport" = "false"}}}]})}',
    ),
  },
  {
    variant: "a policy by jsonencode of a variable",
    parts: queueWith('${jsonencode({"Version" = "2012-10-17", "Statement" = var.statements})}'),
  },
  {
    variant: "a policy by jsonencode with a for expression",
    parts: queueWith(
      '${jsonencode({"Version" = "2012-10-17", "Statement" = [for s in var.statements : { Effect = "Deny", Action = s }]})}',
    ),
  },
  {
    variant: "a policy by template file",
    parts: queueWith('${templatefile("policy.json.tftpl", { queue = aws_sqs_queue.texts.arn })}'),
  },
  { variant: "a policy by file", parts: queueWith('${file("policy.json")}') },
  { variant: "a policy by variable", parts: queueWith("${var.policy}") },
  { variant: "a policy by a module's output", parts: queueWith("${module.policies.queue}") },
  {
    variant: "a policy by conditional",
    parts: queueWith('${var.open ? file("open.json") : file("closed.json")}'),
  },
  {
    variant: "a policy by a local of a document",
    parts: both(
      document({ statement: [tls] }),
      (stack) => {
        Object.assign(stack, { locals: { policy: "${data.aws_iam_policy_document.texts.json}" } });
      },
      queueWith("${local.policy}"),
    ),
  },
];
