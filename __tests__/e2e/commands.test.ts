import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ScanCommand } from "@aws-sdk/client-dynamodb";
import { ListRulesCommand } from "@aws-sdk/client-eventbridge";
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { ListQueuesCommand } from "@aws-sdk/client-sqs";
import type { Finding } from "../../scripts/lib/finding";
import { clientsOf } from "../../scripts/verify/clients";
import { campaignProgress, campaignSize, isCampaign } from "../support/campaign";
import { ProjectCopy } from "../support/project-copy";
import { clientConfig, run } from "./deployment";
import { type Fault, faults, groupsOf, lastingFaults } from "./faults";
import { Launcher, processesOf } from "./launcher";
import { linkTools } from "./tools";

const stateBucket = "example-serverless-app-terraform-state";
/** As Terraform writes one. */
const lock = {
  ID: "5b2f1f0e-0000-4000-8000-000000000000",
  Operation: "OperationTypeApply",
  Info: "",
  Who: "somebody@elsewhere",
  Version: "1.10.0",
  Created: "2026-01-01T00:00:00Z",
  Path: "example-serverless-app-terraform-state/dev-stack/terraform.tfstate",
};

/** The commands around one deployment of dev, in order: each test goes on where the one before ended. */
describe("the commands around a deployment", () => {
  const clone = new ProjectCopy("clone").linkDependencies();
  let launcher: Launcher;

  const local = (...command: string[]): Promise<Finished> =>
    run("npm", ["run", "--silent", "local", "--", ...command], clone.folder).then(
      ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
      (failed: Finished) => failed,
    );
  const npm = (name: string, ...given: string[]) => local("npm", "run", "--silent", name, "--", ...given);

  beforeAll(async () => {
    linkTools(clone.folder);
    launcher = new Launcher(clone.folder);
    await launcher.waitFor(/Ctrl-C stops it/, 500);
  });

  afterAll(async () => {
    await launcher?.interrupt();
    expect(processesOf(clone.folder)).toEqual([]);
    clone.remove();
  });

  describe("npm run doctor", () => {
    it("finds in an account without a bootstrap what would fail, and how to mend it", async () => {
      const { code, stdout } = await npm("doctor", "--json");

      const { findings }: { readonly findings: readonly Finding[] } = JSON.parse(stdout);
      expect(code).toBe(1);
      expect(findings.filter(({ verdict }) => verdict !== "passed")).toEqual([
        expect.objectContaining({
          check: "API Gateway's log role",
          verdict: "failed",
          remedy: "npm run bootstrap",
        }),
      ]);
    });

    it("finds a state bucket that keeps no versions, and a lock that is held", async () => {
      const s3 = new S3Client(clientConfig(launcher));
      const keep = (Status: "Enabled" | "Suspended") =>
        s3.send(new PutBucketVersioningCommand({ Bucket: stateBucket, VersioningConfiguration: { Status } }));
      const Key = "prod-stack/terraform.tfstate.tflock";
      await s3.send(new PutObjectCommand({ Bucket: stateBucket, Key, Body: JSON.stringify(lock) }));
      await keep("Suspended");

      const { stdout } = await npm("doctor");
      await keep("Enabled");
      await s3.send(new DeleteObjectCommand({ Bucket: stateBucket, Key }));

      expect(stdout).toMatch(/^✗ state bucket: versioning .*\n +→ npm run bootstrap/m);
      expect(stdout).toMatch(/^! state: held locks .*prod-stack by somebody@elsewhere since 2026-01-01/m);
    });

    it("says once that AWS does not answer", async () => {
      const nowhere = ["env", "AWS_ENDPOINT_URL=http://127.0.0.1:1", "npm", "run", "--silent", "doctor"];
      const { code, stdout } = await local(...nowhere);

      expect({ code, failed: stdout.match(/^✗ .*$/gm) }).toEqual({
        code: 1,
        failed: [expect.stringContaining("http://127.0.0.1:1 does not answer (ECONNREFUSED)")],
      });
    });
  });

  describe("npm run outputs", () => {
    it("shows what the stack says of itself, for a person and for a machine", async () => {
      const table = await npm("outputs", "dev-stack");
      const json = await npm("outputs", "dev-stack", "--json");

      const outputs: Readonly<Record<string, string>> = JSON.parse(json.stdout);
      expect(outputs["table-name"]).toBe("serverless-app-items-dev");
      expect(
        table.stdout
          .trim()
          .split("\n")
          .map((line) => line.split(/ {2,}/)),
      ).toEqual(Object.entries(outputs));
    });

    it.each([
      ["a stack that is not deployed", ["prod-stack"], "prod-stack has no state in "],
      [
        "a stack that there is not",
        ["qa-stack"],
        "the app has dev-stack, staging-stack, prod-stack, account-stack",
      ],
      ["no stack", [], "<stack> is missing"],
      ["an unknown option", ["dev-stack", "--yaml"], "Unknown option '--yaml'"],
    ])("says in its first line what is wrong with %s, and exits with 2", async (_, given, message) => {
      const { code, stderr } = await npm("outputs", ...given);

      expect({ code, first: stderr.split("\n")[0] }).toEqual({
        code: 2,
        first: expect.stringContaining(message),
      });
    });
  });

  describe("npm run plan-guard and npm run diff", () => {
    const file = path.join(clone.folder, "stacks/service-stack.ts");
    const source = readFileSync(file, "utf8");
    const table = "aws_dynamodb_table.items-table_1F7CDFD5";
    const git = (...command: string[]) =>
      run("git", ["-c", "user.name=test", "-c", "user.email=test@example.com", ...command], clone.folder);

    beforeAll(async () => {
      await git("init", "--quiet", "--initial-branch=main");
      await git("add", "--all", ":!node_modules");
      await git("commit", "--quiet", "--message=Base");
      await git("switch", "--quiet", "--create=change");
    });

    afterAll(() => writeFileSync(file, source));

    it("pass what is deployed as it is, and leave a plan that can be applied", async () => {
      const guarded = await npm("plan-guard", "dev-stack");
      const planned = await npm("diff", "dev-stack");
      const applied = await local(
        "terraform",
        "-chdir=cdktf.out/stacks/dev-stack",
        "apply",
        "-no-color",
        "plan",
      );

      expect([guarded.code, guarded.stdout]).toEqual([0, expect.stringMatching(/^dev-stack: no changes\n✓/)]);
      expect([planned.code, planned.stdout]).toEqual([
        0,
        expect.stringMatching(
          /^dev-stack: no changes\nPlanned against the state in example-serverless-app-terraform-state\.\n✓/,
        ),
      ]);
      expect(applied.stdout).toContain("Apply complete! Resources: 0 added, 0 changed, 0 destroyed.");
    });

    it("refuse a renamed table, until it is acknowledged", async () => {
      writeFileSync(
        file,
        source.replace('name: "items", deletionProtection', 'name: "rows", deletionProtection'),
      );
      await git("commit", "--quiet", "--all", "--message=Rename the table");

      const guarded = await npm("plan-guard", "dev-stack", "--json");
      const planned = await npm("diff", "dev-stack");
      const acknowledged = await npm("plan-guard", "dev-stack", "--acknowledge", table);

      expect([guarded.code, JSON.parse(guarded.stdout)]).toEqual([
        1,
        expect.objectContaining({ refused: [table] }),
      ]);
      expect([planned.code, planned.stdout]).toEqual([
        1,
        expect.stringContaining("✗ refused: 1 resource would be lost."),
      ]);
      expect([acknowledged.code, acknowledged.stdout]).toEqual([
        0,
        expect.stringContaining(`✓ passed: ${table} acknowledged`),
      ]);
    });

    it("take a commit's trailer for an acknowledgement of its stack", async () => {
      await git(
        "commit",
        "--quiet",
        "--allow-empty",
        "--message",
        "Mean it",
        "--message",
        `Acknowledge-Loss: dev-stack ${table}`,
      );

      const planned = await npm("diff", "dev-stack");

      expect([planned.code, planned.stdout]).toEqual([
        0,
        expect.stringContaining(`✓ passed: ${table} acknowledged`),
      ]);
    });

    it("say that nothing is behind credentials that cannot be had", async () => {
      const { code, stderr } = await local(
        "env",
        "-u",
        "AWS_ACCESS_KEY_ID",
        "AWS_PROFILE=nobody",
        "npm",
        "run",
        "--silent",
        "diff",
        "--",
        "dev-stack",
      );

      expect([code, stderr]).toEqual([
        2,
        expect.stringContaining("AWS_PROFILE is set, but there are no credentials: "),
      ]);
    });
  });

  describe("npm run verify", () => {
    it("proves the deployment, and says what could not be checked here and why", async () => {
      const { code, report } = await verify();

      const unchecked = report.findings.filter(({ verdict }) => verdict === "unchecked");
      expect(report.findings.filter(({ verdict }) => verdict === "failed")).toEqual([]);
      expect({ code, passed: report.passed }).toEqual({ code: 0, passed: true });
      expect(unchecked.map(({ check }) => check)).toEqual(["alarms/ok", "alarms/subscribers"]);
      expect(await leftovers()).toEqual({ rules: [], queues: [], rows: 0 });
    });

    it("writes a comment for a pull request", async () => {
      const { stdout } = await npm("verify", "dev-stack", "--markdown", "--except", "failures/");

      expect(stdout).toMatch(
        /^### dev-stack: verified\n\n\d+ passed, 0 failed, 3 could not be checked in \d+ s\./,
      );
      expect(stdout).toContain("| - | `failures/dead-letter` | skipped by --except |");
      expect(stdout).toMatch(/\| ✓ \| `api\/create` \| 3 items created \|/);
    });

    it("removes what it has made when it is interrupted", async () => {
      const environment = JSON.parse(
        readFileSync(path.join(clone.folder, ".local/environment.json"), "utf8"),
      );
      const child = spawn(process.execPath, ["scripts/run.mjs", "scripts/verify.ts", "dev-stack"], {
        cwd: clone.folder,
        env: { ...process.env, ...environment },
        stdio: "ignore",
      });
      const ended = once(child, "exit");
      while ((await leftovers()).rules.length === 0) expect(child.exitCode).toBeNull();

      child.kill("SIGINT");
      const [code] = await ended;

      expect({ code, ...(await leftovers()) }).toEqual({ code: 130, rules: [], queues: [], rows: 0 });
    });

    it.each([
      ["a stack that is not deployed", ["prod-stack"], "prod-stack has no state in "],
      ["the account's stack", ["account-stack"], "account-stack has no state in "],
      [
        "a check that there is not",
        ["dev-stack", "--except", "api"],
        "there is no check api: the checks are output/api-url",
      ],
    ])("cannot begin with %s, and says so", async (_, given, message) => {
      const { code, stderr } = await npm("verify", ...given);

      expect({ code, first: stderr.split("\n")[0] }).toEqual({
        code: 2,
        first: expect.stringContaining(message),
      });
    });

    const planned = isCampaign ? faults : faults.filter(({ everyDay }) => everyDay);

    const progress = campaignProgress("faults of a live deployment", planned.length);
    let named = 0;

    it.each(groupsOf(planned).map((group) => [group.map(({ name }) => name).join("; "), group] as const))(
      "names each fault: %s",
      async (_, group) => {
        const undo = await plant(group);

        const { code, report } = await verify();
        await undo();

        const failed = report.findings
          .filter(({ verdict }) => verdict === "failed")
          .map(({ check }) => check);
        expect(group.filter(({ check }) => !failed.includes(check)).map(({ name }) => name)).toEqual([]);
        expect(code).toBe(1);
        named += group.length;
        progress(named);
      },
    );

    it("is green again once all faults are mended, as often as it is asked", async () => {
      for (let times = campaignSize(1, 10); times > 0; times -= 1) {
        const { report } = await verify();

        expect(report.findings.filter(({ verdict }) => verdict === "failed")).toEqual([]);
      }
    });

    /** What verify makes beside items, and all rows: nobody else writes here. */
    async function leftovers() {
      const { events, sqs, dynamoDb } = clientsOf(clientConfig(launcher));
      const EventBusName = "serverless-app-items-dev";
      const [{ Rules = [] }, { QueueUrls = [] }, { Count }] = await Promise.all([
        events.send(new ListRulesCommand({ EventBusName })),
        sqs.send(new ListQueuesCommand({ QueueNamePrefix: "verify-" })),
        dynamoDb.send(new ScanCommand({ TableName: "serverless-app-items-dev", Select: "COUNT" })),
      ]);
      return { rules: Rules.map(({ Name }) => Name), queues: QueueUrls, rows: Count };
    }
  });

  describe("docs/state.md", () => {
    const placeholders = new Map<string, string>();

    beforeAll(async () => {
      await local("npx", "cdktf", "diff", "dev-stack");
    });

    it.each(documentedCommands())("has %s work as it stands there", async (command) => {
      if (command.includes("state -- version ")) await chooseVersion();
      if (command.includes("state -- lock")) await plantLock();

      const { code, stderr } = await local("sh", "-c", filledIn(command));

      expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
    });

    function filledIn(command: string): string {
      return [...placeholders].reduce((text, [name, value]) => text.replaceAll(name, value), command);
    }

    async function chooseVersion(): Promise<void> {
      const { stdout } = await npm("state", "versions", "dev-stack", "--json");
      const versions: readonly { readonly version: string }[] = JSON.parse(stdout);
      placeholders.set("<version>", versions[1]?.version ?? "");
    }

    /** As a deployment leaves it that was killed. */
    async function plantLock(): Promise<void> {
      placeholders.set("<lock>", lock.ID);
      await new S3Client(clientConfig(launcher)).send(
        new PutObjectCommand({
          Bucket: stateBucket,
          Key: "dev-stack/terraform.tfstate.tflock",
          Body: JSON.stringify(lock),
        }),
      );
    }
  });

  describe("npm run bootstrap", () => {
    it("says where it would go and changes nothing where nobody is there to ask", async () => {
      const { code, stderr } = await local("sh", "-c", "npm run --silent bootstrap < /dev/null");

      expect(code).toBe(2);
      expect(stderr).toContain(
        "In account 000000000000, as arn:aws:iam::000000000000:root, for dev, staging, prod:",
      );
      expect(stderr).toContain("account-stack: will be deployed");
      expect(stderr).toContain("there is no terminal to ask on: run it in a terminal, or with --yes");
      expect((await npm("outputs", "account-stack")).stderr).toContain("account-stack has no state");
    });

    it("refuses a bucket that is somebody else's", async () => {
      const somebody = new S3Client({
        ...clientConfig(launcher),
        credentials: { accessKeyId: "111111111111", secretAccessKey: "test" },
      });
      await somebody.send(new CreateBucketCommand({ Bucket: "somebody-elses" }));

      const { code, stderr } = await local(
        "env",
        "STATE_BUCKET=somebody-elses",
        "npm",
        "run",
        "bootstrap",
        "--",
        "--yes",
      );

      expect(code).toBe(1);
      expect(stderr).toContain("✗ bucket somebody-elses belongs to somebody else");
    });

    it.each([/· bucket/, /· record/, /aws_\w+\S+: Creating/])(
      "leaves no lock where it is interrupted at %s",
      async (reached) => {
        const environment = JSON.parse(
          readFileSync(path.join(clone.folder, ".local/environment.json"), "utf8"),
        );
        const child = spawn(process.execPath, ["scripts/run.mjs", "scripts/bootstrap.ts", "--yes"], {
          cwd: clone.folder,
          env: { ...process.env, ...environment },
          stdio: ["ignore", "pipe", "pipe"],
          detached: true,
        });
        const ended = once(child, "exit");
        let output = "";
        let interrupted = false;
        const read = (chunk: Buffer) => {
          output += chunk;
          if (interrupted || !reached.test(output)) return;
          interrupted = true;
          // As a terminal does it: to all that it has started.
          process.kill(-(child.pid ?? 0), "SIGINT");
        };
        child.stdout.on("data", read);
        child.stderr.on("data", read);

        const [code] = await ended;

        expect({ code, output }).toEqual({
          code: 130,
          output: expect.stringContaining("✗ interrupted: npm run bootstrap continues from here"),
        });
        expect((await npm("state", "lock", "account-stack", "--json")).stdout.trim()).toBe("null");
      },
    );

    it("goes on from there, after which the doctor finds nothing", async () => {
      const bootstrap = await npm("bootstrap", "--yes");
      const doctor = await npm("doctor");

      expect({ code: bootstrap.code, stdout: bootstrap.stdout }).toEqual({
        code: 0,
        stdout: expect.stringContaining("Apply complete!"),
      });
      expect(doctor).toEqual(
        expect.objectContaining({ code: 0, stdout: expect.stringContaining(" passed, 0 failed") }),
      );
    });

    it("says who holds the lock that another run left", async () => {
      const Key = "account-stack/terraform.tfstate.tflock";
      const s3 = new S3Client(clientConfig(launcher));
      await s3.send(new PutObjectCommand({ Bucket: stateBucket, Key, Body: JSON.stringify(lock) }));

      const { code, stderr } = await npm("bootstrap", "--yes");
      await s3.send(new DeleteObjectCommand({ Bucket: stateBucket, Key }));

      expect(code).toBe(1);
      expect(stderr).toContain(`account-stack has been locked by ${lock.Who} since ${lock.Created}`);
      expect(stderr).toContain(`force-unlock ${lock.ID}`);
    });
  });

  if (isCampaign) {
    it("names what only a deployment mends", async () => {
      await plant(lastingFaults);

      const { report } = await verify();

      const failed = report.findings.filter(({ verdict }) => verdict === "failed").map(({ check }) => check);
      expect(failed).toEqual(expect.arrayContaining(lastingFaults.map(({ check }) => check)));
    });
  }

  async function verify(): Promise<{ readonly code: number; readonly report: Report }> {
    const { code, stdout } = await npm("verify", "dev-stack", "--json");
    return { code, report: JSON.parse(stdout) };
  }

  async function plant(group: readonly Fault[]): Promise<() => Promise<void>> {
    const outputs = JSON.parse((await npm("outputs", "dev-stack", "--json")).stdout);
    const target = { clients: clientsOf(clientConfig(launcher)), outputs };
    const undos: (() => Promise<unknown>)[] = [];
    for (const fault of group) undos.push(await fault.plant(target));
    return async () => {
      for (const undo of undos.reverse()) await undo();
    };
  }
});

/** What verify writes with --json. */
interface Report {
  readonly passed: boolean;
  readonly findings: readonly Finding[];
}

interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Every line of the page's shell blocks. */
function documentedCommands(): string[] {
  const page = readFileSync(path.resolve("docs/state.md"), "utf8");
  return [...page.matchAll(/^```sh\n(.*?)^```/gms)].flatMap(([, block = ""]) => block.trim().split("\n"));
}
