import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { requiredProviders } from "../../packages/laptop/set-up/providers/required-providers";
import { ProjectCopy } from "../support/project-copy";
import { Launcher, processesOf } from "./launcher";

/** The tools that this checkout's own set-up installed before these tests. */
const tools = path.resolve(".local/tools");
const seconds = 120;

describe("set-up", () => {
  let copy: ProjectCopy;
  let temporary: string;

  beforeEach(() => {
    temporary = mkdtempSync(path.join(os.tmpdir(), "set-up-"));
    copy = new ProjectCopy("copy with a space").linkDependencies();
    mkdirSync(path.join(copy.folder, ".local/tools"), { recursive: true });
    for (const tool of ["python", "lambda-runtime"]) {
      symlinkSync(path.join(tools, tool), path.join(copy.folder, ".local/tools", tool));
    }
  });

  afterEach(() => {
    expect(processesOf(copy.folder)).toEqual([]);
    copy.remove();
    rmSync(temporary, { recursive: true, force: true });
  });

  it.each([
    [
      "Terraform is missing",
      { TERRAFORM_BINARY_NAME: "/nowhere/terraform" },
      /Terraform 1\.10 or newer is required, but .* cannot be run: install it from https/,
    ],
    [
      "Terraform is too old",
      { TERRAFORM_BINARY_NAME: "Terraform v1.9.8" },
      /Terraform 1\.10 or newer is required for S3 state locking, but .* is 1\.9\.8: install it/,
    ],
    [
      "Python is missing",
      { PYTHON: "/nowhere/python3" },
      /Python 3\.10 or newer is required, but .* cannot be run: install it from https/,
    ],
    [
      "Python is too old",
      { PYTHON: "Python 3.9.2" },
      /Python 3\.10 or newer is required, but .* is 3\.9\.2: install it/,
    ],
  ])("tells the user in one line what to install when %s", async (_, variables, line) => {
    const env = Object.fromEntries(
      Object.entries(variables).map(([name, value]) => [
        name,
        value.startsWith("/") ? value : programThatPrints(temporary, value),
      ]),
    );

    const launcher = new Launcher(copy.folder, { env });
    const exitCode = await launcher.exited(seconds);

    expect(exitCode).toBe(1);
    expect(launcher.output.trimEnd().split("\n")).toEqual([expect.stringMatching(line)]);
  });

  it("tells the user in one line what to do when npm's registry cannot be reached", async () => {
    rmSync(path.join(copy.folder, "node_modules"));
    const launcher = new Launcher(copy.folder, {
      env: {
        npm_config_registry: "http://127.0.0.1:1",
        npm_config_cache: path.join(temporary, "cache"),
        npm_config_fetch_retries: "0",
      },
    });
    const exitCode = await launcher.exited(seconds);

    expect(exitCode).toBe(1);
    expect(launcher.output).toContain(
      "✗ npm ci failed: check the network and npm's registry setting, then run the same command again.\n",
    );
    expect(launcher.output).not.toMatch(/^\s+at /m);
  });

  it("takes both providers from the registry if an ordinary terraform init finds them there", async () => {
    const mirror = mirrorWith(temporary, ["aws", "archive"]);
    const config = path.join(temporary, "terraform.tfrc");
    writeFileSync(config, `provider_installation {\n filesystem_mirror {\n path = "${mirror}"\n }\n}\n`);

    const source = await chosenSource(copy, { PROVIDER_SOURCE: "registry", TF_CLI_CONFIG_FILE: config });

    expect(source).toEqual({ source: "registry", reportsStandIn: false, standIn: false });
  });

  it("takes both providers from a mirror that has them", async () => {
    const mirror = mirrorWith(temporary, ["aws", "archive"]);

    const source = await chosenSource(copy, { PROVIDER_SOURCE: "mirror", PROVIDER_MIRROR: mirror });

    expect(source).toEqual({ source: "mirror", reportsStandIn: false, standIn: false });
  });

  it("adds the stand-in to a mirror that has only hashicorp/aws, and reports it at each start", async () => {
    const env = { PROVIDER_SOURCE: "mirror", PROVIDER_MIRROR: mirrorWith(temporary, ["aws"]) };

    const first = await chosenSource(copy, env);
    const second = await chosenSource(copy, env);

    expect(first).toEqual({ source: "mirror and stand-in", reportsStandIn: true, standIn: true });
    expect(second).toEqual(first);
  });

  it("tells the user what to do when the registry is unavailable and is the only permitted source", async () => {
    const config = path.join(temporary, "terraform.tfrc");
    writeFileSync(config, `provider_installation {\n filesystem_mirror {\n path = "${temporary}"\n }\n}\n`);

    const launcher = new Launcher(copy.folder, {
      env: { PROVIDER_SOURCE: "registry", TF_CLI_CONFIG_FILE: config },
    });
    const exitCode = await launcher.exited(seconds);

    expect(exitCode).toBe(1);
    expect(launcher.output).toContain(
      `✗ the providers could not be installed from ${host}: check the network, or unset PROVIDER_SOURCE`,
    );
  });

  it("tells the user what to do when a mirror is empty", async () => {
    const launcher = new Launcher(copy.folder, {
      env: { PROVIDER_SOURCE: "mirror", PROVIDER_MIRROR: temporary },
    });
    const exitCode = await launcher.exited(seconds);

    expect(exitCode).toBe(1);
    expect(launcher.output).toMatch(
      /✗ hashicorp\/aws 5\.100\.0 for \w+ is not in .*: connect to the registry, or make a mirror/,
    );
  });

  it("tells the user what to do when a mirror contains a file that is not a provider", async () => {
    const mirror = mirrorWith(temporary, ["archive"]);
    const folder = platformFolder(mirror, "aws");
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, `terraform-provider-aws_v${requiredProviders.aws}_x5`), "not a program", {
      mode: 0o755,
    });

    const launcher = new Launcher(copy.folder, {
      env: { PROVIDER_SOURCE: "mirror", PROVIDER_MIRROR: mirror },
    });
    const exitCode = await launcher.exited(seconds);

    expect(exitCode).toBe(1);
    expect(launcher.output).toContain(
      "✗ Terraform cannot use a provider that was found: fix or remove the mirror it is in",
    );
  });
});

/** Writes a program that prints one line, whatever its arguments are. */
function programThatPrints(folder: string, line: string): string {
  const file = path.join(folder, "program");
  writeFileSync(file, `#!/bin/sh\necho '${line}'\n`);
  chmodSync(file, 0o755);
  return file;
}

const host = "registry.terraform.io";
const [platform = ""] = readdirSync(
  path.join(tools, "providers/mirror", host, "hashicorp/aws", requiredProviders.aws),
);

function platformFolder(mirror: string, name: keyof typeof requiredProviders): string {
  return path.join(mirror, host, "hashicorp", name, requiredProviders[name], platform);
}

/** Creates a mirror from this checkout's own, which can have the stand-in in place of the real archive provider. */
function mirrorWith(folder: string, names: readonly (keyof typeof requiredProviders)[]): string {
  const mirror = path.join(folder, "mirror");
  for (const name of names) {
    const target = platformFolder(mirror, name);
    mkdirSync(path.dirname(target), { recursive: true });
    const source = realpathSync(platformFolder(path.join(tools, "providers/mirror"), name));
    if (name === "aws") symlinkSync(source, target);
    else cpSync(source, target, { recursive: true });
  }
  return mirror;
}

/** Runs `npm start` until each provider is installed and has been started once. */
async function chosenSource(copy: ProjectCopy, env: NodeJS.ProcessEnv) {
  const launcher = new Launcher(copy.folder, { env });
  await launcher.waitFor(/· emulator/, seconds);
  await launcher.interrupt();
  const providers = path.join(copy.folder, ".local/tools/providers");
  const [file = ""] = readdirSync(platformFolder(path.join(providers, "mirror"), "archive"));
  const archive = path.join(platformFolder(path.join(providers, "mirror"), "archive"), file);
  return {
    source: JSON.parse(readFileSync(path.join(providers, "choice.json"), "utf8")).source,
    reportsStandIn: launcher.output.includes("its stand-in zips the functions"),
    // The stand-in is written into this copy; a real provider is linked from the mirror.
    standIn: realpathSync(archive).startsWith(copy.folder),
  };
}
