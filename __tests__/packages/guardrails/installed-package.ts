import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { engine } from "../../support/engine";

export interface Run {
  readonly exitCode: number | null;
  readonly output: string;
}

/** An empty project of this run's engine, with the packed package, the engine and the AWS provider in node_modules. */
export class InstalledPackage {
  readonly folder = mkdtempSync(path.join(tmpdir(), "project-"));
  private readonly root = mkdtempSync(path.join(tmpdir(), "pack-"));
  /** What `npm pack` put into the tarball. */
  readonly files: readonly string[];

  constructor() {
    const modules = path.join(this.folder, "node_modules");
    const installed = path.join(modules, "cdktf-guardrails");
    mkdirSync(installed, { recursive: true });
    const { filename, files } = this.pack();
    this.files = files;
    mustRun("tar", ["-xzf", filename, "-C", installed, "--strip-components=1"], this.root);
    symlinkSync(path.resolve("node_modules/@cloud-copilot"), path.join(modules, "@cloud-copilot"));
    symlinkSync(path.resolve("node_modules/@types"), path.join(modules, "@types"));
    for (const name of [engine.library.name, "constructs", "@cdktf"]) {
      symlinkSync(path.join(engine.modules, name), path.join(modules, name));
    }
  }

  write(name: string, content: string): void {
    writeFileSync(path.join(this.folder, name), content);
  }

  /** Compiles the project's TypeScript. */
  compile(...options: readonly string[]): Run {
    const compiler = path.resolve("node_modules/.bin/tsc");
    return run(
      compiler,
      ["--module", "commonjs", "--moduleResolution", "bundler", "--strict", ...options],
      this.folder,
    );
  }

  node(...nodeArguments: readonly string[]): Run {
    return run(process.execPath, nodeArguments, this.folder);
  }

  remove(): void {
    for (const folder of [this.folder, this.root]) rmSync(folder, { recursive: true });
  }

  /** Builds in a copy of the packages, so that nothing is left in this repository. */
  private pack(): { readonly filename: string; readonly files: readonly string[] } {
    for (const name of readdirSync("packages")) {
      cpSync(path.join("packages", name), path.join(this.root, "packages", name), { recursive: true });
    }
    cpSync("tsconfig.json", path.join(this.root, "tsconfig.json"));
    symlinkSync(path.resolve("node_modules"), path.join(this.root, "node_modules"));
    const { output } = mustRun(
      "npm",
      ["pack", "--json", "--silent", "--pack-destination", this.root],
      path.join(this.root, "packages/guardrails"),
    );
    const [{ filename, files }] = JSON.parse(output.slice(output.indexOf("[")));
    return { filename, files: files.map((file: { readonly path: string }) => file.path) };
  }
}

function run(command: string, commandArguments: readonly string[], cwd: string): Run {
  const { PATH, HOME } = process.env;
  const { status, stdout, stderr } = spawnSync(command, commandArguments, {
    cwd,
    env: { PATH, HOME },
    encoding: "utf8",
  });
  return { exitCode: status, output: `${stdout}${stderr}` };
}

function mustRun(command: string, commandArguments: readonly string[], cwd: string): Run {
  const result = run(command, commandArguments, cwd);
  if (result.exitCode !== 0) throw new Error(`${command} failed:\n${result.output}`);
  return result;
}
