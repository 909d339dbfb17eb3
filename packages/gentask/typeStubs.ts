/**
 * Declarations for the few types of other packages that the declarations of core mention, by specifier. The API of the
 * bundle needs no more of them: its users have no Effect, and may pass a dispatcher of any version of undici.
 */
export const typeStubs: Readonly<Record<string, string>> = {
  "effect/Cause": "export interface Cause<out E> { readonly reasons: ReadonlyArray<{ readonly error?: E }> }",
  "effect/Context":
    "export interface ServiceClass<Self, Id extends string, Service> { new (_: never): { readonly key: Id; readonly self: Self; readonly Service: Service } }",
  "effect/Effect":
    "export interface Effect<out A, out E = never, out R = never> { readonly types: { readonly a: A; readonly e: E; readonly r: R } }",
  "effect/Exit":
    "export interface Exit<out A, out E = never> { readonly types: { readonly a: A; readonly e: E } }",
  "effect/Fiber":
    "export interface Fiber<out A, out E = never> { readonly types: { readonly a: A; readonly e: E } }",
  "effect/Layer":
    "export interface Layer<in ROut, out E = never, out RIn = never> { readonly types: { readonly out: (out: ROut) => void; readonly e: E; readonly in: RIn } }",
  "effect/Schedule":
    "export interface Schedule<out A, in I = unknown, out E = never, out R = never> { readonly types: { readonly a: A; readonly i: (i: I) => void; readonly e: E; readonly r: R } }",
  "effect/Scope": "export interface Scope { readonly strategy: string }",
  "effect/Tracer":
    "export interface AnySpan { readonly traceId: string; readonly spanId: string; readonly sampled: boolean }\nexport interface SpanLink { readonly span: AnySpan }",
  undici: `export interface Dispatcher { dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean }
export namespace Dispatcher {
  interface DispatchOptions { origin?: string | URL | undefined; path: string; method: string }
  interface DispatchHandler { onRequestStart?(...parameters: any[]): void; onResponseError?(...parameters: any[]): void }
}`
}
