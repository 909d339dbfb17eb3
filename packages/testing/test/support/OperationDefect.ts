/** Defects of operations besides the query, and the checks that must detect them. */
import type { ProviderSpec } from "@gentask/core"
import { expect, it } from "vitest"
import { failures, withFiles } from "./Defect.ts"
import type { Files } from "./Defect.ts"
import { studio } from "./studio.ts"
import { studioRecordings } from "./studioRecordings.ts"

/** The operations of a spec. */
type Operations = Pick<ProviderSpec, "submit" | "cancel" | "upload" | "balance" | "recover" | "webhook">

/** A defect, and the checks that it fails. */
export interface OperationDefect {
  /** Completes the sentence "the checks of … reject …". */
  readonly defect: string
  /** Members that replace those of the spec. */
  readonly spec?: Partial<ProviderSpec>
  /** Members that replace those of operations. */
  readonly operations?: { readonly [Name in keyof Operations]?: Partial<NonNullable<Operations[Name]>> }
  /** Changes the recordings. */
  readonly files?: (files: Files) => void
  /** The checks that must fail, each with a message that matches. */
  readonly fails: Readonly<Record<string, RegExp>>
  /** The names of other checks that may fail. */
  readonly mayFail?: RegExp | undefined
}

/** Runs the checks of studio with changes, and returns the messages of those that fail. */
export const studioFailures = (
  spec: ProviderSpec = studio,
  change: (files: Files) => void = () => undefined
): Readonly<Record<string, string>> =>
  withFiles(
    (files) => {
      Object.assign(files, structuredClone(studioRecordings))
      change(files)
    },
    (folder) => failures(spec, folder)
  )

const withOperations = (operations: OperationDefect["operations"] = {}): Partial<ProviderSpec> =>
  Object.fromEntries(
    Object.entries(operations).map(([name, members]) => [
      name,
      { ...studio[name as keyof Operations], ...members }
    ])
  )

/** Tests that a group of checks detects each defect, and that no other check fails. */
export const testOperationDefects = (group: string, defects: ReadonlyArray<OperationDefect>): void => {
  it.each(defects)(`${group} reject $defect`, ({ spec, operations, files, fails, mayFail }) => {
    const failed = studioFailures({ ...studio, ...withOperations(operations), ...spec }, files)
    const relevant = Object.entries(failed).filter(([name]) => name in fails || !mayFail?.test(name))
    const expected = Object.entries(fails).map(([name, why]) => [name, expect.stringMatching(why)])
    expect(Object.fromEntries(relevant)).toEqual(Object.fromEntries(expected))
  })
}
