import type { Timed } from "./critical-path";

/** When Terraform began and finished each resource, read from what it prints. */
export class ResourceTimes {
  private readonly started = new Map<string, number>();
  private readonly ended = new Map<string, number>();

  /** @param seconds when the line came, from the command's start */
  read(line: string, seconds: number): void {
    const [, address = "", event] =
      /\b(aws_\w+\.[\w-]+): (Creating\.\.\.|Creation complete after)/.exec(line) ?? [];
    if (event === "Creating...") this.started.set(address, seconds);
    else if (event) this.ended.set(address, seconds);
  }

  all(): readonly Timed[] {
    return [...this.started].flatMap(([address, started]) => {
      const ended = this.ended.get(address);
      return ended === undefined ? [] : [{ address, started, ended }];
    });
  }
}
