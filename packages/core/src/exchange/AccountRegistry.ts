/** The accounts that can be asked, by the names that task refs give them. */
import type { ProviderAccount } from "../provider/ProviderAccount.ts"
import * as TaskRef from "../task/TaskRef.ts"
import { ConfigurationError } from "../account/ConfigurationError.ts"
import type { AccountClient } from "./AccountClient.ts"
import { makeTaskQuery } from "./TaskQuery.ts"
import type { TaskQuery } from "./TaskQuery.ts"
import { accountName } from "../account/accountName.ts"
import { resolveAccount } from "../account/resolveAccount.ts"
import { unknownAccount, unknownProvider } from "../account/unknownName.ts"
import type { ResolvedAccount } from "../account/ResolvedAccount.ts"

/** A question, and the provider to put it to. */
export interface ResolvedRef {
  readonly query: TaskQuery
  readonly client: AccountClient
}

/** Finds the account of a ref. An account is checked when it is first asked for, so that one mistake stops one account. */
export class AccountRegistry {
  readonly accounts: ReadonlyArray<ProviderAccount>
  readonly #make: (account: ResolvedAccount) => AccountClient
  readonly #made = new Map<ProviderAccount, AccountClient>()

  /** @throws {ConfigurationError} when two accounts bear one name */
  constructor(accounts: ReadonlyArray<ProviderAccount>, make: (account: ResolvedAccount) => AccountClient) {
    const names = new Set<string>()
    for (const account of accounts) {
      const name = accountName(account)
      if (names.has(name)) {
        throw new ConfigurationError({
          reason: { _tag: "DuplicateAccount", account: name },
          message: `There are two accounts named ${name}. Give each its own name by the option account.`
        })
      }
      names.add(name)
    }
    this.accounts = accounts
    this.#make = make
  }

  /**
   * Addresses a ref. Its account is the one so named; else the only one at an endpoint so named.
   *
   * @throws {ConfigurationError | InvalidTaskRef} with the sentence that says what to mend
   */
  resolve(input: string | TaskRef.TaskRef): ResolvedRef {
    const ref = TaskRef.from(input)
    const provider = this.#provider(this.#find(ref))
    return { query: makeTaskQuery(ref, provider.account, input), client: provider }
  }

  #provider(account: ProviderAccount): AccountClient {
    const known = this.#made.get(account)
    if (known !== undefined) return known
    const made = this.#make(resolveAccount(account))
    this.#made.set(account, made)
    return made
  }

  #find(ref: TaskRef.TaskRef): ProviderAccount {
    const own = this.accounts.filter((account) => account.spec.id === ref.provider)
    if (own.length === 0) throw this.#unknownProvider(ref)
    const name = ref.account ?? ref.provider
    const named = own.find((account) => account.account === name)
    if (named !== undefined) return named
    const there = own.filter((account) => account.endpoint === name && account.baseUrl === undefined)
    if (there.length === 1 && there[0] !== undefined) return there[0]
    throw unknownAccount(TaskRef.format(ref), name, own)
  }

  #unknownProvider(ref: TaskRef.TaskRef): ConfigurationError {
    const known = [...new Set(this.accounts.map((account) => account.spec.id))]
    return unknownProvider(TaskRef.format(ref), ref.provider, known)
  }
}
