import type { Output } from "./Output.ts"
import type { TaskSnapshot } from "./TaskSnapshot.ts"

const copyDate = (date: Date | null): Date | null => date && new Date(date)

const copyOutput = (output: Output): Output =>
  Object.freeze({
    ...output,
    inline: output.inline && Object.freeze({ ...output.inline }),
    expiresAt: copyDate(output.expiresAt)
  })

const copyRaw = (raw: unknown): unknown => {
  try {
    return structuredClone(raw)
  } catch {
    // Nested too deeply to be copied.
    return raw
  }
}

/** Copies a list. Most lists are empty and share one array, which saves memory for each watched task. */
const copyList = <A>(list: ReadonlyArray<A>, copy: (element: A) => A): ReadonlyArray<A> =>
  list.length === 0 && Object.isFrozen(list) ? list : Object.freeze(list.map(copy))

const same = <A>(value: A): A => value

/** Returns a frozen copy of a snapshot, so that a caller who changes it does not affect other subscribers. */
export const ownSnapshot = <A extends TaskSnapshot>(snapshot: A): A =>
  Object.freeze({
    ...snapshot,
    createdAt: copyDate(snapshot.createdAt),
    updatedAt: copyDate(snapshot.updatedAt),
    completedAt: copyDate(snapshot.completedAt),
    outputs: copyList(snapshot.outputs, copyOutput),
    failure: snapshot.failure && Object.freeze({ ...snapshot.failure }),
    warnings: copyList(snapshot.warnings, same),
    cost: snapshot.cost && Object.freeze({ ...snapshot.cost }),
    ...("raw" in snapshot ? { raw: copyRaw(snapshot.raw) } : {})
  })

/** Freezes a snapshot that belongs to one caller only. */
export const freezeSnapshot = <A extends TaskSnapshot>(snapshot: A): A => {
  const { outputs, failure, warnings, cost } = snapshot
  for (const output of outputs) {
    Object.freeze(output.inline)
    Object.freeze(output)
  }
  for (const part of [outputs, failure, warnings, cost]) Object.freeze(part)
  return Object.freeze(snapshot)
}
