/** Names of saved files. They come from the task's ref, never from a URL, and no two outputs share one. */
import { createHash } from "node:crypto"
import type { OutputRole } from "../task/Output.ts"
import { escapeCharacter } from "../task/escapeCharacter.ts"
import * as TaskRef from "../task/TaskRef.ts"
import type { TaskSnapshot } from "../task/TaskSnapshot.ts"

/** Maximum length of a task's stem, in bytes. File systems limit a whole name to 255. */
const maxStemBytes = 150

/**
 * Characters that are not portable across file systems, or that have a meaning in a stem. With the flag `i`, the class
 * would contain U+017F and U+212A, which some file systems fold to "s" and "k".
 */
const unsafeCharacter = /[^A-Za-z0-9_.-]/gu

/** Colons are frequent in ids and not allowed on Windows, so they have a short escape. */
const escape = (text: string): string =>
  text.replace(unsafeCharacter, (character) => (character === ":" ? "~" : escapeCharacter(character)))

const shortDigest = (text: string): string =>
  createHash("sha256").update(text, "utf16le").digest("hex").slice(0, 12)

/**
 * The stem of the names of a task's files: `provider_id` or `provider@account_id`, followed by the ref's params, such as
 * `+kind=video`. Different refs have different stems.
 *
 * A stem that is too long, or whose id contains capitals, ends in a digest: some file systems ignore case.
 */
export const taskStem = (snapshot: Pick<TaskSnapshot, "provider" | "account" | "ref">): string => {
  const { id, params } = TaskRef.parse(snapshot.ref)
  const account = snapshot.account === snapshot.provider ? "" : `@${snapshot.account}`
  const pairs = Object.keys(params)
    .toSorted()
    .map((name) => `+${escape(name)}=${escape(params[name] ?? "")}`)
  const key = `${escape(id)}${pairs.join("")}`
  const stem = `${snapshot.provider}${account}_${key}`
  const isTooLong = stem.length > maxStemBytes
  if (!isTooLong && !/[A-Z]/.test(`${id}${Object.entries(params).flat().join("")}`)) return stem
  // Do not cut an escape sequence in half.
  const prefix = isTooLong ? stem.slice(0, maxStemBytes).replace(/%[^%]{0,5}$/, "") : stem
  return `${prefix}+${shortDigest(key)}`
}

/** The stem of the names of the outputs with one role of a task: the task's stem, and the role unless it is `result`. */
export const roleStem = (
  snapshot: Pick<TaskSnapshot, "provider" | "account" | "ref">,
  role: OutputRole
): string => `${taskStem(snapshot)}${role === "result" ? "" : `+${role}`}`

/**
 * The stem of the name of an output's file: the stem of its role, and a number unless it is the first.
 *
 * @param number From 1.
 */
export const numberedStem = (stem: string, number: number): string =>
  number === 1 ? stem : `${stem}+${number}`

/** The number of a name that `numberedStem` returned for the stem; undefined for any other name. */
export const numberOf = (stem: string, name: string): number | undefined => {
  if (name === stem) return 1
  const match = name.startsWith(stem) ? /^\+([1-9]\d{0,4})$/.exec(name.slice(stem.length)) : null
  return match === null ? undefined : Number(match[1])
}
