/** The names of a new provider in different places, derived from its id. */
export interface ProviderNames {
  /** In task refs: `my-vendor`. */
  readonly id: string
  /** The factory function: `myVendor`. */
  readonly factory: string
  /** The prefix of types: `MyVendor`. */
  readonly type: string
  /** The prefix of environment variables: `MY_VENDOR`. */
  readonly variable: string
  /** The title that users see: `My Vendor`. */
  readonly title: string
  /** The npm package. */
  readonly packageName: string
}

/** Words that cannot be the name of a factory: reserved words, and names that the template's index.ts uses. */
const reserved: ReadonlySet<string> = new Set(
  (
    "arguments await break case catch class const continue debugger default delete do else enum eval export extends " +
    "false finally for function if implements import in instanceof interface let new null package private protected " +
    "public return static super switch this throw true try typeof var void while with yield " +
    "spec day decode statuses response defineProvider providerFactory"
  ).split(" ")
)

const capitalize = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1)

/** Derives the names of a provider from an id of lowercase letters, digits and hyphens. */
export const providerNames = (id: string, packageName: string = `gentask-provider-${id}`): ProviderNames => {
  const words = id.split("-").filter((word) => word !== "")
  const type = words.map(capitalize).join("")
  const factory = type.charAt(0).toLowerCase() + type.slice(1)
  return {
    id,
    factory: reserved.has(factory) ? `${factory}Provider` : factory,
    type,
    variable: id.replaceAll("-", "_").toUpperCase(),
    title: words.map(capitalize).join(" "),
    packageName
  }
}
