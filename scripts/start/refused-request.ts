import type { RequestHead } from "../../packages/laptop/gaps/gap";
import type { RefusedRequest } from "../../packages/laptop/service-models/request-check";
import type { RefusalListener } from "../../packages/laptop/service-models/service-models";
import type { Violation } from "../../packages/laptop/service-models/violation";

/** A retried request is refused again and again. */
const silentSeconds = 10;

/** Prints a line for each refused request, unless it printed the same within ten seconds. */
export function printRefusals(print: (line: string) => void): RefusalListener {
  const printedAt = new Map<string, number>();
  return (refused, head) => {
    const line = describeRefusal(refused, head);
    const now = Date.now();
    if (now - (printedAt.get(line) ?? Number.NEGATIVE_INFINITY) >= silentSeconds * 1000) print(line);
    printedAt.set(line, now);
  };
}

/** What a developer reads about a request that AWS would refuse: what, where, the rule, the value and the way out. */
export function describeRefusal(refused: RefusedRequest, head: RequestHead): string {
  const { service, operation, subject, refusal, violations } = refused;
  const sender = senderOf(head);
  const [first, ...others] = violations;
  const what = first ? problemOf(first) : refusal.message.replace(/\.$/, "");
  const more = others.length > 0 ? ` (and ${others.length} more)` : "";
  const named = subject ? ` for ${shortened(subject)}` : "";
  return `✗ AWS would refuse ${operation} of ${service}${named}${by[sender]}: ${what}${more}. ${wayOut(refused, sender)}${first?.kind === "enum" ? newer : ""}`;
}

/** AWS adds values all the time. */
const newer = " If AWS knows the value by now, start with -- --without-models.";

type Sender = "terraform" | "function" | "other";

const by: Readonly<Record<Sender, string>> = {
  terraform: ", sent by Terraform",
  function: ", sent by a function",
  other: "",
};

function senderOf({ headers }: RequestHead): Sender {
  const agent = `${headers["user-agent"]} ${headers["x-amz-user-agent"]}`;
  if (/terraform|opentofu/i.test(agent)) return "terraform";
  return /AWS_Lambda/.test(agent) ? "function" : "other";
}

/** Whole lists and long values would fill the terminal. */
const longestValue = 80;

function problemOf({ kind, path, value, limit }: Violation): string {
  const shown = value === undefined ? "its value" : `"${shortened(value)}"`;
  switch (kind) {
    case "required":
      return `${path} is missing`;
    case "enum":
      return `${path} is ${shown}, which is not one of ${nearestFirst(value ?? "", limit)}`;
    case "pattern":
      return `${path} is ${shown}, which does not match ${shortened(limit)}`;
    default: {
      const bound = kind === "maximum" ? `at most ${limit}` : `at least ${limit}`;
      return /^-?\d+(?:\.\d+)?$/.test(value ?? "")
        ? `${path} is ${value}, allowed is ${bound}`
        : lengthOf(path, value, bound);
    }
  }
}

function lengthOf(path: string, value: string | undefined, bound: string): string {
  return `${path} is ${value === "" ? "empty" : `"${shortened(value ?? "")}"`}, its length must be ${bound}`;
}

function shortened(text: string): string {
  return text.length > longestValue ? `${text.slice(0, longestValue)}…` : text;
}

const longestList = 8;

/** The allowed values that look most like the given one come first. */
function nearestFirst(value: string, limit: string): string {
  const given = value.replace(/[[\]]/g, "").toLowerCase();
  const allowed = limit.slice(1, -1).split(", ");
  const near = (candidate: string) => {
    const lower = candidate.toLowerCase();
    if (lower === given) return 0;
    if (lower.startsWith(given)) return 1;
    return given.startsWith(lower) ? 2 : 3;
  };
  const sorted = [...allowed].sort((one, other) => near(one) - near(other));
  const left = sorted.length - longestList;
  return `${sorted.slice(0, longestList).join(", ")}${left > 0 ? ` and ${left} more` : ""}`;
}

function wayOut({ service, operation, violations }: RefusedRequest, sender: Sender): string {
  if (sender === "function") return "Change the call in lambda-src/.";
  if (sender === "other") return "Change the call.";
  const file = fileOf(service, operation);
  const [member] = violations;
  const property = member?.path.replaceAll(/\.\d+\.member/g, "");
  const where = file ? `in ${file}` : "in your construct";
  if (member?.path === "roleName" || member?.path === "functionName") {
    return `Shorten or correct the name ${where}: physicalName in constructs/naming.ts adds the prefix and the environment.`;
  }
  return property ? `Change what becomes ${property} ${where}.` : `Correct the resource ${where}.`;
}

/** Where this project makes the resource that an operation creates or changes. The first line that fits counts. */
export const files: readonly (readonly [service: string, operation: RegExp, file: string])[] = [
  ["Lambda", /EventSourceMapping/, "constructs/table-stream-mapping.ts"],
  ["Lambda", /Permission/, "constructs/rest-api.ts"],
  ["Lambda", /./, "constructs/service-function.ts"],
  ["DynamoDB", /Table|TimeToLive|Backups/, "constructs/items-table.ts"],
  ["CloudWatch Logs", /Subscription/, "constructs/access-log-delivery.ts"],
  ["CloudWatch Logs", /./, "constructs/log-group.ts"],
  ["CloudWatch", /Dashboard/, "constructs/dashboard.ts"],
  ["CloudWatch", /Alarm/, "constructs/alarm.ts"],
  ["API Gateway", /Stage|Deployment|Account/, "constructs/api-stage.ts"],
  ["API Gateway", /GatewayResponse/, "constructs/gateway-responses.ts"],
  ["API Gateway", /DomainName|BasePathMapping/, "constructs/custom-domain.ts"],
  ["API Gateway", /./, "constructs/rest-api.ts"],
  ["SQS", /./, "constructs/dead-letter-queue.ts"],
  ["SNS", /./, "constructs/alarm-topic.ts"],
  ["EventBridge", /./, "constructs/event-bus.ts"],
  ["Firehose", /./, "constructs/access-log-delivery.ts"],
  ["KMS", /./, "constructs/customer-key.ts"],
  ["S3", /Bucket/, "constructs/private-bucket.ts"],
  ["SSM", /./, "stacks/outputs.ts"],
  ["Budgets", /./, "constructs/monthly-budget.ts"],
  ["WAFV2", /./, "constructs/web-acl.ts"],
  ["IAM", /Role/, "constructs/service-function.ts or the construct that makes the role"],
];

function fileOf(service: string, operation: string): string | undefined {
  return files.find(([name, operations]) => name === service && operations.test(operation))?.[2];
}
