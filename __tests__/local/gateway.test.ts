import http from "node:http";
import type { AddressInfo } from "node:net";
import { Gateway } from "../../local/gateway";

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

  function send(method: string, path: string, headers: http.OutgoingHttpHeaders, body: string) {
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
