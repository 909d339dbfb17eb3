import type { TaskStatus } from "../task/TaskStatus.ts"

const words: Readonly<Partial<Record<TaskStatus, ReadonlyArray<string>>>> = {
  queued: [
    ..."queued queue queueing queuing inqueue enqueued pending submit submitted submitting created".split(
      " "
    ),
    ..."waiting wait accepted scheduled notstart notstarted initial initialized initializing init".split(" "),
    ..."initiated new received preparing prepared staged standby".split(" "),
    ..."排队 排队中 等待 等待中 待处理 已提交".split(" ")
  ],
  running: [
    ..."running run processing process inprogress inprocess progress progressing generating".split(" "),
    ..."generation started starting start working active executing rendering synthesizing training".split(
      " "
    ),
    ..."dispatched downloading uploading postprocessing finalizing doing ongoing busy".split(" "),
    ..."处理中 生成中 进行中 运行中 执行中".split(" ")
  ],
  succeeded: [
    ..."success succeed succeeded successful successed complete completed done finish finished ok".split(" "),
    ..."成功 已完成 完成 生成成功".split(" ")
  ],
  failed: [
    ..."fail failed failure failing error errored exception rejected refused crashed moderated".split(" "),
    ..."contentmoderated requestmoderated moderationblocked blocked".split(" "),
    ..."失败 错误 生成失败 已拒绝".split(" ")
  ],
  canceled: [
    ..."cancel canceled cancelled canceling cancelling aborted abort stopped revoked terminated".split(" "),
    ..."usercanceled usercancelled 取消 已取消".split(" ")
  ],
  expired: ["expired", "expire", "timeout", "timedout", "过期", "已过期", "超时"]
}

/** Removes case, separators and enum prefixes: `TASK_STATUS_IN_PROGRESS` is `inprogress`. */
export const normalizeStatusWord = (word: string): string =>
  word
    .trim()
    .toLowerCase()
    .replace(/^(?:(?:task|job|video|image)[\s_.-]*)?(?:status|state)[\s_.:-]+/, "")
    .replace(/[\s_.:-]+/g, "")

const table: ReadonlyMap<string, TaskStatus> = new Map(
  Object.entries(words).flatMap(([status, synonyms]) =>
    synonyms.map((synonym) => [synonym, status as TaskStatus] as const)
  )
)

/**
 * Looks up words that many vendors use for a status. Case and separators are ignored.
 *
 * Undefined for other words, so that a task with an unknown status keeps being polled.
 */
export const commonStatus = (word: string): TaskStatus | undefined => table.get(normalizeStatusWord(word))
