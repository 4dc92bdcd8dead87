import type { AlarmState } from "./metric-alarm";
import { UnsupportedAlarmError } from "./unsupported-alarm-error";

/** The state of an alarm by name or ARN. Undefined if there is no such alarm. */
export type StateOf = (alarm: string) => AlarmState | undefined;

/** The rule of a composite alarm. */
export interface AlarmRule {
  /** The alarms that the rule names, by name or ARN, each once. */
  readonly alarms: readonly string[];
  isTrue(stateOf: StateOf): boolean;
}

type Condition = (stateOf: StateOf) => boolean;

const token = /\s*(?:"((?:[^"\\]|\\.)*)"|([(),])|([^\s(),"]+))/y;
const states: readonly string[] = ["ALARM", "OK", "INSUFFICIENT_DATA"];

interface Token {
  readonly kind: "quoted" | "symbol" | "word" | "end";
  readonly text: string;
  readonly position: number;
}

/**
 * Parses a rule such as `ALARM("errors") AND NOT OK(deployment)`. NOT binds first, then AND, then OR.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
 * @throws UnsupportedAlarmError with the place of the mistake
 */
export function parseAlarmRule(source: string): AlarmRule {
  const parser = new Parser(source);
  const condition = parser.whole();
  return { alarms: [...parser.alarms], isTrue: condition };
}

class Parser {
  readonly alarms = new Set<string>();
  private readonly tokens: readonly Token[];
  private at = 0;

  constructor(private readonly source: string) {
    this.tokens = this.split();
  }

  whole(): Condition {
    const condition = this.disjunction();
    if (this.next().kind !== "end") this.fail("AND or OR");
    return condition;
  }

  private disjunction(): Condition {
    const conditions = [this.conjunction()];
    while (this.takes("OR")) conditions.push(this.conjunction());
    return (stateOf) => conditions.some((condition) => condition(stateOf));
  }

  private conjunction(): Condition {
    const conditions = [this.operand()];
    while (this.takes("AND")) conditions.push(this.operand());
    return (stateOf) => conditions.every((condition) => condition(stateOf));
  }

  private operand(): Condition {
    if (this.takes("NOT")) {
      const condition = this.operand();
      return (stateOf) => !condition(stateOf);
    }
    if (this.takes("(")) {
      const condition = this.disjunction();
      this.expect(")");
      return condition;
    }
    if (this.takes("TRUE")) return () => true;
    if (this.takes("FALSE")) return () => false;
    if (this.takes("AT_LEAST")) return this.atLeast();
    const state = this.state();
    this.expect("(");
    const alarm = this.alarm();
    this.expect(")");
    return (stateOf) => stateOf(alarm) === state;
  }

  /** `AT_LEAST(2, ALARM, (a, b, c))`, `AT_LEAST(50%, NOT OK, (a, b))`. */
  private atLeast(): Condition {
    this.expect("(");
    const [, number, unit] = /^(\d+)(%?)$/.exec(this.next().text) ?? this.fail("a number or a percentage");
    this.at += 1;
    this.expect(",");
    const wanted = !this.takes("NOT");
    const state = this.state();
    this.expect(",");
    this.expect("(");
    const alarms = [this.alarm()];
    while (this.takes(",")) alarms.push(this.alarm());
    this.expect(")");
    this.expect(")");
    const minimum = unit ? (Number(number) * alarms.length) / 100 : Number(number);
    return (stateOf) => alarms.filter((alarm) => (stateOf(alarm) === state) === wanted).length >= minimum;
  }

  private state(): string {
    const { kind, text } = this.next();
    if (kind !== "word" || !states.includes(text))
      this.fail(`NOT, TRUE, FALSE, AT_LEAST, ${states.join(", ")} or "("`);
    this.at += 1;
    return text;
  }

  private alarm(): string {
    const { kind, text } = this.next();
    if (kind !== "word" && kind !== "quoted") this.fail("the name of an alarm");
    this.at += 1;
    this.alarms.add(text);
    return text;
  }

  private takes(text: string): boolean {
    const next = this.next();
    const found = next.kind !== "quoted" && next.text === text;
    if (found) this.at += 1;
    return found;
  }

  private expect(text: string): void {
    if (!this.takes(text)) this.fail(`"${text}"`);
  }

  private next(): Token {
    return this.tokens[this.at] ?? { kind: "end", text: "", position: this.source.length };
  }

  private fail(expected: string): never {
    const { position, text } = this.next();
    throw new UnsupportedAlarmError(
      `alarm rule "${this.source}": expected ${expected} at character ${position + 1}, got ${text ? `"${text}"` : "the end"}`,
    );
  }

  private split(): readonly Token[] {
    const tokens: Token[] = [];
    const text = this.source.trimEnd();
    token.lastIndex = 0;
    while (token.lastIndex < text.length) {
      const from = token.lastIndex;
      const found = token.exec(text);
      if (!found)
        throw new UnsupportedAlarmError(
          `alarm rule "${this.source}": the quotation mark at character ${text.indexOf('"', from) + 1} is not closed`,
        );
      const [whole, quoted, symbol, word] = found;
      const position = token.lastIndex - whole.trimStart().length;
      if (quoted !== undefined)
        tokens.push({ kind: "quoted", text: quoted.replaceAll(/\\(.)/g, "$1"), position });
      else if (symbol !== undefined) tokens.push({ kind: "symbol", text: symbol, position });
      else tokens.push({ kind: "word", text: word ?? "", position });
    }
    return tokens;
  }
}
