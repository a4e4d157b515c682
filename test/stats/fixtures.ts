/** Rows of the books, and a journal that counts them in the plainest way. */
import { DateTime, Effect, Layer } from "effect"
import { Settings } from "../../src/config/Settings.ts"
import type { Resource } from "../../src/domain/Catalogue.ts"
import { TelegramId } from "../../src/domain/Employee.ts"
import { shippedCatalogue } from "../../src/domain/shippedCatalogue.ts"
import { Statistics } from "../../src/stats/Statistics.ts"
import {
  type Booked,
  type BookQuery,
  Journal,
  StorageUnavailable,
} from "../../src/store/Journal.ts"

export const resourceOf = (id: string): Resource => {
  const found = shippedCatalogue.resources.find((each) => each.id === id)
  if (found === undefined) throw new Error(`no ${id}`)
  return found
}

export const anna = TelegramId.make(101)
export const boris = TelegramId.make(102)

export const aBooked = (more: Partial<Booked> = {}): Booked => ({
  id: "0123456789",
  resource: "mamba",
  variant: null,
  region: "495",
  holder: anna,
  stage: "anna",
  key: "sample@example.com",
  day: null,
  issuedAt: 0,
  status: null,
  auto: false,
  markedAt: null,
  replacementOf: null,
  imported: false,
  ...more,
})

const isAsked = (row: Booked, { resource, holder, from, to }: BookQuery) =>
  (resource === undefined || row.resource === resource) &&
  (holder === undefined || row.holder === holder) &&
  (from === undefined || row.issuedAt >= from) &&
  (to === undefined || row.issuedAt < to)

/** One tally for each row: whoever adds them up must not rely on their being grouped. */
export const booksWith = (rows: ReadonlyArray<Booked>, disk = { failing: false }) =>
  Layer.mock(Journal, {
    booked: (query, { limit }) =>
      disk.failing
        ? Effect.fail(new StorageUnavailable({ operation: "booked", cause: new Error("planted") }))
        : Effect.succeed(rows.filter((row) => isAsked(row, query)).slice(0, limit)),
    tally: (query) =>
      disk.failing
        ? Effect.fail(new StorageUnavailable({ operation: "tally", cause: new Error("planted") }))
        : Effect.succeed(
            rows
              .filter((row) => isAsked(row, query))
              .map(({ variant, region, day, status, auto, ...row }) => ({
                ...(row.comment === undefined ? {} : { comment: row.comment }),
                variant,
                region,
                day,
                status,
                auto,
                count: 1,
              })),
          ),
  })

export const statisticsOver = (
  journal: Layer.Layer<Journal>,
  zone = "Europe/Moscow",
): Layer.Layer<Statistics> =>
  Statistics.layer.pipe(
    Layer.provide(journal),
    Layer.provide(Settings.layerTest({ timezone: DateTime.zoneMakeNamedUnsafe(zone) })),
  )
