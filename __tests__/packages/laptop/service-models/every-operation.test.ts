import { ModelIndex } from "../../../../packages/laptop/service-models/model-index";
import { RequestCheck } from "../../../../packages/laptop/service-models/request-check";
import { modelsBySigningName } from "../../../../packages/laptop/service-models/signing-names";
import { modelsFolder } from "../../../../packages/laptop/set-up/tools";
import { type ApiCall, rawModel, serialize, type WireRequest } from "./botocore";
import { type BrokenCall, GeneratedCalls } from "./generated-calls";
import { testedServices } from "./tested-services";

describe("RequestCheck", () => {
  const requests = new RequestCheck(new ModelIndex(modelsFolder()));

  const check = ({ head, body }: WireRequest) => {
    const found = requests.checkHead(head);
    return found === "body" ? requests.checkRequest(head, body) : found;
  };

  const operations = testedServices.flatMap((service) => {
    const model = rawModel(service);
    const calls = new GeneratedCalls(model);
    const protocol = model.metadata.protocol;
    return (
      Object.entries(model.operations)
        // ListDirectoryBuckets differs from ListBuckets in the host alone.
        .filter(
          ([operation, { deprecated }]) =>
            service !== "s3" || (!deprecated && operation !== "ListDirectoryBuckets"),
        )
        .map(([operation]) => ({ service, operation, protocol, calls }))
    );
  });

  it("lets the smallest valid request of each operation pass", async () => {
    const calls = operations.flatMap(({ service, operation, protocol, calls }): ApiCall[] => {
      const minimal = calls.minimal(operation);
      return minimal ? [[service, operation, protocol, minimal]] : [];
    });

    const sent = await serialize(calls);
    const refused = sent.flatMap((request, index) => {
      const [service, operation, , parameters] = calls[index] as ApiCall;
      if (request instanceof Error) return [];
      const problem = check(request);
      return problem
        ? [{ service, operation, parameters, message: problem.refusal.message, as: problem.operation }]
        : [];
    });

    expect(refused).toEqual([]);
    expect(sent.filter((request) => !(request instanceof Error)).length).toBeGreaterThan(
      operations.length * 0.9,
    );
  });

  it("refuses each call that breaks one rule, and names the rule and the member", async () => {
    const broken = operations.filter(isAlone).flatMap(({ service, operation, protocol, calls }) =>
      calls
        .broken(operation)
        // EC2's protocol has no empty lists.
        .filter(({ parameters }) => protocol !== "ec2" || !JSON.stringify(parameters).includes("[]"))
        .map((call) => ({ service, operation, protocol, ...call })),
    );

    const sent = await serialize(
      broken.map(({ service, operation, protocol, parameters }) => [
        service,
        operation,
        protocol,
        parameters,
      ]),
    );
    const missed = sent.flatMap((request, index) => {
      const call = broken[index] as (typeof broken)[number];
      if (request instanceof Error) return [];
      const problem = check(request);
      // A list of plain values is reported with all rules for its values.
      const named = problem?.violations.some(
        ({ kind, path, rule }) =>
          path === call.path && (kind === call.kind || rule.includes("Member must satisfy constraint:")),
      );
      return named && problem?.answer.status === 400 ? [] : [describeMiss(call, problem?.refusal.message)];
    });

    expect(missed).toEqual([]);
  });
});

/** Services that share paths or names with others are refused only what all of them refuse. */
function isAlone({ service }: { readonly service: string }): boolean {
  const others = ["apigateway", "dynamodb", "events", "iam", "lambda", "s3"];
  return (
    others.includes(service) ||
    !Object.values(modelsBySigningName).some((names) => names.length > 1 && names.includes(service))
  );
}

function describeMiss(
  {
    service,
    operation,
    kind,
    path,
    parameters,
  }: BrokenCall & { readonly service: string; readonly operation: string },
  message: string | undefined,
): string {
  return `${service} ${operation}: ${kind} of ${path}: ${message ?? "passed"} ${JSON.stringify(parameters).slice(0, 300)}`;
}
