import type { TaskStatus } from "../task/TaskStatus.ts"

/** Words without case and separators. Words that may also mean something else, such as `ready`, are missing. */
const words: Readonly<Partial<Record<TaskStatus, string>>> = {
  queued: `queued queue queueing queuing inqueue enqueued pending submit submitted submitting created waiting wait
    accepted scheduled notstart notstarted initial initialized init initiated new received preparing prepared standby
    排队 排队中 队列中 等待 等待中 待处理 已提交 已创建 准备中 未开始`,
  running: `running run initializing processing process inprogress inprocess progress progressing generating generation
    started starting start working active executing rendering synthesizing dispatched downloading uploading
    preprocessing postprocessing upscaling encoding transcoding saving retrying finalizing doing ongoing canceling cancelling
    处理中 生成中 进行中 运行中 执行中 渲染中 上传中 下载中 审核中`,
  succeeded: `success succeed succeeded successful successed complete completed done finish finished
    成功 已成功 已完成 完成 生成成功 生成完成 任务完成`,
  failed: `fail failed failure error errored exception rejected refused crashed moderated contentmoderated
    requestmoderated moderationblocked createfailed createtaskfailed submitfailed generatefailed
    generationfailed processfailed
    失败 错误 生成失败 任务失败 处理失败 执行失败 已拒绝 审核失败 审核不通过`,
  canceled: `cancel canceled cancelled aborted abort stopped revoked terminated usercanceled usercancelled
    取消 已取消 用户取消 已终止`,
  expired: "expired expire timeout timedout 过期 已过期 超时 已超时"
}

/** Removes case and separators: `In-Progress` is `inprogress`. Not those of a number: `-1` is not `1`. */
export const foldWord = (word: string): string => {
  const folded = word.trim().toLowerCase()
  return /^[-+]?[\d.]+$/.test(folded) ? folded : folded.replace(/[\s_.:-]+/g, "")
}

/** Removes case, separators and the prefix of an enum: `TASK_STATUS_IN_PROGRESS` is `inprogress`. */
const normalizeStatusWord = (word: string): string =>
  foldWord(
    word
      .trim()
      .toLowerCase()
      .replace(/^(?:(?:task|job)[\s_.-]+)?(?:(?:status|state)[\s_.:-]+)?/, "")
  )

const statuses: ReadonlyMap<string, TaskStatus> = new Map(
  Object.entries(words).flatMap(([status, text]) =>
    text.split(/\s+/).map((word) => [word, status as TaskStatus] as const)
  )
)

/**
 * Looks up a word that many vendors use for a status, in English or Chinese. Case, separators and prefixes such as
 * `TASK_STATUS_` are ignored.
 *
 * ```ts
 * commonStatus("TASK_STATUS_IN_PROGRESS") // "running"
 * commonStatus("unheard-of") // undefined
 * ```
 *
 * @param word The vendor's word.
 * @returns Undefined for other words, so that a task with an unknown status keeps being polled.
 */
export const commonStatus = (word: string): TaskStatus | undefined => statuses.get(normalizeStatusWord(word))
