import { setTimeout as delay } from "node:timers/promises"

/** Repeats an assertion until it passes, as `vi.waitFor` does. Also works outside of vitest, for the command. */
export const waitFor = async <A>(
  assertion: () => A | Promise<A>,
  { timeout, interval }: { readonly timeout: number; readonly interval: number }
): Promise<A> => {
  const deadline = performance.now() + timeout
  for (;;) {
    try {
      return await assertion()
    } catch (error) {
      if (performance.now() > deadline) throw error
    }
    await delay(interval)
  }
}
