import { InvalidAlarmError } from "./invalid-alarm-error";

export interface Token {
  /** The name of the pattern's group that matched, or `end`. */
  readonly kind: string;
  /** A text comes without its quotation marks and escapes. */
  readonly text: string;
  readonly position: number;
}

/** Splits a source into tokens, and reads them one by one. */
export class TokenReader {
  private readonly tokens: readonly Token[];
  private index = 0;

  /**
   * @param subject names the source in errors, for example `alarm rule`
   * @param pattern matches one token in a group named after its kind. The group `text` includes its quotation marks.
   * @throws InvalidAlarmError if a part of the source is no token
   */
  constructor(
    private readonly subject: string,
    private readonly source: string,
    pattern: RegExp,
  ) {
    this.tokens = this.split(new RegExp(`\\s*(?:${pattern.source})`, "y"));
  }

  next(): Token {
    return this.tokens[this.index] ?? { kind: "end", text: "", position: this.source.length };
  }

  take(): Token {
    const token = this.next();
    this.index += 1;
    return token;
  }

  /** Takes the next token if it is this symbol or word. A text in quotation marks is neither. */
  takes(symbol: string): boolean {
    const { kind, text } = this.next();
    const found = kind !== "text" && text === symbol;
    if (found) this.index += 1;
    return found;
  }

  /** @throws InvalidAlarmError if the next token is another one */
  expect(symbol: string): void {
    if (!this.takes(symbol)) this.fail(`"${symbol}"`);
  }

  /** @throws InvalidAlarmError with the place of the next token */
  fail(expected: string): never {
    const { kind, position, text } = this.next();
    throw this.error(
      `expected ${expected} at character ${position + 1}, got ${kind === "end" ? "the end" : `"${text}"`}`,
    );
  }

  private split(token: RegExp): readonly Token[] {
    const source = this.source.trimEnd();
    const tokens: Token[] = [];
    while (token.lastIndex < source.length) {
      const from = token.lastIndex;
      const found = token.exec(source);
      if (!found) throw this.unreadable(source, from);
      const [kind = "", text = ""] = Object.entries(found.groups ?? {}).find(([, value]) => value) ?? [];
      const position = token.lastIndex - text.length;
      tokens.push({ kind, text: kind === "text" ? unquoted(text) : text, position });
    }
    return tokens;
  }

  private unreadable(source: string, from: number): InvalidAlarmError {
    const position = from + source.slice(from).search(/\S/);
    const character = source[position];
    const at = `at character ${position + 1}`;
    return this.error(
      character === '"' || character === "'"
        ? `the quotation mark ${at} is not closed`
        : `unknown character "${character}" ${at}`,
    );
  }

  private error(problem: string): InvalidAlarmError {
    return new InvalidAlarmError(`${this.subject} "${this.source}": ${problem}`);
  }
}

function unquoted(text: string): string {
  return text.slice(1, -1).replaceAll(/\\(.)/g, "$1");
}
