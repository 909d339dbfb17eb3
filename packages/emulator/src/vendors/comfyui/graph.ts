/**
 * ComfyUI's graphs in the API format, and their validation.
 *
 * Read in execution.py of ComfyUI: the types and texts of errors. Invented: which classes exist, and which create
 * videos and sounds: those whose names say so.
 */
import { isRecord } from "../../json.ts"
import type { TaskKind } from "../../TaskScript.ts"

/** A graph: nodes by their ids. */
export type Graph = Readonly<Record<string, Readonly<Record<string, unknown>>>>

/** An error of a graph. */
export interface GraphError {
  /** The error of the graph as a whole. */
  readonly error: {
    readonly type: string
    readonly message: string
    readonly details: string
    readonly extra_info: Readonly<Record<string, unknown>>
  }
  /** The errors of nodes by their ids. */
  readonly node_errors: Readonly<Record<string, unknown>>
}

const graphError = (
  type: string,
  message: string,
  details: string,
  nodeErrors: Readonly<Record<string, unknown>> = {}
): GraphError => ({ error: { type, message, details, extra_info: {} }, node_errors: nodeErrors })

const classOf = (node: unknown): string | undefined => {
  const name = isRecord(node) ? node["class_type"] : undefined
  return typeof name === "string" ? name : undefined
}

const isOutput = (name: string): boolean => /Save|Preview|Combine/.test(name)

/** The ids of the nodes that create outputs. */
export const outputNodes = (graph: Graph): string[] =>
  Object.entries(graph)
    .filter(([, node]) => isOutput(classOf(node) ?? ""))
    .map(([id]) => id)

/** The id of the only node that a link leads to, or undefined. */
const targetOf = (value: unknown): string | undefined =>
  Array.isArray(value) && value.length === 2 && typeof value[0] === "string" && typeof value[1] === "number"
    ? value[0]
    : undefined

const missingTarget = (graph: Graph): readonly [string, string] | undefined => {
  for (const [id, { inputs }] of Object.entries(graph)) {
    for (const [name, value] of Object.entries(isRecord(inputs) ? inputs : {})) {
      const target = targetOf(value)
      if (target !== undefined && !Object.hasOwn(graph, target)) return [id, name]
    }
  }
  return undefined
}

/** The graph of a request, or what is wrong with it. `files` are the names of the uploaded files. */
export const parseGraph = (prompt: unknown, files: ReadonlySet<string>): Graph | GraphError => {
  if (!isRecord(prompt)) return graphError("no_prompt", "No prompt provided", "No prompt provided")
  for (const [id, node] of Object.entries(prompt)) {
    if (classOf(node) === undefined)
      return graphError(
        "missing_node_type",
        `Node '${id}' not found. The custom node may not be installed.`,
        `Node ID '#${id}'`
      )
  }
  const graph = prompt as Graph
  if (outputNodes(graph).length === 0) return graphError("prompt_no_outputs", "Prompt has no outputs", "")
  const invalid = (id: string, type: string, message: string, details: string): GraphError =>
    graphError("prompt_outputs_failed_validation", "Prompt outputs failed validation", "", {
      [id]: {
        errors: [{ type, message, details, extra_info: {} }],
        dependent_outputs: outputNodes(graph),
        class_type: classOf(graph[id])
      }
    })
  const broken = missingTarget(graph)
  if (broken !== undefined) return invalid(broken[0], "bad_linked_input", "Bad linked input", broken[1])
  for (const [id, node] of Object.entries(graph)) {
    const image = isRecord(node["inputs"]) ? node["inputs"]["image"] : undefined
    if (classOf(node) === "LoadImage" && typeof image === "string" && !files.has(image))
      return invalid(
        id,
        "custom_validation_failed",
        "Custom validation failed for node",
        `image - Invalid image file: ${image}`
      )
  }
  return graph
}

/** What the outputs of a graph are. */
export const kindOf = (graph: Graph): TaskKind => {
  const names = outputNodes(graph).map((id) => classOf(graph[id]) ?? "")
  if (names.some((name) => /video|VHS/i.test(name))) return "video"
  return names.some((name) => /audio/i.test(name)) ? "audio" : "image"
}

/** The first text of a graph. */
export const promptOf = (graph: Graph): string | undefined => {
  const texts = Object.values(graph).map(({ inputs }) => (isRecord(inputs) ? inputs["text"] : undefined))
  return texts.find((text) => typeof text === "string")
}
