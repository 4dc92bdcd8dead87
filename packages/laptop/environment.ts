import { existsSync, readFileSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { folders } from "./folders";
import type { Providers } from "./set-up/providers/providers";

const file = path.join(folders.root, "environment.json");

/** Variables that would lead a command to the user's own AWS account, or to providers outside this folder. */
export const unsetVariables = [
  "AWS_PROFILE",
  "AWS_DEFAULT_PROFILE",
  "AWS_SESSION_TOKEN",
  "TF_PLUGIN_CACHE_DIR",
] as const;

export type EmulatorEnvironment = Readonly<Record<string, string>>;

/** What a command needs to reach the emulator: standard AWS and Terraform variables, which every tool understands. */
export function emulatorEnvironment(port: number, region: string, providers: Providers): EmulatorEnvironment {
  return {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_REGION: region,
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    AWS_EC2_METADATA_DISABLED: "true",
    CHECKPOINT_DISABLE: "1",
    // Otherwise cdktf makes Terraform cache providers in the home directory, as links into this folder.
    CDKTF_DISABLE_PLUGIN_CACHE_ENV: "1",
    ...providers.environment,
  };
}

/** This process's environment, changed so that a command reaches the emulator. */
export function commandEnvironment(environment: EmulatorEnvironment): NodeJS.ProcessEnv {
  const changed: NodeJS.ProcessEnv = { ...process.env, ...environment };
  for (const name of unsetVariables) delete changed[name];
  return changed;
}

/** Makes this process, and every process it starts from now on, use the emulator. */
export function enterEnvironment(environment: EmulatorEnvironment): void {
  for (const name of unsetVariables) delete process.env[name];
  Object.assign(process.env, environment);
}

/** Records the environment in this folder, for {@link publishedEnvironment} in other processes. */
export async function publishEnvironment(environment: EmulatorEnvironment): Promise<void> {
  await writeFile(file, JSON.stringify(environment));
}

export async function withdrawEnvironment(): Promise<void> {
  await rm(file, { force: true });
}

/** The environment of the emulator that runs in this folder; `undefined` if none is running. */
export async function publishedEnvironment(): Promise<EmulatorEnvironment | undefined> {
  const environment: EmulatorEnvironment = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  try {
    // Any response will do, as long as something is listening.
    await fetch(`${environment.AWS_ENDPOINT_URL}/_ministack/health`, { signal: AbortSignal.timeout(5_000) });
  } catch {
    return undefined;
  }
  return environment;
}

/** Commands for a POSIX shell's `eval`. */
export function asShell(environment: EmulatorEnvironment): string {
  const exports = Object.entries(environment).map(
    ([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'`,
  );
  return [`unset ${unsetVariables.join(" ")}`, ...exports].join("\n");
}
