import http from "node:http";
import type { AddressInfo } from "node:net";
import type { Exchange, Gap } from "../../../../packages/laptop/gaps/gap";
import { Gateway } from "../../../../packages/laptop/gateway/gateway";

jest.mock("../../../../packages/laptop/gaps/shared/report", () => ({ report: jest.fn() }));

interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly rawHeaders: readonly string[];
  readonly body: string;
}

describe("Gateway", () => {
  let emulator: http.Server;
  let received: Received[];
  let gateway: Gateway;
  const report = jest.fn();
  let port: number;

  beforeEach(async () => {
    received = [];
    emulator = http.createServer(async (request, response) => {
      const body = (await request.toArray()).join("");
      received.push({ method: request.method, url: request.url, rawHeaders: request.rawHeaders, body });
      response.writeHead(207, "Multi", { "X-Mixed-Case": "Kept", "set-cookie": ["a=1", "b=2"] });
      response.end(`echo ${body}`);
    });
    await new Promise<void>((resolve) => emulator.listen(0, "127.0.0.1", resolve));
    gateway = new Gateway(report);
    port = await gateway.listen(0);
    gateway.forwardTo((emulator.address() as AddressInfo).port);
  });

  afterEach(async () => {
    await gateway.close();
    emulator.closeAllConnections();
    emulator.close();
  });

  it("forwards a request unchanged: method, path, query, headers with their case and order, body", async () => {
    const answer = await send(
      "PUT",
      "/bucket/a%2Fb?x=1&x=2",
      { Host: "bucket.example", "X-Amz-Date": "now" },
      "body",
    );

    expect(answer.status).toBe(207);
    expect(received).toEqual([
      {
        method: "PUT",
        url: "/bucket/a%2Fb?x=1&x=2",
        rawHeaders: expect.arrayContaining(["Host", "bucket.example", "X-Amz-Date", "now"]),
        body: "body",
      },
    ]);
  });

  it("returns the answer unchanged: status, message, headers with their case and repetitions, body", async () => {
    const answer = await send("POST", "/", {}, "ping");

    expect(answer.body).toBe("echo ping");
    expect(answer.message).toBe("Multi");
    expect(answer.rawHeaders).toEqual(
      expect.arrayContaining(["X-Mixed-Case", "Kept", "set-cookie", "a=1", "set-cookie", "b=2"]),
    );
  });

  it("forwards a large body", async () => {
    const body = "x".repeat(20_000_000);

    const answer = await send("POST", "/", {}, body);

    expect(answer.body).toHaveLength("echo ".length + body.length);
  });

  it("answers 503 while the emulator restarts", async () => {
    gateway.forwardTo(undefined);

    const answer = await send("POST", "/", {}, "");

    expect(answer.status).toBe(503);
    expect(JSON.parse(answer.body)).toMatchObject({ __type: "ServiceUnavailableException" });
  });

  it("answers 503 if the emulator has ended", async () => {
    emulator.closeAllConnections();
    await new Promise((resolve) => emulator.close(resolve));

    const answer = await send("POST", "/", {}, "");

    expect(answer.status).toBe(503);
  });

  it("listens on the loopback address only", async () => {
    expect(await refused("127.0.0.2")).toBe(true);
  });

  it("names the way out if its port is taken", async () => {
    const second = new Gateway(report).listen(port, "run npm start -- --reset");

    await expect(second).rejects.toThrow(
      `port ${port} on 127.0.0.1, which the deployed stack's URLs use, is taken by another program: stop that program, or run npm start -- --reset to start over on another port`,
    );
  });

  describe("with gaps", () => {
    const everything = { claims: () => true };

    it("buffers no request that no gap claims", async () => {
      const intercept = jest.fn();
      gateway.setGaps(() => [{ name: "other", claims: ({ path }) => path === "/other", intercept }]);

      const answer = await send("GET", "/this", {}, "");

      expect(answer.status).toBe(207);
      expect(intercept).not.toHaveBeenCalled();
    });

    it("lets a gap change a request's headers, and the answer", async () => {
      const gap: Gap = {
        ...everything,
        name: "changing",
        intercept: async (call) => {
          const answer = await call.pass({ headers: { "x-amz-invocation-type": "RequestResponse" } });
          return { ...answer, body: Buffer.from(`${answer.body}, changed`) };
        },
      };
      gateway.setGaps(() => [gap]);

      const answer = await send("POST", "/", { "X-Amz-Invocation-Type": "Event" }, "ping");

      expect(answer.body).toBe("echo ping, changed");
      expect(answer.status).toBe(207);
      expect(answer.rawHeaders).toEqual(expect.arrayContaining(["set-cookie", "a=1", "set-cookie", "b=2"]));
      expect(received).toHaveLength(1);
      expect(received[0]?.rawHeaders.join()).toMatch(/^(?!.*Event).*x-amz-invocation-type,RequestResponse/);
    });

    it("passes on a body that came in chunks with its length", async () => {
      gateway.setGaps(() => [{ ...everything, name: "passing", intercept: (call) => call.pass() }]);

      const answer = await send("POST", "/", { "Transfer-Encoding": "chunked" }, "ping");

      expect(answer.body).toBe("echo ping");
      expect(received[0]?.rawHeaders.join().toLowerCase()).toContain("content-length,4");
      expect(received[0]?.rawHeaders.join().toLowerCase()).not.toContain("transfer-encoding");
    });

    it("answers an intercepted call with 503 if the emulator has ended", async () => {
      gateway.setGaps(() => [{ ...everything, name: "passing", intercept: (call) => call.pass() }]);
      emulator.closeAllConnections();
      await new Promise((resolve) => emulator.close(resolve));

      const answer = await send("POST", "/", {}, "");

      expect(answer.status).toBe(503);
    });

    it("calls an observer after the answer, and carries on if the observer fails", async () => {
      const exchanges: Exchange[] = [];
      const observe = (exchange: Exchange) => {
        exchanges.push(exchange);
        throw new Error("of the observer");
      };
      gateway.setGaps(() => [{ ...everything, name: "observing", observe }]);

      const first = await send("POST", "/a", {}, "ping");
      const second = await send("POST", "/b", {}, "pong");

      expect([first.body, second.body]).toEqual(["echo ping", "echo pong"]);
      expect(exchanges).toMatchObject([
        {
          head: { path: "/a" },
          status: 207,
          answerBytes: 9,
          answerBeginning: "echo ping",
          sourceIp: "127.0.0.1",
        },
        { head: { path: "/b" } },
      ]);
      expect(exchanges[0]?.milliseconds).toBeGreaterThanOrEqual(exchanges[0]?.emulatorMilliseconds ?? 0);
      expect(report).toHaveBeenLastCalledWith("observing", new Error("of the observer"));
    });

    it("shows an observer the answer that another gap has changed", async () => {
      const observe = jest.fn();
      const intercept: Gap["intercept"] = async (call) => ({
        ...(await call.pass()),
        body: Buffer.from("new"),
      });
      gateway.setGaps(() => [
        { ...everything, name: "changing", intercept },
        { ...everything, name: "observing", observe },
      ]);

      await send("POST", "/a", {}, "ping");

      expect(observe).toHaveBeenCalledWith(
        expect.objectContaining({
          head: expect.objectContaining({ path: "/a" }),
          status: 207,
          answerHeaders: expect.objectContaining({ "x-mixed-case": "Kept" }),
          answerBytes: 3,
          answerBeginning: "new",
        }),
      );
    });

    it("gives each account gaps of its own, before its first call or at once", async () => {
      const seen: string[] = [];
      const made: string[] = [];
      gateway.setGaps(
        (account) => {
          made.push(account);
          return [{ ...everything, name: account, observe: () => void seen.push(account) }];
        },
        ["000000000000", "333333333333"],
      );
      expect(made).toEqual(["000000000000", "333333333333"]);

      for (const accessKey of ["test", "222222222222", "222222222222", "333333333333", "AKIAEXAMPLE", "12"]) {
        const credential = `Credential=${accessKey}/20260101/eu-west-1/logs/aws4_request`;
        await send("POST", "/", { Authorization: `AWS4-HMAC-SHA256 ${credential}` }, "");
      }

      expect(made).toEqual(["000000000000", "333333333333", "222222222222"]);
      expect(seen).toEqual([
        ...["000000000000", "222222222222", "222222222222", "333333333333"],
        ...["000000000000", "000000000000"],
      ]);
    });

    it("closes gaps when others replace them, and when it is closed itself", async () => {
      const [first, second] = [jest.fn(), jest.fn()];

      gateway.setGaps(() => [{ ...everything, name: "first", close: first }]);
      gateway.setGaps(() => [{ ...everything, name: "second", close: second }]);
      expect([first.mock.calls.length, second.mock.calls.length]).toEqual([1, 0]);
      await gateway.close();

      expect([first.mock.calls.length, second.mock.calls.length]).toEqual([1, 1]);
    });

    it("settles every gap, even if one of them fails", async () => {
      const settled: string[] = [];
      const gap = (name: string, settle: () => Promise<void>): Gap => ({ ...everything, name, settle });
      gateway.setGaps(() => [
        gap("failing", async () => {
          throw new Error("of the gap");
        }),
        gap("settling", async () => {
          settled.push("settling");
        }),
      ]);

      await gateway.settle();

      expect(settled).toEqual(["settling"]);
    });
  });

  function send(method: string, path: string, headers: http.OutgoingHttpHeaders = {}, body = "") {
    return new Promise<{ status?: number; message?: string; rawHeaders: string[]; body: string }>(
      (resolve, reject) => {
        const request = http.request(
          { host: "127.0.0.1", port, method, path, headers, agent: false },
          async (response) => {
            const { statusCode, statusMessage, rawHeaders } = response;
            const chunks = await response.toArray();
            resolve({
              status: statusCode,
              message: statusMessage,
              rawHeaders,
              body: Buffer.concat(chunks).toString(),
            } as never);
          },
        );
        request.on("error", reject);
        request.end(body);
      },
    );
  }

  function refused(host: string): Promise<boolean> {
    return new Promise((resolve) => {
      http
        .get({ host, port, agent: false }, () => resolve(false))
        .on("error", (error: NodeJS.ErrnoException) => resolve(error.code === "ECONNREFUSED"));
    });
  }
});
