import { parseApiEvent } from "../../../lambda-src/api/api-event";
import { listItems } from "../../../lambda-src/api/list-items";
import { ItemRepository } from "../../../lambda-src/items/item-repository";
import { apiEvent } from "../../support/api-event";
import { StubTable } from "../stub-table";

describe("GET /items/{id}", () => {
  let table: StubTable;

  beforeEach(async () => {
    table = await StubTable.start();
  });

  afterEach(() => table.stop());

  const repository = () => new ItemRepository(table.documents(), "items");

  const get = (changes: Parameters<typeof apiEvent>[0]) =>
    listItems({ items: repository() })(parseApiEvent(apiEvent(changes)), AbortSignal.timeout(5_000));

  const fill = async (id: string, count: number) => {
    const items = repository();
    const timestamps = Array.from({ length: count }, (_, index) => index + 1);
    await Promise.all(
      timestamps.map((timestamp) => items.put({ id, timestamp, data: {} }, AbortSignal.timeout(5_000))),
    );
  };

  const timestamps = (body: string) =>
    (JSON.parse(body).items as { timestamp: number }[]).map(({ timestamp }) => timestamp);

  it("lists an id's rows, newest first, and no other's", async () => {
    await fill("a", 3);
    await fill("b", 2);

    const response = await get({ pathParameters: { id: "a" } });

    expect(response.statusCode).toBe(200);
    expect(timestamps(response.body)).toEqual([3, 2, 1]);
    expect(table.calls.at(-1)?.input).toMatchObject({ ConsistentRead: true });
  });

  it.each([
    [null, 20],
    [{ limit: "1" }, 1],
    [{ limit: "100" }, 100],
  ])("with the query %j lists at most %d rows", async (queryStringParameters, expected) => {
    await fill("a", 101);

    const response = await get({ queryStringParameters });

    expect(timestamps(response.body)).toHaveLength(expected);
    expect(timestamps(response.body)[0]).toBe(101);
  });

  it.each(["0", "101", "-1", "1.5", "1e1", "ten", "", " 5", "05", "99999999999999999999"])(
    "answers 400 for the limit %j",
    async (limit) => {
      const response = get({ queryStringParameters: { limit } });

      await expect(response).rejects.toMatchObject({
        status: 400,
        message: expect.stringContaining("1 to 100"),
      });
      expect(table.calls).toEqual([]);
    },
  );

  it("answers 404 for an id without rows", async () => {
    const response = get({ pathParameters: { id: "nobody" } });

    await expect(response).rejects.toMatchObject({ status: 404, kind: "item-not-found" });
  });

  it.each([
    ["is missing", null],
    ["is empty", { id: "" }],
    ["is too long", { id: "a".repeat(257) }],
    ["has broken percent encoding", { id: "%zz" }],
    ["is not UTF-8 once decoded", { id: "%ff" }],
    ["has a slash once decoded", { id: "a%2Fb" }],
    ["has a percent sign once decoded", { id: "%2541" }],
    ["has a control character once decoded", { id: "a%00" }],
  ])("answers 400 where the id %s", async (_, pathParameters) => {
    const response = get({ pathParameters });

    await expect(response).rejects.toMatchObject({ status: 400, message: expect.stringContaining("path") });
    expect(table.calls).toEqual([]);
  });

  it.each(["a b+é", "a%20b+%C3%A9"])("finds the id %j, handed on encoded or decoded", async (id) => {
    await fill("a b+é", 1);

    const response = await get({ pathParameters: { id } });

    expect(response.statusCode).toBe(200);
  });

  it("lists rows that something else wrote", async () => {
    table.rows.set("a", {
      id: { S: "a" },
      timestamp: { N: "1" },
      data: { M: { big: { N: "12345678901234567890" } } },
      expires: { N: "9" },
    });
    table.rows.set("b", { id: { S: "a" }, timestamp: { N: "2" } });

    const response = await get({ pathParameters: { id: "a" } });

    expect(JSON.parse(response.body)).toEqual({
      items: [
        { id: "a", timestamp: 2, data: {} },
        { id: "a", timestamp: 1, data: { big: 12345678901234567000 } },
      ],
    });
  });
});
