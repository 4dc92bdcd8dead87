import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { buildSync } from "esbuild";
import { ProjectCopy } from "../support/project-copy";

/** Every command of package.json whose program loads environments.ts, and main.ts, which cdktf runs. */
const commands = [
  ["cdktf", ["scripts/run.mjs", "main.ts"]] as const,
  ...commandsThatRead("stacks/environments.ts"),
];

describe("with mistakes in environments.ts", () => {
  const copy = new ProjectCopy().linkDependencies();

  beforeAll(() => {
    const file = path.join(copy.folder, "stacks/environments.ts");
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replace('name: "dev",', 'name: "dev", alarmEmail: "x", region: "eu-west",'));
  });

  afterAll(() => copy.remove());

  it("are looked for in every command that reads it", () => {
    expect(commands.map(([name]) => name)).toEqual(
      expect.arrayContaining(["npm run start", "npm run diff", "npm run destroy", "npm run plan-guard"]),
    );
  });

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

function commandsThatRead(file: string): readonly (readonly [name: string, command: readonly string[]])[] {
  const { scripts }: { readonly scripts: Readonly<Record<string, string>> } = JSON.parse(
    readFileSync("package.json", "utf8"),
  );
  return Object.entries(scripts)
    .map(([name, script]) => [`npm run ${name}`, script.split(" ").slice(1)] as const)
    .filter(([, command]) => {
      const entry = command.find((part) => part.endsWith(".ts"));
      return entry && file in inputsOf(entry);
    });
}

/** The files that a program consists of. */
function inputsOf(entry: string): Readonly<Record<string, unknown>> {
  const { metafile } = buildSync({
    entryPoints: [entry],
    bundle: true,
    packages: "external",
    platform: "node",
    write: false,
    metafile: true,
    logLevel: "error",
  });
  return metafile.inputs;
}
