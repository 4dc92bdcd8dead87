import { checkStack } from "../../../packages/guardrails/check-stack";
import type { TerraformJson } from "../../../packages/guardrails/stack-view";
import { workerStack } from "./worker-stack";

type Mutable = Record<string, unknown>;

interface Place {
  readonly place: string;
  /** Replaces what is there in a copy of the stack. */
  readonly replace: (stack: TerraformJson, by: unknown) => void;
}

/** Terraform needs these as they are, or they are no values. */
const notExpressions = new Set(["depends_on", "lifecycle", "provider", "//"]);

/** Every attribute of every resource, down to the last value. */
function placesIn(stack: TerraformJson): readonly Place[] {
  return Object.entries(stack.resource ?? {}).flatMap(([type, byId]) =>
    Object.entries(byId).flatMap(([id, attributes]) =>
      pathsIn(attributes as Mutable).map((path) => ({
        place: `${type}.${id}.${path.join(".")}`,
        replace: (copy: TerraformJson, by: unknown) => {
          const last = path.at(-1) ?? "";
          let target = copy.resource?.[type]?.[id] as Mutable;
          for (const name of path.slice(0, -1)) target = target[name] as Mutable;
          target[last] = by;
        },
      })),
    ),
  );
}

function pathsIn(value: unknown, above: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    notExpressions.has(name) ? [] : [[...above, name], ...pathsIn(inner, [...above, name])],
  );
}

/**
 * What names another resource. A variable there is a resource of another stack: no stack passes its own queue's URL to
 * itself. So the queue of this stack has no policy, and its rule says so.
 */
const elsewhere = [
  "aws_sqs_queue_policy.jobs.queue_url",
  "aws_sqs_queue_policy.failed.queue_url",
  "aws_iam_role_policy.worker.role",
  "aws_lambda_permission.placed.function_name",
  "aws_sns_topic_policy.alarms.arn",
  "aws_cloudwatch_metric_alarm.errors.dimensions.FunctionName",
  "aws_cloudwatch_metric_alarm.failed.dimensions.QueueName",
];

describe("a value that only Terraform knows", () => {
  it.each(placesIn(workerStack).filter(({ place }) => !elsewhere.includes(place)))(
    "is accepted as $place",
    ({ replace }) => {
      const stack = structuredClone(workerStack) as TerraformJson;
      replace(stack, "${var.unknown}");

      const { violations } = checkStack(stack);

      expect(violations.map(({ rule, path, found }) => `${rule.id} at ${path}: ${found}`)).toEqual([]);
    },
  );
});
