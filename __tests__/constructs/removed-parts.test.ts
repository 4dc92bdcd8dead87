import type { TerraformStack } from "cdktf";
import { RestApi, type Route } from "../../constructs/rest-api";
import { serviceFunction } from "../support/service-function";
import { synthesizeStack } from "../support/synthesize";

const api = (...routes: readonly Route[]) =>
  synthesizeStack((stack: TerraformStack) => {
    const worker = serviceFunction(stack);
    new RestApi(stack, "api", {
      name: "api",
      description: "Items",
      routes: Object.fromEntries(routes.map((route) => [route, { function: worker }])),
      throttle: { requestsPerSecond: 100, burst: 200 },
      logRetentionDays: 14,
    });
  });

const partsOf = (stack: ReturnType<typeof api>) =>
  `${stack.at("aws_ssm_parameter", "removed-parts/after").attributes.insecure_value}`.split(",");

describe("RemovedParts", () => {
  it("reads the parts of the last deployment before the new one, and writes the new parts after it", () => {
    const stack = api("GET /items");

    const before = stack.at("aws_ssm_parameter", "removed-parts/before");
    const after = stack.at("aws_ssm_parameter", "removed-parts/after");
    const deployment = stack.only("aws_api_gateway_deployment");

    expect(before.attributes.name).toBe("/shop/test/api-snapshot");
    expect(after.attributes).toMatchObject({ name: before.attributes.name, overwrite: true });
    expect(before.attributes.lifecycle).toEqual({ ignore_changes: ["insecure_value"] });
    expect(after.attributes.depends_on).toContain(deployment.address);
    expect(deployment.attributes.triggers).toMatchObject({
      removed: `\${join(",", setsubtract(split(",", ${before.address}.insecure_value), split(",", "${partsOf(stack).join(",")}")))}`,
    });
  });

  it("lists every part of the snapshot, each once", () => {
    const stack = api("GET /items", "POST /items");

    const parts = partsOf(stack);

    expect(parts).toHaveLength(
      (stack.only("aws_api_gateway_deployment").attributes.depends_on as string[]).length,
    );
    expect(new Set(parts).size).toBe(parts.length);
  });

  it("lists the same parts under the same names when others come and go", () => {
    const [one, two] = [partsOf(api("GET /items")), partsOf(api("GET /health", "GET /items"))];

    expect(two).toEqual(expect.arrayContaining(one));
    expect(two.length).toBeGreaterThan(one.length);
  });
});
