import { GetDeploymentCommand, GetExportCommand, GetStageCommand } from "@aws-sdk/client-api-gateway";
import type { Deployment } from "../../scripts/verify/deployment";
import { snapshotChecks } from "../../scripts/verify/snapshot";
import { CheckFailedError, UncheckedError } from "../../scripts/verify/verdict";

const alias = "arn:aws:lambda:eu-west-1:111122223333:function:api:live";
const origin = "https://app.example.com";

/** What is served. The configuration has `GET /` and `POST /items/{id}`, both with AWS_IAM. */
interface Served {
  readonly apiSummary: Readonly<Record<string, Readonly<Record<string, object>>>>;
  readonly uris: Readonly<Record<string, string | undefined>>;
  /** By path, the allowed origin, or the status of a refusal. */
  readonly preflights: Readonly<Record<string, string | number>>;
  readonly allowedOrigin?: string;
}

const AWS_IAM = { authorizationType: "AWS_IAM", apiKeyRequired: false };
const good: Served = {
  apiSummary: { "/": { GET: AWS_IAM }, "/items/{id}": { POST: AWS_IAM } },
  uris: { "/": `${alias}/invocations`, "/items/{id}": `${alias}/invocations` },
  preflights: { "/": 403, "/items/verify": 403 },
};

describe("the snapshot that a stage serves", () => {
  it.each(["snapshot/routes", "snapshot/integrations", "snapshot/preflights"])(
    "passes %s if it is as configured",
    async (name) => {
      await expect(check(name, good)).resolves.toEqual(expect.any(String));
    },
  );

  it("passes the preflights of the allowed origin", async () => {
    const preflights = { "/": origin, "/items/verify": origin };

    await expect(check("snapshot/preflights", { ...good, allowedOrigin: origin, preflights })).resolves.toBe(
      `${origin} on all 2 paths`,
    );
  });

  it.each<[string, string, Partial<Served>, RegExp]>([
    [
      "a removed path",
      "snapshot/routes",
      { apiSummary: { ...good.apiSummary, "/old": { GET: AWS_IAM } } },
      /still contains GET \/old, .*npx cdktf deploy dev-stack/,
    ],
    [
      "a removed method",
      "snapshot/routes",
      { apiSummary: { ...good.apiSummary, "/": { GET: AWS_IAM, DELETE: AWS_IAM } } },
      /still contains DELETE \/,/,
    ],
    [
      "a missing method",
      "snapshot/routes",
      { apiSummary: { "/": { GET: AWS_IAM } } },
      /POST \/items\/\{id\}$/,
    ],
    ["nothing", "snapshot/routes", { apiSummary: {} }, /GET \/; .*POST/],
    [
      "a method for everybody",
      "snapshot/routes",
      { apiSummary: { ...good.apiSummary, "/": { GET: { authorizationType: "NONE" } } } },
      /GET \/ with NONE, not AWS_IAM/,
    ],
    [
      "a method without any authorization",
      "snapshot/routes",
      { apiSummary: { ...good.apiSummary, "/": { GET: {} } } },
      /GET \/ with NONE, not AWS_IAM/,
    ],
    [
      "an integration with another version",
      "snapshot/integrations",
      { uris: { ...good.uris, "/": `${alias}-old/invocations` } },
      /^GET \/ does not invoke/,
    ],
    [
      "no integration",
      "snapshot/integrations",
      { uris: { ...good.uris, "/": undefined } },
      /^GET \/ does not/,
    ],
    ["an export without routes", "snapshot/integrations", { uris: {} }, /GET \/ does not.*POST \/items/],
    [
      "an export without one route",
      "snapshot/integrations",
      { uris: { "/": `${alias}/invocations` } },
      /^POST \/items\/\{id\} does not/,
    ],
    [
      "a removed origin",
      "snapshot/preflights",
      { preflights: { "/": origin, "/items/verify": 403 } },
      /^\/ returns 204 and allows https:\/\/app.example.com; configured: no origin/,
    ],
    [
      "an earlier origin",
      "snapshot/preflights",
      { allowedOrigin: origin, preflights: { "/": "https://old.example.com", "/items/verify": origin } },
      /^\/ allows https:\/\/old.example.com; configured: https:\/\/app.example.com/,
    ],
    [
      "no preflights",
      "snapshot/preflights",
      { allowedOrigin: origin, preflights: { "/": origin, "/items/verify": 403 } },
      /allows nobody \(403\)/,
    ],
  ])("fails if it has %s: %s", async (_, name, served, message) => {
    const failure = await check(name, { ...good, ...served }).catch((error) => error);

    expect(failure).toBeInstanceOf(CheckFailedError);
    expect(failure.message).toMatch(message);
  });

  it("does not pass what AWS does not show", async () => {
    await expect(check("snapshot/rest", good)).rejects.toBeInstanceOf(UncheckedError);
  });
});

async function check(name: string, served: Served): Promise<string> {
  const found = snapshotChecks.find((one) => one.name === name);
  if (!found) throw new Error(`there is no check ${name}`);
  return found.run(deploymentThat(served), () => {});
}

function deploymentThat(served: Served): Deployment {
  const outputs: Readonly<Record<string, string>> = {
    "api-id": "api1",
    "api-stage": "dev",
    "api-function-alias-arn": alias,
  };
  const resources: Readonly<Record<string, readonly object[]>> = {
    aws_api_gateway_resource: [
      { id: "r1", path: "/items" },
      { id: "r2", path: "/items/{id}" },
    ],
    aws_api_gateway_method: [
      { resource_id: "root", http_method: "GET", authorization: "AWS_IAM" },
      { resource_id: "r2", http_method: "POST", authorization: "AWS_IAM" },
    ],
  };
  const send = async (command: object) => {
    if (command instanceof GetStageCommand) return { deploymentId: "d1" };
    if (command instanceof GetDeploymentCommand) {
      expect(command.input).toEqual({ restApiId: "api1", deploymentId: "d1", embed: ["apisummary"] });
      return { apiSummary: served.apiSummary };
    }
    expect(command).toBeInstanceOf(GetExportCommand);
    const operation = (path: string) => ({
      [path === "/" ? "get" : "post"]: {
        "x-amazon-apigateway-integration": { uri: served.uris[path] },
      },
      options: {},
    });
    const paths = Object.fromEntries(Object.keys(served.uris).map((path) => [path, operation(path)]));
    return { body: Buffer.from(JSON.stringify({ paths })) };
  };
  return {
    stackId: "dev-stack",
    environment: { allowedOrigin: served.allowedOrigin },
    output: (name: string) => outputs[name],
    resources: (type: string) => resources[type],
    once: <T>(_: string, work: () => Promise<T>) => work(),
    clients: { apiGateway: { send } },
    api: {
      sendPreflight: async (path: string) => {
        const answer = served.preflights[path];
        return typeof answer === "string"
          ? { status: 204, headers: new Headers({ "access-control-allow-origin": answer }) }
          : { status: answer, headers: new Headers() };
      },
    },
  } as unknown as Deployment;
}
