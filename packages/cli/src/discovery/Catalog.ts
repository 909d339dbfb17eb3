/** The providers that there are: those that the configuration names, over the project's own, over the bundled ones. */
import { bundled, bundledIds } from "./bundled.ts"
import { configuredProvider } from "./configured.ts"
import type { NamedPlugin } from "./configured.ts"
import type { FoundProvider } from "./FoundProvider.ts"
import { providersOfProject } from "./project.ts"

/** Where to look besides the bundled providers. */
export interface Places {
  /** What the configuration names, the weakest file first. */
  readonly plugins: ReadonlyArray<NamedPlugin>
  /** A folder of the project. */
  readonly folder: string
}

/** Looks in the project when that is first needed, and once. */
export class Catalog {
  readonly #places: Places | undefined
  readonly #plugins: ReadonlyMap<string | null, NamedPlugin>
  #ofProject: ReadonlyArray<FoundProvider> | undefined

  /** Without places, there are the bundled providers alone. */
  constructor(places: Places | undefined) {
    this.#places = places
    this.#plugins = new Map(places?.plugins.map((plugin) => [plugin.id, plugin]))
  }

  /** The provider of an id, usable or not. */
  find(id: string): FoundProvider | undefined {
    const plugin = this.#plugins.get(id)
    if (plugin !== undefined) return configuredProvider(plugin)
    const hasId = (found: FoundProvider): boolean => found.id === id
    return this.#project().find(hasId) ?? bundled.find(hasId)
  }

  /** The ids of all providers, in the order in which they are shown: the bundled ones, and then the others. */
  get ids(): ReadonlyArray<string> {
    const others = [...this.#plugins.keys(), ...this.#project().map(({ id }) => id)]
    return [...new Set([...bundledIds, ...others])].filter((id) => id !== null)
  }

  /** All of them, and then what might be a provider and does not say which. */
  get all(): ReadonlyArray<FoundProvider> {
    return [...this.ids.flatMap((id) => this.find(id) ?? []), ...this.#nameless()]
  }

  /** Which providers there are, and how more are added, for whoever named another one. */
  get advice(): string {
    const known = `The providers are ${this.ids.join(", ")}.`
    if (this.#places === undefined) return `${known} No others are looked for while GENTASK_NO_CONFIG is set.`
    const doubts = this.#nameless().map(({ problem }) => problem)
    return [
      known,
      "To add one, install its package in this project (npm install), or name it under plugins in gentask.config.json.",
      ...doubts
    ].join(" ")
  }

  #nameless(): ReadonlyArray<FoundProvider> {
    return this.#project().filter(({ id }) => id === null)
  }

  #project(): ReadonlyArray<FoundProvider> {
    return (this.#ofProject ??= this.#places === undefined ? [] : providersOfProject(this.#places.folder))
  }
}
