import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

const folders = [
  ".github",
  "__tests__",
  "bench",
  "constructs",
  "docs",
  "engines",
  "lambda-src",
  "packages",
  "scripts",
  "stacks",
];

const documents = [
  ...readdirSync("."),
  ...folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true }).map((file) => path.join(folder, `${file}`)),
  ),
]
  .filter((file) => file.endsWith(".md") && !file.includes("node_modules"))
  // It names what was, too.
  .filter((file) => file !== "CHANGELOG.md");

const { scripts } = JSON.parse(readFileSync("package.json", "utf8"));

describe("the documents", () => {
  it("are all found", () => {
    expect(documents).toEqual(
      expect.arrayContaining(["README.md", "docs/runbook.md", "packages/laptop/README.md"]),
    );
  });

  it.each(documents)("%s names only files, links and commands that exist", (document) => {
    expect(problemsOf(readFileSync(document, "utf8"), path.dirname(document))).toEqual([]);
  });

  it.each([
    ["a file that has moved", "See `constructs/guardrails/rule.ts`."],
    ["a folder that has gone", "Gaps are in `local/gaps/` and `packages/laptop/holes/`."],
    ["a link that leads nowhere", "[the runbook](docs/run-book.md)"],
    ["a link with an anchor that leads nowhere", "[alarms](docs/runbok.md#alarms)"],
    ["a command that npm does not know", "Run `npm run verfy -- dev-stack`."],
    ["a command in a shell block that npm does not know", "```sh\nnpm run bench:everything\n```"],
  ])("are refused with %s", (_, text) => {
    expect(problemsOf(text, ".")).not.toEqual([]);
  });

  it.each([
    ["a file and a folder", "`stacks/environments.ts` and `constructs/`"],
    ["a place to fill in", "`packages/laptop/gaps/<gap>.ts`, `__tests__/e2e/*.test.ts`, `docs/{a,b}.md`"],
    ["a line of a file", "`constructs/items-table.ts:25`"],
    ["a link to a part of a page", "[alarms](docs/runbook.md#alarms), [outside](https://example.com/x.md)"],
    ["known commands", "`npm run verify`, `npm run diff -- dev-stack`, `npm start`"],
  ])("pass with %s", (_, text) => {
    expect(problemsOf(text, ".")).toEqual([]);
  });
});

function problemsOf(text: string, folder: string): readonly string[] {
  const links = [...text.matchAll(/\]\(([^)\s#]+)(?:#[^)]*)?\)/g)]
    .map(([, target = ""]) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .filter((target) => !existsSync(path.join(folder, target)));
  const paths = [...text.matchAll(/`([\w.@-]+\/[\w./@-]*)(?::\d+)?`/g)]
    .map(([, target = ""]) => target)
    .filter((target) => [...folders, "local"].includes(target.split("/")[0] ?? ""))
    .filter((target) => !existsSync(target) && !existsSync(`${target}.ts`));
  const commands = [...text.matchAll(/\bnpm run (?:--silent )?([a-z][\w:-]*)/g)]
    .map(([, name = ""]) => name)
    .filter((name) => !(name in scripts));
  return [...links, ...paths, ...commands.map((name) => `npm run ${name}`)];
}
