import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { commandEnvironment } from "../../packages/laptop/environment";
import { folders } from "../../packages/laptop/folders";
import type { DriftFinding } from "../../scripts/drift/drift-finding";
import type { TerraformState } from "../../scripts/lib/terraform-state";
import { clientsOf } from "../../scripts/verify/clients";
import { stateBackendOf } from "../../stacks/accounts";
import { campaignProgress, campaignTimeoutMs, isCampaign } from "../support/campaign";
import { clientConfig, run } from "./deployment";
import { attachments } from "./drift/attachments";
import { batchesOf } from "./drift/batches";
import { isNamed, isQuick, mutationsOf } from "./drift/mutations";
import { Score } from "./drift/score";
import { ShadowStack } from "./drift/shadow-stack";
import { ServedDevStack } from "./served-dev-stack";

/** Always the same, so that a failure can be repeated. */
const seed = 20_261_125;
/** How long the campaign plants. What is left then is counted as not tried. */
const plantingMinutes = 25;

/** All tests use one deployment of dev-stack, so each takes back what it plants. */
describe("npm run drift", () => {
  let stack: ServedDevStack;

  beforeAll(async () => {
    // Terraform tries for minutes what a role may not do, in case IAM is only slow.
    stack = await ServedDevStack.start("--without-iam");
  });

  afterAll(() => stack?.stop());

  it("names everything that somebody attached from outside, and nothing else", async () => {
    const outputs = JSON.parse((await stack.npm("outputs", "dev-stack", "--json")).stdout);
    const target = { clients: clientsOf(clientConfig(stack.launcher)), outputs };
    const undos: (() => Promise<unknown>)[] = [];
    const judged = async () => {
      for (const attachment of attachments) {
        const planted = await attachment.plant(target).catch((cause: unknown) => {
          throw new Error(`could not plant ${attachment.name}: ${cause}`);
        });
        undos.push(() => attachment.undo(target, planted as never));
      }
      return drift();
    };

    const { code, findings } = await judged().finally(async () => {
      for (const undo of undos.reverse()) await undo();
    });

    const lines = findings
      .filter(({ verdict }) => verdict !== "passed")
      .map(({ verdict, check, detail }) => `${verdict} ${check} ${detail}`);
    const missed = attachments.filter(
      ({ named, harmless }) =>
        !lines.some((line) => named.test(line) && line.startsWith(harmless ? "warned" : "failed")),
    );
    const notPlanted = lines.filter((line) => !attachments.some(({ named }) => named.test(line)));
    campaignProgress(
      `things attached from outside, ${attachments.length - missed.length} of them named`,
      attachments.length,
    )(attachments.length);
    expect({ code, missed: missed.map(({ name }) => name), notPlanted }).toEqual({
      code: 1,
      missed: [],
      notPlanted: [],
    });
  });

  it("finds nothing once everything is taken back, and reads only", async () => {
    const before = await stateOf(stack);

    const { code, findings } = await drift();

    expect(findings.map(({ check, verdict }) => `${verdict} ${check}`)).toEqual([
      "passed as-planned/resources",
      "passed nothing-beside/resources",
    ]);
    expect(code).toBe(0);
    expect(await stateOf(stack)).toEqual(before);
  });

  it(
    "names every attribute that somebody changed",
    async () => {
      const state = await stateOf(stack);
      const shadow = await shadowOf(stack, state);
      const batches = batchesOf(mutationsOf(shadow.program.resource, state), seed);
      const chosen = isCampaign ? batches : [(batches[0] ?? []).filter(isQuick).slice(0, 40)];
      const progress = campaignProgress("changes tried", chosen.flat().length);
      const score = new Score();

      const end = Date.now() + plantingMinutes * 60_000;
      let done = 0;
      for (const batch of chosen) {
        if (Date.now() > end) break;
        const { planted, notPlanted } = await shadow.plant(batch);
        const { findings } = await drift();
        const unseen = planted.filter((mutation) => !isNamed(mutation, findings));
        const notKept = unseen.length > 0 ? await shadow.notKept(unseen) : new Set<string>();
        score.add({ planted, notPlanted, unseen, notKept, meansTheSame: (one) => shadow.meansTheSame(one) });
        done += batch.length;
        progress(done);
      }

      mkdirSync(folders.logs, { recursive: true });
      writeFileSync(path.join(folders.logs, "drift-score.txt"), score.report());
      const all = chosen.flat().length;
      const notTried = done < all ? ` (${all - done} more not tried in ${plantingMinutes} minutes)` : "";
      campaignProgress(`${score.summary()}${notTried}`, done)(done);
      expect(score.missed()).toEqual([]);
      expect(score.named).toBeGreaterThan(done / 4);
      if (!isCampaign) return;
      await shadow.restore();
      expect((await drift()).findings.filter(({ verdict }) => verdict !== "passed")).toEqual([]);
    },
    Math.max(campaignTimeoutMs, 600_000),
  );

  async function drift(): Promise<{ readonly code: number; readonly findings: readonly DriftFinding[] }> {
    const { code, stdout, stderr } = await stack.npm("drift", "dev-stack", "--json");
    if (stdout === "") throw new Error(stderr);
    return { code, findings: JSON.parse(stdout).findings };
  }
});

/** The synthesized dev-stack, with a copy of the deployed one's state. */
async function shadowOf(stack: ServedDevStack, state: TerraformState): Promise<ShadowStack> {
  const outdir = path.join(stack.folder, "shadow");
  await run("env", [`CDKTF_OUTDIR=${outdir}`, process.execPath, "scripts/run.mjs", "main.ts"], stack.folder);
  return ShadowStack.create(
    path.join(outdir, "stacks/dev-stack"),
    commandEnvironment(stack.environment()),
    state,
  );
}

async function stateOf({ launcher }: ServedDevStack): Promise<TerraformState> {
  const { s3 } = clientsOf(clientConfig(launcher));
  const { bucket: Bucket } = stateBackendOf("dev-stack");
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: "dev-stack/terraform.tfstate" }));
  return JSON.parse((await Body?.transformToString()) ?? "");
}
