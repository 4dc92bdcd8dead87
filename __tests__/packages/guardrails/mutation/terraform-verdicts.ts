import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { TerraformJson } from "../../../../packages/guardrails/stack-view";
import { findTerraform } from "../../../../packages/laptop/set-up/requirements";
import { setUp } from "../../../../packages/laptop/set-up/set-up";
import { runCommand } from "../../../../packages/terminal/run-command";
import { noAws, offlineProvider } from "../../../../scripts/lib/offline";
import type { Mutant } from "./mutants";
import type { MutatedStack } from "./mutated-stacks";

interface Diagnostic {
  readonly severity: "error" | "warning";
  readonly summary: string;
  readonly detail?: string;
  readonly range?: { readonly filename: string };
}

/** Terraform's time grows with the square of the number of resources. */
const batchSize = 500;

/**
 * Which mutants of one stack Terraform refuses, and why. Each mutated block is a file beside the good stack, under a name
 * of its own, so that one run judges thousands. A stack without a block is a module.
 */
export class TerraformVerdicts {
  private readonly root = mkdtempSync(path.join(tmpdir(), "mutants-"));

  constructor(private readonly stack: MutatedStack) {}

  async refused(mutants: readonly Mutant[]): Promise<ReadonlyMap<Mutant, string>> {
    const refused = new Map<Mutant, string>();
    for (let from = 0; from < mutants.length; from += batchSize) {
      for (const [mutant, by] of await this.refusedOf(mutants.slice(from, from + batchSize))) {
        refused.set(mutant, by);
      }
    }
    return refused;
  }

  private async refusedOf(mutants: readonly Mutant[]): Promise<ReadonlyMap<Mutant, string>> {
    for (const old of readdirSync(this.root).filter((name) => /^m\d/.test(name))) {
      rmSync(path.join(this.root, old), { recursive: true });
    }
    const terraform = await this.terraform();
    const files = new Map(mutants.flatMap((mutant, index) => this.write(mutant, `m${index}`) ?? []));
    this.writeRoot([...files.keys()]);
    await terraform("init", "-input=false", "-no-color");
    const refused = new Map<Mutant, string>();
    for (const command of ["validate", "plan"] as const) {
      // An error in one file can keep Terraform from looking at the others, so it runs until it finds no more.
      for (;;) {
        const found = await errorsOf(terraform, command);
        const known = [...found].filter(([file]) => files.has(file));
        for (const [file, error] of known) {
          const mutant = files.get(file);
          if (mutant) refused.set(mutant, `${command}: ${error}`);
          files.delete(file);
          rmSync(path.join(this.root, file), { recursive: true });
        }
        if (known.length === 0 && found.size > 0) {
          throw new Error(`${this.stack.name} itself is refused: ${[...found].join("; ")}`);
        }
        if (known.length === 0) break;
        this.writeRoot([...files.keys()]);
        if (known.some(([file]) => !file.endsWith(".json")))
          await terraform("init", "-input=false", "-no-color");
      }
    }
    return refused;
  }

  remove(): void {
    rmSync(this.root, { recursive: true });
  }

  /** @returns undefined if Terraform cannot judge the mutant beside the stack */
  private write(mutant: Mutant, name: string): readonly [file: string, mutant: Mutant][] | undefined {
    const [section = "", type = ""] = mutant.address.split(".");
    const isResource = !["data", "output", "locals", "provider", "terraform"].includes(section);
    if (mutant.operator === "remove" && section !== "output") {
      const { terraform, provider: _, ...json } = mutant.json();
      const settings = { required_providers: terraform?.required_providers };
      this.writeJson(`${name}/cdk.tf.json`, { ...json, terraform: settings });
      return [[name, mutant]];
    }
    if (mutant.block === undefined) return undefined;
    const content = isResource
      ? { resource: { [section]: { [name]: mutant.block } } }
      : section === "data"
        ? { data: { [type]: { [name]: mutant.block } } }
        : section === "output"
          ? { output: { [name]: mutant.block } }
          : undefined;
    if (!content || mutant.operator === "duplicate") return undefined;
    this.writeJson(`${name}.tf.json`, content);
    return [[`${name}.tf.json`, mutant]];
  }

  private writeRoot(files: readonly string[]): void {
    const { backend: _, ...settings } = this.stack.json.terraform ?? {};
    const provider = Object.fromEntries(
      Object.entries(this.stack.json.provider ?? {}).map(([name, given]) => [
        name,
        [given].flat().map((each) => (name === "aws" ? { ...(each as object), ...offlineProvider } : each)),
      ]),
    );
    const modules = files.filter((file) => !file.endsWith(".json"));
    this.writeJson("cdk.tf.json", {
      ...this.stack.json,
      provider,
      terraform: settings,
      ...(modules.length > 0 && {
        module: Object.fromEntries(modules.map((name) => [name, { source: `./${name}` }])),
      }),
    } satisfies TerraformJson);
    for (const [name, content] of this.stack.files) this.writeFile(name, content);
  }

  private writeJson(name: string, content: unknown): void {
    this.writeFile(name, JSON.stringify(content));
  }

  private writeFile(name: string, content: string | Buffer): void {
    const file = path.join(this.root, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  }

  private async terraform(): Promise<Terraform> {
    const { providers } = await setUp();
    const { binary } = await findTerraform();
    return async (...command) => {
      const { output } = await runCommand(binary, command, {
        cwd: this.root,
        env: { ...process.env, ...providers.environment, ...noAws },
        timeoutSeconds: 600,
      });
      return output;
    };
  }
}

type Terraform = (...command: string[]) => Promise<string>;

/** The first error of each file or module. */
async function errorsOf(
  terraform: Terraform,
  command: "validate" | "plan",
): Promise<ReadonlyMap<string, string>> {
  const output =
    command === "validate"
      ? await terraform("validate", "-json")
      : await terraform("plan", "-json", "-input=false", "-refresh=false");
  const errors = new Map<string, string>();
  for (const { severity, summary, range } of diagnosticsIn(output)) {
    if (severity !== "error") continue;
    const [file = ""] = range?.filename.split("/") ?? [];
    if (!errors.has(file)) errors.set(file, summary);
  }
  return errors;
}

/** `validate` writes one document, `plan` one line per event. */
function diagnosticsIn(output: string): readonly Diagnostic[] {
  const document = output.indexOf("{");
  const text = output.slice(Math.max(document, 0));
  if (text.startsWith("{\n")) return JSON.parse(text).diagnostics;
  return output
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .flatMap((line) => JSON.parse(line).diagnostic ?? []);
}
