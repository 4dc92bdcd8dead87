/** Captures everything written to stdout and stderr until `restore`, instead of printing it. */
export const captureOutput = () => {
  const chunks: string[] = [];
  const write = (chunk: unknown) => {
    chunks.push(`${chunk}`);
    return true;
  };
  const spies = [process.stdout, process.stderr].map((stream) =>
    jest.spyOn(stream, "write").mockImplementation(write),
  );
  return {
    text: () => chunks.join(""),
    /** The lines that are JSON: log lines and metrics. */
    lines: (): Record<string, unknown>[] =>
      chunks
        .join("")
        .split("\n")
        .filter((line) => line.startsWith("{"))
        .map((line) => JSON.parse(line)),
    restore: () => {
      for (const spy of spies) spy.mockRestore();
    },
  };
};
