import { asShell, commandEnvironment, emulatorEnvironment } from "../../../packages/laptop/environment";

const providers = { source: "mirror" as const, environment: { TF_CLI_CONFIG_FILE: "/a folder/it's.tfrc" } };
const environment = emulatorEnvironment(4566, "eu-west-1", providers);

describe("commandEnvironment", () => {
  afterEach(() => {
    delete process.env.AWS_PROFILE;
    delete process.env.KEPT;
  });

  it("keeps the process's variables, except those that lead to the user's own account", () => {
    process.env.AWS_PROFILE = "mine";
    process.env.KEPT = "kept";

    const changed = commandEnvironment(environment);

    expect(changed).toMatchObject({ KEPT: "kept", AWS_ENDPOINT_URL: "http://127.0.0.1:4566" });
    expect(changed).not.toHaveProperty("AWS_PROFILE");
    expect(process.env.AWS_PROFILE).toBe("mine");
  });
});

describe("asShell", () => {
  it("quotes values, and unsets the variables that lead to the user's own account", () => {
    const lines = asShell(environment).split("\n");

    expect(lines[0]).toMatch(/^unset AWS_PROFILE /);
    expect(lines).toContain("export TF_CLI_CONFIG_FILE='/a folder/it'\\''s.tfrc'");
  });
});
