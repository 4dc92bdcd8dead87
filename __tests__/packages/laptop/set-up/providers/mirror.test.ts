import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { hasProvider, hasProviders, platform } from "../../../../../packages/laptop/set-up/providers/mirror";
import { requiredProviders } from "../../../../../packages/laptop/set-up/providers/required-providers";

const terraform = { binary: "tofu", version: "1.10.0", registry: "registry.opentofu.org" } as const;

describe("a provider mirror", () => {
  let mirror: string;

  beforeEach(() => {
    mirror = mkdtempSync(path.join(os.tmpdir(), "mirror-"));
  });

  afterEach(() => rmSync(mirror, { recursive: true }));

  function inMirror(...names: readonly string[]): string {
    const file = path.join(mirror, terraform.registry, "hashicorp", ...names);
    mkdirSync(path.dirname(file), { recursive: true });
    return file;
  }

  it("has a provider that is unpacked or packed", () => {
    mkdirSync(inMirror("aws", requiredProviders.aws, platform), { recursive: true });
    const { archive } = requiredProviders;
    writeFileSync(inMirror("archive", `terraform-provider-archive_${archive}_${platform}.zip`), "");

    expect(hasProviders(terraform, mirror)).toBe(true);
  });

  it.each([
    ["another version", ["aws", "1.0.0", platform]],
    ["another platform", ["aws", requiredProviders.aws, "plan9_mips"]],
  ])("lacks a provider that it has only for %s", (_, names) => {
    mkdirSync(inMirror(...names), { recursive: true });

    expect(hasProvider(terraform, mirror, "aws")).toBe(false);
  });

  it("lacks a provider that it has only for another registry", () => {
    mkdirSync(inMirror("aws", requiredProviders.aws, platform), { recursive: true });

    expect(hasProvider({ ...terraform, registry: "registry.terraform.io" }, mirror, "aws")).toBe(false);
  });
});
