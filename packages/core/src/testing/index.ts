/** For the tests of provider packages: the contract, exercised on recorded answers. */
export type { Interpretation } from "../engine/Interpretation.ts"
export type { RecordedAnswer } from "./Answers.ts"
export { interpretAnswer, requestOf } from "./Answers.ts"
