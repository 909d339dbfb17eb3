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

export const hosts = "the hosts of endpoints belong to the vendor alone"
export const requirements = "requires has what the spec needs of core"
export const modelDocs = "the docs of models are https URLs"
export const operationCoverage = "every operation of the spec is recorded with its results"
export const operationKey = "no request and no result of an operation contains the API key"
export const effects = "every common input that a model supports changes its input, and no other does"
export const modelSchema = "the schema of every model is strict and accepts its common inputs"
export const files = "the files of common inputs are in the request"
export const overrides = "every member of the user's own input is sent"
export const modelNames = "every model name is encoded or rejected"
export const webhookUrl = "the URL of a webhook is sent or rejected"
export const submitLimits = "the limits of submits are positive integers"
export const sameRequest = "the same submit with the same key makes the same request"
export const idempotencyKey = "the idempotency key is sent as submit.idempotency says"
export const retries = "an undocumented error of a submit is not sent again"
export const paramEncoding = "every param of a ref is encoded or rejected"
export const canceledIds = "every id of a canceled task is encoded or rejected"
export const distinctCancels = "cancels of different tasks are different requests"
export const sentOnce = "an upload sends the file exactly once"
export const storageCredentials = "the request to a URL of the vendor's storage has no credentials"
export const fileNames = "every file name is encoded or rejected"
export const mediaTypes = "the media types of uploads are valid"
export const signedRecording = "a signed webhook request is recorded"
export const webhookKeys = "the exchange of webhook keys is pure and decodes an invalid response to an error"
export const keyExchange = "the key exchange is pure and decodes an invalid response to an error"

export const invalidShape = recorded("a response of an invalid shape has no effect, and nothing throws")
export const otherEffect = recorded("a missing or mistyped member leads to no other effect")
export const serverError = recorded("HTTP 5xx is neither a rejection nor a success")
export const queryable = recorded("the accepted tasks can be queried")
export const anyStatus = recorded("a task id is accepted with any HTTP status")
export const verifyThrows = recorded("verify never throws")
export const verifyAccepts = recorded("verify accepts the recorded request")
export const forgeries = recorded("verify rejects a changed request")
export const emptySecret = recorded("verify rejects an empty secret")
export const pureOperation = (operation: string) => recorded(`the functions of ${operation} are pure`)
