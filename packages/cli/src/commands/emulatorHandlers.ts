/** The handlers of the commands that start an emulator, as one chunk of the bundle: see taskHandlers.ts. */
export { runDemo } from "./demo/runDemo.ts"
export { runEmulate } from "./emulate/runEmulate.ts"
