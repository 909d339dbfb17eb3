/** The vendor has a path for each family of models. */
import { defineModel } from "@gentask/core/provider"
import type { InputNames, ModelSpec } from "@gentask/core/provider"
import * as z from "zod"
import { image, orientation } from "./fields.ts"
import { fluxModels, fluxNames } from "./flux.ts"
import { imageModels, imageNames } from "./images.ts"
import { seedance25Models, seedance25Names, seedanceModels, seedanceNames } from "./seedance.ts"
import * as videos from "./videos.ts"

/** What all paths start with. */
export const prefix = "/api/open-api/v1"

/** A path for creating tasks. */
interface Route {
  /** The path below the prefix of all paths. */
  readonly path: string
  /** The collection that tasks are queried in: the param `kind` of their refs. */
  readonly kind: "image" | "video"
  /** The names of the family's models. The first route whose pattern matches is used. */
  readonly pattern: RegExp
  /** The names of common inputs for models that the table does not have. */
  readonly names: InputNames
  readonly models: Readonly<Record<string, ModelSpec & { readonly names: InputNames }>>
}

const grokNames = { prompt: "prompt", images: "images", duration: "duration" } as const

/** The field of the image is inferred from the vendor's other routes. */
const grokVideoModels = {
  "grok-imagine-video-1.5": defineModel("video", grokNames, () =>
    z.strictObject({
      prompt: z.string().min(1),
      duration: z.literal([10, 15]).optional(),
      orientation: orientation(),
      images: z.array(image()).length(1)
    })
  )
}

const routes: ReadonlyArray<Route> = [
  {
    path: "/images",
    kind: "image",
    pattern: /^(?:gpt-image|nano-banana|doubao-seedream|grok-imagine-image)/,
    names: imageNames,
    models: imageModels
  },
  {
    path: "/videos",
    kind: "video",
    pattern: /^(?:sora|openai-sora)/,
    names: videos.soraNames,
    models: videos.soraModels
  },
  {
    path: "/veo/videos",
    kind: "video",
    pattern: /^veo/,
    names: videos.veoNames,
    models: videos.veoModels
  },
  {
    path: "/gemini/omni/videos",
    kind: "video",
    pattern: /omini|omni/i,
    names: videos.omniNames,
    models: videos.omniModels
  },
  {
    path: "/seedance25/videos",
    kind: "video",
    pattern: /^seedance[-_]?2\.?5/,
    names: seedance25Names,
    models: seedance25Models
  },
  {
    path: "/seedance/videos",
    kind: "video",
    pattern: /^(?:seedance|sd2)/,
    names: seedanceNames,
    models: seedanceModels
  },
  {
    path: "/minimax/videos",
    kind: "video",
    pattern: /^minimax/,
    names: videos.referenceNames,
    models: videos.minimaxModels
  },
  {
    path: "/kling/videos",
    kind: "video",
    pattern: /^kling/i,
    names: videos.klingNames,
    models: videos.klingModels
  },
  // The fields of wan are not in the pages that were read.
  { path: "/wan/videos", kind: "video", pattern: /^wan/, names: { prompt: "prompt" }, models: {} },
  {
    path: "/grok/videos",
    kind: "video",
    pattern: /^grok-imagine-video/,
    names: grokNames,
    models: grokVideoModels
  },
  { path: "/flux3/videos", kind: "video", pattern: /^flux-?3/, names: fluxNames, models: fluxModels },
  {
    path: "/remove-subtitle/videos",
    kind: "video",
    pattern: /^video_remove_subtitle/,
    names: videos.videoOnly,
    models: videos.subtitleModels
  },
  {
    path: "/super-resolution/videos",
    kind: "video",
    pattern: /^superResolution-/,
    names: videos.videoOnly,
    models: videos.resolutionModels
  }
]

/** All models with a known input. */
export const models = {
  ...imageModels,
  ...videos.soraModels,
  ...videos.veoModels,
  ...videos.omniModels,
  ...seedance25Models,
  ...seedanceModels,
  ...videos.minimaxModels,
  ...videos.klingModels,
  ...grokVideoModels,
  ...fluxModels,
  ...videos.subtitleModels,
  ...videos.resolutionModels
}

/** Returns the route of a model. */
export const findRoute = (name: string): Route | undefined => routes.find(({ pattern }) => pattern.test(name))

/** Returns the vendor's names of the common inputs of a model. Unknown models have those of their family. */
export const namesOf = (name: string): InputNames => {
  const route = findRoute(name)
  const known = route !== undefined && Object.hasOwn(route.models, name) ? route.models[name] : undefined
  return known?.names ?? route?.names ?? {}
}
