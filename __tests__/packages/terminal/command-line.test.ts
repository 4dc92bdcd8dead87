import { readArguments } from "../../../packages/terminal/command-line";

const commandLine = {
  usage: "usage of it",
  flags: ["json"],
  repeated: ["except"],
  positionals: ["<stack>"],
} as const;

describe("readArguments", () => {
  it("reads flags, repeated options and arguments", () => {
    const given = readArguments(commandLine, ["dev-stack", "--json", "--except", "a", "--except=b"]);

    expect(given).toEqual({
      flags: { json: true },
      repeated: { except: ["a", "b"] },
      positionals: ["dev-stack"],
    });
  });

  it("treats what is not given as absent", () => {
    const given = readArguments(commandLine, ["dev-stack"]);

    expect(given).toEqual({ flags: { json: false }, repeated: { except: [] }, positionals: ["dev-stack"] });
  });

  it("reads the last argument repeatedly if its name ends in …", () => {
    const several = { ...commandLine, positionals: ["<stack>…"] };

    const given = readArguments(several, ["dev-stack", "prod-stack"]);

    expect(given?.positionals).toEqual(["dev-stack", "prod-stack"]);
    expect(() => readArguments(several, [])).toThrow("<stack> is missing\n");
  });

  it("accepts that the last argument is left out if its name begins with [", () => {
    const optional = { ...commandLine, positionals: ["[stack…]"] };

    expect(readArguments(optional, [])?.positionals).toEqual([]);
    expect(readArguments(optional, ["dev-stack", "prod-stack"])?.positionals).toHaveLength(2);
  });

  it("reports that the command already runs only if the arguments are right", () => {
    process.env.LOCAL_AWS_ALREADY_RUNNING = "already running as process 7";
    try {
      expect(() => readArguments(commandLine, ["dev-stack"])).toThrow("already running as process 7");
      expect(() => readArguments(commandLine, ["dev-stack", "--jsn"])).toThrow("did you mean --json?");
    } finally {
      delete process.env.LOCAL_AWS_ALREADY_RUNNING;
    }
  });

  it.each([
    ["an unknown option", ["dev-stack", "--yaml"], "unknown option --yaml"],
    ["an unknown option with a value", ["dev-stack", "--yaml=1"], "unknown option --yaml"],
    ["an unknown short option", ["dev-stack", "-j"], "unknown option -j"],
    ["a misspelt flag", ["dev-stack", "--jsno"], "unknown option --jsno: did you mean --json?"],
    [
      "a misspelt option with a value",
      ["dev-stack", "--expect=a"],
      "unknown option --expect: did you mean --except?",
    ],
    ["a misspelt --help", ["--hlep"], "unknown option --hlep: did you mean --help?"],
    ["a missing argument", [], "<stack> is missing"],
    ["a surplus argument", ["dev-stack", "prod-stack"], "unexpected argument: prod-stack"],
    ["an option without its value", ["dev-stack", "--except"], "Option '--except <value>' argument missing"],
  ])("rejects %s in one line, followed by the usage, with exit code 2", (_, given, message) => {
    expect(() => readArguments(commandLine, given)).toThrow(
      expect.objectContaining({ message: `${message}\n\nusage of it`, exitCode: 2, forUser: true }),
    );
  });

  it("prints the usage with --help, and leaves nothing else to do", () => {
    const write = jest.spyOn(process.stdout, "write").mockReturnValue(true);

    const given = readArguments(commandLine, ["--help"]);

    expect(given).toBeUndefined();
    expect(write.mock.calls).toEqual([["usage of it\n"]]);
    write.mockRestore();
  });
});
