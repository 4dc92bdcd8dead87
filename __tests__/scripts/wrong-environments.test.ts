import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ProjectCopy } from "../support/project-copy";

/** Every command that reads environments.ts, and what runs it. */
const commands = [
  ["what cdktf runs", ["scripts/run.mjs", "main.ts"]],
  ["npm start", ["scripts/supervise.mjs", "scripts/start.ts"]],
  ["npm run bootstrap", ["scripts/run.mjs", "scripts/bootstrap.ts"]],
  ["npm run doctor", ["scripts/run.mjs", "scripts/doctor.ts"]],
  ["npm run diff", ["scripts/supervise.mjs", "--in=diff", "scripts/diff.ts", "dev-stack"]],
  ["npm run outputs", ["scripts/run.mjs", "scripts/outputs.ts", "dev-stack"]],
  ["npm run state", ["scripts/run.mjs", "scripts/state.ts", "list", "dev-stack"]],
  ["npm run verify", ["scripts/run.mjs", "scripts/verify.ts", "dev-stack"]],
] as const;

describe("with mistakes in environments.ts", () => {
  const copy = new ProjectCopy().linkDependencies();

  beforeAll(() => {
    const file = path.join(copy.folder, "stacks/environments.ts");
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replace('name: "dev",', 'name: "dev", alarmEmail: "x", region: "eu-west",'));
  });

  afterAll(() => copy.remove());

  it.each(commands)("%s shows them all, without a stack trace, and does nothing", async (_, given) => {
    const { code, output } = await runNode(given, copy.folder);

    expect({ code, output }).toEqual({
      code: 2,
      output: [
        '✗ environment "dev": region must be an AWS Region listed in stacks/aws-regions.ts, such as eu-west-1, got "eu-west"',
        'environment "dev": alarmEmail is not a setting; did you mean alarmEmails?\n',
      ].join("\n"),
    });
  });
});

function runNode(given: readonly string[], cwd: string): Promise<{ code: unknown; output: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, given, { cwd }, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, output: stdout + stderr }),
    );
  });
}
