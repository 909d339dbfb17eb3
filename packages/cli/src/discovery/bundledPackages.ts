/** The providers that are part of the command line. `pnpm providers` writes this file. */
import type { ProviderSpec } from "@gentask/core"
import jimmy from "@gentask/provider-jimmy/package.json" with { type: "json" }
import sora from "@gentask/provider-sora/package.json" with { type: "json" }
import jimeng from "@gentask/provider-jimeng/package.json" with { type: "json" }
import aigptimage from "@gentask/provider-aigptimage/package.json" with { type: "json" }
import ark from "@gentask/provider-ark/package.json" with { type: "json" }
import bfl from "@gentask/provider-bfl/package.json" with { type: "json" }
import comfyui from "@gentask/provider-comfyui/package.json" with { type: "json" }
import dashscope from "@gentask/provider-dashscope/package.json" with { type: "json" }
import fal from "@gentask/provider-fal/package.json" with { type: "json" }
import gemini from "@gentask/provider-gemini/package.json" with { type: "json" }
import kling from "@gentask/provider-kling/package.json" with { type: "json" }
import minimax from "@gentask/provider-minimax/package.json" with { type: "json" }
import openrouter from "@gentask/provider-openrouter/package.json" with { type: "json" }
import replicate from "@gentask/provider-replicate/package.json" with { type: "json" }
import runway from "@gentask/provider-runway/package.json" with { type: "json" }

interface BundledPackage {
  /** The content of its package.json. */
  readonly manifest: {
    readonly name: string
    readonly version: string
    readonly gentask: { readonly provider: string }
  }
  readonly load: () => Promise<{ readonly default: ProviderSpec }>
}

export const bundledPackages: ReadonlyArray<BundledPackage> = [
  { manifest: jimmy, load: () => import("@gentask/provider-jimmy") },
  { manifest: sora, load: () => import("@gentask/provider-sora") },
  { manifest: jimeng, load: () => import("@gentask/provider-jimeng") },
  { manifest: aigptimage, load: () => import("@gentask/provider-aigptimage") },
  { manifest: ark, load: () => import("@gentask/provider-ark") },
  { manifest: bfl, load: () => import("@gentask/provider-bfl") },
  { manifest: comfyui, load: () => import("@gentask/provider-comfyui") },
  { manifest: dashscope, load: () => import("@gentask/provider-dashscope") },
  { manifest: fal, load: () => import("@gentask/provider-fal") },
  { manifest: gemini, load: () => import("@gentask/provider-gemini") },
  { manifest: kling, load: () => import("@gentask/provider-kling") },
  { manifest: minimax, load: () => import("@gentask/provider-minimax") },
  { manifest: openrouter, load: () => import("@gentask/provider-openrouter") },
  { manifest: replicate, load: () => import("@gentask/provider-replicate") },
  { manifest: runway, load: () => import("@gentask/provider-runway") }
]
