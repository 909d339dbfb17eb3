/** The HTTP methods that a provider may use. */
export type HttpMethod = "GET" | "POST" | "PUT" | "DELETE"
