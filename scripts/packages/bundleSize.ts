import { join } from "node:path"
import { build } from "esbuild"
import type { Tarball } from "./Tarball.ts"

/**
 * Returns the size in bytes that a library adds to a bundle: its main entry, minified, with its dependencies and without
 * its peers. Bundles the build in the workspace, where the dependencies are installed.
 */
export const bundleSize = async ({ folder, manifest }: Tarball): Promise<number> => {
  const peers = Object.keys(manifest.peerDependencies ?? {})
  const { outputFiles } = await build({
    entryPoints: [join("packages", folder, "dist/index.js")],
    external: peers.flatMap((peer) => [peer, `${peer}/*`]),
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    platform: "node",
    logLevel: "error",
    legalComments: "none"
  })
  return outputFiles.reduce((sum, { contents }) => sum + contents.length, 0)
}
