import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { SignatureV4 } from "@smithy/signature-v4";
import { operations } from "../../lambda-src/api/operations";
import { commandEnvironment } from "../../packages/laptop/environment";
import { Sha256 } from "../../packages/laptop/gateway/signatures/sha256";
import { installSchemathesis } from "../../scripts/test/schemathesis";
import { serveWithFaults } from "../schemathesis/faulty-api";
import { runSchemathesis, schemathesisPython } from "../schemathesis/run-schemathesis";
import { campaignSize, isCampaign } from "../support/campaign";
import { apiUrl } from "./deployment";
import { ServedDevStack } from "./served-dev-stack";

const SEED = 20_261_125;

const document = JSON.parse(readFileSync("docs/openapi.json", "utf8"));

/** Warnings by kind and operation. */
const expectedWarnings: Readonly<Record<string, readonly string[]>> = {
  // Each ETag of a phase can be made up, so that an item that exists is kept (412).
  validation_mismatch: ["DELETE /items/{id}/{timestamp}"],
  // Each key of a phase can be made up, so that there is no item (404).
  missing_test_data: ["DELETE /items/{id}/{timestamp}", "GET /items/{id}/{timestamp}"],
};

/** How many requests each operation gets, at least. GET /health has nothing to vary. */
const leastRequests = (id: string) => (id === "getHealth" ? 3 : campaignSize(20, 2_000));

describe("schemathesis", () => {
  let stack: ServedDevStack;

  beforeAll(async () => {
    await installSchemathesis();
    stack = await ServedDevStack.start();
  });

  afterAll(() => stack?.stop());

  const run = (
    described: object,
    maxExamples: number,
    { url = apiUrl(stack.launcher), timeoutSeconds = 180, phases = "coverage,fuzzing" } = {},
  ) =>
    runSchemathesis({
      document: described,
      url,
      maxExamples,
      seed: SEED,
      timeoutSeconds,
      phases,
      env: commandEnvironment(stack.environment()),
    });

  it(
    "finds no difference between docs/openapi.json and the served API",
    async () => {
      const { report, counts, output } = await run(document, campaignSize(5, 2_000), {
        // A minute on idle cores. Other tests run at the same time.
        timeoutSeconds: campaignSize(240, 3_500),
        phases: "examples,coverage,fuzzing,stateful",
      });

      const warnings = Object.entries(report.warnings).flatMap(([kind, warned]) =>
        warned
          .filter((route) => !expectedWarnings[kind]?.includes(route))
          .map((route) => `${kind}: ${route}`),
      );
      // The output has the seed and, for each failure, the request.
      if (report.failures.length + report.errors.length > 0) throw new Error(output);
      expect(warnings).toEqual([]);
      expect(report).toMatchObject({ complete: true, operations: { tested: 6 } });
      const missed = Object.keys(operations).filter((id) => (counts.requests[id] ?? 0) < leastRequests(id));
      expect({ missed, ...counts.requests }).toEqual({ ...counts.requests, missed: [] });
      // Five examples do not meet every exclusion.
      if (isCampaign) expect(counts.unusedExclusions).toEqual([]);
    },
    isCampaign ? 3_600_000 : 300_000,
  );

  it.each<[string, string, string, string, string]>([
    ["another body", "/health", '"const":"ok"', '"const":"fine"', "JsonSchemaError"],
    ["any id", "/items", '"maxLength":256,"pattern"', '"maxLength":256,"title"', "RejectedPositiveData"],
    [
      "no required If-Match",
      "/items/{id}/{timestamp}",
      '"name":"If-Match","in":"header","required":true',
      '"name":"If-Match","in":"header","required":false',
      "RejectedPositiveData",
    ],
  ])("finds a document that promises %s", async (_, route, from, to, failure) => {
    const { paths, ...others } = document;
    const described = JSON.stringify({ ...others, paths: { [route]: paths[route] } });

    const { report } = await run(JSON.parse(described.replaceAll(from, to)), 10);

    expect(described).toContain(from);
    expect(report.failures.map(({ type }) => type)).toEqual([failure]);
  });

  it("finds faults of the API", async () => {
    const proxy = await serveWithFaults(apiUrl(stack.launcher), (response, route) => {
      const { status, headers } = response;
      if (route === "GET /health") response.body = response.body.replace("}", ',"extra":1}');
      if (route.startsWith("POST") && status === 201) delete headers.etag;
      if (/^GET .items.[^/]+$/.test(route) && status === 200) response.status = 418;
      if (/^GET .items.[^/]+.[^/]+$/.test(route) && status === 404) headers["content-type"] = "text/html";
      if (route.startsWith("PUT") && status === 201)
        response.body = response.body.replace(/"timestamp":\d+/, "$&0.5");
      if (route.startsWith("DELETE") && status >= 400) response.status = 204;
    });
    try {
      const { report } = await run(document, 5, { url: proxy.endpoint });

      const found = report.failures.flatMap(({ type, operations: routes }) =>
        routes.map((route) => `${route}: ${type}`),
      );
      expect(found).toEqual(
        expect.arrayContaining([
          "GET /health: JsonSchemaError",
          "POST /items: MissingHeaders",
          "GET /items/{id}: RejectedPositiveData",
          "GET /items/{id}/{timestamp}: UndefinedContentType",
          "PUT /items/{id}/{timestamp}: JsonSchemaError",
          "DELETE /items/{id}/{timestamp}: AcceptedNegativeData",
        ]),
      );
    } finally {
      await proxy.stop();
    }
  });

  it("signs as the SDK does", async () => {
    const now = new Date("2026-11-25T04:31:45Z");
    const credentials = { accessKeyId: "test", secretAccessKey: "secret" };
    const requests = [
      { method: "GET", url: "http://127.0.0.1:4566/dev/health" },
      { method: "GET", url: "http://127.0.0.1:4566/dev/items/a%20b%2F%C3%A9~%25/5" },
      { method: "GET", url: "http://127.0.0.1:4566/dev/items//5/" },
      { method: "GET", url: "http://127.0.0.1:4566/dev/items/a?to=9&from=1&cursor=a%20b&empty=" },
      { method: "GET", url: "http://127.0.0.1:4566/dev/items/a?a=1&a-b=2&a.b=3&a0=4" },
      { method: "GET", url: "http://127.0.0.1:4566/dev/items/a?b=2&a=9&a=10&a=%20&b=1" },
      { method: "POST", url: "http://127.0.0.1:4566/dev/items", body: '{"id":"é","data":{}}' },
    ];
    const program = `
import datetime, json, sys, requests
from sigv4 import SigV4
now = datetime.datetime(2026, 11, 25, 4, 31, 45)
sign = SigV4("test", "secret", "eu-west-1", lambda: now)
print(json.dumps([sign(requests.Request(r["method"], r["url"], data=r.get("body", "").encode()).prepare()).headers["Authorization"] for r in json.load(sys.stdin)]))`;

    const signed: readonly string[] = JSON.parse(
      execFileSync(schemathesisPython, ["-c", program], {
        input: JSON.stringify(requests),
        env: { PYTHONPATH: path.resolve("__tests__/schemathesis"), PYTHONDONTWRITEBYTECODE: "1" },
      }).toString(),
    );

    const signer = new SignatureV4({
      service: "execute-api",
      region: "eu-west-1",
      credentials,
      sha256: Sha256,
      applyChecksum: false,
    });
    const expected = requests.map(async ({ method, url, body = "" }) => {
      const { protocol, hostname, host, pathname, searchParams } = new URL(url);
      const { headers } = await signer.sign(
        {
          ...{ method, protocol, hostname, path: pathname, body },
          headers: { host },
          query: Object.fromEntries(
            [...new Set(searchParams.keys())].map((name) => [name, searchParams.getAll(name)]),
          ),
        },
        { signingDate: now },
      );
      return headers.authorization;
    });
    expect(signed).toEqual(await Promise.all(expected));
  });
});
