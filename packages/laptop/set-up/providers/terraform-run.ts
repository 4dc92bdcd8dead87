import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import type { ReportDetail } from "../../../terminal/progress";
import { mustRun, runCommand } from "../../../terminal/run-command";
import { folders } from "../../folders";
import type { Terraform } from "../requirements";
import { cliEnvironment } from "./cli-configuration";
import { providerNames, requiredProviders } from "./required-providers";

/**
 * Installs the providers from the registry with `terraform init`.
 * @returns the folder that has them, laid out like a mirror, or why they could not be installed
 */
export async function installFromRegistry(
  terraform: Terraform,
  report: ReportDetail,
): Promise<{ folder: string } | string> {
  const cwd = await configurationFolder("registry");
  const { exitCode, output } = await runCommand(terraform.binary, ["init", "-input=false", "-no-color"], {
    cwd,
    // Only one attempt: without a registry, mirrors are next.
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
  if (exitCode === 0) return { folder: path.join(cwd, ".terraform", "providers") };
  return output.split("\n").find((line) => line.includes("Error")) ?? output.slice(-200);
}

/**
 * Starts each provider in this project's mirror once, because a mirror can contain a file that is not a provider for this
 * machine.
 * @throws UserError if Terraform cannot use one of them
 */
export async function startProviders(terraform: Terraform): Promise<void> {
  const cwd = await configurationFolder("proof");
  for (const commandArguments of [
    ["init", "-input=false", "-no-color"],
    ["validate", "-no-color"],
  ]) {
    await mustRun(terraform.binary, commandArguments, {
      cwd,
      env: { ...process.env, ...cliEnvironment(), CHECKPOINT_DISABLE: "1" },
      timeoutSeconds: 300,
      failure:
        "Terraform cannot use a provider that was found: fix or remove the mirror it is in, or name another mirror in PROVIDER_MIRROR, then try again.",
    });
  }
}

/** Writes a configuration that only requires the providers. @returns its folder */
async function configurationFolder(name: string): Promise<string> {
  const folder = path.join(folders.providers, name);
  const entries = providerNames.map((provider) => [
    provider,
    { source: `hashicorp/${provider}`, version: requiredProviders[provider] },
  ]);
  await mkdir(folder, { recursive: true });
  const configuration = { terraform: { required_providers: Object.fromEntries(entries) } };
  await writeFile(path.join(folder, "main.tf.json"), JSON.stringify(configuration));
  return folder;
}
