import path from "node:path";
import { CheckpointStore } from "../../packages/laptop/checkpoint";
import { LocalAws } from "../../packages/laptop/local-aws";
import { lambdaRuntimeFolder } from "../../packages/laptop/set-up/tools";

/** Serves an empty laptop in a process of its own, as `npm start` does: serve.ts <folder> <region> <checks | no checks> */
async function main(): Promise<void> {
  const [folder = "", region = "", checks] = process.argv.slice(2);
  const laptop = await LocalAws.start(new CheckpointStore(folder), {
    lambdaRuntime: lambdaRuntimeFolder(),
    region,
    folders: { temporary: path.join(folder, "tmp"), logs: path.join(folder, "log") },
    iam: checks === "checks",
    models: checks === "checks",
  });
  // The end of standard input is the wish, or the end, of whoever started this.
  process.stdin.resume().on("end", async () => {
    await laptop.abandon();
    process.exit();
  });
  process.stdout.write(`${laptop.port}\n`);
}

void main();
