import type { Values } from "../../../scripts/plan-guard/rules/attribute-rule";
import { judgedPlan, updated, withoutHash } from "./prod-plan";

/** A resource, the attribute that the refusal must name, and what the resource's attributes become. */
export type RefusedUpdate = readonly [name: string, attribute: string, after: Values];

export function describeRefusedUpdates(updates: readonly RefusedUpdate[]): void {
  describe("an update in place is refused by address and attribute", () => {
    it.each(updates)("%s: %s", (name, attribute, after) => {
      const { refused, changes } = judgedPlan([updated(name, after)]);

      expect(refused.map(withoutHash)).toContain(`${name}.${attribute}`);
      expect(changes.flatMap(({ losses }) => losses).every(({ text }) => text.length > 10)).toBe(true);
    });

    it.each(updates)("%s: %s, although everything else is acknowledged", (name, attribute, after) => {
      const change = updated(name, after);
      const { refused } = judgedPlan([change]);
      const lost = refused.find((refusal) => withoutHash(refusal) === `${name}.${attribute}`) ?? "";
      const others = [change.address, ...refused.filter((refusal) => refusal !== lost)];

      expect(judgedPlan([change], {}, others).refused).toEqual([lost]);
      expect(judgedPlan([change], {}, refused).refused).toEqual([]);
    });
  });
}
