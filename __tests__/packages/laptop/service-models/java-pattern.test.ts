import { compileJavaPattern } from "../../../../packages/laptop/service-models/java-pattern";

describe("compileJavaPattern", () => {
  it.each<[string, string, readonly string[], readonly string[]]>([
    ["the whole text", "[a-z]+", ["abc"], ["abc1", "1abc", ""]],
    ["alternatives as a whole", "a|b", ["a", "b"], ["ab", "xa"]],
    ["an anchored pattern", "^a$", ["a"], ["ba", "a\n"]],
    ["a hyphen between sets", "[a-zA-Z0-9-_]+", ["a-b_c"], ["a b"]],
    ["a hyphen after a class", "[\\w-.]+", ["a-b.c"], ["a/b"]],
    ["a hyphen at the end", "[\\w+=,.@-]*", ["a-b@c", ""], ["a b"]],
    ["an escaped character that JavaScript does not escape", "[\\.\\-_/#A-Za-z0-9]+", ["/a-b.c#1"], ["a b"]],
    ["an escape outside a class", "\\$LATEST|arn\\:aws", ["$LATEST", "arn:aws"], ["LATEST"]],
    ["Unicode categories", "[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*", ["é ß:/", "日本"], ["\u0001", "a!"]],
    ["a category without braces", "\\pL+", ["aé"], ["1"]],
    ["POSIX classes", "[\\p{Alnum}\\p{Punct}]+", ["a!1~"], ["é", " "]],
    ["a negated POSIX class", "\\P{Digit}", ["a"], ["1"]],
    ["ranges of code units", "[\\u0020-\\uD7FF\\uE000-\\uFFFD\\r\\n\\t]*", ["a\n", "é"], ["\u0001"]],
    [
      "a range to the last code point",
      "[\\u0020-\\uD7FF\\uE000-\\uFFFD\\uD800\\uDC00-\\uDBFF\\uDFFF\\r\\n\\t]*",
      ["a😀"],
      ["\u0001"],
    ],
    ["code points in braces", "[\\x{10000}-\\x{10FFFF}]+", ["😀"], ["a"]],
    ["a lookahead", "(?!^[0-9]+$)([a-zA-Z0-9-_]+)", ["a12", "1a"], ["12", ""]],
    ["possessive quantifiers", "[a-z]++\\d*+", ["ab12", "a"], ["12"]],
    ["repetitions", "a{2,3}b{1}", ["aab", "aaab"], ["ab", "aaaab"]],
    ["a brace that repeats nothing", "\\{a\\}|{b}", ["{a}", "{b}"], ["a"]],
    ["a quoted part", "\\Qa.b\\E", ["a.b"], ["axb"]],
    ["case-insensitivity", "(?i)abc", ["ABC", "abc"], ["abd"]],
    ["a bracket within brackets, which is a union", "[a[b-c]]+", ["abc"], ["d", "["]],
    ["a closing bracket that is itself", "a]", ["a]"], ["a"]],
    ["ASCII alone by \\s", "\\S+", ["a\u00a0b"], ["a b"]],
    ["a dot, which is no line break", ".*", ["a b"], ["a\nb"]],
  ])("understands %s", (_, pattern, matching, others) => {
    const compiled = compileJavaPattern(pattern);

    expect(matching.filter((text) => !compiled?.test(text))).toEqual([]);
    expect(others.filter((text) => compiled?.test(text) ?? true)).toEqual([]);
  });

  it.each(["[a-z&&[^b]]", "[a", "(", "\\p{Klingon}", "\\y"])("gives up on %s", (pattern) => {
    expect(compileJavaPattern(pattern)).toBeUndefined();
  });
});
