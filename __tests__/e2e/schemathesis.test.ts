import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { SignatureV4 } from "@smithy/signature-v4";
import { commandEnvironment } from "../../packages/laptop/environment";
import { installSchemathesis } from "../../scripts/test/schemathesis";
import { Sha256 } from "../../scripts/verify/signed-api";
import { runSchemathesis, schemathesisPython } from "../schemathesis/run-schemathesis";
import { campaignSize, isCampaign } from "../support/campaign";
import { apiUrl } from "./deployment";
import { ServedDevStack } from "./served-dev-stack";

const SEED = 20_261_125;

const document = JSON.parse(readFileSync("docs/openapi.json", "utf8"));

/** Warnings that say that most made-up ETags and ids belong to no item. */
const expectedWarnings = ["low_valid_rate", "missing_test_data", "validation_mismatch"];

describe("schemathesis", () => {
  let stack: ServedDevStack;

  beforeAll(async () => {
    await installSchemathesis();
    stack = await ServedDevStack.start();
  });

  afterAll(() => stack?.stop());

  const run = (described: object, maxExamples: number) =>
    runSchemathesis({
      document: described,
      url: apiUrl(stack.launcher),
      maxExamples,
      seed: SEED,
      env: commandEnvironment(stack.environment()),
    });

  it(
    "finds no difference between docs/openapi.json and the served API",
    async () => {
      const { report, output } = await run(document, campaignSize(5, 2_000));

      const warnings = Object.entries(report.warnings)
        .filter(([kind, list]) => list.length > 0 && !expectedWarnings.includes(kind))
        .map(([kind]) => kind);
      const wrong = [...report.failures, ...report.errors, ...warnings];
      // The output has the seed and, for each failure, the request.
      if (wrong.length > 0) throw new Error(output);
      expect(report).toMatchObject({ complete: true, operations: { tested: 6 } });
      expect(report.test_cases.generated).toBeGreaterThanOrEqual(campaignSize(300, 2_000));
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

  it("signs as the SDK does", async () => {
    const now = new Date("2026-11-25T04:31:45Z");
    const credentials = { accessKeyId: "test", secretAccessKey: "secret" };
    const requests = [
      { method: "GET", url: "http://127.0.0.1:4566/dev/health" },
      { method: "GET", url: "http://127.0.0.1:4566/dev/items/a%20b%2F%C3%A9~%25/5" },
      { method: "GET", url: "http://127.0.0.1:4566/dev/items//5/" },
      { method: "GET", url: "http://127.0.0.1:4566/dev/items/a?to=9&from=1&cursor=a%20b&empty=" },
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
          query: Object.fromEntries(searchParams),
        },
        { signingDate: now },
      );
      return headers.authorization;
    });
    expect(signed).toEqual(await Promise.all(expected));
  });
});
