/** Durations in a file, shared by processes. */
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises"
import { dirname } from "node:path"
import { DurationGroups } from "./DurationGroups.ts"
import type { Durations } from "./Durations.ts"
import type { DurationStore } from "./DurationStore.ts"
import type { Observation } from "./Hazard.ts"

/** A store that writes what it learns to a file. */
export interface FileDurationStore extends DurationStore {
  /**
   * Writes what was learned since the last time, added to what the file holds by now. It is called by itself a second
   * after something was learned; call it before the process ends. Never rejects: what cannot be written is tried again
   * with the next.
   */
  readonly flush: () => Promise<void>
}

/** The version of the file's format. A file of another version is left alone. */
const version = 1

/** How long what was learned waits for more of it, in milliseconds. */
const patience = 1000

/** How often another process may come between, before its additions are overwritten. */
const mostTries = 5

/** An observation as it is written: from, until, 1 for an end. Milliseconds are whole, and shares have four decimals. */
type Written = readonly [from: number, until: number, ended: 0 | 1]

const round = (value: number, decimals: number): number => Number(value.toFixed(decimals))

const write = (observations: ReadonlyArray<Observation>, decimals: number): ReadonlyArray<Written> =>
  observations.map(({ from, until, ended }) => [round(from, decimals), round(until, decimals), ended ? 1 : 0])

const read = (written: unknown): ReadonlyArray<Observation> =>
  Array.isArray(written)
    ? written.flatMap((each: unknown) => {
        if (!Array.isArray(each)) return []
        const [from, until, ended] = each as ReadonlyArray<unknown>
        return typeof from === "number" && typeof until === "number"
          ? [{ from, until, ended: ended === 1 }]
          : []
      })
    : []

const toText = (groups: DurationGroups): string =>
  `${JSON.stringify({
    version,
    about:
      "How long tasks took, by account, host and model; gentask times its polls by it. It may be deleted.",
    groups: Object.fromEntries(
      groups
        .entries()
        .map(([group, { ages, shares }]) => [group, { ages: write(ages, 0), shares: write(shares, 4) }])
    )
  })}\n`

interface Content {
  readonly text: string | undefined
  readonly groups: DurationGroups
  readonly isOurs: boolean
}

/** What a file holds; a file that is broken or not there holds nothing. */
const parse = (text: string | undefined): Content => {
  const groups = new DurationGroups()
  let content: { readonly version?: unknown; readonly groups?: unknown } | null
  try {
    content = JSON.parse(text ?? "null") as typeof content
  } catch {
    return { text, groups, isOurs: true }
  }
  if (typeof content?.version === "number" && content.version !== version)
    return { text, groups, isOurs: false }
  for (const [group, held] of Object.entries(content?.groups ?? {}) as ReadonlyArray<[string, unknown]>) {
    const { ages, shares } = (held ?? {}) as { readonly ages?: unknown; readonly shares?: unknown }
    const found: Durations = { ages: read(ages), shares: read(shares) }
    if (found.ages.length + found.shares.length > 0) groups.add(group, found)
  }
  return { text, groups, isOurs: true }
}

/**
 * Remembers in a JSON file: the last 64 ends of each group, and at most 200 groups; well below a megabyte. It holds
 * account names, hosts, models and times, and no task ids, prompts or keys. Processes may share it: each adds to what
 * the file holds when it writes, and the file is replaced as a whole. Of two that write in the same moment, one may lose
 * what it adds: there is no lock to wait for, as nothing depends on a single duration.
 */
export const file = async (path: string): Promise<FileDurationStore> => {
  const load = async (): Promise<Content> => parse(await readFile(path, "utf8").catch(() => undefined))
  let { groups } = await load()
  let pending = new DurationGroups()
  let timer: ReturnType<typeof setTimeout> | undefined
  let writing: Promise<void> = Promise.resolve()

  const replace = async (additions: DurationGroups, tries: number): Promise<void> => {
    const content = await load()
    if (!content.isOurs) return
    content.groups.addAll(additions)
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    const temporary = `${path}.${crypto.randomUUID()}.part`
    try {
      await writeFile(temporary, toText(content.groups), { mode: 0o600 })
      if ((await load()).text !== content.text && tries > 1) return await replace(additions, tries - 1)
      await rename(temporary, path)
    } finally {
      await rm(temporary, { force: true })
    }
    groups = content.groups
    // What was learned while this was written is in the next writing.
    groups.addAll(pending)
  }

  const flush = async (): Promise<void> => {
    clearTimeout(timer)
    timer = undefined
    const additions = pending
    pending = new DurationGroups()
    if (additions.size === 0) return
    try {
      await replace(additions, mostTries)
    } catch {
      additions.addAll(pending)
      pending = additions
    }
  }

  const flushInTurn = (): Promise<void> => (writing = writing.then(flush))

  return {
    recall: (group) => groups.recall(group),
    learn: (group, found) => {
      groups.add(group, found)
      pending.add(group, found)
      timer ??= setTimeout(() => void flushInTurn(), patience).unref()
    },
    flush: flushInTurn
  }
}
