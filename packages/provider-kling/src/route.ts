import * as z from "zod"

/** Where a model is created and queried. */
export interface Route {
  /** The path that creates the task, such as `/v1/videos/text2video` or `/text-to-video/kling-3.0`. */
  readonly createPath: string
  /** The param `path` of the ref. */
  readonly path: string
  /** The value of `model_name`, which has no place in the path. */
  readonly modelName: string | undefined
}

/** The ref param of tasks whose model is in the path: all of them are queried at `/tasks`. */
export const tasksPath = "tasks"

/** The ref param of refs without one. */
const defaultPath = "videos/text2video"

const legacyPath = /^(?:videos|images|audio)(?:\/[a-z\d]+(?:-[a-z\d]+)*){1,2}$/
const modelPath =
  /^(?!(?:v\d+|videos|images|audio|account|tasks)\/)[a-z]+(?:-[a-z\d]+)*\/[a-z\d]+(?:[.-][a-z\d]+)*$/
/** All values of `model_name` have a version. No path has the name of the vendor and a number. */
const modelName = /^(?:kling|kolors)-[a-z\d-]*\d[a-z\d-]*$/

/**
 * Returns the route of a model. Its name is the vendor's path, such as `text-to-video/kling-3.0`, or the path and the
 * value of `model_name`, such as `videos/text2video/kling-v3`.
 *
 * @returns Undefined for other names.
 */
export const routeOf = (model: string): Route | undefined => {
  if (modelPath.test(model)) return { createPath: `/${model}`, path: tasksPath, modelName: undefined }
  const separator = model.lastIndexOf("/")
  const last = model.slice(separator + 1)
  const path = modelName.test(last) ? model.slice(0, separator) : model
  if (!legacyPath.test(path)) return undefined
  return { createPath: `/v1/${path}`, path, modelName: path === model ? undefined : last }
}

/**
 * Returns the route of a model.
 *
 * @throws {Error} If the name is not that of a path.
 */
export const requireRoute = (model: string): Route => {
  const route = routeOf(model)
  if (route !== undefined) return route
  throw new Error(
    `Unknown model ${JSON.stringify(model)}: write the vendor's path, such as text-to-video/kling-3.0, or the path and model_name, such as videos/text2video/kling-v3.`
  )
}

/** The params of refs: the path that the task was created at, which the id does not contain. */
export const params = z.strictObject({
  path: z
    .string()
    .refine(
      (path) => path === tasksPath || legacyPath.test(path),
      `must be ${tasksPath}, or the path that the task was created at, such as ${defaultPath} or images/generations`
    )
    .default(defaultPath)
})

export type Params = z.infer<typeof params>
