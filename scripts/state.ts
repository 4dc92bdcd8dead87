import { readArguments } from "../packages/terminal/command-line";
import { nearest } from "../packages/terminal/nearest";
import { textTable } from "../packages/terminal/table";
import { UserError } from "../packages/terminal/user-error";
import { lockOf, stateVersion, stateVersions } from "./lib/state-versions";

const usage = `npm run state -- versions <stack>               lists the versions of a stack's state, newest first
npm run state -- version <stack> <version>      prints one of them
npm run state -- lock <stack>                   shows who holds the stack's lock, if anybody does

Shows what no Terraform command shows. It does not change anything. docs/state.md explains how to use it to recover a state.
--json prints versions and lock as JSON.

Exit codes: 0 if the result is shown, 2 if there is no such stack or version, or if its state cannot be read.`;

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
      if (!lock) return `nobody holds the lock on ${stack}`;
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
    const meant = nearest(name, Object.keys(actions));
    throw new UserError(`unknown action ${name}${meant ? `: did you mean ${meant}?` : ""}\n\n${usage}`, {
      exitCode: 2,
    });
  }
  const positionals = ["<action>", ...(action?.positionals ?? [])];
  const given = readArguments({ usage, flags: ["json"], positionals }, name ? [name, ...others] : []);
  if (!given || !action) return;
  const [, stack = "", version = ""] = given.positionals;
  process.stdout.write(`${(await action.act(given.flags.json, stack, version)).trimEnd()}\n`);
}

void main();
