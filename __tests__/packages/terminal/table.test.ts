import { markdownTable, textTable } from "../../../packages/terminal/table";

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
