import * as Effect from "effect/Effect"
import { ConfigurationError } from "../account/ConfigurationError.ts"
import { accountName, resolveAccount } from "../account/ResolvedAccount.ts"
import type { ResolvedAccount } from "../account/ResolvedAccount.ts"
import type { ProviderAccount } from "../provider/Account.ts"
import * as TaskRef from "../task/TaskRef.ts"
import type { AccountClient } from "./AccountClient.ts"
import { makeTaskQuery } from "./TaskQuery.ts"
import type { TaskQuery } from "./TaskQuery.ts"

/** A query, and the client of the account that it belongs to. */
export interface ResolvedRef {
  readonly query: TaskQuery
  readonly client: AccountClient
}

/** Finds the account of a ref. Accounts are validated on first use, so that an invalid one does not affect the others. */
export class AccountRegistry {
  readonly accounts: ReadonlyArray<ProviderAccount>
  readonly #makeClient: (account: ResolvedAccount) => AccountClient
  readonly #clients = new Map<ProviderAccount, AccountClient>()

  /** @throws {ConfigurationError} If two accounts have the same name. */
  constructor(
    accounts: ReadonlyArray<ProviderAccount>,
    makeClient: (account: ResolvedAccount) => AccountClient
  ) {
    const names = new Set<string>()
    for (const account of accounts) {
      const name = accountName(account)
      if (names.has(name)) {
        throw new ConfigurationError({
          problem: "DuplicateAccount",
          message: `Two accounts are named ${name}. Set the option account to give each its own name.`
        })
      }
      names.add(name)
    }
    this.accounts = accounts
    this.#makeClient = makeClient
  }

  /**
   * Resolves a ref to the account with its name, or else to the only account at an endpoint with its name.
   *
   * @throws {ConfigurationError | InvalidTaskRef} If the ref or its account is invalid.
   */
  resolve(input: string | TaskRef.TaskRef): ResolvedRef {
    const ref = TaskRef.from(input)
    const client = this.#client(this.#find(ref))
    return { query: makeTaskQuery(ref, client.account, input), client }
  }

  /** Resolves a ref and continues with the result. Fails with what `resolve` throws. */
  with<A, E, R>(
    input: string | TaskRef.TaskRef,
    use: (resolved: ResolvedRef) => Effect.Effect<A, E, R>
  ): Effect.Effect<A, E | ConfigurationError | TaskRef.InvalidTaskRef, R> {
    return Effect.suspend((): Effect.Effect<A, E | ConfigurationError | TaskRef.InvalidTaskRef, R> => {
      let resolved
      try {
        resolved = this.resolve(input)
      } catch (error) {
        return error instanceof ConfigurationError || error instanceof TaskRef.InvalidTaskRef
          ? Effect.fail(error)
          : Effect.die(error)
      }
      return use(resolved)
    })
  }

  #client(account: ProviderAccount): AccountClient {
    const known = this.#clients.get(account)
    if (known !== undefined) return known
    const client = this.#makeClient(resolveAccount(account))
    this.#clients.set(account, client)
    return client
  }

  #find(ref: TaskRef.TaskRef): ProviderAccount {
    const candidates = this.accounts.filter((account) => account.spec.id === ref.provider)
    if (candidates.length === 0) throw this.#unknownProvider(ref)
    const name = ref.account ?? ref.provider
    const named = candidates.find((account) => account.account === name)
    if (named !== undefined) return named
    const atEndpoint = candidates.filter(
      ({ endpoint, baseUrl }) => endpoint === name && baseUrl === undefined
    )
    if (atEndpoint.length === 1 && atEndpoint[0] !== undefined) return atEndpoint[0]
    throw new ConfigurationError({
      problem: "UnknownAccount",
      message:
        `${TaskRef.format(ref)}: unknown account ${JSON.stringify(name)} of ${ref.provider}. ` +
        `Configured accounts: ${candidates.map(accountName).join(", ")}.`
    })
  }

  #unknownProvider(ref: TaskRef.TaskRef): ConfigurationError {
    const known = [...new Set(this.accounts.map((account) => account.spec.id))]
    const list =
      known.length === 0 ? "No provider is configured." : `Configured providers: ${known.join(", ")}.`
    // Some vendors' ids contain a colon, and users paste them without a provider.
    const example = known[0] ?? "sora"
    const text = TaskRef.format(ref)
    return new ConfigurationError({
      problem: "UnknownProvider",
      message:
        `${text}: unknown provider ${JSON.stringify(ref.provider)}. ${list} ` +
        `If this is a vendor's whole task id, put the provider in front: ${example}:${text}`
    })
  }
}
