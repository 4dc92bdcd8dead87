import * as z from "zod/mini";
import { UnexpectedEventError } from "../runtime/unexpected-event-error";

const parameters = z.nullish(z.record(z.string(), z.optional(z.string())));

/** The parts of an API Gateway REST proxy event (payload version 1.0) that the API reads. */
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
    identity: z.nullish(
      z.object({ userArn: z.nullish(z.string()), cognitoIdentityId: z.nullish(z.string()) }),
    ),
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
 * Parses an invocation's event. No other code does.
 *
 * @throws UnexpectedEventError that names the missing fields of the schema, but never the event's own keys or
 *   values
 */
export const parseApiEvent = (event: unknown): ApiEvent => {
  const parsed = schema.safeParse(event);
  if (parsed.success) return parsed.data;
  const missing = parsed.error.issues.map(({ path }) =>
    path.length === 0 ? "the event itself" : path.slice(0, path[0] === "requestContext" ? 2 : 1).join("."),
  );
  throw new UnexpectedEventError("an API Gateway REST proxy event", [...new Set(missing)]);
};

/** The value of a header, or `undefined`. @param name in lower case; the event's names can be in any case */
export const header = (event: ApiEvent, name: string): string | undefined =>
  Object.entries(event.headers ?? {}).find(([key]) => key.toLowerCase() === name)?.[1];

/**
 * Who sent a request, as verified by API Gateway: through IAM, a user pool or an authorizer, or anonymous. Refreshing credentials does not change a caller's identity.
 */
export const caller = ({ requestContext: { identity, authorizer } }: ApiEvent): string =>
  // All users of an identity pool share one role.
  identity?.cognitoIdentityId ??
  identity?.userArn?.replace(assumedRoleSession, "$1") ??
  authorizer?.claims?.sub ??
  authorizer?.principalId ??
  "anonymous";

/** An assumed role's ARN. Its last part, the session name, often changes when credentials are refreshed. */
const assumedRoleSession = /^(arn:[\w-]+:sts::\d{12}:assumed-role\/[^/]+)\/.*$/;
