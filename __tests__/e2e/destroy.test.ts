import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import {
  DescribeTableCommand,
  DynamoDBClient,
  ListTablesCommand,
  UpdateTableCommand,
} from "@aws-sdk/client-dynamodb";
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { commandEnvironment } from "../../packages/laptop/environment";
import { venvPython } from "../../packages/laptop/set-up/tools";
import type { TerraformState } from "../../scripts/lib/terraform-state";
import { isCampaign } from "../support/campaign";
import { apiUrl, clientConfig } from "./deployment";
import { ServedDevStack } from "./served-dev-stack";
import { signedFetch } from "./signed-fetch";
import { stateBucket } from "./state-lock";

const TableName = "serverless-app-items-dev";
const Key = "dev-stack/terraform.tfstate";

/** The tests run in order, and each one undoes what it changes. */
describe("npm run destroy", () => {
  let stack: ServedDevStack;
  let s3: S3Client;
  let dynamoDb: DynamoDBClient;

  beforeAll(async () => {
    stack = await ServedDevStack.start();
    s3 = new S3Client(clientConfig(stack.launcher));
    dynamoDb = new DynamoDBClient(clientConfig(stack.launcher));
  });

  afterAll(() => stack?.stop());

  /** Each protects the stack in one place only. @returns a function that undoes it */
  const protections: readonly (readonly [
    where: string,
    protect: () => Promise<() => Promise<unknown>>,
    says: RegExp,
    wayOut: string,
  ])[] = [
    [
      "on AWS, by hand",
      async () => {
        await protectTable(true);
        return () => protectTable(false);
      },
      /^ +serverless-app-items-dev +aws_dynamodb_table\.\S+ +its deletion protection is turned on, on AWS$/m,
      "intended, deploy it unprotected first (npx cdktf deploy dev-stack)",
    ],
    [
      "in the state of a table",
      () => changeState("aws_dynamodb_table", { deletion_protection_enabled: true }),
      /^ +serverless-app-items-dev +aws_dynamodb_table\.\S+ +deletion_protection_enabled is true in the state$/m,
      "intended, deploy it unprotected first (npx cdktf deploy dev-stack)",
    ],
    [
      "in the state of the buckets",
      () => changeState("aws_s3_bucket", { force_destroy: false }),
      /^ +example-serverless-app-\S+-dev +aws_s3_bucket\.\S+ +force_destroy is not true in the state/m,
      "intended, deploy it unprotected first (npx cdktf deploy dev-stack)",
    ],
    [
      "in stacks/environments.ts",
      async () => {
        const file = path.join(stack.folder, "stacks/environments.ts");
        const before = readFileSync(file, "utf8");
        const after = before.replace(
          /(name: "dev",.*)deletionProtection: false/,
          "$1deletionProtection: true",
        );
        expect(after).not.toBe(before);
        writeFileSync(file, after);
        return async () => writeFileSync(file, before);
      },
      /^ +dev +stacks\/environments\.ts +deletionProtection is true$/m,
      "set deletionProtection: false for dev, deploy it unprotected first (npx cdktf deploy dev-stack)",
    ],
  ];

  it.each(protections)(
    "refuses before anything is deleted if the stack is protected %s",
    async (_, protect, says, wayOut) => {
      const undo = await protect();
      const { code, stderr } = await stack.npm("destroy", "dev-stack", "--yes");
      await undo();

      expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(says) });
      expect(stderr).toContain("✗ dev-stack is protected, so nothing was deleted:");
      expect(stderr).toContain(wayOut);
      expect(await responds()).toBe(200);
    },
  );

  it.each([
    ["a stack that is not deployed", ["prod-stack", "--yes"], /^✗ prod-stack has no state in /],
    ["a misspelt stack", ["dve-stack", "--yes"], /^✗ dve-stack is not an environment .*dev-stack/],
    ["a preview that is not named", ["pr-42-stack"], /set PREVIEW=pr-42/],
    ["the account's stack", ["account-stack", "--yes"], /^✗ account-stack holds the state of every stack/],
    ["two stacks", ["dev-stack", "prod-stack"], /^✗ unexpected argument: prod-stack/],
    ["no stack", [], /^✗ <stack> is missing/],
    ["an unknown option", ["dev-stack", "--yse"], /^✗ unknown option --yse: did you mean --yes\?/],
    ["nobody to ask", ["dev-stack"], /^✗ there is no terminal to ask on/],
  ])("deletes nothing and exits with 2 for %s", async (_, given, message) => {
    const { code, stderr } = await stack.npm("destroy", ...given);

    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(message) });
    expect(await responds()).toBe(200);
  });

  if (isCampaign) {
    it.each([
      ["no", "no\r", 1, "✗ nothing was deleted"],
      ["Ctrl-C", "\x03", 130, "✗ interrupted: nothing was deleted"],
    ])("deletes nothing if the answer to its question is %s", async (_, answer, code, message) => {
      const asked = await inTerminal("scripts/destroy.ts", /Destroy dev-stack and its data\?/, answer);

      expect({ code: asked.code, output: asked.output }).toEqual({
        code,
        output: expect.stringContaining(message),
      });
      expect(asked.output).toMatch(/0 to add, 0 to change, \d+ to destroy/);
      expect(asked.output).not.toMatch(/not destroyed completely|continues from here/);
      expect(await responds()).toBe(200);
    });

    it("destroys everything after the deployment that it asks for", async () => {
      await protectTable(true);
      const refused = await stack.npm("destroy", "dev-stack", "--yes");
      const deployed = await stack.local("npx", "cdktf", "deploy", "dev-stack", "--auto-approve");
      const destroyed = await stack.npm("destroy", "dev-stack", "--yes");
      const again = await stack.npm("destroy", "dev-stack", "--yes");

      expect([refused, deployed, destroyed].map(({ code }) => code)).toEqual([1, 0, 0]);
      expect(destroyed.stderr).toContain("✓ dev-stack is destroyed");
      expect((await dynamoDb.send(new ListTablesCommand({}))).TableNames).toEqual([]);
      expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining("dev-stack is not deployed") });
    });
  }

  /** Runs a program about dev-stack in a terminal of its own, and types an answer when it asks. */
  async function inTerminal(program: string, question: RegExp, answer: string) {
    const inPty = "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))";
    const command = [process.execPath, "scripts/run.mjs", program, "dev-stack"];
    const child = spawn(venvPython, ["-c", inPty, ...command], {
      cwd: stack.folder,
      env: commandEnvironment(stack.environment()),
    });
    let output = "";
    const read = (chunk: Buffer) => {
      const isAsked = question.test(output);
      output += chunk;
      if (!isAsked && question.test(output)) child.stdin.write(answer);
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    const [code] = await once(child, "close");
    return { code, output };
  }

  async function protectTable(DeletionProtectionEnabled: boolean): Promise<void> {
    await dynamoDb.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled }));
    const { Table } = await dynamoDb.send(new DescribeTableCommand({ TableName }));
    expect(Table?.DeletionProtectionEnabled).toBe(DeletionProtectionEnabled);
  }

  async function changeState(type: string, attributes: object): Promise<() => Promise<unknown>> {
    const object = await s3.send(new GetObjectCommand({ Bucket: stateBucket, Key }));
    const before = (await object.Body?.transformToString()) ?? "";
    const state: TerraformState = JSON.parse(before);
    for (const resource of state.resources.filter((one) => one.type === type)) {
      for (const instance of resource.instances) Object.assign(instance.attributes, attributes);
    }
    await s3.send(new PutObjectCommand({ Bucket: stateBucket, Key, Body: JSON.stringify(state) }));
    return async () => {
      await s3.send(new DeleteObjectCommand({ Bucket: stateBucket, Key }));
      await s3.send(new PutObjectCommand({ Bucket: stateBucket, Key, Body: before }));
    };
  }

  async function responds(): Promise<number> {
    return (await signedFetch(`${apiUrl(stack.launcher)}/health`)).status;
  }
});
