import { allOf, type Ternary, unknown } from "../../../iam/unknown";
import { roleMay, serviceMay } from "../../access/decide";
import { regionOf } from "../../access/place";
import type { Keys } from "../../access/request-keys";
import { hasPolicies, targetPolicies } from "../../access/resource-policies";
import { type Delivery, senderRole, servicesOf, sourceOf } from "./delivery";
import { keyOf } from "./encryption";
import { sendActions } from "./sender";

/** What keeps a delivery from arriving. Undefined if nothing does, or that depends on what only Terraform knows. */
type Problem = string | undefined;

/** The target's own policy does not let the service send. */
export function policyProblem(delivery: Delivery): Problem {
  const { sender, kind, to } = delivery;
  if (!sender.byPolicy.includes(kind)) return undefined;
  if (kind === "topic" && sender.defaultTopicPolicy && !hasPolicies(to)) return undefined;
  const { isNamed, role } = senderRole(delivery);
  // EventBridge can use a role for these targets too.
  if (sender.byRole && isNamed && (!role || roleAllows(delivery, role) !== false)) return undefined;
  const services = servicesOf(delivery);
  const policies = targetPolicies(to);
  const missing = actionsOf(delivery).filter((action) => {
    const request = { action, resource: resourceOf(delivery, action), source: sourceOf(delivery) };
    // A log group is written to in two steps, of which each has its own service.
    const outcome: Ternary =
      kind === "log group"
        ? allOf(
            [...services, "delivery.logs.amazonaws.com"].map((service) =>
              serviceMay(to, { ...request, source: undefined, services: [service] }, policies),
            ),
          )
        : serviceMay(to, { ...request, services }, policies);
    return outcome === false;
  });
  if (missing.length === 0) return undefined;
  const says = kind === "function" ? "no permission on" : "no policy of";
  return `${says} ${to.path} lets ${shownService(services)} call ${missing.join(", ")} ${shownSource(delivery)}`;
}

/** The role that the service sends with is absent, or may not send. */
export function roleProblem(delivery: Delivery): Problem {
  const { sender, kind, to } = delivery;
  if (!sender.byRole?.kinds.includes(kind)) return undefined;
  const { isNamed, role } = senderRole(delivery);
  if (!isNamed) return `${sender.byRole.attribute} is absent`;
  if (!role) return undefined;
  const missing = actionsOf(delivery).filter((action) => roleAllowsAction(delivery, role, action) === false);
  return missing.length > 0
    ? `role ${role.path} is not allowed ${missing.join(", ")} on ${to.path}${qualifierOf(delivery)}`
    : undefined;
}

/** The key that encrypts the target cannot be used by whoever sends to it. */
export function keyProblem(delivery: Delivery): Problem {
  const { sender, kind, to } = delivery;
  const found = keyOf(to);
  if (!found) return undefined;
  const byPolicy = sender.byPolicy.includes(kind);
  const services = servicesOf(delivery);
  if ("managed" in found) {
    return byPolicy && !senderRole(delivery).isNamed
      ? `${to.path} is encrypted with ${found.managed}, which ${shownService(services)} cannot use`
      : undefined;
  }
  const { key, arn } = found;
  const actions = found.actions;
  if (byPolicy && !senderRole(delivery).isNamed) {
    const policies = targetPolicies(key);
    const missing = actions.filter(
      (action) =>
        serviceMay(key, { services, action, resource: arn, source: keySource(delivery) }, policies) === false,
    );
    return missing.length > 0
      ? `the policy of ${key.path}, the key of ${to.path}, does not allow ${shownService(services)} to call ${missing.join(", ")}`
      : undefined;
  }
  const { role } = senderRole(delivery);
  if (!role) return undefined;
  const keys = { "kms:ViaService": `${found.service}.${regionOf(to)}.amazonaws.com` };
  const missing = actions.filter(
    (action) => roleMay(role, { action, resource: arn, target: key, keys }) === false,
  );
  return missing.length > 0
    ? `role ${role.path} is not allowed ${missing.join(", ")} on ${key.path}, the key of ${to.path}`
    : undefined;
}

/** SNS and S3 do not document the source that KMS sees, and CloudWatch's alarms do. */
function keySource(delivery: Delivery): string | undefined {
  return delivery.sender.source === "own" ? sourceOf(delivery) : undefined;
}

function actionsOf({ sender, kind }: Delivery): readonly string[] {
  return sender.actions?.[kind] ?? sendActions[kind];
}

function roleAllows(delivery: Delivery, role: Delivery["to"]): Ternary {
  return allOf(actionsOf(delivery).map((action) => roleAllowsAction(delivery, role, action)));
}

function roleAllowsAction(delivery: Delivery, role: Delivery["to"], action: string): Ternary {
  const { sender, kind, to } = delivery;
  const request = { action, resource: resourceOf(delivery, action), keys: headersOf(delivery) };
  // A function and a log group have no policy that must agree, if the caller is in the same account.
  if (kind === "function" || kind === "log group") return roleMay(role, request);
  const together = roleMay(role, { ...request, target: to });
  return sender.ownGrant && together !== false ? allOf([together, roleMay(role, request)]) : together;
}

/** What IAM compares with Resource: an object of a bucket, a stream of a log group, or the target itself. */
function resourceOf({ kind, arn, attribute, from }: Delivery, action: string): string {
  if (kind === "bucket" && action !== "s3:ListBucket") return `${arn}/${prefixOf(from, attribute)}`;
  return kind === "log group" ? `${arn}:log-stream:${unknown("stream")}` : arn;
}

/** Firehose sends no headers for encryption, unless it is told a key. */
function headersOf({ sender, from, kind, attribute }: Delivery): Keys {
  const key = attribute.replace(/bucket_arn$/, "kms_key_arn");
  if (kind !== "bucket" || !sender.ownGrant || from.has(key)) return {};
  return {
    "s3:x-amz-server-side-encryption": undefined,
    "s3:x-amz-server-side-encryption-aws-kms-key-id": undefined,
  };
}

/** Objects' names begin with what Firehose is told, as far as it fills nothing in. */
function prefixOf(from: Delivery["from"], attribute: string): string {
  const prefix = from.text(attribute.replace(/bucket_arn$/, "prefix")) ?? "";
  return `${prefix.split("!{")[0]}${unknown("object")}`;
}

const shownService = (services: readonly string[]): string => services[0] ?? "";

function shownSource({ from }: Delivery): string {
  return `for ${from.path}`;
}

function qualifierOf({ kind, arn }: Delivery): string {
  const qualifier = kind === "function" ? arn.split(":").at(-1) : undefined;
  return qualifier && arn.includes(":function:") && !/:function:[^:]*$/.test(arn) ? `:${qualifier}` : "";
}
