/** The command that goes on where one was stopped. */
import { beforeInterruption } from "./interruption.ts"
import type { Screen } from "./output/Screen.ts"
import { oneLine } from "./output/sanitise.ts"

/** Says which command goes on. */
export const sayHowToGoOn = (screen: Screen, command: string): void => {
  screen.talk(`To go on: ${oneLine(command)}`)
}

/** Says so when the process is interrupted while some of these refs are open. */
export const offerToGoOn = (
  screen: Screen,
  open: ReadonlySet<string>,
  command: (left: ReadonlyArray<string>) => string
): void => {
  beforeInterruption(() => {
    screen.close()
    if (open.size > 0) sayHowToGoOn(screen, command([...open]))
  })
}
