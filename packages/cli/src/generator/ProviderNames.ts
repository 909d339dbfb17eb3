/** The names that a new provider's package needs, made of its id: in refs, in code, in variables and for people. */

/** What a new provider is called where. */
export interface ProviderNames {
  /** `my-vendor`: in task refs. */
  readonly id: string
  /** `myVendor`: the factory. */
  readonly factory: string
  /** `MyVendor`: in the names of types. */
  readonly type: string
  /** `MY_VENDOR`: in environment variables. */
  readonly variable: string
  /** `My Vendor`: for people. */
  readonly title: string
  /** The name of its npm package. */
  readonly packageName: string
}

// Words that cannot be a factory's name: JavaScript's own, and those that the template's index.ts needs.
const taken: ReadonlySet<string> = new Set(
  (
    "arguments await break case catch class const continue debugger default delete do else enum eval export extends " +
    "false finally for function if implements import in instanceof interface let new null package private protected " +
    "public return static super switch this throw true try typeof var void while with yield " +
    "spec day decode statuses response"
  ).split(" ")
)

const capitalised = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1)

/** Makes the names of an id that is made of lower-case letters, digits and hyphens. */
export const namesOf = (id: string, packageName: string = `gentask-provider-${id}`): ProviderNames => {
  const words = id.split("-").filter((word) => word !== "")
  const type = words.map(capitalised).join("")
  const factory = type.charAt(0).toLowerCase() + type.slice(1)
  return {
    id,
    factory: taken.has(factory) ? `${factory}Provider` : factory,
    type,
    variable: id.replaceAll("-", "_").toUpperCase(),
    title: words.map(capitalised).join(" "),
    packageName
  }
}
