import { accountOf, type Caller } from "./caller";
import { literalPattern } from "./pattern";
import { matches } from "./pattern-sets";
import type { PrincipalSelection } from "./policy";
import { allOf, anyOf, not, symbolsOf, type Ternary } from "./unknown";

/**
 * How a resource policy names a caller, the most specific first:
 *
 * - `direct`: the user, the session, the service, or everyone. Within an account, such a grant is limited by no boundary.
 * - `role`: the role, or the user behind a federated session. A boundary and a session policy limit such a grant.
 * - `account`: the caller's account, whose own policies decide who may use the grant.
 */
export type Grant = "direct" | "role" | "account";

/** @param text of a principal: an ARN, an account, a service, … */
type Names = readonly (readonly [type: string, text: string, grant: Grant])[];

export interface NamedCaller {
  readonly named: Ternary;
  readonly grant: Grant;
}

/** Whether and how the Principal or NotPrincipal of a statement covers a caller. */
export function covered({ values, inverted }: PrincipalSelection, caller: Caller): NamedCaller {
  const names = namesOf(caller);
  const isListed = ([type, text]: Names[number]) =>
    anyOf(
      values.map(([listedType, listed]) =>
        listedType === type ? matches(literalPattern(listed), symbolsOf(text)) : false,
      ),
    );
  if (inverted) {
    // "When you use NotPrincipal with Deny, you must also specify the account ARN of the not-denied principal": a caller is
    // excepted if each of its own names is listed, or everyone is.
    const everyone = anyOf(names.filter(([, text]) => text === "*").map(isListed));
    const own = names.filter(([, text]) => text !== "*" && !/^\d{12}$/.test(text));
    const listed = own.map((name) =>
      name[2] === "account"
        ? anyOf([isListed(name), isListed(["AWS", accountOf(caller) ?? "", "account"])])
        : isListed(name),
    );
    return { named: not(anyOf([everyone, own.length > 0 ? allOf(listed) : false])), grant: "direct" };
  }
  for (const wanted of [true, undefined]) {
    const found = names.find((name) => isListed(name) === wanted);
    if (found) return { named: wanted, grant: found[2] };
  }
  return { named: false, grant: "direct" };
}

function namesOf(caller: Caller): Names {
  const account = accountOf(caller);
  const accountNames: Names =
    account === undefined
      ? []
      : [
          ["AWS", account, "account"],
          ["AWS", `arn:aws:iam::${account}:root`, "account"],
        ];
  return [["AWS", "*", "direct"], ...ownNames(caller), ...accountNames];
}

function ownNames(caller: Caller): Names {
  switch (caller.type) {
    case "service":
      return [["Service", caller.name, "direct"]];
    case "federated":
      return [["Federated", caller.provider, "direct"]];
    case "user":
      return [["AWS", caller.arn, "direct"], ...unique(caller.uniqueId, "direct")];
    case "role-session":
      return [
        ["AWS", caller.arn, "direct"],
        ["AWS", caller.roleArn, "role"],
        ...unique(caller.uniqueId, "role"),
      ];
    case "federated-user":
      return [
        ["AWS", caller.arn, "direct"],
        ["AWS", caller.userArn, "role"],
      ];
    default:
      return [];
  }
}

function unique(id: string | undefined, grant: Grant): Names {
  return id === undefined ? [] : [["AWS", id, grant]];
}
