import { writeCursor } from "../../../lambda-src/api/cursor";
import { ANSWER_MAX_BYTES } from "../../../lambda-src/api/list-items";
import { Api, json, outcome } from "./api";

describe("GET /items/{id}", () => {
  const fill = (api: Api, id: string, count: number, data: object = {}) => {
    for (let timestamp = 1; timestamp <= count; timestamp += 1) {
      api.table.rows.put({ id: { S: id }, timestamp: { N: `${timestamp}` }, data: { M: data } } as never);
    }
  };

  const list = (api: Api, query: Record<string, string> = {}, id = "a") =>
    api.ask("listItems", { path: { id }, query });

  const timestamps = (body: { items: { timestamp: number }[] }) =>
    body.items.map(({ timestamp }) => timestamp);

  /** The timestamps on every page of a list, from the first page to the one without a cursor. */
  const pages = async (api: Api, query: Record<string, string> = {}) => {
    const found: number[][] = [];
    for (let cursor: string | undefined = ""; cursor !== undefined; ) {
      const response = await list(api, { ...query, ...(cursor === "" ? {} : { cursor }) });
      expect(outcome(response)).toBe("200");
      found.push(timestamps(json(response)));
      cursor = json(response).nextCursor;
    }
    return found;
  };

  it("lists an id's items, newest first, and none of another id", async () => {
    const api = new Api();
    fill(api, "a", 3);
    fill(api, "b", 2);

    const response = await list(api);

    expect(outcome(response)).toBe("200");
    expect(timestamps(json(response))).toEqual([3, 2, 1]);
    expect(json(response)).not.toHaveProperty("nextCursor");
    expect(api.table.calls.at(-1)?.input).toMatchObject({ ConsistentRead: true });
  });

  it.each([
    [{}, 20],
    [{ limit: "1" }, 1],
    [{ limit: "100" }, 100],
  ])("with the query %j lists at most %d items", async (query, expected) => {
    const api = new Api();
    fill(api, "a", 101);

    const response = await list(api, query as Record<string, string>);

    expect(timestamps(json(response))).toHaveLength(expected);
    expect(timestamps(json(response))[0]).toBe(101);
  });

  it("lists every item exactly once across its pages", async () => {
    const api = new Api("direct");
    fill(api, "a", 25);

    const found = await pages(api, { limit: "10" });

    expect(found.map(({ length }) => length)).toEqual([10, 10, 5]);
    expect(found.flat()).toEqual(Array.from({ length: 25 }, (_, index) => 25 - index));
  });

  it("lists the items between from and to, inclusive", async () => {
    const api = new Api();
    fill(api, "a", 9);

    const found = await pages(api, { from: "3", to: "7", limit: "2" });

    expect(found).toEqual([[7, 6], [5, 4], [3]]);
  });

  it("ends a page where the table ends it", async () => {
    const api = new Api();
    fill(api, "a", 3);
    api.table.pageBytes = 60;

    const found = await pages(api);

    expect(found).toEqual([[3], [2], [1]]);
  });

  it("ends a page before the answer exceeds Lambda's limit", async () => {
    const api = new Api("direct");
    fill(api, "a", 10, { text: { S: "\0".repeat(200_000) } });
    api.table.pageBytes = Number.POSITIVE_INFINITY;

    const response = await list(api);

    expect(Buffer.byteLength(response.body)).toBeLessThanOrEqual(ANSWER_MAX_BYTES + 1_000);
    expect(timestamps(json(response))).toEqual([10, 9, 8, 7]);
    expect((await pages(api)).flat()).toHaveLength(10);
  });

  it("returns an empty page if the remaining items were deleted in the meantime", async () => {
    const api = new Api();
    fill(api, "a", 2);
    const { nextCursor } = json(await list(api, { limit: "1" }));
    for (const timestamp of ["1", "2"])
      api.table.rows.delete({ id: { S: "a" }, timestamp: { N: timestamp } });

    const response = await list(api, { limit: "1", cursor: nextCursor });

    expect(json(response)).toEqual({ items: [] });
  });

  it("returns an empty page if all of the id's items are out of bounds", async () => {
    const api = new Api();
    fill(api, "a", 2);

    const response = await list(api, { from: "3" });

    expect(json(response)).toEqual({ items: [] });
  });

  it("answers 404 for an id without items", async () => {
    const responses = [await list(new Api()), await list(new Api(), { from: "3", to: "4" })];

    expect(responses.map(outcome)).toEqual(["404 item-not-found", "404 item-not-found"]);
  });

  it("answers 400 if from is after to", async () => {
    const response = await list(new Api(), { from: "4", to: "3" });

    expect(outcome(response)).toBe("400 invalid-parameter");
    expect(json(response).detail).toContain("from must not be after to");
  });

  it("lists a single timestamp if from and to are equal, without a cursor", async () => {
    const api = new Api();
    fill(api, "a", 9);

    const response = await list(api, { from: "4", to: "4", limit: "1" });

    expect(json(response)).toMatchObject({ items: [{ timestamp: 4 }] });
    expect(json(response)).not.toHaveProperty("nextCursor");
  });

  describe("a cursor", () => {
    const filled = () => {
      const api = new Api();
      fill(api, "a", 9);
      fill(api, "b", 9);
      return api;
    };

    it.each([
      ["a different id", "b", { from: "2", to: "8" }],
      ["a different from", "a", { from: "1", to: "8" }],
      ["a different to", "a", { from: "2", to: "9" }],
      ["no bounds", "a", {}],
    ])("is refused with %s", async (_, id, query) => {
      const api = filled();
      const { nextCursor } = json(await list(api, { from: "2", to: "8", limit: "3" }));

      const response = await list(api, { ...(query as Record<string, string>), cursor: nextCursor }, id);

      expect(outcome(response)).toBe("400 invalid-parameter");
      expect(json(response).detail).toContain("different id, from or to");
    });

    it.each([
      "",
      " ",
      "x",
      "null",
      "A".repeat(21),
      "A".repeat(23),
      `${"A".repeat(21)}B`,
      `${"A".repeat(20)}+A`,
      `${"A".repeat(22)}==`,
    ])("is refused if it is not one: %j", async (cursor) => {
      const api = filled();

      const response = await list(api, { cursor });

      expect(outcome(response)).toBe("400 invalid-parameter");
      expect(json(response).detail).toContain("cursor must be the nextCursor");
      expect(api.table.calls).toEqual([]);
    });

    it("is refused with any bit flipped, or stays within the id and the bounds", async () => {
      const api = new Api("direct");
      fill(api, "a", 9);
      const query = { from: "2", to: "8", limit: "3" };
      const { nextCursor } = json(await list(api, query));

      for (let bit = 0; bit < 128; bit += 1) {
        const bytes = Buffer.from(nextCursor, "base64url");
        bytes.writeUInt8((bytes[bit >> 3] as number) ^ (1 << (bit & 7)), bit >> 3);
        const response = await list(api, { ...query, cursor: bytes.toString("base64url") });
        const inBounds =
          response.statusCode === 200 && timestamps(json(response)).every((at) => at >= 2 && at < 8);
        expect(outcome(response) === "400 invalid-parameter" || inBounds).toBe(true);
      }
    });

    it.each([0, 2, 9, 8.64e15])("forged to point outside the bounds, at %d, is refused", async (last) => {
      const api = filled();
      const cursor = writeCursor({ id: "a", from: 2, to: 8 }, last);

      const response = await list(api, { from: "2", to: "8", cursor });

      expect(outcome(response)).toBe("400 invalid-parameter");
    });

    it.each([3, 8])(
      "forged to point within the bounds, at %d, lists nothing that the query could not list anyway",
      async (last) => {
        const api = filled();
        const cursor = writeCursor({ id: "a", from: 2, to: 8 }, last);

        const response = await list(api, { from: "2", to: "8", cursor });

        expect(timestamps(json(response))).toEqual(
          [7, 6, 5, 4, 3, 2].filter((timestamp) => timestamp < last),
        );
      },
    );
  });

  it.each(["0", "101", "-1", "1.5", "1e1", "ten", "", " 5", "05", "99999999999999999999"])(
    "answers 400 for the limit %j",
    async (limit) => {
      const api = new Api();

      const response = await list(api, { limit });

      expect(outcome(response)).toBe("400 invalid-parameter");
      expect(json(response).detail).toContain("limit must be an integer from 1 to 100 (in the query)");
      expect(api.table.calls).toEqual([]);
    },
  );

  it("lists every invalid parameter at once, and none of their values", async () => {
    const response = await list(new Api(), { limit: "<script>", from: "-1", to: "soon" }, "a/b");

    expect(json(response).detail).toMatch(
      /^Fix the following: id must be .*\(in the path\); timestamp must be .*\(in the query\); timestamp must be .*\(in the query\); limit must be .*\(in the query\)\.$/,
    );
    expect(response.body).not.toContain("script");
  });

  it.each([
    ["is missing", null],
    ["is inherited", Object.create({ id: "a" })],
    ["is empty", { id: "" }],
    ["is too long", { id: "a".repeat(257) }],
    ["has a slash once decoded", { id: "a%2Fb" }],
    ["has a percent sign once decoded", { id: "%2541" }],
    ["has a control character once decoded", { id: "a%00" }],
  ])("answers 400 if the id %s", async (_, pathParameters) => {
    const api = new Api();

    const response = await api.ask("listItems", { changes: { pathParameters } });

    expect(outcome(response)).toBe("400 invalid-parameter");
    expect(json(response).detail).toMatch(/^Fix the following: id must be .* \(in the path\)\.$/);
    expect(api.table.calls).toEqual([]);
  });

  it.each(["%zz", "%ff"])("answers 400 if the id cannot be decoded: %s", async (id) => {
    const response = await list(new Api(), {}, id);

    expect(outcome(response)).toBe("400 invalid-parameter");
    expect(json(response).detail).toBe("Fix the path: its percent-encoding is not valid.");
  });

  it.each(["a b+é", "a%20b+%C3%A9"])("finds the id %j, whether it arrives encoded or decoded", async (id) => {
    const api = new Api();
    fill(api, "a b+é", 1);

    const response = await list(api, {}, id);

    expect(outcome(response)).toBe("200");
  });

  it("lists rows that the API did not write", async () => {
    const api = new Api();
    api.table.rows.put({
      id: { S: "a" },
      timestamp: { N: "1" },
      data: { M: { big: { N: "12345678901234567890" }, set: { SS: ["x"] }, bytes: { B: "AQI=" } } },
      expires: { N: "9" },
    });
    api.table.rows.put({ id: { S: "a" }, timestamp: { N: "2" } });

    const response = await list(api);

    expect(json(response)).toEqual({
      items: [
        { id: "a", timestamp: 2, data: {} },
        { id: "a", timestamp: 1, data: { big: 12345678901234567000, set: ["x"], bytes: "AQI=" } },
      ],
    });
  });
});
