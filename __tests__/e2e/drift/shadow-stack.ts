import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type CommandResult, runCommand } from "../../../packages/terminal/run-command";
import { overrideForEmulator } from "../../../scripts/diff/override-for-emulator";
import type { TerraformState } from "../../../scripts/lib/terraform-state";
import { engine } from "../deployment";
import type { Block, Mutation, Resources } from "./mutations";

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

  private constructor(
    private readonly folder: string,
    private readonly env: NodeJS.ProcessEnv,
  ) {
    this.program = JSON.parse(readFileSync(this.file, "utf8"));
  }

  /** @param folder with the synthesized stack's cdk.tf.json */
  static async create(folder: string, env: NodeJS.ProcessEnv, state: TerraformState): Promise<ShadowStack> {
    const stateFile = path.join(folder, "shadow.tfstate");
    writeFileSync(stateFile, JSON.stringify(state));
    await overrideForEmulator(folder, stateFile);
    const stack = new ShadowStack(folder, { GOGC: "400", ...env });
    const { exitCode, output } = await stack.terraform("init", "-input=false");
    if (exitCode !== 0) throw new Error(output);
    return stack;
  }

  /** Makes those of the changes that Terraform can make in place and the emulator accepts. */
  async plant(mutations: readonly Mutation[]): Promise<Planted> {
    const notPlanted: NotPlanted[] = [];
    let left = mutations;
    const drop = (reasons: ReadonlyMap<string, string>) => {
      notPlanted.push(
        ...left.flatMap((mutation) => {
          const reason = reasons.get(mutation.address);
          return reason === undefined ? [] : [{ mutation, reason }];
        }),
      );
      left = left.filter(({ address }) => !reasons.has(address));
    };
    for (;;) {
      if (left.length === 0) return { planted: [], notPlanted };
      this.write(left);
      const targets = left.map(({ address }) => `-target=${address}`);
      const plan = await this.terraform(
        "plan",
        "-json",
        "-refresh=false",
        "-input=false",
        "-out=plan",
        ...targets,
      );
      const reasons =
        plan.exitCode === 0
          ? await this.impossible(left)
          : errorsByAddress(plan.output, left, "refused by the provider");
      if (reasons.size === 0) break;
      drop(reasons);
    }
    const apply = await this.terraform("apply", "-json", "-input=false", "plan");
    if (apply.exitCode !== 0) drop(errorsByAddress(apply.output, left, "refused by the emulator"));
    return { planted: left, notPlanted };
  }

  /** Of planted changes, those that the emulator accepted and did not store: Terraform would make them again. */
  async notKept(planted: readonly Mutation[]): Promise<ReadonlySet<string>> {
    this.write(planted);
    const targets = planted.map(({ address }) => `-target=${address}`);
    await this.terraform("plan", "-input=false", "-out=plan", ...targets);
    return new Set(
      [...(await this.actions())].flatMap(([address, action]) => (action === "no-op" ? [] : address)),
    );
  }

  /** Takes everything back. */
  async restore(): Promise<void> {
    writeFileSync(this.file, JSON.stringify(this.program));
    const { exitCode, output } = await this.terraform("apply", "-auto-approve", "-input=false", "-no-color");
    if (exitCode !== 0) throw new Error(`the plants could not be taken back:\n${output.slice(-3_000)}`);
  }

  private get file(): string {
    return path.join(this.folder, "cdk.tf.json");
  }

  private write(mutations: readonly Mutation[]): void {
    const resource: Record<string, Record<string, Block>> = structuredClone(this.program.resource);
    for (const { address, changed } of mutations) {
      const [type = "", name = ""] = address.split(".");
      // A plant must reach AWS even if it is what the program protects from.
      const { lifecycle: _, ...planted } = changed;
      resource[type] = { ...resource[type], [name]: planted };
    }
    writeFileSync(this.file, JSON.stringify({ ...this.program, resource }));
  }

  private async impossible(mutations: readonly Mutation[]): Promise<ReadonlyMap<string, string>> {
    const actions = await this.actions();
    return new Map(
      mutations.flatMap(({ address }) => {
        const action = actions.get(address);
        if (action === "update") return [];
        const reason =
          action === undefined || action === "no-op" ? "means the same" : "cannot be changed in place";
        return [[address, reason] as const];
      }),
    );
  }

  /** By address, what the last plan would do. */
  private async actions(): Promise<ReadonlyMap<string, string>> {
    const { output } = await this.terraform("show", "-json", "plan");
    const plan = JSON.parse(output.slice(output.indexOf("{")));
    return new Map(
      (plan.resource_changes as { address: string; change: { actions: string[] } }[]).map(
        ({ address, change }) => [address, change.actions.join()],
      ),
    );
  }

  private terraform(...commandArguments: string[]): Promise<CommandResult> {
    return runCommand(engine, commandArguments, { cwd: this.folder, env: this.env });
  }
}

function errorsByAddress(
  output: string,
  mutations: readonly Mutation[],
  what: string,
): ReadonlyMap<string, string> {
  const errors = output.split("\n").flatMap((line) => {
    if (!line.startsWith("{")) return [];
    const { diagnostic } = JSON.parse(line) as {
      diagnostic?: { severity: string; summary: string; detail?: string; address?: string };
    };
    return diagnostic?.severity === "error" ? [diagnostic] : [];
  });
  const found = new Map(
    errors
      .filter(({ address }) => mutations.some((mutation) => mutation.address === address))
      .map(({ address = "", summary, detail = "" }) => [
        address,
        `${what}: ${summary} ${detail}`.replace(/\s+/g, " ").slice(0, 200),
      ]),
  );
  if (found.size > 0) return found;
  throw new Error(`Terraform failed for another reason:\n${output.slice(-3_000)}`);
}
