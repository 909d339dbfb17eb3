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
  // The packages carry their sources, which the maps lead to.
  esbuildOptions: (options) => {
    options.sourcesContent = false
  }
})
