import { execFileSync } from "node:child_process";
import { venvPython } from "../../../packages/laptop/set-up/tools";
import { type Case, cases } from "./decision-cases";

describe("a decision of IAM", () => {
  const titles = Object.keys(cases);
  let decisions: Readonly<Record<string, string>>;

  // One process for all cases: it takes seconds to start.
  beforeAll(() => {
    const input = JSON.stringify(titles.map((title) => (cases[title] as Case)[0]));
    const env = {
      ...process.env,
      PYTHONPATH: "packages/laptop/patched-emulator",
      PYTHONDONTWRITEBYTECODE: "1",
    };
    const output = execFileSync(venvPython, ["__tests__/e2e/iam/decide.py"], {
      input,
      env,
      encoding: "utf8",
    });
    const list = JSON.parse(output.trimEnd().split("\n").at(-1) ?? "") as string[];
    decisions = Object.fromEntries(titles.map((title, index) => [title, `${list[index]}`]));
  });

  it.each(titles.map((title) => [title, (cases[title] as Case)[1]] as const))("%s: %s", (title, expected) => {
    expect(decisions[title]).toBe(expected);
  });
});
