import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";

/** What a gap remembers of earlier calls, in a JSON file. The file is in the emulator's folder, so checkpoints include it. */
export class Memory<T> {
  private known: Map<string, T> | undefined;

  constructor(private readonly file: string) {}

  get(key: string): T | undefined {
    return this.all().get(key);
  }

  entries(): readonly (readonly [string, T])[] {
    return [...this.all()];
  }

  set(key: string, value: T): void {
    this.all().set(key, value);
    this.write();
  }

  delete(key: string): void {
    if (this.all().delete(key)) this.write();
  }

  private all(): Map<string, T> {
    this.known ??= new Map(Object.entries(read<T>(this.file)));
    return this.known;
  }

  private write(): void {
    mkdirSync(path.dirname(this.file), { recursive: true });
    // A snapshot may copy the file at any moment.
    writeFileSync(`${this.file}.tmp`, JSON.stringify(Object.fromEntries(this.all())));
    renameSync(`${this.file}.tmp`, this.file);
  }
}

function read<T>(file: string): Record<string, T> {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw error;
  }
}
