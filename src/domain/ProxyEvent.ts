/** What happened to the proxies: the journal stores these, and memory is a fold of them. */
import { Schema } from "effect"
import { VariantId } from "./Catalogue.ts"
import { Day, Moment } from "./Day.ts"
import { TelegramId } from "./Employee.ts"
import { RequestKey } from "./Issuance.ts"
import { CountryCode, Endpoint, Proxy, ProxyId, ProxyType, Release, Reservation } from "./Proxy.ts"

/** What a proxy becomes when somebody edits its row, or adds it again after its end. */
export const ProxyChange = Schema.Struct({
  id: ProxyId,
  type: ProxyType,
  endpoint: Endpoint,
  country: CountryCode,
  until: Day,
  /** Targets it was used for without the bot: these replace the former ones of that kind. */
  usedOtherwise: Schema.Array(VariantId),
  /** Whether it does not work; absent where it does. */
  broken: Schema.optionalKey(Schema.Boolean),
})
export type ProxyChange = typeof ProxyChange.Type

const proxyIds = Schema.Array(ProxyId)
const held = { proxy: ProxyId, generation: Schema.Int, at: Moment }

export const ProxyEvent = Schema.TaggedUnion({
  /** One wizard message, `request`, adds proxies at most once; `null` for rows of the tab. */
  ProxiesAdded: {
    request: Schema.NullOr(RequestKey),
    proxies: Schema.Array(Proxy),
    /** Proxies that had ended and were added again. */
    renewed: Schema.Array(ProxyChange),
    at: Moment,
  },
  /**
   * Somebody said that these logins belong to rotating gateways, so that each of their passwords is
   * a proxy of its own. A version that does not know the event may not open the journal: it would
   * take all of the sessions for one proxy.
   */
  ProxyGatewaysNamed: { gateways: Schema.Array(Schema.String), at: Moment },
  /** Somebody edited their rows. */
  ProxiesChanged: { changes: Schema.Array(ProxyChange), at: Moment },
  /**
   * What a look at the tab found: `listed` rows came into sight, `gone` rows are not there any
   * more. The tab is a new one where there are `unwritten` rows, and the bot must write them again.
   */
  ProxiesLooked: {
    listed: proxyIds,
    gone: proxyIds,
    unwritten: Schema.optionalKey(proxyIds),
    at: Moment,
  },
  ProxyReserved: { reservation: Reservation },
  /** The holder of the reservation needs more time. */
  ProxyExtended: { ...held, until: Moment },
  ProxyReleased: { ...held, reason: Release },
  ProxyTaken: held,
  /** Whoever took it gave it back within minutes: it is not used for those targets any more. */
  ProxyReturned: held,
  /** Whoever took it says that it does not work, and why; `reason` may be empty. */
  ProxyBroken: { ...held, by: TelegramId, stage: Schema.String, reason: Schema.String },
  /** The message of the reservation shows how it ended. */
  ProxyShown: held,
  ProxiesExpiryTold: { ids: proxyIds, at: Moment },
  /** Memory lets go of these old requests and of old takings; the journal keeps them. */
  ProxiesRetired: { requests: Schema.Array(RequestKey), at: Moment },
})
export type ProxyEvent = typeof ProxyEvent.Type
