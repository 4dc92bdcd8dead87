import { type ApiResponse, safeHeaders } from "./api-response";
import type { HttpError } from "./http-error";

/** Problem details as RFC 9457 defines them, with the request's id to quote to an operator. */
export interface Problem {
  /** `urn:problem-type:<kind>`, or `about:blank` for an error that nobody foresaw. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  /** What to change, for a person to read. */
  readonly detail: string;
  /** API Gateway's request id, as in the access log. */
  readonly requestId: string;
}

/** What a client is told of an error that nobody foresaw: nothing internal. */
export const unforeseen = {
  type: "about:blank",
  title: "Internal Server Error",
  status: 500,
  detail: "The request failed through no fault of yours. Quote the request id when you report it.",
} as const;

/** The answer to a failure. `undefined` stands for an unforeseen one. */
export const problemResponse = (error: HttpError | undefined, requestId: string): ApiResponse => {
  const problem: Problem =
    error === undefined
      ? { ...unforeseen, requestId }
      : {
          type: `urn:problem-type:${error.kind}`,
          title: error.facts.title,
          status: error.facts.status,
          detail: error.message,
          requestId,
        };
  const retryAfterSeconds = error?.facts.retryAfterSeconds;
  return {
    statusCode: problem.status,
    headers: {
      ...safeHeaders,
      "content-type": "application/problem+json",
      ...(retryAfterSeconds === undefined ? {} : { "retry-after": `${retryAfterSeconds}` }),
    },
    body: JSON.stringify(problem),
  };
};
