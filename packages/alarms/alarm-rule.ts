import type { AlarmState } from "./metric-alarm";
import { TokenReader } from "./token-reader";

/** The state of an alarm by name or ARN. Undefined if there is no such alarm. */
export type StateOf = (alarm: string) => AlarmState | undefined;

/** The rule of a composite alarm. */
export interface AlarmRule {
  /** The alarms that the rule names, by name or ARN, each once. */
  readonly alarms: readonly string[];
  isTrue(stateOf: StateOf): boolean;
}

type Condition = (stateOf: StateOf) => boolean;

const token = /(?<text>"(?:[^"\\]|\\.)*")|(?<symbol>[(),])|(?<word>[^\s(),"]+)/;
const states: readonly string[] = ["ALARM", "OK", "INSUFFICIENT_DATA"];

/**
 * Parses a rule such as `ALARM("errors") AND NOT OK(deployment)`. NOT binds first, then AND, then OR.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
 * @throws InvalidAlarmError with the place of the mistake
 */
export function parseAlarmRule(source: string): AlarmRule {
  const parser = new Parser(new TokenReader("alarm rule", source, token));
  const condition = parser.whole();
  return { alarms: [...parser.alarms], isTrue: condition };
}

class Parser {
  readonly alarms = new Set<string>();

  constructor(private readonly tokens: TokenReader) {}

  whole(): Condition {
    const condition = this.disjunction();
    if (this.tokens.next().kind !== "end") this.tokens.fail("AND or OR");
    return condition;
  }

  private disjunction(): Condition {
    const conditions = [this.conjunction()];
    while (this.tokens.takes("OR")) conditions.push(this.conjunction());
    return (stateOf) => conditions.some((condition) => condition(stateOf));
  }

  private conjunction(): Condition {
    const conditions = [this.operand()];
    while (this.tokens.takes("AND")) conditions.push(this.operand());
    return (stateOf) => conditions.every((condition) => condition(stateOf));
  }

  private operand(): Condition {
    const { tokens } = this;
    if (tokens.takes("NOT")) {
      const condition = this.operand();
      return (stateOf) => !condition(stateOf);
    }
    if (tokens.takes("(")) {
      const condition = this.disjunction();
      tokens.expect(")");
      return condition;
    }
    if (tokens.takes("TRUE")) return () => true;
    if (tokens.takes("FALSE")) return () => false;
    if (tokens.takes("AT_LEAST")) return this.atLeast();
    const state = this.state();
    tokens.expect("(");
    const alarm = this.alarm();
    tokens.expect(")");
    return (stateOf) => stateOf(alarm) === state;
  }

  /** `AT_LEAST(2, ALARM, (a, b, c))`, `AT_LEAST(50%, NOT OK, (a, b))`. */
  private atLeast(): Condition {
    const { tokens } = this;
    tokens.expect("(");
    const [, number, unit] =
      /^(\d+)(%?)$/.exec(tokens.next().text) ?? tokens.fail("a number or a percentage");
    tokens.take();
    tokens.expect(",");
    const wanted = !tokens.takes("NOT");
    const state = this.state();
    tokens.expect(",");
    tokens.expect("(");
    const alarms = [this.alarm()];
    while (tokens.takes(",")) alarms.push(this.alarm());
    tokens.expect(")");
    tokens.expect(")");
    const minimum = unit ? (Number(number) * alarms.length) / 100 : Number(number);
    return (stateOf) => alarms.filter((alarm) => (stateOf(alarm) === state) === wanted).length >= minimum;
  }

  private state(): string {
    const { kind, text } = this.tokens.next();
    if (kind !== "word" || !states.includes(text))
      this.tokens.fail(`NOT, TRUE, FALSE, AT_LEAST, ${states.join(", ")} or "("`);
    return this.tokens.take().text;
  }

  private alarm(): string {
    const { kind, text } = this.tokens.next();
    if (kind !== "word" && kind !== "text") this.tokens.fail("the name of an alarm");
    this.tokens.take();
    this.alarms.add(text);
    return text;
  }
}
