import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { CheckOptions } from "../../../packages/guardrails/check-stack";
import type { TerraformJson } from "../../../packages/guardrails/stack-view";
import { environments } from "../../../stacks/environments";
import { guardrails } from "../../../stacks/guardrails";
import { accountStack } from "../../support/account-stack";
import { serviceStack } from "../../support/service-stacks";
import type { Edit } from "./edit";
import { type WatchedCheck, watchedCheck } from "./watched-check";
import { workerStack } from "./worker-stack";

/** `promised` is prod with its promises. The others have none, so that each rule is tried on its own. */
export type GoodStackName = "prod" | "promised" | "worker" | "account";

const [, , prod] = environments;
const noEdit: Edit = () => undefined;

function withoutPromises(text: string): string {
  const json = JSON.parse(text) as { "//": { metadata: { promises?: unknown } } };
  delete json["//"].metadata.promises;
  return JSON.stringify(json);
}

/** The stacks that faults are planted in, as written, and the options of their guardrails. */
export class GoodStacks {
  private readonly folder = mkdtempSync(path.join(tmpdir(), "good-stack-"));
  private readonly texts: Readonly<Record<GoodStackName, string>> = {
    prod: withoutPromises(serviceStack("prod").text),
    promised: serviceStack("prod").text,
    account: withoutPromises(accountStack().text),
    worker: JSON.stringify(workerStack),
  };
  private readonly options: Readonly<Record<GoodStackName, CheckOptions>> = {
    prod: guardrails(prod),
    promised: guardrails(prod),
    account: { accountWide: true },
    worker: {},
  };
  private readonly checks = new Map<GoodStackName | Edit, WatchedCheck>();

  constructor() {
    for (const [name, content] of serviceStack("prod").files) {
      mkdirSync(path.dirname(path.join(this.folder, name)), { recursive: true });
      writeFileSync(path.join(this.folder, name), content);
    }
  }

  /** A copy of a good stack, with an edit applied. */
  json(name: GoodStackName, edit: Edit = noEdit): TerraformJson {
    const json: TerraformJson = JSON.parse(this.texts[name]);
    edit(json);
    return json;
  }

  /** What the rules find and read in a stack. Each edit is checked once. */
  check(name: GoodStackName, edit: Edit = noEdit): WatchedCheck {
    const key = edit === noEdit ? name : edit;
    const locate = (source: string) => path.resolve(this.folder, source);
    const check = this.checks.get(key) ?? watchedCheck(this.json(name, edit), this.options[name], locate);
    this.checks.set(key, check);
    return check;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
