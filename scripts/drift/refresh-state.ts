import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { folders } from "../../packages/laptop/folders";
import { runCommand } from "../../packages/terminal/run-command";
import { UserError } from "../../packages/terminal/user-error";
import type { TerraformState } from "../lib/terraform-state";
import { errorsIn, readFailures } from "./read-failures";
import { addressOf, managedInstances } from "./state-instances";

/** The parts of a synthesized stack that Terraform needs to read what a state lists. */
export interface ProviderConfiguration {
  readonly terraform: {
    readonly required_providers: { readonly aws: object };
    readonly required_version?: string;
  };
  readonly provider: { readonly aws: readonly { readonly region: string }[] };
}

export interface RefreshRequest {
  readonly stack: string;
  readonly state: TerraformState;
  readonly configuration: ProviderConfiguration;
  /** `terraform`, or `tofu`. */
  readonly terraform: string;
  /** Interrupts Terraform when it is aborted. */
  readonly signal?: AbortSignal | undefined;
}

export interface RefreshedState {
  readonly state: TerraformState;
  /** By address, why Terraform could not read a resource. Such a resource is not in the refreshed state. */
  readonly unread: ReadonlyMap<string, string>;
}

/**
 * Lets Terraform read every managed resource of a state again. It works on a copy of the state, without the program's
 * resources and without a lock. So nothing is written, code that is not deployed yet makes no difference, and read
 * permissions are enough.
 * @throws UserError, exit code 2, if Terraform cannot start
 */
export async function refreshState(request: RefreshRequest): Promise<RefreshedState> {
  const folder = await initializedFolder(request);
  const temporary = await mkdtemp(path.join(folders.root, "drift", "state-"));
  try {
    return await refreshRest(request, folder, temporary, new Map());
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** Repeats the refresh without the resources that could not be read, because Terraform writes no state after an error. */
async function refreshRest(
  request: RefreshRequest,
  folder: string,
  temporary: string,
  unread: ReadonlyMap<string, string>,
): Promise<RefreshedState> {
  const [source, target] = ["state", "refreshed"].map((name) => path.join(temporary, `${name}.json`));
  if (!source || !target) throw new Error("two names give two paths");
  await writeFile(source, JSON.stringify(toRead(request.state, unread)), { mode: 0o600 });
  const logFile = path.join(folders.logs, `drift-${request.stack}-refresh.log`);
  const { exitCode, output } = await runCommand(
    request.terraform,
    [
      ...["apply", "-json", "-refresh-only", "-auto-approve", "-input=false", "-lock=false"],
      ...["-parallelism=20", `-state=${source}`, `-state-out=${target}`, "-backup=-"],
    ],
    { cwd: folder, env: environment(), logFile, ...(request.signal && { signal: request.signal }) },
  );
  if (exitCode === 0) {
    // Terraform writes no file if everything is gone.
    const written = existsSync(target) ? JSON.parse(await readFile(target, "utf8")) : { resources: [] };
    return { state: written, unread };
  }
  if (request.signal?.aborted) throw new UserError("interrupted", { exitCode: 2 });
  const failures = readFailures(output);
  const found = [...failures].filter(([address]) => !unread.has(address));
  if (found.length === 0) throw failed(request, "could not read the stack's resources", output, logFile);
  return refreshRest(request, folder, temporary, new Map([...unread, ...found]));
}

/** Only what Terraform manages, and can still read. Data sources are read when something is planned. */
function toRead(state: TerraformState, unread: ReadonlyMap<string, string>): TerraformState {
  return {
    ...state,
    outputs: {},
    resources: managedInstances(state)
      .filter(({ resource }) => !unread.has(addressOf(resource)))
      .map(({ resource }) => resource)
      .filter((resource, index, all) => all.indexOf(resource) === index)
      // A refresh needs no order, and Terraform rejects a dependency that it does not find.
      .map((resource) => ({
        ...resource,
        instances: resource.instances.map(({ dependencies: _, ...instance }) => instance),
      })),
  };
}

/** Installs the providers once per set of them: two runs at the same time share the result. */
async function initializedFolder(request: RefreshRequest): Promise<string> {
  const { required_providers, required_version } = request.configuration.terraform;
  const configuration = JSON.stringify({
    terraform: { required_providers: { aws: required_providers.aws }, required_version },
    provider: { aws: request.configuration.provider.aws },
  });
  const root = path.join(folders.root, "drift");
  const key = createHash("sha256")
    .update(`${request.terraform}\0${configuration}`)
    .digest("hex")
    .slice(0, 12);
  const folder = path.join(root, `${request.stack}-${key}`);
  if (existsSync(folder)) return folder;
  await mkdir(root, { recursive: true });
  const fresh = await mkdtemp(path.join(root, "init-"));
  await writeFile(path.join(fresh, "main.tf.json"), configuration);
  const logFile = path.join(folders.logs, `drift-${request.stack}-init.log`);
  const { exitCode, output } = await runCommand(request.terraform, ["init", "-input=false", "-no-color"], {
    cwd: fresh,
    env: environment(),
    logFile,
  });
  if (exitCode !== 0) {
    await rm(fresh, { recursive: true, force: true });
    throw failed(request, "could not install the providers", output, logFile);
  }
  try {
    await rename(fresh, folder);
  } catch (error) {
    // Another run was faster.
    await rm(fresh, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}

function environment(): NodeJS.ProcessEnv {
  // Fewer garbage collections: a quarter less CPU time, most of it for the provider's schema.
  return { GOGC: "400", ...process.env, CHECKPOINT_DISABLE: "1", TF_IN_AUTOMATION: "1" };
}

function failed({ stack, terraform }: RefreshRequest, problem: string, output: string, logFile: string) {
  const errors = errorsIn(output);
  const said = (errors.length > 0 ? errors.join("\n") : output.slice(Math.max(output.indexOf("Error: "), 0)))
    .split("\n")
    .map((line) => line.replace(/^[│╵╷]\s?/, "").slice(0, 200))
    .filter((line) => line.trim())
    .slice(0, 20)
    .map((line) => `  ${line}`)
    .join("\n");
  return new UserError(
    `the drift of ${stack} cannot be judged: ${terraform} ${problem}.\n${said}\nFull output: ${path.relative(process.cwd(), logFile)}`,
    { exitCode: 2 },
  );
}
