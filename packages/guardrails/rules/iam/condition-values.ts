import { isIP } from "node:net";
import type { Condition } from "../../policy";

const form: readonly (readonly [operator: RegExp, isValid: (value: string) => boolean, form: string])[] = [
  [/^(Bool|Null)$/, (value) => /^(true|false)$/i.test(value), "true or false"],
  [/^Numeric/, (value) => value.trim() !== "" && Number.isFinite(Number(value)), "a number"],
  [/^Date/, (value) => /^\d{4}(-\d\d(-\d\d(T.*)?)?)?$|^\d+$/.test(value), "a date"],
  [/^(Not)?IpAddress$/, isRange, "an address or a range of addresses"],
  [
    /^String(Not)?Equals(IgnoreCase)?$/,
    (value) => !/[*?]/.test(value),
    "a text without * and ?, which it compares literally",
  ],
];

/** Keys whose values are numbers or dates; all other global keys are texts, ARNs, addresses or true and false. */
const numbers =
  /^(aws:(multifactorauthage|epochtime)|s3:(max-keys|tlsversion|signatureage|object-lock-remaining-retention-days)|kms:recipient.*|sts:durationseconds|kms:.*window.*)$/;

/** What is wrong with the values of a condition. Undefined if nothing is, or only Terraform knows them. */
export function wrongValue({ operator, key, values }: Condition): string | undefined {
  const base = operator.replace(/^For(All|Any)Values?:|^For(All|Any)Value:/, "").replace(/IfExists$/, "");
  if (/^Numeric/.test(base) && key.startsWith("aws:") && !numbers.test(key))
    return `${operator} cannot compare ${key}, which is not a number`;
  const [, isValid, expected] = form.find(([pattern]) => pattern.test(base)) ?? [];
  const wrong = isValid && values.filter((value) => !value.includes("${") && !isValid(value));
  return wrong && wrong.length > 0
    ? `${operator} on ${key} is ${wrong.map((value) => JSON.stringify(value)).join(", ")}, but it needs ${expected}`
    : undefined;
}

function isRange(value: string): boolean {
  const [address = "", bits, ...rest] = value.split("/");
  const most = isIP(address) === 4 ? 32 : 128;
  const isPrefix = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most);
  return isIP(address) !== 0 && isPrefix && rest.length === 0;
}
