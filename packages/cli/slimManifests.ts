import { readFile } from "node:fs/promises"
import type { Options } from "tsup"

/** Bundles only what the command line reads of the providers' package.json files, because every command loads them. */
export const slimManifests: NonNullable<Options["esbuildPlugins"]>[number] = {
  name: "slim-manifests",
  setup: (build) => {
    build.onLoad({ filter: /\/packages\/provider-[a-z0-9-]+\/package\.json$/ }, async ({ path }) => {
      const { name, version, gentask } = JSON.parse(await readFile(path, "utf8")) as Readonly<
        Record<string, unknown>
      >
      return { contents: JSON.stringify({ name, version, gentask }), loader: "json" }
    })
  }
}
