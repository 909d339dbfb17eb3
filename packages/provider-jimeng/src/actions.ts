/** The actions of the visual services. */

const version = "2022-08-31"

/** OmniHuman has actions of its own. */
const isOmniHuman = (reqKey: string): boolean => reqKey.startsWith("jimeng_realman_avatar_picture")

/** Services that respond with the result instead of a task. */
const synchronous: ReadonlySet<string> = new Set([
  "jimeng_realman_avatar_object_detection",
  "jimeng_high_aes_general_v21_L"
])

/** Returns the query of the URL that queries a task. */
export const queryAction = (reqKey: string): Record<string, string> => ({
  Action: isOmniHuman(reqKey) ? "CVGetResult" : "CVSync2AsyncGetResult",
  Version: version
})

/**
 * Returns the query of the URL that creates a task.
 *
 * @throws {Error} If the service has no tasks.
 */
export const submitAction = (reqKey: string): Record<string, string> => {
  if (synchronous.has(reqKey)) {
    throw new Error(`Invalid model "${reqKey}": the service responds with the result, and has no tasks.`)
  }
  return {
    Action: isOmniHuman(reqKey) ? "CVSubmitTask" : "CVSync2AsyncSubmitTask",
    Version: version
  }
}
