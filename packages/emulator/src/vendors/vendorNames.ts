/** The names of all vendors and the dialects of each. Imports nothing, since the types of all other files depend on it. */

/**
 * Variants of each vendor's wire format. Without a dialect, responses look as in the vendor's document.
 *
 * - jimmy: `bare` has no `{code, msg, data}` envelope, as in older captures of the vendor's pages; `numeric-code` sends
 *   the code as a number, as the vendor's synchronous endpoint does.
 * - sora: `openai` is the hybrid form of octopusx's unified query page, whose `progress` is a string.
 * - jimeng: `volcengine` has the statuses, nulls and HTTP statuses of the origin (Volcengine, Jimeng image 4.0).
 * - aigptimage: `kie` is the related format of kie.ai: `message`, empty strings, `queuing` and `generating`.
 */
const rootDialects = {
  jimmy: ["bare", "numeric-code"],
  sora: ["openai"],
  jimeng: ["volcengine"],
  aigptimage: ["kie"]
} as const

/** The dialects of the vendors that have a module and a base URL of their own, by name. */
export const moduleDialects = {
  ark: [],
  bfl: [],
  comfyui: [],
  dashscope: [],
  fal: [],
  gemini: [],
  kling: [],
  minimax: [],
  openrouter: [],
  replicate: [],
  runway: []
} as const satisfies Readonly<Record<string, readonly string[]>>

/** Variants of each vendor's wire format, by vendor. */
export const dialects = { ...rootDialects, ...moduleDialects }

/** A vendor that has a module and the base URL `{url}/{name}`. */
export type ModuleName = keyof typeof moduleDialects

/** A vendor of the emulator's root URL: Jimmy AI, the "unified video format" of Sora relays, Jimeng, AI GPT Image. */
export type RootVendor = keyof typeof rootDialects

/** A vendor whose wire format the emulator supports. */
export type Vendor = keyof typeof dialects

/** The vendors that have a module. */
export const moduleNames = Object.keys(moduleDialects) as ModuleName[]

/** The vendors of the root URL. */
export const rootVendors = Object.keys(rootDialects) as RootVendor[]

/** The vendors whose wire formats the emulator supports. */
export const vendors: readonly Vendor[] = [...rootVendors, ...moduleNames]

/** What accepts submits: the vendors, and kie.ai, which shares its format with AI GPT Image. */
export const services: readonly (Vendor | "kie")[] = [...rootVendors, "kie", ...moduleNames]

/** A vendor that accepts submits. `kie` is kie.ai, whose tasks have the vendor `aigptimage` and the dialect `kie`. */
export type Service = (typeof services)[number]

/** The vendor whose wire format a service has. */
export const vendorOf = (service: Service): Vendor => (service === "kie" ? "aigptimage" : service)

/** A variant of a vendor's wire format; see {@link dialects}. */
export type Dialect = (typeof dialects)[Vendor][number]

/** Whether a name is that of a vendor with a module. */
export const isModuleName = (name: string | null): name is ModuleName =>
  name !== null && Object.hasOwn(moduleDialects, name)
