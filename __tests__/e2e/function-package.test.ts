import { execFile } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { ProjectCopy } from "../support/project-copy";

const run = promisify(execFile);
const configFile = path.resolve(".local/tools/providers/terraform.tfrc");

describe("the zips of dev-stack's functions", () => {
  it("are identical, byte for byte, in another folder and with another umask", async () => {
    const copies = ["copy", "copy with a space"].map((name) => new ProjectCopy(name).linkDependencies());
    const [first, second] = copies as [ProjectCopy, ProjectCopy];

    const [zips, others] = await Promise.all([planZips(first, "022"), planZips(second, "077")]).finally(
      () => {
        for (const copy of copies) copy.remove();
      },
    );

    expect([...zips.keys()]).toEqual(["api.zip", "stream.zip"]);
    expect(others).toEqual(zips);
  });
});

/** Plans only the archive_file data sources, which need no credentials. @returns the zips in base64, by file name */
async function planZips(copy: ProjectCopy, umask: string): Promise<ReadonlyMap<string, string>> {
  const stack = path.join(copy.folder, "cdktf.out/stacks/dev-stack");
  await shell(umask, `"${process.execPath}" scripts/run.mjs main.ts`, copy.folder);
  const { data } = JSON.parse(readFileSync(path.join(stack, "cdk.tf.json"), "utf8"));
  const targets = Object.keys(data.archive_file).map((name) => `-target=data.archive_file.${name}`);
  // An override file, which Terraform merges into the synthesized JSON, keeps Terraform from using the state bucket.
  writeFileSync(path.join(stack, "local_override.tf.json"), '{"terraform":{"backend":{"local":{}}}}');
  await shell(umask, "terraform init -input=false", stack);
  await shell(umask, `terraform plan -input=false ${targets.join(" ")}`, stack);
  const assets = path.join(stack, "assets");
  const zips = readdirSync(assets).filter((name) => name.endsWith(".zip"));
  return new Map(zips.map((name) => [name, readFileSync(path.join(assets, name), "base64")]));
}

function shell(umask: string, command: string, cwd: string) {
  return run("/bin/sh", ["-c", `umask ${umask} && exec ${command}`], {
    cwd,
    env: { ...process.env, TF_CLI_CONFIG_FILE: configFile, CHECKPOINT_DISABLE: "1" },
  });
}
