import {
  GetFunctionConcurrencyCommand,
  GetFunctionEventInvokeConfigCommand,
  type GetFunctionEventInvokeConfigCommandOutput,
} from "@aws-sdk/client-lambda";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { EventInvokeConfig } from "../../../../packages/laptop/gaps/event-invoke-config";
import type { Answer } from "../../../../packages/laptop/gaps/gap";
import type { AwsClients } from "../../../../packages/laptop/gaps/shared/aws-clients";
import { requestHead } from "../../../../packages/laptop/gateway/request-head";

const answers = {
  throttled: { status: 429, rawHeaders: [], body: Buffer.from('{"message":"Rate Exceeded."}') },
  failed: {
    status: 200,
    rawHeaders: ["x-amz-function-error", "Unhandled", "x-amz-executed-version", "3"],
    body: Buffer.from('{"errorMessage":"no"}'),
  },
  done: { status: 200, rawHeaders: ["x-amz-executed-version", "3"], body: Buffer.from("true") },
} satisfies Record<string, Answer>;

type Outcome = keyof typeof answers;

const queue = (name: string) => ({ Destination: `arn:aws:sqs:eu-west-1:000000000000:${name}` });

describe("EventInvokeConfig", () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it.each<[readonly Outcome[], string, number]>([
    [["done"], "Success", 1],
    [["throttled", "throttled", "throttled", "throttled", "done"], "Success", 1],
    [["failed", "throttled", "failed", "throttled", "done"], "Success", 3],
    [["throttled", "failed", "failed", "throttled", "failed"], "RetriesExhausted", 3],
  ])("does not count throttles as attempts: %j is %s after %i", async (outcomes, condition, attempts) => {
    const { records, seconds } = await invoke(outcomes);

    expect(records).toEqual([
      expect.objectContaining({
        requestContext: expect.objectContaining({ condition, approximateInvokeCount: attempts }),
      }),
    ]);
    expect(seconds).toBeLessThan(5);
  });

  it("tries a throttled event again until it is too old, which was then never invoked", async () => {
    const { records, seconds, calls } = await invoke(Array(100).fill("throttled"));

    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject({
      requestContext: { condition: "EventAgeExceeded", approximateInvokeCount: 0 },
    });
    expect(records[0]).not.toHaveProperty("responseContext");
    // 60 seconds, less one pause of 5 at most.
    expect(seconds).toBeGreaterThan(54);
    expect(seconds).toBeLessThanOrEqual(60);
    expect(calls).toBeLessThan(30);
  });

  it("names the last attempt if an event becomes too old while it is throttled", async () => {
    const { records } = await invoke(["failed", ...Array(100).fill("throttled")]);

    expect(records[0]).toMatchObject({
      requestContext: { condition: "EventAgeExceeded", approximateInvokeCount: 1 },
      responseContext: { statusCode: 200, executedVersion: "3", functionError: "Unhandled" },
    });
  });

  it("gives up at once if nothing is reserved for the function", async () => {
    const { records, calls } = await invoke(Array(100).fill("throttled"), 0);

    expect(calls).toBe(1);
    expect(records[0]).toMatchObject({
      requestContext: { condition: "ZeroReservedConcurrency", approximateInvokeCount: 0 },
    });
  });

  /** Invokes an alias whose executions end one after the other as given. @returns what its destinations get */
  async function invoke(outcomes: readonly Outcome[], reserved?: number) {
    const records: object[] = [];
    const config: Partial<GetFunctionEventInvokeConfigCommandOutput> = {
      FunctionArn: "arn:aws:lambda:eu-west-1:000000000000:function:f:live",
      MaximumRetryAttempts: 2,
      MaximumEventAgeInSeconds: 60,
      DestinationConfig: { OnSuccess: queue("done"), OnFailure: queue("failed") },
    };
    const lambda = async (command: object) => {
      if (command instanceof GetFunctionEventInvokeConfigCommand) return config;
      if (command instanceof GetFunctionConcurrencyCommand) return { ReservedConcurrentExecutions: reserved };
      return {};
    };
    const sqs = async (command: object) => {
      if (!(command instanceof SendMessageCommand)) return { QueueUrl: "http://queue" };
      return records.push(JSON.parse(command.input.MessageBody ?? "{}"));
    };
    const own = { lambda: () => ({ send: lambda }), sqs: () => ({ send: sqs }) };
    const clients = { ...own, as: async () => own } as unknown as AwsClients;
    const gap = new EventInvokeConfig(clients, async (_, error) => {
      throw error;
    });
    const remaining = [...outcomes];
    const startedAt = Date.now();

    await gap.intercept({
      head: { ...headOf("/2015-03-31/functions/f:live/invocations"), region: "eu-west-1" },
      body: Buffer.from("{}"),
      pass: async () => answers[remaining.shift() ?? "done"],
    });
    const ended = gap.settle().then(() => Date.now());
    await jest.advanceTimersByTimeAsync(120_000);

    return {
      records,
      seconds: ((await ended) - startedAt) / 1_000,
      calls: outcomes.length - remaining.length,
    };
  }
});

function headOf(url: string) {
  return requestHead({ method: "POST", url, headers: {} } as Parameters<typeof requestHead>[0]);
}
