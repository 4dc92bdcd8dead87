import { TokenReader } from "../token-reader";
import type { Expression, Operator } from "./expression";

const token =
  /(?<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\.\d+)|(?<text>"[^"]*"|'[^']*')|(?<word>[A-Za-z_]\w*)|(?<symbol>==|!=|<=|>=|&&|\|\||[-+*/^<>()[\],])/;

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

/**
 * Parses an expression of metric math. Operators bind as usual: first ^, then the sign, * and /, + and -, comparisons, AND
 * and OR.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 * @throws InvalidAlarmError with the place of the mistake
 */
export function parseExpression(source: string): Expression {
  return new Parser(new TokenReader("metric math", source, token)).whole();
}

function sameNames(...operators: readonly Operator[]): ReadonlyMap<string, Operator> {
  return new Map(operators.map((operator) => [operator, operator]));
}

class Parser {
  constructor(private readonly tokens: TokenReader) {}

  whole(): Expression {
    const expression = this.level(0);
    if (this.tokens.next().kind !== "end") this.tokens.fail("an operator");
    return expression;
  }

  private level(index: number): Expression {
    const operators = levels[index];
    if (!operators) return this.signed();
    let left = this.level(index + 1);
    for (;;) {
      const { kind, text } = this.tokens.next();
      const operator = operators.get(text);
      if (!operator || kind === "text") return left;
      this.tokens.take();
      left = { kind: "operation", operator, left, right: this.level(index + 1) };
    }
  }

  private signed(): Expression {
    return this.tokens.takes("-") ? { kind: "negation", operand: this.signed() } : this.power();
  }

  private power(): Expression {
    const left = this.operand();
    return this.tokens.takes("^") ? { kind: "operation", operator: "^", left, right: this.signed() } : left;
  }

  private operand(): Expression {
    const { tokens } = this;
    if (tokens.takes("(")) {
      const inner = this.level(0);
      tokens.expect(")");
      return inner;
    }
    if (tokens.takes("[")) return { kind: "list", items: this.items("]") };
    const { kind, text } = tokens.next();
    if (kind === "end" || kind === "symbol") tokens.fail("a value");
    tokens.take();
    if (kind === "number") return { kind, value: Number(text) };
    if (kind === "text") return { kind, value: text };
    return tokens.takes("(")
      ? { kind: "call", name: text, arguments: this.items(")") }
      : { kind: "name", name: text };
  }

  private items(end: string): readonly Expression[] {
    if (this.tokens.takes(end)) return [];
    const items = [this.level(0)];
    while (this.tokens.takes(",")) items.push(this.level(0));
    this.tokens.expect(end);
    return items;
  }
}
