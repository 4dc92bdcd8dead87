import { attributeAt, type StackPromise } from "../promise";
import type { Rule } from "../rule";
import { differencesOf } from "../same-meaning";
import { asRecord, type StackView } from "../stack-view";

/** The promises that a stack's own constructs declared: `promise` puts them into the stack's metadata. */
function promisesIn(stack: StackView): readonly StackPromise[] {
  const metadata = asRecord(asRecord(stack.json["//"])?.metadata);
  return Object.values(asRecord(metadata?.promises) ?? {}) as StackPromise[];
}

/** A stack lists all providers of a kind, one for each Region. A promise is about those that were there. */
function sameProviders(promised: unknown, written: unknown): unknown {
  if (!Array.isArray(promised) || !Array.isArray(written)) return written;
  const aliases = promised.map((provider) => asRecord(provider)?.alias);
  return written.filter((provider) => aliases.includes(asRecord(provider)?.alias));
}

export const promiseRules: readonly Rule[] = [
  {
    id: "stack-promises-kept",
    group: "stack",
    demands: "Every resource is what its construct promises with `Guardrails.promise`",
    why: "Other resources, the code and the people on call rely on it. An override or an aspect that changes it breaks them without any error at apply.",
    fix: "Remove the override, or change the construct, and with it what it promises.",
    mirrors: [],
    check: ({ stack }) =>
      promisesIn(stack).flatMap(({ resource: address, path, because, attributes }) => {
        const resource = stack.find(address);
        if (address && !resource) return [{ found: `${path} is absent, but ${because}` }];
        const written = (name: string, value: unknown) =>
          resource ? resource.raw(name) : sameProviders(value, attributeAt(stack.json, name));
        return Object.entries(attributes)
          .flatMap(([name, value]) => differencesOf(stack, name, value, written(name, value)))
          .map((found) => ({ ...(resource && { resource }), found: `${found}, but ${because}` }));
      }),
  },
];
