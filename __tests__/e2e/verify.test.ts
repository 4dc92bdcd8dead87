import { spawn } from "node:child_process";
import { once } from "node:events";
import { ScanCommand } from "@aws-sdk/client-dynamodb";
import { ListRulesCommand } from "@aws-sdk/client-eventbridge";
import { ListQueuesCommand } from "@aws-sdk/client-sqs";
import type { Finding } from "../../scripts/lib/finding";
import { clientsOf } from "../../scripts/verify/clients";
import { application } from "../../stacks/environments";
import { campaignProgress, campaignSize, isCampaign } from "../support/campaign";
import { clientConfig } from "./deployment";
import { type Fault, faults, faultsWithoutUndo, groupFaults } from "./faults";
import { type Grant, grantOfEveryRun, grantsOf, noticedBy, takeAway, toldAbout, unnoticed } from "./grants";
import { ServedDevStack } from "./served-dev-stack";

/** All tests use one deployment of dev-stack, so each test repairs what it breaks. */
describe("npm run verify", () => {
  let stack: ServedDevStack;

  beforeAll(async () => {
    stack = await ServedDevStack.start();
  });

  afterAll(() => stack?.stop());

  it("passes a deployment, and reports what cannot be checked on a laptop", async () => {
    const { code, report } = await verify();

    const unchecked = report.findings.filter(({ verdict }) => verdict === "unchecked");
    expect(report.findings.filter(({ verdict }) => verdict === "failed")).toEqual([]);
    expect({ code, passed: report.passed }).toEqual({ code: 0, passed: true });
    // Alarms are checked once the dead-letter queue has metrics, a minute after its first use.
    const always = unchecked.map(({ check }) => check).filter((check) => check !== "alarms/ok");
    expect(always).toEqual(["alarms/subscribers", "snapshot/rest"]);
    expect(await leftovers()).toEqual({ rules: [], queues: [], rows: 0 });
  });

  it("writes a summary for a pull request", async () => {
    const { stdout } = await stack.npm("verify", "dev-stack", "--markdown", "--except", "failures/");

    expect(stdout).toMatch(
      /^### dev-stack: verified\n\n\d+ passed, 0 failed, [34] could not be checked in \d+ s\./,
    );
    expect(stdout).toContain("| - | `failures/dead-letter` | skipped by --except |");
    expect(stdout).toMatch(/\| ✓ \| `api\/create` \| 3 items created \|/);
  });

  it("removes what it created when it is interrupted", async () => {
    const environment = stack.environment();
    const child = spawn(process.execPath, ["scripts/run.mjs", "scripts/verify.ts", "dev-stack"], {
      cwd: stack.folder,
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
    ["the account stack", ["account-stack"], "account-stack has no state in "],
    [
      "a check that does not exist",
      ["dev-stack", "--except", "api"],
      "there is no check api: the checks are machine/clock, output/api-url",
    ],
  ])("rejects %s", async (_, commandArguments, message) => {
    const { code, stderr } = await stack.npm("verify", ...commandArguments);

    expect({ code, first: stderr.split("\n")[0] }).toEqual({
      code: 2,
      first: expect.stringContaining(message),
    });
  });

  const selected = isCampaign ? faults : faults.filter(({ inEveryRun }) => inEveryRun);

  const progress = campaignProgress("faults of a live deployment", selected.length);
  let named = 0;

  it.each(groupFaults(selected).map((group) => [group.map(({ name }) => name).join("; "), group] as const))(
    "names each fault: %s",
    async (_, group) => {
      const undo = await plant(group);

      const { code, report } = await verify();
      await undo();

      const failed = report.findings.filter(({ verdict }) => verdict === "failed").map(({ check }) => check);
      expect(group.filter(({ check }) => !failed.includes(check)).map(({ name }) => name)).toEqual([]);
      expect(code).toBe(1);
      named += group.length;
      progress(named);
    },
  );

  describe("without a statement of a role", () => {
    const iam = () => clientsOf(clientConfig(stack.launcher)).iam;

    it("is tried for every statement that there is, or it is listed why not", async () => {
      const names = (await grantsOf(iam())).map(({ name }) => name);

      expect(names.toSorted()).toEqual([...Object.keys(noticedBy), ...Object.keys(unnoticed)].toSorted());
    });

    const taken = isCampaign ? Object.keys({ ...noticedBy, ...unnoticed }) : [grantOfEveryRun];
    const grantProgress = campaignProgress("statements taken away from roles", taken.length);

    it.each(taken.map((name, index) => [name, index] as const))(
      "names what fails: %s",
      async (name, index) => {
        const grant = (await grantsOf(iam())).find((one) => one.name === name);
        const giveBack = await takeAway(iam(), grant as Grant);

        // Two checks compare the policies themselves, so they would notice any change of them.
        const rest = ["roles/policies", "as-planned/"].flatMap((check) => ["--except", check]);
        const { stdout } = await stack.npm("verify", "dev-stack", "--json", ...rest);
        await giveBack();

        const { findings }: Report = JSON.parse(stdout);
        const failed = findings.filter(({ verdict }) => verdict === "failed").map(({ check }) => check);
        const expected = noticedBy[name];
        expect(failed).toEqual(expected ? expect.arrayContaining([expected]) : []);
        if (expected) expect(stack.launcher.output).toMatch(toldAbout(name));
        grantProgress(index + 1);
      },
    );
  });

  it("passes every time once all faults are undone", async () => {
    for (let times = campaignSize(1, 10); times > 0; times -= 1) {
      const { report } = await verify();

      expect(report.findings.filter(({ verdict }) => verdict === "failed")).toEqual([]);
    }
  });

  /** The rules and queues that verify creates, and the table's items: nothing else writes to this table. */
  async function leftovers() {
    const { events, sqs, dynamoDb } = clientsOf(clientConfig(stack.launcher));
    const EventBusName = `${application.name}-items-dev`;
    const [{ Rules = [] }, { QueueUrls = [] }, { Count }] = await Promise.all([
      events.send(new ListRulesCommand({ EventBusName })),
      sqs.send(new ListQueuesCommand({ QueueNamePrefix: "verify-" })),
      dynamoDb.send(new ScanCommand({ TableName: `${application.name}-items-dev`, Select: "COUNT" })),
    ]);
    return { rules: Rules.map(({ Name }) => Name), queues: QueueUrls, rows: Count };
  }

  if (isCampaign) {
    it("names the faults that only a deployment fixes", async () => {
      await plant(faultsWithoutUndo);

      const { report } = await verify();

      const failed = report.findings.filter(({ verdict }) => verdict === "failed").map(({ check }) => check);
      expect(failed).toEqual(expect.arrayContaining(faultsWithoutUndo.map(({ check }) => check)));
    });
  }

  async function verify(): Promise<{ readonly code: number; readonly report: Report }> {
    const { code, stdout } = await stack.npm("verify", "dev-stack", "--json");
    return { code, report: JSON.parse(stdout) };
  }

  async function plant(group: readonly Fault[]): Promise<() => Promise<void>> {
    const outputs = JSON.parse((await stack.npm("outputs", "dev-stack", "--json")).stdout);
    const target = { clients: clientsOf(clientConfig(stack.launcher)), outputs };
    const undos: (() => Promise<unknown>)[] = [];
    for (const fault of group) undos.push(await fault.plant(target));
    return async () => {
      for (const undo of undos.reverse()) await undo();
    };
  }
});

/** What `npm run verify` prints with --json. */
interface Report {
  readonly passed: boolean;
  readonly findings: readonly Finding[];
}
