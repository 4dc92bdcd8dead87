import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { type ApiCall, latestFolder, rawModel, serialize } from "./botocore";
import { refusalOf } from "./requests";
import { testedServices } from "./tested-services";

/** AWS's own examples that AWS would refuse: the call, the member and the reason. */
const mistaken: readonly (readonly [call: string, path: string, reason: string])[] = [
  ["cloud9 CreateEnvironmentEC2", "imageId", "older than the member"],
  [
    "ec2 ModifySpotFleetRequest",
    "excessCapacityTerminationPolicy",
    "a capital letter and a space at the end",
  ],
  ["kms CreateCustomKeyStore", "cloudHsmClusterId", "a 1, which no id of a cluster has"],
  ["kms UpdateCustomKeyStore", "cloudHsmClusterId", "a 1, which no id of a cluster has"],
  ["lambda UpdateEventSourceMapping", "uUID", "an id that is none"],
  ["pricing GetProducts", "serviceCode", "older than its being required"],
];

describe("AWS's own examples", () => {
  it("pass, except those with mistakes", async () => {
    const calls = testedServices.flatMap(examplesOf);

    const sent = await serialize(calls);
    const refused = sent.flatMap((request, index) => {
      const [service, operation] = calls[index] as ApiCall;
      if (request instanceof Error) return [`${service} ${operation}: ${request.message}`];
      const { violations, refusal } = refusalOf(request) ?? {};
      const known = mistaken.some(
        ([call, at]) => call === `${service} ${operation}` && violations?.[0]?.path === at,
      );
      return refusal && !known ? [`${service} ${operation}: ${refusal.message}`] : [];
    });

    expect(refused).toEqual([]);
    expect(calls.length).toBeGreaterThan(200);
  });
});

interface Example {
  readonly input?: Readonly<Record<string, unknown>>;
}

function examplesOf(service: string): readonly ApiCall[] {
  const file = path.join(latestFolder(service), "examples-1.json");
  if (!existsSync(file)) return [];
  const { examples = {} } = JSON.parse(readFileSync(file, "utf8"));
  const { protocol } = rawModel(service).metadata;
  return Object.entries(examples as Readonly<Record<string, readonly Example[]>>).flatMap(
    ([operation, list]) => list.map(({ input = {} }): ApiCall => [service, operation, protocol, input]),
  );
}
