import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { DynamoDBClient, ListTablesCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import {
  DeleteFunctionCommand,
  GetAliasCommand,
  InvokeCommand,
  LambdaClient,
  ListFunctionsCommand,
  PublishVersionCommand,
  UpdateAliasCommand,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import { ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { ListQueuesCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { DynamoDBDocumentClient, GetCommand } from "@aws-sdk/lib-dynamodb";
import { context, postEvent } from "../support/api-event";
import { isCampaign } from "../support/campaign";
import type { ProjectCopy } from "../support/project-copy";
import { apiUrl, clientConfig, endpoint, engine, printedRequests, run, shell } from "./deployment";
import { Launcher, poll, processesOf } from "./launcher";
import { copyWithDevStack } from "./shared-deployment";
import { signedFetch } from "./signed-fetch";

const served = /Ctrl-C stops it/;

/** All tests use one deployed stack. They run in order: each continues where the previous one ended. */
describe("npm start when dev-stack is deployed", () => {
  let clone: ProjectCopy;
  let launcher: Launcher;

  beforeAll(async () => {
    clone = await copyWithDevStack();
    launcher = new Launcher(clone.folder);
    await launcher.waitFor(served, 60);
  });

  afterAll(async () => {
    await launcher?.interrupt();
    clone?.remove();
  });

  it("deploys nothing if nothing has changed, and prints requests that work", async () => {
    const [create = "", list = ""] = printedRequests(launcher);

    const created = await shell(create, os.tmpdir());
    const listed = await shell(list, os.tmpdir());

    expect(launcher.output).toContain("dev-stack is deployed and unchanged");
    expect(launcher.output).not.toContain("cdktf deploy dev-stack (");
    expect(created).toMatch(/^HTTP\/1.1 201 /);
    expect(listed).toContain('"data":{"hello":"world"}');
  });

  /** How many requests are sent at the same time. Most of them start a function of their own. */
  const parallel = isCampaign ? 50 : 20;

  const createInParallel = (id: string, headers: Readonly<Record<string, string>>) =>
    Promise.all(
      Array.from({ length: parallel }, async () => {
        const response = await signedFetch(`${apiUrl(launcher)}/items`, {
          method: "POST",
          headers: { "content-type": "application/json", ...headers },
          body: JSON.stringify({ id, data: {} }),
        });
        return { status: response.status, body: await response.text() };
      }),
    );

  const itemsOf = async (id: string): Promise<unknown[]> => {
    const response = await signedFetch(`${apiUrl(launcher)}/items/${id}?limit=100`);
    return ((await response.json()) as { items: unknown[] }).items;
  };

  it("gives parallel requests with one Idempotency-Key the one item, although the functions are cold", async () => {
    const responses = await createInParallel("one-key", { "idempotency-key": "parallel" });

    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(responses.map(({ body }) => body)).size).toBe(1);
    expect(await itemsOf("one-key")).toHaveLength(1);
  });

  it("stores parallel requests for one id, each at its own timestamp", async () => {
    const responses = await createInParallel("hot", {});

    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([201]));
    expect(await itemsOf("hot")).toHaveLength(parallel);
  });

  it.each([
    ["1e-400", "underflows"],
    ["9007199254740990.9", "is rounded"],
    ["0.1234567890123456789012345678901234567890", "has 40 digits"],
  ])("refuses %s, which %s, and keeps it as a string and as a name", async (number) => {
    const post = async (data: string) => {
      const response = await signedFetch(`${apiUrl(launcher)}/items`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: `{"id":"numbers","data":{"list":[${data}]}}`,
      });
      return { status: response.status, text: await response.text() };
    };

    const refused = await post(number);
    const kept = await post(`{"${number}":"${number}"},1e-130,-0,1.50,9007199254740991`);

    expect(refused.status).toBe(400);
    expect(refused.text).toContain("cannot be stored exactly");
    expect(kept.status).toBe(201);
    const [item] = await itemsOf("numbers");
    expect(item).toEqual(JSON.parse(kept.text));
    expect(item).toMatchObject({
      data: { list: [{ [number]: number }, 1e-130, 0, 1.5, 9007199254740991] },
    });
  });

  it("tells of a request that AWS would refuse, and of none of the stack's own", async () => {
    const dynamo = new DynamoDBClient(clientConfig(launcher));

    const call = dynamo.send(new ListTablesCommand({ Limit: 0 }));

    await expect(call).rejects.toMatchObject({ name: "ValidationException" });
    expect(launcher.output.split("\n").filter((line) => line.includes("AWS would refuse"))).toEqual([
      "✗ AWS would refuse ListTables of DynamoDB: limit is 0, allowed is at least 1. Change the call.",
    ]);
  });

  it("prints a caller who may call the API and do nothing else, and one who may do nothing", async () => {
    const [, list = "", refused = ""] = printedRequests(launcher);
    const [invoker, nobody] = [list, refused].map((request) => {
      const [, accessKeyId = "", secretAccessKey = ""] = /--user (\w+):(\S+)/.exec(request) ?? [];
      return { ...clientConfig(launcher), credentials: { accessKeyId, secretAccessKey } };
    });
    const scan = (config = clientConfig(launcher)) =>
      new DynamoDBClient(config).send(new ScanCommand({ TableName: "serverless-app-items-dev" }));
    const arnOf = async (config = clientConfig(launcher)) =>
      (await new STSClient(config).send(new GetCallerIdentityCommand({}))).Arn;

    const response = await shell(refused, os.tmpdir());

    expect(response).toMatch(/^HTTP\/1.1 403 /);
    expect(response).toContain("because no identity-based policy allows the execute-api:Invoke action");
    for (const caller of [invoker, nobody]) {
      await expect(scan(caller)).rejects.toMatchObject({ name: "AccessDeniedException" });
    }
    expect(await arnOf(invoker)).toMatch(/:user\/laptop\/invoker$/);
    expect(await arnOf(nobody)).toMatch(/:user\/laptop\/nobody$/);
    // They are there to be refused, so nobody needs to be told.
    expect(launcher.output).not.toContain("✗ denied");
  });

  it.each([
    ["a body that is not JSON", "/items", "not json", 400],
    ["a missing id", "/items", '{"data":{}}', 400],
    ["an id that is too long", "/items", JSON.stringify({ id: "x".repeat(257), data: {} }), 400],
    ["an id without items", "/items/nobody", undefined, 404],
  ])("answers %s with problem+json", async (_, route, body, status) => {
    const response = await signedFetch(`${apiUrl(launcher)}${route}`, {
      method: body === undefined ? "GET" : "POST",
      headers: { "content-type": "application/json" },
      ...(body !== undefined && { body }),
    });

    expect(response.status).toBe(status);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(await response.json()).toMatchObject({ status, requestId: expect.any(String) });
  });

  it("refuses a request that is not signed", async () => {
    const response = await fetch(`${apiUrl(launcher)}/items/first`);

    expect(response.status).toBe(403);
  });

  it.each<[string, (id: string) => string]>([
    ["POST", () => "/items"],
    ["POST with a trailing slash", () => "/items/"],
    ["PUT", (id) => `/items/${encodeURIComponent(id)}/5`],
  ])("says where a new item is, so that following it leads there: %s", async (name, route) => {
    const [method = ""] = name.split(" ");
    for (const text of ["plain", "with space", "a:b", "ü", "items", "100+1", "?#&="]) {
      const id = `${text} by ${name}`;
      const url = `${apiUrl(launcher)}${route(id)}`;
      const item = { ...(method === "POST" && { id, timestamp: 5 }), data: { text } };

      const created = await signedFetch(url, {
        method,
        headers: { "content-type": "application/json" },
        body: JSON.stringify(item),
      });
      const location = new URL(created.headers.get("location") ?? "", url);
      const followed = await signedFetch(location);

      expect([id, created.status, followed.status]).toEqual([id, 201, 200]);
      expect(await followed.json()).toEqual({ id, timestamp: 5, data: { text } });
    }
  });

  it("refuses a malformed signature with AWS's status, which the body does not repeat", async () => {
    const response = await fetch(`${apiUrl(launcher)}/health`, { headers: { authorization: "Bearer abc" } });

    expect(response.status).toBe(403);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(await response.json()).toEqual({
      type: "about:blank",
      detail: expect.stringContaining("Authorization header"),
      requestId: expect.any(String),
    });
  });

  it("returns 502 for a function that crashes, as AWS does, and nothing of its error", async () => {
    const lambda = new LambdaClient(clientConfig(launcher));
    const live = { FunctionName: "serverless-app-api-dev", Name: "live" };
    const { FunctionName } = live;
    const { FunctionVersion } = await lambda.send(new GetAliasCommand(live));
    await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Handler: "index.missing" }));
    const { Version } = await lambda.send(new PublishVersionCommand({ FunctionName }));
    await lambda.send(new UpdateAliasCommand({ ...live, FunctionVersion: Version }));

    const response = await signedFetch(`${apiUrl(launcher)}/health`);
    await lambda.send(new UpdateAliasCommand({ ...live, FunctionVersion }));
    await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Handler: "index.handler" }));
    // Otherwise Terraform would take it for the function's version, and move the alias to it.
    await lambda.send(new DeleteFunctionCommand({ FunctionName, Qualifier: Version }));

    expect(response.status).toBe(502);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(await response.json()).toEqual({
      type: "about:blank",
      detail: "Internal server error",
      requestId: expect.any(String),
    });
  });

  it("stores an item under a string id and a number timestamp, where the SDK finds it", async () => {
    const response = await signedFetch(`${apiUrl(launcher)}/items`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: '{"id":"by-sdk","timestamp":1700000000000,"data":{"kept":true}}',
    });
    const documents = DynamoDBDocumentClient.from(new DynamoDBClient(clientConfig(launcher)));
    const found = await documents.send(
      new GetCommand({
        TableName: "serverless-app-items-dev",
        Key: { id: "by-sdk", timestamp: 1_700_000_000_000 },
      }),
    );

    expect(response.status).toBe(201);
    expect(found).toMatchObject({ Item: { data: { kept: true } } });
  });

  it("sends a failed asynchronous event to the dead-letter queue", async () => {
    const lambda = new LambdaClient(clientConfig(launcher));
    const sqs = new SQSClient(clientConfig(launcher));
    const { QueueUrls: [queue] = [] } = await sqs.send(
      new ListQueuesCommand({ QueueNamePrefix: "serverless-app-dlq" }),
    );

    await lambda.send(
      new InvokeCommand({
        FunctionName: "serverless-app-api-dev",
        Qualifier: "live",
        InvocationType: "Event",
        Payload: Buffer.from('{"not":"from API Gateway"}'),
      }),
    );
    const received = await sqs.send(new ReceiveMessageCommand({ QueueUrl: queue, WaitTimeSeconds: 20 }));

    expect(received.Messages).toHaveLength(1);
    expect(received.Messages?.[0]?.Body).toContain("from API Gateway");
  });

  it("refuses to start a second time in one folder", async () => {
    const second = new Launcher(clone.folder);

    const exitCode = await second.exited(20);

    expect(exitCode).toBe(1);
    expect(second.output).toMatch(/^✗ already running in this folder as process \d+: stop it/);
  });

  it("stops on Ctrl-C, and serves the same state again within 30 seconds", async () => {
    const before = printedRequests(launcher);
    const exitCode = await launcher.interrupt();
    const left = processesOf(clone.folder);
    launcher = new Launcher(clone.folder);
    await launcher.waitFor(served, 30);

    const [, list = ""] = printedRequests(launcher);
    const listed = await shell(list, os.tmpdir());

    expect(printedRequests(launcher)).toEqual(before);
    expect(exitCode).toBe(0);
    expect(left).toEqual([]);
    expect(listed).toContain('"data":{"hello":"world"}');
  });

  it("serves again within 30 seconds after a kill -9", async () => {
    await launcher.kill();
    launcher = new Launcher(clone.folder);
    await launcher.waitFor(served, 30);

    const [, list = ""] = printedRequests(launcher);
    const listed = await shell(list, os.tmpdir());

    expect(launcher.output).toContain("dev-stack is deployed and unchanged");
    expect(listed).toContain('"data":{"hello":"world"}');
  });

  it("lets plain cdktf and terraform work in another shell", async () => {
    const withVariables = (command: string) =>
      shell(`eval "$(npm run --silent local -- env)"; ${command}`, clone.folder);

    const deployed = await withVariables("npx cdktf deploy dev-stack --auto-approve");
    const diff = await withVariables("npx cdktf diff dev-stack");
    const addresses = await withVariables("terraform -chdir=cdktf.out/stacks/dev-stack state list");
    const url = await run(
      "npm",
      [
        "run",
        "--silent",
        "local",
        "--",
        engine,
        "-chdir=cdktf.out/stacks/dev-stack",
        "output",
        "dev-stack-table-name",
      ],
      clone.folder,
    );

    expect(deployed).toContain("No changes");
    expect(diff).toContain("No changes");
    expect(addresses).toMatch(/^aws_dynamodb_table\.items-table/m);
    expect(addresses).toMatch(/^aws_lambda_alias\.api-function_live/m);
    expect(url.stdout.trim()).toBe('"serverless-app-items-dev"');
  });

  it("packages a handler that loads and answers on Lambda's Node.js without node_modules", async () => {
    const stack = path.join(clone.folder, "cdktf.out/stacks/dev-stack");
    const { resource } = JSON.parse(readFileSync(path.join(stack, "cdk.tf.json"), "utf8"));
    const [lambda] = Object.values<{ handler: string }>(resource.aws_lambda_function);
    const unzipped = mkdtempSync(path.join(path.dirname(clone.folder), "function-"));
    await run("python3", ["-m", "zipfile", "-e", path.join(stack, "assets/api.zip"), unzipped], stack);

    const answer = await invoke(clone, unzipped, lambda?.handler ?? "", postEvent({ id: "zip", data: {} }), {
      AWS_ENDPOINT_URL: endpoint(launcher),
    });
    const rejection = await invoke(clone, unzipped, lambda?.handler ?? "", { secret: "sesame" }, {}).catch(
      (error: { stdout: string; stderr: string }) => error,
    );

    expect(JSON.parse(answer.stdout.trim().split("\n").pop() ?? "")).toMatchObject({ statusCode: 201 });
    expect(readdirSync(unzipped)).toEqual(["index.js"]);
    expect(rejection.stderr).toContain("UnexpectedEventError");
    expect(rejection.stdout + rejection.stderr).not.toContain("sesame");
  });

  it.each(isCampaign ? ["Ctrl-C", "kill -9"] : ["kill -9"])(
    "leaves nothing running after %s while it saves its checkpoint, and deploys the change again",
    async (end) => {
      await launcher.interrupt();
      const file = path.join(clone.folder, "stacks/alarm-thresholds.ts");
      const source = readFileSync(file, "utf8");
      writeFileSync(file, source.replace(/apiLatencyMs: ([\d_]+)/, "apiLatencyMs: $1 - 1"));
      expect(readFileSync(file, "utf8")).not.toBe(source);

      launcher = new Launcher(clone.folder);
      await launcher.waitFor(/· checkpoint/, 120);
      if (end === "Ctrl-C") await launcher.interrupt();
      else await launcher.kill();
      await poll(() => processesOf(clone.folder).length === 0 || undefined, 10);
      const left = processesOf(clone.folder);
      launcher = new Launcher(clone.folder);
      await launcher.waitFor(served, 120);

      const [, list = ""] = printedRequests(launcher);
      expect(left).toEqual([]);
      expect(await shell(list, os.tmpdir())).toContain('"data":{"hello":"world"}');
    },
  );

  it("destroys everything that it deployed", async () => {
    const config = clientConfig(launcher);

    await run(
      "npm",
      ["run", "local", "--", "npx", "cdktf", "destroy", "dev-stack", "--auto-approve"],
      clone.folder,
    );
    const { Functions } = await new LambdaClient(config).send(new ListFunctionsCommand({}));
    const { QueueUrls = [] } = await new SQSClient(config).send(new ListQueuesCommand({}));
    const { TableNames } = await new DynamoDBClient(config).send(new ListTablesCommand({}));
    const { Buckets = [] } = await new S3Client(config).send(new ListBucketsCommand({}));
    const api = await signedFetch(`${apiUrl(launcher)}/items/first`);

    expect({ Functions, QueueUrls, TableNames }).toEqual({ Functions: [], QueueUrls: [], TableNames: [] });
    expect(Buckets.map(({ Name }) => Name)).toEqual(["example-serverless-app-terraform-state"]);
    expect(api.status).toBe(404);
  });

  it("tells the user what to do when its port is taken", async () => {
    const port = Number(new URL(endpoint(launcher)).port);
    await launcher.interrupt();
    const otherServer = net.createServer().listen(port, "127.0.0.1");

    const blocked = new Launcher(clone.folder);
    const exitCode = await blocked.exited(30);
    otherServer.close();

    expect(exitCode).toBe(1);
    expect(blocked.output).toMatch(
      /\n✗ port \d+ on 127.0.0.1, .* is taken by another program: stop that program, or .*--reset .*\n$/,
    );
    expect(processesOf(clone.folder)).toEqual([]);
  });

  it("deploys from scratch, and reports why, when the saved state is damaged", async () => {
    writeFileSync(path.join(clone.folder, ".local/state/checkpoint/state/services/dynamodb.json"), "{");

    launcher = new Launcher(clone.folder);
    await launcher.waitFor(/· cdktf deploy/, 60);
    const exitCode = await launcher.interrupt();

    expect(launcher.output).toMatch(
      /· the saved state cannot be used \(lost or damaged: services\/dynamodb\.json\)/,
    );
    expect(exitCode).toBe(130);
    expect(processesOf(clone.folder)).toEqual([]);
  });
});

/** Loads a handler by its Lambda handler string, and invokes it in a process with a minimal environment. */
function invoke(clone: ProjectCopy, folder: string, handler: string, event: unknown, env: NodeJS.ProcessEnv) {
  const runtime = path.join(clone.folder, ".local/tools/lambda-runtime/node_modules");
  const [name = ""] = readdirSync(runtime).filter((entry) => entry.startsWith("node-"));
  const [file, exported] = handler.split(".");
  const program = `const context = { ...${JSON.stringify(context())}, getRemainingTimeInMillis: () => 10_000 };
    require("./${file}").${exported}(${JSON.stringify(event)}, context).then((answer) => console.log(JSON.stringify(answer)))`;
  return promisify(execFile)(path.join(runtime, name, "bin/node"), ["-e", program], {
    cwd: folder,
    env: {
      AWS_REGION: "eu-west-1",
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      TABLE_NAME: "serverless-app-items-dev",
      APPLICATION: "serverless-app",
      ENVIRONMENT: "dev",
      POWERTOOLS_SERVICE_NAME: "api",
      POWERTOOLS_METRICS_NAMESPACE: "ServerlessApp",
      ...env,
    },
  });
}
