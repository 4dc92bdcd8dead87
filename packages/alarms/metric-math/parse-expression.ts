import { UnsupportedAlarmError } from "../unsupported-alarm-error";
import type { Expression, Operator } from "./expression";

const token =
  /\s*(?:(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\.\d+)|"([^"]*)"|'([^']*)'|([A-Za-z_]\w*)|(==|!=|<=|>=|&&|\|\||[-+*/^<>()[\],]))/y;

/** Binary operators by precedence, the weakest first. */
const levels: readonly ReadonlyMap<string, Operator>[] = [
  new Map([
    ["OR", "OR"],
    ["||", "OR"],
  ]),
  new Map([
    ["AND", "AND"],
    ["&&", "AND"],
  ]),
  sameNames("==", "!=", "<=", ">=", "<", ">"),
  sameNames("+", "-"),
  sameNames("*", "/"),
];

interface Token {
  readonly kind: "number" | "text" | "word" | "symbol" | "end";
  readonly text: string;
  readonly position: number;
}

/**
 * Parses an expression of metric math. Operators bind as usual: first ^, then the sign, * and /, + and -, comparisons, AND
 * and OR.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 * @throws UnsupportedAlarmError with the place of the mistake
 */
export function parseExpression(source: string): Expression {
  return new Parser(source).whole();
}

function sameNames(...operators: readonly Operator[]): ReadonlyMap<string, Operator> {
  return new Map(operators.map((operator) => [operator, operator]));
}

class Parser {
  private readonly tokens: readonly Token[];
  private at = 0;

  constructor(private readonly source: string) {
    this.tokens = this.split();
  }

  whole(): Expression {
    const expression = this.level(0);
    if (this.next().kind !== "end") this.fail("an operator");
    return expression;
  }

  private level(index: number): Expression {
    const operators = levels[index];
    if (!operators) return this.signed();
    let left = this.level(index + 1);
    for (;;) {
      const operator = operators.get(this.next().text);
      if (!operator || this.next().kind === "text") return left;
      this.at += 1;
      left = { kind: "operation", operator, left, right: this.level(index + 1) };
    }
  }

  private signed(): Expression {
    return this.takes("-") ? { kind: "negation", operand: this.signed() } : this.power();
  }

  private power(): Expression {
    const left = this.operand();
    return this.takes("^") ? { kind: "operation", operator: "^", left, right: this.signed() } : left;
  }

  private operand(): Expression {
    const { kind, text } = this.next();
    if (this.takes("(")) {
      const inner = this.level(0);
      this.expect(")");
      return inner;
    }
    if (this.takes("[")) return { kind: "list", items: this.items("]") };
    if (kind === "end" || kind === "symbol") this.fail("a value");
    this.at += 1;
    if (kind === "number") return { kind, value: Number(text) };
    if (kind === "text") return { kind, value: text };
    return this.takes("(")
      ? { kind: "call", name: text, arguments: this.items(")") }
      : { kind: "name", name: text };
  }

  private items(end: string): readonly Expression[] {
    if (this.takes(end)) return [];
    const items = [this.level(0)];
    while (this.takes(",")) items.push(this.level(0));
    this.expect(end);
    return items;
  }

  private takes(symbol: string): boolean {
    const { kind, text } = this.next();
    const found = kind === "symbol" && text === symbol;
    if (found) this.at += 1;
    return found;
  }

  private expect(symbol: string): void {
    if (!this.takes(symbol)) this.fail(`"${symbol}"`);
  }

  private next(): Token {
    return this.tokens[this.at] ?? { kind: "end", text: "", position: this.source.length };
  }

  private fail(expected: string): never {
    const { position, text } = this.next();
    throw new UnsupportedAlarmError(
      `metric math "${this.source}": expected ${expected} at character ${position + 1}, got ${text ? `"${text}"` : "the end"}`,
    );
  }

  private split(): readonly Token[] {
    const tokens: Token[] = [];
    const text = this.source.trimEnd();
    token.lastIndex = 0;
    while (token.lastIndex < text.length) {
      const from = token.lastIndex;
      const found = token.exec(text);
      if (!found) {
        throw new UnsupportedAlarmError(
          `metric math "${this.source}": unknown character at "${text.slice(from).trimStart()}"`,
        );
      }
      const [, number, double, single, word, symbol] = found;
      const quoted = double ?? single;
      const position = token.lastIndex - found[0].trimStart().length;
      if (number !== undefined) tokens.push({ kind: "number", text: number, position });
      else if (quoted !== undefined) tokens.push({ kind: "text", text: quoted, position });
      else if (word !== undefined) tokens.push({ kind: "word", text: word, position });
      else tokens.push({ kind: "symbol", text: symbol ?? "", position });
    }
    return tokens;
  }
}
