/**
 * What an event of the journal says in plain words. Items appear by the ids of their issuances
 * and in counts: nothing of their values, nor of what people wrote, is read here.
 */
import type { Resource } from "../../domain/Catalogue.ts"
import type { TelegramId } from "../../domain/Employee.ts"
import { PoolEvent } from "../../domain/PoolEvent.ts"
import type { ProxyEvent } from "../../domain/ProxyEvent.ts"
import type { JournalEvent } from "../../store/Journal.ts"
import { cut } from "../screens/parts.ts"
import type { Texts } from "../texts/Texts.ts"

export interface Happening {
  readonly what: string
  /** Who had it, who has it from then on, and who did it; as far as there is somebody. */
  readonly from?: TelegramId
  readonly to?: TelegramId
  readonly by?: TelegramId
  /** Issuances or proxies that it concerns. */
  readonly ids: ReadonlyArray<string>
}

/** `resource`: none where the catalogue has lost it. */
export const happeningOf = (
  event: JournalEvent,
  resource: Resource | undefined,
  texts: Texts,
): Happening => (isPoolEvent(event) ? ofItems(event, resource, texts) : ofProxies(event, texts))

const poolTags: ReadonlySet<string> = new Set(Object.keys(PoolEvent.cases))
const isPoolEvent = (event: JournalEvent): event is PoolEvent => poolTags.has(event._tag)

const ofItems = (event: PoolEvent, resource: Resource | undefined, texts: Texts): Happening => {
  const words = texts.audit.items
  switch (event._tag) {
    case "Loaded":
      return { what: loadedText(event, texts), ids: [] }
    case "Issued":
      return { what: issuedText(event, texts), to: event.request.by, ids: idsOf(event.issuances) }
    case "DeliveryStarted":
      return { what: words.deliveryStarted, ids: event.ids }
    case "Delivered":
      return { what: words.delivered, ids: event.ids }
    case "DeliveryRefused":
      return { what: words.deliveryRefused, ids: event.ids }
    case "DeliveryUnsure":
      return { what: words.deliveryUnsure, ids: event.ids }
    case "Withdrawn":
      return { what: words.withdrawn, ids: event.ids }
    case "Confirmed":
    case "Corrected":
      return { ...markOf(event, resource, texts), ids: [event.id] }
    case "Undone":
      return { what: words.undone, by: event.by, ids: [event.id] }
    case "ReplacementDeclined":
      return { what: words.declined, ids: [event.id] }
    case "Written":
      return { what: words.written(event.rows.length), ids: idsOf(event.rows) }
    case "QuarantineReported":
      return { what: words.quarantineReported(event.ids.length), ids: [] }
    case "TodayOnlySet":
      return { what: event.on ? words.todayOnly : words.anyDay, by: event.by, ids: [] }
    case "ReturnBegun":
      return {
        what: words.returnBegun(event.ids.length, tabsOf(resource)),
        ...(event.by !== undefined && { by: event.by }),
        ids: [],
      }
    case "Returned":
      return { what: words.returned(event.ids.length, tabsOf(resource)), ids: [] }
    case "Paused":
      return { what: words.paused, by: event.by, ids: [] }
    case "Resumed":
      return { what: words.resumed, by: event.by, ids: [] }
    case "Cleared":
      return { what: words.cleared(event.ids.length), by: event.by, ids: [] }
    case "Restored":
      return { what: words.restored, by: event.by, ids: [] }
    case "TrashEmptied":
      return { what: words.trashEmptied, ids: [] }
    case "SetAside":
      return { what: words.setAside, from: event.from, by: event.by, ids: [event.id] }
    case "BroughtBack":
      return { what: words.broughtBack, to: event.to, by: event.by, ids: [event.id] }
    case "Transferred": {
      const { from, request, by, id } = event
      return { what: words.transferred, from, to: request.by, by, ids: [id] }
    }
    case "RewriteBegun":
      return { what: words.rewriteBegun, by: event.by, ids: [event.id] }
    case "Abandoned":
      return { what: words.abandoned, by: event.by, ids: [event.id] }
    case "Unabandoned":
      return { what: words.unabandoned, by: event.by, ids: [event.id] }
    case "Retired":
      return { what: words.retired(event.issuances.length), ids: [] }
  }
}

const ofProxies = (event: ProxyEvent, texts: Texts): Happening => {
  const words = texts.audit.proxies
  switch (event._tag) {
    case "ProxiesAdded": {
      const by = event.proxies.find(({ addedBy }) => addedBy !== null)?.addedBy
      return {
        what: addedText(event, texts),
        ...(typeof by === "number" && { by }),
        ids: idsOf(event.proxies),
      }
    }
    case "ProxiesChanged":
      return { what: words.changed(event.changes.length), ids: idsOf(event.changes) }
    case "ProxiesLooked":
      return { what: words.looked(event.listed.length, event.gone.length), ids: event.gone }
    case "ProxyReserved": {
      const { proxy, by } = event.reservation
      return { what: words.reserved, to: by, ids: [proxy] }
    }
    case "ProxyReleased":
      return { what: words.released[event.reason], ids: [event.proxy] }
    case "ProxyTaken":
      return { what: words.taken, ids: [event.proxy] }
    case "ProxyShown":
      return { what: words.shown, ids: [event.proxy] }
    case "ProxiesExpiryTold":
      return { what: words.expiryTold(event.ids.length), ids: event.ids }
    case "ProxiesRetired":
      return { what: words.retired(event.requests.length), ids: [] }
  }
}

type Of<Tag extends JournalEvent["_tag"]> = Extract<JournalEvent, { readonly _tag: Tag }>

/** A title has up to a hundred signs. */
const tabMax = 40

const idsOf = (all: ReadonlyArray<{ readonly id: string }>) => all.map(({ id }) => id)

const tabsOf = (resource: Resource | undefined): string =>
  cut(resource?.baseTabs.map(({ title }) => title).join(", ") ?? "…", tabMax)

const loadedText = ({ items, tab, quarantined }: Of<"Loaded">, { audit }: Texts): string =>
  [
    audit.items.loaded(items.length, cut(tab, tabMax)),
    ...(quarantined.length > 0 ? [audit.items.unfit(quarantined.length)] : []),
  ].join(", ")

const issuedText = ({ request, issuances }: Of<"Issued">, { audit }: Texts): string => {
  const replaced = issuances[0]?.replacementOf ?? null
  return replaced === null
    ? audit.items.issued(issuances.length, request.region)
    : audit.items.replacement(replaced, request.region)
}

const addedText = ({ proxies, renewed }: Of<"ProxiesAdded">, { audit }: Texts): string =>
  [
    audit.proxies.added(proxies.length),
    ...(renewed.length > 0 ? [audit.proxies.renewed(renewed.length)] : []),
  ].join(", ")

/** The timer's mark stands on the name of the holder, who did nothing. */
const markOf = (
  { _tag, mark }: Of<"Confirmed" | "Corrected">,
  resource: Resource | undefined,
  texts: Texts,
): Omit<Happening, "ids"> => {
  const words = texts.audit.items
  const status = resource?.statuses.find(({ id }) => id === mark.status)
  const name = status === undefined ? mark.status : cut(texts.label(status.label), tabMax)
  if (mark.auto) return { what: words.markedItself(name), to: mark.by }
  return { what: _tag === "Corrected" ? words.corrected(name) : words.marked(name), by: mark.by }
}
