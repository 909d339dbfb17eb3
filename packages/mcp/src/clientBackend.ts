import type { Gentask, ProviderAccount, ProviderSpec } from "@gentask/core"
import { accountName, resolveAccount } from "@gentask/core/internal"
import { jsonSchemaOf, previewSubmit } from "@gentask/core/internal/submit"
import type { SqliteLedger } from "@gentask/ledger"
import type { McpBackend, McpModel } from "./McpBackend.ts"
import { CallError } from "./results/errorResult.ts"

/** Options of `clientBackend`. */
export interface ClientBackendOptions {
  /** The client. Give it the same ledger, so that submits are recorded. */
  readonly client: Gentask
  /** The accounts of the client. */
  readonly providers: ReadonlyArray<ProviderAccount>
  /** The ledger of the client, which lists tasks and saved files. */
  readonly ledger: SqliteLedger
  /** How many submits of 24 hours the argument `confirm` can confirm. @default no limit */
  readonly maxSubmitsPerDay?: number | undefined
}

const dayMs = 24 * 60 * 60 * 1000

/** Lists the models of a provider, or one of them with its input. */
const modelsOf = (spec: ProviderSpec, account: string, only?: string): ReadonlyArray<McpModel> =>
  Object.entries(spec.submit?.models ?? {})
    .filter(([name]) => only === undefined || name === only)
    .map(([model, { mediaKind, supportedInputs, docs, input }]) => ({
      account,
      model,
      mediaKind,
      supportedInputs,
      docs: docs ?? spec.docs,
      ...(only === undefined ? {} : { input: jsonSchemaOf(input) ?? null })
    }))

/**
 * Creates a backend from a client and its ledger.
 *
 * ```ts no-run
 * const backend = clientBackend({ client, providers, ledger, maxSubmitsPerDay: 20 })
 * ```
 */
export const clientBackend = ({
  client,
  providers,
  ledger,
  maxSubmitsPerDay
}: ClientBackendOptions): McpBackend => {
  const find = (name: string): ProviderAccount => {
    const found = providers.find((each) => accountName(each) === name)
    if (found !== undefined) return found
    throw new CallError(
      `Unknown account ${JSON.stringify(name)}. Known accounts: ${providers.map(accountName).join(", ")}.`
    )
  }
  return {
    tasks: client,
    models: async (account, model) =>
      (account === undefined ? providers : [find(account)]).flatMap((each) =>
        modelsOf(each.spec, accountName(each), model)
      ),
    prepare: async (request) => {
      await previewSubmit(resolveAccount(find(request.account)), request)
      const { account, idempotencyKey: key } = request
      const known = key === undefined ? undefined : await ledger.intentByKey(account, key)
      const isRepeat = known !== undefined && known.state !== "rejected"
      const count =
        maxSubmitsPerDay === undefined ? 0 : await ledger.countSubmits(new Date(Date.now() - dayMs))
      const exceeded =
        maxSubmitsPerDay === undefined || count < maxSubmitsPerDay
          ? []
          : [`${count} tasks were submitted in the last 24 hours, and the limit is ${maxSubmitsPerDay}.`]
      return { request, warning: undefined, isRepeat, isLimited: maxSubmitsPerDay !== undefined, exceeded }
    },
    list: async (options) => (await ledger.list(options)).tasks,
    show: (ref) => ledger.show(ref),
    findFiles: (sha256) => ledger.findFiles(sha256)
  }
}
