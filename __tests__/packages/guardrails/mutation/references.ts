import { templateParts } from "../../../../packages/guardrails/expression";
import { StackView, type TerraformJson } from "../../../../packages/guardrails/stack-view";

const reference = /((?:data\.)?[a-z][a-z0-9]*_\w+)\.([A-Za-z_][\w-]*)\.(\w+)/;

/** Other things that a reference in a stack could be. */
export class References {
  private readonly view: StackView;
  /** Attributes that the stack reads, by type, in the order of the types' names. */
  private readonly attributes = new Map<string, Set<string>>();

  constructor(json: TerraformJson) {
    this.view = new StackView(json);
    for (const [, type = "", , attribute = ""] of JSON.stringify(json).matchAll(new RegExp(reference, "g"))) {
      this.attributes.set(type, (this.attributes.get(type) ?? new Set()).add(attribute));
    }
  }

  /** The same attribute of the next resource of the same type. */
  sibling(text: string): string | undefined {
    const [, type = "", id = ""] = reference.exec(text) ?? [];
    const ids = this.view.all(type).map((block) => block.id);
    const next = ids[(ids.indexOf(id) + 1) % ids.length];
    return next === undefined || next === id ? undefined : text.replace(`${type}.${id}`, `${type}.${next}`);
  }

  /** The same attribute of a resource of another type. */
  ofOtherType(text: string): string | undefined {
    const [, type = "", id = "", attribute = ""] = reference.exec(text) ?? [];
    const types = [...this.attributes.keys()].sort();
    const after = [...types.slice(types.indexOf(type) + 1), ...types.slice(0, types.indexOf(type))];
    const other = after.find((each) => each !== type && this.attributes.get(each)?.has(attribute));
    const [first] = other ? this.view.all(other) : [];
    return first && text.replace(`${type}.${id}`, first.address);
  }

  /** A text of the same form that belongs to another account. */
  stranger(text: string, kind: string): string {
    const [, type = "", , attribute = ""] = reference.exec(text) ?? [];
    const isArn = /arn$/.test(attribute) || /arn$/i.test(kind);
    return isArn ? `arn:aws:${serviceOf(type)}:eu-west-1:999999999999:stranger` : "stranger";
  }

  /** The text with every reference replaced by what it refers to, or by something of its form. */
  constant(text: string): string {
    const evaluated = this.view.evaluate(text);
    return templateParts(typeof evaluated === "string" ? evaluated : JSON.stringify(evaluated))
      .map((part) => ("literal" in part ? part.literal : constantFor(part.expression)))
      .join("");
  }
}

function constantFor(expression: string): string {
  const [, type = "", , attribute = ""] = reference.exec(expression) ?? [];
  return /arn$/.test(attribute) ? `arn:aws:${serviceOf(type)}:eu-west-1:123456789012:constant` : "constant";
}

function serviceOf(type: string): string {
  const services: Readonly<Record<string, string>> = {
    api: "execute-api",
    cloudwatch: type.includes("log") ? "logs" : type.includes("event") ? "events" : "cloudwatch",
    kinesis: type.includes("firehose") ? "firehose" : "kinesis",
  };
  const [, part = ""] = type.replace("data.", "").split("_");
  return services[part] ?? part;
}
