import { unknown } from "../../packages/iam/unknown";
import type { ChangedAttribute } from "./attribute-walk";
import { asRecord, equal } from "./rules/values";
import type { TerraformPlan } from "./terraform-plan";

/** A shorter text is more likely a word than a name. */
const shortestName = 4;

/** What names a resource. */
const names = ["arn", "bucket", "domain_name", "function_name", "id", "name", "stage_name", "url"];

/**
 * The resources that a plan replaces by others with another name. Whatever names one of them must follow, and loses nothing
 * beyond what the replacement loses, which is refused itself.
 */
export class Replacements {
  private readonly names: ReadonlyMap<string, string>;
  private readonly arns: ReadonlyMap<string, string>;

  constructor({ resource_changes: changes = [] }: TerraformPlan) {
    const renamed = changes
      .filter(({ change }) => change.actions.includes("create") && change.actions.length > 1)
      .flatMap(({ address, change }) =>
        names.flatMap((name) => {
          const [old, known] = [change.before, change.after].map((values) => asRecord(values)?.[name]);
          const now = asRecord(change.after_unknown)?.[name] === true ? unknown(`${address}.${name}`) : known;
          const isRenamed = typeof old === "string" && typeof now === "string" && old !== now;
          return isRenamed && old.length >= shortestName ? [[old, now] as const] : [];
        }),
      )
      .sort(([one], [other]) => other.length - one.length);
    this.names = new Map(renamed);
    this.arns = new Map(renamed.filter(([old]) => old.startsWith("arn:")));
  }

  /** Whether an attribute changes in nothing but the new names. Blocks of a set may be in another order then. */
  areFollowedBy({ before, after, unknown: isUnknown }: ChangedAttribute): boolean {
    if (isUnknown || before === undefined) return false;
    const followed = this.followed(before);
    return !equal(followed, before) && (equal(followed, after) || haveSameElements(followed, after));
  }

  /** A value with the new names in place of the old ones. */
  followed(value: unknown): unknown {
    return replaced(value, this.names);
  }

  /** The same with ARNs only. Other names can be those of something else, too. */
  followedArns(value: unknown): unknown {
    return replaced(value, this.arns);
  }
}

/** All at once, so that no new name is taken for an old one. A name inside a longer one is another name. */
function replaced(value: unknown, renamed: ReadonlyMap<string, string>): unknown {
  if (value === undefined || renamed.size === 0) return value;
  const escaped = [...renamed.keys()].map((old) => old.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const pattern = new RegExp(`(?<![\\w-])(?:${escaped.join("|")})(?![\\w-])`, "g");
  return JSON.parse(JSON.stringify(value).replace(pattern, (old) => renamed.get(old) ?? old));
}

function haveSameElements(one: unknown, other: unknown): boolean {
  if (!Array.isArray(one) || !Array.isArray(other) || one.length !== other.length) return false;
  const others = other.map(withoutDefaults);
  return one.map(withoutDefaults).every((element) => others.some((each) => equal(element, each)));
}

/** A provider reads what is unset back as 0 or false, which a set that changes does not show. */
function withoutDefaults(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDefaults);
  const record = asRecord(value);
  if (!record) return value === 0 || value === false ? undefined : value;
  return Object.fromEntries(Object.entries(record).map(([name, inner]) => [name, withoutDefaults(inner)]));
}
