import type { Check } from "./check";
import type { Deployment } from "./deployment";
import type { Answer, Request } from "./signed-api";
import { requireNoProblems } from "./verdict";

interface Refusal {
  readonly name: string;
  readonly request: (id: string) => Request;
  readonly status: number;
  /** The last part of the problem's type. */
  readonly problem: string;
}

const timestamp = 1;

/** Requests that the API must reject, and how. None of them stores anything. */
const refusals: readonly Refusal[] = [
  {
    name: "api/refuses-missing",
    request: (id) => ({ path: `/items/${id}-nobody/${timestamp}` }),
    status: 404,
    problem: "item-not-found",
  },
  {
    name: "api/refuses-parameter",
    request: (id) => ({ path: `/items/${id}?limit=0` }),
    status: 400,
    problem: "invalid-parameter",
  },
  {
    name: "api/refuses-unconditional",
    request: (id) => ({ method: "DELETE", path: `/items/${id}-nobody/${timestamp}` }),
    status: 428,
    problem: "precondition-required",
  },
];

export const refusalChecks: readonly Check[] = [
  ...refusals.map(
    ({ name, request, status, problem }): Check => ({
      name,
      run: async (deployment) => {
        const answer = await deployment.api.send(request(deployment.run));
        const { type } = answer.body as { readonly type?: string };
        requireProblem(answer, status);
        requireNoProblems([
          type !== `urn:problem-type:${problem}` && `the problem is ${type}, not ${problem}`,
        ]);
        return `${status} ${problem}`;
      },
    }),
  ),
  {
    name: "api/refuses-invalid",
    run: async (deployment) => {
      // API Gateway responds if its model already rejects the body, otherwise the function does.
      const answer = await deployment.api.send({ method: "POST", path: "/items", body: { id: 1 } });
      requireProblem(answer, 400);
      return "400";
    },
  },
  {
    name: "api/refuses-unsigned",
    applies: ({ environment }) => environment.authorization.type === "AWS_IAM",
    run: async (deployment) => {
      for (const [what, headers] of [
        ["an unsigned request", {}],
        ["a malformed signature", { authorization: "Bearer malformed" }],
      ] as const) {
        const { status } = await deployment.api.sendUnsigned("/health", headers);
        requireNoProblems([status !== 403 && `${what} returned ${status}, not 403`]);
      }
      return "403, and for a malformed signature too";
    },
  },
  { name: "api/health", run: health },
];

async function health({ api }: Deployment): Promise<string> {
  const { status, body } = await api.send({ path: "/health" });
  requireNoProblems([
    status !== 200 && `GET /health returned ${status} ${JSON.stringify(body).slice(0, 200)}`,
  ]);
  return "the function runs and can read its table";
}

function requireProblem({ status, headers, body }: Answer, expected: number): void {
  const type = headers.get("content-type") ?? "";
  requireNoProblems([
    status !== expected && `it returned ${status} ${JSON.stringify(body).slice(0, 200)}, not ${expected}`,
    !type.startsWith("application/problem+json") &&
      `the content type is ${type || "missing"}, not problem+json`,
  ]);
}
