import { readFileSync } from "node:fs";

const mistakes = "__tests__/e2e/iam/mistakes.test.ts";
const roles = "__tests__/e2e/iam/roles.test.ts";
const requests = "__tests__/e2e/iam/requests.test.ts";
const models = "__tests__/e2e/gaps/service-models.test.ts";

/** Which test makes each mistake in the list. */
const madeBy: Readonly<Record<string, readonly [file: string, title: string]>> = {
  "a function makes a call that its role may not make": [mistakes, "a missing grant is denied"],
  "a function queries an index, and its role may use the table only": [mistakes, "does not cover its index"],
  "a function reads two tables with one call, and its role may read one": [
    requests,
    "for two tables needs both",
  ],
  "a function's role does not trust Lambda": [mistakes, "a function's role %s cannot be assumed by Lambda"],
  "a function's role does not exist": [mistakes, "a function's role that does not exist cannot be assumed"],
  "a function's role stops trusting Lambda, or is deleted": [
    roles,
    "fails its function's invocations once it %s",
  ],
  "a function's role may not send to its dead-letter queue": [
    mistakes,
    "be able to send to its dead-letter queue",
  ],
  "a function's role may not write to a destination": [roles, "write to the destinations of asynchronous"],
  "a function's role may not read the queue or stream of its mapping": [
    mistakes,
    "be able to read %s that its mapping",
  ],
  "a role for Firehose does not trust Firehose": [roles, "must trust Firehose"],
  "a role for a log subscription does not trust CloudWatch Logs": [
    mistakes,
    "role must trust CloudWatch Logs",
  ],
  "a queue has no policy that lets its topic send": [mistakes, "a queue without a policy gets nothing"],
  "a queue's policy names another topic": [mistakes, "a queue whose policy names another topic"],
  "a function has no permission for the rule that invokes it": [mistakes, "a rule needs a permission"],
  "a function's alias has no permission for an API's method, or only the function has": [
    mistakes,
    "an API with %s on its alias returns 500",
  ],
  "a queue or function does not let S3 notify it": [
    requests,
    "to notify a function needs a permission for S3",
  ],
  "an alarm's topic does not let CloudWatch publish": [mistakes, "a topic that lets CloudWatch publish"],
  "a permissions boundary lacks an action": [mistakes, "a boundary that lacks an action is named"],
  "a bucket's policy denies its own writer": [mistakes, "a bucket's policy that denies its own writer"],
  "a table's policy denies a role": [requests, "for a table follows the table's policy"],
  "a key's policy leaves out a role, and the account": [requests, "of KMS needs the key's policy"],
  "a caller may call other methods only": [mistakes, "a caller who may only read is refused another method"],
  "a pipeline may not pass a role": [mistakes, "a pipeline needs iam:PassRole"],
  "a policy has an operator that IAM does not know": [
    mistakes,
    "a policy that IAM would refuse is malformed",
  ],
  "a role's name is too long": [models, "refuse a role's name of 65 characters"],
  "a function gets too little memory": [models, "refuse 64 MB of memory"],
  "a log group keeps its lines for a number of days that CloudWatch Logs does not offer": [
    models,
    "refuse a retention of 8 days",
  ],
};

describe("the mistakes that docs/local-aws.md lists", () => {
  it("are those that tests make, at least twenty", () => {
    const [, section = ""] = readFileSync("docs/local-aws.md", "utf8").split("### Mistakes that fail here\n");
    const [list = ""] = section.split("\n#");
    const rows = [...list.matchAll(/^\| (?!mistake )([^|-][^|]*) \|/gm)].map(([, mistake]) => mistake);

    expect(rows).toEqual(Object.keys(madeBy));
    expect(rows.length).toBeGreaterThanOrEqual(20);
  });

  it.each(Object.entries(madeBy).map(([mistake, [file, title]]) => [mistake, file, title]))(
    "are made by a test: %s",
    (_, file = "", title = "") => {
      expect(readFileSync(file, "utf8")).toContain(title);
    },
  );
});
