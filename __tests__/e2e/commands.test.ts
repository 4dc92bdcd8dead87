import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import type { Finding } from "../../scripts/lib/finding";
import { application } from "../../stacks/environments";
import { clientConfig } from "./deployment";
import { ServedDevStack } from "./served-dev-stack";
import { lock, stateBucket } from "./state-lock";

/** Commands used with a deployed dev-stack. The tests run in order: each continues where the previous one ended. */
describe("the commands around a deployment", () => {
  let stack: ServedDevStack;

  beforeAll(async () => {
    stack = await ServedDevStack.start();
  });

  afterAll(() => stack?.stop());

  describe("npm run doctor", () => {
    it("finds what would fail in an account that is not bootstrapped, and how to fix it", async () => {
      const { code, stdout } = await stack.npm("doctor", "--json");

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

    it("finds a state bucket without versioning, and a held lock", async () => {
      const s3 = new S3Client(clientConfig(stack.launcher));
      const setVersioning = (Status: "Enabled" | "Suspended") =>
        s3.send(new PutBucketVersioningCommand({ Bucket: stateBucket, VersioningConfiguration: { Status } }));
      const Key = "prod-stack/terraform.tfstate.tflock";
      await s3.send(new PutObjectCommand({ Bucket: stateBucket, Key, Body: JSON.stringify(lock) }));
      await setVersioning("Suspended");

      const { stdout } = await stack.npm("doctor");
      await setVersioning("Enabled");
      await s3.send(new DeleteObjectCommand({ Bucket: stateBucket, Key }));

      expect(stdout).toMatch(/^✗ state bucket: versioning .*\n +→ npm run bootstrap/m);
      expect(stdout).toMatch(/^! state: held locks .*prod-stack by somebody@elsewhere since 2026-01-01/m);
    });

    it("reports only once that AWS does not answer", async () => {
      const nowhere = ["env", "AWS_ENDPOINT_URL=http://127.0.0.1:1", "npm", "run", "--silent", "doctor"];
      const { code, stdout } = await stack.local(...nowhere);

      expect({ code, failed: stdout.match(/^✗ .*$/gm) }).toEqual({
        code: 1,
        failed: [expect.stringContaining("http://127.0.0.1:1 does not answer (ECONNREFUSED)")],
      });
    });
  });

  describe("npm run outputs", () => {
    it("shows the stack's outputs, as a table or as JSON", async () => {
      const table = await stack.npm("outputs", "dev-stack");
      const json = await stack.npm("outputs", "dev-stack", "--json");

      const outputs: Readonly<Record<string, string>> = JSON.parse(json.stdout);
      expect(outputs["table-name"]).toBe(`${application.name}-items-dev`);
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
        "a stack that does not exist",
        ["qa-stack"],
        "the app has dev-stack, staging-stack, prod-stack, account-stack",
      ],
      ["no stack", [], "<stack> is missing"],
      ["an unknown option", ["dev-stack", "--yaml"], "unknown option --yaml"],
    ])(
      "names the problem with %s in its first line, and exits with 2",
      async (_, commandArguments, message) => {
        const { code, stderr } = await stack.npm("outputs", ...commandArguments);

        expect({ code, first: stderr.split("\n")[0] }).toEqual({
          code: 2,
          first: expect.stringContaining(message),
        });
      },
    );
  });

  describe("npm run state", () => {
    const Key = "dev-stack/terraform.tfstate.tflock";

    it.each([
      ["a stack that does not exist", ["lock", "no-such-stack"], /^✗ no-such-stack has no state in /],
      ["a misspelt stack", ["lock", "dev-stak"], /^✗ dev-stak has no state .* did you mean dev-stack\?/],
      ["an environment instead of its stack", ["lock", "dev"], /^✗ dev has no state in /],
      ["versions of a stack that does not exist", ["versions", "no-such-stack"], /has no state in /],
      ["a version that does not exist", ["version", "dev-stack", "1"], /^✗ dev-stack has no version 1: /],
      ["a misspelt action", ["lokc", "dev-stack"], /^✗ unknown action lokc: did you mean lock\?/],
      [
        "a misspelt option",
        ["lock", "dev-stack", "--jsno"],
        /^✗ unknown option --jsno: did you mean --json\?/,
      ],
    ])("names the problem with %s, and exits with 2", async (_, given, message) => {
      const { code, stdout, stderr } = await stack.npm("state", ...given);

      expect({ code, stdout, stderr }).toEqual({
        code: 2,
        stdout: "",
        stderr: expect.stringMatching(message),
      });
    });

    it.each([
      ["of a stack that is deployed", "dev-stack"],
      ["of a stack that is not deployed yet", "prod-stack"],
    ])("says that nobody holds the lock %s", async (_, id) => {
      const { code, stdout } = await stack.npm("state", "lock", id);

      expect({ code, stdout }).toEqual({ code: 0, stdout: `nobody holds the lock on ${id}\n` });
    });

    it.each([
      ["an empty lock", ""],
      ["half a lock", '{"ID":"x"'],
      ["a lock that names nobody", "{}"],
      ["a lock that is null", "null"],
      ["a lock that is a list", "[]"],
      ["a lock that is no JSON", "<html>"],
    ])(
      "calls the stack locked for %s, without a stack trace, and so does npm run doctor",
      async (_, Body) => {
        const s3 = new S3Client(clientConfig(stack.launcher));
        await s3.send(new PutObjectCommand({ Bucket: stateBucket, Key, Body: Buffer.from(Body) }));
        const shown = await stack.npm("state", "lock", "dev-stack");
        const diagnosed = await stack.npm("doctor");
        await s3.send(new DeleteObjectCommand({ Bucket: stateBucket, Key }));

        const problem = `dev-stack is locked, but the lock names no holder: s3://${stateBucket}/${Key}`;
        expect(shown).toMatchObject({ code: 2, stderr: expect.stringContaining(`✗ ${problem}`) });
        expect(shown.stderr).not.toMatch(/SyntaxError|^ +at /m);
        expect(diagnosed.stdout).toMatch(new RegExp(`^! state: held locks .*${problem}`, "m"));
      },
    );
  });

  it.each([
    ["local", ["--help"], 0, "stdout", /^npm run local -- <command>/],
    ["local", [], 2, "stderr", /^✗ <command> is missing/],
    ["local", ["--hlep"], 2, "stderr", /^✗ unknown option --hlep: did you mean --help\?/],
    ["local", ["env", "--help"], 0, "stdout", /^(?!npm run local)/],
    ["doctor", ["--jsn"], 2, "stderr", /did you mean --json\?/],
    ["doctor", ["foo"], 2, "stderr", /^✗ unexpected argument: foo/],
    ["bootstrap", ["--yess"], 2, "stderr", /did you mean --yes\?/],
    ["verify", ["dev-stack", "--excpet", "api/"], 2, "stderr", /did you mean --except\?/],
    ["drift", ["dev-stack", "--jsno"], 2, "stderr", /did you mean --json\?/],
    ["drift", ["no-stack"], 2, "stderr", /^✗ there is no stack no-stack: the app has dev-stack/],
    ["drift", ["prod-stack"], 2, "stderr", /^✗ prod-stack has no state in /m],
    ["plan-guard", ["dev-stack", "--acknowlege=x"], 2, "stderr", /did you mean --acknowledge\?/],
    ["plan:offline", ["--al"], 2, "stderr", /^✗ unknown option --al/],
    ["openapi", ["--chekc"], 2, "stderr", /^✗ unknown option --chekc/],
    ["rename", ["my-service", "--organisation", "acme"], 2, "stderr", /did you mean --organization\?/],
    ["rename", ["aws-orders"], 2, "stderr", /^✗ application: name must not begin with aws or ssm/],
    ["update", ["--al"], 2, "stderr", /^✗ unknown option --al/],
    ["campaign", ["--onyl", "x"], 2, "stderr", /did you mean --only\?/],
    ["test", ["--watch"], 2, "stderr", /^✗ unknown option --watch/],
    ["start", ["--rset"], 2, "stderr", /^✗ unknown option --rset: did you mean --reset\?/],
    ["start", ["--help"], 0, "stdout", /^npm start \[-- --reset/],
    ["start", [], 1, "stderr", /^✗ already running in this folder as process \d+: /],
    ["start", ["--reset"], 1, "stderr", /^✗ already running in this folder as process \d+: /],
  ] as const)("npm run %s %j exits with %i and writes to %s", async (name, given, code, stream, text) => {
    const result = await stack.npm(name, ...given);

    expect({ code: result.code, [stream]: result[stream] }).toEqual({
      code,
      [stream]: expect.stringMatching(text),
    });
  });

  describe("npm run bootstrap", () => {
    it("shows what it would do and changes nothing without a terminal to ask on", async () => {
      const { code, stderr } = await stack.local("sh", "-c", "npm run --silent bootstrap < /dev/null");

      expect(code).toBe(2);
      expect(stderr).toContain(
        "In account 000000000000, as arn:aws:iam::000000000000:root, for dev, staging, prod in eu-west-1:",
      );
      expect(stderr).toContain("account-stack: will be deployed");
      expect(stderr).toContain("there is no terminal to ask on: run it in a terminal, or with --yes");
      expect((await stack.npm("outputs", "account-stack")).stderr).toContain("account-stack has no state");
    });

    it("refuses a bucket that belongs to somebody else", async () => {
      const somebody = new S3Client({
        ...clientConfig(stack.launcher),
        credentials: { accessKeyId: "111111111111", secretAccessKey: "test" },
      });
      await somebody.send(new CreateBucketCommand({ Bucket: "somebody-elses" }));

      const { code, stderr } = await stack.local(
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
      "leaves no lock when it is interrupted at %s",
      async (reached) => {
        const environment = stack.environment();
        const child = spawn(process.execPath, ["scripts/run.mjs", "scripts/bootstrap.ts", "--yes"], {
          cwd: stack.folder,
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
          // Like a terminal, send Ctrl-C to the whole process group.
          process.kill(-(child.pid ?? 0), "SIGINT");
        };
        child.stdout.on("data", read);
        child.stderr.on("data", read);

        const [code] = await ended;

        expect({ code, output }).toEqual({
          code: 130,
          output: expect.stringContaining("✗ interrupted: npm run bootstrap continues from here"),
        });
        expect((await stack.npm("state", "lock", "account-stack", "--json")).stdout.trim()).toBe("null");
      },
    );

    it("continues from there, and the doctor then finds no problems", async () => {
      const bootstrap = await stack.npm("bootstrap", "--yes");
      const doctor = await stack.npm("doctor");

      expect({ code: bootstrap.code, stdout: bootstrap.stdout }).toEqual({
        code: 0,
        stdout: expect.stringContaining("Apply complete!"),
      });
      expect(doctor).toEqual(
        expect.objectContaining({ code: 0, stdout: expect.stringContaining(" passed, 0 failed") }),
      );
    });

    it("names the owner of a lock that another run left", async () => {
      const Key = "account-stack/terraform.tfstate.tflock";
      const s3 = new S3Client(clientConfig(stack.launcher));
      await s3.send(new PutObjectCommand({ Bucket: stateBucket, Key, Body: JSON.stringify(lock) }));

      const { code, stderr } = await stack.npm("bootstrap", "--yes");
      await s3.send(new DeleteObjectCommand({ Bucket: stateBucket, Key }));

      expect(code).toBe(1);
      expect(stderr).toContain(`account-stack has been locked by ${lock.Who} since ${lock.Created}`);
      expect(stderr).toContain(`force-unlock ${lock.ID}`);
    });
  });
});
