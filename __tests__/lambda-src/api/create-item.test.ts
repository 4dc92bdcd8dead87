import { Api, json, outcome } from "./api";

describe("POST /items", () => {
  const post = (api: Api, body: unknown, headers: Record<string, string> = {}) =>
    api.ask("createItem", { body, headers: { "Content-Type": "application/json", ...headers } });

  const stored = (api: Api, id: string, timestamp: number) =>
    api.table.rows.get({ id: { S: id }, timestamp: { N: `${timestamp}` } });

  it("returns the item, its version and its path", async () => {
    const api = new Api();

    const response = await post(api, { id: "a b", timestamp: 5, data: { n: 1 } });

    expect(outcome(response)).toBe("201");
    expect(json(response)).toEqual({ id: "a b", timestamp: 5, data: { n: 1 } });
    expect(response.headers).toEqual({
      "content-type": "application/json",
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      etag: expect.stringMatching(/^"[\w-]{22}"$/),
      location: "items/a%20b/5",
    });
    expect(api.counted.ItemCreated).toBe(1);
  });

  /** Of a stage, custom domains with and without base paths, a proxy's prefix, and the laptop. */
  it.each([
    ["https://x1.execute-api.eu-west-1.amazonaws.com/dev/items", "/dev/items"],
    ["https://x1.execute-api.eu-west-1.amazonaws.com/dev/items/", "/dev/items/"],
    ["https://api.example.com/items", "/items"],
    ["https://api.example.com/items", undefined],
    ["https://api.example.com/items", null],
    ["https://api.example.com/v1/orders/items", "/v1/orders/items"],
    ["https://api.example.com/items/items", "/items/items"],
    ["https://cdn.example.com/items", "/dev/items"],
    ["https://www.example.com/shop/api/items?from=here", "/dev/items"],
    ["http://127.0.0.1:4566/restapis/x1/dev/_user_request_/items", "/dev/items"],
    ["http://127.0.0.1:4566/restapis/x1/dev/_user_request_/items/", "/dev/items/"],
  ])(
    "names the item's URL below what the client called, %s, although API Gateway saw %j",
    async (url, path) => {
      const api = new Api();
      const changes = { requestContext: { requestId: "r", path } as never };

      const response = await api.ask("createItem", {
        body: { id: "a:b ü", timestamp: 5, data: {} },
        changes,
      });

      const followed = new URL(response.headers.location ?? "", url).href;
      expect(followed).toBe(`${url.replace(/\/?(?:\?.*)?$/, "")}/a%3Ab%20%C3%BC/5`);
    },
  );

  it("assigns the clock's time if the timestamp is absent", async () => {
    const api = new Api();

    const response = await post(api, { id: "a", data: {} });

    expect(json(response)).toEqual({ id: "a", timestamp: api.now, data: {} });
    expect(stored(api, "a", api.now)).toBeDefined();
  });

  it.each([0, 8.64e15])("keeps the timestamp %d", async (timestamp) => {
    const api = new Api();

    const response = await post(api, { id: "a", timestamp, data: {} });

    expect(json(response)).toMatchObject({ timestamp });
    expect(stored(api, "a", timestamp)).toBeDefined();
  });

  it("answers 409 for a given timestamp that is taken, and does not change the item", async () => {
    const api = new Api();
    await post(api, { id: "a", timestamp: 5, data: { first: true } });

    const second = await post(api, { id: "a", timestamp: 5, data: { first: false } });

    expect(outcome(second)).toBe("409 item-exists");
    expect(json(second).detail).toContain("Send another timestamp");
    expect(stored(api, "a", 5)).toMatchObject({ data: { M: { first: { BOOL: true } } } });
    expect(api.table.calls).toHaveLength(2);
    expect(api.counted).toMatchObject({ ItemCreated: 1, Conflict: 1 });
  });

  it("assigns the last possible millisecond", async () => {
    const api = new Api();
    api.now = 8.64e15 - 1;
    await post(api, { id: "a", data: {} });

    const response = await post(api, { id: "a", data: {} });

    expect(json(response).timestamp).toBe(8.64e15);
  });

  it("answers 409 if the clock has reached the last possible millisecond and it is taken", async () => {
    const api = new Api();
    api.now = 8.64e15;
    await post(api, { id: "a", data: {} });

    const response = await post(api, { id: "a", data: {} });

    expect(outcome(response)).toBe("409 item-exists");
  });

  it.each(["lose answer", "lose request"] as const)(
    "writes once if the client has to send its call twice: %s",
    async (fault) => {
      const api = new Api();
      api.table.fault = (_call, number) => (number === 1 ? fault : undefined);

      const response = await post(api, { id: "a", data: { nested: [1.5, "x", { deep: null }] } });

      expect(outcome(response)).toBe("201");
      expect(api.table.rows.size).toBe(1);
      expect(stored(api, "a", api.now)?.etag?.S).toBe(JSON.parse(response.headers.etag ?? ""));
    },
  );

  it("answers 409 if an answer is lost and another request wrote the item, even with the same content", async () => {
    const api = new Api();
    await post(api, { id: "a", timestamp: 5, data: {} });
    api.table.fault = (_call, number) => (number === 2 ? "lose answer" : undefined);

    const response = await post(api, { id: "a", timestamp: 5, data: {} });

    expect(outcome(response)).toBe("409 item-exists");
  });

  it.each([
    ["is empty", " ", /no body/],
    ["is not JSON", "{", /not valid JSON/],
    ["is nested 3,000 times", "[".repeat(3_000) + "]".repeat(3_000), /at most 32/],
    ["is an array", "[]", /must be a JSON object/],
    ["is null", "null", /must be a JSON object/],
    ["is a string", '"a"', /must be a JSON object/],
    ["has no id", { data: {} }, /id must be a string/],
    ["has an empty id", { id: "", data: {} }, /id must be/],
    ["has an id of 257 characters", { id: "a".repeat(257), data: {} }, /1 to 256/],
    ["has an id with a control character", { id: "a\nb", data: {} }, /control/],
    ["has an id with a slash", { id: "a/b", data: {} }, /"\/"/],
    ["has an id with a percent sign", { id: "100%", data: {} }, /"%"/],
    ["has an id that URLs drop", { id: "..", data: {} }, /"\.\."/],
    ["has an id that is a number", { id: 1, data: {} }, /id must be a string/],
    ["has an id with half a surrogate pair", '{"id":"\\ud800","data":{}}', /surrogate/],
    ["has no data", { id: "a" }, /data must be a JSON object/],
    ["has data that is an array", { id: "a", data: [] }, /data must be a JSON object/],
    ["has data that is null", { id: "a", data: null }, /data must be a JSON object/],
    ["has a negative timestamp", { id: "a", timestamp: -1, data: {} }, /timestamp must be an integer/],
    ["has a timestamp that is too large", { id: "a", timestamp: 8.64e15 + 1, data: {} }, /timestamp must be/],
    ["has a timestamp with a fraction", { id: "a", timestamp: 1.5, data: {} }, /timestamp must be/],
    ["has a timestamp that is a string", { id: "a", timestamp: "1", data: {} }, /timestamp must be/],
    ["has a timestamp that is null", { id: "a", timestamp: null, data: {} }, /timestamp must be/],
    ["has an unknown property", { id: "a", data: {}, extra: 1 }, /can only have id, timestamp and data/],
    ["has a property __proto__", '{"id":"a","data":{},"__proto__":{}}', /__proto__/],
    ["has a property __proto__ in its data", '{"id":"a","data":{"x":[{"__proto__":{}}]}}', /__proto__/],
    ["has an empty name in its data", { id: "a", data: { "": 1 } }, /empty name/],
    ["has half a surrogate pair in its data", '{"id":"a","data":{"x":"\\udc00"}}', /surrogate/],
    ["has half a surrogate pair in a name", '{"id":"a","data":{"\\ud83d":1}}', /surrogate/],
    ["has a name of 64 KB", { id: "a", data: { ["é".repeat(32_768)]: 1 } }, /65535 bytes/],
  ])("answers 400 if the body %s", async (_, body, detail) => {
    const api = new Api();

    const response = await post(api, body);

    expect(response.statusCode).toBe(400);
    expect(json(response).detail).toMatch(detail);
    expect(api.table.calls).toEqual([]);
  });

  it("answers 400 if there is no body", async () => {
    const response = await post(new Api(), undefined);

    expect(outcome(response)).toBe("400 malformed-body");
  });

  it("lists every broken rule at once", async () => {
    const response = await post(new Api(), { id: "", timestamp: -1 });

    expect(json(response).detail).toMatch(
      /^Fix the following: id must be [^;]*; timestamp must be [^;]*; data must be [^;]*\.$/,
    );
  });

  it("decodes a body in base64", async () => {
    const body = Buffer.from(JSON.stringify({ id: "é", data: {} })).toString("base64");

    const response = await new Api().ask("createItem", { body, changes: { isBase64Encoded: true } });

    expect(json(response)).toMatchObject({ id: "é" });
  });

  it("answers 400 for a body that is not UTF-8", async () => {
    const body = Buffer.from('{"id":"é","data":{}}', "latin1").toString("base64");

    const response = await new Api().ask("createItem", { body, changes: { isBase64Encoded: true } });

    expect(outcome(response)).toBe("400 malformed-body");
    expect(json(response).detail).toContain("UTF-8");
  });

  it.each([
    { "content-type": "text/plain" },
    { "Content-Type": "application/jsonp" },
    { "content-type": "text/application/json" },
    { "CONTENT-TYPE": "application/json; charset=iso-8859-1" },
    { "content-type": "application/json;charset = latin1" },
    { "content-type": "application/json", "content-encoding": "br" },
    { "content-type": "application/json", "Content-Encoding": "gzip, gzip" },
    { "content-type": "application/json", "content-encoding": "compress" },
    { "content-type": "" },
  ])("answers 415 for the headers %j", async (headers) => {
    const api = new Api();

    const response = await api.ask("createItem", {
      body: { id: "a", data: {} },
      changes: { headers: headers as Record<string, string> },
    });

    expect(outcome(response)).toBe("415 unsupported-media-type");
    expect(json(response).detail).toContain("Send");
    expect(api.table.calls).toEqual([]);
  });

  it.each([
    null,
    {},
    { "content-type": " application/json " },
    { "content-type": "application/json; charset=utf8", "content-encoding": "" },
    { "Content-Type": 'Application/JSON; charset="UTF-8"', "Content-Encoding": "identity" },
    // API Gateway decompresses the body and leaves the header as it was.
    { "content-type": "application/json", "content-encoding": "gzip" },
    { "content-type": "application/json", "Content-Encoding": " GZIP " },
    { "content-type": "application/json", "content-encoding": "deflate" },
    { "content-type": "application/vnd.example.v1+json;charset=utf-8" },
  ])("reads JSON with the headers %j", async (headers) => {
    const changes = { headers: headers as Record<string, string> };

    const response = await new Api().ask("createItem", { body: { id: "a", data: {} }, changes });

    expect(outcome(response)).toBe("201");
  });

  it("answers 413 for an item over 400 KB without calling the table", async () => {
    const api = new Api();
    const room = 409_600 - Buffer.byteLength("idtimestampdataetagtexta") - 22 - 2 - 3 - 1;

    const fits = await post(api, { id: "a", timestamp: 1, data: { text: "x".repeat(room) } });
    const tooLarge = await post(api, { id: "a", timestamp: 1, data: { text: "x".repeat(room + 1) } });

    expect(outcome(fits)).toBe("201");
    expect(outcome(tooLarge)).toBe("413 item-too-large");
    expect(json(tooLarge).detail).toContain("409600");
    expect(api.table.calls).toHaveLength(1);
  });

  it.each([
    [
      "without",
      {},
      { error: "ValidationException", message: "Item size has exceeded the maximum allowed size" },
    ],
    [
      "with",
      { "Idempotency-Key": "k" },
      {
        error: "TransactionCanceledException",
        reasons: [
          { Code: "ValidationError", Message: "Item size to update has exceeded the maximum allowed size" },
          { Code: "None" },
        ],
      },
    ],
  ])("answers 413 if the table finds the item too large, %s a key", async (_, headers, fault) => {
    const api = new Api();
    api.table.fault = () => fault;

    const response = await post(api, { id: "a", data: {} }, headers as Record<string, string>);

    expect(outcome(response)).toBe("413 item-too-large");
    expect(json(response).detail).toBe("Make the item smaller than 400 KB.");
    expect(api.table.calls).toHaveLength(1);
  });

  it.each([
    { error: "ValidationException", message: "The provided key element does not match the schema" },
    { error: "AccessDeniedException", message: "not allowed to ask for the item size" },
  ])("does not mistake another refusal of the table for that: %j", async (fault) => {
    const api = new Api();
    api.table.fault = () => fault;

    const response = await post(api, { id: "a", data: {} });

    expect(response.statusCode).toBe(500);
  });

  it("answers 409 if the row exists and was not written by the API", async () => {
    const api = new Api();
    api.table.rows.put({ id: { S: "a" }, timestamp: { N: "5" } });

    const response = await post(api, { id: "a", timestamp: 5, data: {} });

    expect(outcome(response)).toBe("409 item-exists");
  });

  it("stores a name of 65,535 bytes", async () => {
    const response = await post(new Api(), { id: "a", data: { ["x".repeat(65_535)]: 1 } });

    expect(outcome(response)).toBe("201");
  });

  it("stores data unchanged, whatever its property names", async () => {
    const api = new Api();
    const data = {
      constructor: { name: "Set" },
      toString: 1,
      toJSON: "x",
      length: 3,
      M: { S: "x" },
      list: [[], {}, null, true, false, "", 0, 1e-130, -1.5, 2 ** 53 - 1, "\u{1f600}"],
    };

    const created = await post(api, { id: "a", timestamp: 1, data });
    const read = await api.ask("getItem", { path: { id: "a", timestamp: "1" } });

    expect(json(created).data).toEqual(data);
    expect(json(read).data).toEqual(data);
  });

  it("stores data of 31 levels and refuses 32", async () => {
    const nested = (levels: number): object => (levels === 1 ? { x: 1 } : { x: nested(levels - 1) });

    const kept = await post(new Api(), { id: "a", data: nested(31) });
    const refused = await post(new Api(), { id: "a", data: nested(32) });

    expect(outcome(kept)).toBe("201");
    expect(outcome(refused)).toBe("400 invalid-item");
    expect(json(refused).detail).toContain("32");
  });
});
