import { criticalPath } from "../../bench/deploy/critical-path";
import { ResourceTimes } from "../../bench/deploy/resource-times";

describe("the critical path of a deployment", () => {
  it("leads from the resource that finished last through the dependency that finished last before it", () => {
    const times = new ResourceTimes();
    const output: readonly (readonly [number, string])[] = [
      [0, "dev-stack  aws_sqs_queue.slow: Creating..."],
      [0, "dev-stack  aws_sqs_queue.quick: Creating..."],
      [1, "dev-stack  aws_sqs_queue.quick: Creation complete after 1s [id=q]"],
      [10, "dev-stack  aws_sqs_queue.slow: Still creating... [10s elapsed]"],
      [25, "dev-stack  aws_sqs_queue.slow: Creation complete after 25s [id=s]"],
      [25, "dev-stack  aws_lambda_function.uses-both: Creating..."],
      [30, "dev-stack  aws_lambda_function.uses-both: Creation complete after 5s [id=f]"],
      [2, "dev-stack  aws_s3_bucket.alone: Creating..."],
      [28, "dev-stack  aws_s3_bucket.alone: Creation complete after 26s [id=b]"],
      [29, "dev-stack  aws_s3_bucket.never-done: Creating..."],
    ];
    for (const [seconds, line] of output) times.read(line, seconds);

    const path = criticalPath(times.all(), {
      lineage: "l",
      serial: 1,
      outputs: {},
      resources: [
        ["aws_lambda_function", "uses-both", ["aws_sqs_queue.quick", "aws_sqs_queue.slow"]],
        ["aws_sqs_queue", "slow"],
        ["aws_sqs_queue", "quick"],
        ["aws_s3_bucket", "alone"],
      ].map(([type, name, dependencies]) => ({
        mode: "managed" as const,
        type: `${type}`,
        name: `${name}`,
        instances: [{ attributes: {}, ...(dependencies && { dependencies: [dependencies].flat() }) }],
      })),
    });

    expect(path).toEqual([
      { address: "aws_sqs_queue.slow", started: 0, ended: 25 },
      { address: "aws_lambda_function.uses-both", started: 25, ended: 30 },
    ]);
  });
});
