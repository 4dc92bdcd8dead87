import { existsSync, readdirSync } from "node:fs";
import { chmod, mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { type ReportDetail, say, step } from "../../terminal/progress";
import { mustRun, runCommand } from "../../terminal/run-command";
import { UserError } from "../../terminal/user-error";
import { folders } from "../folders";
import type { Terraform } from "./requirements";
import { venvPython } from "./tools";

/** What the stacks require, exactly; a test holds it equal to what is synthesized. */
export const requiredProviders = { aws: "5.100.0", archive: "2.7.1" } as const;

type ProviderName = keyof typeof requiredProviders;

/** Where this project's own mirror is, once it has been made, and the configuration by which Terraform finds it. */
export const providerPlaces = {
  mirror: path.join(folders.providers, "mirror"),
  configFile: path.join(folders.providers, "terraform.tfrc"),
} as const;

/** Where the providers were found, and with what environment Terraform finds them there. */
export interface Providers {
  readonly source: "registry" | "mirror" | "mirror and stand-in";
  readonly environment: Readonly<Record<string, string>>;
}

interface Choice {
  /** What the choice depended on: it is made again when any of it has changed. */
  readonly question: string;
  readonly source: Providers["source"];
}

const { mirror, configFile } = providerPlaces;
const choiceFile = path.join(folders.providers, "choice.json");
const standIn = path.resolve("packages/laptop/set-up/archive-provider/provider.py");

/**
 * Finds hashicorp/aws and hashicorp/archive: in Terraform's registry, asked through an ordinary `terraform init`;
 * else in a mirror on this machine; and hashicorp/archive alone, where neither has it, as the stand-in. Whatever
 * was found is linked into one mirror of the project's own, so that no later command asks a network.
 *
 * The variable PROVIDER_SOURCE (`registry` or `mirror`) leaves the other one out, PROVIDER_MIRROR names the folder
 * to look in. Neither forces the stand-in: it never wins over a real provider.
 * @throws UserError where hashicorp/aws is nowhere, or a provider that was found does not start
 */
export async function findProviders(terraform: Terraform): Promise<Providers> {
  const question = JSON.stringify([
    terraform,
    requiredProviders,
    process.env.PROVIDER_SOURCE,
    process.env.PROVIDER_MIRROR,
    process.env.TF_CLI_CONFIG_FILE,
  ]);
  const known = await readChoice();
  const usable = known?.question === question && hasProviders(terraform, mirror) && existsSync(configFile);
  const source = usable ? known.source : await chooseProviders(terraform, question);
  if (source === "mirror and stand-in") {
    say(
      "· hashicorp/archive is in no registry or mirror here: its stand-in zips the functions (same files, other bytes)",
    );
  }
  return { source, environment: environment() };
}

async function chooseProviders(terraform: Terraform, question: string): Promise<Providers["source"]> {
  await rm(folders.providers, { recursive: true, force: true });
  await mkdir(folders.providers, { recursive: true });
  const source = await step(
    "Terraform providers: asking the registry, then mirrors (minutes, if downloaded)",
    (report) => fillMirror(terraform, report),
  );
  await writeConfig(terraform);
  await step("Terraform providers: starting each once", () => proveProviders(terraform));
  const choice: Choice = { question, source };
  await writeFile(choiceFile, JSON.stringify(choice));
  return source;
}

async function fillMirror(terraform: Terraform, report: ReportDetail): Promise<Providers["source"]> {
  const wanted = process.env.PROVIDER_SOURCE;
  if (wanted !== undefined && wanted !== "registry" && wanted !== "mirror") {
    throw new UserError(`PROVIDER_SOURCE must be registry or mirror, got ${wanted}`);
  }
  if (wanted !== "mirror") {
    const installed = await askRegistry(terraform, report);
    if (typeof installed === "object") {
      for (const name of names) await link(terraform, installed.folder, name);
      return "registry";
    }
    if (wanted === "registry") {
      throw new UserError(
        `Terraform's registry gave no providers: check the network, or unset PROVIDER_SOURCE to look in mirrors too.\n  ${installed}`,
      );
    }
  }
  const mirrors = candidates(terraform).filter((folder) => holds(terraform, folder, "aws"));
  const chosen = mirrors.find((folder) => holds(terraform, folder, "archive")) ?? mirrors[0];
  if (!chosen) throw missingAws(terraform);
  await link(terraform, chosen, "aws");
  const withArchive = candidates(terraform).find((folder) => holds(terraform, folder, "archive"));
  if (withArchive) {
    await link(terraform, withArchive, "archive");
    return "mirror";
  }
  await writeStandIn(terraform);
  return "mirror and stand-in";
}

/** @returns the folder of what it installed, or why it could not */
async function askRegistry(terraform: Terraform, report: ReportDetail): Promise<{ folder: string } | string> {
  const folder = path.join(folders.providers, "registry");
  await writeRequirements(folder);
  const { exitCode, output } = await runCommand(terraform.binary, ["init", "-input=false", "-no-color"], {
    cwd: folder,
    // One try: where there is no registry, mirrors are next.
    env: {
      ...process.env,
      CHECKPOINT_DISABLE: "1",
      TF_REGISTRY_DISCOVERY_RETRY: "0",
      TF_REGISTRY_CLIENT_TIMEOUT: "10",
    },
    logFile: path.join(folders.logs, "registry.log"),
    onLine: report,
    timeoutSeconds: 1_800,
  });
  if (exitCode === 0) return { folder: path.join(folder, ".terraform", "providers") };
  return output.split("\n").find((line) => line.includes("Error")) ?? output.slice(-200);
}

/** Folders that may be a mirror: the named one alone, or where Terraform itself and system packages put them. */
function candidates(terraform: Terraform): string[] {
  const named = process.env.PROVIDER_MIRROR;
  if (named) return [path.resolve(named)];
  const home = os.homedir();
  const implied = [
    path.resolve("terraform.d/plugins"),
    path.join(home, ".terraform.d", "plugins"),
    path.join(process.env.XDG_DATA_HOME ?? path.join(home, ".local", "share"), "terraform", "plugins"),
    path.join(home, "Library", "Application Support", "io.terraform", "plugins"),
    "/Library/Application Support/io.terraform/plugins",
    "/usr/local/share/terraform/plugins",
    "/usr/share/terraform/plugins",
  ];
  const roots = [
    "/opt",
    "/srv",
    "/var/lib",
    "/usr/local",
    "/usr/local/lib",
    "/usr/local/share",
    "/usr/lib",
    "/usr/share",
    home,
  ];
  const found = roots.flatMap((root) => [root, ...subfolders(root)]);
  return [...new Set([...implied, ...found])].filter((folder) =>
    existsSync(path.join(folder, terraform.registry)),
  );
}

function subfolders(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.filter((entry) => !entry.isFile()).map((entry) => path.join(folder, entry.name));
  } catch {
    return [];
  }
}

const names = Object.keys(requiredProviders) as ProviderName[];
const platform = `${os.platform()}_${{ x64: "amd64", arm64: "arm64" }[os.arch() as string] ?? os.arch()}`;

function unpacked(terraform: Terraform, folder: string, name: ProviderName): string {
  return path.join(folder, terraform.registry, "hashicorp", name, requiredProviders[name], platform);
}

function packed(terraform: Terraform, folder: string, name: ProviderName): string {
  const file = `terraform-provider-${name}_${requiredProviders[name]}_${platform}.zip`;
  return path.join(folder, terraform.registry, "hashicorp", name, file);
}

function holds(terraform: Terraform, folder: string, name: ProviderName): boolean {
  return existsSync(packed(terraform, folder, name)) || existsSync(unpacked(terraform, folder, name));
}

/** Whether a mirror holds every provider that the stacks require. */
export function hasProviders(terraform: Terraform, folder: string): boolean {
  return names.every((name) => holds(terraform, folder, name));
}

async function link(terraform: Terraform, from: string, name: ProviderName): Promise<void> {
  const layout = existsSync(unpacked(terraform, from, name)) ? unpacked : packed;
  const target = layout(terraform, mirror, name);
  await mkdir(path.dirname(target), { recursive: true });
  await symlink(layout(terraform, from, name), target);
}

/** The stand-in under the name by which Terraform starts the real one. */
async function writeStandIn(terraform: Terraform): Promise<void> {
  const { exitCode } = await runCommand(venvPython, ["-c", "import tf"]);
  if (exitCode !== 0) {
    throw new UserError(
      "hashicorp/archive is in no registry or mirror here, and its stand-in needs Python 3.11 or newer: install that and run this again, or make a mirror with both providers and name it in PROVIDER_MIRROR",
    );
  }
  const folder = unpacked(terraform, mirror, "archive");
  const file = path.join(folder, `terraform-provider-archive_v${requiredProviders.archive}_x5`);
  await mkdir(folder, { recursive: true });
  await writeFile(file, `#!/bin/sh\nexec ${quote(venvPython)} ${quote(standIn)} "$@"\n`);
  await chmod(file, 0o755);
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

async function writeRequirements(folder: string): Promise<void> {
  const entries = names.map((name) => [
    name,
    { source: `hashicorp/${name}`, version: requiredProviders[name] },
  ]);
  await mkdir(folder, { recursive: true });
  const configuration = { terraform: { required_providers: Object.fromEntries(entries) } };
  await writeFile(path.join(folder, "main.tf.json"), JSON.stringify(configuration));
}

async function writeConfig(terraform: Terraform): Promise<void> {
  const addresses = JSON.stringify(names.map((name) => `${terraform.registry}/hashicorp/${name}`));
  await writeFile(
    configFile,
    `provider_installation {
  filesystem_mirror {
    path    = ${JSON.stringify(mirror)}
    include = ${addresses}
  }
  direct {
    exclude = ${addresses}
  }
}
`,
  );
}

function environment(): Record<string, string> {
  // cdktf runs `terraform providers lock`, which asks the registry whatever the CLI configuration says.
  return { TF_CLI_CONFIG_FILE: configFile, TF_CLI_ARGS_providers_lock: `-fs-mirror=${mirror}` };
}

/** A mirror may hold a file that is no provider for this machine; `validate` starts each. */
async function proveProviders(terraform: Terraform): Promise<void> {
  const cwd = path.join(folders.providers, "proof");
  await writeRequirements(cwd);
  for (const commandArguments of [
    ["init", "-input=false", "-no-color"],
    ["validate", "-no-color"],
  ]) {
    await mustRun(terraform.binary, commandArguments, {
      cwd,
      env: { ...process.env, ...environment(), CHECKPOINT_DISABLE: "1" },
      timeoutSeconds: 300,
      failure:
        "Terraform cannot use a provider that was found: mend or remove its mirror (PROVIDER_MIRROR names another one), then run this again.",
    });
  }
}

async function readChoice(): Promise<Choice | undefined> {
  try {
    return JSON.parse(await readFile(choiceFile, "utf8"));
  } catch {
    return undefined;
  }
}

function missingAws(terraform: Terraform): UserError {
  const where = process.env.PROVIDER_MIRROR ?? "any provider mirror on this machine";
  const registry = process.env.PROVIDER_SOURCE === "mirror" ? "" : `neither in ${terraform.registry} nor `;
  return new UserError(
    `hashicorp/aws ${requiredProviders.aws} for ${platform} is ${registry || "not "}in ${where}: connect to the registry, or make a mirror where it can be reached (${terraform.binary} providers mirror <folder>), copy it here and name it in PROVIDER_MIRROR`,
  );
}
