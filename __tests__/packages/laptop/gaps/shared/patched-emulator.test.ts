import {
  EmulatorRestartsError,
  PatchedEmulator,
} from "../../../../../packages/laptop/gaps/shared/patched-emulator";
import { LoopbackServer } from "../../../../support/loopback-server";

describe("PatchedEmulator", () => {
  let server: LoopbackServer;
  const received: unknown[] = [];
  const emulator = new PatchedEmulator(() => Number(new URL(server.endpoint).port), "000000000000");

  beforeAll(async () => {
    server = await LoopbackServer.start(async (request, response) => {
      const body = (await request.toArray()).join("");
      received.push([request.method, request.url, request.headers.authorization, JSON.parse(body)]);
      if (body.includes("hang")) return;
      response.writeHead(body.includes("fail") ? 500 : 200).end('{"writes":1}');
    });
  });
  afterAll(() => server.stop());
  afterEach(() => jest.restoreAllMocks());

  it("posts JSON to the emulator's own port, unsigned", async () => {
    expect(await emulator.call("metric-samples", { metrics: [] })).toEqual({ writes: 1 });
    const body = { account: "000000000000", metrics: [] };
    expect(received).toEqual([["POST", "/_laptop/metric-samples", undefined, body]]);
  });

  it("says that the emulator restarts while it has no port", async () => {
    const restarting = new PatchedEmulator(() => undefined, "000000000000");

    await expect(restarting.call("event", {})).rejects.toThrow(EmulatorRestartsError);
  });

  it("fails if the emulator does", async () => {
    await expect(emulator.call("event", { fail: true })).rejects.toThrow(
      "the emulator returns 500 for /_laptop/event",
    );
  });

  it("gives up after five seconds", async () => {
    const soon = AbortSignal.timeout(50);
    const timeout = jest.spyOn(AbortSignal, "timeout").mockReturnValue(soon);

    await expect(emulator.call("event", { hang: true })).rejects.toThrow("due to timeout");
    expect(timeout).toHaveBeenCalledWith(5_000);
  });
});
