/** Protected ranges: parts of a sheet that a person has closed to the bot, or the bot to others. */
import { Result } from "effect"
import { areaOf, overlap, type Area } from "./A1.ts"
import {
  type Book,
  gridOf,
  type ProtectedRange,
  type Sheet,
  type Stepped,
  withSheet,
} from "./Grid.ts"
import { renderProtected } from "./Rendering.ts"
import type { Bodies } from "./Requests.ts"

/** Refuses when the bot would touch what a person has protected against it. */
export const editable = (sheet: Sheet, area: Area): Result.Result<void, string> =>
  sheet.protectedRanges.some((one) => {
    if (one.againstBot !== true || one.warningOnly === true) return false
    const closed = areaOf(sheet, one.range)
    return Result.isSuccess(closed) && overlap(closed.success, area)
  })
    ? Result.fail(protectedText)
    : Result.succeed(undefined)

/** Refuses where the area touches a table. The wording is not confirmed. */
export const outsideTables = (
  sheet: Sheet,
  area: Area,
  what: string,
): Result.Result<void, string> =>
  (sheet.tables ?? []).some(({ range }) => {
    const table = areaOf(sheet, range)
    return Result.isSuccess(table) && overlap(table.success, area)
  })
    ? Result.fail(`This operation is not supported: cannot ${what} a table.`)
    : Result.succeed(undefined)

/** All columns of some rows. */
export const wholeRows = (sheet: Sheet, top: number, bottom: number): Area => ({
  top,
  bottom,
  left: 0,
  right: sheet.columnCount,
})

export const addProtectedRange = (
  book: Book,
  { protectedRange: given = {} }: Bodies["addProtectedRange"],
): Stepped =>
  Result.gen(function* () {
    const { range, protectedRangeId, ...rest } = given
    const sheet = yield* gridOf(book, range?.sheetId)
    const ids = book.sheets.flatMap((one) => one.protectedRanges.map((r) => r.protectedRangeId))
    const id = protectedRangeId ?? Math.max(0, ...ids) + 1
    if (ids.includes(id)) {
      return yield* Result.fail(`A protected range with ID ${id} already exists.`)
    }
    const added: ProtectedRange = {
      ...rest,
      protectedRangeId: id,
      range: { ...range, sheetId: sheet.sheetId },
    }
    return {
      book: withSheet(book, { ...sheet, protectedRanges: [...sheet.protectedRanges, added] }),
      reply: { addProtectedRange: { protectedRange: renderProtected(added) } },
    }
  })

const protectedText =
  "You are trying to edit a protected cell or object. Please contact the spreadsheet owner to remove protection if you need to edit."
