import { type AttributeRule, loss, noLoss } from "./attribute-rule";
import { asRecord, equal } from "./values";

/** Names of variables that say where something is. */
const namesSomething =
  /(^|_)(NAME|NAMESPACE|URL|URI|ARN|ID|HOST|ENDPOINT|TABLE|BUS|QUEUE|TOPIC|BUCKET|STREAM)$/;

/** A function's environment variables: what one of them names must stay, and none that it reads may go. */
export const changesOfVariables: AttributeRule = ({ before, after, unknown }) => {
  const [from, to] = [asRecord(before) ?? {}, asRecord(after) ?? {}];
  const changed = Object.keys(from).filter((name) => !equal(from[name], to[name]));
  const serious = changed.filter(
    (name) => to[name] === undefined || namesSomething.test(name) || `${from[name]}`.startsWith("arn:"),
  );
  if (unknown && serious.length === 0) {
    return [loss("one is known only after apply, so perhaps the function uses something else than before")];
  }
  if (serious.length === 0) return [noLoss(changed.length > 0 ? "code" : "more")];
  return [loss(`the function no longer finds what ${serious.join(", ")} named`)];
};
