import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { TerraformJson } from "../../packages/guardrails/stack-view";
import { findTerraform } from "../../packages/laptop/set-up/requirements";
import { setUp } from "../../packages/laptop/set-up/set-up";
import { runCommand } from "../../packages/terminal/run-command";
import type { Edit } from "../packages/guardrails/edit";
import { faults } from "../packages/guardrails/faults";
import { accountStack } from "../support/account-stack";
import { serviceStack, serviceStacks } from "../support/service-stacks";

interface Diagnostic {
  readonly severity: "error" | "warning";
  readonly summary: string;
  readonly detail?: string;
  readonly range?: { readonly filename: string };
}

const folder = mkdtempSync(path.join(tmpdir(), "faults-"));
const good = [accountStack(), ...serviceStacks()];
const validated = faults.filter(({ caughtBy }) => caughtBy === "terraform validate");
const planned = faults.filter(({ caughtBy }) => caughtBy === "plan");
let terraform: (cwd: string, ...command: string[]) => Promise<{ exitCode: number; output: string }>;

/** A stack with a fault planted in it. It has no backend, so Terraform neither reads nor writes remote state. */
function withFault(plant: Edit = () => undefined, stack = serviceStack("prod")): TerraformJson {
  const json: TerraformJson = JSON.parse(stack.text);
  plant(json);
  const { backend: _, ...settings } = json.terraform ?? {};
  return { ...json, terraform: settings };
}

function write(name: string, content: unknown): void {
  mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
  writeFileSync(
    path.join(folder, name),
    content instanceof Buffer ? content : JSON.stringify(content, undefined, 1),
  );
}

beforeAll(async () => {
  const { providers } = await setUp();
  const { binary } = await findTerraform();
  terraform = (cwd, ...command) =>
    runCommand(binary, command, {
      cwd,
      env: { ...process.env, ...providers.environment, CHECKPOINT_DISABLE: "1" },
      timeoutSeconds: 300,
    });
});

afterAll(() => rmSync(folder, { recursive: true }));

describe("terraform validate", () => {
  /** Errors by module. Each fault has its own module, so that one run, which starts the providers once, covers all. */
  const errors = new Map<string, Diagnostic[]>();

  beforeAll(async () => {
    const modules = {
      ...Object.fromEntries(good.map((stack) => [stack.name, withFault(undefined, stack)])),
      ...Object.fromEntries(validated.map(({ plant }, index) => [`fault${index}`, withFault(plant)])),
    };
    for (const [name, { provider: _, ...json }] of Object.entries(modules))
      write(`validate/${name}/cdk.tf.json`, json);
    write("validate/main.tf.json", {
      module: Object.fromEntries(Object.keys(modules).map((name) => [name, { source: `./${name}` }])),
    });
    const cwd = path.join(folder, "validate");
    const init = await terraform(cwd, "init", "-backend=false", "-input=false", "-no-color");
    if (init.exitCode !== 0) throw new Error(init.output);
    const { output } = await terraform(cwd, "validate", "-json");
    const { diagnostics }: { diagnostics: Diagnostic[] } = JSON.parse(output.slice(output.indexOf("{")));
    for (const diagnostic of diagnostics) {
      if (diagnostic.severity !== "error") continue;
      const name = path.dirname(diagnostic.range?.filename ?? "");
      errors.set(name, [...(errors.get(name) ?? []), diagnostic]);
    }
  });

  it.each(good.map(({ name }) => name))("finds no errors in %s", (name) => {
    expect(errors.get(name) ?? []).toEqual([]);
  });

  it.each(validated.map(({ fault }, index) => [fault, `fault${index}`]))("catches %s", (_, name) => {
    expect(errors.get(name) ?? []).not.toEqual([]);
  });
});

describe("terraform plan", () => {
  it.each(planned)("catches $fault", async ({ plant }) => {
    const { exitCode, output } = await plan("fault", plant);

    expect(exitCode).toBe(1);
    expect(output).toContain("Error: ");
  });

  it("packages the functions of the good stack", async () => {
    const { exitCode, output } = await plan("good");

    expect([exitCode, output]).toEqual([0, expect.any(String)]);
  });

  /** Plans the data sources only: they read local files, and everything else would call AWS. */
  async function plan(name: string, plant?: Edit): Promise<{ exitCode: number; output: string }> {
    const { data, terraform: settings } = withFault(plant);
    const { required_providers: required } = settings as { required_providers: Record<string, unknown> };
    const archive = { required_providers: { archive: required.archive } };
    write(`plan-${name}/cdk.tf.json`, { data, terraform: archive });
    for (const [file, content] of serviceStack("prod").files) write(`plan-${name}/${file}`, content);
    const cwd = path.join(folder, `plan-${name}`);
    await terraform(cwd, "init", "-input=false", "-no-color");
    return terraform(cwd, "plan", "-input=false", "-no-color");
  }
});
