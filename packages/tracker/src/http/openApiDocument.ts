import * as OpenApi from "effect/http-api/OpenApi"
import { TrackerApi } from "./TrackerApi.ts"

let document: OpenApi.OpenAPISpec | undefined

/** Returns the OpenAPI 3.1 document of the HTTP API. */
export const openApiDocument = (): OpenApi.OpenAPISpec => (document ??= OpenApi.fromApi(TrackerApi))
