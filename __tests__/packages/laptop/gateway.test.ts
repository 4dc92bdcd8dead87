import http from "node:http";
import type { AddressInfo } from "node:net";
import type { Call, Exchange, Gap } from "../../../packages/laptop/gaps/gap";
import { report } from "../../../packages/laptop/gaps/shared/report";
import { Gateway } from "../../../packages/laptop/gateway";

jest.mock("../../../packages/laptop/gaps/shared/report", () => ({ report: jest.fn() }));

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
    gateway = new Gateway();
    port = await gateway.listen(0);
    gateway.forwardTo((emulator.address() as AddressInfo).port);
  });

  afterEach(async () => {
    await gateway.close();
    emulator.closeAllConnections();
    emulator.close();
  });

  it("passes a request on as it came: method, path, query, headers in their case and order, body", async () => {
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

  it("passes the answer back as it came: status, message, headers in their case, repeated ones too, body", async () => {
    const answer = await send("POST", "/", {}, "ping");

    expect(answer.body).toBe("echo ping");
    expect(answer.message).toBe("Multi");
    expect(answer.rawHeaders).toEqual(
      expect.arrayContaining(["X-Mixed-Case", "Kept", "set-cookie", "a=1", "set-cookie", "b=2"]),
    );
  });

  it("passes a large body through", async () => {
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

  it("answers 503 when the emulator is gone", async () => {
    emulator.closeAllConnections();
    await new Promise((resolve) => emulator.close(resolve));

    const answer = await send("POST", "/", {}, "");

    expect(answer.status).toBe(503);
  });

  it("listens on loopback alone", async () => {
    expect(await refused("127.0.0.2")).toBe(true);
  });

  it("says what to do when its port is taken", async () => {
    const second = new Gateway().listen(port);

    await expect(second).rejects.toThrow(
      `port ${port} on 127.0.0.1, on which this stack was deployed, is taken by another program: end that one, or start over on another port with npm start -- --reset`,
    );
  });

  describe("with gaps", () => {
    const everything = { concerns: () => true };

    it("holds no request that concerns none of them", async () => {
      const intercept = jest.fn();
      gateway.fill([{ name: "other", concerns: ({ path }) => path === "/other", intercept }]);

      const answer = await send("GET", "/this", {}, "");

      expect(answer.status).toBe(207);
      expect(intercept).not.toHaveBeenCalled();
    });

    it("tells a gap the service, Region and action of a request", async () => {
      const concerns = jest.fn(() => false);
      gateway.fill([{ name: "curious", concerns }]);

      await send("POST", "/?x=1", {
        authorization:
          "AWS4-HMAC-SHA256 Credential=test/20260101/eu-west-1/logs/aws4_request, SignedHeaders=host",
        "x-amz-target": "Logs_20140328.PutLogEvents",
      });
      await send("GET", "/?X-Amz-Credential=test%2F20260101%2Fus-east-1%2Fs3%2Faws4_request&x=%E0%A4%A");

      expect(concerns.mock.calls).toMatchObject([
        [{ service: "logs", region: "eu-west-1", action: "PutLogEvents", path: "/" }],
        [{ service: "s3", region: "us-east-1", action: undefined, path: "/" }],
      ]);
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
      gateway.fill([gap]);

      const answer = await send("POST", "/", { "X-Amz-Invocation-Type": "Event" }, "ping");

      expect(answer.body).toBe("echo ping, changed");
      expect(answer.status).toBe(207);
      expect(answer.rawHeaders).toEqual(expect.arrayContaining(["set-cookie", "a=1", "set-cookie", "b=2"]));
      expect(received).toHaveLength(1);
      expect(received[0]?.rawHeaders.join()).toMatch(/^(?!.*Event).*x-amz-invocation-type,RequestResponse/);
    });

    it("lets several gaps take part in one call", async () => {
      const adding = (text: string): Gap => ({
        ...everything,
        name: text,
        intercept: async (call) => {
          const answer = await call.pass();
          return { ...answer, body: Buffer.from(`${answer.body}${text}`) };
        },
      });
      gateway.fill([adding("!"), adding("?")]);

      const answer = await send("POST", "/", {}, "ping");

      expect(answer.body).toBe("echo ping?!");
    });

    it("lets several gaps change a request's headers", async () => {
      const setting = (name: string): Gap => ({
        ...everything,
        name,
        intercept: (call) => call.pass({ headers: { [name]: "set" } }),
      });
      gateway.fill([setting("x-one"), setting("x-other")]);

      await send("POST", "/", {}, "ping");

      expect(received[0]?.rawHeaders.join()).toMatch(/x-one,set.*x-other,set/);
    });

    it.each([
      ["before", async () => {}],
      ["after", (pass: Call["pass"]) => pass()],
      ["after changing headers for", (pass: Call["pass"]) => pass({ headers: { "x-changed": "1" } })],
    ])("gives the emulator's own answer, asked once, when a gap fails %s it", async (_, first) => {
      const gap: Gap = {
        ...everything,
        name: "failing",
        intercept: async (call) => {
          await first(call.pass);
          throw new Error("of the gap");
        },
      };
      gateway.fill([gap]);

      const answer = await send("POST", "/", {}, "ping");

      expect(answer).toMatchObject({ status: 207, body: "echo ping" });
      expect(received).toHaveLength(1);
      expect(report).toHaveBeenLastCalledWith("failing", new Error("of the gap"));
    });

    it("lets a request through whose gap cannot say whether it is concerned", async () => {
      const concerns = () => {
        throw new Error("of the gap");
      };
      gateway.fill([{ name: "failing", concerns, intercept: (call) => call.pass() }]);

      const answer = await send("POST", "/", {}, "ping");

      expect(answer.body).toBe("echo ping");
    });

    it("answers 503 to a call that a gap takes part in when the emulator is gone", async () => {
      gateway.fill([{ ...everything, name: "passing", intercept: (call) => call.pass() }]);
      emulator.closeAllConnections();
      await new Promise((resolve) => emulator.close(resolve));

      const answer = await send("POST", "/", {}, "");

      expect(answer.status).toBe(503);
    });

    it("tells an observer of a call once it is answered, and goes on where the observer fails", async () => {
      const exchanges: Exchange[] = [];
      const observe = (exchange: Exchange) => {
        exchanges.push(exchange);
        throw new Error("of the observer");
      };
      gateway.fill([{ ...everything, name: "observing", observe }]);

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
    });

    it("tells an observer of a call that another gap takes part in, with the answer that went out", async () => {
      const observe = jest.fn();
      const intercept: Gap["intercept"] = async (call) => ({
        ...(await call.pass()),
        body: Buffer.from("new"),
      });
      gateway.fill([
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

    it("has gaps let go of what they hold when others take their place, and at its end", async () => {
      const [first, second] = [jest.fn(), jest.fn()];

      gateway.fill([{ ...everything, name: "first", close: first }]);
      gateway.fill([{ ...everything, name: "second", close: second }]);
      expect([first.mock.calls.length, second.mock.calls.length]).toEqual([1, 0]);
      await gateway.close();

      expect([first.mock.calls.length, second.mock.calls.length]).toEqual([1, 1]);
    });

    it("settles them in turn, whatever one of them does", async () => {
      const settled: string[] = [];
      const gap = (name: string, settle: () => Promise<void>): Gap => ({ ...everything, name, settle });
      gateway.fill([
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
