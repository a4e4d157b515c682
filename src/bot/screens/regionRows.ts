/** The regions to choose from, a page of them, and the way to the other pages. */
import type { Region } from "../../domain/Region.ts"
import type { Action } from "../Callback.ts"
import type { Keyboard } from "../Screen.ts"
import { grid, tap } from "./parts.ts"

const regionsInRow = 4
const regionsOnPage = 40

/** A page beyond the last one shows the last: regions may have been removed meanwhile. */
export const regionRows = (
  regions: ReadonlyArray<Region>,
  page: number,
  choosing: (region: Region) => Action,
  turning: (page: number) => Action,
): Keyboard => {
  const pages = Math.max(Math.ceil(regions.length / regionsOnPage), 1)
  const shown = Math.min(page, pages - 1)
  const turn = (text: string, to: number) => (to < 0 || to >= pages ? [] : [tap(text, turning(to))])
  const here = tap(`${shown + 1}/${pages}`, { _tag: "Noop" })
  return [
    ...grid(
      regions
        .slice(shown * regionsOnPage, (shown + 1) * regionsOnPage)
        .map((region) => tap(region, choosing(region))),
      regionsInRow,
    ),
    ...(pages > 1 ? [[...turn("‹", shown - 1), here, ...turn("›", shown + 1)]] : []),
  ]
}
