import type { Condition, Grant } from "./policy-document";

/** Conditions that say who the caller is, in whatever way. */
const namesItsCaller =
  /^(?!.*IfExists)(?!.*Not)(String|Arn|IpAddress)\S* (aws:(sourcearn|sourceaccount|sourceowner|sourceorgid|sourceorgpaths|principalarn|principalaccount|principalorgid|principalorgpaths|sourcevpc|sourcevpce|sourceip|userid|principaltag\/.*)|kms:calleraccount|sns:endpoint|s3:dataaccesspointaccount|lambda:functionurlauthtype|\S+:(sub|aud|oaud))$/;

/** Whether anybody, in any account, has what is granted. */
export function isOpen({ principal, conditions }: Grant): boolean {
  if (principal.startsWith("all but ")) return true;
  return principal === "AWS:*" && !conditions.some((condition) => isNarrow(condition));
}

/** Whether the grant is of everything: all actions, or all of a service on all resources, or all but some. */
export function isUnlimited({ action, resource }: Grant): boolean {
  if (action === "*" || action.startsWith("all but ")) return true;
  return (resource === "*" || resource.startsWith("all but ")) && /:\*$/.test(action);
}

function isNarrow({ test, values }: Condition): boolean {
  return (
    namesItsCaller.test(test) &&
    values.every((value) => /[^*?]/.test(value) && !/^(0\.0\.0\.0|::)\/0$/.test(value))
  );
}
