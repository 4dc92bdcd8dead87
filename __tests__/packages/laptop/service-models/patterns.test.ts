import vm from "node:vm";
import { longestForPattern } from "../../../../packages/laptop/service-models/constraints";
import { compileJavaPattern } from "../../../../packages/laptop/service-models/java-pattern";
import { isUntried, untranslated } from "../../../../packages/laptop/service-models/untried-patterns";
import { isCampaign } from "../../../support/campaign";
import { rawModel } from "./botocore";
import { testedServices } from "./tested-services";

/** More than any pattern that is tried takes on a busy machine. */
const milliseconds = 2_000;
/** Texts that match for a long time and then do not. */
const units = ["a", "0", "a-", "a.", "/a", "a:", " ", "A", "_", "a@", "arn:aws:iam::123456789012:role/"];

describe("The patterns of AWS's models", () => {
  const patterns = new Map<string, { readonly where: string; readonly longest: number }>();
  for (const service of testedServices) {
    for (const [name, shape] of Object.entries(rawModel(service).shapes)) {
      const { type, pattern } = shape;
      if (type !== "string" || !pattern) continue;
      const longest = Math.max(longestForPattern(shape), patterns.get(pattern)?.longest ?? 0);
      patterns.set(pattern, { where: `${service} ${name}`, longest });
    }
  }

  it("have a translation unless they are listed", () => {
    const failing = [...patterns.keys()].filter((pattern) => !compileJavaPattern(pattern));

    expect(failing.filter((pattern) => !untranslated.includes(pattern))).toEqual([]);
    if (isCampaign) expect(untranslated.filter((pattern) => !failing.includes(pattern))).toEqual([]);
  });

  it("are tried quickly on any text, unless they are listed", () => {
    const context = vm.createContext(Object.create(null));
    const script = new vm.Script("texts.every((text) => expression.test(text))");
    const isSlow = (expression: RegExp, longest: number) => {
      for (const length of [30, 100, 1_000, longest].filter((tried) => tried <= longest)) {
        const texts = units.map((unit) => `${unit.repeat(length).slice(0, length - 1)}\u0001`);
        Object.assign(context, { expression, texts });
        try {
          script.runInContext(context, { timeout: milliseconds });
        } catch {
          return true;
        }
      }
      return false;
    };

    const slow = [...patterns].filter(([pattern, { longest }]) => {
      const expression = isUntried(pattern) ? undefined : compileJavaPattern(pattern);
      return expression && isSlow(expression, longest);
    });

    expect(slow).toEqual([]);
  });
});
