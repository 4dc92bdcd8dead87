import type { Denial } from "../../../packages/laptop/denial";
import type { TerraformState } from "../../lib/terraform-state";
import type { Grant, GrantCatalog, GrantedStatement } from "./grant-catalog";

/**
 * What to change so that a denied call is allowed, in the words of the project: a grant of one of its constructs, or the
 * statement that none of them grants.
 */
export function remedyOf(denial: Denial, catalog: GrantCatalog, state: TerraformState): string {
  const { action, resource, principal, principalKind, explicit, policyType } = denial;
  const known = new Known(catalog, state);
  if (explicit) return exemption(denial, known);
  if (/^sts:AssumeRole/.test(action)) return trust(denial, known);
  if (policyType === "boundary" || policyType === "session") {
    const policy = policyType === "boundary" ? "the permissions boundary" : "the session policy";
    return `${policy} must allow it too: add ${action} on ${known.expressionOf(resource)}`;
  }
  if (principalKind === "Service") return permission(denial, known);
  const role = denial.role && known.roleOf(denial.role);
  if (!role) {
    return action === "execute-api:Invoke"
      ? "give the caller the stack's invoke policy, in the output api-invoke-policy-arn"
      : `give ${principal} ${statement({ Action: action, Resource: resource })}`;
  }
  const missing = { Action: action, Resource: known.expressionOf(resource) };
  if (!role.isGrantee) return `add ${statement(missing)} to the role's policy in ${role.file}`;
  const grant = known.grantOf(action, resource);
  return grant ? `${grant.method}(${role.owner})` : `${role.owner}.addToRolePolicy(${statement(missing)})`;
}

function exemption({ policyType, policy, statement: title, resource }: Denial, known: Known): string {
  const where =
    policyType === "resource" ? `the policy of ${known.expressionOf(resource)}` : `the policy ${policy}`;
  return `exempt the caller from ${title} in ${where}, or call as its condition asks`;
}

function trust({ resource, principal, almost }: Denial, known: Known): string {
  const role = known.roleOf(resource);
  const name = resource.split("/").at(-1);
  const where = role ? `, in ${role.file}` : "";
  const needed = almost ? `: ${almost}` : `: Principal: { Service: "${principal}" }`;
  return `the trust policy of the role ${name} must let ${principal} assume it${needed}${where}`;
}

/** The statement of a resource policy that lets a service act. */
function permission({ action, resource, principal, source, almost }: Denial, known: Known): string {
  const why = almost ? ` (${almost})` : "";
  if (action === "lambda:InvokeFunction") {
    const [name, qualifier] = resource.split(":").slice(6);
    const alias = qualifier ? `, qualifier: "${qualifier}"` : "";
    return `new LambdaPermission(…, { action: "${action}", functionName: "${name}"${alias}, principal: "${principal}", sourceArn: "${source}" })${why}`;
  }
  const condition =
    source && `, Condition: { ArnEquals: { "aws:SourceArn": "${known.expressionOf(source)}" } }`;
  const kind = action.startsWith("sqs:") ? "queue" : action.startsWith("sns:") ? "topic" : "resource";
  return `add to the ${kind}'s policy { Effect: "Allow", Principal: { Service: "${principal}" }, Action: "${action}", Resource: ${known.expressionOf(resource)}${condition} }${why}`;
}

function statement({ Action, Resource }: { readonly Action: string; readonly Resource: string }): string {
  const isExpression = /^[`\w]+[.$]/.test(Resource) || Resource.startsWith("`");
  return `{ Effect: "Allow", Action: "${Action}", Resource: ${isExpression ? Resource : `"${Resource}"`} }`;
}

/** The catalog with the values that Terraform's state has for its references. */
class Known {
  constructor(
    private readonly catalog: GrantCatalog,
    private readonly state: TerraformState,
  ) {}

  roleOf(arn: string) {
    return this.catalog.roles.find((role) => this.valueOf(role.arn) === arn);
  }

  /** The grant that allows the call and the fewest other ones. */
  grantOf(action: string, resource: string): Grant | undefined {
    const allows = (statement: GrantedStatement) =>
      [statement.Action].flat().some((pattern) => matches(pattern, action, "i")) &&
      [statement.Resource ?? []].flat().some((pattern) => matches(this.valueOf(pattern), resource));
    const size = ({ statements }: Grant) => statements.flatMap(({ Action }) => Action).length;
    return this.catalog.grants
      .filter(({ statements }) => statements.some(allows))
      .sort((one, other) => size(one) - size(other))[0];
  }

  /** An ARN as the stack's source would write it, if it begins with one that a construct has. */
  expressionOf(resource: string): string {
    const [longest] = this.catalog.arns
      .map(({ expression, arn }) => ({ expression, value: this.valueOf(arn) }))
      .filter(
        ({ value }) => !value.includes("*") && new RegExp(`^${escaped(value)}(?![\\w-])`).test(resource),
      )
      .sort((one, other) => other.value.length - one.value.length);
    if (!longest) return resource;
    const rest = resource.slice(longest.value.length);
    return rest ? `\`\${${longest.expression}}${rest}\`` : longest.expression;
  }

  /** A text with its references replaced. What the state does not say becomes `*`. */
  private valueOf(text: string): string {
    return text.replaceAll(/\$\{([^}]*)\}/g, (_, reference: string) => {
      const [type, name, attribute = ""] = reference.split(".");
      const resource = this.state.resources.find((one) => one.type === type && one.name === name);
      const value = resource?.instances[0]?.attributes[attribute];
      return typeof value === "string" ? value : "*";
    });
  }
}

function matches(pattern: string, value: string, flags = ""): boolean {
  const expression = escaped(pattern).replaceAll("\\*", ".*").replaceAll("\\?", ".");
  return new RegExp(`^${expression}$`, flags).test(value);
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
