import type { FailureReason } from "../task/Failure.ts"

/** What a code or a message says about a failure. */
export interface FailureClass {
  readonly reason: Exclude<FailureReason, "unknown">
  /** Whether submitting the same request again may help. Undefined where the text does not tell. */
  readonly canResubmit?: boolean
}

const moderation = [
  // The policies of a network or a browser are not about content.
  /(?<!(?:security|access|cors|network|firewall|bucket)[\s_-]?)(?:content|usage|community|safety)[\s_-]*(?:polic|guideline|filter|check|review|moderat|security|restrict)/,
  /moderat(?:ion|ed)|moderator/,
  /polic(?:y|ies)[\s_-]*violat|violat\w*\s+(?:\w+\s+){0,4}(?:polic|guideline|terms|rules)/,
  /sensitive|prohibited|inappropriate|disallowed|objectionable|nsfw|nudity|\bnude\b|sexual|pornograph|gore\b|hate speech/,
  /copyright|trademark|intellectual property|likeness|third[\s-]party content|public figure|celebrit|\bminors?\b/,
  /risk[\s_]*(?:not[\s_]*pass|check|control|exist|detected)|exists?[\s_]*risk|(?:pre|post)[\s_](?:img|image|text|video|audio)[\s_]*risk/,
  /responsible ai|\brai\b|raimedia|safety (?:system|setting|reason|violation)|safety[\s_]*(?:block|reject|flag)|guardrail/,
  /flagged|blocked by|content[\s_-]*(?:was |is |has been )?(?:block|reject|refus|filter)/,
  /敏感|违规|违禁|违反|审核|涉黄|涉政|色情|低俗|暴力|血腥|版权|侵权|肖像|内容安全|安全策略|不合规|风险/
]

const quota = [
  /insufficient[\s_-]*(?:user[\s_-]*)?(?:quota|balance|credit|fund|point|token)/,
  /(?:quota|balance|credits?|funds|points)\s*(?:is |are |has been |have been )?(?:not enough|insufficient|exhausted|exceeded|used up|too low|depleted)/,
  /not enough (?:quota|balance|credit|fund|point)|out of (?:credit|quota)|no (?:credits?|balance) left|payment required|arrears|overdue|billing/,
  /(?:exceeded?|over) (?:your |the )?(?:current |daily |monthly )?(?:quota|usage limit|spending|budget)/,
  /余额|欠费|额度|配额|积分不足|点数不足|充值/
]

const timeout = [/time[d]?[\s_-]*out|deadline[\s_-]*exceeded|took too long|超时/]

const canceled = [/\bcancel(?:l?ed|lation)?\b|取消/]

const upstream = [
  /internal[\s_-]*(?:server[\s_-]*)?(?:error|rpc)|server[\s_-]*(?:error|busy)|system[\s_-]*(?:error|busy)|service[\s_-]*(?:error|unavailable|busy)/,
  /upstream|unavailable|overload|saturat|over capacity|no capacity|busy|try again|retry later|generation failed|bad gateway/,
  /系统|服务器|服务异常|繁忙|稍后|饱和|内部错误|上游/
]

const invalidInput = [
  /(?:input|image|video|audio|file|url|prompt|param\w*|argument|field|request|resolution|ratio|duration|size|format)s?[\s\w'"]{0,40}(?:invalid|malformed|unsupported|not (?:be )?(?:valid|supported|allowed|found|readable|accessible)|too (?:large|small|long|short|big|many)|missing|required|corrupt|exceed|unreadable)/,
  /(?:invalid|malformed|unsupported|missing|illegal|bad|unsupport)[\s_-]*(?:input|image|video|audio|file|url|prompt|param\w*|argument|field|request|resolution|ratio|duration|size|format|media|model|value|option)/,
  /(?:could not|couldn't|cannot|can't|failed to|fail to|unable to|error)[\s_]*(?:be )?(?:download|fetch|load|read|decode|open|access|retriev|pars|process)\w*[\s\w'"]{0,30}(?:image|video|audio|file|url|input|media|picture|resource)/,
  /(?:image|video|audio|file|url|input|media|picture)[\s\w'"]{0,30}(?:could not|couldn't|cannot|can't|failed to|unable to)\s*(?:be )?(?:download|fetch|load|read|decode|open|access|retriev)/,
  /download[\s_]*url[\s_]*error|invalid[\s_]?(?:parameter|argument)|must be|validation (?:error|failed)/,
  /参数|格式|无效|不支持|不合法|下载失败|无法下载|无法读取|尺寸|分辨率|过大|过小|过长/
]

const rules: ReadonlyArray<readonly [FailureClass, ReadonlyArray<RegExp>]> = [
  [{ reason: "moderation", canResubmit: false }, moderation],
  [{ reason: "quota" }, quota],
  [{ reason: "timeout" }, timeout],
  [{ reason: "invalid-input", canResubmit: false }, invalidInput],
  [{ reason: "canceled" }, canceled],
  [{ reason: "upstream" }, upstream]
]

/** Splits camel case, so that `OutputAudioSensitiveContentDetected` reads as words. */
const toWords = (text: string): string =>
  text
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .replace(/[_:]+/g, " ")
    .toLowerCase()

/** Text beyond this is not about the reason any more. */
const maxLength = 2000

/**
 * Classifies a vendor's failure by its code and message, in English or Chinese.
 *
 * ```ts
 * classifyFailure("CONTENT_POLICY_BLOCKED: the input was flagged")?.reason // "moderation"
 * classifyFailure("422", "The image could not be downloaded")?.reason // "invalid-input"
 * ```
 *
 * @param texts Codes and messages. Absent ones are ignored.
 * @returns Undefined if the text does not tell.
 */
export const classifyFailure = (
  ...texts: ReadonlyArray<string | number | null | undefined>
): FailureClass | undefined => {
  const raw = texts.filter((text) => text != null && text !== "").join(" ")
  if (raw === "") return undefined
  const text = toWords(raw.slice(0, maxLength))
  return rules.find(([, patterns]) => patterns.some((pattern) => pattern.test(text)))?.[0]
}
