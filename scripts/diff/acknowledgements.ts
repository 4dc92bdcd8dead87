import { git } from "./git";

/**
 * What the branch's own commits acknowledge, by a trailer each, so that whoever reviews them sees it:
 * `Acknowledge-Loss: dev-stack aws_dynamodb_table.items-table_1F7CDFD5`. It ends with the branch.
 * @returns addresses by stack
 */
export async function acknowledgementsSince(commit: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const trailers = await git(
    "the branch's commits cannot be read",
    "log",
    "--format=%(trailers:key=Acknowledge-Loss,valueonly)",
    `${commit}..HEAD`,
  );
  const found = new Map<string, string[]>();
  for (const line of trailers.split("\n")) {
    const [, stack, address] = /^(\S+)\s+(\S.*)$/.exec(line.trim()) ?? [];
    if (stack && address) found.set(stack, [...(found.get(stack) ?? []), address]);
  }
  return found;
}
