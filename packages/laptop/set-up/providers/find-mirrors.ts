import { existsSync, readdirSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Terraform } from "../requirements";

/** Folders that could be mirrors: only PROVIDER_MIRROR if it is set, otherwise where Terraform and system packages put them. */
export function findMirrors(terraform: Terraform): string[] {
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
