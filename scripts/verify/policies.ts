/** One statement of a policy, as AWS returns it. */
export interface Statement {
  readonly Sid?: string;
  readonly Effect?: string;
  readonly Principal?: unknown;
  readonly Action?: unknown;
  readonly Resource?: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** @returns none if there is no policy */
export function statementsOf(policy: string | undefined): readonly Statement[] {
  if (!policy) return [];
  const { Statement: statements = [] }: { readonly Statement?: Statement | readonly Statement[] } =
    JSON.parse(policy);
  return [statements].flat() as readonly Statement[];
}

export function requiresTls(statements: readonly Statement[]): boolean {
  return statements.some(
    ({ Effect, Principal, Condition }) =>
      Effect === "Deny" && isAnybody(Principal) && `${Condition?.Bool?.["aws:SecureTransport"]}` === "false",
  );
}

/** Statements that allow any principal, whatever their conditions are. */
export function publicStatements(statements: readonly Statement[]): readonly Statement[] {
  return statements.filter(({ Effect, Principal }) => Effect === "Allow" && isAnybody(Principal));
}

function isAnybody(principal: unknown): boolean {
  if (principal === "*") return true;
  const { AWS } = (principal ?? {}) as { readonly AWS?: unknown };
  return [AWS].flat().includes("*");
}
