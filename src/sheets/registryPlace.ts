/**
 * Which tab of which spreadsheet the registry was in at the last look, kept in the journal.
 *
 * Rows that people remove are off the list. A tab that was deleted and made again, or another one
 * that the settings name by now, says nothing as long as it is empty: nobody removed a row there.
 */
import { Effect, Schema } from "effect"
import type { Journal } from "../store/Journal.ts"

const Place = Schema.Struct({ spreadsheet: Schema.String, sheetId: Schema.Int })
type Place = typeof Place.Type

export const makePlace = (journal: Journal["Service"], key: string) => {
  const isSame = (place: Place) =>
    Effect.map(journal.documents(kind), (all) => {
      const found = all.find((one) => one.key === key)
      // Before the first look no tab was another one.
      return found === undefined ? undefined : areSame(found.body, place)
    })

  const put = (place: Place) => journal.write([{ _tag: "DocumentPut", kind, key, body: place }])

  return { isSame, put }
}

const kind = "registry tab"

const isPlace = Schema.is(Place)

const areSame = (a: unknown, b: Place) =>
  isPlace(a) && a.spreadsheet === b.spreadsheet && a.sheetId === b.sheetId
