import type { OutputKind, OutputRole } from "../task/Output.ts"

/** What the name of a member implies about the media in it. */
export interface MediaName {
  /** `link` is a link in any form, `base64` is inline media, and `container` may contain either. */
  readonly type: "link" | "base64" | "container" | "other"
  readonly kind: OutputKind | undefined
  readonly role: OutputRole | undefined
}

/** Links that are not results: those of the task's input, and of pages and further requests. */
const foreignWords =
  /^(?:inputs?|prompt|params?|parameters?|requests?|reference|references|ref|mask|callback|webhook|notify|status|query|poll|polling|cancel|share|page|website|docs?|avatar|upload)$/

const linkWords = /^(?:urls?|uris?|hrefs?|src|links?)$/

const containerWords =
  /^(?:images?|imgs?|pictures?|photos?|videos?|audios?|musics?|outputs?|results?|data|items?|files?|media|resources?|contents?|samples?|artifacts?|assets?|creations?|works?|generations?|responses?|json)$/

const kindOf = (name: string): OutputKind | undefined => {
  if (/video|mp4|movie/.test(name)) return "video"
  if (/audio|music|sound|voice/.test(name)) return "audio"
  return /image|img|picture|photo/.test(name) ? "image" : undefined
}

const roleOf = (name: string): OutputRole | undefined => {
  if (
    /water_?mark|(?:^|_)wm(?:_|$)/.test(name) &&
    !/(?:no|non|without|un|remove|removed|free)_?water/.test(name)
  ) {
    return "watermarked"
  }
  if (/thumb|cover|poster|frame/.test(name)) return "thumbnail"
  return /preview|gif/.test(name) ? "preview" : undefined
}

const describe = (name: string): MediaName => {
  const snakeCase = name.replace(/([a-z\d])([A-Z])/g, "$1_$2").toLowerCase()
  const nameWords = snakeCase.replace("call_back", "callback").split(/[^a-z\d]+/)
  const last = nameWords.at(-1) ?? ""
  const kind = kindOf(snakeCase)
  const role = roleOf(snakeCase)
  if (nameWords.some((word) => foreignWords.test(word))) return { type: "other", kind, role }
  if (nameWords.some((word) => word === "b64" || word === "base64")) return { type: "base64", kind, role }
  if (linkWords.test(last)) return { type: "link", kind, role }
  return { type: containerWords.test(last) ? "container" : "other", kind, role }
}

/** Far more names than vendors have. The limit keeps names that a response invents from leaking memory. */
const maxCachedNames = 1000

const cache = new Map<string, MediaName>()

/** Derives from the name of a member whether it contains media, of which kind and for what. */
export const mediaName = (name: string): MediaName => {
  const cached = cache.get(name)
  if (cached !== undefined) return cached
  const described = describe(name)
  if (cache.size < maxCachedNames) cache.set(name, described)
  return described
}
