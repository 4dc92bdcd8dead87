import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Finding } from "../../scripts/lib/finding";
import { type Environment, environments } from "../../stacks/environments";
import { everySwitch } from "../support/every-switch";
import { ProjectCopy } from "../support/project-copy";
import { changesLeft } from "./changes-left";
import { engine, run } from "./deployment";
import { Launcher, processesOf } from "./launcher";
import { switchRequests } from "./switch-requests";
import { linkTools } from "./tools";

/**
 * What the emulator can hold. It finds neither a domain's mapping of the root path nor the zone that the domain's record
 * belongs in, and its only account cannot have the ids that these environments name.
 *
 * Besides, the emulator has no tokens of a user pool, enforces neither a web ACL nor a throttle nor reserved concurrency, and
 * sends no e-mail for a budget. Those switches are deployed and read back by npm run verify, and no request depends on them.
 */
const deployable = everySwitch.map(
  ({ domain: _, ...environment }): Environment => ({
    ...environment,
    account: { ...environments[0].account, concurrencyQuota: 1_000_000 },
  }),
);

/** Every two switches together, deployed. About a minute for each environment, so only in the campaign. */
describe("every two switches together", () => {
  const clone = new ProjectCopy("clone").linkDependencies();
  let launcher: Launcher;

  const local = (...command: string[]) =>
    run("npm", ["run", "--silent", "local", "--", ...command], clone.folder);

  beforeAll(async () => {
    const file = path.join(clone.folder, "stacks/environments.ts");
    const text = readFileSync(file, "utf8");
    const list = /(?<=export const environments = )\[.*?\n\](?= as const)/s;
    writeFileSync(file, text.replace(list, JSON.stringify(deployable)));
    linkTools(clone.folder);
    launcher = new Launcher(clone.folder, { arguments: ["--empty"] });
    await launcher.waitFor(/Ctrl-C stops it/, 120);
    await local("npm", "run", "bootstrap", "--", "--yes");
  });

  afterAll(async () => {
    await launcher?.interrupt();
    expect(processesOf(clone.folder)).toEqual([]);
    clone.remove();
  });

  it.each(deployable)("are deployed in $name, and work as they are set", async (environment) => {
    const { name } = environment;
    const folder = `-chdir=cdktf.out/stacks/${name}-stack`;
    const deployed = await local("npx", "cdktf", "deploy", `${name}-stack`, "--auto-approve").catch(
      (failure: { readonly stdout: string }) => failure,
    );
    const planned = await local(engine, folder, "plan", "-input=false", "-no-color");

    expect(deployed.stdout).toContain("Apply complete!");
    expect(changesLeft(planned.stdout)).toEqual([]);

    const { stdout } = await local("npm", "run", "--silent", "outputs", "--", `${name}-stack`, "--json");
    const url = `${endpoint()}/restapis/${JSON.parse(stdout)["api-id"]}/${name}/_user_request_`;
    const found = Object.entries(await switchRequests(environment, url));
    expect(found.filter(([, { actual, expected }]) => actual !== expected)).toEqual([]);

    const verified = await local("npm", "run", "--silent", "verify", "--", `${name}-stack`, "--json").catch(
      (failure: { readonly stdout: string }) => failure,
    );
    const { findings }: { readonly findings: readonly Finding[] } = JSON.parse(verified.stdout);
    expect(findings.filter(({ verdict }) => verdict === "failed")).toEqual([]);
  });

  function endpoint(): string {
    return /AWS_ENDPOINT_URL=(\S+)/.exec(launcher.output)?.[1] ?? "";
  }
});
