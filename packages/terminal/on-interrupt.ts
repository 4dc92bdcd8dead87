/** Runs `first` on the first Ctrl-C or SIGTERM. A second one ends the process immediately, with exit code 130. */
export function onInterrupt(first: () => void): void {
  let interrupted = false;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (interrupted) process.exit(130);
      interrupted = true;
      first();
    });
  }
}
