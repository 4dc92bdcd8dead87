/** A part of a template: literal text, or an expression that Terraform evaluates. */
export type TemplatePart = { readonly literal: string } | { readonly expression: string };

/** Splits a template such as `arn:${local.partition}:x`. `$${` is Terraform's escape for a literal `${`. */
export function templateParts(text: string): readonly TemplatePart[] {
  if (!text.includes("${")) return [{ literal: text }];
  const parts: TemplatePart[] = [];
  let literal = "";
  let index = 0;
  while (index < text.length) {
    if (text.startsWith("$${", index)) {
      literal += "${";
      index += 3;
    } else if (text.startsWith("${", index)) {
      const end = closingBrace(text, index + 2);
      if (literal) parts.push({ literal });
      literal = "";
      parts.push({ expression: text.slice(index + 2, end).trim() });
      index = end + 1;
    } else {
      literal += text[index];
      index += 1;
    }
  }
  if (literal) parts.push({ literal });
  return parts;
}

/** Index of the brace that closes the one before `start`. Skips strings and nested braces. */
function closingBrace(text: string, start: number): number {
  let depth = 1;
  for (let index = start; index < text.length; index++) {
    const character = text[index];
    if (character === '"') index = stringEnd(text, index);
    else if (character === "{") depth += 1;
    else if (character === "}") depth -= 1;
    if (depth === 0) return index;
  }
  return text.length;
}

/** Index of the closing quote of the string that starts at `start`. */
function stringEnd(text: string, start: number): number {
  for (let index = start + 1; index < text.length; index++) {
    if (text[index] === "\\") index += 1;
    else if (text.startsWith("${", index) && text[index - 1] !== "$") index = closingBrace(text, index + 2);
    else if (text[index] === '"') return index;
  }
  return text.length;
}

/** A reference in an expression: a local, or an attribute of a block. */
export type Reference =
  | { readonly local: string }
  | { readonly address: string; readonly attribute: string | undefined };

const referencePattern =
  /(?<![\w.-])((?:data\.)?[a-z][a-z0-9]*_\w+|local)\.([A-Za-z_][\w-]*)(?:\[[^\]]*\])?(?:\.(\w+))?/g;

/** The reference that is the whole expression, if it is one. */
export function soleReference(expression: string): Reference | undefined {
  const [first] = referencesIn(expression);
  const pattern = /^(?:data\.)?\w+\.[A-Za-z_][\w-]*(?:\.\w+)?$/;
  return first && pattern.test(expression) ? first : undefined;
}

/** All references in an expression, in order. */
export function referencesIn(expression: string): readonly Reference[] {
  return [...expression.matchAll(referencePattern)].map(([, type = "", name = "", attribute]) =>
    type === "local" ? { local: name } : { address: `${type}.${name}`, attribute },
  );
}

/**
 * Converts an HCL value, such as the argument of `jsonencode(…)`, to JSON. A value that is not known before Terraform
 * runs becomes a template: `{"Resource" = aws_sqs_queue.x.arn}` becomes `{"Resource": "${aws_sqs_queue.x.arn}"}`.
 */
export function hclToJson(source: string): unknown {
  const parser = new HclParser(source);
  return parser.value();
}

class HclParser {
  private index = 0;

  constructor(private readonly source: string) {}

  value(): unknown {
    this.skipSpace();
    const character = this.source[this.index];
    // `[for …]` and `{for …}` are expressions, which only Terraform evaluates.
    const isFor = /^[[{]\s*for\s/.test(this.source.slice(this.index));
    if (character === "{" && !isFor) return this.object();
    if (character === "[" && !isFor) return this.list();
    const start = this.index;
    const raw = this.raw();
    if (
      /^"(?:[^"\\]|\\.|\$\{.*\})*"$/s.test(raw) &&
      stringEnd(this.source, start) === start + raw.length - 1
    ) {
      return unquote(raw);
    }
    if (/^-?\d+(\.\d+)?$/.test(raw)) return Number(raw);
    if (raw === "true" || raw === "false") return raw === "true";
    return raw === "null" ? null : `\${${raw}}`;
  }

  private object(): unknown {
    const entries: [string, unknown][] = [];
    this.index += 1;
    for (this.skipSpace(); this.more("}"); this.skipSpace()) {
      const key = this.key();
      this.skipSpace();
      this.index += 1;
      entries.push([key, this.value()]);
    }
    this.index += 1;
    return Object.fromEntries(entries);
  }

  private list(): unknown {
    const values: unknown[] = [];
    this.index += 1;
    for (this.skipSpace(); this.more("]"); this.skipSpace()) values.push(this.value());
    this.index += 1;
    return values;
  }

  private more(end: string): boolean {
    return this.index < this.source.length && this.source[this.index] !== end;
  }

  private key(): string {
    if (this.source[this.index] === '"') {
      const end = stringEnd(this.source, this.index);
      const key = unquote(this.source.slice(this.index, end + 1));
      this.index = end + 1;
      return key;
    }
    const [key = ""] = /^[^\s=:]+/.exec(this.source.slice(this.index)) ?? [];
    this.index += key.length;
    return key;
  }

  /** The text up to the comma, bracket or line break that ends the value. */
  private raw(): string {
    const start = this.index;
    let depth = 0;
    for (; this.index < this.source.length; this.index++) {
      const character = this.source[this.index] ?? "";
      if (character === '"') this.index = stringEnd(this.source, this.index);
      else if ("([{".includes(character)) depth += 1;
      else if (depth > 0 && ")]}".includes(character)) depth -= 1;
      else if (depth === 0 && ",]}\n".includes(character)) break;
    }
    return this.source.slice(start, this.index).trim();
  }

  private skipSpace(): void {
    while (/[\s,]/.test(this.source[this.index] ?? "")) this.index += 1;
  }
}

function unquote(quoted: string): string {
  return quoted
    .slice(1, -1)
    .replace(
      /\\(n|t|r|"|\\)/g,
      (_, character: string) => ({ n: "\n", t: "\t", r: "\r" })[character] ?? character,
    );
}
