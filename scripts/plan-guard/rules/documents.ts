import { type AttributeRule, loss, noLoss } from "./attribute-rule";
import { asJson, asList, asRecord, equal } from "./values";

/** A JSON document that must accept whatever it accepted: a model's schema. */
export const accepts =
  (lost: string): AttributeRule =>
  ({ before, after, unknown }) => {
    if (unknown) return [loss(`it is known only after apply, so perhaps ${lost}`)];
    return [isAccepting(asJson(before), asJson(after)) ? noLoss("more") : loss(lost)];
  };

/** A JSON object whose members must stay: the format of a log line. Another text must not change at all. */
export const keepsMembers =
  (lost: string): AttributeRule =>
  ({ before, after, unknown }) => {
    if (unknown) return [loss(`it is known only after apply, so perhaps ${lost}`)];
    const [from, to] = [asRecord(asJson(before)), asRecord(asJson(after))];
    const stay = from && to && Object.keys(from).every((name) => equal(from[name], to[name]));
    return [stay || before === undefined ? noLoss("more") : loss(lost)];
  };

const texts = new Set(["$comment", "$schema", "default", "description", "examples", "title"]);

/** Whether a value that fits the first schema also fits the second. Takes no for an answer that it does not know. */
function isAccepting(before: unknown, after: unknown): boolean {
  const [from, to] = [asRecord(before), asRecord(after)];
  if (!from || !to) return equal(before, after);
  const names = new Set([...Object.keys(from), ...Object.keys(to)]);
  return [...names].every((name) => {
    if (texts.has(name) || equal(from[name], to[name])) return true;
    if (/^max/.test(name))
      return from[name] !== undefined && Number(to[name] ?? Infinity) >= Number(from[name]);
    if (/^min/.test(name))
      return from[name] !== undefined && Number(to[name] ?? -Infinity) <= Number(from[name]);
    if (name === "required") return asList(to[name]).every((each) => asList(from[name]).includes(each));
    if (name === "enum")
      return from[name] !== undefined && asList(from[name]).every((each) => asList(to[name]).includes(each));
    if (name === "properties") {
      const [members, others] = [asRecord(from[name]) ?? {}, asRecord(to[name]) ?? {}];
      return Object.keys(members).every((each) => isAccepting(members[each], others[each]));
    }
    return name === "items" && isAccepting(from[name], to[name]);
  });
}
