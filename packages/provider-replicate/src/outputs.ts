/** The output of a prediction, which is "any JSON-serializable value, depending on the model". */
import { isOtherFile, readMedia } from "@gentask/core/provider"
import type { OutputDraft, SnapshotDraft } from "@gentask/core/provider"

/** Files are "represented as HTTPS URLs". Models of the vendor's older runtime return data URLs, too. */
const fileLink =
  /^(?:https?:\/\/|data:(?:(?:image|video|audio|model)\/[\w.+-]+|application\/octet-stream)[;,])\S+$/i

const maxDepth = 8

/** Reads a file as `readMedia` does, whatever the name of its member is. */
const readLink = (link: string, name: string): ReadonlyArray<OutputDraft> => {
  const field = { kind: "image" } as const
  const named = readMedia({ [name]: link }, field)
  return named.length > 0 ? named : readMedia(link, field)
}

const linksIn = (value: unknown, name: string, depth = 0): ReadonlyArray<readonly [string, string]> => {
  if (typeof value === "string") return fileLink.test(value.trim()) ? [[value.trim(), name]] : []
  if (typeof value !== "object" || value === null || depth > maxDepth) return []
  if (Array.isArray(value)) return value.flatMap((item) => linksIn(item, name, depth + 1))
  return Object.entries(value).flatMap(([key, member]) => linksIn(member, key, depth + 1))
}

/** Reads the media of a prediction that succeeded, and says what else its output is. */
export const readOutput = ({
  output,
  data_removed: isRemoved
}: Readonly<Record<string, unknown>>): Pick<SnapshotDraft, "outputs" | "warnings"> => {
  const links = linksIn(output, "output")
  const outputs = links.filter(([link]) => !isOtherFile(link)).flatMap(([link, name]) => readLink(link, name))
  const others = links.filter(([link]) => isOtherFile(link)).map(([link]) => link)
  const warnings = [
    ...(isRemoved === true ? ["The vendor has removed the output, which it keeps for an hour."] : []),
    ...(others.length > 0 ? [`The output has files that are no media: ${others.join(", ")}.`] : []),
    ...(typeof output === "string" && links.length === 0 ? ["The output of the model is a text."] : [])
  ]
  return warnings.length > 0 ? { outputs, warnings } : { outputs }
}
