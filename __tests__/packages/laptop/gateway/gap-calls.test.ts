import type { Answer, Call, ChangedCall, Gap, RequestHead } from "../../../../packages/laptop/gaps/gap";
import { answerWithGaps, claimants } from "../../../../packages/laptop/gateway/gap-calls";

const head: RequestHead = {
  method: "POST",
  path: "/",
  query: new URLSearchParams(),
  headers: {},
  account: "000000000000",
  service: undefined,
  region: undefined,
  action: undefined,
};
const answer: Answer = { status: 200, rawHeaders: [], body: Buffer.from("pong") };

/** A call, and the changes with which it reached the emulator. */
function callOf(): { readonly call: Call; readonly passed: (ChangedCall | undefined)[] } {
  const passed: (ChangedCall | undefined)[] = [];
  const pass = async (changed?: ChangedCall) => {
    passed.push(changed);
    return answer;
  };
  return { call: { head, body: Buffer.from("ping"), pass }, passed };
}

function gapOf(name: string, intercept: Gap["intercept"]): Gap {
  return { name, claims: () => true, ...(intercept && { intercept }) };
}

describe("claimants", () => {
  it("skips and reports a gap that fails", () => {
    const report = jest.fn();
    const claims = () => {
      throw new Error("of the gap");
    };
    const failing: Gap = { name: "failing", claims, intercept: (call) => call.pass() };

    const found = claimants([failing], head, report);

    expect(found).toEqual({ interceptors: [], observers: [] });
    expect(report).toHaveBeenCalledWith("failing", new Error("of the gap"));
  });
});

describe("answerWithGaps", () => {
  it("lets several gaps change one answer", async () => {
    const adding = (text: string) =>
      gapOf(text, async (call) => {
        const passed = await call.pass();
        return { ...passed, body: Buffer.from(`${passed.body}${text}`) };
      });

    const changed = await answerWithGaps([adding("!"), adding("?")], callOf().call, jest.fn());

    expect(`${changed.body}`).toBe("pong?!");
  });

  it("lets several gaps change a request's headers", async () => {
    const setting = (name: string) => gapOf(name, (call) => call.pass({ headers: { [name]: "set" } }));
    const { call, passed } = callOf();

    await answerWithGaps([setting("x-one"), setting("x-other")], call, jest.fn());

    expect(passed).toEqual([{ headers: { "x-one": "set", "x-other": "set" } }]);
  });

  it("shows a gap the method, headers and body that an earlier one has changed", async () => {
    const seen = jest.fn();
    const changing = gapOf("changing", (call) =>
      call.pass({ method: "GET", headers: { "X-New": "set" }, body: Buffer.from("new") }),
    );
    const seeing = gapOf("seeing", (call) => {
      seen(call.head.method, `${call.body}`, call.head.headers);
      return call.pass();
    });

    await answerWithGaps([changing, seeing], callOf().call, jest.fn());

    expect(seen).toHaveBeenCalledWith("GET", "new", { "x-new": "set" });
  });

  it.each([
    ["before", async () => {}],
    ["after", (pass: Call["pass"]) => pass()],
    ["after changing the headers of", (pass: Call["pass"]) => pass({ headers: { "x-changed": "1" } })],
    ["after changing the body of", (pass: Call["pass"]) => pass({ body: Buffer.from("changed") })],
    [
      "after reading something, and changing the body of",
      async (pass: Call["pass"]) => {
        await pass({ method: "GET" });
        await pass({ body: Buffer.from("changed") });
      },
    ],
  ])("uses the emulator's own answer, asked once, if a gap fails %s the call", async (_, first) => {
    const report = jest.fn();
    const failing = gapOf("failing", async (call) => {
      await first(call.pass);
      throw new Error("of the gap");
    });
    const { call, passed } = callOf();

    const given = await answerWithGaps([failing], call, report);

    expect(given).toBe(answer);
    expect(passed.filter((changed) => changed?.method !== "GET")).toHaveLength(1);
    expect(report).toHaveBeenCalledWith("failing", new Error("of the gap"));
  });

  it("asks the emulator again if a gap fails after a call with another method", async () => {
    const failing = gapOf("failing", async (call) => {
      await call.pass({ method: "GET" });
      throw new Error("of the gap");
    });
    const { call, passed } = callOf();

    await answerWithGaps([failing], call, jest.fn());

    expect(passed).toEqual([{ method: "GET", headers: {} }, undefined]);
  });
});
