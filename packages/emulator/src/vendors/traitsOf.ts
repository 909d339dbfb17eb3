/** Looks up the defaults and the properties of any vendor. */
import type { EmulatedTask } from "../EmulatedTask.ts"
import type { MediaFormat } from "../MediaFormat.ts"
import type { TaskKind, TaskScript } from "../TaskScript.ts"
import { rootTraits } from "./rootTraits.ts"
import { isModuleName } from "./vendorNames.ts"
import type { Vendor } from "./vendorNames.ts"
import { vendorModules } from "./vendorModules.ts"
import type { VendorTraits } from "./VendorTraits.ts"

/** The defaults and the properties of a vendor. */
export const traitsOf = (vendor: Vendor): VendorTraits =>
  isModuleName(vendor) ? vendorModules[vendor].traits : rootTraits[vendor]

/** The kind of task whose default result has this format. Any other format is an image. */
const kinds: Readonly<Partial<Record<MediaFormat, TaskKind>>> = { mp4: "video", wav: "audio" }

/** What the task of a script makes. */
export const kindOf = ({ kind, vendor, media }: TaskScript): TaskKind => {
  if (kind !== undefined) return kind
  const traits = traitsOf(vendor)
  // A relay of Sora makes videos only, in whatever format the script has.
  if (vendor === "sora") return "video"
  const [first] = media ?? []
  return first === undefined ? (traits.kind ?? "image") : (kinds[first] ?? "image")
}

/** Whether the vendor returns a list of results for a task, rather than one. */
export const hasResultList = ({ vendor, kind }: Pick<EmulatedTask, "vendor" | "kind">): boolean =>
  traitsOf(vendor).hasResultList?.(kind) ?? false
