import { createInterface } from "node:readline/promises";

/**
 * Asks on the terminal. Ctrl-C is passed to this process, as it is while nobody is asked.
 * @returns whether the answer was "yes", written out; false at the end of the input
 */
export async function confirmed(question: string): Promise<boolean> {
  const questions = createInterface({ input: process.stdin, output: process.stderr });
  const closed = new Promise<string>((resolve) => questions.once("close", () => resolve("")));
  const close = () => questions.close();
  questions.on("SIGINT", () => {
    process.emit("SIGINT");
    close();
  });
  process.once("SIGTERM", close);
  const answer = await Promise.race([questions.question(`${question} Type yes to continue: `), closed]);
  process.off("SIGTERM", close);
  close();
  return answer.trim() === "yes";
}
