/**
 * Types of the configuration files of gentask's command line. The command line itself is the program `gentask`.
 */
export type {
  AccountConfig,
  GentaskConfig,
  ProviderConfig,
  SpendConfig,
  TargetConfig
} from "./config/defineConfig.ts"
export { defineConfig } from "./config/defineConfig.ts"
