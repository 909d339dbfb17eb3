/** Checks that the common inputs of every model have an effect, and that its schema accepts it. */
import { isDeepStrictEqual } from "node:util"
import type { ResolvedAccount } from "@gentask/core/internal"
import { commonInputNames, isEmbeddedFile, isInputFile } from "@gentask/core/provider"
import type { CommonInput, CommonInputName, ModelSpec } from "@gentask/core/provider"
import type { Check } from "../Check.ts"
import { fail } from "../ConformanceError.ts"
import { errorMessage } from "../errorMessage.ts"
import {
  mapValues,
  modelOf,
  supportedInputsOf,
  translate,
  uploadedUrl,
  withFiles,
  withUploads
} from "../operations/buildSubmit.ts"
import type { AnySubmit } from "../operations/buildSubmit.ts"
import { firstAccount } from "../operations/firstAccount.ts"
import type { OperationContext } from "../operations/OperationContext.ts"
import { fileSamples, samplePairs } from "../operations/sampleInputs.ts"
import { unknownMember } from "../unknownMember.ts"

/** A model that the table of a provider need not have. */
const unknownModel = "gentask-model-1"

/** A model and what its checks need. */
interface TestedModel {
  readonly submit: AnySubmit
  readonly name: string
  readonly spec: ModelSpec | undefined
  readonly supported: ReadonlyArray<CommonInputName>
  readonly account: ResolvedAccount
  /** The common inputs of recordings. */
  readonly recorded: ReadonlyArray<CommonInput>
}

const testedModels = (context: OperationContext): ReadonlyArray<TestedModel> => {
  const submit: AnySubmit | undefined = context.spec.submit
  if (submit === undefined) return []
  const recordings = context.cases.filter(({ operation }) => operation === "submit")
  const names = new Set([
    ...Object.keys(submit.models ?? {}),
    ...recordings.flatMap(({ recording }) => recording.submit?.model ?? []),
    unknownModel
  ])
  return [...names].flatMap((name) => {
    const own = recordings.filter(({ recording }) => recording.submit?.model === name)
    const account = firstAccount(context, own[0]?.account)
    if (account === undefined) return []
    const recorded = own.map(({ recording }) => withFiles(recording.submit?.common ?? {}) as CommonInput)
    const supported = supportedInputsOf(submit, name)
    return [{ submit, name, spec: modelOf(submit, name), supported, account, recorded }]
  })
}

/** Translates both inputs of a pair. Undefined if the provider rejects one of them. */
const translatePair = (
  { submit, name, account }: TestedModel,
  pair: { readonly with: CommonInput; readonly without: CommonInput }
) => {
  try {
    return {
      with: translate(submit, pair.with, name, account.settings),
      without: translate(submit, pair.without, name, account.settings)
    }
  } catch {
    return undefined
  }
}

const hasEffect = (model: TestedModel, input: CommonInputName): boolean => {
  for (const pair of samplePairs(input, model.supported, model.spec, model.recorded)) {
    const translated = translatePair(model, pair)
    if (translated !== undefined && !isDeepStrictEqual(translated.with, translated.without)) return true
  }
  return false
}

const checkEffects = (model: TestedModel): void => {
  const { name, supported } = model
  const invalid = supported.find((input) => !commonInputNames.includes(input))
  if (invalid !== undefined) {
    fail(`supportedInputs of the model ${name} has ${JSON.stringify(invalid)}, which is not a common input.`)
  }
  for (const input of commonInputNames) {
    const isSupported = supported.includes(input)
    const changes = hasEffect(model, input)
    if (isSupported && !changes) {
      fail(
        `toInput ignores ${input} for the model ${name}, although supportedInputs has it. Translate it, or remove it. If it needs other inputs, record a submit with them.`
      )
    }
    if (!isSupported && changes) {
      fail(
        `toInput uses ${input} for the model ${name}, but supportedInputs does not have it, so that core rejects it. Add it.`
      )
    }
  }
}

const issuesOf = ({ name, spec }: TestedModel, input: unknown): ReadonlyArray<string> => {
  let result
  try {
    result = spec?.input["~standard"].validate(input) ?? { value: input }
  } catch (error) {
    return fail(`The schema of the model ${name} throws (${errorMessage(error)}). Return issues instead.`)
  }
  if (result instanceof Promise) {
    result.catch(() => undefined)
    return fail(`The schema of the model ${name} is asynchronous. Use a synchronous schema.`)
  }
  return (result.issues ?? []).map(({ path = [], message }) => `${path.map(String).join(".")}: ${message}`)
}

const checkSchema = (model: TestedModel): void => {
  const { name, spec, supported, recorded } = model
  if (spec === undefined) return
  for (const input of commonInputNames) {
    if (!supported.includes(input)) continue
    let problem: string | undefined
    let isAccepted = false
    for (const pair of samplePairs(input, supported, spec, recorded)) {
      const translated = translatePair(model, pair)
      if (translated === undefined) continue
      const before = new Set(issuesOf(model, translated.without))
      const added = issuesOf(model, translated.with).find((issue) => !before.has(issue))
      isAccepted = added === undefined
      if (isAccepted) break
      problem ??= added
    }
    if (!isAccepted && problem !== undefined) {
      fail(
        `The schema of the model ${name} rejects what toInput makes of ${input} (${problem}). Correct one of them, or record a submit with a value that it accepts.`
      )
    }
  }
  const known = new Set(issuesOf(model, {}))
  if (issuesOf(model, { [unknownMember]: 1 }).every((issue) => known.has(issue))) {
    fail(
      `The schema of the model ${name} accepts unknown members, so that a misspelled one has no effect. Use a strict schema.`
    )
  }
}

/** Returns whether a value contains a file: as a handle, inside a body, or as the URL of its upload. */
const containsFile = (value: unknown): boolean => {
  let isFound = false
  mapValues(value, (each) => {
    const file = isEmbeddedFile(each) ? each.file : isInputFile(each) ? each : undefined
    const isUrl = typeof each === "string" && each.startsWith(uploadedUrl({ name: "gentask-file" } as never))
    isFound ||= file?.name.startsWith("gentask-file") === true || isUrl
    return file === undefined ? undefined : each
  })
  return isFound
}

const checkFiles = (model: TestedModel): void => {
  const { submit, name, supported, account } = model
  for (const [input, value] of Object.entries(fileSamples)) {
    if (!supported.includes(input as CommonInputName)) continue
    for (const { without } of samplePairs(input as CommonInputName, supported, undefined, model.recorded)) {
      const pair = translatePair(model, { with: { ...without, [input]: value }, without })
      if (pair === undefined) continue
      const advice =
        "Keep the file as it is, or use embedFile. If the vendor accepts URLs only, keep it, too."
      if (!containsFile(pair.with)) fail(`toInput loses the file in ${input} of the model ${name}. ${advice}`)
      let spec
      try {
        const complete = withUploads(account, name, pair.with)
        spec = submit.request({ model: name, input: complete, idempotencyKey: "key-1" }, account.settings)
      } catch {
        continue
      }
      if (!containsFile([spec.body, spec.form, spec.multipart, spec.file])) {
        fail(`submit.request loses the file in ${input} of the model ${name}. ${advice}`)
      }
    }
  }
}

/** The checks of the inputs of models. */
export const modelInputChecks = (context: OperationContext): ReadonlyArray<Check> => {
  if (context.spec.submit === undefined) return []
  const forEach = (check: (model: TestedModel) => void) => () => {
    for (const model of testedModels(context)) check(model)
  }
  return [
    {
      name: "every common input that a model supports changes its input, and no other does",
      run: forEach(checkEffects)
    },
    {
      name: "the schema of every model is strict and accepts its common inputs",
      run: forEach(checkSchema)
    },
    { name: "the files of common inputs are in the request", run: forEach(checkFiles) }
  ]
}
