/** The providers that this command line holds; each is loaded only when a task of it is asked about. */
import type { ProviderSpec } from "@gentask/core"

/** A provider, and what can be said of it without loading it. */
export interface InstalledProvider {
  readonly load: () => Promise<{ readonly default: ProviderSpec }>
  /** What its tasks make. */
  readonly makes: ReadonlyArray<"images" | "videos">
  /** The hints that its refs take. */
  readonly hints: ReadonlyArray<string>
}

/** The providers by id. */
export const installed: Readonly<Record<string, InstalledProvider>> = {
  jimmy: {
    load: () => import("@gentask/provider-jimmy"),
    makes: ["images", "videos"],
    hints: ["kind=video"]
  },
  sora: {
    load: () => import("@gentask/provider-sora"),
    makes: ["videos"],
    hints: []
  },
  jimeng: {
    load: () => import("@gentask/provider-jimeng"),
    makes: ["images", "videos"],
    hints: ["req_key=…", "req_json=…"]
  },
  aigptimage: {
    load: () => import("@gentask/provider-aigptimage"),
    makes: ["images", "videos"],
    hints: []
  }
}

/** The ids of the providers, in the order in which they are shown. */
export const providerIds: ReadonlyArray<string> = Object.keys(installed)
