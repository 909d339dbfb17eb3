import type { Shares } from "./profile.ts"

/** One measured round. */
export interface Round {
  /** The number of queries. */
  readonly queries: number
  /** The duration, in milliseconds. */
  readonly wall: number
  /** The CPU time of all threads of the process, in milliseconds. */
  readonly cpu: number
  /** The shares of the CPU time by owner of the code, if they were requested. */
  readonly shares?: Shares
}

/** Queries for some milliseconds, with `concurrency` queries at a time, and returns the number of queries. */
export type Load = (concurrency: number, milliseconds: number) => Promise<number>

/** A client that queries a task. */
export interface QueryContestant {
  readonly name: string
  /** The contestant that does the same with the least possible code: the same request, and `JSON.parse`. */
  readonly floor: string
  /** Creates the client, and checks its first result. */
  readonly prepare: (baseUrl: string) => Promise<Load>
}

/** Returns a load of promises. */
export const loadWithPromises =
  (query: () => Promise<unknown>): Load =>
  async (concurrency, milliseconds) => {
    const end = performance.now() + milliseconds
    let queries = 0
    const caller = async (): Promise<void> => {
      while (performance.now() < end) {
        await query()
        queries += 1
      }
    }
    await Promise.all(Array.from({ length: concurrency }, caller))
    return queries
  }
