/** What happened to the proxies: the journal stores these, and memory is a fold of them. */
import { Schema } from "effect"
import { VariantId } from "./Catalogue.ts"
import { Day, Moment } from "./Day.ts"
import { RequestKey } from "./Issuance.ts"
import { CountryCode, Endpoint, Proxy, ProxyId, ProxyType, Release, Reservation } from "./Proxy.ts"

/** What a proxy is now, by a hand edit of its row, or because it was added again after its end. */
export const ProxyChange = Schema.Struct({
  id: ProxyId,
  type: ProxyType,
  endpoint: Endpoint,
  country: CountryCode,
  until: Day,
  /** The uses that nobody took from the bot: these replace the former ones of that kind. */
  usedOtherwise: Schema.Array(VariantId),
})
export type ProxyChange = typeof ProxyChange.Type

const proxyIds = Schema.Array(ProxyId)
const held = { proxy: ProxyId, generation: Schema.Int, at: Moment }

export const ProxyEvent = Schema.TaggedUnion({
  /** `request`: the wizard message they were added on, at most once; `null`: rows of the tab. */
  ProxiesAdded: {
    request: Schema.NullOr(RequestKey),
    proxies: Schema.Array(Proxy),
    /** Ended ones that were added again. */
    renewed: Schema.Array(ProxyChange),
    at: Moment,
  },
  /** Somebody edited their rows. */
  ProxiesChanged: { changes: Schema.Array(ProxyChange), at: Moment },
  /**
   * A look at the tab: these rows came into sight, those are not there any more. `unwritten`:
   * the tab itself is a new one, which their rows are still to be written to.
   */
  ProxiesLooked: {
    listed: proxyIds,
    gone: proxyIds,
    unwritten: Schema.optionalKey(proxyIds),
    at: Moment,
  },
  ProxyReserved: { reservation: Reservation },
  ProxyReleased: { ...held, reason: Release },
  ProxyTaken: held,
  /** The message of the reservation shows how it ended. */
  ProxyShown: held,
  ProxiesExpiryTold: { ids: proxyIds, at: Moment },
  /** Requests and takings of long ago: memory lets go of them, the journal does not. */
  ProxiesRetired: { requests: Schema.Array(RequestKey), at: Moment },
})
export type ProxyEvent = typeof ProxyEvent.Type
