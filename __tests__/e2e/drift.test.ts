import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { UpdateAliasCommand } from "@aws-sdk/client-lambda";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { commandEnvironment } from "../../packages/laptop/environment";
import type { DriftFinding } from "../../scripts/drift/drift-finding";
import type { TerraformState } from "../../scripts/lib/terraform-state";
import { clientsOf } from "../../scripts/verify/clients";
import { campaignProgress, campaignSize, isCampaign } from "../support/campaign";
import { clientConfig, run } from "./deployment";
import { attachments } from "./drift/attachments";
import { batchesOf } from "./drift/batches";
import { type Mutation, mutationsOf } from "./drift/mutations";
import { type NotPlanted, ShadowStack } from "./drift/shadow-stack";
import { ServedDevStack } from "./served-dev-stack";

describe("npm run drift", () => {
  let stack: ServedDevStack;

  beforeAll(async () => {
    stack = await ServedDevStack.start();
  });

  afterAll(() => stack?.stop());

  it("names every attribute that somebody changed", async () => {
    const clients = clientsOf(clientConfig(stack.launcher));
    const state = await stateOf(stack);
    const outdir = path.join(stack.folder, "shadow");
    const env = commandEnvironment(stack.environment());
    await run(
      "env",
      [`CDKTF_OUTDIR=${outdir}`, process.execPath, "scripts/run.mjs", "main.ts"],
      stack.folder,
    );
    const shadow = await ShadowStack.create(
      path.join(outdir, "stacks/dev-stack"),
      env,
      state,
      (FunctionName, Name, FunctionVersion) =>
        clients.lambda.send(new UpdateAliasCommand({ FunctionName, Name, FunctionVersion })),
    );
    const mutations = mutationsOf(shadow.program.resource, state);
    const batches = batchesOf(mutations, seed);
    const chosen = isCampaign ? batches : batches.slice(0, 1);
    const progress = campaignProgress("attributes", mutations.length);
    const missed: string[] = [];
    const notPlanted: NotPlanted[] = [];
    let named = 0;
    let done = 0;
    for (const batch of chosen) {
      const result = await shadow.plant(batch);
      notPlanted.push(...result.notPlanted);
      const { findings } = await drift();
      const unseen = result.planted.filter((mutation) => !isNamed(mutation, findings));
      const notKept = unseen.length > 0 ? await shadow.notKept(unseen) : new Set();
      for (const mutation of unseen) {
        const where = `${mutation.address}: ${mutation.what}`;
        if (notKept.has(mutation.address))
          notPlanted.push({ mutation, reason: "accepted by the emulator, and not kept" });
        else missed.push(where);
      }
      named += result.planted.length - unseen.length;
      done += batch.length;
      progress(done);
      report("attributes", { named, missed, notPlanted });
    }
    await shadow.restore();

    expect({ missed, some: named > campaignSize(20, 200) }).toEqual({ missed: [], some: true });
  });

  it("names everything that somebody attached from outside, and nothing else", async () => {
    const outputs = JSON.parse((await stack.npm("outputs", "dev-stack", "--json")).stdout);
    const target = { clients: clientsOf(clientConfig(stack.launcher)), outputs };
    const undos: (() => Promise<unknown>)[] = [];
    for (const attachment of attachments) {
      const planted = await attachment.plant(target);
      undos.push(() => attachment.undo(target, planted as never));
    }

    const { code, findings } = await drift();
    for (const undo of undos.reverse()) await undo();

    const lines = findings
      .filter(({ verdict }) => verdict !== "passed")
      .map(({ verdict, check, detail }) => `${verdict} ${check} ${detail}`);
    const missed = attachments.filter(
      ({ named, harmless }) =>
        !lines.some((line) => named.test(line) && line.startsWith(harmless ? "warned" : "failed")),
    );
    const notPlanted = lines.filter((line) => !attachments.some(({ named }) => named.test(line)));
    expect({ code, missed: missed.map(({ name }) => name), notPlanted }).toEqual({
      code: 1,
      missed: [],
      notPlanted: [],
    });
  });

  it("finds nothing once everything is taken back", async () => {
    const { code, findings } = await drift();

    expect(findings.filter(({ verdict }) => verdict !== "passed")).toEqual([]);
    expect(code).toBe(0);
  });

  async function drift(): Promise<{ readonly code: number; readonly findings: readonly DriftFinding[] }> {
    const { code, stdout, stderr } = await stack.npm("drift", "dev-stack", "--json");
    if (stdout === "") throw new Error(stderr);
    return { code, findings: JSON.parse(stdout).findings };
  }
});

/** Always the same, so that a failure can be repeated. */
const seed = 20_261_125;

function isNamed({ address, attribute }: Mutation, findings: readonly DriftFinding[]): boolean {
  const names = attribute === "tags" ? ["tags_all"] : [attribute];
  return findings.some(
    (finding) =>
      finding.address === address &&
      (finding.attribute === undefined ||
        names.some((name) => new RegExp(`^${name}\\b`).test(`${finding.attribute}`))),
  );
}

async function stateOf({ launcher }: ServedDevStack): Promise<TerraformState> {
  const { s3 } = clientsOf(clientConfig(launcher));
  const { Body } = await s3.send(
    new GetObjectCommand({
      Bucket: "example-serverless-app-terraform-state",
      Key: "dev-stack/terraform.tfstate",
    }),
  );
  return JSON.parse((await Body?.transformToString()) ?? "");
}

function report(
  what: string,
  {
    named,
    missed,
    notPlanted,
  }: { named: number; missed: readonly string[]; notPlanted: readonly NotPlanted[] },
): void {
  const lines = [
    `${what}: ${named} of ${named + missed.length} named`,
    ...missed.map((one) => `missed: ${one}`),
    ...notPlanted.map(
      ({ mutation, reason }) => `not planted: ${mutation.address}: ${mutation.what}: ${reason}`,
    ),
  ];
  mkdirSync(".local/log", { recursive: true });
  writeFileSync(`.local/log/drift-${what}.txt`, `${lines.join("\n")}\n`);
}
