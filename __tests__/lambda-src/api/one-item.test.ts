import type { ApiResponse } from "../../../lambda-src/api/api-response";
import type { Fault } from "../fake-table";
import { Api, json, outcome } from "./api";

describe("one item", () => {
  const path = { id: "a b", timestamp: "5" };
  const get = (api: Api) => api.ask("getItem", { path });
  const put = (api: Api, data: object, headers: Record<string, string> = {}) =>
    api.ask("putItem", { path, headers, body: { data } });
  const remove = (api: Api, headers: Record<string, string> = {}) => api.ask("deleteItem", { path, headers });
  const etagOf = async (api: Api) => (await get(api)).headers.etag ?? "none";

  describe("GET", () => {
    it("returns the item and its version", async () => {
      const api = new Api();
      const created = await put(api, { n: 1 });

      const response = await get(api);

      expect(outcome(response)).toBe("200");
      expect(json(response)).toEqual({ id: "a b", timestamp: 5, data: { n: 1 } });
      expect(response.headers.etag).toBe(created.headers.etag);
      expect(api.table.calls.at(-1)?.input).toMatchObject({ ConsistentRead: true });
    });

    it("answers 404 if the item does not exist", async () => {
      expect(outcome(await get(new Api()))).toBe("404 item-not-found");
    });

    it("returns a row that the API did not write without a version", async () => {
      const api = new Api();
      api.table.rows.put({ id: { S: "a b" }, timestamp: { N: "5" }, data: { M: {} } });

      const response = await get(api);

      expect(outcome(response)).toBe("200");
      expect(response.headers).not.toHaveProperty("etag");
    });

    it.each(["-1", "1.5", "05", "", "8640000000000001", "99999999999999999", "x"])(
      "answers 400 for the timestamp %j",
      async (timestamp) => {
        const response = await new Api().ask("getItem", { path: { id: "a", timestamp } });

        expect(outcome(response)).toBe("400 invalid-parameter");
      },
    );
  });

  describe("PUT", () => {
    it.each([{}, { "If-None-Match": "*" }])("creates an item with %j", async (headers) => {
      const api = new Api();

      const response = await put(api, { n: 1 }, headers as Record<string, string>);

      expect(outcome(response)).toBe("201");
      expect(json(response)).toEqual({ id: "a b", timestamp: 5, data: { n: 1 } });
      const url = "https://api.example.com/base/items/a%20b/5";
      expect(new URL(response.headers.location ?? "", url).href).toBe(url);
      expect(new URL(response.headers.location ?? "", `${url.replace("a%20b", "a b")}`).href).toBe(url);
      expect(api.counted).toEqual({ ItemCreated: 1 });
    });

    it.each([
      ["428 precondition-required", {}, /exists\. Read it/],
      ["412 precondition-failed", { "If-None-Match": "*" }, /exists\. Send If-Match/],
      ["412 precondition-failed", { "If-Match": '"AAAAAAAAAAAAAAAAAAAAAA"' }, /has changed or was deleted/],
    ])("answers %s for an existing item, with %j", async (expected, headers, detail) => {
      const api = new Api();
      await put(api, { first: true });

      const response = await put(api, { first: false }, headers as Record<string, string>);

      expect(outcome(response)).toBe(expected);
      expect(json(response).detail).toMatch(detail);
      expect(json(await get(api)).data).toEqual({ first: true });
      expect(api.counted).toEqual({ ItemCreated: 1, Conflict: 1 });
    });

    it.each([
      ["*", /does not exist\. Create it without If-Match/],
      ['"AAAAAAAAAAAAAAAAAAAAAA"', /has changed or was deleted/],
    ])("answers 412 if there is no item for If-Match %s", async (ifMatch, detail) => {
      const api = new Api();

      const response = await put(api, {}, { "If-Match": ifMatch });

      expect(outcome(response)).toBe("412 precondition-failed");
      expect(json(response).detail).toMatch(detail);
      expect(api.table.rows.size).toBe(0);
    });

    it("replaces a known version only once", async () => {
      const api = new Api();
      const first = (await put(api, { n: 1 })).headers.etag ?? "";

      const replaced = await put(api, { n: 2 }, { "if-match": first });
      const stale = await put(api, { n: 3 }, { "if-match": first });

      expect(outcome(replaced)).toBe("200");
      expect(replaced.headers.etag).not.toBe(first);
      expect(outcome(stale)).toBe("412 precondition-failed");
      expect(json(await get(api)).data).toEqual({ n: 2 });
      expect(api.counted).toEqual({ ItemCreated: 1, ItemChanged: 1, Conflict: 1 });
    });

    it("creates a new version even if the content is the same", async () => {
      const api = new Api();
      const first = await put(api, { n: 1 });

      const second = await put(api, { n: 1 }, { "If-Match": "*" });

      expect(second.headers.etag).not.toBe(first.headers.etag);
    });

    it("replaces a row without a version if If-Match is *", async () => {
      const api = new Api();
      api.table.rows.put({ id: { S: "a b" }, timestamp: { N: "5" }, data: { M: {} } });

      const response = await put(api, { n: 1 }, { "If-Match": "*" });

      expect(outcome(response)).toBe("200");
      expect(await etagOf(api)).toBe(response.headers.etag);
    });

    it("lets exactly one of 20 writers with the same version win", async () => {
      const api = new Api("direct");
      const known = (await put(api, {})).headers.etag ?? "";

      const responses = await Promise.all(
        Array.from({ length: 20 }, (_, writer) => put(api, { writer }, { "If-Match": known })),
      );

      expect(responses.filter(({ statusCode }) => statusCode === 200)).toHaveLength(1);
      expect(responses.filter(({ statusCode }) => statusCode === 412)).toHaveLength(19);
    });

    it("recognizes its own write if the answer was lost", async () => {
      const api = new Api();
      const known = (await put(api, { n: 1 })).headers.etag ?? "";
      api.table.fault = (_call, number) => (number === 2 ? "lose answer" : undefined);

      const response = await put(api, { n: 2 }, { "If-Match": known });

      expect(outcome(response)).toBe("200");
      expect(await etagOf(api)).toBe(response.headers.etag);
    });

    it("answers 413 for an item over 400 KB", async () => {
      const api = new Api();

      const response = await put(api, { text: "x".repeat(409_600) });

      expect(outcome(response)).toBe("413 item-too-large");
      expect(api.table.calls).toEqual([]);
    });

    it.each([
      ["is not an object", "[]", /must be a JSON object with data/],
      ["has no data", {}, /data must be a JSON object/],
      ["identifies the item", { id: "a", data: {} }, /id and timestamp come from the path/],
    ])("answers 400 if the body %s", async (_, body, detail) => {
      const response = await new Api().ask("putItem", { path, body });

      expect(outcome(response)).toBe("400 invalid-item");
      expect(json(response).detail).toMatch(detail);
    });
  });

  describe("DELETE", () => {
    it.each(["the version", "*"])("deletes the item if If-Match is %s", async (which) => {
      const api = new Api();
      await put(api, {});

      const response = await remove(api, { "If-Match": which === "*" ? "*" : await etagOf(api) });

      expect(response).toEqual({
        statusCode: 204,
        headers: { "cache-control": "no-store", "x-content-type-options": "nosniff" },
        body: "",
      });
      expect(api.table.rows.size).toBe(0);
      expect(api.counted).toEqual({ ItemCreated: 1, ItemRemoved: 1 });
    });

    it("answers 412 for a stale version, and keeps the item", async () => {
      const api = new Api();
      const stale = (await put(api, {})).headers.etag ?? "";
      await put(api, {}, { "If-Match": stale });

      const response = await remove(api, { "If-Match": stale });

      expect(outcome(response)).toBe("412 precondition-failed");
      expect(api.table.rows.size).toBe(1);
      expect(api.counted.Conflict).toBe(1);
    });

    it("answers 428 without If-Match", async () => {
      const api = new Api();
      await put(api, {});

      const response = await remove(api);

      expect(outcome(response)).toBe("428 precondition-required");
      expect(api.table.rows.size).toBe(1);
    });

    it.each(["*", '"AAAAAAAAAAAAAAAAAAAAAA"'])(
      "answers 404 if the item does not exist, with If-Match %s",
      async (ifMatch) => {
        const response = await remove(new Api(), { "If-Match": ifMatch });

        expect(outcome(response)).toBe("404 item-not-found");
      },
    );

    it.each(["*", "the version"] as const)(
      "deletes the item at the second attempt if the first one was lost, with If-Match %s",
      async (which) => {
        const api = new Api();
        const { etag = "" } = (await put(api, {})).headers;
        api.table.fault = (_call, number) => (number === 2 ? "lose request" : undefined);

        const response = await remove(api, { "If-Match": which === "*" ? "*" : etag });

        expect(response.statusCode).toBe(204);
        expect(api.table.rows.size).toBe(0);
      },
    );
  });

  /** Requests that the table refuses at their second attempt, by what another request did in between. */
  describe("a request whose first call to the table failed", () => {
    // Pauses take no time.
    beforeEach(() => jest.spyOn(Math, "random").mockReturnValue(0));
    afterEach(() => jest.restoreAllMocks());

    const DOUBT = /Before that, this request may have (.*): its first call to the table failed\.$/;
    const row = (etag: string) => ({
      id: { S: "a b" },
      timestamp: { N: "5" },
      etag: { S: etag },
      data: { M: {} },
    });

    const send = async (
      request: (api: Api, etag: string) => Promise<ApiResponse>,
      fault: Fault,
      { before, between }: { before: boolean; between: "absent" | "another version" },
    ) => {
      const api = new Api();
      const { etag = "" } = before ? (await put(api, {})).headers : {};
      const first = api.table.calls.length + 1;
      api.table.fault = (_call, number) => {
        if (number === first) return fault;
        if (between === "absent") api.table.rows.delete(row(""));
        else api.table.rows.put(row("another"));
        return undefined;
      };
      const response = await request(api, etag === "" ? '"AAAAAAAAAAAAAAAAAAAAAA"' : etag);
      expect(api.table.calls).toHaveLength(first + 1);
      return response;
    };

    const requests: readonly [
      name: string,
      request: (api: Api, etag: string) => Promise<ApiResponse>,
      before: boolean,
      between: "absent" | "another version",
      expected: string,
      done: string,
    ][] = [
      [
        "DELETE",
        (api, etag) => remove(api, { "If-Match": etag }),
        true,
        "absent",
        "404 item-not-found",
        "deleted one",
      ],
      [
        "DELETE of *",
        (api) => remove(api, { "If-Match": "*" }),
        true,
        "absent",
        "404 item-not-found",
        "deleted one",
      ],
      [
        "DELETE of none",
        (api) => remove(api, { "If-Match": "*" }),
        false,
        "absent",
        "404 item-not-found",
        "deleted one",
      ],
      [
        "DELETE, then created again",
        (api, etag) => remove(api, { "If-Match": etag }),
        true,
        "another version",
        "412 precondition-failed",
        "deleted an earlier version",
      ],
      [
        "PUT, then replaced",
        (api, etag) => put(api, {}, { "If-Match": etag }),
        true,
        "another version",
        "412 precondition-failed",
        "written its own version",
      ],
      [
        "PUT, then deleted",
        (api, etag) => put(api, {}, { "If-Match": etag }),
        true,
        "absent",
        "412 precondition-failed",
        "written its own version",
      ],
      [
        "PUT over *, then deleted",
        (api) => put(api, {}, { "If-Match": "*" }),
        true,
        "absent",
        "412 precondition-failed",
        "written its own version",
      ],
      [
        "PUT of a new item, then replaced",
        (api) => put(api, {}, { "If-None-Match": "*" }),
        false,
        "another version",
        "412 precondition-failed",
        "written its own version",
      ],
      [
        "PUT without a precondition, then replaced",
        (api) => put(api, {}),
        false,
        "another version",
        "428 precondition-required",
        "written its own version",
      ],
      [
        "POST of a given timestamp, then replaced",
        (api) => api.ask("createItem", { body: { id: "a b", timestamp: 5, data: {} } }),
        false,
        "another version",
        "409 item-exists",
        "created one",
      ],
    ];

    describe.each(requests)("%s", (_, request, before, between, expected, done) => {
      it.each<[Fault]>([["lose request"], ["lose answer"], [{ error: "InternalServerError" }]])(
        "says that it may have taken effect: %j",
        async (fault) => {
          const response = await send(request, fault, { before, between });

          expect(outcome(response)).toBe(expected);
          expect(DOUBT.exec(json(response).detail)?.[1]).toBe(done);
        },
      );

      it.each<[Fault]>([
        [{ error: "ThrottlingException" }],
        [{ error: "ProvisionedThroughputExceededException" }],
        [{ error: "RequestLimitExceeded" }],
      ])("has no doubt if the table refused that call: %j", async (fault) => {
        const response = await send(request, fault, { before, between });

        expect(outcome(response)).toBe(expected);
        expect(json(response).detail).not.toMatch(/this request/i);
      });
    });

    it("has no doubt if there was only one call", async () => {
      const response = await remove(new Api(), { "If-Match": "*" });

      expect(json(response).detail).toBe("No item has this id and timestamp.");
    });

    it("has no doubt if the table first refused its signature for its time", async () => {
      const api = new Api();
      api.table.clockAheadMs = 3_600_000;

      const response = await remove(api, { "If-Match": "*" });

      expect(api.table.calls).toHaveLength(1);
      expect(json(response).detail).toBe("No item has this id and timestamp.");
    });
  });

  it.each([
    ["If-Match", ""],
    ["If-Match", "AAAA"],
    ["If-Match", 'W/"AAAA"'],
    ["If-Match", '"A", "B"'],
    ["If-Match", '""'],
    ["If-Match", `"${"A".repeat(65)}"`],
    ["If-None-Match", '"A"'],
    ["If-None-Match", ""],
  ])("answers 400 for %s: %s", async (name, value) => {
    const api = new Api();

    const response = await put(api, {}, { [name]: value });

    expect(outcome(response)).toBe("400 invalid-parameter");
    expect(json(response).detail).toContain(`${name} must be`);
    expect(api.table.calls).toEqual([]);
  });

  it("answers 400 for both preconditions at once", async () => {
    const response = await put(new Api(), {}, { "If-Match": "*", "If-None-Match": "*" });

    expect(outcome(response)).toBe("400 invalid-parameter");
    expect(json(response).detail).toContain("not both");
  });
});

describe("GET /health", () => {
  it("reads from the table and writes nothing", async () => {
    const api = new Api();

    const response = await api.ask("getHealth");

    expect(json(response)).toEqual({ status: "ok" });
    expect(api.table.calls.map(({ operation }) => operation)).toEqual(["GetItem"]);
  });

  it("answers 503 if the table does not answer", async () => {
    const api = new Api();
    api.table.fault = () => "lose request";

    const response = await api.ask("getHealth");

    expect(outcome(response)).toBe("503 table-unavailable");
    expect(response.headers["retry-after"]).toBe("2");
  });
});
