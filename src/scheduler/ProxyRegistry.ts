/**
 * Keeps the registry tab and the proxies in step: what people edit is noticed when somebody asks for
 * a proxy, else within five minutes, and what the bot has to say is written a moment after it
 * happened.
 *
 * Nobody waits for it: while Google does not answer, proxies are handed out from the journal.
 */
import { Duration, Effect, Layer, Option, PubSub } from "effect"
import type { Resource } from "../domain/Catalogue.ts"
import type { ProxyEvent } from "../domain/ProxyEvent.ts"
import { supervise } from "../observe/background.ts"
import { Proxies } from "../pool/proxies/Proxies.ts"
import { ProxyTab, type Registry } from "../sheets/ProxyTab.ts"
import { makeLooks } from "./looks.ts"
import { SheetsTrouble } from "./SheetsTrouble.ts"

/** One round with the tab, if there is a resource of proxies. Says whether it went well. */
const round = (choose: (tab: ProxyTab["Service"]) => ProxyTab["Service"]["look"]) =>
  Effect.gen(function* () {
    const proxies = yield* Proxies
    const tab = yield* ProxyTab
    const trouble = yield* SheetsTrouble
    const keep = (resource: Resource) => choose(tab)(resource, registryOf(proxies))
    return Option.isNone(proxies.resource)
      ? true
      : yield* trouble.watch("registry", keep(proxies.resource.value))
  })

/** Looks at the tab and writes what it does not say yet, also what failed before. */
export const once = round((tab) => tab.look).pipe(Effect.withSpan("ProxyRegistry.once"))

export const layer = Layer.effectDiscard(
  Effect.gen(function* () {
    const proxies = yield* Proxies
    if (Option.isNone(proxies.resource)) return
    const events = yield* proxies.events
    const news = yield* proxies.events
    const look = Effect.gen(function* () {
      yield* PubSub.takeUpTo(news, Number.POSITIVE_INFINITY)
      const isDone = yield* once
      const isEdited = (yield* PubSub.takeUpTo(news, Number.POSITIVE_INFINITY)).length > 0
      return isEdited || !isDone
    })
    yield* supervise("looks at the registry")(
      makeLooks({ look, rest: restAsked, asked: proxies.lookWanted }),
    )
    yield* PubSub.take(events).pipe(
      Effect.flatMap((event) => (isForTheTab(event) ? writeSoon(events) : Effect.void)),
      supervise("registry writes"),
    )
  }),
)

/** The tab is looked at no oftener while people ask for proxies one after the other. */
const restAsked = Duration.seconds(30)

/** How long events are gathered for one write: people take several proxies in a row. */
const gatherFor = Duration.millis(1500)

/**
 * The pause after a write, so that a busy minute takes a dozen of the fifty writes that there are.
 */
const restFor = Duration.millis(3500)

/** Gathers events, writes once, and pauses. */
const writeSoon = Effect.fnUntraced(function* (events: PubSub.Subscription<ProxyEvent>) {
  yield* Effect.sleep(gatherFor)
  yield* PubSub.takeUpTo(events, Number.POSITIVE_INFINITY)
  // A look makes up for what was not written.
  if (!(yield* round((tab) => tab.write))) yield* (yield* Proxies).wantLook
  yield* Effect.sleep(restFor)
})

/**
 * Whether the tab does not know of it yet. A look that learns something from the tab writes itself.
 */
const isForTheTab = (event: ProxyEvent) =>
  event._tag === "ProxyTaken" ||
  event._tag === "ProxyReturned" ||
  event._tag === "ProxyBroken" ||
  (event._tag === "ProxiesAdded" && (event.request !== null || event.renewed.length > 0))

const registryOf = ({ tell, registry, gateways }: Proxies["Service"]): Registry => ({
  looked: (look) => tell({ _tag: "Looked", ...look }),
  proxies: registry,
  gateways,
})
