import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { isCampaign } from "../support/campaign";
import type { ProjectCopy } from "../support/project-copy";
import { itWhere } from "../support/where-possible";
import { apiUrl } from "./deployment";
import { Launcher, poll, processesOf } from "./launcher";
import { copyWithDevStack } from "./shared-deployment";
import { signedFetch } from "./signed-fetch";
import { until } from "./until";

const served = /Ctrl-C stops it/;
const lost = /^! the last run did not save its state: changes after ([\d: -]+) are lost$/m;

/** What npm start keeps when it is ended in any way, and what it says about the rest. The tests run in order. */
describe("npm start", () => {
  let copy: ProjectCopy;
  let launcher: Launcher;

  beforeAll(async () => {
    copy = await copyWithDevStack();
    await start();
  });

  afterAll(async () => {
    await launcher?.interrupt();
    const left = copy ? processesOf(copy.folder) : [];
    copy?.remove();
    expect(left).toEqual([]);
  });

  it("says nothing about a loss after a clean stop, and calls the state saved only when it is", async () => {
    const id = await create();
    const exitCode = await launcher.interrupt();
    const saved = launcher.output.split("\n").filter((line) => /saved/.test(line));
    await start();

    expect(exitCode).toBe(0);
    expect(saved).toEqual([
      "· stopping: saving the state; a second Ctrl-C would lose what has not been saved",
      "✓ the state is saved: the next npm start continues from here",
    ]);
    expect(launcher.output).not.toMatch(/lost|did not save/);
    expect(await isKept(id)).toBe(true);
  });

  /** Ends it without saving. @returns what the launcher must print before it ends; nothing if it is killed itself */
  const ends: Readonly<Record<string, () => Promise<RegExp>>> = {
    "kill -9 of its launcher": async () => {
      await launcher.kill();
      return /^/;
    },
    "kill -9 of the gateway": async () => {
      kill(/run\.mjs/);
      return /^✗ The gateway \(process \d+\) was killed by SIGKILL\. .* Changes after [\d: -]+ are lost\.$/m;
    },
    "kill -9 of the emulator": async () => {
      kill(/hypercorn/);
      return /^✗ the emulator stopped unexpectedly \(SIGKILL\): .* changes after [\d: -]+ are lost$/m;
    },
    "a second Ctrl-C": async () => {
      const pid = Number(JSON.parse(readFileSync(path.join(copy.folder, ".local/run.json"), "utf8")).pid);
      // The emulator cannot write its state now, so that the second Ctrl-C certainly comes before its end.
      kill(/hypercorn/, "SIGSTOP");
      process.kill(pid, "SIGINT");
      await new Promise((resolve) => setTimeout(resolve, 400));
      process.kill(pid, "SIGINT");
      return /^✗ Killed before it had finished stopping\. Changes after [\d: -]+ are lost\.$/m;
    },
  };
  const tried = isCampaign ? Object.keys(ends) : ["kill -9 of the gateway"];

  it.each(tried.map((end) => [end]))(
    "keeps what it has saved, and says what it has not, after %s",
    async (end) => {
      const kept = await create();
      await savedSince(Date.now());
      const from = savedAt();
      await create();

      const printed = await ends[end]?.();
      await launcher.exited(20);
      const { output } = launcher;
      await poll(() => processesOf(copy.folder).length === 0 || undefined, 20);
      await start();

      expect(output).toMatch(printed ?? /never/);
      expect(Date.parse(lost.exec(launcher.output)?.[1] ?? "")).toBe(Math.floor(from / 1_000) * 1_000);
      expect(await isKept(kept)).toBe(true);
    },
  );

  it("says nothing of a loss if nothing has changed since it saved", async () => {
    const id = await create();
    await until("the mark of unsaved changes to go", 60, async () => !existsSync(mark()));

    await launcher.kill();
    await poll(() => processesOf(copy.folder).length === 0 || undefined, 20);
    await start();

    expect(launcher.output).not.toMatch(/lost|did not save/);
    expect(await isKept(id)).toBe(true);
  });

  if (isCampaign) {
    it("serves on after a function's process was killed", async () => {
      const id = await create();

      kill(/_worker\.js/);

      await until("the item", 20, () => isKept(id));
    });

    it("saves nothing while Terraform holds a lock", async () => {
      const lock = `${new URL(apiUrl(launcher)).origin}/example-serverless-app-terraform-state/any-stack/terraform.tfstate.tflock`;
      await signedFetch(
        lock,
        { method: "PUT", headers: { "x-amz-content-sha256": "UNSIGNED-PAYLOAD" }, body: "{}" },
        { service: "s3" },
      );
      const from = savedAt();
      await create();
      await new Promise((resolve) => setTimeout(resolve, 12_000));
      expect(savedAt()).toBe(from);

      await signedFetch(lock, { method: "DELETE" }, { service: "s3" });
      await savedSince(Date.now() - 1);
    });
  }

  const canMount = process.platform === "linux" && process.getuid?.() === 0;
  const missing = canMount ? [] : ["Linux, and root to mount a small disk"];
  const fullDisk = "names a full disk, stops nothing at first, and says what is lost";
  const inCampaign = isCampaign ? itWhere : () => {};
  inCampaign(missing, fullDisk, async () => {
    await launcher.interrupt();
    const state = path.join(copy.folder, ".local/state");
    const before = path.join(copy.folder, ".local/before");
    cpSync(state, before, { recursive: true });
    rmSync(state, { recursive: true });
    mkdirSync(state);
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64m", "tmpfs", state]);
    try {
      cpSync(before, state, { recursive: true });
      await start();
      const from = savedAt();
      const filler = path.join(state, "filler");
      expect(() => writeFileSync(filler, Buffer.alloc(70_000_000))).toThrow("ENOSPC");
      await create();
      await launcher.waitFor(
        /^! saving the state needs \d+ MB in \.local\/state, .* If this process is killed, changes after .* are lost$/m,
        20,
      );

      launcher.signal("SIGINT");
      await launcher.waitFor(/^! not stopped: saving the state needs .* press Ctrl-C again/m, 20);
      expect(await isKept(await create())).toBe(true);
      await launcher.interrupt();
      expect(launcher.output).toMatch(
        /^✗ .*(?:full|could not write its state).* changes after [\d: -]+ are lost$/m,
      );
      expect(launcher.output).not.toMatch(/^ +at |✓ the state is saved/m);

      const refused = new Launcher(copy.folder);
      await refused.exited(60);
      expect(refused.output).toMatch(/^✗ starting from the saved state needs \d+ MB in \.local\/state/m);
      rmSync(filler);
      await start();
      expect(Date.parse(lost.exec(launcher.output)?.[1] ?? "")).toBe(Math.floor(from / 1_000) * 1_000);
    } finally {
      await launcher.interrupt();
      execFileSync("umount", ["--lazy", state]);
      expect(existsSync(state)).toBe(true);
    }
  });

  async function start(): Promise<void> {
    launcher = new Launcher(copy.folder);
    await launcher.waitFor(served, 120);
  }

  /** Kills one of its processes. */
  function kill(command: RegExp, signal: NodeJS.Signals = "SIGKILL"): void {
    const found = processesOf(copy.folder).find((line) => command.test(line));
    if (!found) throw new Error(`no process ${command}: ${processesOf(copy.folder).join("\n")}`);
    process.kill(Number.parseInt(found, 10), signal);
  }

  async function create(): Promise<string> {
    const id = `item-${Math.random()}`;
    const { status } = await signedFetch(`${apiUrl(launcher)}/items`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ id, data: {} }),
    });
    expect(status).toBe(201);
    return id;
  }

  async function isKept(id: string): Promise<boolean> {
    const { status } = await signedFetch(`${apiUrl(launcher)}/items/${id}`);
    return status === 200;
  }

  function mark(): string {
    return path.join(copy.folder, ".local/state/unsaved");
  }

  function savedAt(): number {
    const manifest = path.join(copy.folder, ".local/state/checkpoint/checkpoint.json");
    return existsSync(manifest) ? Date.parse(JSON.parse(readFileSync(manifest, "utf8")).savedAt) : 0;
  }

  async function savedSince(moment: number): Promise<void> {
    expect(await poll(() => savedAt() >= moment || undefined, 30)).toBe(true);
  }
});
