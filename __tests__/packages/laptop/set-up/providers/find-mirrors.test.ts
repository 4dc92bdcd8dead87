import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { findMirrors } from "../../../../../packages/laptop/set-up/providers/find-mirrors";

const terraform = { binary: "terraform", version: "1.10.0", registry: "registry.terraform.io" } as const;

describe("findMirrors", () => {
  const variables = { ...process.env };
  let home: string;

  beforeEach(() => {
    home = realpathSync(mkdtempSync(path.join(os.tmpdir(), "home-")));
    delete process.env.PROVIDER_MIRROR;
    delete process.env.XDG_DATA_HOME;
    jest.spyOn(os, "homedir").mockReturnValue(home);
  });

  afterEach(() => {
    process.env = { ...variables };
    jest.restoreAllMocks();
    rmSync(home, { recursive: true });
  });

  it.each([".terraform.d/plugins", ".local/share/terraform/plugins", "my-mirror", "."])(
    "finds %s in the home directory",
    (folder) => {
      mkdirSync(path.join(home, folder, terraform.registry), { recursive: true });

      expect(findMirrors(terraform)).toContain(path.join(home, folder));
    },
  );

  it("skips folders without the registry's providers", () => {
    mkdirSync(path.join(home, "my-mirror", "registry.opentofu.org"), { recursive: true });

    expect(findMirrors(terraform)).not.toContain(path.join(home, "my-mirror"));
  });

  it("searches only PROVIDER_MIRROR if that is set", () => {
    mkdirSync(path.join(home, "my-mirror", terraform.registry), { recursive: true });
    process.env.PROVIDER_MIRROR = path.join(home, "named");

    expect(findMirrors(terraform)).toEqual([path.join(home, "named")]);
  });
});
