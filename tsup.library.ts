/** How the published libraries are built: ESM with source maps; `tsc` writes the declarations. */
import { defineConfig } from "tsup"

export default defineConfig({
  format: "esm",
  target: "node22",
  platform: "node",
  sourcemap: true,
  splitting: true,
  treeshake: true,
  clean: true,
  dts: false,
  // Other runtimes than Node, and bundlers for them, know its modules only by their `node:` names.
  removeNodeProtocol: false,
  // The packages carry their sources, which the maps lead to.
  esbuildOptions: (options) => {
    options.sourcesContent = false
  }
})
