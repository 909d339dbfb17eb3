/** Bugs, planted into the provider that is right or into its recordings. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect } from "vitest"
import type { ProviderSpec } from "@gentask/core"
import { conformance } from "@gentask/testing"
import type { ConformanceOptions } from "@gentask/testing"
import { orbit } from "./orbit.ts"

const folder = new URL("recordings/", import.meta.url)

/** The recordings' JSON, by name without `.json`. */
export type Files = Record<string, any>

/** One bug, and the checks that it must fail, each for its reason. */
export interface Planted {
  readonly bug: string
  readonly spec?: Partial<ProviderSpec> | ((spec: ProviderSpec) => unknown)
  readonly query?: Partial<ProviderSpec["query"]>
  readonly files?: (files: Files) => void
  readonly options?: ConformanceOptions
  readonly fails: Readonly<Record<string, RegExp>>
  /** Names of checks that fail too, since the bug shows in many places. */
  readonly also?: RegExp
}

const specOf = ({ spec = {}, query = {} }: Planted): ProviderSpec =>
  typeof spec === "function"
    ? (spec(orbit) as ProviderSpec)
    : { ...orbit, ...spec, query: { ...orbit.query, ...spec.query, ...query } }

/** Copies the recordings into a folder of their own, and changes them there. */
export const withFiles = <A>(change: (files: Files) => void, use: (path: string) => A): A => {
  const path = mkdtempSync(join(tmpdir(), "gentask-recordings-"))
  try {
    const files: Files = {}
    for (const name of readdirSync(folder)) {
      files[name.replace(".json", "")] = JSON.parse(readFileSync(new URL(name, folder), "utf8"))
    }
    change(files)
    for (const [name, json] of Object.entries(files)) {
      writeFileSync(join(path, `${name}.json`), typeof json === "string" ? json : JSON.stringify(json))
    }
    return use(path)
  } finally {
    rmSync(path, { recursive: true })
  }
}

/** What fails, and what it says. */
export const failures = (
  spec: ProviderSpec,
  recordings: URL | string = folder,
  options: ConformanceOptions = {}
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    conformance(spec, recordings, options).flatMap(({ name, run }) => {
      try {
        run()
        return []
      } catch (error) {
        return [[name, error instanceof Error ? error.message : String(error)]]
      }
    })
  )

/** Runs the kit on a bug: what fails, but for the checks in `also`, and what must fail, each for its reason. */
export const rejection = (planted: Planted) => {
  const { files, options, fails, also } = planted
  const all =
    files === undefined
      ? failures(specOf(planted), folder, options)
      : withFiles(files, (path) => failures(specOf(planted), path, options))
  const found = Object.entries(all).filter(([name]) => name in fails || also?.test(name) !== true)
  const due = Object.entries(fails).map(([name, why]) => [name, expect.stringMatching(why)])
  return { found: Object.fromEntries(found), due: Object.fromEntries(due) }
}
