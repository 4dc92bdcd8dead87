import type { IncomingHttpHeaders } from "node:http";
import { deflateRawSync } from "node:zlib";
import { buildSync } from "esbuild";
import { bundleFrom, esbuildBundler, esbuildOptions } from "../../constructs/bundle";
import zipBudget from "../../lambda-src/zip-budget.json";
import { streamRecord } from "../lambda-src/stream/stream-record";
import { apiEvent, postEvent } from "../support/api-event";
import { invokeBundle } from "../support/invoke-bundle";
import { LoopbackServer } from "../support/loopback-server";

const entry = "lambda-src/api/index.ts";
const streamEntry = "lambda-src/stream/index.ts";

describe("bundleFrom", () => {
  const code = Buffer.from("exports.handler = async () => ({});");

  it("names the handler after the file", () => {
    const bundle = bundleFrom("worker.js", code);

    expect(bundle.handler).toBe("worker.handler");
  });

  it("has the same hash for the same file", () => {
    const bundle = bundleFrom("index.js", code);
    const same = bundleFrom("index.js", Buffer.from(code));

    expect(same.hash).toBe(bundle.hash);
    expect(bundle.hash).toMatch(/^[0-9a-f]{64}$/);
  });

  it("has a different hash for different code and for a different name", () => {
    const bundles = [
      bundleFrom("index.js", code),
      bundleFrom("index.js", Buffer.concat([code, Buffer.from("\n")])),
      bundleFrom("worker.js", code),
    ];

    expect(new Set(bundles.map(({ hash }) => hash)).size).toBe(3);
  });

  it("separates the name from the code in the hash", () => {
    const bundle = bundleFrom("a.js", Buffer.from("b"));
    const shifted = bundleFrom("a.jsb", Buffer.from(""));

    expect(shifted.hash).not.toBe(bundle.hash);
  });
});

describe("esbuildBundler", () => {
  it("gives the same bytes each time it bundles", () => {
    const bundle = esbuildBundler(entry);

    const [again] = buildSync({ ...esbuildOptions(entry), write: false }).outputFiles;

    expect(Buffer.compare(bundle.code, again?.contents ?? Buffer.of())).toBe(0);
  });

  it("gives every stack of a process the same bundle", () => {
    expect(esbuildBundler(entry)).toBe(esbuildBundler(entry));
  });

  it("fails if the entry point does not exist", () => {
    const build = () => esbuildBundler("lambda-src/none.ts");

    expect(build).toThrow(
      /^lambda-src\/none\.ts cannot be bundled:\n.*Could not resolve "lambda-src\/none\.ts"/,
    );
  });
});

describe.each([entry, streamEntry])("the bundle of %s", (entry) => {
  it("contains no unused module that would slow down a cold start", () => {
    const { metafile } = buildSync({ ...esbuildOptions(entry), metafile: true, write: false });

    const inputs = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs));
    const bundled = inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([file]) => file);

    expect(bundled).toContain(entry);
    expect(bundled.filter((file) => /zod\/.*locales|nested-clients|aws-xray-sdk/.test(file))).toEqual([]);
  });

  it("contains no path of the machine that built it", () => {
    const { code } = esbuildBundler(entry);

    expect(Buffer.from(code).includes(process.cwd())).toBe(false);
  });

  it("is within a tenth of the size in lambda-src/zip-budget.json, and within its limit", () => {
    const { bytes, limit } = zipBudget[entry as keyof typeof zipBudget];
    const { code } = esbuildBundler(entry);

    const zipped = deflateRawSync(code).length;

    // If it shrank by a tenth, write down the new size. Otherwise it can grow back unnoticed.
    expect(zipped).toBeGreaterThan(bytes * 0.9);
    expect(zipped).toBeLessThan(bytes * 1.1);
    expect(zipped).toBeLessThanOrEqual(limit);
  });
});

describe("the API function's bundle", () => {
  it("answers from an empty folder through its handler string, with only itself and the environment", async () => {
    const aws = await StubAws.start();

    const { answers, modules } = await invokeBundle(
      esbuildBundler(entry),
      [postEvent({ id: "a", data: {} }), apiEvent()],
      { ...lambdaEnvironment(aws), ...credentials },
    );
    await aws.stop();

    expect(answers.map(({ statusCode }) => statusCode)).toEqual([201, 200]);
    expect(modules).toEqual([]);
    expect(aws.requests).toEqual([
      expect.objectContaining({
        "x-amz-target": "DynamoDB_20120810.PutItem",
        "x-amz-security-token": credentials.AWS_SESSION_TOKEN,
        authorization: expect.stringContaining(`Credential=${credentials.AWS_ACCESS_KEY_ID}/`),
      }),
      expect.objectContaining({ "x-amz-target": "DynamoDB_20120810.Query" }),
    ]);
  });

  it("is seen looking elsewhere for credentials if they are not in the environment", async () => {
    const aws = await StubAws.start();

    const { answers, modules } = await invokeBundle(
      esbuildBundler(entry),
      [postEvent({ id: "a", data: {} })],
      lambdaEnvironment(aws),
    );
    await aws.stop();

    expect(answers.map(({ statusCode }) => statusCode)).toEqual([500]);
    expect(modules).toContainEqual(expect.stringContaining("credential-provider"));
    expect(aws.requests).toEqual([]);
  });
});

describe("the stream function's bundle", () => {
  it("publishes from an empty folder through its handler string, with only itself and the environment", async () => {
    const aws = await StubAws.start({ Entries: [{ EventId: "1" }] });

    const { answers, modules } = await invokeBundle(
      esbuildBundler(streamEntry),
      [{ Records: [streamRecord(1)] }],
      {
        ...lambdaEnvironment(aws),
        ...credentials,
        EVENT_BUS_NAME: "bus-dev",
        POWERTOOLS_SERVICE_NAME: "stream",
      },
    );
    await aws.stop();

    expect(answers).toEqual([{ batchItemFailures: [] }]);
    expect(modules).toEqual([]);
    expect(aws.requests).toEqual([
      expect.objectContaining({
        "x-amz-target": "AWSEvents.PutEvents",
        authorization: expect.stringContaining(`Credential=${credentials.AWS_ACCESS_KEY_ID}/`),
      }),
    ]);
  });
});

const credentials = {
  AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
  AWS_SECRET_ACCESS_KEY: "secret",
  AWS_SESSION_TOKEN: "session-token",
};

/** The variables that Lambda and the stack set, except credentials. */
const lambdaEnvironment = (aws: StubAws) => ({
  AWS_REGION: "eu-west-1",
  AWS_EXECUTION_ENV: "AWS_Lambda_nodejs22.x",
  AWS_LAMBDA_FUNCTION_NAME: "api-dev",
  AWS_ENDPOINT_URL: aws.endpoint,
  APPLICATION: "shop",
  ENVIRONMENT: "dev",
  POWERTOOLS_METRICS_NAMESPACE: "Shop",
  POWERTOOLS_SERVICE_NAME: "api",
  TABLE_NAME: "items-dev",
});

const oneItem = { Items: [{ id: { S: "a" }, timestamp: { N: "1" }, data: { M: {} } }] };

/** Gives every request the same answer, by default one item, and records the request's headers. */
class StubAws {
  private constructor(
    private readonly server: LoopbackServer,
    readonly requests: readonly IncomingHttpHeaders[],
  ) {}

  static async start(answer: object = oneItem): Promise<StubAws> {
    const requests: IncomingHttpHeaders[] = [];
    const server = await LoopbackServer.start((request, response) => {
      requests.push(request.headers);
      request.resume();
      response.writeHead(200, { "content-type": "application/x-amz-json-1.0" }).end(JSON.stringify(answer));
    });
    return new StubAws(server, requests);
  }

  get endpoint(): string {
    return this.server.endpoint;
  }

  stop(): Promise<void> {
    return this.server.stop();
  }
}
