import { markdownTable, textTable } from "../../packages/terminal/table";
import { awsFailure } from "../../scripts/lib/aws-failure";
import { countsOf, type Finding } from "../../scripts/lib/finding";

describe("awsFailure", () => {
  it.each([
    [
      "no credentials",
      { name: "CredentialsProviderError", message: "Could not load" },
      /^there are no credentials: sign in/,
    ],
    [
      "credentials that have ended",
      { name: "ExpiredTokenException", message: "expired" },
      /^the credentials have expired/,
    ],
    [
      "credentials that AWS does not know",
      { name: "InvalidClientTokenId", message: "no" },
      /^AWS does not know these/,
    ],
    [
      "a network that is not there",
      { name: "Error", message: "x", code: "ECONNREFUSED" },
      /does not answer \(ECONNREFUSED\)/,
    ],
    [
      "a fetch that fails",
      { name: "TypeError", message: "x", cause: { code: "ENOTFOUND" } },
      /does not answer \(ENOTFOUND\)/,
    ],
    [
      "what a service says",
      { name: "NoSuchBucket", message: "It is\n  not there" },
      /^NoSuchBucket: It is not there$/,
    ],
    ["a service that says nothing", { name: "Unknown", message: "UnknownError" }, /^Unknown$/],
  ])("tells in one line of %s", (_, error, line) => {
    expect(awsFailure(error)).toMatch(line);
  });
});

describe("tables", () => {
  const rows = [
    ["a", "b|c"],
    ["longer", "two\nlines"],
  ];

  it("are aligned in a terminal", () => {
    expect(
      textTable([
        ["a", "b"],
        ["longer", "c"],
      ]),
    ).toBe("a       b\nlonger  c");
  });

  it("keep their columns in a pull request, whatever is in a cell", () => {
    expect(markdownTable(rows)).toBe("| a | b\\|c |\n| --- | --- |\n| longer | two lines |");
  });
});

describe("countsOf", () => {
  it("leaves out what there is none of, but for what passed and failed", () => {
    const of = (...verdicts: Finding["verdict"][]) =>
      countsOf(verdicts.map((verdict) => ({ check: "c", verdict, detail: "" })));

    expect(of("passed", "passed")).toBe("2 passed, 0 failed");
    expect(of("warned", "failed", "unchecked")).toBe(
      "0 passed, 1 to look at, 1 failed, 1 could not be checked",
    );
  });
});
