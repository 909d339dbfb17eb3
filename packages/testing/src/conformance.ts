/** The conformance kit: a provider's spec and its recordings, checked against the plugin contract. */
import type { ProviderSpec } from "@gentask/core/provider"
import { fail, sentenceOf } from "./Check.ts"
import type { Check } from "./Check.ts"
import { askingChecks } from "./checks/requestBuildChecks.ts"
import { coverageChecks } from "./checks/coverageChecks.ts"
import { faultChecks } from "./checks/errorChecks.ts"
import { keyChecks } from "./checks/apiKeyChecks.ts"
import { meaningChecks } from "./checks/expectationChecks.ts"
import { purityChecks } from "./checks/purityChecks.ts"
import { refChecks } from "./checks/refChecks.ts"
import { requestChecks } from "./checks/requestChecks.ts"
import { secretCheck } from "./checks/secretChecks.ts"
import { shapeChecks } from "./checks/shapeChecks.ts"
import { missingParts, specChecks } from "./checks/specChecks.ts"
import { statusChecks } from "./checks/statusChecks.ts"
import { readFolder } from "./recordingFolder.ts"
import type { RecordingFile } from "./recordingFolder.ts"
import { makeSubject } from "./replay.ts"
import type { Subject } from "./replay.ts"
import { withoutNetwork } from "./sandbox.ts"

/** What the kit can be told. */
export interface ConformanceOptions {
  /** A made-up key of the vendor's form, where `authorize` looks into it. @default one that begins with `sk-` */
  readonly apiKey?: string | undefined
  /** Options that every account needs, such as settings without a default; a recording's own win. @default none */
  readonly account?: Readonly<Record<string, unknown>> | undefined
}

const checkThat = (name: string, problem: string | undefined): Check => ({
  name,
  run: () => {
    if (problem !== undefined) fail(problem)
  }
})

const fileChecks = (files: ReadonlyArray<RecordingFile> | string): ReadonlyArray<Check> => [
  checkThat("the recordings are there", typeof files === "string" ? files : undefined),
  ...(typeof files === "string"
    ? []
    : files.flatMap((file) => [checkThat(`${file.name}: is a recording`, file.problem), secretCheck(file)]))
]

/** The checks that ask and read. */
const laterChecks: ReadonlyArray<(subject: Subject) => ReadonlyArray<Check>> = [
  requestChecks,
  meaningChecks,
  coverageChecks,
  faultChecks,
  shapeChecks,
  statusChecks,
  keyChecks,
  purityChecks,
  refChecks
]

const build = (
  spec: unknown,
  recordings: URL | string,
  { apiKey = "sk-conformance-0c6f5d2e81", account = {} }: ConformanceOptions
): ReadonlyArray<Check> => {
  const files = readFolder(recordings)
  const missing = missingParts(spec)
  const form = checkThat(
    "the spec has every part of the contract, version 1",
    missing.length === 0 ? undefined : `The spec cannot be used: ${missing.join("; ")}.`
  )
  if (missing.length > 0) return [form, ...fileChecks(files)]
  const usable = (typeof files === "string" ? [] : files).flatMap(({ name, path, recording }) =>
    recording === undefined ? [] : [{ name, path, recording }]
  )
  const { subject, refused } = makeSubject(spec as ProviderSpec, usable, apiKey, account)
  const first = [form, ...fileChecks(files), ...specChecks(subject), ...askingChecks(subject)]
  // Where no example can be asked about, the checks so far say why, and the others would say it many times.
  if (subject.examples.length > 0 && subject.askings.length === 0) return first
  return [
    ...first,
    ...refused.map(({ name, why }) => checkThat(`${name}: can be asked about`, why)),
    ...laterChecks.flatMap((checks) => checks(subject))
  ]
}

/**
 * The checks of a provider, to be handed to any test runner: `it(check.name, check.run)`. Building the list never
 * throws: what is wrong with the spec or the recordings is a check that fails. No I/O but reading the recordings, and
 * writing into those without a meaning where the variable `GENTASK_RECORD` is `1`.
 *
 * @param recordings the folder of recordings: a URL, or a path
 */
export const conformance = (
  spec: ProviderSpec,
  recordings: URL | string,
  options: ConformanceOptions = {}
): ReadonlyArray<Check> => {
  try {
    return withoutNetwork(() => build(spec, recordings, options)).map(({ name, run }) => ({
      name,
      run: () => withoutNetwork(run)
    }))
  } catch (error) {
    const why = `The provider breaks when it is first used: ${sentenceOf(error)}. Mend that first.`
    return [checkThat("the provider can be checked", why)]
  }
}
