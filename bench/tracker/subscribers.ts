/** The process of the clients that read the stream of events. */
import { get } from "node:http"
import { handleRequests } from "../measure/Worker.ts"

/** Opens streams, or waits until each has received a number of events. */
export type SubscriberRequest =
  | { readonly open: number; readonly url: string; readonly token: string }
  | { readonly events: number }

const counts: Array<number> = []
let waiting: { readonly events: number; readonly done: () => void } | undefined
let complete = 0

const onEvents = (index: number, added: number): void => {
  const count = counts[index] ?? 0
  counts[index] = count + added
  if (waiting === undefined || count >= waiting.events || count + added < waiting.events) return
  complete += 1
  if (complete === counts.length) waiting.done()
}

const openStream = (url: string, token: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const index = counts.push(0) - 1
    get(`${url}/v1/events`, { agent: false, headers: { authorization: `Bearer ${token}` } }, (response) => {
      response.setEncoding("utf8")
      response.once("data", () => resolve())
      response.on("data", (text: string) => onEvents(index, text.split("\ndata: ").length - 1))
    }).on("error", reject)
  })

handleRequests<SubscriberRequest, number>(async (request) => {
  if ("open" in request) {
    await Promise.all(Array.from({ length: request.open }, () => openStream(request.url, request.token)))
    return counts.length
  }
  await new Promise<void>((done) => {
    waiting = { events: request.events, done }
    complete = counts.filter((count) => count >= request.events).length
    if (complete === counts.length) done()
  })
  return counts.length
})
