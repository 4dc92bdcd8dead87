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

  it.each([
    ["an unknown option", ["dev-stack", "--yaml"], "Unknown option '--yaml'"],
    ["a missing argument", [], "<stack> is missing"],
    ["a surplus argument", ["dev-stack", "prod-stack"], "one argument too many: prod-stack"],
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
