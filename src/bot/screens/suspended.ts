/** What somebody reads whose access an admin has suspended. */
import type { Block } from "../../access/Blocks.ts"
import { type Scenery, untilText } from "../admin/stockParts.ts"
import { cut } from "./parts.ts"

/** One sentence for everything that is asked for; of a long reason as much as has room. */
export const suspendedText = (
  { until, note }: Pick<Block, "until" | "note">,
  scenery: Scenery,
  max = Number.POSITIVE_INFINITY,
): string => {
  const words = scenery.texts.blocks
  const end = until === null ? "" : untilText(until, scenery)
  const whole = words.suspended(end, note)
  return whole.length <= max
    ? whole
    : words.suspended(end, cut(note, note.length - (whole.length - max)))
}
