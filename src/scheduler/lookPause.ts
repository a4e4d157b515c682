/** How long to wait before the next look at tabs that people edit. */
import { Duration } from "effect"
import { sheetLooks } from "../config/Limits.ts"

/**
 * The pause after a look. What people edit comes in bursts, so it is short after a look that found
 * something new, and grows while nobody does anything: an idle night costs few requests.
 */
export const pauseAfter = (before: Duration.Duration, foundNews: boolean): Duration.Duration =>
  foundNews ? sheetLooks.first : Duration.min(Duration.times(before, 2), sheetLooks.longest)
