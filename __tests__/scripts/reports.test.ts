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
      "credentials that have expired",
      { name: "ExpiredTokenException", message: "expired" },
      /^the credentials have expired/,
    ],
    [
      "credentials that AWS does not know",
      { name: "InvalidClientTokenId", message: "no" },
      /^AWS does not know these/,
    ],
    [
      "a refused connection",
      { name: "Error", message: "x", code: "ECONNREFUSED" },
      /does not answer \(ECONNREFUSED\)/,
    ],
    [
      "a fetch that fails",
      { name: "TypeError", message: "x", cause: { code: "ENOTFOUND" } },
      /does not answer \(ENOTFOUND\)/,
    ],
    [
      "a service's error with a message",
      { name: "NoSuchBucket", message: "It does\n  not exist" },
      /^NoSuchBucket: It does not exist$/,
    ],
    ["a service's error without a message", { name: "Unknown", message: "UnknownError" }, /^Unknown$/],
  ])("describes %s in one line", (_, error, line) => {
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

  it("keep their columns in a pull request, whatever a cell contains", () => {
    expect(markdownTable(rows)).toBe("| a | b\\|c |\n| --- | --- |\n| longer | two lines |");
  });
});

describe("countsOf", () => {
  it("leaves out zeros, except for passed and failed", () => {
    const of = (...verdicts: Finding["verdict"][]) =>
      countsOf(verdicts.map((verdict) => ({ check: "c", verdict, detail: "" })));

    expect(of("passed", "passed")).toBe("2 passed, 0 failed");
    expect(of("warned", "failed", "unchecked")).toBe("0 passed, 1 warned, 1 failed, 1 could not be checked");
  });
});
