/** A proxy server that people hand on to each other: added once, taken for one target after another. */
import { Schema } from "effect"
import { VariantId } from "./Catalogue.ts"
import { Day, Moment } from "./Day.ts"
import { TelegramId } from "./Employee.ts"
import { MessageRef } from "./Issuance.ts"

/** Ten random characters; stands in the ID column of the registry tab and in buttons. */
export const ProxyId = Schema.String.check(Schema.isPattern(/^[0-9A-Z]{10}$/)).pipe(
  Schema.brand("ProxyId"),
)
export type ProxyId = typeof ProxyId.Type

export const ProxyType = Schema.Literals(["http", "socks5"])
export type ProxyType = typeof ProxyType.Type

/** Where it answers and how to log in. Secret. */
export const Endpoint = Schema.Struct({
  /** A host name, an IPv4 address, or an IPv6 address without brackets. */
  host: Schema.NonEmptyString,
  port: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 65_535 })),
  /** "" where the proxy asks for no login, and then so is the password. */
  user: Schema.String,
  password: Schema.String,
})
export type Endpoint = typeof Endpoint.Type

/** ISO 3166-1 alpha-2, upper case. */
export const CountryCode = Schema.String.check(Schema.isPattern(/^[A-Z]{2}$/)).pipe(
  Schema.brand("CountryCode"),
)
export type CountryCode = typeof CountryCode.Type

/** One use of a proxy. No proxy is used twice for one target. */
export const ProxyUse = Schema.Struct({
  target: VariantId,
  /** Who took it from the bot; `null`: ticked by whoever added it, or written into the tab. */
  by: Schema.NullOr(TelegramId),
  /** Work nickname of the taker; "" where `by` is null. */
  stage: Schema.String,
  at: Moment,
})
export type ProxyUse = typeof ProxyUse.Type

/** Somebody said that the proxy does not work: it is offered to nobody until that is taken back. */
export const Broken = Schema.Struct({
  /** `null`: it was written into the tab by hand. */
  by: Schema.NullOr(TelegramId),
  /** Work nickname of whoever said it; "" where `by` is null. */
  stage: Schema.String,
  /** What they wrote about it; may be empty. */
  reason: Schema.String,
  at: Moment,
})
export type Broken = typeof Broken.Type

export const Proxy = Schema.Struct({
  id: ProxyId,
  type: ProxyType,
  endpoint: Endpoint,
  country: CountryCode,
  /** The last day on which it works, to the end of that day. */
  until: Day,
  /** `null`: a row that somebody wrote into the tab. */
  addedBy: Schema.NullOr(TelegramId),
  addedAt: Moment,
  uses: Schema.Array(ProxyUse),
  /**
   * Its row in the registry tab: `unwritten`: never seen there, so the bot writes it; `listed`:
   * seen at the last look; `gone`: somebody removed the row, so it is offered to nobody.
   */
  place: Schema.Literals(["unwritten", "listed", "gone"]),
  /** Grows with every reservation: a button that carries an older one is late. */
  generation: Schema.Int,
  /** Its holders were told that it ends soon. */
  expiryTold: Schema.Boolean,
  /** Absent while it works, as far as anybody knows. */
  broken: Schema.optionalKey(Broken),
  /** Nicknames of people who gave it back: its row in the tab may still name them. */
  formerStages: Schema.optionalKey(Schema.Array(Schema.String)),
})
export type Proxy = typeof Proxy.Type

/** One proxy held for one person for a few minutes, invisible to the others. */
export const Reservation = Schema.Struct({
  proxy: ProxyId,
  generation: Schema.Int,
  targets: Schema.NonEmptyArray(VariantId),
  by: TelegramId,
  stage: Schema.String,
  /** The message that shows it, and shows afterwards what became of it. */
  message: MessageRef,
  at: Moment,
  /** The first moment at which the reservation is over. */
  until: Moment,
  /** When its end was moved, which is possible once. */
  extendedAt: Schema.optionalKey(Moment),
})
export type Reservation = typeof Reservation.Type

/** `superseded`: the same person reserved another one. `broken`: somebody said it does not work. */
export const Release = Schema.Literals(["cancelled", "timedOut", "superseded", "broken"])
export type Release = typeof Release.Type

/** A reservation that ended and whose message does not show that yet. */
export const Outcome = Schema.Struct({
  reservation: Reservation,
  /** `returned`: it was taken, and given back within minutes. */
  end: Schema.Union([Schema.Literals(["taken", "returned"]), Release]),
  at: Moment,
})
export type Outcome = typeof Outcome.Type

/** A row of the registry tab that could be read. */
export const RegistryRow = Schema.Struct({
  /** What stands in its ID cell, where that is an id. */
  id: Schema.NullOr(ProxyId),
  type: ProxyType,
  endpoint: Endpoint,
  country: CountryCode,
  until: Day,
  /** «Использован для», as far as the catalogue knows the names; `null`: the tab has no such column. */
  targets: Schema.NullOr(Schema.Array(VariantId)),
  /** The same cell says that the proxy does not work; absent where it does not. */
  broken: Schema.optionalKey(Schema.Boolean),
})
export type RegistryRow = typeof RegistryRow.Type

/**
 * Two endpoints with one key are the same proxy, whatever its password or type, unless the login is
 * one of a rotating gateway: see `identityAmong`.
 */
export const endpointKey = ({ host, port, user }: Endpoint): string =>
  JSON.stringify([hostKey(host), port, user])

/** The same with the password, which alone tells the sessions of a rotating gateway apart. */
export const sessionKey = (endpoint: Endpoint): string =>
  JSON.stringify([endpointKey(endpoint), endpoint.password])

/**
 * What tells proxies apart. `gateways` has the keys of the logins whose password names a session of
 * a rotating gateway: there, each password is a proxy of its own.
 */
export const identityAmong =
  (gateways: ReadonlySet<string>) =>
  (endpoint: Endpoint): string =>
    gateways.has(endpointKey(endpoint)) ? sessionKey(endpoint) : endpointKey(endpoint)

/** An IPv6 address has many spellings, and a URL has one of them. */
const hostKey = (host: string) => {
  const url = host.includes(":") ? URL.parse(`http://[${host}]`) : null
  return url === null ? host.toLowerCase() : url.hostname
}
