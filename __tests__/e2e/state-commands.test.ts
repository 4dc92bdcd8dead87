import { readFileSync } from "node:fs";
import path from "node:path";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { clientConfig, engine } from "./deployment";
import { ServedDevStack } from "./served-dev-stack";
import { lock, stateBucket } from "./state-lock";

describe("docs/state.md", () => {
  const placeholders = new Map<string, string>();
  let stack: ServedDevStack;

  beforeAll(async () => {
    stack = await ServedDevStack.start();
    await stack.local("npx", "cdktf", "diff", "dev-stack");
  });

  afterAll(() => stack?.stop());

  it.each(documentedCommands())("documents a command that works: %s", async (command) => {
    if (command.includes("state -- version ")) await chooseVersion();
    if (command.includes("state -- lock")) await plantLock();

    const { code, stderr } = await stack.local("sh", "-c", fillIn(command));

    expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
  });

  function fillIn(command: string): string {
    const filled = [...placeholders].reduce((text, [name, value]) => text.replaceAll(name, value), command);
    return filled.replace(/^terraform(?= -chdir)/, engine);
  }

  async function chooseVersion(): Promise<void> {
    const { stdout } = await stack.npm("state", "versions", "dev-stack", "--json");
    const versions: readonly { readonly version: string }[] = JSON.parse(stdout);
    placeholders.set("<version>", versions[1]?.version ?? "");
  }

  /** Creates a lock like the one that a killed deployment leaves. */
  async function plantLock(): Promise<void> {
    placeholders.set("<lock>", lock.ID);
    await new S3Client(clientConfig(stack.launcher)).send(
      new PutObjectCommand({
        Bucket: stateBucket,
        Key: "dev-stack/terraform.tfstate.tflock",
        Body: JSON.stringify(lock),
      }),
    );
  }
});

/** Every line of the shell blocks in docs/state.md. */
function documentedCommands(): string[] {
  const page = readFileSync(path.resolve("docs/state.md"), "utf8");
  return [...page.matchAll(/^```sh\n(.*?)^```/gms)].flatMap(([, block = ""]) => block.trim().split("\n"));
}
