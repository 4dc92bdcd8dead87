import { execFile } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { engines } from "../support/engine";
import { everySwitch } from "../support/every-switch";
import { filesOf } from "../support/files-of";

const run = promisify(execFile);

describe("cdktf and CDK Terrain", () => {
  const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), "engines-")));

  afterAll(() => rmSync(folder, { recursive: true }));

  it("write the same files for every stack and switch, the providers' versions apart", async () => {
    const { ENGINE_MODULES = "" } = process.env;
    expect(ENGINE_MODULES).toContain("cdktn");

    const [cdktf, cdktn] = await Promise.all([
      synthesize(path.join(folder, "cdktf"), ""),
      synthesize(path.join(folder, "cdktn"), ENGINE_MODULES),
    ]);

    expect([...cdktf.keys()].filter((file) => file.endsWith("cdk.tf.json")).length).toBeGreaterThan(
      everySwitch.length,
    );
    expect([...cdktn.keys()]).toEqual([...cdktf.keys()]);
    expect([...cdktf].filter(([file, content]) => cdktn.get(file) !== content).map(([file]) => file)).toEqual(
      [],
    );
  }, 120_000);

  async function synthesize(outdir: string, modules: string): Promise<ReadonlyMap<string, string>> {
    const env = { ...process.env, CDKTF_OUTDIR: outdir, ENGINE_MODULES: modules };
    await run(process.execPath, ["scripts/run.mjs", "__tests__/engines/every-stack.ts"], { env });
    const { requiredProviders } = modules ? engines.cdktn : engines.cdktf;
    // Beside the stacks there is only a manifest, which names the engine's version.
    const files = filesOf(path.join(outdir, "stacks"));
    return new Map(
      [...files].map(([name, content]) => [
        name,
        withoutVersions(content.toString("latin1"), requiredProviders),
      ]),
    );
  }
});

/** @throws Error where a stack does not require the very versions that the engine is pinned to */
function withoutVersions(content: string, requiredProviders: object): string {
  if (!content.includes('"required_providers"')) return content;
  const json = JSON.parse(content);
  for (const [name, required] of Object.entries(json.terraform.required_providers)) {
    expect(required).toEqual(requiredProviders[name as keyof typeof requiredProviders]);
  }
  return JSON.stringify({
    ...json,
    "//": undefined,
    terraform: { ...json.terraform, required_providers: {} },
  });
}
