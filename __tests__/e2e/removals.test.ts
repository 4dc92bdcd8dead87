import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { apiUrl } from "./deployment";
import { ServedDevStack } from "./served-dev-stack";
import { ofAccount, type Signer, signedFetch } from "./signed-fetch";

const trusted = "111122223333";
const origin = "https://app.example.com";

/**
 * Adds an origin and a trusted account to dev-stack, and removes them again, together with a route. The tests run in order:
 * each continues where the previous one ended.
 */
describe("what a deployment takes away", () => {
  let stack: ServedDevStack;
  let environments: string;
  let routes: string;

  beforeAll(async () => {
    stack = await ServedDevStack.start();
    environments = read("stacks/environments.ts");
    routes = read("stacks/items-routes.ts");
  });

  afterAll(() => stack?.stop());

  it("is served beforehand", async () => {
    edit(
      "stacks/environments.ts",
      'name: "dev",',
      `name: "dev", allowedOrigin: "${origin}", trustedAccountIds: ["${trusted}"],`,
    );
    // The function does not know this route, so it answers 404. API Gateway answers 403 to a route that it does not know.
    edit(
      "stacks/items-routes.ts",
      "return Object.fromEntries(targets)",
      'return Object.fromEntries([...targets, ["GET /status", { function: apiFunction }]])',
    );
    await deploy();

    expect(await answers()).toEqual({
      route: 404,
      preflight: origin,
      trustedAccount: 404,
      otherAccount: 403,
    });
  });

  it("is announced, unless the deployment itself takes it out of service, and must be acknowledged", async () => {
    write("stacks/environments.ts", environments);
    write("stacks/items-routes.ts", routes);

    const { code, stdout } = await stack.npm("plan-guard", "dev-stack");

    expect(stdout).toMatch(
      /still contains what this deployment removes: GET \/status, OPTIONS \/health, OPTIONS \/items, /,
    );
    expect(stdout).toContain("run the deployment a second time: npx cdktf deploy dev-stack");
    expect(stdout).not.toMatch(/^ *- aws_api_gateway_rest_api_policy/m);
    expect(stdout).toMatch(/! callers of \/status get 403/);
    expect(stdout).toMatch(new RegExp(`! policy: API .* may no longer be called by \\S*${trusted}`));
    expect(code).toBe(1);
  });

  it("is out of service at once if the policy decides, and otherwise after the same command again", async () => {
    await deploy();
    const afterOne = await answers();
    const verified = await stack.npm("verify", "dev-stack", "--json", "--except", "failures/");
    const planned = await stack.npm("plan-guard", "dev-stack");
    await deploy();
    const afterTwo = await answers();

    // The stage still serves the route, but its permission to invoke the function is gone.
    expect(afterOne).toEqual({ route: 500, preflight: 403, trustedAccount: 403, otherAccount: 403 });
    expect(failuresOf(verified.stdout)).toEqual(["snapshot/routes"]);
    expect(planned.stdout).toContain("takes out of service what the last deployment removed");
    expect(planned.code).toBe(0);
    expect(afterTwo).toEqual({ route: 403, preflight: 403, trustedAccount: 403, otherAccount: 403 });
  });

  it("needs no third deployment", async () => {
    const planned = await stack.npm("plan-guard", "dev-stack");
    const verified = await stack.npm("verify", "dev-stack", "--json", "--except", "failures/");

    expect(planned.stdout).toMatch(/^dev-stack: no changes\n/);
    expect(failuresOf(verified.stdout)).toEqual([]);
  });

  async function deploy(): Promise<void> {
    const deployed = await stack.local("npx", "cdktf", "deploy", "dev-stack", "--auto-approve");
    expect(deployed.stdout + deployed.stderr).toContain("Apply complete!");
  }

  async function answers() {
    const url = apiUrl(stack.launcher);
    const preflight = await fetch(`${url}/items`, {
      method: "OPTIONS",
      headers: { origin, "access-control-request-method": "POST" },
    });
    return {
      route: await statusOf(`${url}/status`),
      preflight: preflight.headers.get("access-control-allow-origin") ?? preflight.status,
      trustedAccount: await statusOf(`${url}/items/nobody`, ofAccount(trusted)),
      otherAccount: await statusOf(`${url}/items/nobody`, ofAccount("444455556666")),
    };
  }

  async function statusOf(url: string, signer: Signer = {}): Promise<number> {
    return (await signedFetch(url, {}, signer)).status;
  }

  function edit(file: string, from: string, to: string): void {
    const source = read(file);
    if (!source.includes(from)) throw new Error(`${file} does not contain ${from}`);
    write(file, source.replace(from, to));
  }

  function read(file: string): string {
    return readFileSync(path.join(stack.folder, file), "utf8");
  }

  function write(file: string, text: string): void {
    writeFileSync(path.join(stack.folder, file), text);
  }
});

function failuresOf(report: string): string[] {
  const { findings }: { findings: { check: string; verdict: string }[] } = JSON.parse(report);
  return findings.filter(({ verdict }) => verdict === "failed").map(({ check }) => check);
}
