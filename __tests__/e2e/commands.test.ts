import { readFileSync } from "node:fs";
import path from "node:path";
import {
  DeleteObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import type { Finding } from "../../scripts/lib/finding";
import { ProjectCopy } from "../support/project-copy";
import { clientConfig, run } from "./deployment";
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

      expect(stdout).toMatch(/^✗ state bucket: versions .*\n +→ npm run bootstrap/m);
      expect(stdout).toMatch(/^! state: locks held .*prod-stack by somebody@elsewhere since 2026-01-01/m);
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
});

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
