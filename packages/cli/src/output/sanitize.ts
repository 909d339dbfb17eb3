import { oneLine as toOneLine } from "@gentask/core/internal"
