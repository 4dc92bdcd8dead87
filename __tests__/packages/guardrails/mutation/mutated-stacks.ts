import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type CheckOptions, type CheckResult, checkStack } from "../../../../packages/guardrails/check-stack";
import { Guardrails } from "../../../../packages/guardrails/guardrails";
import type { TerraformJson } from "../../../../packages/guardrails/stack-view";
import { type Environment, environments } from "../../../../stacks/environments";
import { accountStack } from "../../../support/account-stack";
import { serviceStacks } from "../../../support/service-stacks";
import type { SynthesizedStack } from "../../../support/synthesized-stack";
import { workerStack } from "../worker-stack";

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
    const check = (json: TerraformJson) =>
      checkStack(json, options, (source) => path.resolve(folder, source));
    return { name, json: JSON.parse(text), files, check };
  }
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
