import { execFile } from "node:child_process";
import { promisify } from "node:util";
import {
  APIGatewayClient,
  CreateDeploymentCommand,
  CreateRestApiCommand,
  GetResourcesCommand,
  PutGatewayResponseCommand,
  type PutGatewayResponseCommandInput,
} from "@aws-sdk/client-api-gateway";
import {
  CreateFunctionCommand,
  DeleteFunctionConcurrencyCommand,
  LambdaClient,
  PutFunctionConcurrencyCommand,
} from "@aws-sdk/client-lambda";
import { venvPython } from "../../../packages/laptop/set-up/tools";
import { zipOf } from "../../support/zip";
import { signedFetch } from "../signed-fetch";
import { account, region, useEmulators } from "./emulators";
import { putFunctionMethod } from "./function-method";

const behaviours = {
  "throws an error": 'throw new Error("secret")',
  "throws a text": 'throw "secret"',
  "runs longer than its timeout": "return new Promise((resolve) => setTimeout(resolve, 5_000))",
  "ends its process": "process.exit(1)",
  "returns a text": 'return "secret"',
  "returns nothing": "return undefined",
  "returns null": "return null",
  "returns a number": "return 200",
  "returns a list": "return [200]",
  "returns another object": 'return { message: "secret" }',
  "returns an unknown field": 'return { statusCode: 200, body: "secret", more: true }',
  "returns a status that is no number": 'return { statusCode: "fine", body: "secret" }',
  "returns a body that is an object": 'return { statusCode: 200, body: { secret: "secret" } }',
  "returns headers that are a list": 'return { statusCode: 200, headers: ["secret"], body: "" }',
  "returns 502 itself": 'return { statusCode: 502, body: "its own" }',
  "returns a body without a status": 'return { body: "its own" }',
  "returns a status in digits": 'return { statusCode: "404", body: "its own" }',
} as const;

type Behaviour = keyof typeof behaviours;

describe("what API Gateway returns when the function cannot", () => {
  const emulators = useEmulators();
  let functionArn: string;
  /** Calls an API that customizes nothing. */
  let call: Awaited<ReturnType<typeof deploy>>;

  beforeAll(async () => {
    const cases = Object.entries(behaviours).map(
      ([name, code]) => `${JSON.stringify(name)}: () => { ${code} }`,
    );
    const source = `const cases = { ${cases} };
      exports.handler = async ({ queryStringParameters }) => cases[queryStringParameters.case]();`;
    const { FunctionArn = "" } = await new LambdaClient(emulators.bare).send(
      new CreateFunctionCommand({
        FunctionName: "refusing",
        Role: `arn:aws:iam::${account}:role/gaps`,
        Runtime: "nodejs22.x",
        Handler: "index.handler",
        Timeout: 1,
        Code: { ZipFile: zipOf("index.js", source) },
      }),
    );
    functionArn = FunctionArn;
    call = await deploy();
  });

  it("is returned by MiniStack as 429 and 200, with the function's error", async () => {
    const program = [
      "from ministack.services import apigateway_v1 as a",
      'print(a._lambda_proxy_response({"throttle": True})[0]["statusCode"], a._lambda_proxy_response({"body": "x"})[0]["statusCode"])',
    ].join("\n");
    const { stdout } = await promisify(execFile)(venvPython, ["-c", program]);

    if (stdout.trim() !== "429 200")
      throw new Error("MiniStack now returns what API Gateway does: remove refused_requests.py");
  });

  it.each<[Behaviour, number]>([
    ["throws an error", 502],
    ["throws a text", 502],
    ["runs longer than its timeout", 502],
    ["ends its process", 502],
    ["returns a text", 502],
    ["returns nothing", 502],
    ["returns null", 502],
    ["returns a number", 502],
    ["returns a list", 502],
    ["returns another object", 502],
    ["returns an unknown field", 502],
    ["returns a status that is no number", 502],
    ["returns a body that is an object", 502],
    ["returns headers that are a list", 502],
  ])("hides a function that %s: %d", async (behaviour, status) => {
    const response = await call(behaviour);

    expect(response.status).toBe(status);
    expect(response.headers.get("x-amzn-errortype")).toBe("InternalServerErrorException");
    expect([...response.headers.keys()].filter((name) => name.startsWith("x-laptop"))).toEqual([]);
    expect(await response.text()).toMatch(/^\{"message": ?"Internal server error"\}$/);
  });

  it.each<[Behaviour, number]>([
    ["returns 502 itself", 502],
    ["returns a body without a status", 200],
    ["returns a status in digits", 404],
  ])("is the response of a function that %s: %d", async (behaviour, status) => {
    const response = await call(behaviour);

    expect([response.status, await response.text()]).toEqual([status, "its own"]);
    expect(response.headers.get("x-amzn-errortype")).toBeNull();
  });

  const template = {
    responseTemplates: { "application/json": '{"detail":$context.error.messageString}' },
  };
  it.each<[string, number, number, readonly Omit<PutGatewayResponseCommandInput, "restApiId">[]]>([
    ["nothing", 502, 500, []],
    ["DEFAULT_5XX without a status", 502, 500, [{ responseType: "DEFAULT_5XX", ...template }]],
    ["DEFAULT_5XX as 503", 503, 503, [{ responseType: "DEFAULT_5XX", statusCode: "503", ...template }]],
    [
      "INTEGRATION_FAILURE without a status",
      504,
      504,
      [{ responseType: "INTEGRATION_FAILURE", ...template }],
    ],
    [
      "INTEGRATION_FAILURE as 500",
      500,
      500,
      [{ responseType: "INTEGRATION_FAILURE", statusCode: "500", ...template }],
    ],
    [
      "INTEGRATION_TIMEOUT",
      502,
      500,
      [{ responseType: "INTEGRATION_TIMEOUT", statusCode: "504", ...template }],
    ],
  ])(
    "of an API that customizes %s, is %d for a crash and %d for a throttle",
    async (_, crash, throttle, all) => {
      const callCustomized = await deploy(all);
      const lambda = new LambdaClient(emulators.bare);

      const crashed = await callCustomized("throws an error");
      await lambda.send(
        new PutFunctionConcurrencyCommand({ FunctionName: "refusing", ReservedConcurrentExecutions: 0 }),
      );
      const throttled = await callCustomized("returns a body without a status");
      await lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName: "refusing" }));

      expect([crashed.status, throttled.status]).toEqual([crash, throttle]);
      expect(await crashed.text()).toContain("Internal server error");
      expect(await throttled.text()).toContain("Internal server error");
    },
  );

  it.each([
    ["a token", "Bearer abc"],
    ["a password", "Basic dTpw"],
    ["one word", "abc"],
    ["no scheme", "Credential=a/20260101/eu-west-1/execute-api/aws4_request"],
    [
      "no signature",
      `AWS4-HMAC-SHA256 Credential=a/20260101/${region}/execute-api/aws4_request, SignedHeaders=host`,
    ],
    ["no credential", "AWS4-HMAC-SHA256 SignedHeaders=host, Signature=0"],
    ["half a credential", "AWS4-HMAC-SHA256 Credential=a/20260101, SignedHeaders=host, Signature=0"],
  ])("is 403 for an Authorization header with %s, unless DEFAULT_4XX has a status", async (_, header) => {
    const customized = await deploy([{ responseType: "DEFAULT_4XX", ...template }]);
    const pinned = await deploy([{ responseType: "DEFAULT_4XX", statusCode: "400", ...template }]);

    const responses = await Promise.all(
      [call, customized, pinned].map((send) => send("returns a body without a status", header)),
    );

    expect(responses.map(({ status }) => status)).toEqual([403, 403, 400]);
    expect(responses.map(({ headers }) => headers.get("x-amzn-errortype"))).toEqual(
      Array(3).fill("IncompleteSignatureException"),
    );
    expect(await responses[1]?.json()).toEqual({ detail: expect.stringMatching(/\S/) });
  });

  /** @returns a function that calls the API GET / with the given behaviour */
  async function deploy(customized: readonly Omit<PutGatewayResponseCommandInput, "restApiId">[] = []) {
    const client = new APIGatewayClient(emulators.bare);
    const { id: restApiId } = await client.send(new CreateRestApiCommand({ name: "refusing" }));
    const { items } = await client.send(new GetResourcesCommand({ restApiId }));
    const method = { restApiId, resourceId: items?.[0]?.id, httpMethod: "GET" };
    await putFunctionMethod(emulators.bare, method, functionArn);
    for (const one of customized) await client.send(new PutGatewayResponseCommand({ restApiId, ...one }));
    await client.send(new CreateDeploymentCommand({ restApiId, stageName: "dev" }));
    const url = `${emulators.withGaps.endpoint}/restapis/${restApiId}/dev/_user_request_/`;
    return (behaviour: Behaviour, authorization?: string) => {
      const called = `${url}?case=${encodeURIComponent(behaviour)}`;
      return authorization ? fetch(called, { headers: { authorization } }) : signedFetch(called);
    };
  }
});
