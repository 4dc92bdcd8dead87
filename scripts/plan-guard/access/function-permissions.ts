import { loss, type ResourceValues, type Values, type Verdict } from "../rules/attribute-rule";
import { asRecord } from "../rules/values";
import { type Documents, judgePolicies } from "./judge-policy";

/** A permission is one statement of the function's policy. */
export function permissionChange(resource: ResourceValues): readonly Verdict[] {
  const { isNew, before, after } = resource;
  const { function_name: name, source_arn: source } = after ?? {};
  return judgePolicies(
    {
      before: before && resource.followed(statement(before)),
      after: statement(after ?? {}),
      // A new method's permission names the new method, whose address is not known yet.
      unknown: after !== undefined && source === undefined && !isNew && before?.source_arn !== undefined,
      isNew,
      others: otherPermissions(resource),
    },
    "called",
    `function ${name}`,
  );
}

/** Nothing is lost if another permission allows the same. */
export function endOfPermission(resource: ResourceValues): Verdict {
  const { principal, function_name: name } = resource.before ?? {};
  const [verdict] = judgePolicies(
    {
      before: resource.followed(statement(resource.before ?? {})),
      after: undefined,
      unknown: false,
      isNew: false,
      others: otherPermissions(resource),
    },
    "called",
    `function ${name}`,
  );
  if (verdict?.kind === "harmless") return verdict;
  return loss(`${principal ?? "its principal"} can no longer call function ${name}, so what it serves fails`);
}

function otherPermissions(resource: ResourceValues): Documents {
  const statements = (side: "before" | "after") =>
    resource
      .others("aws_lambda_permission", side)
      .filter(({ function_name: name }) => name === (resource[side] ?? resource.before)?.function_name)
      .map(statement);
  return { before: statements("before").map(resource.followed), after: statements("after") };
}

function statement(values: Values): object {
  const { action, principal, function_name: name, qualifier, source_arn, source_account } = values;
  const { principal_org_id, event_source_token, function_url_auth_type } = values;
  const conditions = {
    ArnLike: { "aws:SourceArn": source_arn },
    StringEquals: {
      "aws:SourceAccount": source_account,
      "aws:PrincipalOrgID": principal_org_id,
      "lambda:EventSourceToken": event_source_token,
      "lambda:FunctionUrlAuthType": function_url_auth_type,
    },
  };
  return {
    Statement: {
      Effect: "Allow",
      Principal: asPrincipal(`${principal}`),
      Action: action,
      Resource: qualifier ? `${name}:${qualifier}` : `${name}`,
      Condition: Object.fromEntries(
        Object.entries(conditions).map(([operator, keys]) => [
          operator,
          Object.fromEntries(Object.entries(asRecord(keys) ?? {}).filter(([, value]) => value)),
        ]),
      ),
    },
  };
}

function asPrincipal(principal: string): object {
  return principal.includes(".") ? { Service: principal } : { AWS: principal };
}
