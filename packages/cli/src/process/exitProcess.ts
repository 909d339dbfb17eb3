import { exitStatus } from "./exitStatus.ts"

/** Ends the process when everything printed on the standard output is written. */
export const exitWhenFlushed = (status: number): void => {
  process.stdout.write("", () => process.exit(status))
}

/** Ends the process successfully when the reader of a pipe closes it, as `head -1` does. */
export const exitOnBrokenPipe = (): void => {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      process.exit(error.code === "EPIPE" ? exitStatus.success : exitStatus.internalError)
    })
  }
}
