import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  type CheckOptions,
  type CheckResult,
  checkStack,
  type Severity,
} from "../../../../packages/guardrails/check-stack";
import { Guardrails } from "../../../../packages/guardrails/guardrails";
import type { SourceLocator } from "../../../../packages/guardrails/package-reader";
import { allRules } from "../../../../packages/guardrails/rules/all-rules";
import type { TerraformJson } from "../../../../packages/guardrails/stack-view";
import { type Environment, environments } from "../../../../stacks/environments";
import { accountStack } from "../../../support/account-stack";
import { serviceStacks } from "../../../support/service-stacks";
import type { SynthesizedStack } from "../../../support/synthesized-stack";
import { watchedCheck } from "../watched-check";
import { workerStack } from "../worker-stack";
import type { Mutant } from "./mutants";

const [, , prod] = environments;
const certificateArn = "arn:aws:acm:eu-west-1:111122223333:certificate/a";

/** Everything that an environment can have. */
const everything: Environment = {
  ...prod,
  name: "everything",
  allowedOrigin: "https://app.example.com",
  trustedAccountIds: ["222233334444"],
  domain: { name: "api.example.com", certificateArn, hostedZoneId: "Z1" },
  customerKey: true,
  webAcl: true,
  deletionProtection: true,
  alarmEmails: ["ops@example.com", "lead@example.com"],
  budget: { monthlyUsd: 50, email: "ops@example.com" },
};

export interface MutatedStack {
  readonly name: string;
  readonly json: TerraformJson;
  /** The stack's other files, by their path in its folder. */
  readonly files: ReadonlyMap<string, Buffer>;
  readonly check: (json: TerraformJson) => CheckResult;
  /** Checks a mutant with only the rules that read what was mutated: no other rule can change its mind. */
  readonly checkMutant: (mutant: Mutant) => CheckResult;
}

/** Every stack that is mutated, with the options of its guardrails. */
export class MutatedStacks {
  private readonly folder = mkdtempSync(path.join(tmpdir(), "mutated-"));
  readonly all: readonly MutatedStack[];

  constructor() {
    const pipelineAccess = { issuer: "token.actions.githubusercontent.com", subject: "repo:example/app:*" };
    const { made, options } = recordingOptions(() => [
      ...serviceStacks([...environments, everything]),
      accountStack({ pipelineAccess }),
    ]);
    this.all = [
      ...made.map((stack) => this.stack(stack, options.get(stack.name))),
      this.stack({ name: "worker", text: JSON.stringify(workerStack), files: new Map() }, {}),
    ];
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  private stack(
    { name, text, files }: Pick<SynthesizedStack, "name" | "text" | "files">,
    options: CheckOptions | undefined,
  ): MutatedStack {
    if (!options) throw new Error(`${name} has no guardrails`);
    const folder = path.join(this.folder, name);
    for (const [file, content] of files) {
      mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      writeFileSync(path.join(folder, file), content);
    }
    const json: TerraformJson = JSON.parse(text);
    const locate = (source: string) => path.resolve(folder, source);
    const check = (changed: TerraformJson) => checkStack(changed, options, locate);
    const reads = readsOf(json, options, locate);
    const checkMutant = (mutant: Mutant) =>
      checkStack(mutant.json(), onlyReaders(options, reads, mutant), locate);
    return { name, json, files, check, checkMutant };
  }
}

type Reads = ReadonlyMap<string, ReadonlySet<string>>;

/** What each rule reads in a good stack, on its own: what one rule has read, another might not read again. */
function readsOf(json: TerraformJson, options: CheckOptions, locate: SourceLocator): Reads {
  return new Map(
    allRules.map(({ id }) => {
      const { read } = watchedCheck(json, { ...options, severities: allBut([id]), suppressions: [] }, locate);
      return [id, read.get(id) ?? new Set()];
    }),
  );
}

function onlyReaders(options: CheckOptions, reads: Reads, { address, path: changed }: Mutant): CheckOptions {
  const [attribute] = changed;
  const suppressed = new Set(options.suppressions?.map(({ rule }) => rule));
  const isSection = /^(locals|output|provider|terraform)\b/.test(address);
  if (attribute === undefined || isSection) return options;
  const readers = allRules
    .map(({ id }) => id)
    .filter((id) => suppressed.has(id) || reads.get(id)?.has(`${address}.${attribute}`));
  return { ...options, severities: allBut(readers) };
}

function allBut(readers: readonly string[]): Readonly<Record<string, Severity>> {
  const off = allRules.map(({ id }) => id).filter((id) => !readers.includes(id));
  return Object.fromEntries(off.map((id) => [id, "off" as const]));
}

/** The options that each stack gives its guardrails. */
function recordingOptions<T>(make: () => T): {
  readonly made: T;
  readonly options: ReadonlyMap<string, CheckOptions>;
} {
  const { apply } = Guardrails;
  const options = new Map<string, CheckOptions>();
  Guardrails.apply = (stack, given = {}) => {
    options.set(stack.node.id, given);
    apply(stack, given);
  };
  try {
    return { made: make(), options };
  } finally {
    Guardrails.apply = apply;
  }
}
