/** What can be asked of the proxies, and how they refuse. All of it is Schema, as in Contract.ts. */
import { Schema } from "effect"
import { VariantId } from "../domain/Catalogue.ts"
import { Day } from "../domain/Day.ts"
import { TelegramId } from "../domain/Employee.ts"
import { MessageRef } from "../domain/Issuance.ts"
import { CountryCode, Endpoint, ProxyId, ProxyType, RegistryRow } from "../domain/Proxy.ts"

/** What people do. */
export const ProxyCommand = Schema.TaggedUnion({
  /** One message, one addition: asked again with the same `message`, nothing more is added. */
  Add: {
    message: MessageRef,
    type: ProxyType,
    endpoints: Schema.Array(Endpoint),
    country: CountryCode,
    /** The last day they work. */
    until: Day,
    /** What they were used for already; may be empty. */
    targets: Schema.Array(VariantId),
    by: TelegramId,
  },
  /**
   * For all of the targets at once. What the person had reserved before is released. The same
   * one again on the same message changes nothing.
   */
  Reserve: {
    proxy: ProxyId,
    targets: Schema.NonEmptyArray(VariantId),
    by: TelegramId,
    stage: Schema.String,
    message: MessageRef,
  },
  /** The reservation of that generation becomes a use for its targets. Again: changes nothing. */
  Take: { proxy: ProxyId, generation: Schema.Int, by: TelegramId },
  Cancel: { proxy: ProxyId, generation: Schema.Int, by: TelegramId },
})
export type ProxyCommand = typeof ProxyCommand.Type

/** What the machinery does. Repeating one that has taken effect changes nothing. */
export const ProxyKeeperCommand = Schema.TaggedUnion({
  /** Releases what timed out, lets go of what is long over. */
  Expire: {},
  /** All rows of the registry tab that could be read, in their order, as of one look. */
  Looked: {
    rows: Schema.Array(RegistryRow),
    /** Ids in rows that could not be read: those are neither changed nor gone. */
    unreadable: Schema.Array(ProxyId),
    /** An empty tab in the place of the former one: no row was removed, all are to be written. */
    isNewTab: Schema.optionalKey(Schema.Boolean),
  },
  Shown: { proxy: ProxyId, generation: Schema.Int },
  ExpiryTold: { ids: Schema.Array(ProxyId) },
})
export type ProxyKeeperCommand = typeof ProxyKeeperCommand.Type

/** It cannot be reserved: somebody was faster, or it is not on offer any more. */
export class ProxyUnavailable extends Schema.TaggedError<ProxyUnavailable>()("ProxyUnavailable", {
  proxy: Schema.String,
  reason: Schema.Literals(["reserved", "used", "ended", "gone"]),
}) {}

/** The reservation that the button belongs to is over, or never was this person's. */
export class ReservationOver extends Schema.TaggedError<ReservationOver>()("ReservationOver", {
  proxy: Schema.String,
  reason: Schema.Literals(["cancelled", "timedOut", "superseded", "taken", "notHolder", "unknown"]),
}) {}

export const ProxyRefusal = Schema.Union([ProxyUnavailable, ReservationOver])
export type ProxyRefusal = typeof ProxyRefusal.Type
