import { accountOf, type Caller } from "./caller";
import { literalPattern } from "./pattern";
import { matches } from "./pattern-sets";
import type { PrincipalSelection } from "./policy";
import { allOf, anyOf, not, symbolsOf, type Ternary } from "./unknown";

/**
 * How a resource policy names a caller, the most specific first:
 *
 * - `direct`: the user, the role or its session, the service, or everyone.
 * - `account`: the caller's account, whose own policies decide who may use the grant.
 */
export type Grant = "direct" | "account";

/** @param text of a principal: an ARN, an account, a service, … */
type Name = readonly [type: string, text: string];

/** Whether the Principal or NotPrincipal of a statement covers a caller, in a given way. */
export function covered({ values, inverted }: PrincipalSelection, caller: Caller, grant: Grant): Ternary {
  const isListed = (name: Name) => anyOf(values.map((listed) => isSame(listed, name)));
  const account = accountName(caller);
  if (!inverted) {
    return anyOf((grant === "account" ? account : [everyone, ...ownNames(caller)]).map(isListed));
  }
  // "When you use NotPrincipal with Deny, you must also specify the account ARN of the not-denied principal": a caller is
  // excepted if each of its names is listed, or everyone is.
  const names = [...ownNames(caller), ...account];
  return not(anyOf([isListed(everyone), names.length > 0 ? allOf(names.map(isListed)) : false]));
}

function isSame([listedType, listed]: Name, [type, text]: Name): Ternary {
  return listedType === type && matches(literalPattern(shortened(listed)), symbolsOf(text));
}

/** An account is named by its id or, in any partition, by the ARN of its root user. */
function shortened(listed: string): string {
  return /^arn:[\w-]+:iam::([^:]+):root$/.exec(listed)?.[1] ?? listed;
}

const everyone: Name = ["AWS", "*"];

function accountName(caller: Caller): readonly Name[] {
  const account = accountOf(caller);
  return account === undefined ? [] : [["AWS", account]];
}

function ownNames(caller: Caller): readonly Name[] {
  switch (caller.type) {
    case "service":
      return [["Service", caller.name]];
    case "federated":
      return [["Federated", caller.provider]];
    case "user":
      return [["AWS", caller.arn]];
    case "role-session":
      return [
        ["AWS", caller.arn],
        ["AWS", caller.roleArn],
      ];
    default:
      return [];
  }
}
