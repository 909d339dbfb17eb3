/**
 * What vendors write about failures, in English and Chinese. The text is in lower case, with spaces instead of
 * underscores and between the words of camel case.
 */

const joined = (...patterns: ReadonlyArray<RegExp>): RegExp =>
  new RegExp(patterns.map(({ source }) => `(?:${source})`).join("|"), "u")

/** A sentence about the policy of a network or a browser. */
export const technicalPolicy: RegExp = joined(
  /(?:(?:network|access|cors|firewall|bucket|iam|key|password|retention|retry|cache|rate|referrer|organi[sz]ation|tenant|admin\w*|content[\s-]security)[\s-]+(?:security[\s-]+)?|security )polic(?:y|ies)/,
  /网络(?:安全)?策略|访问策略|安全组/
)

/** Sounds like moderation, but is about access, syntax or an outage of the check. */
export const notModeration: RegExp = new RegExp(
  joined(
    // Blocked accounts and places.
    /\b(?:account|organi[sz]ation|workspace|tenant|user|api key|token|ip(?: address)?|country|region)s? (?:(?:has|have|had|was|were|is|are|been|being|temporarily|permanently|currently) )*(?:suspended|disabled|deactivated|banned|blocked|restricted|terminated|flagged|forbidden|not (?:supported|allowed))[^.;。；]*/,
    /(?:账号|账户|用户|令牌|密钥|地区|\bip)[^,，。;；]{0,8}(?:封禁|禁用|停用|冻结|受限|限制|违规|欠费)[^。;；]*/,
    // Outages of the check itself.
    /(?:moderation|safety|security|risk(?: control)?|review|copyright|antidirt|content check|content filter)(?: (?:check|service|system|server|model|api|request|call))* (?:is |was |are |has )?(?:temporarily |currently )?(?:unavailable|not available|overloaded|busy|down|timed out|time ?out|unreachable|internal error)/,
    /(?:internal )?error (?:in|of|from) (?:the )?(?:moderation|safety|review)\b[^.;。；]*/,
    /(?:fail(?:ed)?|unable|error) (?:to )?(?:call|reach|connect|request|invok)\w*(?: \w+){0,4} (?:moderation|safety|review)[^.;。；]*/,
    /(?:审核|风控|安全检测|安全检查)(?:服务|系统|接口|请求)?(?:异常|超时|不可用|繁忙|出错|维护)|审核中|等待[^,，。]{0,4}审核/,
    /(?:case|time|price|latency|accent)[\s-]*(?:in)?sensitiv\w*|大小写(?:不)?敏感|未检测到[^,，。;；]*/,
    /copyright(?: ©|\s*\(c\)|\s*\d{4})|all rights reserved/
  ).source,
  "gu"
)

/** The content rules rejected the input or the result. */
export const moderation: RegExp = joined(
  /(?:content|usage|community|safety|acceptable use)[\s-]*(?:polic|guideline|filter|check|review|moderat|restrict|violat|security|risk|safety)/,
  /moderat(?:ion|ed|or)\b|polic(?:y|ies) violation/,
  /(?:violat|contraven|breach|infring)\w*\s+(?:[\w']+\s+){0,4}(?:polic|guideline|terms|rules|standards|copyright|rights|law)/,
  /against (?:our|the|openai'?s?|google'?s?)(?: \w+){0,3} (?:polic|guideline|terms|rules)/,
  /sensitive|nsfw|\bnud(?:e|ity)\b|sexual|pornograph|\bgore\b|violen(?:ce|t)\b|hate speech|hateful|harassment|self[\s-]?harm|terroris|csam|child (?:abuse|safety)|\bunsafe\b(?! (?:url|link|redirect|header|operation))|danger(?:ous)? (?:filter|content)|explicit (?:content|material|image)/,
  /(?:prohibited|disallowed|forbidden|illegal|unlawful|unsafe|harmful|offensive|objectionable|restricted|adult|political) (?:content|material|use|word|term|image|prompt|request|topic)/,
  /(?:content|prompt|word|material)s? (?:is |are |was |were )?(?:that is )?(?:prohibited|disallowed|forbidden|illegal|unsafe|harmful|not allowed)/,
  /inappropriate(?! (?:size|format|value|parameter|ratio|resolution|type|length|duration))|not safe for work/,
  /copyright|trademark|intellectual property|likeness|third[\s-]party content|public figure|celebrit|prominent (?:person|people)|\bminors?\b(?! (?:version|update|release|change|issue|error))|real (?:person|people|human)|portrait rights?/,
  /risk (?:not pass|control|exist|detect(?:ed|ion)|rejected|check(?: did)? (?:not|fail))|exists? risk|(?:pre|post) (?:img|image|text|video|audio) risk|high[\s-]risk (?:content|prompt)/,
  /responsible ai|\brai\b|\bsafety\b(?! (?:timeout|margin|net))|(?:blocked|rejected|flagged|filtered|refused) (?:by|for|due to) (?:our |the |\w+'s )?content|\bip infring|green ?net\b|guardrail|blocklist|banned (?:word|keyword|term)|recitation/,
  /(?:prompt|content|input|output|text|image|video|audio|generation|media|message)s? (?:(?:was|were|is|are|has been|have been|got|been) )*(?:flagged|censored|blocked|filtered)/,
  /(?:input|output) data (?:is|was) blocked|(?:was|were|been|is|are) flagged|flagged (?:as|by|for)|content (?:was |is |has been )?(?:reject|refus)/,
  /敏感|违规|违禁|违法|侵犯[^,，。]{0,10}(?:权益|权利|隐私|版权|肖像)|违反[^,，。]{0,12}(?:政策|规定|规范|条款|法律|法规|准则|规则|协议|策略)|涉黄|涉政|涉暴|政治|内容不安全|不安全的?内容|不符合[^,，。]{0,8}(?:规则|规范|政策)|色情|低俗|裸露|暴力|血腥|恐怖|版权|侵权|肖像|商标|真人|未成年|名人|公众人物/,
  /(?:内容|文本|图片|图像|视频|音频|输入|输出|机器|人工|前|后|平台|未(?:能)?通过|没有通过|不通过)[^,，。]{0,6}审核|审核(?:未|不|没有|失败|拒绝|拦截)|(?:审核|机审|安全检测)[^,，。]{0,4}(?:不|未)?通过|内容安全|安全策略|安全审查|合规|(?:存在|含有?|包含|高|内容|图片|文本|输入)[^,，。]{0,4}风险|风控|屏蔽词|禁用词|不当内容|不适宜/
)

/** The account cannot pay. */
export const quota: RegExp = joined(
  /insufficient[\s-]*(?:user |account )?(?:quota|balance|credit|fund|point|token)/,
  /(?:quota|balance|credits?|funds|points) (?:is |are |has been |have been )?(?:not enough|insufficient|exhausted|exceeded|reached|used up|too low|depleted)/,
  /(?:pre consume token )?quota failed|spend(?:ing)? (?:cap|limit)|credit limit|usage limit|budget (?:is |has been )?exceeded/,
  /(?:not enough|out of|no|ran out of|run out of|lack of) (?:\w+ )?(?:quota|balance|credits?|funds|points)\b|billing (?:is )?not active|payment required|arrears|arrearage|overdue|billing (?:hard )?limit/,
  /exceed(?:ed|s)? (?:your |the )?(?:current |daily |monthly )?(?:quota|spending|budget)/,
  /余额|欠费|额度|配额|积分不足|点数不足|充值/
)

/** The model or the relay limits the rate of requests. */
export const rateLimit: RegExp = joined(
  /rate[\s-]*limit|rate quota|too many (?:concurrent )?(?:requests|tasks)|requests? per (?:second|minute|hour|day)|\bqps\b|throttl|concurren\w* (?:\w+ )*limit|api limit|resources? exhausted/,
  /限流|并发(?:数|量|限制|超限|上限|过高)|请求过多|请求过于频繁|频率/
)

const media =
  "\\b(?:input|image|img|picture|photo|file|url|https?|media|audio|asset|reference|source|resource)"

/** An input could not be downloaded or read, which may be a temporary problem of its host. */
export const unreadableInput: RegExp = joined(
  new RegExp(
    `(?:could not|couldn't|cannot|can't|failed to|fail to|unable to|error|timeout while|timed out while)\\s*(?:be )?(?:download|fetch|load|read|decod|open|access|retriev|pars)\\w*(?:(?! result| output| task)[\\s\\w'":-]){0,30}${media}`
  ),
  new RegExp(
    `${media}(?:(?!result|output|service|server)[\\s\\w'":[\\]-]){0,30}(?:could not|couldn't|cannot|can't|failed to|unable to) (?:be )?(?:download|fetch|load|read|decod|open|access|retriev)`
  ),
  new RegExp(
    `${media}s?(?:\\[\\d+\\])?(?: s3)? (?:download|fetch|decod|upload)\\w* (?:error|fail|timed out|timeout)|download url error`
  ),
  /(?:could not|cannot|can't|failed to|unable to) (?:process|identify) (?:the )?(?:input )?(?:image|img|video|audio|media)(?: file)?\b/,
  /(?:下载|读取|解析|加载|获取|访问)[^,，。]{0,6}(?:图片|图像|素材|音频|文件|链接|参考图|视频链接)[^,，。]{0,6}(?:失败|超时|错误)|(?:图片|图像|素材|音频|文件|链接|参考图)[^,，。]{0,6}(?:下载|读取|解析|加载|获取|访问)(?:失败|超时|错误)|无法(?:下载|读取|访问|解析|加载|打开|识别)|(?:图片|图像|视频|音频|素材|链接)[^,，。]{0,6}(?:已失效|已过期)/
)

const subject =
  "\\b(?:input|image|img|picture|photo|video|audio|file|url|media|prompt|text|param\\w*|argument|field|request|resolution|ratio|duration|size|format|model|option|value|reference)"

/** The request or its media is invalid. */
export const invalidInput: RegExp = joined(
  new RegExp(
    `(?:invalid|malformed|unsupported|missing|illegal|bad|incorrect|wrong|unrecognized)[\\s'"-]*(?:(?!response|output|result|upstream|signature|token|api)\\w+ )?(?:content type\\b|${subject})`
  ),
  new RegExp(
    `${subject}s?(?:(?!service|server|generation|engine)[\\s\\w'"[\\]-]){0,40} (?:is |are |was |were )?(?:invalid|malformed|unsupported|corrupt\\w*|unreadable|not (?:be )?(?:valid|supported|allowed|found|readable|accessible|reachable)|too (?:large|small|long|short|big|many|low|high)|missing|required|empty or)`
  ),
  /\b(?:size|length|dimensions?|resolution|duration|ratio|prompt|text|file|pixels|count) (?:\w+ )?(?:must|should|exceed)|must be (?:one of|between|at (?:least|most)|less|greater|smaller|larger|in the range)|invalid parameter|invalid argument|validation (?:error|failed)|duration too long|out of range/,
  /must (?:contain|include|have|provide)\b|requires? (?:an? |at least |exactly )+(?:\w+ ){0,2}(?:input|image|video|audio|prompt|reference)/,
  /no (?:human )?face|face (?:was |is )?not (?:detected|found)|未检测到/,
  /参数[^,，。]{0,8}(?:错误|无效|异常|不合法|有误|缺失|不正确|不支持)|缺少参数|(?:图片|图像|视频|音频|文件|输入|提示词|素材|链接|格式|尺寸|分辨率|比例|画幅|时长|大小)[^,，。]{0,10}(?:无效|不支持|不合法|不正确|[过太][大小长短高低]|不能为空|必须|超过|超出|损坏|为空|缺失|解码错误|格式错误|仅支持)|不支持的|模型不存在|请(?:上传|提供)[^,，。]{0,6}(?:图片|图像|视频|音频|素材)/
)

/** The vendor or the model gave up. */
export const timeout: RegExp = joined(/time[d]?[\s-]*out|deadline[\s-]*exceeded|took too long|超时/)

/** The task was stopped. */
export const canceled: RegExp = joined(/\bcancel(?:l?ed|lation)\b|aborted by (?:the )?user|取消|已终止/)

/** The vendor, or the model behind it, failed. */
export const upstream: RegExp = joined(
  /internal[\s-]*(?:server |service |system |algorithm )?(?:error|rpc|fault|failure)|(?:server|system|service|network|backend) (?:error|busy|fault|failure|exception)/,
  /upstream|unavailable|overload|saturat|heavy load|high (?:demand|load|traffic)|over capacity|no capacity|at capacity|capacity limit|bad response status|no available (?:channel|account)|(?:server|service|model|system)s? (?:is |are )?(?:currently |too )?busy|(?:try|retry)(?: again)? later|please retry|bad gateway|maintenance/,
  /connection (?:reset|refused|closed|aborted|error)|econn\w+|socket hang up|broken pipe|unexpected eof/,
  /(?:系统|服务器?|网络|模型|接口|后端|算法)(?:内部)?(?:异常|错误|繁忙|故障|超载|维护|不可用|出错)|内部错误|繁忙|稍后(?:再试|重试)|排队|资源不足|饱和|上游|负载/
)

/** A relay could not reach its upstream. The HTTP status is that of the upstream, or none of the usual ones. */
export const saturated: RegExp = joined(
  /fail(?:ed)? to fetch task|saturat|overload|heavy load|饱和|超载|繁忙/
)

/** The API key is rejected. */
export const invalidKey: RegExp = joined(
  /(?:invalid|incorrect|missing|expired|wrong|no) (?:access )?(?:token|api[\s-]?key)\b|(?:token|api[\s-]?key)\b[^.,;]{0,20}\b(?:invalid|not valid|incorrect|expired|missing|disabled)/,
  /unauthorized|unauthenticated|authentication (?:failed|required|error)/,
  /令牌|未登录|鉴权失败|认证失败|(?:api[\s-]?key|密钥)[^,，。]{0,6}(?:无效|错误|不正确|过期|不存在|失效)/
)

/** The vendor does not know the task. */
export const unknownTask: RegExp = joined(
  /\b(?:tasks?|jobs?|task ?id|record ?info|generation|prediction)\b[^.,;]{0,40}(?:not (?:be )?found|not exist|does ?n[o'’]?t exist|no longer exists|is null)/,
  /no such (?:task|job)|unknown (?:task|job)/,
  /(?:任务|记录)[^,，。]{0,8}(?:不存在|未找到|没有找到|找不到|已过期)|(?:找不到|未找到|查不到|没有找到)[^,，。]{0,6}(?:任务|记录)/
)
