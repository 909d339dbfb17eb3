import type { Options } from "tsup"

type Plugin = NonNullable<Options["esbuildPlugins"]>[number]

/** The folder of the tracker's bundle in `dist`. */
export const trackerFolder = "tracker"

/**
 * Leaves the tracker out of the command line's bundle. It is a bundle of its own, since modules that both share would
 * contain what only the tracker needs, and every command would load that. Only plain data and promises go from one bundle
 * to the other.
 */
export const separateTracker: Plugin = {
  name: "separate-tracker",
  setup: (build) => {
    // Relative to the folder of the chunks.
    build.onResolve({ filter: /^@gentask\/tracker$/ }, () => ({
      path: `../${trackerFolder}/tracker.js`,
      external: true
    }))
  }
}
