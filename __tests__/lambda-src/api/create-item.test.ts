import { parseApiEvent } from "../../../lambda-src/api/api-event";
import { createItem } from "../../../lambda-src/api/create-item";
import { ItemRepository } from "../../../lambda-src/items/item-repository";
import { postEvent } from "../../support/api-event";
import { oneRealm } from "../one-realm";
import { StubTable } from "../stub-table";

describe("POST /items", () => {
  oneRealm();
  let table: StubTable;
  const onCreated = jest.fn();
  const clock = () => 1_000;

  beforeEach(async () => {
    onCreated.mockReset();
    table = await StubTable.start();
  });

  afterEach(() => table.stop());

  const post = (...request: Parameters<typeof postEvent>) =>
    createItem({ items: new ItemRepository(table.documents(), "items"), onCreated, clock })(
      parseApiEvent(postEvent(...request)),
      AbortSignal.timeout(5_000),
    );

  const stored = (id: string, timestamp: number) => table.rows.get(`${id}\n${timestamp}`);

  it("assigns the clock's time where the timestamp is absent", async () => {
    const response = await post({ id: "a", data: {} });

    expect(JSON.parse(response.body)).toEqual({ id: "a", timestamp: 1_000, data: {} });
    expect(stored("a", 1_000)).toBeDefined();
    expect(onCreated).toHaveBeenCalledTimes(1);
  });

  it.each([0, 8.64e15])("keeps the timestamp %d", async (timestamp) => {
    const response = await post({ id: "a", timestamp, data: {} });

    expect(JSON.parse(response.body)).toMatchObject({ timestamp });
    expect(stored("a", timestamp)).toBeDefined();
  });

  it("answers 409 for a given timestamp that is taken, and leaves the row as it is", async () => {
    await post({ id: "a", timestamp: 5, data: { first: true } });
    onCreated.mockReset();

    const second = post({ id: "a", timestamp: 5, data: { first: false } });

    await expect(second).rejects.toMatchObject({ status: 409, kind: "item-exists" });
    expect(stored("a", 5)).toMatchObject({ data: { M: { first: { BOOL: true } } } });
    expect(table.calls).toHaveLength(2);
    expect(onCreated).not.toHaveBeenCalled();
  });

  it("moves an assigned timestamp to a later millisecond that is free", async () => {
    await post({ id: "a", timestamp: 1_000, data: {} });
    await post({ id: "a", timestamp: 1_001, data: {} });

    const response = await post({ id: "a", data: { third: true } });

    expect(JSON.parse(response.body)).toMatchObject({ timestamp: 1_002, data: { third: true } });
    expect(table.rows.size).toBe(3);
  });

  it("gives up with 409 after three writes", async () => {
    table.fault = () => ({ error: "ConditionalCheckFailedException" });

    const response = post({ id: "a", data: {} });

    await expect(response).rejects.toMatchObject({ status: 409, message: expect.stringContaining("again") });
    expect(table.calls.map(({ input }) => input.Item?.timestamp?.N)).toEqual(["1000", "1001", "1002"]);
    expect(onCreated).not.toHaveBeenCalled();
  });

  it.each([
    ["given", { timestamp: 5 }],
    ["assigned", {}],
  ])("writes once with a %s timestamp when the first answer is lost", async (_, timestamp) => {
    table.fault = (_call, number) => (number === 1 ? "lose answer" : undefined);

    const response = await post({ id: "a", ...timestamp, data: { nested: [1.5, "x", { deep: null }] } });

    expect(response.statusCode).toBe(201);
    expect(table.rows.size).toBe(1);
  });

  it("answers 409 when an answer is lost and the row is another's", async () => {
    await post({ id: "a", timestamp: 5, data: { mine: false } });
    table.fault = (_call, number) => (number === 2 ? "lose answer" : undefined);

    const response = post({ id: "a", timestamp: 5, data: { mine: true } });

    await expect(response).rejects.toMatchObject({ status: 409 });
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
    ["has an id with half a character", '{"id":"\\ud800","data":{}}', /surrogate/],
    ["has no data", { id: "a" }, /data must be a JSON object/],
    ["has data that is an array", { id: "a", data: [] }, /data must be a JSON object/],
    ["has data that is null", { id: "a", data: null }, /data must be a JSON object/],
    ["has a negative timestamp", { id: "a", timestamp: -1, data: {} }, /timestamp must be an integer/],
    ["has a timestamp too late", { id: "a", timestamp: 8.64e15 + 1, data: {} }, /timestamp must be/],
    ["has a timestamp with a fraction", { id: "a", timestamp: 1.5, data: {} }, /timestamp must be/],
    ["has a timestamp that is a string", { id: "a", timestamp: "1", data: {} }, /timestamp must be/],
    ["has a timestamp that is null", { id: "a", timestamp: null, data: {} }, /timestamp must be/],
    ["has an unknown property", { id: "a", data: {}, extra: 1 }, /nothing else/],
    ["has a __proto__ of its own", '{"id":"a","data":{},"__proto__":{}}', /__proto__/],
    ["has a __proto__ in its data", '{"id":"a","data":{"x":[{"__proto__":{}}]}}', /__proto__/],
    ["has an empty name in its data", { id: "a", data: { "": 1 } }, /empty name/],
    ["has half a character in its data", '{"id":"a","data":{"x":"\\udc00"}}', /surrogate/],
    ["has half a character in a name", '{"id":"a","data":{"\\ud83d":1}}', /surrogate/],
    ["has a number beyond 2^53", '{"id":"a","data":{"x":9007199254740993}}', /as a string/],
    ["has a number beyond doubles", '{"id":"a","data":{"x":-1e999}}', /as a string/],
    ["has a number below 1e-130", '{"id":"a","data":{"x":1e-131}}', /as a string/],
    ["has a name of 64 KB", { id: "a", data: { ["é".repeat(32_768)]: 1 } }, /65535 bytes/],
  ])("answers 400 where the body %s", async (_, body, detail) => {
    const response = post(body);

    await expect(response).rejects.toMatchObject({ status: 400, message: expect.stringMatching(detail) });
    expect(table.calls).toEqual([]);
  });

  it("answers 400 where there is no body", async () => {
    const response = post("", { body: null });

    await expect(response).rejects.toMatchObject({ status: 400, kind: "malformed-body" });
  });

  it("names every rule that is broken at once", async () => {
    const response = post({ id: "", timestamp: -1 });

    await expect(response).rejects.toThrow(/id must be .*timestamp must be .*data must be /);
  });

  it("decodes a body in base64", async () => {
    const body = Buffer.from(JSON.stringify({ id: "é", data: {} })).toString("base64");

    const response = await post(body, { isBase64Encoded: true });

    expect(JSON.parse(response.body)).toMatchObject({ id: "é" });
  });

  it("answers 400 for a body that is not UTF-8", async () => {
    const body = Buffer.from('{"id":"é","data":{}}', "latin1").toString("base64");

    const response = post(body, { isBase64Encoded: true });

    await expect(response).rejects.toMatchObject({ status: 400, message: expect.stringContaining("UTF-8") });
  });

  it.each([
    { "content-type": "text/plain" },
    { "Content-Type": "application/jsonp" },
    { "CONTENT-TYPE": "application/json; charset=iso-8859-1" },
    { "content-type": "application/json", "content-encoding": "gzip" },
    { "content-type": "" },
  ])("answers 415 for the headers %j", async (headers) => {
    const response = post({ id: "a", data: {} }, { headers });

    await expect(response).rejects.toMatchObject({ status: 415, message: expect.stringContaining("Send") });
    expect(table.calls).toEqual([]);
  });

  it.each([
    null,
    {},
    { "content-type": "application/json" },
    { "Content-Type": 'Application/JSON; charset="UTF-8"', "Content-Encoding": "identity" },
    { "content-type": "application/vnd.example.v1+json;charset=utf-8" },
  ])("reads JSON with the headers %j", async (headers) => {
    const response = await post({ id: "a", data: {} }, { headers: headers as Record<string, string> });

    expect(response.statusCode).toBe(201);
  });

  it("answers 413 for an item over 400 KB without asking the table", async () => {
    const room = 409_600 - Buffer.byteLength("idtimestampdatatexta") - 2 - 3 - 1;

    const fits = await post({ id: "a", data: { text: "x".repeat(room) } });
    const tooLarge = post({ id: "a", data: { text: "x".repeat(room + 1) } });

    expect(fits.statusCode).toBe(201);
    await expect(tooLarge).rejects.toMatchObject({ status: 413, message: expect.stringContaining("409600") });
    expect(table.calls).toHaveLength(1);
  });

  it("answers 413 where the table finds the item too large", async () => {
    const message = "Item size has exceeded the maximum allowed size";
    table.fault = () => ({ error: "ValidationException", message });

    const response = post({ id: "a", data: {} });

    await expect(response).rejects.toMatchObject({ status: 413, cause: { message } });
  });

  it("keeps data as it came, whatever its names", async () => {
    const data = {
      constructor: { name: "Set" },
      toString: 1,
      toJSON: "x",
      length: 3,
      M: { S: "x" },
      list: [[], {}, null, true, "", 0, 1e-130, -1.5, 2 ** 53 - 1, "\u{1f600}"],
    };

    const response = await post({ id: "a", data });

    expect(JSON.parse(response.body).data).toEqual(data);
    const items = new ItemRepository(table.documents(), "items");
    const [item] = await items.newest("a", 1, AbortSignal.timeout(5_000));
    expect(item?.data).toEqual(data);
  });

  it("keeps data of 31 levels and refuses 32", async () => {
    const nested = (levels: number): object => (levels === 1 ? { x: 1 } : { x: nested(levels - 1) });

    const kept = await post({ id: "a", data: nested(31) });
    const refused = post({ id: "a", data: nested(32) });

    expect(kept.statusCode).toBe(201);
    await expect(refused).rejects.toMatchObject({ status: 400, message: expect.stringContaining("32") });
  });
});
