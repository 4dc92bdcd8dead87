import { symbolsOf, unknown } from "../../iam/unknown";
import { asRecords, asTexts, type Resource, type StackView } from "../stack-view";

/** Stands for the account or Region of a stack that does not name its own. Nothing else equals it. */
const ownAccount = "‹account›";
const ownRegion = "‹region›";

/**
 * The account that a stack is deployed to. Unless its provider allows only one, any account that the stack names could be
 * that one: see `withOwnPlace`.
 */
export function accountOf(stack: StackView): string {
  const [provider] = providersOf(stack);
  const [only, ...others] = asTexts(provider?.allowed_account_ids);
  return only !== undefined && others.length === 0 && /^\d{12}$/.test(only) ? only : ownAccount;
}

/** The Region that a resource is created in. */
export function regionOf(block: Resource): string {
  const alias = `${block.raw("provider") ?? "aws"}`.split(".")[1];
  const provider = providersOf(block.stack).find((one) => (one.alias ?? undefined) === alias);
  const written = (block.mode === "resource" ? block.raw("region") : undefined) ?? provider?.region;
  const region = block.stack.evaluate(written);
  if (typeof region === "string" && !region.includes("${")) return region;
  return alias === undefined && region === provider?.region
    ? ownRegion
    : unknown(`region ${alias} ${region}`);
}

/** The Region of the stack's provider, if that is what an expression means. */
export function ownRegionIn(stack: StackView, expression: string): string | undefined {
  return stack.evaluate(defaultProvider(stack)?.region) === `\${${expression}}` ? ownRegion : undefined;
}

/** The partition of a Region: `aws`, `aws-cn` or `aws-us-gov`. Of a Region that is not known, `aws` unless the stack names another. */
export function partitionOf(stack: StackView, region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  if (region.startsWith("us-gov-")) return "aws-us-gov";
  const isKnown = symbolsOf(region).length > 1 && region !== ownRegion;
  return isKnown || !/arn:aws-(cn|us-gov):/.test(JSON.stringify(stack.json)) ? "aws" : unknown("partition");
}

/** A text in which an account or a Region that could be the stack's own is the stack's own. */
export function withOwnPlace(stack: StackView, text: string): string {
  const account = accountOf(stack);
  const region = namesNoRegion(stack) ? ownRegion : undefined;
  const places = text
    .replace(/^(arn:[^:]*:[^:]*:[^:]*:)\d{12}(?=:)/, (whole, before: string) =>
      account === ownAccount ? before + account : whole,
    )
    .replace(/^\d{12}$/, (whole) => (account === ownAccount ? account : whole));
  if (region === undefined) return places;
  return places.replace(
    /^(arn:[^:]*:[^:]*:|[a-z0-9]+\.|)([a-z]{2}(?:-[a-z]+)+-\d)(?=:|\.amazonaws\.com$|$)/,
    (_, before: string) => before + region,
  );
}

function namesNoRegion(stack: StackView): boolean {
  return providersOf(stack).every(({ region }) => `${stack.evaluate(region) ?? "${"}`.includes("${"));
}

const providersOf = (stack: StackView) => asRecords(stack.json.provider?.aws ?? []);
const defaultProvider = (stack: StackView) =>
  providersOf(stack).find(({ alias }) => (alias ?? undefined) === undefined);
