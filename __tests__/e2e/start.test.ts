import os from "node:os";
import { isCampaign } from "../support/campaign";
import { ProjectCopy } from "../support/project-copy";
import { recordDeployment } from "../support/suite-usage";
import { printedRequests, shell } from "./deployment";
import { Launcher, poll, processesOf } from "./launcher";

const deploySeconds = 400;
/** npm's own time limit for one request is 300 seconds: a slow registry may cost one of them. */
const npmCiSeconds = 400;
const served = /Ctrl-C stops it/;

/** All tests use one clone. They run in order: each continues where the previous one ended. */
describe("npm start on a fresh clone", () => {
  const clone = new ProjectCopy("clone");
  let launcher: Launcher;

  afterAll(async () => {
    await launcher?.interrupt();
    clone.remove();
  });

  /** Stops the previous launcher first: one that a failed test left behind would make every later test fail as well. */
  const start = async () => {
    await launcher?.interrupt();
    launcher = new Launcher(clone.folder);
  };

  const steps: readonly [step: RegExp, seconds: number][] = [
    [/· npm dependencies/, 30],
    [/· Python tools/, npmCiSeconds],
    [/· Lambda's Node.js/, 180],
    [/· Terraform providers: trying/, 120],
    [/· Terraform providers: starting/, 600],
    [/· emulator/, 120],
    [/· synthesize/, 60],
    [/· bucket/, 60],
    [/· cdktf deploy .* aws_\w+/, 120],
  ];

  const ends = ["Ctrl-C", "kill -9"] as const;
  /** At each step, the campaign ends it in both ways. `npm test` alternates between them. */
  const endings = steps.flatMap(([step, seconds], index) =>
    ends
      .filter((_, end) => isCampaign || end === index % ends.length)
      .map((end) => ({ end, step: step.source, seconds })),
  );

  it.each(endings)("leaves nothing running after $end at $step", async ({ end, step, seconds }) => {
    await start();
    await launcher.waitFor(new RegExp(step), seconds);

    if (end === "Ctrl-C") {
      const exitCode = await launcher.interrupt();
      expect({ exitCode, left: processesOf(clone.folder) }).toEqual({ exitCode: 130, left: [] });
    } else {
      await launcher.kill();
      await poll(() => processesOf(clone.folder).length === 0 || undefined, 10);
      expect(processesOf(clone.folder)).toEqual([]);
    }
  });

  it("serves dev-stack after all of these interruptions", async () => {
    await start();

    await launcher.waitFor(served, deploySeconds);
    recordDeployment("dev-stack, deployed for this suite alone");

    expect(launcher.output).toContain("dev-stack is up: http://127.0.0.1:");
    expect(launcher.output).not.toContain("AWS would refuse");
  });

  it("prints requests that work when pasted into a shell", async () => {
    const [create = "", list = ""] = printedRequests(launcher);

    const created = await shell(create, os.tmpdir());
    const listed = await shell(list, os.tmpdir());

    expect(created).toMatch(/^HTTP\/1.1 201 /);
    expect(listed).toMatch(/^HTTP\/1.1 200 /);
    expect(listed).toContain('"data":{"hello":"world"}');
  });
});
