import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type CommandResult, runCommand } from "../../../packages/terminal/run-command";
import { overrideForEmulator } from "../../../scripts/diff/override-for-emulator";
import { differencesOf } from "../../../scripts/drift/differences";
import { errorsIn } from "../../../scripts/drift/read-failures";
import type { TerraformState } from "../../../scripts/lib/terraform-state";
import { engine } from "../deployment";
import { frozenProgram } from "./frozen-program";
import type { Block, Mutation, Resources } from "./mutation";

interface Program {
  readonly resource: Resources;
}

/** Why a mutation was not planted. */
export interface NotPlanted {
  readonly mutation: Mutation;
  readonly reason: string;
}

export interface Planted {
  readonly planted: readonly Mutation[];
  readonly notPlanted: readonly NotPlanted[];
}

/**
 * A stack's program with a copy of its state. What Terraform changes here is changed on the emulator through AWS's API,
 * and the stack's real state knows nothing of it, as if somebody had done it by hand.
 */
export class ShadowStack {
  readonly program: Program;
  /** What was refused once is not tried on another resource of the same type. */
  private readonly refused = new Map<string, string>();
  /** Addresses of the last plants. */
  private planted: readonly string[] = [];

  private constructor(
    private readonly folder: string,
    private readonly env: NodeJS.ProcessEnv,
    private readonly state: TerraformState,
  ) {
    const program: Program = JSON.parse(readFileSync(this.file, "utf8"));
    this.program = { ...program, resource: frozenProgram(program.resource, state) };
  }

  /** @param folder with the synthesized stack's cdk.tf.json */
  static async create(folder: string, env: NodeJS.ProcessEnv, state: TerraformState): Promise<ShadowStack> {
    const stack = new ShadowStack(folder, { GOGC: "400", ...env }, state);
    await overrideForEmulator(folder, stack.stateFile);
    stack.resetState();
    const { exitCode, output } = await stack.terraform("init", "-input=false");
    if (exitCode !== 0) throw new Error(output);
    return stack;
  }

  /**
   * Makes those of the changes that Terraform can make in place and the emulator accepts, and takes back the ones before.
   */
  async plant(mutations: readonly Mutation[]): Promise<Planted> {
    const known = mutations.map((mutation) => ({ mutation, reason: this.refused.get(kindOf(mutation)) }));
    const notPlanted: NotPlanted[] = known.flatMap(({ mutation, reason }) =>
      reason === undefined ? [] : [{ mutation, reason }],
    );
    let left = known.flatMap(({ mutation, reason }) => (reason === undefined ? [mutation] : []));
    const drop = (reasons: ReadonlyMap<string, string>) => {
      notPlanted.push(
        ...left.flatMap((mutation) => {
          const reason = reasons.get(mutation.address);
          if (reason !== undefined) this.refused.set(kindOf(mutation), reason);
          return reason === undefined ? [] : [{ mutation, reason }];
        }),
      );
      left = left.filter(({ address }) => !reasons.has(address));
    };
    const before = this.planted;
    // After an error, Terraform skips what depends on the resource. Without that one it is tried again.
    for (let isRetry = false; left.length > 0; isRetry = true) {
      drop(await this.plan(before, left, isRetry));
      const count = left.length;
      const { exitCode, output } = await this.terraform("apply", "-json", "-input=false", "plan");
      if (exitCode !== 0) drop(errorsByAddress(output, mutations, "refused by the emulator"));
      if (exitCode === 0 || left.length === count) break;
    }
    this.planted = left.map(({ address }) => address);
    return { planted: left, notPlanted };
  }

  /** Plans as many of the changes as can be made in place. @returns by address, why the others cannot */
  private async plan(
    before: readonly string[],
    mutations: readonly Mutation[],
    isRetry: boolean,
  ): Promise<ReadonlyMap<string, string>> {
    const impossible = new Map<string, string>();
    // It also reads what has changed since: Firehose rejects the number of an older version.
    for (;;) {
      const left = mutations.filter(({ address }) => !impossible.has(address));
      this.write(left);
      const targets = [...before, ...left.map(({ address }) => address)].map((one) => `-target=${one}`);
      const { exitCode, output } = await this.terraform(
        ...["plan", "-json", "-input=false", "-out=plan"],
        ...targets,
      );
      const reasons =
        exitCode === 0
          ? await this.impossible(left, isRetry)
          : errorsByAddress(output, left, "refused by the provider");
      if (reasons.size === 0 || left.length === 0) return impossible;
      for (const [address, reason] of reasons) impossible.set(address, reason);
    }
  }

  /** Whether a planted change made no difference to what the provider wrote into its copy of the state. */
  meansTheSame({ address, attribute }: Mutation): boolean {
    const shadow: TerraformState = JSON.parse(readFileSync(this.stateFile, "utf8"));
    const [before, after] = [this.state, shadow].map(
      ({ resources }) =>
        resources.find(({ type, name }) => `${type}.${name}` === address)?.instances[0]?.attributes[
          attribute
        ],
    );
    return differencesOf(before, after).length === 0;
  }

  /** Of planted changes, those that the emulator accepted and did not store: Terraform would make them again. */
  async notKept(planted: readonly Mutation[]): Promise<ReadonlySet<string>> {
    this.write(planted);
    const targets = planted.map(({ address }) => `-target=${address}`);
    await this.terraform("plan", "-input=false", "-out=plan", ...targets);
    const changes = [...(await this.changes())];
    return new Set(changes.flatMap(([address, { actions }]) => (actions.join() === "no-op" ? [] : address)));
  }

  /** Takes everything back, except published versions of functions, which no alias points to. */
  async restore(): Promise<void> {
    writeFileSync(this.file, JSON.stringify(this.program));
    const { exitCode, output } = await this.terraform("apply", "-auto-approve", "-input=false", "-no-color");
    if (exitCode !== 0) throw new Error(`the plants could not be taken back:\n${output.slice(-3_000)}`);
    this.planted = [];
    this.resetState();
  }

  private resetState(): void {
    writeFileSync(this.stateFile, JSON.stringify(this.state));
  }

  private get stateFile(): string {
    return path.join(this.folder, "shadow.tfstate");
  }

  private get file(): string {
    return path.join(this.folder, "cdk.tf.json");
  }

  private write(mutations: readonly Mutation[]): void {
    const resource: Record<string, Record<string, Block>> = structuredClone(this.program.resource);
    for (const { address, changed } of mutations) {
      const [type = "", name = ""] = address.split(".");
      resource[type] = { ...resource[type], [name]: unprotected(changed) };
    }
    // On many lines, so that a line in an error tells the resource.
    writeFileSync(this.file, JSON.stringify({ ...this.program, resource }, undefined, 1));
  }

  /** What is replaced because another plant is replaced gets another chance without that one. */
  private async impossible(
    mutations: readonly Mutation[],
    isRetry: boolean,
  ): Promise<ReadonlyMap<string, string>> {
    const changes = await this.changes();
    const reasons = mutations.flatMap(({ address, attribute }) => {
      const { actions = ["no-op"], replace_paths: replaced = [] } = changes.get(address) ?? {};
      if (actions.join() === "update") return [];
      if (actions.join() === "no-op") {
        return isRetry ? [] : [{ address, reason: "means the same", own: true }];
      }
      const own = replaced.some(([first]) => first === attribute);
      return [{ address, reason: "cannot be changed in place", own }];
    });
    const own = reasons.filter((one) => one.own);
    return new Map((own.length > 0 ? own : reasons).map(({ address, reason }) => [address, reason]));
  }

  /** By address, what the last plan would do. */
  private async changes(): Promise<ReadonlyMap<string, PlannedChange>> {
    const { output } = await this.terraform("show", "-json", "plan");
    const plan = JSON.parse(output.slice(output.indexOf("{")));
    return new Map(
      (plan.resource_changes as { address: string; change: PlannedChange }[]).map(({ address, change }) => [
        address,
        change,
      ]),
    );
  }

  private terraform(...commandArguments: string[]): Promise<CommandResult> {
    return runCommand(engine, commandArguments, { cwd: this.folder, env: this.env });
  }
}

/** A plant must reach AWS even if it is what the program protects from. */
function unprotected({ lifecycle, ...block }: Block): Block {
  const { prevent_destroy: _, ignore_changes: __, ...rest } = (lifecycle ?? {}) as Block;
  return { ...block, lifecycle: rest };
}

function kindOf({ address, what }: Mutation): string {
  return `${address.split(".")[0]} ${what}`;
}

interface PlannedChange {
  readonly actions: readonly string[];
  readonly replace_paths?: readonly (readonly (string | number)[])[];
}

interface Diagnostic {
  readonly severity: string;
  readonly summary: string;
  readonly detail?: string;
  readonly address?: string;
  /** Its context is `resource.<type>.<name>`. */
  readonly snippet?: { readonly context?: string };
}

function errorsByAddress(
  output: string,
  mutations: readonly Mutation[],
  what: string,
): ReadonlyMap<string, string> {
  const errors = output.split("\n").flatMap((line) => {
    if (!line.startsWith("{")) return [];
    const { diagnostic } = JSON.parse(line) as { readonly diagnostic?: Diagnostic };
    return diagnostic?.severity === "error" ? [diagnostic] : [];
  });
  const found = new Map(
    errors
      .map((error) => ({
        ...error,
        address: error.address ?? error.snippet?.context?.replace(/^resource\./, ""),
      }))
      .filter(({ address }) => mutations.some((mutation) => mutation.address === address))
      .map(({ address = "", summary, detail = "" }) => [
        address,
        `${what}: ${summary} ${detail}`.replace(/\s+/g, " ").slice(0, 200),
      ]),
  );
  if (found.size > 0) return found;
  throw new Error(`Terraform failed for another reason:\n${errorsIn(output).join("\n")}`);
}
