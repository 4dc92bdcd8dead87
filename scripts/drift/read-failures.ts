/**
 * The resources that a Terraform command failed to read.
 * @param output of the command, without colours
 * @returns by address, the error in one line
 */
export function readFailures(output: string): ReadonlyMap<string, string> {
  const failures = new Map<string, string>();
  for (const block of output.split(/^╷$/m).slice(1)) {
    const text = block
      .split("\n")
      .map((line) => line.replace(/^[│╵]\s?/, "").trim())
      .filter((line) => line !== "");
    if (!text[0]?.startsWith("Error: ")) continue;
    // Without a configuration, Terraform names the resource alone: "with aws_sqs_queue.queue,".
    const address = text
      .map((line) => /^with ([\w-]+\.[\w-]+(?:\[[^\]]+\])?)[,.]?$/.exec(line)?.[1])
      .find(Boolean);
    if (!address) continue;
    const [error = "", ...rest] = text.filter((line) => !/^(?:with |on \S+ line|\d+:)/.test(line));
    failures.set(address, [error.replace(/^Error: /, ""), ...rest].join(" "));
  }
  return failures;
}
