import { balanceTool } from "./balance.ts"
import { cancelTool } from "./cancel.ts"
import { listTool } from "./list.ts"
import { modelsTool } from "./models.ts"
import { queryTool } from "./query.ts"
import { saveTool } from "./save.ts"
import { submitTool } from "./submit.ts"
import type { Tool } from "./Tool.ts"
import { waitTool } from "./wait.ts"

/** All tools, in the order in which clients list them. The order is stable, so that agents can cache it. */
export const tools: ReadonlyArray<Tool> = [
  modelsTool,
  submitTool,
  waitTool,
  queryTool,
  saveTool,
  listTool,
  cancelTool,
  balanceTool
]
