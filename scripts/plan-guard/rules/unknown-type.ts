import { policy } from "../access/judge-policy";
import type { AttributeRule, TypeRule } from "./attribute-rule";
import { disables, enables, keeps, removes, shortens } from "./vocabulary";

/** For a type that is not in the tables. It may hold anything, so its end is refused. */
export const unknownType: TypeRule = {
  end: "plan-guard does not know this type, so perhaps it holds data or somebody uses it",
  attributes: {},
};

/** What attributes do, by names that providers use for many types. The first pattern that fits is used. */
const byName: readonly (readonly [RegExp, AttributeRule])[] = [
  [
    /(^|_)(policy|policy_document|assume_role_policy)$/,
    policy({ kind: "resource", name: ({ address }) => address }),
  ],
  [/retention|retain|recovery_window|backup_.*period/, shortens("what it keeps is kept for less time")],
  [/deletion_protect|termination_protect|prevent_destroy/, disables("it can be deleted")],
  [/encrypt|kms|sse/, removes("its data is encrypted otherwise, or not at all")],
  [/force_destroy|force_delete|skip_final_snapshot/, enables("what it holds is deleted with it")],
  [/public/, keeps("it may be open to everybody")],
  [/authoriz|auth_type|authentication/, keeps("other callers may use it")],
  [/(^|\.|_)(enabled|is_enabled)$/, disables("it stops")],
  [/(^|\.|_)state$/, keeps("it may stop")],
];

/** @returns undefined if the name says nothing */
export function ruleByName(pattern: string): AttributeRule | undefined {
  const name = pattern.split(".").at(-1) ?? "";
  return byName.find(([expression]) => expression.test(name))?.[1];
}
