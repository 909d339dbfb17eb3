/** The names of the checks that several tests expect to fail. */
const recorded = (statement: string) => (recording: string) => `${recording}.json: ${statement}`

export const specShape = "the spec has every member of the contract"
export const urls = "docs and base URLs are https URLs"
export const statuses = "statuses maps each word of the vendor to one status"
export const mediaKinds = "mediaKinds lists the kinds of media that tasks produce"
export const lifetimes = "resultLifetimeMs has only kinds in mediaKinds"
export const examples = "the examples are task refs of this provider whose requests can be built"
export const requestForm = "every request is a GET or a POST with an absolute path and string values"
export const settings = "the settings schema is strict and synchronous"
export const params = "the params schema is strict and synchronous"
export const folder = "the recordings folder contains recordings"
export const states =
  "the recordings show an unfinished task, a succeeded one with an output, and a failed one"
export const words = "every word of statuses is recorded with its status"
export const kinds = "the recorded results are of kinds in mediaKinds"
export const shape = "a response of an invalid shape decodes to UnexpectedResponse and nothing throws"
export const retryAfter = "Retry-After of HTTP 429 and 503 is used, in seconds and as a date"
export const apiKey = "no URL, body, snapshot or error contains the API key"
export const authorize = "authorize returns valid headers or rejects a key without quoting it"
export const pureRequest = "building a request is pure"
export const ids = "every task id is encoded or rejected"

export const httpStatus = (status: number, tag: string): string =>
  `HTTP ${status} with an empty JSON object, an HTML page or an empty body decodes to ${tag}`

export const validFile = recorded("the file is a valid recording")
export const secret = recorded("the file contains no secret")
export const buildable = recorded("the request can be built")
export const request = recorded("the request equals the documented one")
export const result = recorded("the response decodes to the expected result")
export const otherWords = recorded("its other status words decode to the same result")
export const errorCode = recorded(
  "a code that equals an HTTP error status decodes to the error of that status"
)
export const longerDelay = recorded("the longer delay of Retry-After and the body is used")
export const mutations = recorded(
  "a missing or mistyped member neither throws nor leads to another terminal status"
)
export const unknownMembers = recorded("unknown members do not change the result")
export const unknownWord = recorded("an unknown status word decodes to unknown")
export const serverErrors = recorded("the response does not end the task with HTTP 500 or 503")
export const pureDecode = recorded("decoding the response is pure")
