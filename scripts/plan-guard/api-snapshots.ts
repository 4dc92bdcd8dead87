import type { ResourceChange, TerraformPlan } from "./terraform-plan";

const deploymentType = "aws_api_gateway_deployment";
/** Types that a deployment contains, apart from methods and {@link partsOfMethod}. */
const snapshotted: readonly string[] = [
  "aws_api_gateway_authorizer",
  "aws_api_gateway_gateway_response",
  "aws_api_gateway_model",
  "aws_api_gateway_request_validator",
  "aws_api_gateway_rest_api_policy",
];
/** Reported only if their method stays. */
const partsOfMethod: readonly string[] = [
  "aws_api_gateway_integration",
  "aws_api_gateway_integration_response",
  "aws_api_gateway_method_response",
];

type Attributes = Readonly<Record<string, unknown>>;

/**
 * What a reviewer must know about a plan's API deployments. Terraform creates a deployment before it destroys what was
 * removed, so the new deployment still contains that. The stack's next deployment does not (constructs/removed-parts.ts).
 */
export function apiSnapshotNotes(stack: string, { resource_changes: changes = [] }: TerraformPlan): string[] {
  const deployments = changes.filter(({ type, change }) => type === deploymentType && change.after);
  const served = new Set(deployments.map(({ change }) => attributesOf(change.before).rest_api_id));
  const removed = changes.filter(
    ({ change, deposed }) =>
      !deposed && change.actions.join() === "delete" && served.has(attributesOf(change.before).rest_api_id),
  );
  const methods = removed.filter(({ type }) => type === "aws_api_gateway_method").map(place);
  const names = removed.flatMap((one) => {
    if (one.type === "aws_api_gateway_method") return [methodName(one, changes)];
    if (snapshotted.includes(one.type)) return [one.address];
    return partsOfMethod.includes(one.type) && !methods.includes(place(one)) ? [one.address] : [];
  });
  return [
    ...(names.length > 0
      ? [
          `! The API's new snapshot still contains what this deployment removes: ${names.sort().join(", ")}. To take it out of service, run the deployment a second time: npx cdktf deploy ${stack}`,
        ]
      : []),
    ...(deployments.some(finishesRemoval)
      ? ["This deployment takes out of service what the last deployment removed."]
      : []),
  ];
}

function finishesRemoval({ change }: ResourceChange): boolean {
  const [before, after] = [change.before, change.after].map(
    (side) => attributesOf(attributesOf(side).triggers).removed,
  );
  return Boolean(before) && after === "";
}

function place({ change }: ResourceChange): string {
  const { resource_id: id, http_method: method } = attributesOf(change.before);
  return `${id} ${method}`;
}

function methodName(method: ResourceChange, changes: readonly ResourceChange[]): string {
  const { resource_id: id, http_method: httpMethod } = attributesOf(method.change.before);
  const resource = changes.find(
    ({ type, change }) => type === "aws_api_gateway_resource" && attributesOf(change.before).id === id,
  );
  return `${httpMethod} ${attributesOf(resource?.change.before).path ?? "/"}`;
}

function attributesOf(value: unknown): Attributes {
  return (value ?? {}) as Attributes;
}
