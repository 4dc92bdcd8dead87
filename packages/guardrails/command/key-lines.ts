/**
 * The line of every block in a stack's JSON, from 1, by address: `aws_sqs_queue.jobs`, `data.archive_file.zip`. A
 * resource's line is where its logical id is written.
 */
export function blockLines(json: string): ReadonlyMap<string, number> {
  const lines = new Map<string, number>();
  const path: string[] = [];
  let depth = 0;
  let line = 1;
  let from = 0;
  for (const token of json.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\]]/g)) {
    const [text, colon] = token;
    if (text === "{" || text === "[") depth += 1;
    else if (text === "}" || text === "]") depth -= 1;
    else if (colon !== undefined && depth <= 3) {
      for (let at = from; at < token.index; at++) if (json[at] === "\n") line += 1;
      from = token.index;
      path[depth - 1] = JSON.parse(text.slice(0, -colon.length));
      const [section = "", type = "", id = ""] = path;
      if (depth !== 3 || (section !== "resource" && section !== "data")) continue;
      lines.set(`${section === "data" ? "data." : ""}${type}.${id}`, line);
    }
  }
  return lines;
}
