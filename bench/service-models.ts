import { mkdtempSync, rmSync } from "node:fs";
import http from "node:http";
import os from "node:os";
import path from "node:path";
import { Emulator } from "../packages/laptop/emulator";
import { allGaps } from "../packages/laptop/gaps/all-gaps";
import { reportTo } from "../packages/laptop/gaps/shared/report";
import { TracedRequests } from "../packages/laptop/gaps/x-ray/traced-requests";
import { Gateway } from "../packages/laptop/gateway/gateway";
import { lambdaRuntimeFolder } from "../packages/laptop/set-up/tools";
import { median } from "./median";
import { showTable } from "./show-table";

/** Each request is sent through both gateways, first through one and then through the other. */
const pairs = 1_501;
const region = "eu-west-1";
const folder = mkdtempSync(path.join(os.tmpdir(), "service-models-"));
const agent = new http.Agent({ keepAlive: true });

interface Sent {
  readonly service: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

const dynamo = (operation: string, input: object): Sent => ({
  service: "dynamodb",
  method: "POST",
  path: "/",
  headers: { "x-amz-target": `DynamoDB_20120810.${operation}`, "content-type": "application/x-amz-json-1.0" },
  body: JSON.stringify(input),
});

const table = {
  TableName: "items",
  KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
  AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
  BillingMode: "PAY_PER_REQUEST",
};

const requests: Readonly<Record<string, Sent>> = {
  "DynamoDB PutItem": dynamo("PutItem", {
    TableName: "items",
    Item: { id: { S: "a" }, data: { M: { hello: { S: "world" } } } },
  }),
  "DynamoDB GetItem": dynamo("GetItem", { TableName: "items", Key: { id: { S: "a" } } }),
  "IAM ListRoles": {
    service: "iam",
    method: "POST",
    path: "/",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: "Action=ListRoles&Version=2010-05-08",
  },
  "Lambda ListFunctions": { service: "lambda", method: "GET", path: "/2015-03-31/functions", headers: {} },
};

/** Measures how much longer a request takes when it is held to AWS's service models. */
async function main(): Promise<void> {
  const report = reportTo(folder);
  const gateways = await Promise.all(
    [true, false].map(async (models) => {
      const gateway = new Gateway(report);
      const port = await gateway.listen(0);
      gateway.setGaps((account) =>
        allGaps({
          account,
          emulatorPort: () => gateway.emulatorPort,
          port,
          region,
          report,
          running: path.join(folder, `${models}`),
          models,
          ask: (question, body) => gateway.ask(question, body),
          requests: new TracedRequests(),
        }),
      );
      return { gateway, port };
    }),
  );
  const [withModels = 0, without = 0] = gateways.map(({ port }) => port);
  const emulator = await Emulator.start({
    publicPort: withModels,
    lambdaRuntime: lambdaRuntimeFolder(),
    folders: {
      running: path.join(folder, "running"),
      snapshot: path.join(folder, "snapshot"),
      temporary: path.join(folder, "tmp"),
      logs: folder,
    },
    startOver: "run it again",
    iam: false,
  });
  for (const { gateway } of gateways) gateway.forwardTo(emulator.port);
  await milliseconds(withModels, dynamo("CreateTable", table));
  const rows: string[][] = [];
  for (const [name, sent] of Object.entries(requests)) {
    const measured: (readonly [number, number])[] = [];
    for (let pair = 0; pair < pairs; pair++) {
      const order = pair % 2 === 0 ? [withModels, without] : [without, withModels];
      const taken = new Map<number, number>();
      for (const port of order) taken.set(port, await milliseconds(port, sent));
      measured.push([taken.get(withModels) ?? 0, taken.get(without) ?? 0]);
    }
    const difference = median(measured.map(([held, free]) => held - free));
    rows.push([
      name,
      median(measured.map(([, free]) => free)).toFixed(2),
      median(measured.map(([held]) => held)).toFixed(2),
      `${(difference * 1000).toFixed(0)} µs`,
    ]);
  }
  showTable(["request", "without models, ms", "with models, ms", "median of the pairs' differences"], rows);
  for (const { gateway } of gateways) await gateway.close();
  await emulator.stop();
  agent.destroy();
  rmSync(folder, { recursive: true, force: true });
}

function milliseconds(port: number, { service, body, ...request }: Sent): Promise<number> {
  const authorization = `AWS4-HMAC-SHA256 Credential=test/20260101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=0`;
  const headers = { ...request.headers, authorization };
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const sent = http.request({ ...request, headers, agent, host: "127.0.0.1", port }, (response) => {
      response.resume().on("end", () => resolve(performance.now() - started));
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

void main();
