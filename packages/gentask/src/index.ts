/**
 * gentask in one package: the client with promises, the ledger, all providers, and `defineConfig` of the command line.
 *
 * `@gentask/core/effect` and `@gentask/core/provider` are not part of it: install the scoped packages for Effect, or to
 * write a provider.
 */
export * from "@gentask/core"
export * from "@gentask/ledger"
export { defineConfig } from "@gentask/cli"
export type { AccountConfig, GentaskConfig, ProviderConfig, SpendConfig } from "@gentask/cli"
export * from "./providers.ts"
