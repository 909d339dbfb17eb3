/** Whoever asks about a task, and how it is told to. */
import type { Shares } from "./profile.ts"

/** One measured round. */
export interface Round {
  /** How many questions were asked and answered. */
  readonly questions: number
  /** In milliseconds. */
  readonly wall: number
  /** Of every thread of the process, in milliseconds. */
  readonly cpu: number
  /** Whose code took the time, where that was asked for. */
  readonly shares?: Shares
}

/** Asks for so many milliseconds, so many questions at a time, and answers how many it asked. */
export type AskFor = (concurrency: number, milliseconds: number) => Promise<number>

/** One way to ask. */
export interface Contestant {
  readonly name: string
  /** The contestant that sends the same request and reads the same answer with as little as there is. */
  readonly floor: string
  /** Makes the client, and checks its first answer. */
  readonly prepare: (baseUrl: string) => Promise<AskFor>
}

/** Asks by promises. */
export const byPromises =
  (ask: () => Promise<unknown>): AskFor =>
  async (concurrency, milliseconds) => {
    const end = performance.now() + milliseconds
    let questions = 0
    const caller = async (): Promise<void> => {
      while (performance.now() < end) {
        await ask()
        questions += 1
      }
    }
    await Promise.all(Array.from({ length: concurrency }, caller))
    return questions
  }
