import { judgeConcurrency } from "../../../scripts/doctor/judge-concurrency";

const region = { region: "eu-west-1", quota: 1_000, free: 1_000, toReserve: [100, 10] };

describe("the judgement of Lambda's concurrency", () => {
  it.each([
    [{ free: 210, toReserve: [100, 10] }],
    [{ quota: 10, free: 10, toReserve: [] }],
    [{ quota: 10, free: 10, toReserve: [0, 0] }],
  ])("passes if 100 executions stay unreserved or nothing more is reserved: %j", (changes) => {
    expect(judgeConcurrency([{ ...region, ...changes }]).verdict).toBe("passed");
  });

  it.each([
    [{ quota: 10, free: 10 }, 210],
    [{ quota: 101, free: 101 }, 210],
    [{ quota: 1_000, free: 101 }, 1_109],
  ])("does not advise to lower reservations if nothing can be reserved: %j", (changes, quota) => {
    expect(judgeConcurrency([{ ...region, ...changes }])).toMatchObject({
      verdict: "failed",
      remedy: `raise the quota "Concurrent executions" of AWS Lambda to ${quota}, or in stacks/environments.ts set reserveConcurrency to false`,
    });
  });

  it("advises to lower reservations if that can help", () => {
    expect(judgeConcurrency([{ ...region, free: 209 }])).toEqual({
      verdict: "failed",
      detail: "eu-west-1: quota 1000, 209 unreserved, 110 more to reserve; 100 must stay unreserved",
      remedy:
        'raise the quota "Concurrent executions" of AWS Lambda to 1001, or in stacks/environments.ts lower reservedConcurrency or set reserveConcurrency to false',
    });
  });

  it("names the quota of each Region that is short", () => {
    const other = { ...region, region: "us-east-1", quota: 10, free: 10 };

    const { detail, remedy } = judgeConcurrency([region, other]);

    expect(detail).toContain(
      "eu-west-1: quota 1000, 1000 unreserved, 110 more to reserve; us-east-1: quota 10",
    );
    expect(remedy).toContain("to 210, or in stacks/environments.ts set");
  });
});
