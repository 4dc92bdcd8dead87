import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { type ReportDetail, say, step } from "../../../terminal/progress";
import { UserError } from "../../../terminal/user-error";
import { folders } from "../../folders";
import type { Terraform } from "../requirements";
import { installArchiveStandIn } from "./archive-stand-in";
import { cliEnvironment, configurationFile, writeCliConfiguration } from "./cli-configuration";
import { findMirrors } from "./find-mirrors";
import { hasProvider, hasProviders, linkProvider, ownMirror, platform } from "./mirror";
import { providerNames, requiredProviders } from "./required-providers";
import { installFromRegistry, startProviders } from "./terraform-run";

/** Where the providers were found, and the environment in which Terraform uses them. */
export interface Providers {
  readonly source: "registry" | "mirror" | "mirror and stand-in";
  readonly environment: Readonly<Record<string, string>>;
}

interface Choice {
  /** Everything that the choice depends on. If it changes, the providers are looked for again. */
  readonly question: string;
  readonly source: Providers["source"];
}

const choiceFile = path.join(folders.providers, "choice.json");

/**
 * Finds hashicorp/aws and hashicorp/archive: in Terraform's registry with an ordinary `terraform init`, otherwise in a
 * mirror on this machine. If only hashicorp/archive cannot be found, its stand-in is used. The providers are linked into
 * this project's own mirror, so that no later command needs a network.
 *
 * PROVIDER_SOURCE (`registry` or `mirror`) restricts the search to one of them, and PROVIDER_MIRROR names the mirror to
 * use. Neither forces the stand-in: a real provider always takes precedence.
 * @param pythonTools installs what the stand-in runs on
 * @throws UserError if hashicorp/aws cannot be found, or a provider does not start
 */
export async function findProviders(terraform: Terraform, pythonTools: Promise<void>): Promise<Providers> {
  const question = JSON.stringify([
    terraform,
    requiredProviders,
    process.env.PROVIDER_SOURCE,
    process.env.PROVIDER_MIRROR,
    process.env.TF_CLI_CONFIG_FILE,
  ]);
  const previous = await readChoice();
  const usable =
    previous?.question === question && hasProviders(terraform, ownMirror) && existsSync(configurationFile);
  const source = usable ? previous.source : await chooseProviders(terraform, pythonTools, question);
  if (source === "mirror and stand-in") {
    say(
      "· hashicorp/archive was not found in any registry or mirror: its stand-in zips the functions (same files, different bytes)",
    );
  }
  return { source, environment: cliEnvironment() };
}

async function chooseProviders(
  terraform: Terraform,
  pythonTools: Promise<void>,
  question: string,
): Promise<Providers["source"]> {
  await rm(folders.providers, { recursive: true, force: true });
  await mkdir(folders.providers, { recursive: true });
  const source = await step(
    "Terraform providers: trying the registry, then mirrors (a download takes minutes)",
    (report) => fillMirror(terraform, pythonTools, report),
  );
  await writeCliConfiguration(terraform);
  await step("Terraform providers: starting each one once", () => startProviders(terraform));
  const choice: Choice = { question, source };
  await writeFile(choiceFile, JSON.stringify(choice));
  return source;
}

async function fillMirror(
  terraform: Terraform,
  pythonTools: Promise<void>,
  report: ReportDetail,
): Promise<Providers["source"]> {
  const wanted = process.env.PROVIDER_SOURCE;
  if (wanted !== undefined && wanted !== "registry" && wanted !== "mirror") {
    throw new UserError(`PROVIDER_SOURCE must be registry or mirror, got ${wanted}`);
  }
  if (wanted !== "mirror") {
    const installed = await installFromRegistry(terraform, report);
    if (typeof installed === "object") {
      for (const name of providerNames) await linkProvider(terraform, installed.folder, name);
      return "registry";
    }
    if (wanted === "registry") {
      throw new UserError(
        `the providers could not be installed from ${terraform.registry}: check the network, or unset PROVIDER_SOURCE to search mirrors too.\n  ${installed}`,
      );
    }
  }
  const mirrors = findMirrors(terraform);
  const withAws = mirrors.filter((folder) => hasProvider(terraform, folder, "aws"));
  const withArchive = mirrors.filter((folder) => hasProvider(terraform, folder, "archive"));
  const chosen = withAws.find((folder) => withArchive.includes(folder)) ?? withAws[0];
  if (!chosen) throw missingAws(terraform);
  await linkProvider(terraform, chosen, "aws");
  if (withArchive[0]) {
    await linkProvider(terraform, withArchive[0], "archive");
    return "mirror";
  }
  await pythonTools;
  await installArchiveStandIn(terraform);
  return "mirror and stand-in";
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
