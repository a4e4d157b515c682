/**
 * Keeps the registry tab and the proxies together: what people edit is noticed within a minute,
 * what the bot has to say is written a moment after it happened.
 *
 * Nobody waits for it: while Google does not answer, proxies are handed out from the journal.
 */
import { Duration, Effect, Layer, Option, PubSub } from "effect"
import type { Resource } from "../domain/Catalogue.ts"
import type { ProxyEvent } from "../domain/ProxyEvent.ts"
import { every, supervise } from "../observe/background.ts"
import { Proxies } from "../pool/proxies/Proxies.ts"
import { ProxyTab, type Registry } from "../sheets/ProxyTab.ts"
import { SheetsTrouble } from "./SheetsTrouble.ts"

type Round = ProxyTab["Service"]["look"]

const round = (choose: (tab: ProxyTab["Service"]) => Round) =>
  Effect.gen(function* () {
    const proxies = yield* Proxies
    const tab = yield* ProxyTab
    const trouble = yield* SheetsTrouble
    const keep = (resource: Resource) => choose(tab)(resource, registryOf(proxies))
    if (Option.isSome(proxies.resource)) {
      yield* trouble.watch("registry", keep(proxies.resource.value))
    }
  })

/** A look at the tab, and what follows from it; what failed before is made up for as well. */
export const once = round((tab) => tab.look).pipe(Effect.withSpan("ProxyRegistry.once"))

export const layer = Layer.effectDiscard(
  Effect.gen(function* () {
    const proxies = yield* Proxies
    if (Option.isNone(proxies.resource)) return
    const events = yield* proxies.events
    yield* every("registry", lookPeriod)(once)
    yield* PubSub.take(events).pipe(
      Effect.flatMap((event) => (isForTheTab(event) ? writeSoon(events) : Effect.void)),
      supervise("registry writes"),
    )
  }),
)

/** Whoever edits the tab sees within it that the bot has read it. */
const lookPeriod = Duration.minutes(1)

/** People take several in a row: what happens within it goes into one write. */
const gatherFor = Duration.millis(1500)

/** With that, busy minutes cost a dozen of the fifty writes that Google gives, not all of them. */
const restFor = Duration.millis(3500)

const writeSoon = Effect.fnUntraced(function* (events: PubSub.Subscription<ProxyEvent>) {
  yield* Effect.sleep(gatherFor)
  yield* PubSub.takeUpTo(events, Number.POSITIVE_INFINITY)
  yield* round((tab) => tab.write)
  yield* Effect.sleep(restFor)
})

/** What people changed in the tab itself was learned by a look, which writes by itself. */
const isForTheTab = (event: ProxyEvent) =>
  event._tag === "ProxyTaken" || (event._tag === "ProxiesAdded" && event.request !== null)

const registryOf = ({ tell, registry }: Proxies["Service"]): Registry => ({
  looked: (look) => tell({ _tag: "Looked", ...look }),
  proxies: registry,
})
