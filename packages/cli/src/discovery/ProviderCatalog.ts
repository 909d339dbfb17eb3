import { bundledProviderIds, bundledProviders } from "./bundledProviders.ts"
import { configuredPlugin } from "./configuredPlugin.ts"
import type { PluginEntry } from "./configuredPlugin.ts"
import type { DiscoveredProvider } from "./DiscoveredProvider.ts"
import { projectProviders } from "./projectProviders.ts"

/** Where to look for providers, besides the bundled ones. */
export interface ProviderLocations {
  /** The plugins of the configuration files. Later entries override earlier ones. */
  readonly plugins: ReadonlyArray<PluginEntry>
  /** A folder of the project. */
  readonly folder: string
}

const installAdvice =
  "To add a provider, install its package in this project (npm install), or name it under plugins in gentask.config.json."

/**
 * The available providers. Plugins of the configuration override the project's dependencies, which override the bundled
 * providers. The project's dependencies are read once, on first use.
 */
export class ProviderCatalog {
  readonly #locations: ProviderLocations | undefined
  readonly #plugins: ReadonlyMap<string | null, PluginEntry>
  #projectProviders: ReadonlyArray<DiscoveredProvider> | undefined

  /** Without locations, only the bundled providers are available. */
  constructor(locations: ProviderLocations | undefined) {
    this.#locations = locations
    this.#plugins = new Map(locations?.plugins.map((plugin) => [plugin.id, plugin]))
  }

  /** Returns the provider with an id, even if it cannot be used. */
  find(id: string): DiscoveredProvider | undefined {
    const plugin = this.#plugins.get(id)
    if (plugin !== undefined) return configuredPlugin(plugin)
    const hasId = (provider: DiscoveredProvider): boolean => provider.id === id
    return this.#fromProject().find(hasId) ?? bundledProviders.find(hasId)
  }

  /** The ids of all providers in display order, the bundled ones first. */
  get ids(): ReadonlyArray<string> {
    const others = [...this.#plugins.keys(), ...this.#fromProject().map(({ id }) => id)]
    return [...new Set([...bundledProviderIds, ...others])].filter((id) => id !== null)
  }

  /** All providers in display order, including packages that do not name their provider. */
  get all(): ReadonlyArray<DiscoveredProvider> {
    return [...this.ids.flatMap((id) => this.find(id) ?? []), ...this.#withoutId()]
  }

  /** How to add a provider, for messages about an unknown one. */
  get advice(): string {
    if (this.#locations === undefined)
      return "Only the bundled providers are available while GENTASK_NO_CONFIG is set."
    return [installAdvice, ...this.#withoutId().map(({ problem }) => problem)].join(" ")
  }

  #withoutId(): ReadonlyArray<DiscoveredProvider> {
    return this.#fromProject().filter(({ id }) => id === null)
  }

  #fromProject(): ReadonlyArray<DiscoveredProvider> {
    return (this.#projectProviders ??=
      this.#locations === undefined ? [] : projectProviders(this.#locations.folder))
  }
}
