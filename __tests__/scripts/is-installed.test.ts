import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";

interface Entry {
  readonly version: string;
  readonly integrity?: string;
  readonly optional?: true;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
}

type Packages = Readonly<Record<string, Entry>>;

const base: Packages = {
  "node_modules/a": { version: "1.0.0", integrity: "sha512-a" },
  "node_modules/a/node_modules/b": { version: "2.0.0", integrity: "sha512-b" },
};
const elsewhere = { os: [process.platform === "linux" ? "darwin" : "linux"], optional: true } as const;
const here = { os: [process.platform], cpu: [process.arch], optional: true } as const;

describe("whether node_modules is current", () => {
  const root = mkdtempSync(path.join(os.tmpdir(), "installed-"));
  const modules = path.join(root, "node_modules");

  afterEach(() => rmSync(modules, { recursive: true, force: true }));

  afterAll(() => rmSync(root, { recursive: true }));

  it.each<[string, Packages, Packages]>([
    ["the same packages", base, base],
    [
      "an optional package of another platform left out",
      { ...base, "node_modules/c-elsewhere": { version: "1.0.0", ...elsewhere } },
      base,
    ],
    [
      "an optional package left out that only such a package needs",
      { ...base, "node_modules/d": { version: "1.0.0", optional: true } },
      base,
    ],
    [
      "this platform's optional package",
      { ...base, "node_modules/c-here": { version: "1.0.0", ...here } },
      { ...base, "node_modules/c-here": { version: "1.0.0", ...here } },
    ],
    [
      "an optional package that is for every platform but this one left out",
      { ...base, "node_modules/e": { version: "1.0.0", optional: true, os: [`!${process.platform}`] } },
      base,
    ],
  ])("is affirmed with %s, whatever the files' times", (_, wanted, installed) => {
    install(wanted, installed);

    const future = new Date(Date.now() + 86_400_000);
    utimesSync(path.join(root, "package-lock.json"), future, future);

    expect(isInstalled()).toBe(true);
  });

  it.each<[string, Packages, Packages]>([
    ["another version", base, { ...base, "node_modules/a": { version: "1.0.1", integrity: "sha512-a" } }],
    [
      "the same version of another content",
      base,
      { ...base, "node_modules/a": { version: "1.0.0", integrity: "sha512-x" } },
    ],
    ["a package that is missing", base, { "node_modules/a": { version: "1.0.0", integrity: "sha512-a" } }],
    ["a package too many", { "node_modules/a": { version: "1.0.0", integrity: "sha512-a" } }, base],
    [
      "a package at another place",
      base,
      {
        "node_modules/a": { version: "1.0.0", integrity: "sha512-a" },
        "node_modules/b": { version: "2.0.0", integrity: "sha512-b" },
      },
    ],
    [
      "this platform's optional package missing, as in a cache of another platform",
      { ...base, "node_modules/c-here": { version: "1.0.0", ...here } },
      base,
    ],
    [
      "an optional package of every platform but another one missing",
      { ...base, "node_modules/e": { version: "1.0.0", optional: true, os: ["!aix"] } },
      base,
    ],
    ["nothing", base, {}],
  ])("is denied with %s", (_, wanted, installed) => {
    install(wanted, installed);

    expect(isInstalled()).toBe(false);
  });

  it("is denied where a package's folder is gone", () => {
    install(base, base);
    rmSync(path.join(modules, "a/node_modules/b"), { recursive: true });

    expect(isInstalled()).toBe(false);
  });

  it.each([
    [
      "was interrupted, so that npm has recorded nothing",
      () => rmSync(path.join(modules, ".package-lock.json")),
    ],
    ["left a broken record", () => writeFileSync(path.join(modules, ".package-lock.json"), '{"packages":')],
    ["is not there", () => rmSync(modules, { recursive: true })],
  ])("is denied where the installation %s", (_, spoil) => {
    install(base, base);
    spoil();

    expect(isInstalled()).toBe(false);
  });

  function install(wanted: Packages, installed: Packages): void {
    const project = { "": { version: "0.1.0" } };
    writeFileSync(
      path.join(root, "package-lock.json"),
      JSON.stringify({ packages: { ...project, ...wanted } }),
    );
    for (const name of Object.keys(installed)) {
      mkdirSync(path.join(root, name), { recursive: true });
      writeFileSync(path.join(root, name, "package.json"), "{}");
    }
    mkdirSync(modules, { recursive: true });
    writeFileSync(path.join(modules, ".package-lock.json"), JSON.stringify({ packages: installed }));
  }

  function isInstalled(): boolean {
    const program = `import { isInstalled } from ${JSON.stringify(path.resolve("scripts/is-installed.mjs"))};
      console.log(isInstalled(${JSON.stringify(root)}));`;
    return (
      execFileSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8" }) ===
      "true\n"
    );
  }
});
