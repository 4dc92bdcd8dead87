import type { Probe } from "../../../scripts/drift/beside/probe";
import { nothingBesideFindings } from "../../../scripts/drift/nothing-beside";
import type { TerraformState } from "../../../scripts/lib/terraform-state";
import { clientsOf } from "../../../scripts/verify/clients";

const state: TerraformState = {
  lineage: "lineage",
  serial: 1,
  outputs: {},
  resources: ["one", "other"].map((name) => ({
    mode: "managed" as const,
    type: "aws_sqs_queue",
    name,
    instances: [{ attributes: { name } }],
  })),
};

const failing = (name: string, message: string) => async () => {
  throw Object.assign(new Error(message), { name });
};

const judge = (...probes: readonly Partial<Probe>[]) =>
  nothingBesideFindings(
    state,
    clientsOf({ region: "eu-west-1" }),
    (address) => address,
    probes.map((probe) => ({ type: "aws_sqs_queue", kind: "things", strangers: async () => [], ...probe })),
  );

describe("nothingBesideFindings", () => {
  const endpoint = process.env.AWS_ENDPOINT_URL;

  afterEach(() => {
    if (endpoint === undefined) delete process.env.AWS_ENDPOINT_URL;
    else process.env.AWS_ENDPOINT_URL = endpoint;
  });

  it("looks at each resource of the type", async () => {
    const findings = await judge({ strangers: async ({ name }) => [{ what: `a thing of ${name}` }] });

    expect(findings.map(({ check, verdict, detail }) => `${verdict} ${check}: ${detail}`)).toEqual([
      "failed nothing-beside/aws_sqs_queue.one: not in Terraform's state: a thing of one",
      "failed nothing-beside/aws_sqs_queue.other: not in Terraform's state: a thing of other",
    ]);
  });

  it("only mentions what can do no harm", async () => {
    const findings = await judge({ strangers: async () => [{ what: "a metric filter", harmless: true }] });

    expect(findings.map(({ verdict }) => verdict)).toEqual(["warned", "warned", "passed"]);
  });

  it("still reports what it finds if one call is refused, and says which kind was not looked for", async () => {
    process.env.AWS_ENDPOINT_URL = "";
    const findings = await judge(
      { kind: "policies", strangers: failing("AccessDeniedException", "no") },
      { strangers: async ({ name }) => (name === "one" ? [{ what: "a reader" }] : []) },
    );

    expect(findings.map(({ verdict, detail }) => `${verdict} ${detail}`)).toEqual([
      "failed not in Terraform's state: a reader",
      "unchecked policies: AccessDeniedException: no",
      "unchecked policies: AccessDeniedException: no",
    ]);
  });

  it.each<[string, string, string, string, string[]]>([
    [
      "passes what the emulator does not have",
      "http://127.0.0.1:1",
      "UnknownOperationException",
      "x",
      ["passed"],
    ],
    [
      "does not pass an unknown call on AWS",
      "",
      "UnknownOperationException",
      "x",
      ["unchecked", "unchecked"],
    ],
    [
      "does not pass a refusal on the emulator",
      "http://127.0.0.1:1",
      "AccessDenied",
      "x",
      ["unchecked", "unchecked"],
    ],
    ["passes what belongs to a resource that is gone", "", "QueueDoesNotExist", "x", ["passed"]],
  ])("%s", async (_, url, name, message, verdicts) => {
    process.env.AWS_ENDPOINT_URL = url;

    const findings = await judge({ strangers: failing(name, message) });

    expect(findings.map(({ verdict }) => verdict)).toEqual(verdicts);
  });
});
