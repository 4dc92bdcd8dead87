import { CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import {
  CreateAliasCommand,
  GetAliasCommand,
  LambdaClient,
  ResourceNotFoundException,
  UpdateAliasCommand,
} from "@aws-sdk/client-lambda";
import { CreateQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import { account, region, useEmulators } from "./emulators";
import { printedByMiniStack } from "./mini-stack";
import { RecordingFunction } from "./recording-function";

type Weights = Readonly<Record<string, number>>;

const constraint =
  "1 validation error detected: Value '%' at 'routingConfig.additionalVersionWeights' failed";

describe("an alias", () => {
  const emulators = useEmulators();
  const arn = `arn:aws:lambda:${region}:${account}:function:ruled`;
  let recording: RecordingFunction;
  let lambda: LambdaClient;

  /** Versions 1 and 2 are alike, 3 has another role, 4 and 5 have a dead-letter queue. */
  beforeAll(async () => {
    lambda = new LambdaClient(emulators.withGaps);
    await new SQSClient(emulators.withGaps).send(new CreateQueueCommand({ QueueName: "ruled" }));
    const Role = `arn:aws:iam::${account}:role/gaps`;
    const DeadLetterConfig = { TargetArn: `arn:aws:sqs:${region}:${account}:ruled` };
    const otherRole = await createOtherRole();
    recording = new RecordingFunction(emulators.withGaps, "ruled");
    await recording.create({ Role });
    for (const change of [{}, {}, { Role: otherRole }, { Role, DeadLetterConfig }, {}]) {
      await recording.publish(change);
    }
  });
  afterAll(() => recording.remove());

  async function createOtherRole(): Promise<string> {
    const Statement = {
      Effect: "Allow",
      Action: "sts:AssumeRole",
      Principal: { Service: "lambda.amazonaws.com" },
    };
    const { Role } = await new IAMClient(emulators.withGaps).send(
      new CreateRoleCommand({
        RoleName: "gaps-other",
        AssumeRolePolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement }),
      }),
    );
    return Role?.Arn ?? "";
  }

  it("may be anything in MiniStack", async () => {
    const status = await printedByMiniStack(
      "from ministack.services import lambda_svc as l",
      'l._functions["f"] = {"versions": {}, "aliases": {}}',
      'routing = {"AdditionalVersionWeights": {"8": 7, "$LATEST": -1}}',
      'print(l._create_alias("f", {"Name": "live", "FunctionVersion": "9", "RoutingConfig": routing})[0])',
    );

    if (status !== "201") throw new Error("MiniStack now refuses aliases itself: remove alias_rules.py");
  });

  const refused: readonly (readonly [string, string, Weights, string, string])[] = [
    ["weights for two versions", "1", { 2: 0.1, 4: 0.1 }, "InvalidParameterValueException", "greater than 1"],
    ["a weight over 1", "1", { 2: 2 }, "ValidationException", constraint.replace("%", "{2=2.0}")],
    ["a weight just over 1", "1", { 2: 1.001 }, "ValidationException", constraint.replace("%", "{2=1.001}")],
    ["a weight below 0", "1", { 2: -1 }, "ValidationException", constraint.replace("%", "{2=-1.0}")],
    [
      "a weight for $LATEST",
      "1",
      { $LATEST: 0.5 },
      "ValidationException",
      constraint.replace("%", "{$LATEST=0.5}"),
    ],
    [
      "a weight for an alias",
      "1",
      { live: 0.5 },
      "ValidationException",
      "regular expression pattern: [0-9]+",
    ],
    [
      "weights beside $LATEST",
      "$LATEST",
      { 1: 0.5 },
      "InvalidParameterValueException",
      "$LATEST is not supported",
    ],
    [
      "its own version as the additional one",
      "1",
      { 1: 0.5 },
      "InvalidParameterValueException",
      "already included",
    ],
    ["another role", "1", { 3: 0.5 }, "InvalidParameterValueException", "same execution role"],
    [
      "another role, the other way round",
      "3",
      { 1: 0.5 },
      "InvalidParameterValueException",
      "same execution role",
    ],
    ["another dead-letter queue", "1", { 4: 0.5 }, "InvalidParameterValueException", "same dead letter"],
    [
      "no dead-letter queue beside one",
      "4",
      { 2: 0.5 },
      "InvalidParameterValueException",
      "same dead letter",
    ],
    ["a version that does not exist", "10", {}, "ResourceNotFoundException", `Function not found: ${arn}:10`],
    [
      "a weight for a version that does not exist",
      "1",
      { 10: 0.5 },
      "ResourceNotFoundException",
      `${arn}:10`,
    ],
  ];
  it.each(refused)(
    "with %s is refused, new or changed",
    async (_, FunctionVersion, weights, name, message) => {
      const RoutingConfig = { AdditionalVersionWeights: weights };
      await recording.createAlias("kept", "1", { 2: 0.5 }).catch(() => {});
      const before = await lambda.send(new GetAliasCommand({ FunctionName: "ruled", Name: "kept" }));

      const created = lambda.send(
        new CreateAliasCommand({ FunctionName: "ruled", Name: "refused", FunctionVersion, RoutingConfig }),
      );
      const expected = { name, message: expect.stringContaining(message) };
      await expect(created).rejects.toMatchObject(expected);
      const updated = lambda.send(
        new UpdateAliasCommand({ FunctionName: "ruled", Name: "kept", FunctionVersion, RoutingConfig }),
      );
      await expect(updated).rejects.toMatchObject(expected);

      const missing = lambda.send(new GetAliasCommand({ FunctionName: "ruled", Name: "refused" }));
      await expect(missing).rejects.toBeInstanceOf(ResourceNotFoundException);
      const after = await lambda.send(new GetAliasCommand({ FunctionName: "ruled", Name: "kept" }));
      expect(after.RevisionId).toBe(before.RevisionId);
    },
  );

  it.each<[string, string, Weights]>([
    ["a version alone", "1", {}],
    ["$LATEST alone", "$LATEST", {}],
    ["a weight of 0", "1", { 2: 0 }],
    ["a weight of 1", "1", { 2: 1 }],
    ["a small weight", "2", { 1: 0.001 }],
    ["the same dead-letter queue twice", "4", { 5: 0.5 }],
  ])("with %s is accepted, new or changed", async (_, FunctionVersion, weights) => {
    const alias = { FunctionName: "ruled", Name: `accepted-${Math.random()}`.replace(".", "") };
    const RoutingConfig = { AdditionalVersionWeights: weights };
    const stored = Object.keys(weights).length > 0 ? RoutingConfig : undefined;

    const created = await lambda.send(new CreateAliasCommand({ ...alias, FunctionVersion, RoutingConfig }));
    const updated = await lambda.send(new UpdateAliasCommand({ ...alias, FunctionVersion, RoutingConfig }));

    for (const output of [created, updated]) expect(output).toMatchObject({ FunctionVersion });
    expect([created.RoutingConfig, updated.RoutingConfig]).toEqual([stored, stored]);
  });

  it("keeps its weights if an update leaves them out, so they must suit its new version", async () => {
    const alias = { FunctionName: "ruled", Name: "shifted" };
    await recording.createAlias("shifted", "1", { 2: 0.5 });

    await expect(lambda.send(new UpdateAliasCommand({ ...alias, FunctionVersion: "2" }))).rejects.toThrow(
      "Invalid function version 2. Function version 2 is already included in routing configuration.",
    );
    const shifted = await lambda.send(
      new UpdateAliasCommand({
        ...alias,
        FunctionVersion: "2",
        RoutingConfig: { AdditionalVersionWeights: {} },
      }),
    );

    expect(shifted.FunctionVersion).toBe("2");
    expect(shifted.RoutingConfig).toBeUndefined();
  });

  it("that does not exist cannot be updated, whatever the update says", async () => {
    const update = new UpdateAliasCommand({ FunctionName: "ruled", Name: "none", FunctionVersion: "10" });

    await expect(lambda.send(update)).rejects.toThrow(`Alias not found: ${arn}:none`);
  });
});
