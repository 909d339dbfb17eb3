/**
 * Ctrl-C and its relatives: everything stops at once. Nothing needs to be undone, since a file bears its final name
 * only when it is whole; there are only last words to say.
 */
import { exitStatus } from "./exit.ts"

const lastWords = new Set<() => void>()

/** Has something done before an interrupted process ends, quickly and synchronously; the answered function takes it back. */
export const beforeInterruption = (say: () => void): (() => void) => {
  lastWords.add(say)
  return () => lastWords.delete(say)
}

const stopWith = (status: number) => (): void => {
  for (const say of lastWords) {
    try {
      say()
    } catch {
      // Whatever cannot be said must not keep the process from ending.
    }
  }
  process.exit(status)
}

/** Makes the process end, with its last words, when it is told to. */
export const listenForInterruption = (): void => {
  process.on("SIGINT", stopWith(exitStatus.interrupted))
  process.on("SIGTERM", stopWith(exitStatus.terminated))
  process.on("SIGHUP", stopWith(exitStatus.hungUp))
}
