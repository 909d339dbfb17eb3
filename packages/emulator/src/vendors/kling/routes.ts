/**
 * Kling AI's endpoints: create, query, list, and the resource packs.
 *
 * Documented: the paths and their fields (https://kling.ai/document-api/api/video/2-6/text-to-video,
 * https://kling.ai/document-api/api/assets/account-usage). Invented: the kind of a task by its path, the texts of
 * problems, that only a prompt or media is required, and that a second `external_task_id` is an invalid parameter.
 */
import { isRecord, parseObject } from "../../json.ts"
import { promptIn, textIn } from "../../submit/bodyFields.ts"
import type { EndpointContext, ParsedSubmit } from "../../submit/VendorEndpoint.ts"
import type { EmulatedTask } from "../../EmulatedTask.ts"
import type { TaskKind } from "../../TaskScript.ts"
import type { WireResponse } from "../../WireResponse.ts"
import { requestedMedia } from "../requestedMedia.ts"
import { parameter } from "../VendorFormat.ts"
import type { VendorContext, VendorRequest, VendorRoute } from "../VendorModule.ts"
import { invalidInput, succeed } from "./errors.ts"
import type { Sign } from "./webhooks.ts"
import { externalIdOf, legacyTaskAt, pathOf, taskAt, tasksPath } from "./tasks.ts"

type Body = Readonly<Record<string, unknown>>

const maxBodySize = 128 * 1_048_576

const kindOf = (path: string): TaskKind => {
  if (/^images\/|to-image\/|^(?:omni-)?image\//.test(path)) return "image"
  return /audio|tts/.test(path) ? "audio" : "video"
}

/** Text anywhere in `contents`, which the new design has instead of a prompt in some functions. */
const promptOf = (body: Body): { readonly prompt?: string } => {
  const contents = Array.isArray(body["contents"]) ? body["contents"].filter(isRecord) : []
  const text = contents.map((item) => textIn(item, "text")).find((each) => each !== undefined)
  return text === undefined ? promptIn(body) : { prompt: text }
}

/** The routes. */
export const routesOf = ({ links, tasks }: VendorContext, sign: Sign): readonly VendorRoute[] => {
  const isTaken = (externalId: string): boolean =>
    externalId !== "" && tasks().some((task) => externalIdOf(task) === externalId)

  const respond = (task: EmulatedTask, now: number) =>
    pathOf(task) === tasksPath ? taskAt(links, task, now) : legacyTaskAt(links, task, now)

  const parseFor =
    (path: string, model: string | undefined, optionsOf: (body: Body) => Body) =>
    ({ body: json }: VendorRequest): ParsedSubmit | { readonly rejection: WireResponse } => {
      const body = parseObject(json)
      if (body === undefined || Object.keys(body).length === 0)
        return { rejection: invalidInput("the body must be an object") }
      const options = optionsOf(body)
      const externalId = textIn(options, "external_task_id") ?? ""
      if (isTaken(externalId)) return { rejection: invalidInput("external_task_id already exists") }
      const url = textIn(options, "callback_url")
      const isLegacy = path !== tasksPath
      return {
        body,
        task: {
          kind: kindOf(isLegacy ? path : (model ?? "")),
          model: (isLegacy ? textIn(body, "model_name") : model) ?? path,
          ...promptOf(body),
          ...requestedMedia(body["n"], 9, "png"),
          data: { path, externalId, input: body }
        },
        callback:
          url === undefined
            ? undefined
            : { url, body: respond, events: ["started", "ended"], sign, attempts: 3 },
        accepted: (task) => succeed(respond(task, task.addedAt))
      }
    }

  const optionsIn = (body: Body): Body => (isRecord(body["options"]) ? body["options"] : {})

  const legacyPath = String.raw`^\/v1\/(?<path>(?:(?:videos\/avatar|images\/editing)\/[a-z\d-]+)|(?:(?:videos|images|audio)\/[a-z\d-]+))`

  const isAt =
    (path: string | undefined) =>
    (task: EmulatedTask): boolean =>
      pathOf(task) === path

  const newestFirst = (path: string | undefined): readonly EmulatedTask[] =>
    tasks().filter(isAt(path)).toReversed()

  const listLegacy = ({ params, search }: VendorRequest): WireResponse => {
    const page = Number(parameter(search, "pageNum") ?? 1)
    const size = Number(parameter(search, "pageSize") ?? 30)
    const page_ = newestFirst(params["path"]).slice((page - 1) * size, page * size)
    return succeed(page_.map((task) => legacyTaskAt(links, task, Date.now())))
  }

  const list = ({ body: json }: VendorRequest): WireResponse => {
    const body = parseObject(json) ?? {}
    const [from, to, limit = 100] = ["start_time", "end_time", "limit"].map((name) =>
      Number(body[name] ?? Number.NaN)
    )
    const found = newestFirst(tasksPath).filter(
      ({ addedAt }) => !(addedAt < (from ?? 0)) && !(addedAt > (to ?? Number.POSITIVE_INFINITY))
    )
    const size = Number.isNaN(limit) ? 100 : limit
    return succeed({
      result: found.slice(0, size).map((task) => taskAt(links, task, Date.now())),
      count: Math.min(size, found.length),
      next_cursor: found[size]?.id ?? "",
      has_more: found.length > size
    })
  }

  const packs = (_: VendorRequest, { balance: { granted, used } }: EndpointContext): WireResponse =>
    succeed({
      code: 0,
      msg: "SUCCEED",
      resource_pack_subscribe_infos: [
        {
          resource_pack_name: "Emulator",
          resource_pack_id: "emulator",
          resource_pack_type: "decreasing_total",
          total_quantity: granted,
          remaining_quantity: granted - used,
          purchase_time: 0,
          effective_time: 0,
          invalid_time: 4_102_444_800_000,
          status: "online"
        }
      ]
    })

  return [
    {
      purpose: "query",
      method: "GET",
      path: /^\/tasks$/,
      taskId: ({ search }) => {
        const externalId = parameter(search, "external_task_ids")
        return parameter(search, "task_ids") ?? tasks().find((task) => externalIdOf(task) === externalId)?.id
      },
      matchesTask: isAt(tasksPath),
      respond: (task, now) => succeed([taskAt(links, task, now)])
    },
    { purpose: "account", method: "POST", path: /^\/tasks$/, respond: list },
    { purpose: "account", method: "GET", path: /^\/account\/costs$/, respond: packs },
    {
      purpose: "submit",
      method: "POST",
      path: new RegExp(`${legacyPath}$`),
      maxBodySize,
      parse: (request) => parseFor(request.params["path"] ?? "", undefined, (body) => body)(request)
    },
    {
      purpose: "submit",
      method: "POST",
      path: /^\/(?<model>(?!v1\/)[a-z][a-z\d-]*\/[a-z\d][a-z\d.-]*)$/,
      maxBodySize,
      parse: (request) => parseFor(tasksPath, request.params["model"], optionsIn)(request)
    },
    { purpose: "account", method: "GET", path: new RegExp(`${legacyPath}$`), respond: listLegacy },
    {
      purpose: "query",
      method: "GET",
      path: new RegExp(String.raw`${legacyPath}\/(?<id>[^/]+)$`),
      // Documented: either id.
      taskId: ({ params: { id } }) => tasks().find((task) => externalIdOf(task) === id)?.id ?? id,
      matchesTask: (task, { params }) => isAt(params["path"])(task),
      respond: (task, now) => succeed(legacyTaskAt(links, task, now))
    }
  ]
}
