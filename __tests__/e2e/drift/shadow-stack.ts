import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type CommandResult, runCommand } from "../../../packages/terminal/run-command";
import { overrideForEmulator } from "../../../scripts/diff/override-for-emulator";
import { differencesOf } from "../../../scripts/drift/differences";
import { errorsIn } from "../../../scripts/drift/read-failures";
import type { TerraformState } from "../../../scripts/lib/terraform-state";
import { engine } from "../deployment";
import { frozenProgram, withoutOrder } from "./frozen-program";
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
    for (let refresh = false; ; ) {
      const left = mutations.filter(({ address }) => !impossible.has(address));
      this.write(left);
      const targets = [...before, ...left.map(({ address }) => address)].map((one) => `-target=${one}`);
      const { exitCode, output } = await this.terraform(
        ...["plan", "-json", `-refresh=${refresh}`, "-input=false", "-out=plan"],
        ...targets,
      );
      const reasons =
        exitCode === 0
          ? impossibleChanges(left, output, isRetry)
          : errorsByAddress(output, left, "refused by the provider");
      if (reasons.size === 0) {
        if (refresh || left.length === 0) return impossible;
        // The last plan reads what has changed since: Firehose rejects the number of an older version.
        refresh = true;
      }
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
    const { output } = await this.terraform("plan", "-json", "-input=false", ...targets);
    return new Set(plannedActions(output).keys());
  }

  /** Takes everything back, except published versions of functions, which no alias points to. */
  async restore(): Promise<void> {
    writeFileSync(this.file, JSON.stringify(this.program));
    const { exitCode, output } = await this.terraform("apply", "-json", "-auto-approve", "-input=false");
    if (exitCode !== 0)
      throw new Error(`the plants could not be taken back:\n${errorsIn(output).join("\n")}`);
    this.planted = [];
    this.resetState();
  }

  private resetState(): void {
    writeFileSync(this.stateFile, JSON.stringify(withoutOrder(this.state)));
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
      resource[type] = { ...resource[type], [name]: changed };
    }
    // On many lines, so that a line in an error tells the resource.
    writeFileSync(this.file, JSON.stringify({ ...this.program, resource }, undefined, 1));
  }

  private terraform(...commandArguments: string[]): Promise<CommandResult> {
    return runCommand(engine, commandArguments, { cwd: this.folder, env: this.env });
  }
}

function kindOf({ address, what }: Mutation): string {
  return `${address.split(".")[0]} ${what}`;
}

/** @returns by address, why a change cannot be made in place */
function impossibleChanges(
  mutations: readonly Mutation[],
  output: string,
  isRetry: boolean,
): ReadonlyMap<string, string> {
  const actions = plannedActions(output);
  const reasons = mutations.map(({ address }) => {
    const action = actions.get(address);
    const same = isRetry ? undefined : "means the same";
    return [
      address,
      action === undefined ? same : action === "update" ? undefined : "cannot be changed in place",
    ];
  });
  return new Map(reasons.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** By address, what a plan would do. @param output of `terraform plan -json` */
function plannedActions(output: string): ReadonlyMap<string, string> {
  return new Map(
    output.split("\n").flatMap((line) => {
      if (!line.includes('"type":"planned_change"')) return [];
      const { change }: { change: { resource: { addr: string }; action: string } } = JSON.parse(line);
      return [[change.resource.addr, change.action] as const];
    }),
  );
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
