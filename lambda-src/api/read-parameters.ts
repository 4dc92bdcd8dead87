import * as z from "zod/mini";
import { type ApiEvent, header } from "./api-event";
import { InvalidParameterError } from "./http-errors";
import type { Parameter } from "./operation";
import type { OperationId, operations } from "./operations";

type Declared = Readonly<Record<string, Parameter>>;

type ValueOf<P extends Parameter> =
  | z.output<P["schema"]>
  | (P extends { in: "path" } | { required: true } ? never : undefined);

/** An operation's parsed parameters, as passed to its handler. */
export type ParametersOf<Id extends OperationId> = {
  readonly [Name in keyof (typeof operations)[Id]["parameters"]]: (typeof operations)[Id]["parameters"][Name] extends Parameter
    ? ValueOf<(typeof operations)[Id]["parameters"][Name]>
    : never;
};

/**
 * Reads a request's parameters and validates them against their schemas.
 *
 * @throws InvalidParameterError that lists every broken rule, but never the request's values
 */
export const readParameters = (declared: Declared, event: ApiEvent): Readonly<Record<string, unknown>> => {
  const values: Record<string, unknown> = {};
  const problems: string[] = [];
  for (const [name, parameter] of Object.entries(declared)) {
    const text = textOf(name, parameter, event);
    if (text === undefined && parameter.in !== "path" && parameter.required !== true) continue;
    const parsed = parameter.schema.safeParse(
      parameter.schema instanceof z.ZodMiniNumber ? integer(text) : text,
    );
    if (parsed.success) values[name] = parsed.data;
    else problems.push(`${parsed.error.issues[0]?.message} (in the ${parameter.in})`);
  }
  if (problems.length > 0) throw new InvalidParameterError(`Fix the following: ${problems.join("; ")}.`);
  return values;
};

const textOf = (name: string, parameter: Parameter, event: ApiEvent): string | undefined => {
  if (parameter.in === "query") return own(event.queryStringParameters, name);
  if (parameter.in === "header") return header(event, name.toLowerCase());
  return decode(own(event.pathParameters, name));
};

const own = (values: Readonly<Record<string, string | undefined>> | null | undefined, name: string) =>
  values && Object.hasOwn(values, name) ? values[name] : undefined;

/**
 * API Gateway passes path parameters on encoded or decoded. No valid one contains a `%`, so decoding once
 * handles both.
 */
const decode = (text: string | undefined): string | undefined => {
  try {
    return text === undefined ? undefined : decodeURIComponent(text);
  } catch {
    throw new InvalidParameterError("Fix the path: its percent-encoding is not valid.");
  }
};

/**
 * Parses decimal digits without a sign or leading zeros. For anything else, the schema's own message states
 * the rule.
 */
const integer = (text: string | undefined): number | undefined =>
  text !== undefined && /^(?:0|[1-9][0-9]{0,15})$/.test(text) ? Number(text) : undefined;
