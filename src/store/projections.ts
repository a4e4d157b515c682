/**
 * What an event means to the tables that are kept beside the events: the books, and the trail of
 * who did what to which issuance. The same for every implementation of the port.
 */
import type { TelegramId } from "../domain/Employee.ts"
import type { Issuance, IssuanceId, Mark } from "../domain/Issuance.ts"
import type { ProxyId } from "../domain/Proxy.ts"
import type { Booked, JournalEvent } from "./Journal.ts"

type BookChange =
  /** Takes the place of a row with that id: what the bot did itself, it knows better. */
  | { readonly _tag: "Issued"; readonly row: Booked }
  | ({ readonly _tag: "Marked"; readonly id: IssuanceId } & Pick<
      Booked,
      "status" | "auto" | "markedAt"
    >)
  | { readonly _tag: "Withdrawn"; readonly id: IssuanceId }
  | ({ readonly _tag: "Transferred"; readonly id: IssuanceId; readonly holder: TelegramId } & Pick<
      Booked,
      "stage"
    >)
  | { readonly _tag: "Reserved"; readonly proxy: ProxyId; readonly by: TelegramId }

export interface Projection {
  /** Issuances it concerns, and so whoever holds them before it. */
  readonly issuances: ReadonlyArray<string>
  /** Proxies it concerns, and so whoever reserved them last. */
  readonly proxies: ReadonlyArray<string>
  /** Who did it, or has something by it. */
  readonly people: ReadonlyArray<number>
  /** Made after the holders were asked for. */
  readonly changes: ReadonlyArray<BookChange>
}

export const projectionOf = (event: JournalEvent): Projection => {
  switch (event._tag) {
    case "Issued":
      return concerning({
        issuances: event.issuances.flatMap(({ id, replacementOf }) =>
          replacementOf === null ? [id] : [id, replacementOf],
        ),
        people: [event.request.by, ...event.issuances.map(({ holder }) => holder)],
        changes: event.issuances.map((issuance) => ({ _tag: "Issued", row: rowOf(issuance) })),
      })
    case "Withdrawn":
      return concerning({
        issuances: event.ids,
        changes: event.ids.map((id) => ({ _tag: "Withdrawn", id })),
      })
    case "Confirmed":
    case "Corrected":
      return concerning({
        issuances: [event.id],
        people: [event.mark.by],
        changes: [{ _tag: "Marked", id: event.id, ...markOf(event.mark) }],
      })
    case "Undone":
      return concerning({
        issuances: [event.id],
        people: [event.by],
        changes: [{ _tag: "Marked", id: event.id, ...markOf(null) }],
      })
    case "Transferred": {
      const { id, from, by } = event
      const { by: holder, stage } = event.request
      return concerning({
        issuances: [id],
        people: [from, by, holder],
        changes: [{ _tag: "Transferred", id, holder, stage }],
      })
    }
    case "SetAside": {
      const { id, from, by, at } = event
      // Settled, though by no status of the catalogue: it waits for nobody any more.
      const withheld = { status: "withheld", auto: false, markedAt: at }
      return concerning({
        issuances: [id],
        people: [from, by],
        changes: [{ _tag: "Marked", id, ...withheld }],
      })
    }
    case "BroughtBack": {
      const { id, to, by } = event
      return concerning({
        issuances: [id],
        people: [to, by],
        changes: [{ _tag: "Marked", id, ...markOf(null) }],
      })
    }
    case "Abandoned":
    case "Unabandoned":
    case "RewriteBegun":
      return concerning({ issuances: [event.id], people: [event.by] })
    case "ReplacementDeclined":
      return concerning({ issuances: [event.id] })
    case "DeliveryStarted":
    case "Delivered":
    case "DeliveryRefused":
    case "DeliveryUnsure":
      return concerning({ issuances: event.ids })
    case "Written":
      return concerning({ issuances: event.rows.map(({ id }) => id) })
    case "ProxiesAdded":
      return concerning({ people: event.proxies.flatMap(({ addedBy }) => addedBy ?? []) })
    case "ProxyReserved": {
      const { proxy, by } = event.reservation
      return concerning({ people: [by], changes: [{ _tag: "Reserved", proxy, by }] })
    }
    case "ProxyReleased":
    case "ProxyTaken":
      return concerning({ proxies: [event.proxy] })
    default:
      return concerning({ people: "by" in event ? [event.by] : [] })
  }
}

/** Keys under which the trail finds an event. */
export const refOfIssuance = (id: string) => `i:${id}`
export const refOfPerson = (id: number) => `u:${id}`

const concerning = (some: Partial<Projection>): Projection => ({
  issuances: [],
  proxies: [],
  people: [],
  changes: [],
  ...some,
})

const rowOf = ({ id, item, holder, stage, region, ...issuance }: Issuance): Booked => ({
  id,
  resource: item.resource,
  variant: item.variant,
  region,
  holder,
  stage,
  key: item.key,
  day: item.day,
  issuedAt: issuance.issuedAt,
  ...markOf(issuance.mark),
  replacementOf: issuance.replacementOf,
  imported: false,
})

const markOf = (mark: Mark | null): Pick<Booked, "status" | "auto" | "markedAt"> => ({
  status: mark?.status ?? null,
  auto: mark?.auto ?? false,
  markedAt: mark?.at ?? null,
})
