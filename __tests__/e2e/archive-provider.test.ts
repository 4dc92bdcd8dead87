import { execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { poll } from "./launcher";

const run = promisify(execFile);
const python = path.resolve(".local/tools/python/bin/python");
const platform = `${os.platform()}_${os.arch() === "x64" ? "amd64" : os.arch()}`;

/** The real Terraform runs the stand-in, in a folder with a space in its name. */
describe("archive provider's stand-in", () => {
  let folder: string;
  let env: NodeJS.ProcessEnv;

  beforeAll(() => {
    folder = path.join(mkdtempSync(path.join(os.tmpdir(), "archive-")), "a folder");
    const provider = path.join(folder, "mirror/registry.terraform.io/hashicorp/archive/2.7.1", platform);
    mkdirSync(provider, { recursive: true });
    const executable = path.join(provider, "terraform-provider-archive_v2.7.1_x5");
    writeFileSync(
      executable,
      `#!/bin/sh\nexec "${python}" "${path.resolve("packages/laptop/set-up/archive-provider/provider.py")}"\n`,
    );
    chmodSync(executable, 0o755);
    const config = path.join(folder, "terraform.tfrc");
    writeFileSync(
      config,
      `provider_installation {\n filesystem_mirror {\n path = "${folder}/mirror"\n }\n}\n`,
    );
    env = { ...process.env, TF_CLI_CONFIG_FILE: config, CHECKPOINT_DISABLE: "1" };
  });

  afterAll(() => rmSync(path.dirname(folder), { recursive: true }));

  it("zips a folder's files in walk order, with the configured mode and a fixed time", async () => {
    const work = await module("entries", {
      type: "zip",
      source_dir: "source",
      output_path: "out/a.zip",
      output_file_mode: "0644",
    });
    write(work, "source/b/inner.js", "inner");
    write(work, "source/b.js", "b");
    write(work, "source/a.js", "a", 0o600);
    symlinkSync("a.js", path.join(work, "source/link.js"));

    await terraform(work, "apply", "-auto-approve");

    expect(await entries(path.join(work, "out/a.zip"))).toEqual([
      ["a.js", "0o100644", [2049, 1, 1, 0, 0, 0], 8, "a"],
      ["b/inner.js", "0o100644", [2049, 1, 1, 0, 0, 0], 8, "inner"],
      ["b.js", "0o100644", [2049, 1, 1, 0, 0, 0], 8, "b"],
      ["link.js", "0o100644", [2049, 1, 1, 0, 0, 0], 8, "a"],
    ]);
  });

  it("produces the same bytes and digests, whatever the files' times and modes are", async () => {
    const work = await module("again", {
      type: "zip",
      source_dir: "source",
      output_path: "a.zip",
      output_file_mode: "0644",
    });
    write(work, "source/index.js", "code");

    await terraform(work, "apply", "-auto-approve");
    const first = readFileSync(path.join(work, "a.zip"));
    utimesSync(path.join(work, "source/index.js"), 1, 1);
    chmodSync(path.join(work, "source/index.js"), 0o700);
    const second = await terraform(work, "plan", "-detailed-exitcode");
    const { stdout } = await terraform(work, "output", "-json");
    const output = JSON.parse(stdout).archive.value;

    expect(second.stdout).toContain("No changes");
    expect(readFileSync(path.join(work, "a.zip"))).toEqual(first);
    expect(output).toMatchObject({
      output_base64sha256: createHash("sha256").update(first).digest("base64"),
      output_sha256: createHash("sha256").update(first).digest("hex"),
      output_md5: createHash("md5").update(first).digest("hex"),
      output_sha512: createHash("sha512").update(first).digest("hex"),
      id: createHash("sha1").update(first).digest("hex"),
      output_size: first.length,
    });
  });

  it.each([
    [
      "a missing folder",
      { type: "zip", source_dir: "missing", output_path: "a.zip" },
      "missing: No such file",
    ],
    [
      "an empty folder",
      { type: "zip", source_dir: "empty", output_path: "a.zip" },
      "nothing to archive in empty",
    ],
    [
      "an unknown type",
      { type: "tar.gz", source_dir: "empty", output_path: "a" },
      'does not support type "tar.gz"',
    ],
    [
      "an unsupported argument",
      { type: "zip", source_dir: "empty", output_path: "a", excludes: ["*.map"] },
      "does not support excludes",
    ],
    [
      "two sources",
      { type: "zip", source_dir: "empty", source_file: "x", output_path: "a" },
      "exactly one of",
    ],
  ])("rejects %s with a one-sentence error", async (name, config, message) => {
    const work = await module(name, config);
    mkdirSync(path.join(work, "empty"));

    const failure = await terraform(work, "plan").catch((error: { stderr: string }) => error);

    expect(failure.stderr.replace(/\s*\n[│ ]*/g, " ")).toContain(message);
    expect(failure.stderr).not.toContain("Traceback");
  });

  it("exits and leaves no files when Terraform is killed", async () => {
    const work = await module("killed", { type: "zip", source_dir: "source", output_path: "a.zip" });
    write(work, "source/large", "x".repeat(300_000_000));
    const temporary = path.join(work, "tmp");
    mkdirSync(temporary);
    const child = spawn("terraform", ["plan"], {
      cwd: work,
      env: { ...env, TMPDIR: temporary },
      stdio: "ignore",
    });
    await poll(() => (readdirSync(work).some((name) => /^tmp\w{8}$/.test(name)) ? true : undefined), 30);

    child.kill("SIGKILL");
    await once(child, "exit");

    expect(await poll(() => (readdirSync(temporary).length === 0 ? true : undefined), 10)).toBe(true);
    expect(readdirSync(work).filter((name) => name.endsWith(".zip"))).toEqual([]);
  });

  /** Writes a Terraform module that zips, and initializes it. @returns its folder */
  async function module(name: string, archive: object): Promise<string> {
    const work = path.join(folder, name);
    mkdirSync(work, { recursive: true });
    const configuration = {
      terraform: { required_providers: { archive: { source: "hashicorp/archive", version: "2.7.1" } } },
      data: { archive_file: { archive } },
      output: { archive: { value: "${data.archive_file.archive}" } },
    };
    writeFileSync(path.join(work, "main.tf.json"), JSON.stringify(configuration));
    await terraform(work, "init");
    return work;
  }

  function terraform(work: string, ...commandArguments: string[]) {
    return run("terraform", [...commandArguments, "-no-color"], { cwd: work, env });
  }
});

function write(folder: string, file: string, content: string, mode = 0o644): void {
  const target = path.join(folder, file);
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, content, { mode });
}

/** The name, mode, time, compression and content of each entry in a zip file. */
async function entries(zip: string): Promise<unknown[]> {
  const program = `import json, sys, zipfile
z = zipfile.ZipFile(sys.argv[1])
print(json.dumps([[e.filename, oct(e.external_attr >> 16), e.date_time, e.compress_type, z.read(e).decode()] for e in z.infolist()]))`;
  const { stdout } = await run(python, ["-c", program, zip]);
  return JSON.parse(stdout);
}
