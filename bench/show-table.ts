/** Prints a Markdown table for bench/README.md, with numbers aligned to the right. */
export function showTable(header: readonly string[], rows: readonly (readonly string[])[]): void {
  const lines = [header, header.map((_, index) => (index === 0 ? "---" : "--:")), ...rows];
  process.stdout.write(`\n${lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n")}\n`);
}
