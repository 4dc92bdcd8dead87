import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { runbookBlock } from "./support/runbook-block";
import { describeWhere, missingPrograms } from "./support/where-possible";

/** Stands for the AWS CLI: pages are files, named by their iterator. A missing one is an error. */
const standIn = `#!/bin/sh
case "$1 $2" in
  "configure set") echo "$3 = $4" >> "$AWS_CONFIG_FILE" ;;
  "dynamodbstreams get-shard-iterator") [ -e page-1 ] && echo 1 ;;
  "dynamodbstreams get-records") grep -q wire "$AWS_CONFIG_FILE" && cat "page-$4" ;;
  "lambda invoke") cp event.json invoked.json; echo '{"batchItemFailures":[]}' > result.json ;;
  *) exit 99 ;;
esac
`;

const numbers = (...sequenceNumbers: readonly string[]) =>
  sequenceNumbers.map((SequenceNumber) => ({ dynamodb: { SequenceNumber } }));

describeWhere(missingPrograms("jq"), "the replay of a stream's range, as docs/runbook.md has it,", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), "replay-"));
    writeFileSync(path.join(folder, "aws"), standIn, { mode: 0o755 });
    writeFileSync(path.join(folder, "config"), "[default]\nregion = eu-west-1\n");
    // Left by an earlier replay.
    for (const file of ["records.json", "event.json"])
      writeFileSync(path.join(folder, file), JSON.stringify({ Records: numbers("90", "91", "110") }));
    writeFileSync(path.join(folder, "result.json"), '{"batchItemFailures":[]}');
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it.each([
    ["one page", [["90", "91", "110", "111"]]],
    ["an empty page before it", [[], ["90", "91", "110"]]],
    ["short and empty pages", [["90"], [], [], ["91"], ["110", "111"], ["112"]]],
  ])("publishes the whole range, and nothing behind it, from %s", (_, pages) => {
    const output = replay(pages);

    const { Records } = JSON.parse(readFileSync(path.join(folder, "invoked.json"), "utf8"));
    expect(Records).toEqual(
      numbers("90", "91", "110").map((record) => ({ ...record, eventSourceARN: "arn:stream" })),
    );
    expect(output).toContain('{"batchItemFailures":[]}');
  });

  it.each([
    ["the stream no longer has", []],
    ["has lost its first records", [["91", "110"]]],
    ["ends before its last record", [["90", "91"]]],
    ["has no record any more", [[]]],
    ["has lost its last record, with others behind it", [["90", "91", "111"]]],
  ])("publishes nothing of a range that %s", (_, pages) => {
    const output = replay(pages);

    expect(existsSync(path.join(folder, "invoked.json"))).toBe(false);
    expect(output).not.toContain("batchItemFailures");
  });

  it("publishes nothing if a page cannot be read", () => {
    const output = replay([["90", "91"]], "2");

    expect(existsSync(path.join(folder, "invoked.json"))).toBe(false);
    expect(output).not.toContain("batchItemFailures");
  });

  it("leaves the operator's configuration of the AWS CLI as it is", () => {
    replay([["90", "91", "110"]]);

    expect(readFileSync(path.join(folder, "config"), "utf8")).toBe("[default]\nregion = eu-west-1\n");
    expect(readFileSync(path.join(folder, "replay-config"), "utf8")).toContain("region = eu-west-1");
  });

  /**
   * Pastes the block into a shell, which goes on after an error.
   * @param afterLast the iterator that the last page has
   */
  function replay(pages: readonly (readonly string[])[], afterLast?: string): string {
    for (const [index, page] of pages.entries()) {
      const NextShardIterator = index + 1 < pages.length ? `${index + 2}` : afterLast;
      const text = JSON.stringify({ Records: numbers(...page), NextShardIterator });
      writeFileSync(path.join(folder, `page-${index + 1}`), text);
    }
    const block = runbookBlock("aws dynamodbstreams get-records")
      .replace("<streamArn>", "arn:stream")
      .replace("<shardId>", "shard")
      .replace("<startSequenceNumber>", "90")
      .replace("<endSequenceNumber>", "110");
    const { stdout } = spawnSync("sh", ["-c", block], {
      cwd: folder,
      encoding: "utf8",
      env: {
        PATH: `${folder}:${process.env.PATH}`,
        HOME: folder,
        AWS_CONFIG_FILE: path.join(folder, "config"),
        APP: "shop",
        ENV: "dev",
      },
    });
    return stdout;
  }
});
