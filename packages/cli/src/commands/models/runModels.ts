import type { ProviderSpec } from "@gentask/core"
import { closestName } from "@gentask/core/internal"
import { jsonSchemaOf } from "@gentask/core/internal/submit"
import { commonInputNames } from "@gentask/core/provider"
import type { CommonInputName } from "@gentask/core/provider"
import * as Effect from "effect/Effect"
import { usableProviders } from "../../accounts/listAccounts.ts"
import { loadAccounts } from "../../accounts/loadAccounts.ts"
import { parseAccount } from "../../accounts/parseAccount.ts"
import { loadConfiguration } from "../../config/loadConfiguration.ts"
import type { Configuration } from "../../config/loadConfiguration.ts"
import { formatFields } from "../../output/formatFields.ts"
import { painterFor } from "../../output/paint.ts"
import { printTable } from "../../output/printTable.ts"
import { jsonLine, oneLine } from "../../output/sanitize.ts"
import { exitStatus } from "../../process/exitStatus.ts"
import { UsageError } from "../../UsageError.ts"
import type { Handler } from "../lazyHandler.ts"

export interface ModelsInput {
  readonly account: string | undefined
  readonly model: string | undefined
  readonly json: boolean
}

type Model = NonNullable<NonNullable<ProviderSpec["submit"]>["models"]>[string]

/** A model, and the account to submit it with. */
export interface ListedModel {
  readonly account: string
  readonly name: string
  readonly model: Model
  readonly spec: ProviderSpec
}

const modelsOf = (spec: ProviderSpec, account: string): ReadonlyArray<ListedModel> =>
  Object.entries(spec.submit?.models ?? {}).map(([name, model]) => ({ account, name, model, spec }))

const providerOf = Effect.fnUntraced(function* (account: string, configuration: Configuration) {
  const target = yield* parseAccount(account)
  const accounts = yield* loadAccounts([target], configuration)
  return (yield* accounts.requireWithoutKey(target)).spec
})

/** The common inputs that a model supports, in the order of the options. */
const supportedInputsOf = ({ supportedInputs }: Model): ReadonlyArray<CommonInputName> =>
  commonInputNames.filter((name) => supportedInputs.includes(name))

/** Returns a common input with the field that it sets, if its name differs. */
const formatInput = ({ names = {} }: Model, name: CommonInputName): string => {
  const target = names[name]
  const field = typeof target === "string" ? target : (target?.name ?? name)
  return field === name ? name : `${name} (${field})`
}

/** Returns the members of `--json` that a list has. */
export const describeModel = ({ account, name, model, spec }: ListedModel) => ({
  account,
  model: name,
  mediaKind: model.mediaKind,
  supportedInputs: supportedInputsOf(model),
  docs: model.docs ?? spec.docs
})

const printModel = (listed: ListedModel, json: boolean): void => {
  const schema = jsonSchemaOf(listed.model.input) ?? null
  const description = describeModel(listed)
  if (json) {
    process.stdout.write(`${jsonLine({ ...description, input: schema })}\n`)
    return
  }
  const paint = painterFor(process.stdout)
  const supported = supportedInputsOf(listed.model)
    .map((name) => formatInput(listed.model, name))
    .join(", ")
  const heading = [
    `${paint("bold", oneLine(`${listed.account} ${listed.name}`))}  ${listed.model.mediaKind}`,
    `  common inputs  ${supported}`,
    `  documentation  ${oneLine(description.docs)}`,
    ""
  ]
  process.stdout.write(`${heading.join("\n")}\n`)
  printTable(["FIELD", "TYPE", "REQUIRED", "DEFAULT"], formatFields(schema), [1])
}

const unknownModel = (account: string, model: string, models: ReadonlyArray<ListedModel>): UsageError => {
  const closest = closestName(
    model,
    models.map(({ name }) => name)
  )
  const suggestion = closest === undefined ? "" : ` Did you mean ${closest}?`
  return new UsageError({
    message: `${account} does not know the model ${JSON.stringify(model)}.${suggestion} See gentask models ${account}.`
  })
}

/**
 * Returns the models of an account, or of all providers.
 *
 * @param model The only model to return. Fails with a `UsageError` if the account does not know it.
 */
export const findModels = Effect.fnUntraced(function* (
  account: string | undefined,
  model: string | undefined,
  configuration: Configuration
) {
  const specs =
    account === undefined
      ? yield* usableProviders(configuration)
      : [yield* providerOf(account, configuration)]
  const models = specs.flatMap((each) => modelsOf(each, account ?? each.id))
  if (account === undefined || model === undefined) return models
  const listed = models.find(({ name }) => name === model)
  return listed === undefined ? yield* unknownModel(account, model, models) : [listed]
})

/** Lists models, or shows the fields of one. */
export const runModels: Handler<ModelsInput> = Effect.fnUntraced(function* ({
  account,
  model,
  json
}: ModelsInput) {
  const configuration = yield* loadConfiguration(process.env, process.cwd())
  const models = yield* findModels(account, model, configuration)
  const [only] = models
  if (account !== undefined && model !== undefined && only !== undefined) {
    printModel(only, json)
    return exitStatus.success
  }
  if (json) for (const each of models) process.stdout.write(`${jsonLine(describeModel(each))}\n`)
  else if (models.length === 0)
    process.stderr.write(
      "The provider lists no models. Pass the vendor's name of a model to gentask submit.\n"
    )
  else
    printTable(
      ["ACCOUNT", "MODEL", "CREATES", "COMMON INPUTS"],
      models.map((each) => [
        each.account,
        oneLine(each.name),
        each.model.mediaKind,
        supportedInputsOf(each.model).join(" ")
      ]),
      [3, 1]
    )
  return exitStatus.success
})
