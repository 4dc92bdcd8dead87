import { readArguments } from "../packages/terminal/command-line";
import { textTable } from "../packages/terminal/table";
import { UserError } from "../packages/terminal/user-error";
import { lockOf, stateVersion, stateVersions } from "./lib/state-versions";

const usage = `npm run state -- versions <stack>               which versions of a stack's state are kept, newest first
npm run state -- version <stack> <version>      writes one of them to the output
npm run state -- lock <stack>                   who holds the stack's lock, or that nobody does

Looks at Terraform's state where Terraform itself has no command for it; it changes nothing. docs/state.md says how
to recover with it. With --json, versions and lock are written for a machine.

Exits with 0, or with 2 where there is no such stack or version, or its state cannot be read.`;

type Action = (json: boolean, stack: string, version: string) => Promise<string>;

const actions: Readonly<Record<string, { readonly positionals: readonly string[]; readonly act: Action }>> = {
  versions: {
    positionals: ["<stack>"],
    act: async (json, stack) => {
      const versions = await stateVersions(stack);
      if (json) return JSON.stringify(versions, undefined, 2);
      return textTable([
        ["version", "written", "bytes"],
        ...versions.map(({ version, written, bytes }) => [version, written, `${bytes}`]),
      ]);
    },
  },
  version: {
    positionals: ["<stack>", "<version>"],
    act: (_json, stack, version) => stateVersion(stack, version),
  },
  lock: {
    positionals: ["<stack>"],
    act: async (json, stack) => {
      const lock = await lockOf(stack);
      if (json) return JSON.stringify(lock ?? null, undefined, 2);
      if (!lock) return `nobody holds the lock of ${stack}`;
      return textTable([
        ["id", lock.id],
        ["held by", lock.who],
        ["since", lock.created],
        ["for", lock.operation],
      ]);
    },
  },
};

async function main(): Promise<void> {
  const [name = "", ...others] = process.argv.slice(2);
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (!action && name && name !== "--help") {
    throw new UserError(`there is no ${name}\n\n${usage}`, { exitCode: 2 });
  }
  const positionals = ["<action>", ...(action?.positionals ?? [])];
  const given = readArguments({ usage, flags: ["json"], positionals }, name ? [name, ...others] : []);
  if (!given || !action) return;
  const [, stack = "", version = ""] = given.positionals;
  process.stdout.write(`${(await action.act(given.flags.json, stack, version)).trimEnd()}\n`);
}

void main();
