import type { ApiResponse } from "./api-response";
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

/** The answer to a failure. `undefined` stands for an unforeseen one: a 500 that says nothing internal. */
export const problemResponse = (error: HttpError | undefined, requestId: string): ApiResponse => {
  const problem: Problem =
    error === undefined
      ? {
          type: "about:blank",
          title: "Internal Server Error",
          status: 500,
          detail: "The request failed through no fault of yours. Quote the request id when you report it.",
          requestId,
        }
      : {
          type: `urn:problem-type:${error.kind}`,
          title: error.title,
          status: error.status,
          detail: error.message,
          requestId,
        };
  return {
    statusCode: problem.status,
    headers: {
      "content-type": "application/problem+json",
      "cache-control": "no-store",
      ...(error?.retryAfterSeconds === undefined ? {} : { "retry-after": `${error.retryAfterSeconds}` }),
    },
    body: JSON.stringify(problem),
  };
};
