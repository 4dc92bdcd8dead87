import { checkStack } from "../../../packages/guardrails/check-stack";
import type { TerraformJson } from "../../../packages/guardrails/stack-view";
import { add, both } from "./edit";
import { method, mock, restApi } from "./legitimate/api";
import { bucket, table } from "./legitimate/parts";
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
const elsewhere =
  /^aws_(sqs_queue_policy\.\w+\.queue_url|iam_role_policy\.\w+\.role|lambda_permission\.\w+\.function_name|sns_topic_policy\.\w+\.arn|cloudwatch_metric_alarm\.\w+\.dimensions\.\w+|api_gateway_\w+\.\w+\.rest_api_id|api_gateway_method_settings\.\w+\.stage_name|s3_bucket_\w+\.\w+\.bucket)$/;

/** The good stack, with parts that it lacks. */
function goodStack(): TerraformJson {
  const stack = structuredClone(workerStack) as TerraformJson;
  both(
    restApi(),
    method("GET", {}, mock),
    bucket("reports"),
    table("orders", {
      attribute: [
        { name: "id", type: "S" },
        { name: "owner", type: "S" },
      ],
      global_secondary_index: [{ name: "by-owner", hash_key: "owner", projection_type: "ALL" }],
    }),
    add("aws_cloudwatch_dashboard", "orders", {
      dashboard_name: "orders",
      dashboard_body: JSON.stringify({ widgets: [{ type: "text", properties: { markdown: "Orders" } }] }),
    }),
  )(stack);
  return stack;
}

describe("a value that only Terraform knows", () => {
  it.each(placesIn(goodStack()).filter(({ place }) => !elsewhere.test(place)))(
    "is accepted as $place",
    ({ replace }) => {
      const stack = goodStack();
      replace(stack, "${var.unknown}");

      const { violations } = checkStack(stack);

      expect(violations.map(({ rule, path, found }) => `${rule.id} at ${path}: ${found}`)).toEqual([]);
    },
  );
});
