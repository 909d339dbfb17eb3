import type { ProviderSpec, RequestSpec } from "@gentask/core/provider"
import { broken } from "./support/brokenOperation.ts"
import * as check from "./support/checkNames.ts"
import { testOperationDefects } from "./support/OperationDefect.ts"
import { upload } from "./support/studio.ts"

type UploadDecode = NonNullable<ProviderSpec["upload"]>["decode"]

/** Changes the outcome of an upload. */
const alterUpload =
  (
    change: (outcome: Extract<ReturnType<UploadDecode>, { readonly _tag: "SendTo" }>) => object
  ): UploadDecode =>
  (body, head, file) => {
    const outcome = upload.decode(body, head, file)
    return outcome._tag === "SendTo" ? { ...outcome, ...change(outcome) } : outcome
  }

const uploadedResult = /^uploaded\.json: the response decodes to the expected result$/
let storedKey = ""

testOperationDefects("the checks of uploads", [
  broken(
    "upload",
    "a file that is not sent",
    { decode: alterUpload(({ request: { file: _file, ...request } }) => ({ request })) },
    { [check.sentOnce]: /^The upload sends the file 0 times\./ },
    uploadedResult
  ),
  broken(
    "upload",
    "credentials at another host",
    {
      decode: alterUpload(({ request }) => ({ request: { ...request, headers: { "X-Orbit-Key": "x" } } }))
    },
    { [check.storageCredentials]: /^The request of SendTo has credentials in the header X-Orbit-Key\./ },
    uploadedResult
  ),
  broken(
    "upload",
    "a URL over http",
    {
      decode: alterUpload(({ request }) => ({
        request: { ...request, url: request.url.replace("https:", "http:") }
      }))
    },
    { [check.storageCredentials]: /^The URL of SendTo is not an absolute https URL\.$/ },
    uploadedResult
  ),
  broken(
    "upload",
    "a name that is not encoded",
    {
      request: ({ name, mediaType }) => ({
        method: "POST",
        host: "files.orbit.example",
        path: `/v1/${name}`,
        body: { name, type: mediaType }
      })
    },
    { [check.fileNames]: /^The file name "a\/b" changes the form of the request/ },
    /^uploaded\.json: the request equals/
  ),
  broken(
    "upload",
    "a file extension as a media type",
    { mediaTypes: [".png"] },
    {
      [check.mediaTypes]: /^upload\.mediaTypes has "\.png"\. Write a type such as image\/png/
    }
  ),
  broken(
    "upload",
    "the upload URL as the reference",
    {
      decode: (body: { put_url?: string; url?: string }, head, file) =>
        upload.decode({ ...body, url: body.url ?? body.put_url }, head, file)
    },
    {
      [check.otherEffect("uploaded")]:
        /member url is missing is wrong: it has the id or reference "https:\/\/storage/
    }
  ),
  {
    defect: "an API key in a body",
    spec: {
      authorize: (_, { apiKey }) => {
        storedKey = apiKey
        return { "x-orbit-key": apiKey }
      }
    },
    operations: {
      upload: {
        request: (file, settings, model) => {
          const described = upload.request(file, settings, model) as RequestSpec
          return storedKey === ""
            ? described
            : { ...described, body: { ...(described.body as object), key: storedKey } }
        }
      }
    },
    fails: { [check.operationKey]: /^uploaded\.json: the request of upload has the API key in its body/ },
    mayFail: /^uploaded\.json/
  }
])
