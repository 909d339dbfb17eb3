import { queryError } from "@gentask/core/provider"
import type { ProviderSpec, QueryOutcome, StatusWords } from "@gentask/core/provider"
import type { ConformanceOptions, Recording } from "@gentask/testing"
import * as z from "zod"

/** A valid provider of a vendor with an unusual format. */
export interface ValidProvider {
  /** Completes the sentence "accepts a provider …". */
  readonly feature: string
  readonly spec: ProviderSpec
  /** Recordings without source and expected result, by the file's name without `.json`. */
  readonly recordings: Readonly<Record<string, Partial<Recording> & Pick<Recording, "answer">>>
  readonly options?: ConformanceOptions
}

export const text = z.string().nullish()
export const number = z.number().nullish()
/** The link of a result. */
export const url = "https://files.vendor.example/1.png"

export const unexpected = (path: string): QueryOutcome => queryError({ _tag: "UnexpectedResponse", path })

/** A spec whose query is `GET /task?id=…`, unless `query` has another one. */
export const specWith = <Body>(
  statuses: StatusWords,
  query: Pick<ProviderSpec<any, any, Body>["query"], "decode"> & {
    readonly response: z.ZodType<Body>
    readonly request?: ProviderSpec["query"]["request"]
  },
  members: Partial<ProviderSpec> = {}
): ProviderSpec => ({
  specVersion: 1,
  id: "vendor",
  title: "Vendor",
  docs: "https://docs.vendor.example",
  examples: ["vendor:1"],
  mediaKinds: ["image"],
  statuses,
  endpoints: { main: { baseUrl: "https://api.vendor.example" } },
  query: { request: ({ id }) => ({ method: "GET", path: "/task", query: { id } }), ...query },
  ...members
})

/** The documented request of that query. */
export const request = { method: "GET", url: "https://api.vendor.example/task?id=1" } as const
