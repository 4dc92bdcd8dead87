import * as z from "zod/mini";
import { UnexpectedEventError } from "../runtime/unexpected-event-error";

const parameters = z.nullish(z.record(z.string(), z.optional(z.string())));

/** What the API reads of an API Gateway REST proxy event, payload version 1.0. */
const schema = z.object({
  httpMethod: z.string(),
  resource: z.string(),
  headers: parameters,
  pathParameters: parameters,
  queryStringParameters: parameters,
  body: z.nullish(z.string()),
  isBase64Encoded: z.nullish(z.boolean()),
  requestContext: z.object({
    requestId: z.string(),
    extendedRequestId: z.nullish(z.string()),
    path: z.nullish(z.string()),
    identity: z.nullish(z.object({ userArn: z.nullish(z.string()) })),
    authorizer: z.nullish(
      z.object({
        principalId: z.nullish(z.string()),
        claims: z.nullish(z.object({ sub: z.nullish(z.string()) })),
      }),
    ),
  }),
});

export type ApiEvent = z.output<typeof schema>;

/**
 * The one place where an invocation's event is parsed.
 *
 * @throws UnexpectedEventError that names what is missing, and none of the event's values or own keys
 */
export const parseApiEvent = (event: unknown): ApiEvent => {
  const parsed = schema.safeParse(event);
  if (parsed.success) return parsed.data;
  const missing = parsed.error.issues.map(({ path }) =>
    path.length === 0 ? "the event itself" : path.slice(0, path[0] === "requestContext" ? 2 : 1).join("."),
  );
  throw new UnexpectedEventError("an API Gateway REST proxy event", [...new Set(missing)]);
};

/** A header's value whatever the case of its name, or `undefined`. */
export const header = (event: ApiEvent, name: string): string | undefined =>
  Object.entries(event.headers ?? {}).find(([key]) => key.toLowerCase() === name)?.[1];

/** Who sent a request, as API Gateway has verified it: by IAM, by a user pool, by an authorizer, or nobody. */
export const caller = ({ requestContext: { identity, authorizer } }: ApiEvent): string =>
  identity?.userArn ?? authorizer?.claims?.sub ?? authorizer?.principalId ?? "anonymous";
