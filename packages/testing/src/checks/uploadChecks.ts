/** Checks that a file is sent once, and without credentials to other hosts. */
import { authHeaders, resolveRequest } from "@gentask/core/internal"
import { isEmbeddedFile, isInputFile } from "@gentask/core/provider"
import type { RequestBody } from "@gentask/core/provider"
import type { Check } from "../Check.ts"
import { fail } from "../ConformanceError.ts"
import { inputFile, mapValues } from "../operations/buildSubmit.ts"
import { openCase } from "../operations/openCase.ts"
import type { OpenCase } from "../operations/openCase.ts"
import type { OperationCase, OperationContext } from "../operations/OperationContext.ts"
import { toBuiltRequest } from "./toBuiltRequest.ts"
import { containsKey } from "./apiKeyChecks.ts"
import { checkForm, unusualIds } from "./unusualIds.ts"

const countFiles = ({ body, multipart = [], file }: RequestBody): number => {
  let count = 0
  mapValues([body, multipart, file], (value) => {
    if (!isEmbeddedFile(value) && !isInputFile(value)) return undefined
    count += 1
    return value
  })
  return count
}

const checkSent = (context: OperationContext, recorded: OperationCase): void => {
  const { spec, decode } = openCase(context, recorded)
  const outcome = decode(recorded.response)
  const further = outcome._tag === "SendTo" ? countFiles(outcome.request) : 0
  if (outcome._tag !== "SendTo" && outcome._tag !== "Uploaded") return
  const count = countFiles(spec ?? {}) + further
  if (count !== 1) {
    fail(
      `The upload sends the file ${count} times. Put it into the request, or into the request of SendTo, as multipart, file or embedFile.`
    )
  }
}

/** Headers that carry credentials, besides those of `authorize`. */
const credentialHeaders = ["authorization", "cookie", "x-api-key", "api-key", "proxy-authorization"]

const authorizationNames = ({ account, spec }: OpenCase): ReadonlyArray<string> => {
  try {
    const { method = "GET", path = "/", query, host } = spec ?? {}
    const { request } = resolveRequest(account, { method, path, query, host })
    return Object.keys(authHeaders(account, request, new Date(0))).map((name) => name.toLowerCase())
  } catch {
    return []
  }
}

const checkCredentials = (context: OperationContext, recorded: OperationCase): void => {
  const opened = openCase(context, recorded)
  // Signs first, because a provider that stores the key leaks it in later calls.
  const names = new Set([...credentialHeaders, ...authorizationNames(opened)])
  const outcome = opened.decode(recorded.response)
  if (outcome._tag !== "SendTo") return
  const { url, headers = {} } = outcome.request
  if (URL.parse(url)?.protocol !== "https:") fail("The URL of SendTo is not an absolute https URL.")
  const header = Object.keys(headers).find((name) => names.has(name.toLowerCase()))
  if (header !== undefined || containsKey(JSON.stringify(outcome.request), context.apiKey)) {
    fail(
      `The request of SendTo has credentials${header === undefined ? "" : ` in the header ${header}`}. It goes to a URL that the vendor returned: send only what the URL needs.`
    )
  }
}

const checkNames = (context: OperationContext, recorded: OperationCase): void => {
  const { upload } = context.spec
  const { account } = openCase(context, recorded)
  const { file = "", mediaType, size, model = "model-1" } = recorded.recording.upload ?? {}
  const build = (name: string) =>
    toBuiltRequest(account, () => upload?.request(inputFile(name, mediaType, size), account.settings, model))
  const original = build(file)
  if (original !== undefined) checkForm(build, original, unusualIds, { name: "file name" })
}

const checkTypes = ({ spec: { upload } }: OperationContext): void => {
  const invalid = upload?.mediaTypes?.find((type) => !/^[a-z]+\/([a-z0-9.+-]+|\*)$/.test(type))
  if (invalid !== undefined) {
    fail(`upload.mediaTypes has ${JSON.stringify(invalid)}. Write a type such as image/png or image/*.`)
  }
}

/** The checks of uploads. */
export const uploadChecks = (context: OperationContext): ReadonlyArray<Check> => {
  if (context.spec.upload === undefined) return []
  const uploads = context.cases.filter(({ operation }) => operation === "upload")
  const forEach = (check: (recorded: OperationCase) => void) => () => uploads.forEach(check)
  return [
    {
      name: "an upload sends the file exactly once",
      run: forEach((recorded) => checkSent(context, recorded))
    },
    {
      name: "the request to a URL of the vendor's storage has no credentials",
      run: forEach((recorded) => checkCredentials(context, recorded))
    },
    {
      name: "every file name is encoded or rejected",
      run: forEach((recorded) => checkNames(context, recorded))
    },
    { name: "the media types of uploads are valid", run: () => checkTypes(context) }
  ]
}
