/** The registry of vendors that have a module. A new vendor needs an entry here and in `vendorNames.ts`. */
import { ark } from "./ark/index.ts"
import { bfl } from "./bfl/index.ts"
import { comfyui } from "./comfyui/index.ts"
import { dashscope } from "./dashscope/index.ts"
import { fal } from "./fal/index.ts"
import { gemini } from "./gemini/index.ts"
import { kling } from "./kling/index.ts"
import { minimax } from "./minimax/index.ts"
import { openrouter } from "./openrouter/index.ts"
import { replicate } from "./replicate/index.ts"
import { runway } from "./runway/index.ts"
import type { ModuleName } from "./vendorNames.ts"
import type { VendorModule } from "./VendorModule.ts"

/** The modules by name. */
export const vendorModules: Readonly<Record<ModuleName, VendorModule>> = {
  ark,
  bfl,
  comfyui,
  dashscope,
  fal,
  gemini,
  kling,
  minimax,
  openrouter,
  replicate,
  runway
}
