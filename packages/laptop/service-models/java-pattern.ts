/** Java's names of character classes, and what they stand for in JavaScript. */
const namedClasses: Readonly<Record<string, string>> = {
  Alpha: "a-zA-Z",
  Digit: "0-9",
  Alnum: "a-zA-Z0-9",
  Upper: "A-Z",
  Lower: "a-z",
  Punct: "!-\\/:-@\\[-`\\{-~",
  Graph: "!-~",
  Print: " -~",
  Blank: " \\t",
  Space: " \\t\\n\\x0B\\f\\r",
  XDigit: "0-9a-fA-F",
  Cntrl: "\\x00-\\x1F\\x7F",
  ASCII: "\\x00-\\x7F",
};

/** Characters that have a meaning without a backslash, so that a backslash before them must stay. */
const syntax = /[\^$\\.*+?()[\]{}|/]/;

/**
 * Compiles a regular expression of Java's, in which AWS writes its models. It must match the whole text, as in Java's
 * `matches`.
 * @returns undefined if JavaScript has nothing that means the same
 */
export function compileJavaPattern(pattern: string): RegExp | undefined {
  const translated = new Translation(pattern).translate();
  if (translated === undefined) return undefined;
  try {
    return new RegExp(`^(?:${translated.source})$`, `u${translated.flags}`);
  } catch {
    return undefined;
  }
}

/** From left to right, one token at a time. */
class Translation {
  private at = 0;
  private flags = "";

  constructor(private readonly pattern: string) {}

  translate(): { readonly source: string; readonly flags: string } | undefined {
    const [whole = "", flags = ""] = /^\(\?([ims]+)\)/.exec(this.pattern) ?? [];
    this.flags = flags;
    this.at = whole.length;
    let source = "";
    while (this.at < this.pattern.length) {
      const token = this.token();
      if (token === undefined) return undefined;
      source += token;
    }
    return { source, flags: this.flags };
  }

  private token(): string | undefined {
    const character = this.take();
    if (character === "\\") return this.escape(false);
    if (character === "[") return this.characterClass();
    if (character === "{") return this.repetition();
    // A quantifier that gives nothing back matches less than its ordinary form. No pattern of AWS's relies on it.
    if (/[*+?]/.test(character)) this.skipPossessive();
    return character === "]" || character === "}" ? `\\${character}` : character;
  }

  /** {2} or {2,5}. Any other brace is itself. */
  private repetition(): string {
    const [count] = /^\d+(?:,\d*)?\}/.exec(this.pattern.slice(this.at)) ?? [];
    if (!count) return "\\{";
    this.at += count.length;
    this.skipPossessive();
    return `{${count}`;
  }

  private skipPossessive(): void {
    if (this.pattern[this.at] === "+") this.at++;
  }

  /** What stands between brackets. Brackets in brackets are a union in Java. */
  private characterClass(): string | undefined {
    const negated = this.pattern[this.at] === "^" ? this.take() : "";
    let content = "";
    /** A hyphen after a single character begins a range. */
    let afterCharacter = false;
    while (this.at < this.pattern.length) {
      const character = this.take();
      if (character === "]" && content !== "") return `[${negated}${content}]`;
      if (character === "&" && this.pattern[this.at] === "&") return undefined;
      if (character === "-" && afterCharacter && this.beginsRange()) {
        const end = this.classCharacter(this.take());
        if (end === undefined) return undefined;
        content += `-${end}`;
        afterCharacter = false;
        continue;
      }
      const item = character === "[" ? this.union() : this.classCharacter(character);
      if (item === undefined) return undefined;
      content += item;
      afterCharacter = character !== "[" && !(character === "\\" && isSetOfCharacters(item));
    }
    return undefined;
  }

  private union(): string | undefined {
    const inner = this.characterClass();
    return inner?.startsWith("[^") ? undefined : inner?.slice(1, -1);
  }

  /** Whether what follows a hyphen is a single character. */
  private beginsRange(): boolean {
    return !/^(?:\]|\[|\\[wdsWDSpPh])/.test(this.pattern.slice(this.at));
  }

  private classCharacter(character: string): string | undefined {
    if (character === "\\") return this.escape(true);
    return /[\]-]/.test(character) ? `\\${character}` : character;
  }

  private escape(inClass: boolean): string | undefined {
    const character = this.take();
    if (character === "p" || character === "P") return this.property(character, inClass);
    if (character === "Q") return this.quoted();
    if (character === "A") return inClass ? undefined : "^";
    if (character === "z" || character === "Z") return inClass ? undefined : "$";
    if (character === "h") return inClass ? " \\t" : "[ \\t]";
    if (/[wWdDsSbBnrtfvk0-9cx]/.test(character)) return this.kept(character, inClass);
    if (character === "u") return `\\u${this.take()}${this.take()}${this.take()}${this.take()}`;
    if (/[a-zA-Z]/.test(character)) return undefined;
    if (character === "-") return inClass ? "\\-" : "-";
    return syntax.test(character) ? `\\${character}` : character;
  }

  private kept(character: string, inClass: boolean): string | undefined {
    if (inClass && /[bBk]/.test(character)) return undefined;
    if (character === "x" && this.pattern[this.at] === "{") {
      this.at++;
      const end = this.pattern.indexOf("}", this.at);
      const code = this.pattern.slice(this.at, end);
      this.at = end + 1;
      return `\\u{${code}}`;
    }
    if (character === "s") return inClass ? namedClasses.Space : `[${namedClasses.Space}]`;
    if (character === "S" && !inClass) return `[^${namedClasses.Space}]`;
    if (character === "0" && /[0-7]/.test(this.pattern[this.at] ?? "")) {
      const [octal = ""] = /^[0-7]{1,3}/.exec(this.pattern.slice(this.at)) ?? [];
      this.at += octal.length;
      return `\\u{${Number.parseInt(octal, 8).toString(16)}}`;
    }
    return `\\${character}`;
  }

  /** \p{L}, \pL, \p{IsL}, \p{Alnum}, \p{IsAlphabetic} */
  private property(letter: string, inClass: boolean): string | undefined {
    let name = this.take();
    if (name === "{") {
      const end = this.pattern.indexOf("}", this.at);
      if (end < 0) return undefined;
      name = this.pattern.slice(this.at, end);
      this.at = end + 1;
    }
    const named = namedClasses[name];
    if (named) {
      if (letter === "P") return inClass ? undefined : `[^${named}]`;
      return inClass ? named : `[${named}]`;
    }
    return `\\${letter}{${name.replace(/^Is(?=[A-Z])/, "")}}`;
  }

  private quoted(): string {
    const end = this.pattern.indexOf("\\E", this.at);
    const text = this.pattern.slice(this.at, end < 0 ? undefined : end);
    this.at = end < 0 ? this.pattern.length : end + 2;
    return text.replace(/[\^$\\.*+?()[\]{}|/]/g, "\\$&");
  }

  /** A character outside the basic plane is two units of the text, and stays together. */
  private take(): string {
    const character = String.fromCodePoint(this.pattern.codePointAt(this.at) ?? 0);
    this.at += character.length;
    return character;
  }
}

/** Whether an escape in a class stands for more than one character. */
function isSetOfCharacters(translated: string): boolean {
  return /^\\[wdWDSpP]|^[^\\].|.-./u.test(translated);
}
