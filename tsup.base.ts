/** What the published libraries' builds share: ESM with source maps; `tsc` writes the declarations. */
import type { Options } from "tsup"

export const library = (entry: Record<string, string>): Options => ({
  entry,
  format: "esm",
  target: "node22",
  platform: "node",
  sourcemap: true,
  splitting: true,
  treeshake: true,
  clean: true,
  dts: false
})
