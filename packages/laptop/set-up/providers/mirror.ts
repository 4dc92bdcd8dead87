import { existsSync } from "node:fs";
import { mkdir, symlink } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { folders } from "../../folders";
import type { Terraform } from "../requirements";
import { type ProviderName, providerNames, requiredProviders } from "./required-providers";

/** This project's own mirror: set-up links the providers that it has found into it, so that no later command needs a network. */
export const ownMirror = path.join(folders.providers, "mirror");

export const platform = `${os.platform()}_${{ x64: "amd64", arm64: "arm64" }[os.arch() as string] ?? os.arch()}`;

/** The folder of an unpacked provider in a mirror. */
export function unpacked(terraform: Terraform, mirror: string, name: ProviderName): string {
  return path.join(mirror, terraform.registry, "hashicorp", name, requiredProviders[name], platform);
}

/** The zip file of a packed provider in a mirror. */
function packed(terraform: Terraform, mirror: string, name: ProviderName): string {
  const file = `terraform-provider-${name}_${requiredProviders[name]}_${platform}.zip`;
  return path.join(mirror, terraform.registry, "hashicorp", name, file);
}

/** Whether a mirror has a provider in the required version, packed or unpacked. */
export function hasProvider(terraform: Terraform, mirror: string, name: ProviderName): boolean {
  return existsSync(packed(terraform, mirror, name)) || existsSync(unpacked(terraform, mirror, name));
}

/** Whether a mirror has all required providers. */
export function hasProviders(terraform: Terraform, mirror: string): boolean {
  return providerNames.every((name) => hasProvider(terraform, mirror, name));
}

/** Links a provider from another mirror into this project's own. */
export async function linkProvider(terraform: Terraform, mirror: string, name: ProviderName): Promise<void> {
  const layout = existsSync(unpacked(terraform, mirror, name)) ? unpacked : packed;
  const target = layout(terraform, ownMirror, name);
  await mkdir(path.dirname(target), { recursive: true });
  await symlink(layout(terraform, mirror, name), target);
}
