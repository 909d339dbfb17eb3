/** The attributes of spans and metrics. They contain no key, no file name and no URL. */
import type { ResolvedAccount } from "../account/ResolvedAccount.ts"
import type { OutputKind } from "../task/Output.ts"
import { attributeNames as names } from "./names.ts"

/** The values of attributes. */
export type Attributes = Readonly<Record<string, string | number>>

const outputTypes: Readonly<Record<OutputKind, string>> = {
  image: "image",
  video: "video",
  animation: "video",
  audio: "speech",
  model: "model"
}

/** The attributes of a host that a request is sent to. */
export const serverAttributes = ({ hostname, port, protocol }: URL): Attributes => {
  const defaultPort = protocol === "https:" ? 443 : 80
  return { [names.serverAddress]: hostname, [names.serverPort]: port === "" ? defaultPort : Number(port) }
}

/** The attributes of every request to an account. */
export const accountAttributes = ({ spec, name, baseUrl }: ResolvedAccount): Attributes => ({
  [names.provider]: spec.id,
  [names.account]: name,
  [names.genAiProvider]: spec.id,
  ...serverAttributes(baseUrl)
})

/** The attributes of a task. */
export const taskAttributes = (ref: string, id: string): Attributes => ({
  [names.ref]: ref,
  [names.responseId]: id
})

/** The attributes of what creates media of a kind. The conventions have no operation for images and videos. */
export const operationAttributes = (kind: OutputKind | undefined): Attributes => {
  if (kind === undefined) return { [names.genAiOperation]: "generate_media" }
  const type = outputTypes[kind]
  return { [names.genAiOperation]: `generate_${type}`, [names.outputType]: type }
}

/** The kind of media that a model creates. Undefined if the provider does not know the model. */
export const mediaKindOf = (
  { spec }: ResolvedAccount,
  model: string | null | undefined
): OutputKind | undefined => {
  const models = spec.submit?.models
  return model != null && models !== undefined && Object.hasOwn(models, model)
    ? models[model]?.mediaKind
    : undefined
}

/** The prompt of a submit, if the user has opted in by the variable of the conventions. */
export const promptAttributes = (prompt: unknown): Attributes => {
  const choice = globalThis.process?.env["OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"]?.toLowerCase()
  const isCaptured = choice === "true" || choice === "span_only" || choice === "span_and_event"
  if (!isCaptured || typeof prompt !== "string") return {}
  const messages = [{ role: "user", parts: [{ type: "text", content: prompt }] }]
  return { [names.inputMessages]: JSON.stringify(messages) }
}
