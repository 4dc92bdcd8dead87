import { unknownPart, withUnknownParts } from "./partly-known";

/** What a composite alarm's rule says, as far as it is known. */
export interface CompositeRule {
  /** Names and ARNs in it, as written: a name can be a template. */
  readonly names: readonly string[];
  /** Why CloudWatch does not accept it; undefined if it does, or if only Terraform knows. */
  readonly problem?: string;
}

const tokenPattern = /\s*(?:([()])|(AND|OR|NOT|TRUE|FALSE)(?![\w-])|(ALARM|OK|INSUFFICIENT_DATA)\s*\()/iy;

/**
 * Reads a composite alarm's rule ("Create a composite alarm" in CloudWatch's guide): ALARM(name), OK(…) and
 * INSUFFICIENT_DATA(…), TRUE and FALSE, joined by AND, OR, NOT and parentheses. A name can be in quotes. Lower case is
 * accepted, because the guide does not say that CloudWatch refuses it, and so is a rule with AT_LEAST.
 */
export function readCompositeRule(text: string): CompositeRule {
  const parser = new RuleParser(text);
  return parser.read();
}

class RuleParser {
  private index = 0;
  private readonly names: string[] = [];

  constructor(private readonly text: string) {}

  read(): CompositeRule {
    try {
      const outside = withUnknownParts(this.text).replace(/\(\s*("[^"]*"|[^()]*)\s*\)/g, "()");
      if (/\bAT_LEAST\b/i.test(this.text) || outside.includes(unknownPart)) return { names: this.namesIn() };
      this.expression();
      const rest = this.text.slice(this.index).trim();
      return rest === "" ? { names: this.names } : { names: this.names, problem: `it goes on with ${rest}` };
    } catch (error) {
      return { names: this.namesIn(), problem: error instanceof Error ? error.message : "" };
    }
  }

  /** The names in a rule that cannot be parsed. */
  private namesIn(): readonly string[] {
    const calls = this.text.matchAll(/\b(?:ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*("[^"]*"|'[^']*'|[^()"']+)/gi);
    return [...calls].map(([, name = ""]) => unquoted(name));
  }

  private expression(): void {
    this.term();
    while (/^\s*(AND|OR)(?![\w-])/i.test(this.text.slice(this.index))) {
      this.next();
      this.term();
    }
  }

  private term(): void {
    const { bracket, word, state } = this.next();
    if (word?.toUpperCase() === "NOT") this.term();
    else if (bracket === "(") {
      this.expression();
      if (this.next().bracket !== ")") throw new Error("a parenthesis is not closed");
    } else if (state) this.names.push(this.name());
    else if (bracket === ")" || /^(AND|OR)$/i.test(word ?? ""))
      throw new Error(`${bracket ?? word} has nothing before it`);
  }

  private next(): { readonly bracket?: string; readonly word?: string; readonly state?: string } {
    tokenPattern.lastIndex = this.index;
    const match = tokenPattern.exec(this.text);
    const rest = this.text.slice(this.index).trim();
    if (!match) throw new Error(rest === "" ? "it ends too early" : `${rest} is no state of an alarm`);
    this.index = tokenPattern.lastIndex;
    const [, bracket, word, state] = match;
    return { ...(bracket && { bracket }), ...(word && { word }), ...(state && { state }) };
  }

  /** The name up to the parenthesis that closes its call. */
  private name(): string {
    const match = /^\s*("[^"]*"|'[^']*'|(?:\$\{[^}]*\}|[^()"'])+)\s*\)/.exec(this.text.slice(this.index));
    if (!match?.[1]) throw new Error("an alarm's name is missing or not closed");
    this.index += match[0].length;
    return unquoted(match[1]);
  }
}

function unquoted(name: string): string {
  return name.trim().replace(/^(["'])(.*)\1$/, "$2");
}
