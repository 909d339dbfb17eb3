import type { CallContext } from "./CallContext.ts"

/** How often progress is sent at least, in milliseconds. Clients end calls that are silent for a minute or more. */
const intervalMs = 10_000

/** Runs a long operation, and reports its progress until it ends. */
export const withProgress = async <A>(
  { progress }: CallContext,
  describe: () => string,
  run: (report: () => void) => Promise<A>
): Promise<A> => {
  if (progress === undefined) return run(() => undefined)
  const report = (): void => progress(describe())
  report()
  const timer = setInterval(report, intervalMs)
  try {
    return await run(report)
  } finally {
    clearInterval(timer)
  }
}
