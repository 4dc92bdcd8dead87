import { readFileSync } from "node:fs";
import { DefaultTokenResolver, StringConcat, type TerraformStack, Tokenization } from "cdktf";
import type { Construct } from "constructs";
import type { Arn, Grant, GrantCatalog, GrantedStatement, Role } from "./grant-catalog";

const stackSource = "stacks/service-stack.ts";

/** What the constructs of a stack can grant. Only the stack's own constructs count, not those inside of them. */
export function grantCatalogOf(stack: TerraformStack): GrantCatalog {
  const parts = namedParts(stack);
  return {
    grants: parts.flatMap((part) => grantsOf(stack, part)),
    roles: parts.flatMap((part) => rolesOf(stack, part)),
    arns: parts.flatMap((part) => arnsOf(stack, part)),
  };
}

interface Part {
  /** The variable that holds it in the stack's source. */
  readonly name: string;
  readonly construct: Construct;
}

/** The stack's own constructs, by the names of their variables. */
function namedParts(stack: TerraformStack): readonly Part[] {
  const source = readFileSync(stackSource, "utf8");
  const names = new Map(
    [...source.matchAll(/const (\w+) =\s[^;]*?new \w+\(this, "([\w-]+)"/g)].map(([, name = "", id = ""]) => [
      id,
      name,
    ]),
  );
  return stack.node.children.map((construct) => ({
    name: names.get(construct.node.id) ?? camelCase(construct.node.id),
    construct: construct as Construct,
  }));
}

/** Calls every grant with a recording grantee. */
function grantsOf(stack: TerraformStack, { name, construct }: Part): readonly Grant[] {
  const hidden = privateMethods(construct);
  return methodsOf(construct)
    .filter((method) => /^grant[A-Z]/.test(method) && !hidden.has(method))
    .flatMap((method) => {
      const grant = (construct as unknown as Record<string, (grantee: object) => unknown>)[method];
      if (grant?.length !== 1) return [];
      const statements: GrantedStatement[] = [];
      grant.call(construct, {
        addToRolePolicy: (statement: GrantedStatement) => {
          statements.push(resolved(stack, statement));
          return construct;
        },
      });
      return [{ method: `${name}.${method}`, statements }];
    });
}

function rolesOf(stack: TerraformStack, { name, construct }: Part): readonly Role[] {
  return construct.node.findAll().flatMap((child) => {
    const { terraformResourceType, arn } = child as { terraformResourceType?: string; arn?: string };
    if (terraformResourceType !== "aws_iam_role" || !arn) return [];
    const isGrantee = "addToRolePolicy" in construct;
    return [{ arn: resolved(stack, arn), owner: name, isGrantee, file: sourceOf(construct) }];
  });
}

function arnsOf(stack: TerraformStack, { name, construct }: Part): readonly Arn[] {
  return Object.entries(construct)
    .filter(([property, value]) => /arn$/i.test(property) && typeof value === "string")
    .map(([property, value]) => ({ expression: `${name}.${property}`, arn: resolved(stack, value) }));
}

function methodsOf(construct: object): readonly string[] {
  return Object.getOwnPropertyNames(Object.getPrototypeOf(construct));
}

function privateMethods(construct: Construct): ReadonlySet<string> {
  try {
    const source = readFileSync(sourceOf(construct), "utf8");
    return new Set([...source.matchAll(/private (\w+)\(/g)].map(([, method = ""]) => method));
  } catch {
    return new Set();
  }
}

/** Each construct is in the file of its name. */
function sourceOf(construct: Construct): string {
  const name = construct.constructor.name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, "-").toLowerCase();
  return `constructs/${name}.ts`;
}

function resolved<T>(scope: TerraformStack, value: T): T {
  const resolver = new DefaultTokenResolver(new StringConcat());
  return Tokenization.resolve(value, { scope, resolver, preparing: false });
}

function camelCase(id: string): string {
  return id.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
