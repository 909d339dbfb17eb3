import type { HttpConnection } from "./HttpConnection.ts"
import type { EndpointsClient } from "./TrackerClient.ts"

const base = "/v1/webhook-endpoints"

const pathOf = (id: string): string => `${base}/${encodeURIComponent(id)}`

/** Returns the part of the client that manages webhook endpoints. */
export const makeEndpointsClient = (connection: HttpConnection): EndpointsClient => ({
  list: (options) => connection.json({ path: base, ...options }),
  get: (id, options) => connection.json({ path: pathOf(id), ...options }),
  create: (body, options) => connection.json({ method: "POST", path: base, body, ...options }),
  update: (id, body, options) => connection.json({ method: "PATCH", path: pathOf(id), body, ...options }),
  rotate: (id, options) => connection.json({ method: "POST", path: `${pathOf(id)}/rotate`, ...options }),
  test: (id, options) => connection.json({ method: "POST", path: `${pathOf(id)}/test`, ...options }),
  replay: (id, options) => connection.json({ method: "POST", path: `${pathOf(id)}/replay`, ...options }),
  remove: async (id, options) => {
    await connection.send({ method: "DELETE", path: pathOf(id), ...options })
  }
})
