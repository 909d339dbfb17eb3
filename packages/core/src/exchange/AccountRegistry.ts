import * as Effect from "effect/Effect"
import { ConfigurationError } from "../account/ConfigurationError.ts"
import { accountName } from "../account/accountName.ts"
import { findAccount } from "../account/findAccount.ts"
import { resolveAccount } from "../account/resolveAccount.ts"
import type { ResolvedAccount } from "../account/ResolvedAccount.ts"
import { unknownAccount, unknownProvider, unknownProviderOfAccount } from "../account/unknownName.ts"
import type { ProviderAccount } from "../provider/ProviderAccount.ts"
import { InvalidTaskRef } from "../task/InvalidTaskRef.ts"
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
          reason: { _tag: "DuplicateAccount", account: name },
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

  /**
   * Returns the client of an account by its name as in a task ref, such as `jimmy` or `jimeng@deepwl`.
   *
   * @throws {ConfigurationError | InvalidTaskRef} If there is no such account, or it is invalid.
   */
  account(name: string): AccountClient {
    // The account of a ref is what precedes its first colon.
    return this.#client(this.#find(TaskRef.parse(`${name}:-`), name))
  }

  /** Resolves a ref and continues with the result. Fails with what `resolve` throws. */
  with<A, E, R>(
    input: string | TaskRef.TaskRef,
    use: (resolved: ResolvedRef) => Effect.Effect<A, E, R>
  ): Effect.Effect<A, E | ConfigurationError | InvalidTaskRef, R> {
    return Effect.suspend((): Effect.Effect<A, E | ConfigurationError | InvalidTaskRef, R> => {
      let resolved
      try {
        resolved = this.resolve(input)
      } catch (error) {
        return error instanceof ConfigurationError || error instanceof InvalidTaskRef
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

  /**
   * Returns the account of a ref.
   *
   * @param name The account's name. Errors then describe the account and not a task. @default errors contain the ref
   */
  #find(ref: TaskRef.TaskRef, name?: string): ProviderAccount {
    const account = findAccount(this.accounts, ref)
    if (account !== undefined) return account
    const text = name ?? TaskRef.format(ref)
    const candidates = this.accounts.filter(({ spec }) => spec.id === ref.provider)
    if (candidates.length > 0) throw unknownAccount(text, ref.account ?? ref.provider, candidates)
    const known = [...new Set(this.accounts.map(({ spec }) => spec.id))]
    throw name === undefined
      ? unknownProvider(text, ref.provider, known)
      : unknownProviderOfAccount(name, ref.provider, known)
  }
}
