/**
 * Messages that must be drawn again because of a decision of somebody else. Which they are is on the
 * disk from one write with the decision: a kill right behind it delays the drawing and does not lose
 * it. An edit that is repeated shows nothing twice.
 */
import { Context, Effect, Layer, Schema } from "effect"
import { redeliveryPeriod } from "../config/Limits.ts"
import { ResourceId } from "../domain/Catalogue.ts"
import { RequestKey } from "../domain/Issuance.ts"
import { every } from "../observe/background.ts"
import { Journal, type Write } from "../store/Journal.ts"
import { Deliveries } from "./Deliveries.ts"

/** The batch that the message shows. */
const Batch = Schema.Struct({ resource: ResourceId, request: RequestKey })
type Batch = typeof Batch.Type

export class Redraws extends Context.Service<
  Redraws,
  {
    /** To be written together with the decision. */
    write(batch: Batch): Write
    /** Draws what is on the disk, and forgets what Telegram has shown. */
    readonly drawDue: Effect.Effect<void>
  }
>()("account-bot/bot/Redraws") {
  static readonly layer = Layer.effect(
    Redraws,
    Effect.gen(function* () {
      const journal = yield* Journal
      const deliveries = yield* Deliveries
      /** Drawn, or being drawn by Deliveries, which goes on until it can. */
      const asked = new Set<string>()

      const drawDue = Effect.gen(function* () {
        const all = yield* journal.documents(kind)
        for (const { key, body } of all) {
          if (asked.has(key)) continue
          asked.add(key)
          const batch = yield* Effect.option(decode(body))
          if (batch._tag === "Some") {
            yield* deliveries.show(batch.value.resource, batch.value.request)
          }
        }
        if (all.length === 0 || (yield* deliveries.isBehind)) return
        yield* journal.write(all.map(({ key }) => ({ _tag: "DocumentRemoved", kind, key })))
        for (const { key } of all) asked.delete(key)
      }).pipe(
        Effect.catchTag("StorageUnavailable", ({ message }) => Effect.logDebug(message)),
        Effect.withSpan("Redraws.drawDue"),
      )

      return Redraws.of({
        write: (batch) => ({ _tag: "DocumentPut", kind, key: batch.request, body: batch }),
        drawDue,
      })
    }),
  )

  static readonly layerLoop = Layer.effectDiscard(
    Redraws.use(({ drawDue }) => every("redraws", redeliveryPeriod)(drawDue)),
  )
}

const kind = "redraw"
const decode = Schema.decodeUnknownEffect(Batch)
