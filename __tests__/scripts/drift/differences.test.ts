import { differencesOf } from "../../../scripts/drift/differences";

const policy = (...statements: readonly object[]) =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements });
const read = { Sid: "Read", Effect: "Allow", Action: "s3:GetObject", Resource: ["a", "b"] };
const tls = { Sid: "Tls", Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "a" };

describe("differencesOf", () => {
  it.each<[string, unknown, unknown]>([
    ["nothing and an empty text", null, ""],
    ["nothing and an empty list", undefined, []],
    ["nothing and false", null, false],
    ["nothing and zero", null, 0],
    ["an empty block and a block of nothing", [{}], [{ one: null, other: "" }]],
    ["a policy and the same statements in another order", policy(read, tls), policy(tls, read)],
    [
      "a policy and the same with lists of one",
      policy(read),
      policy({ ...read, Action: ["s3:GetObject"], Resource: ["b", "a"] }),
    ],
    ["a document and the same with spaces", '{"a":1,"b":[1,2]}', '{ "b": [1, 2], "a": 1 }'],
  ])("does not tell %s apart", (_, shouldBe, is) => {
    expect(differencesOf(shouldBe, is, "it")).toEqual([]);
  });

  it.each<[string, unknown, unknown, object]>([
    ["a value", 14, 1, { path: "it", is: 1, shouldBe: 14 }],
    ["a number that is zero", 5, 0, { path: "it", is: 0, shouldBe: 5 }],
    ["a switch that is off", true, false, { path: "it", is: false, shouldBe: true }],
    [
      "a nested value",
      [{ mode: "Active" }],
      [{ mode: "Off" }],
      { path: "it[0].mode", is: "Off", shouldBe: "Active" },
    ],
    ["an element more", ["a"], ["a", "b"], { path: "it[1]", is: "b", shouldBe: undefined }],
    ["an element less", ["a", "b"], ["b"], { path: "it[0]", is: undefined, shouldBe: "a" }],
    ["a key more", { a: "1" }, { a: "1", b: "2" }, { path: "it.b", is: "2", shouldBe: undefined }],
    ["another order", ["a", "b"], ["b", "a"], { path: "it", is: "in another order" }],
    [
      "another action",
      policy(read),
      policy({ ...read, Action: "s3:*" }),
      { path: "it.Statement[0].Action[0]", is: "s3:*" },
    ],
    [
      "a condition that is gone",
      policy({ ...read, Condition: { Bool: { a: "true" } } }),
      policy(read),
      { path: "it.Statement[0].Condition", is: undefined },
    ],
    ["a statement more", policy(read), policy(read, tls), { path: "it.Statement[1]", shouldBe: undefined }],
    ["false in a document", '{"a":true}', '{"a":false}', { path: "it.a", is: false, shouldBe: true }],
    ["no document at all", policy(read), null, { path: "it", is: null }],
  ])("names %s", (_, shouldBe, is, difference) => {
    expect(differencesOf(shouldBe, is, "it")).toEqual([expect.objectContaining(difference)]);
  });

  it("names only the statement that is added, even if the others are written in another order", () => {
    const reordered = { ...read, Resource: ["b", "a"] };

    expect(differencesOf(policy(read), policy(tls, reordered), "it")).toEqual([
      { path: "it.Statement[0]", is: expect.objectContaining({ Sid: "Tls" }), shouldBe: undefined },
    ]);
  });

  it("names every difference, not only the first", () => {
    const differences = differencesOf({ a: 1, b: [{ c: 1, d: 1 }] }, { a: 2, b: [{ c: 2, d: 1 }] });

    expect(differences.map(({ path }) => path)).toEqual(["a", "b[0].c"]);
  });
});
