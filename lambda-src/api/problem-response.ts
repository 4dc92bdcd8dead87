import type { ItemError } from "../items/item-errors";
import { type ApiResponse, safeHeaders } from "./api-response";
import type { HttpError } from "./http-errors";
import { type ProblemFacts, problemsByKind } from "./problems";

/** Problem details as RFC 9457 defines them, plus the id of the request. */
export interface Problem {
  /** `urn:problem-type:<kind>`, or `about:blank` for an unexpected error. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  /** What to change, for a person to read. */
  readonly detail: string;
  /** API Gateway's request id, as in the access log. */
  readonly requestId: string;
}

/** The response to an unexpected error. It reveals nothing internal. */
const unexpected = {
  type: "about:blank",
  title: "Internal Server Error",
  status: 500,
  detail: "The request failed through no fault of yours. Quote the request id when you report it.",
} as const;

/** The response to a failed request. @param error `undefined` for an unexpected error */
export const problemResponse = (error: HttpError | ItemError | undefined, requestId: string): ApiResponse => {
  if (error === undefined) return response({ ...unexpected, requestId });
  const { status, title, retryAfterSeconds }: ProblemFacts = problemsByKind[error.kind];
  const type = `urn:problem-type:${error.kind}`;
  return response({ type, title, status, detail: error.message, requestId }, retryAfterSeconds);
};

const response = (problem: Problem, retryAfterSeconds?: number): ApiResponse => ({
  statusCode: problem.status,
  headers: {
    ...safeHeaders,
    "content-type": "application/problem+json",
    ...(retryAfterSeconds === undefined ? {} : { "retry-after": `${retryAfterSeconds}` }),
  },
  body: JSON.stringify(problem),
});
