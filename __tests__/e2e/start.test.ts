import os from "node:os";
import { isCampaign } from "../support/campaign";
import { ProjectCopy } from "../support/project-copy";
import { tellDeployment } from "../support/suite-usage";
import { printedRequests, shell } from "./deployment";
import { Launcher, poll, processesOf } from "./launcher";

const deploySeconds = 400;
const served = /Ctrl-C stops it/;

/** One story on one clone, in order: each test goes on where the one before ended. */
describe("npm start on a fresh clone", () => {
  const clone = new ProjectCopy("clone");
  let launcher: Launcher;

  afterAll(async () => {
    await launcher?.interrupt();
    clone.remove();
  });

  const steps: readonly [step: RegExp, seconds: number][] = [
    [/· npm dependencies/, 30],
    [/· Python tools/, 180],
    [/· Lambda's Node.js/, 180],
    [/· Terraform providers: trying/, 120],
    [/· Terraform providers: starting/, 600],
    [/· emulator/, 120],
    [/· synthesize/, 60],
    [/· bucket/, 60],
    [/· cdktf deploy .* aws_\w+/, 120],
  ];

  const ends = ["Ctrl-C", "kill -9"] as const;
  /** The campaign ends it both ways at each step, every day's run in turn. */
  const endings = steps.flatMap(([step, seconds], index) =>
    ends
      .filter((_, end) => isCampaign || end === index % ends.length)
      .map((end) => ({ end, step: step.source, seconds })),
  );

  it.each(endings)("leaves nothing running on $end at $step", async ({ end, step, seconds }) => {
    launcher = new Launcher(clone.folder);
    await launcher.waitFor(new RegExp(step), seconds);

    if (end === "Ctrl-C") {
      const exitCode = await launcher.interrupt();
      expect({ exitCode, left: processesOf(clone.folder) }).toEqual({ exitCode: 130, left: [] });
    } else {
      await launcher.killOutright();
      await poll(() => processesOf(clone.folder).length === 0 || undefined, 10);
      expect(processesOf(clone.folder)).toEqual([]);
    }
  });

  it("serves after all of these kills", async () => {
    launcher = new Launcher(clone.folder);

    await launcher.waitFor(served, deploySeconds);
    tellDeployment("dev-stack, deployed by itself");

    expect(launcher.output).toContain("dev-stack is up: http://127.0.0.1:");
  });

  it("prints requests that work when they are pasted into a shell", async () => {
    const [create = "", list = ""] = printedRequests(launcher);

    const created = await shell(create, os.tmpdir());
    const listed = await shell(list, os.tmpdir());

    expect(created).toMatch(/^HTTP\/1.1 201 /);
    expect(listed).toMatch(/^HTTP\/1.1 200 /);
    expect(listed).toContain('"data":{"hello":"world"}');
  });
});
