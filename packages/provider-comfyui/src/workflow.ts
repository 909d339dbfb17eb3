/** How the graph of a submit is found and filled. */
import { isInputFile } from "@gentask/core/provider"
import type { CommonInput, MediaInput, SubmitRequest } from "@gentask/core/provider"
import * as z from "zod"

/** A workflow in the API format: its nodes by their ids. */
export type Workflow = Readonly<Record<string, WorkflowNode>>

/** A node of a workflow. */
export interface WorkflowNode {
  /** The class of the node, such as `KSampler`. */
  readonly class_type: string
  /** The values of the node's inputs, and links to other nodes as `[id, index]`. */
  readonly inputs?: Readonly<Record<string, unknown>> | undefined
}

const node = z.looseObject({
  class_type: z.string(),
  inputs: z.record(z.string(), z.unknown()).optional()
})

const howToExport = "Export it in ComfyUI with Workflow > Export (API)"

/** A graph of the settings. */
export const workflow: z.ZodType<Workflow, Workflow> = z.record(
  z.string(),
  z.custom<WorkflowNode>(
    (value) => node.safeParse(value).success,
    `must be a node in the API format. ${howToExport}`
  )
)

type Values = Readonly<Record<string, unknown>>

const numbered = (name: string, files: ReadonlyArray<MediaInput> = []): Values =>
  Object.fromEntries(files.map((file, index) => [index === 0 ? name : `${name}${index + 1}`, file]))

/** Names the common inputs as the placeholders that they replace. */
export const toValues = ({ images, videos, audios, ...others }: CommonInput): Values => ({
  ...others,
  ...numbered("image", images),
  ...numbered("video", videos),
  ...numbered("audio", audios)
})

const isNode = (value: unknown): value is WorkflowNode => !isInputFile(value) && node.safeParse(value).success

/** Splits the input into nodes and values of placeholders. */
const splitInput = (input: Values) => {
  const members = Object.entries(input)
  return {
    nodes: Object.fromEntries(members.filter(([, value]) => isNode(value))) as Workflow,
    values: Object.fromEntries(members.filter(([, value]) => !isNode(value)))
  }
}

/** A new seed for each submit, so that the server does not return the results of an earlier one. */
const seedOf = (idempotencyKey: string): number =>
  Number.parseInt(idempotencyKey.replaceAll(/[^\da-f]/gi, "").slice(0, 12) || "0", 16)

const placeholder = /\{\{\s*(\w+)\s*\}\}/g
const onlyPlaceholder = /^\s*\{\{\s*(\w+)\s*\}\}\s*$/

/** Replaces the placeholders of a value. Text that is nothing but a placeholder becomes the value itself. */
const fill = (value: unknown, find: (name: string) => unknown): unknown => {
  if (typeof value === "string") {
    const name = onlyPlaceholder.exec(value)?.[1]
    if (name !== undefined) return find(name)
    return value.replaceAll(placeholder, (_match, each: string) => String(find(each)))
  }
  if (Array.isArray(value)) return value.map((item: unknown) => fill(item, find))
  if (typeof value !== "object" || value === null || isInputFile(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, fill(member, find)]))
}

const list = (names: Iterable<string>): string => [...names].map((name) => `{{${name}}}`).join(", ")

/**
 * Returns the graph of a submit: the nodes of the input, over those of the account's workflow with the model's name.
 *
 * @throws {Error} If there is no graph, or if its placeholders and the values do not match.
 */
export const buildGraph = (
  { model, input, idempotencyKey }: SubmitRequest,
  workflows: Readonly<Record<string, Workflow>>
): Workflow => {
  if (Array.isArray(input["nodes"]) && Array.isArray(input["links"]))
    throw new Error(`The workflow is in the format of the editor, and not in the API format. ${howToExport}`)
  const { prompt } = input
  if (typeof prompt === "object" && prompt !== null && Object.values(prompt).some(isNode))
    throw new Error(
      "The input is the body of a request. Pass its member prompt, which is the workflow, as the input."
    )
  const { nodes, values } = splitInput(input)
  const graph = { ...(Object.hasOwn(workflows, model) ? workflows[model] : {}), ...nodes }
  if (Object.keys(graph).length === 0)
    throw new Error(
      `There is no workflow ${JSON.stringify(model)}. Pass its graph as input (gentask: --input-json FILE), or set workflows in the settings of the account`
    )
  const unused = new Set(Object.keys(values))
  const missing = new Set<string>()
  const find = (name: string): unknown => {
    unused.delete(name)
    if (Object.hasOwn(values, name)) return values[name]
    if (name === "seed") return seedOf(idempotencyKey)
    missing.add(name)
    return ""
  }
  const filled = Object.fromEntries(
    Object.entries(graph).map(([id, each]) => [
      id,
      { ...each, ...(each.inputs && { inputs: fill(each.inputs, find) as WorkflowNode["inputs"] }) }
    ])
  )
  if (unused.size > 0)
    throw new Error(
      `The workflow has no ${list(unused)}. Write it into an input of a node, where the value belongs`
    )
  if (missing.size > 0) throw new Error(`The workflow has ${list(missing)}, but no value for it was given`)
  return filled
}
