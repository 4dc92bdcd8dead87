import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type Environment, environments } from "../../stacks/environments";
import { isCampaign } from "../support/campaign";
import { everySwitch } from "../support/every-switch";
import { ProjectCopy } from "../support/project-copy";
import { run } from "./deployment";
import { Launcher, processesOf } from "./launcher";
import { linkTools } from "./tools";

/**
 * What the emulator can hold: it is one account, and finds neither a domain's mapping of the root path nor the zone that
 * the domain's record belongs in.
 */
const deployable = everySwitch.map(
  ({ domain: _, ...environment }): Environment => ({
    ...environment,
    account: { ...environments[0].account, concurrencyQuota: 1_000_000 },
  }),
);

/** Every two switches together, deployed. About a minute for each environment, so only in the campaign. */
(isCampaign ? describe : describe.skip)("every two switches together", () => {
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

  it.each(deployable)("are deployed in $name, which then has nothing left to deploy", async ({ name }) => {
    const folder = `-chdir=cdktf.out/stacks/${name}-stack`;
    const deployed = await local("npx", "cdktf", "deploy", `${name}-stack`, "--auto-approve").catch(
      (failure: { readonly stdout: string }) => failure,
    );
    const planned = await local("terraform", folder, "plan", "-input=false", "-no-color");
    const left = [...planned.stdout.matchAll(/^ +# (\S+) .*(?:will|must) be/gm)].map(
      ([, address]) => address,
    );

    expect(deployed.stdout).toContain("Apply complete!");
    // The emulator says of an integration that answers by itself that it calls something with POST.
    expect(left.filter((address) => !/_integration\.api_preflight-/.test(`${address}`))).toEqual([]);
  });
});
