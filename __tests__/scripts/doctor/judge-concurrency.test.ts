import { judgeConcurrency } from "../../../scripts/doctor/judge-concurrency";

const functions = [
  { live: 0, wanted: 100 },
  { live: 0, wanted: 10 },
];
const region = { region: "eu-west-1", quota: 1_000, free: 1_000, functions };

describe("the judgement of Lambda's concurrency", () => {
  it.each([
    [{ free: 210 }],
    [{ quota: 10, free: 10, functions: [] }],
    [{ quota: 10, free: 10, functions: [{ live: 5, wanted: 5 }] }],
    [{ quota: 10, free: 10, functions: [{ live: 5, wanted: 1 }] }],
  ])("passes if 100 executions stay unreserved or nothing more is reserved: %j", (changes) => {
    expect(judgeConcurrency([{ ...region, ...changes }]).verdict).toBe("passed");
  });

  it.each([
    [{ quota: 10, free: 10 }, 210],
    [{ quota: 101, free: 101 }, 210],
    [{ quota: 1_000, free: 101 }, 1_109],
    [{ quota: 102, free: 100, functions: [{ live: 2, wanted: 2 }, ...functions] }, 212],
  ])("does not advise to lower reservations if nothing can be reserved: %j", (changes, quota) => {
    expect(judgeConcurrency([{ ...region, ...changes }])).toMatchObject({
      verdict: "failed",
      remedy: `raise the quota "Concurrent executions" of AWS Lambda to ${quota} in eu-west-1, or in stacks/environments.ts set reserveConcurrency to false`,
    });
  });

  it.each([
    ["of new functions", { free: 209 }, 1_001],
    ["back to what is reserved", { quota: 200, free: 100, functions: [{ live: 100, wanted: 200 }] }, 300],
    [
      "of others, for new functions",
      { quota: 150, free: 100, functions: [{ live: 50, wanted: 50 }, ...functions] },
      260,
    ],
  ])("advises to lower reservations %s if that can help", (_, changes, quota) => {
    expect(judgeConcurrency([{ ...region, ...changes }])).toMatchObject({
      verdict: "failed",
      remedy: `raise the quota "Concurrent executions" of AWS Lambda to ${quota} in eu-west-1, or in stacks/environments.ts lower reservedConcurrency or set reserveConcurrency to false`,
    });
  });

  it("names the quota of each Region that is short", () => {
    const short = [
      { ...region, region: "us-east-1", quota: 10, free: 10 },
      { ...region, region: "us-west-2", quota: 100, free: 100 },
    ];

    const { detail, remedy } = judgeConcurrency([region, ...short]);

    expect(detail).toBe(
      [
        "eu-west-1: quota 1000, 1000 unreserved, 110 more to reserve",
        "us-east-1: quota 10, 10 unreserved, 110 more to reserve",
        "us-west-2: quota 100, 100 unreserved, 110 more to reserve; 100 must stay unreserved",
      ].join("; "),
    );
    expect(remedy).toContain("to 210 in us-east-1, 210 in us-west-2, or in stacks/environments.ts set");
  });
});
