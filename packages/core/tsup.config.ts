import { defineConfig } from "tsup"
import { library } from "../../tsup.base.ts"

export default defineConfig(
  library({
    index: "src/index.ts",
    "provider/index": "src/provider/index.ts",
    "testing/index": "src/testing/index.ts"
  })
)
