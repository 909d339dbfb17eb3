import { listen } from "./listen.ts"

/**
 * Starts a vendor in Jimmy's format. The task `hangs` gets no response, `done` has succeeded with a file that never ends,
 * and every other task is running.
 */
export const startHangingVendor = async () => {
  const paths: Array<string> = []
  const server = await listen((request, response) => {
    const { url = "" } = request
    paths.push(url)
    if (url.endsWith("/hangs")) return
    if (url === "/file.png") {
      response.writeHead(200, { "content-type": "image/png", "content-length": "100000", etag: '"1"' })
      response.write(Buffer.alloc(50_000))
      return
    }
    const isDone = url.endsWith("/done")
    const result = isDone ? { image_url: `http://${request.headers.host}/file.png` } : {}
    const data = { task_id: "1", status: isDone ? "completed" : "processing", progress: 50, result }
    response.setHeader("content-type", "application/json")
    response.end(JSON.stringify({ code: "20000", msg: "ok", data }))
  })
  return {
    ...server,
    /** The options of an account at this vendor. */
    options: { apiKey: "sk-abort", baseUrl: server.baseUrl },
    /** The paths of all requests so far. */
    paths
  }
}
