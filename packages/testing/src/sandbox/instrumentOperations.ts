import type { ModelTable, ProviderSpec } from "@gentask/core/provider"
import type { StandardSchemaV1 } from "@standard-schema/spec"

/** How the functions and schemas of an operation are wrapped. */
export interface Wrappers {
  readonly wrapFunction: (
    name: string,
    original: (...args: ReadonlyArray<unknown>) => unknown
  ) => (...args: ReadonlyArray<unknown>) => unknown
  readonly wrapSchema: (name: string, schema: StandardSchemaV1) => StandardSchemaV1
}

type Members = Readonly<Record<string, unknown>>

const wrapModels = (models: ModelTable, { wrapSchema }: Wrappers): ModelTable =>
  Object.fromEntries(
    Object.entries(models).map(([model, each]) => [
      model,
      { ...each, input: wrapSchema(`the schema of the model ${model}`, each.input) as typeof each.input }
    ])
  )

/** Wraps every function and schema among the members of an operation. */
const wrapMembers = (name: string, operation: Members, wrappers: Wrappers): Members =>
  Object.fromEntries(
    Object.entries(operation).map(([member, value]): [string, unknown] => {
      const path = `${name}.${member}`
      if (member === "models" && value !== undefined)
        return [member, wrapModels(value as ModelTable, wrappers)]
      if (member === "response" && value !== undefined)
        return [member, wrappers.wrapSchema(path, value as StandardSchemaV1)]
      if (typeof value === "function")
        return [member, wrappers.wrapFunction(path, value as Parameters<Wrappers["wrapFunction"]>[1])]
      return [member, member === "keys" ? wrapMembers(path, value as Members, wrappers) : value]
    })
  )

const names = ["submit", "cancel", "upload", "balance", "recover", "webhook", "keyExchange"] as const

/** Wraps the operations of a spec besides the query. */
export const wrapOperations = (spec: ProviderSpec, wrappers: Wrappers): Partial<ProviderSpec> =>
  Object.fromEntries(
    names.flatMap((name) => {
      const operation = spec[name]
      return operation === undefined
        ? []
        : [[name, wrapMembers(name, operation as unknown as Members, wrappers)]]
    })
  )
