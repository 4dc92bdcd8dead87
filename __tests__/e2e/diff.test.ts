import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, existsSync, lstatSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { application } from "../../stacks/environments";
import { ProjectCopy } from "../support/project-copy";
import { recordDeployment } from "../support/suite-usage";
import { run } from "./deployment";
import { poll, processesOf } from "./launcher";
import { linkTools } from "./tools";

const table = "aws_dynamodb_table.items-table_1F7CDFD5";

/** The environment of a pull request from a fork, which has no credentials. */
const noCredentials: NodeJS.ProcessEnv = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("AWS_"))),
  AWS_CONFIG_FILE: "/dev/null",
  AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
  AWS_EC2_METADATA_DISABLED: "true",
};

/** The tests change one branch step by step. They run in order: each continues where the previous one ended. */
describe("npm run diff without credentials", () => {
  const clone = new ProjectCopy("a clone").linkDependencies();
  const workFolder = path.join(clone.folder, ".local/diff");
  const git = (...command: string[]) =>
    run("git", ["-c", "user.name=test", "-c", "user.email=test@example.com", ...command], clone.folder);

  beforeAll(async () => {
    linkTools(clone.folder);
    // The environments belong to an account that is not the emulator's. The diff must work all the same.
    edit(
      "stacks/environments.ts",
      "const account: Account = {",
      'const account: Account = { id: "111122223333",',
    );
    await git("init", "--quiet", "--initial-branch=main");
    appendFileSync(path.join(clone.folder, ".git/info/exclude"), "node_modules\n");
    await git("add", "--all");
    await git("commit", "--quiet", "--message=Base");
    await git("switch", "--quiet", "--create=change");
  });

  afterEach(async () => {
    const { stdout } = await git("worktree", "list");

    expect(stdout.trim().split("\n")).toHaveLength(1);
    expect(existsSync(workFolder) ? readdirSync(workFolder) : []).toEqual([]);
    expect(processesOf(clone.folder, ".local/diff")).toEqual([]);
  });

  afterAll(() => clone.remove());

  it("passes a branch that changes only the lock file, and installs the base from the base's lock file", async () => {
    const lockFile = path.join(clone.folder, "package-lock.json");
    appendFileSync(lockFile, "\n");

    const ended = diff("account-stack", "--base", "main");
    const modules = path.join(workFolder, "base/node_modules");
    const installed = await poll(() => lstatSync(modules, { throwIfNoEntry: false }), 120);
    const { code, stdout } = await ended;
    await git("checkout", "--quiet", lockFile);

    expect(installed?.isDirectory()).toBe(true);
    expect(stdout).toMatch(
      /^account-stack: no changes\nPlanned against main at \w{10}, deployed to an emulator\.\n✓ passed: /,
    );
    expect(code).toBe(0);
  });

  it("removes everything it created when it is interrupted", async () => {
    const child = start("dev-stack", "--base", "main");
    const state = path.join(workFolder, "states/dev-stack.tfstate");
    // Wait until Terraform starts to deploy.
    await poll(
      () =>
        existsSync(`${state}`) || existsSync(path.join(workFolder, "states/.dev-stack.tfstate.lock.info")),
      120,
    );
    const started = existsSync(path.join(workFolder, "base/main.ts"));

    child.kill("SIGINT");
    const [code] = await once(child, "exit");

    expect({ started, code }).toEqual({ started: true, code: 130 });
  });

  it("refuses a renamed table, and passes a stack that does not change", async () => {
    edit(
      "stacks/service-stack.ts",
      'name: "items", deletionProtection',
      'name: environment.name === "dev" ? "items" : "rows", deletionProtection',
    );
    await git("commit", "--quiet", "--all", "--message=Rename the table");
    const file = path.join(clone.folder, "summary.md");

    const { code, stdout } = await diff("dev-stack", "prod-stack", "--base", "main", "--markdown", file);
    recordDeployment("the base's dev and prod, deployed for this suite alone");
    const [dev = "", prod = ""] = stdout.split("\n\n");
    const markdown = readFileSync(file, "utf8");

    expect(code).toBe(1);
    expect(dev).toMatch(/^dev-stack: no changes\n/);
    expect(prod).toContain(
      [
        `-/+ ${table}`,
        "      cannot be changed in place",
        `      name: "${application.name}-items-prod" → "${application.name}-rows-prod"`,
        "      ! its items are lost",
      ].join("\n"),
    );
    expect(prod).toMatch(/\n✗ refused, by Terraform as well: prevent_destroy/);
    expect(markdown.match(/^### .*$/gm)).toEqual(["### dev-stack: passed", "### prod-stack: refused"]);
    expect(markdown).toContain(`| replaced | \`${table}\` | **its items are lost**<br>`);
  });

  it.each([
    [
      "a stack that does not exist",
      ["qa-stack"],
      "there is no stack qa-stack: the app has dev-stack, staging-stack",
    ],
    [
      "a base that does not exist",
      ["dev-stack", "--base", "nowhere"],
      "--base nowhere is not a commit in this clone: ",
    ],
    ["no stack", [], "<stack> is missing"],
  ])(
    "names the problem with %s in its first line, and exits with 2",
    async (_, commandArguments, message) => {
      const { code, stderr } = await diff(...commandArguments);

      expect({ code, first: stderr.split("\n")[0] }).toEqual({
        code: 2,
        first: expect.stringContaining(message),
      });
    },
  );

  /** Runs the command behind `npm run diff`. npm itself would only forward the signals. */
  function start(...commandArguments: string[]) {
    const command = ["scripts/supervise.mjs", "--in=diff", "scripts/diff.ts", ...commandArguments];
    return spawn(process.execPath, command, {
      cwd: clone.folder,
      env: noCredentials,
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  async function diff(...commandArguments: string[]) {
    const child = start(...commandArguments);
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk) => {
      stdout += chunk;
    });
    child.stderr.on("data", (chunk) => {
      stderr += chunk;
    });
    const [code] = await once(child, "close");
    return { code, stdout, stderr };
  }

  function edit(file: string, from: string, to: string): void {
    const target = path.join(clone.folder, file);
    const source = readFileSync(target, "utf8");
    if (!source.includes(from)) throw new Error(`${file} does not contain ${from}`);
    writeFileSync(target, source.replace(from, to));
  }
});
