/** Defects of a provider or of its recordings, and the checks that must detect them. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { ProviderSpec } from "@gentask/core"
import { conformance } from "@gentask/testing"
import type { ConformanceOptions } from "@gentask/testing"
import { expect, it } from "vitest"
import { orbit } from "./orbit.ts"

export const recordings = new URL("recordings/", import.meta.url)

/** The JSON of the recordings, by the file's name without `.json`. A string is the text of a file. */
export type Files = Record<string, any>

/** A defect, and the checks that it fails. */
export interface Defect {
  /** Completes the sentence "the checks of … reject …". */
  readonly defect: string
  /** Members that replace those of the spec. */
  readonly spec?: Partial<ProviderSpec>
  /** Members that replace those of the spec's `query`. */
  readonly query?: Partial<ProviderSpec["query"]>
  /** Changes the recordings. */
  readonly files?: (files: Files) => void
  /** The checks that must fail, each with a message that matches. */
  readonly fails: Readonly<Record<string, RegExp>>
  /** The names of other checks that may fail. */
  readonly mayFail?: RegExp | undefined
}

/** Writes changed copies of the recordings into a temporary folder for the time of a call. */
export const withFiles = <A>(change: (files: Files) => void, use: (folder: string) => A): A => {
  const folder = mkdtempSync(join(tmpdir(), "gentask-recordings-"))
  try {
    const files: Files = {}
    for (const name of readdirSync(recordings)) {
      files[name.replace(".json", "")] = JSON.parse(readFileSync(new URL(name, recordings), "utf8"))
    }
    change(files)
    for (const [name, json] of Object.entries(files)) {
      writeFileSync(join(folder, `${name}.json`), typeof json === "string" ? json : JSON.stringify(json))
    }
    return use(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Runs the checks and returns the messages of those that fail, by name. */
export const failures = (
  spec: ProviderSpec,
  folder: URL | string = recordings,
  options: ConformanceOptions = {}
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    conformance(spec, folder, options).flatMap(({ name, run }) => {
      try {
        run()
        return []
      } catch (error) {
        return [[name, error instanceof Error ? error.message : String(error)]]
      }
    })
  )

/** Tests that a group of checks detects each defect, and that no other check fails. */
export const testDefects = (group: string, defects: ReadonlyArray<Defect>): void => {
  it.each(defects)(`${group} reject $defect`, ({ spec, query, files, fails, mayFail }) => {
    const broken = { ...orbit, ...spec, query: { ...orbit.query, ...query } }
    const failed =
      files === undefined ? failures(broken) : withFiles(files, (folder) => failures(broken, folder))
    const relevant = Object.entries(failed).filter(([name]) => name in fails || !mayFail?.test(name))
    const expected = Object.entries(fails).map(([name, why]) => [name, expect.stringMatching(why)])
    expect(Object.fromEntries(relevant)).toEqual(Object.fromEntries(expected))
  })
}
