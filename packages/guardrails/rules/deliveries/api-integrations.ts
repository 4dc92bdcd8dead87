import { unknown } from "../../../iam/unknown";
import { roleMay } from "../../access/decide";
import { accountOf, partitionOf } from "../../access/place";
import { segmentOf, symbolicText } from "../../access/symbolic-text";
import type { Resource } from "../../stack-view";

/** What an integration asks of a service, from `arn:aws:apigateway:<Region>:<service>:<path or action>/…`. */
interface ServiceCall {
  /** Undefined if the URI does not show it. */
  readonly action: string | undefined;
  /** The ARN, as far as the URI shows it. */
  readonly resource: string;
}

/** Services that API Gateway calls with a role. A function can have a permission instead. */
const integrated = ["dynamodb", "events", "firehose", "kinesis", "s3", "sns", "sqs", "states"];

/**
 * What keeps an integration with an AWS service from working.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/integration-request-basic-setup.html
 */
export function integrationProblem(integration: Resource): string | undefined {
  const uri = symbolicText(integration.stack, integration.raw("uri"));
  const service = (segmentOf(uri, 4) ?? "").split(".").at(-1) ?? "";
  if (!uri.includes(":apigateway:")) return undefined;
  if (!integration.has("credentials")) {
    return integrated.includes(service)
      ? `credentials is absent, but ${service} is called with a role`
      : undefined;
  }
  const role = integration.follow("credentials", "aws_iam_role");
  const call = service === "lambda" ? invocation(uri) : callOf(integration, uri, service);
  if (!role || !call?.action) return undefined;
  const { action, resource } = call;
  const target = integration.stack.follow(resource, "aws_sqs_queue", "aws_sns_topic");
  return roleMay(role, { action, resource, target }) === false
    ? `role ${role.path} is not allowed ${action}${target ? ` on ${target.path}` : ""}`
    : undefined;
}

function invocation(uri: string): ServiceCall | undefined {
  const [, arn] = /:path\/[^/]+\/functions\/(.+)\/invocations$/.exec(uri) ?? [];
  return arn === undefined ? undefined : { action: "lambda:InvokeFunction", resource: arn };
}

function callOf(integration: Resource, uri: string, service: string): ServiceCall | undefined {
  if (!integrated.includes(service)) return undefined;
  const [kind, ...path] = (segmentOf(uri, 5) ?? "").split("/");
  if (kind === "action") {
    return { action: `${service}:${path[0]?.split("&")[0]}`, resource: unknown("resource of the request") };
  }
  if (service === "sqs" && path.length === 2) {
    const region = segmentOf(uri, 3) ?? "";
    const place = ["arn", partitionOf(integration.stack, region), "sqs", region];
    return {
      action: "sqs:SendMessage",
      resource: [...place, accountOf(integration.stack), path[1]].join(":"),
    };
  }
  return { action: undefined, resource: "" };
}
