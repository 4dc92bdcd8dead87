/** The parts of a line of `terraform apply -json` that tell what could not be read. */
interface Event {
  readonly type?: string;
  readonly hook?: { readonly resource?: { readonly addr?: string }; readonly id_value?: string };
  readonly diagnostic?: { readonly severity?: string; readonly summary?: string; readonly detail?: string };
}

/**
 * The resources that Terraform began to read and did not finish. Its errors do not name a resource that has no
 * configuration, so each error is assigned by the resource's id, if it has that.
 * @param output of `terraform apply -json`
 * @returns by address, the error in one line
 */
export function readFailures(output: string): ReadonlyMap<string, string> {
  const begun = new Map<string, string>();
  for (const { type, hook } of eventsIn(output)) {
    const address = hook?.resource?.addr;
    if (!address) continue;
    if (type === "refresh_start") begun.set(address, hook?.id_value ?? "");
    if (type === "refresh_complete") begun.delete(address);
  }
  const errors = errorsIn(output);
  return new Map(
    [...begun].map(([address, id]) => {
      const own = errors.filter((error) => id !== "" && error.includes(id));
      return [address, (own.length > 0 ? own : errors).join("; ")];
    }),
  );
}

/** The errors that a command with `-json` printed, each in one line. Those it printed otherwise are left out. */
export function errorsIn(output: string): readonly string[] {
  const errors = eventsIn(output)
    .map(({ diagnostic }) => diagnostic)
    .filter((diagnostic) => diagnostic?.severity === "error")
    .map((diagnostic) => [diagnostic?.summary, diagnostic?.detail].filter(Boolean).join(": "));
  return [...new Set(errors.map((error) => error.replace(/\s+/g, " ").replace(/, RequestID: [\w-]+/g, "")))];
}

function eventsIn(output: string): readonly Event[] {
  return output.split("\n").flatMap((line) => {
    if (!line.startsWith("{")) return [];
    try {
      return [JSON.parse(line) as Event];
    } catch {
      return [];
    }
  });
}
