import { git } from "./git";

/**
 * The losses that the branch's own commits acknowledge, each in a trailer that the branch's reviewers see:
 * `Acknowledge-Loss: dev-stack aws_dynamodb_table.items-table_1F7CDFD5`. It applies to this branch only.
 * @returns what is acknowledged, by stack
 */
export async function acknowledgementsSince(commit: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const trailers = await git(
    "the branch's commits could not be read",
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
