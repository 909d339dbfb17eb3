/** The name of a saved file: made from the task's ref, never from a link. Two outputs never share one. */
import { createHash } from "node:crypto"
import type { Output } from "../../task/Output.ts"
import { escapeCharacter } from "../../task/escapeCharacter.ts"
import * as TaskRef from "../../task/TaskRef.ts"
import type { TaskSnapshot } from "../../task/TaskSnapshot.ts"

/** The longest stem, in bytes: file systems allow 255 for a whole name. */
const longest = 150

/** Everything but letters, digits, `_`, `.` and `-`: what is not the same on every system, or that has a meaning here. */
const unsafe = /[^a-z0-9_.-]/giu

/** The colon, which many ids hold and no system likes, has a sign of its own. */
const escape = (text: string): string =>
  text.replace(unsafe, (character) => (character === ":" ? "~" : escapeCharacter(character)))

const digest = (text: string): string =>
  createHash("sha256").update(text, "utf16le").digest("hex").slice(0, 12)

/**
 * The stem of a task's files: `provider_id` or `provider@account_id`, and then the ref's hints, `+kind=video`: refs that
 * differ name different files. It can be read back, except where it is long or the id holds capitals: some systems do
 * not tell `A` from `a`, so such a stem ends in a digest.
 */
export const stemOf = (snapshot: Pick<TaskSnapshot, "provider" | "account" | "ref">): string => {
  const { id, params: hints } = TaskRef.parse(snapshot.ref)
  const account = snapshot.account === snapshot.provider ? "" : `@${snapshot.account}`
  const pairs = Object.keys(hints)
    .toSorted()
    .map((name) => `+${escape(name)}=${escape(hints[name] ?? "")}`)
  const named = `${escape(id)}${pairs.join("")}`
  const stem = `${snapshot.provider}${account}_${named}`
  const isLong = stem.length > longest
  if (!isLong && !/[A-Z]/.test(`${id}${Object.entries(hints).flat().join("")}`)) return stem
  const cut = isLong ? stem.slice(0, longest).replace(/%[^%]{0,5}$/, "") : stem
  return `${cut}+${digest(named)}`
}

/** The stem of one output's file: the task's stem, the role unless it is the result, and a number unless it is the first. */
export const outputStem = (snapshot: TaskSnapshot, output: Output): string => {
  const same = snapshot.outputs.filter((each) => each.role === output.role)
  const index = same.indexOf(output)
  const role = output.role === "result" ? "" : `+${output.role}`
  return `${stemOf(snapshot)}${role}${index > 0 ? `+${index + 1}` : ""}`
}
