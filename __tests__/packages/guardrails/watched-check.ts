import { type CheckOptions, checkStack, type Violation } from "../../../packages/guardrails/check-stack";
import { PackageReader, type SourceLocator } from "../../../packages/guardrails/package-reader";
import { allRules } from "../../../packages/guardrails/rules/all-rules";
import { Resource, StackView, type TerraformJson } from "../../../packages/guardrails/stack-view";

/** What each rule found in a stack, and what it read to find it. */
export interface WatchedCheck {
  readonly violations: readonly Violation[];
  /**
   * By rule: `aws_sqs_queue.jobs.name` for an attribute, `aws_sqs_queue.jobs` and the construct's path for its
   * resource, `aws_sqs_queue` for its type, `terraform.backend` for a section other than resources.
   */
  readonly read: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Checks a stack as a synth does, and records what each rule reads. */
export function watchedCheck(
  json: TerraformJson,
  options: CheckOptions,
  locate: SourceLocator,
): WatchedCheck {
  const read = new Map(allRules.map(({ id }) => [id, new Set<string>()]));
  let reads: Set<string> | undefined;
  const record = (...names: readonly string[]) => {
    for (const name of names) reads?.add(name);
  };
  const { raw, written } = Resource.prototype;
  const { all } = StackView.prototype;
  const { filesOf } = PackageReader.prototype;
  const readOfPackages = new Map<Resource, Set<string>>();
  const restore = [
    replace(Resource.prototype, "raw", function (this: Resource, path) {
      record(this.path, this.address, `${this.address}.${path.split(".")[0]}`);
      // It calls written() for all attributes, but the rule sees only one of them.
      const outer = reads;
      reads = undefined;
      const value = raw.call(this, path);
      reads = outer;
      return value;
    }),
    replace(Resource.prototype, "written", function (this: Resource) {
      const attributes = written.call(this);
      record(this.path, this.address, ...Object.keys(attributes).map((name) => `${this.address}.${name}`));
      return attributes;
    }),
    replace(StackView.prototype, "all", function (this: StackView, ...types: string[]) {
      record(...types);
      return all.apply(this, types);
    }),
    replace(PackageReader.prototype, "filesOf", function (this: PackageReader, lambda) {
      // A function's files are read once, for all rules that need them.
      const outer = reads;
      reads = readOfPackages.get(lambda) ?? new Set();
      const files = filesOf.call(this, lambda);
      readOfPackages.set(lambda, reads);
      const ofPackage = reads;
      reads = outer;
      record(...ofPackage);
      return files;
    }),
    ...allRules.map((rule) => {
      const { check } = rule;
      return replace(rule, "check", (input) => {
        reads = read.get(rule.id);
        try {
          return check(input);
        } finally {
          reads = undefined;
        }
      });
    }),
  ];
  try {
    const { terraform, provider } = json;
    const watchedJson = {
      ...json,
      ...(terraform && { terraform: watched(terraform, "terraform", record) }),
      ...(provider && { provider: watched(provider, "provider", record) }),
    };
    return { violations: checkStack(watchedJson, options, locate).violations, read };
  } finally {
    for (const undo of restore) undo();
  }
}

/** @returns a function that restores the method */
function replace<T extends object, K extends keyof T>(target: T, name: K, by: T[K]): () => void {
  const original = target[name];
  target[name] = by;
  return () => {
    target[name] = original;
  };
}

/** Records which parts of a section are read. */
function watched<T extends object>(section: T, name: string, record: (name: string) => void): T {
  return new Proxy(section, {
    get(target, part, receiver) {
      record(`${name}.${String(part)}`);
      return Reflect.get(target, part, receiver);
    },
  });
}
