/**
 * A proxy as people write it down: `host:port:user:password`, or `host:port` where it asks for
 * no login.
 *
 * The first three colons split it, so a password may hold colons; an IPv6 address stands in
 * brackets. What cannot be read without guessing is a fault, never a corrected line.
 */
import { Result } from "effect"
import { ends } from "./masks.ts"
import { type Endpoint, type ProxyType, sessionKey } from "./Proxy.ts"

type LineFault =
  /** No colon at all. */
  | "tooFewParts"
  | "host"
  | "port"
  /** A user without a password. A password that is empty on purpose ends the line with a colon. */
  | "noPassword"
  /** An IPv6 address without brackets, or brackets around something else. */
  | "brackets"
  /** `http://` or the like in front; people choose the type separately. */
  | "scheme"
  | "tooLong"
  /** Characters that nobody sees, or half of a character. */
  | "unprintable"

/** Longer than any login in use; SOCKS5 itself stops at 255 bytes each. */
export const lineLengthMax = 1000

export const parseProxyLine = (text: string): Result.Result<Endpoint, LineFault> => {
  const line = text.trim()
  if (line.length > lineLengthMax) return Result.fail("tooLong")
  if (unseen.test(line)) return Result.fail("unprintable")
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(line)) return Result.fail("scheme")
  const [host, rest] = line.startsWith("[") ? bracketed(line) : splitOnce(line)
  if (host === undefined) return Result.fail("brackets")
  if (rest === undefined) return Result.fail("tooFewParts")
  const [port, login] = splitOnce(rest)
  const fault = !line.startsWith("[") && !isHost(host) ? "host" : isPort(port) ? undefined : "port"
  if (fault !== undefined) return Result.fail(isIpv6(line) ? "brackets" : fault)
  const at = { host, port: Number(port) }
  if (login === undefined) return Result.succeed({ ...at, user: "", password: "" })
  const [user, password] = splitOnce(login)
  return password === undefined
    ? Result.fail("noPassword")
    : Result.succeed({ ...at, user, password })
}

export const formatProxyLine = (endpoint: Endpoint): string => {
  const { user, password } = endpoint
  const at = `${hostInUrl(endpoint)}:${endpoint.port}`
  return user === "" && password === "" ? at : `${at}:${user}:${password}`
}

interface ProxyText {
  readonly good: ReadonlyArray<Line & { readonly endpoint: Endpoint }>
  readonly bad: ReadonlyArray<Line & { readonly reason: BadLine }>
}

interface Line {
  readonly number: number
  /** As it was sent. */
  readonly text: string
}

export type BadLine =
  | LineFault
  /** An address without a port, in a line that has a login. */
  | "noPort"
  | "repeated"
  /** A space where it may end the password as well as belong to it. */
  | "space"
  /** More stands behind the password, and it is no comment. */
  | "extra"
  /** Two proxies stand in one line. */
  | "several"
  /** A name in place of the address, and an address where the login should be. */
  | "order"
  /** It can be read in two ways. */
  | "ambiguous"
  /** It begins with another type than the one that was chosen. */
  | "otherType"

/**
 * Reads a line that somebody pasted: as people write proxies down, with the parts in another order
 * or between other signs where that can mean one thing only, and with a comment behind `#`.
 *
 * A line that cannot be read is refused for what is wrong in the form that it is nearest to.
 */
export const parsePastedLine = (
  text: string,
  type: ProxyType | null,
): Result.Result<Endpoint, BadLine> => {
  const trimmed = text.trim()
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(trimmed)?.[1]
  const typed = scheme === undefined ? type : typeOf(scheme)
  if (scheme !== undefined && typed === undefined) return Result.fail("scheme")
  if (type !== null && typed !== type) return Result.fail("otherType")
  const whole = scheme === undefined ? trimmed : trimmed.slice(scheme.length + "://".length)
  const comment = whole.search(/\s#/)
  const written = comment < 0 ? whole : whole.slice(0, comment).trim()
  if (written.length > lineLengthMax) return Result.fail("tooLong")
  if (unseen.test(written.replaceAll("\t", " "))) return Result.fail("unprintable")
  // A link ends with a slash in most programs.
  const line = scheme !== undefined && written.endsWith("/") ? written.slice(0, -1) : written
  if (line.split(/[|;,\s]+/).filter(isWholeProxy).length > 1) return Result.fail("several")
  const readings = readingsOf(line)
  const meant = [...new Map(meantBy(readings).map((one) => [JSON.stringify(one), one])).values()]
  const [only, ...others] = meant
  if (only === undefined) return Result.fail(faultOf(line, readings))
  if (others.length > 0) return Result.fail("ambiguous")
  // In a link it may stand for another sign, and people also write such passwords as they are.
  const isEncoded = scheme !== undefined && line.includes("@") && /%[\da-f]{2}/i.test(line)
  return isEncoded ? Result.fail("ambiguous") : Result.succeed(only)
}

const typeOf = (scheme: string): ProxyType | undefined =>
  new Map<string, ProxyType>([
    ["http", "http"],
    ["https", "http"],
    ["socks5", "socks5"],
    ["socks5h", "socks5"],
  ]).get(scheme.toLowerCase())

/** Whether the line says nothing but a comment. */
export const isComment = (line: string): boolean => line.trimStart().startsWith("#")

/** The parts of a line, as they stand in one of the forms in which proxies are written. */
interface Parts {
  /** None where an IPv6 address has no brackets, or brackets hold none. */
  readonly host: string | undefined
  readonly port: string | undefined
  readonly user?: string | undefined
  readonly password?: string | undefined
  /** Why the form does not fit as a whole. */
  readonly misfit?: BadLine | undefined
}

interface Reading {
  readonly form: "at" | "colons" | "signs"
  readonly parts: Parts
  /** What is wrong with the parts, in their order; nothing where the line can be read so. */
  readonly faults: ReadonlyArray<BadLine>
}

const readingsOf = (line: string): ReadonlyArray<Reading> => {
  const read = (form: Reading["form"]) => (parts: Parts) => ({
    form,
    parts,
    faults: faultsIn(parts),
  })
  return [
    ...aroundAt(line).map(read("at")),
    ...betweenColons(line).map(read("colons")),
    ...betweenSigns(line).map(read("signs")),
  ]
}

/**
 * The proxies that the line may mean. Most signs may stand in a password too, so a line that has
 * colons throughout is read by these; and an address is more likely meant than a mere name.
 */
const meantBy = (readings: ReadonlyArray<Reading>): ReadonlyArray<Endpoint> => {
  const whole = readings.filter(({ faults }) => faults.length === 0)
  const plain = whole.filter(({ form }) => form !== "signs")
  const possible = plain.some(({ form }) => form === "colons") ? plain : whole
  const likely = possible.filter(({ parts }) => isAddress(parts.host ?? ""))
  return (likely.length > 0 ? likely : possible).map(({ parts }) => ({
    host: parts.host ?? "",
    port: Number(parts.port),
    user: parts.user ?? "",
    password: parts.password ?? "",
  }))
}

/** What is wrong in the reading that needs the fewest things mended. */
const faultOf = (line: string, readings: ReadonlyArray<Reading>): BadLine => {
  const likelihood = ({ parts: { host } }: Reading) =>
    host === undefined ? 3 : !isAddress(host) ? 0 : isHost(host) || isIpv6(host) ? 2 : 1
  const isLikely = (one: Reading) => likelihood(one) > 0
  const hasPort = ({ parts: { port } }: Reading) => /^\d+$/.test(port ?? "")
  const nearest = readings
    .filter((one) => one.form === "colons" || isLikely(one) || hasPort(one) || isTurned(one.parts))
    .toSorted(
      (a, b) =>
        a.faults.length - b.faults.length ||
        likelihood(b) - likelihood(a) ||
        Number(hasPort(b)) - Number(hasPort(a)),
    )[0]
  const fault = nearest?.faults[0] ?? "tooFewParts"
  const isNothing = nearest?.form === "colons" || (nearest?.form === "at" && fault === "noPort")
  return isNothing && !line.includes(":") ? "tooFewParts" : fault
}

/** Whether a name stands in place of the address, and an address where the login should be. */
const isTurned = ({ host, port = "", user, password = "" }: Parts) => {
  if (host === undefined || user === undefined || isAddress(host)) return false
  return isAddress(user) && isHost(user) && (isPort(port) || isPort(password))
}

const faultsIn = (parts: Parts): ReadonlyArray<BadLine> => {
  const { host, port, user, password, misfit } = parts
  if (isTurned(parts)) return ["order"]
  const login = `${user ?? ""}${password ?? ""}`
  const isLoose = [user, password].some((one) => one !== undefined && one !== one.trim())
  return [
    ...(misfit === undefined ? [] : [misfit]),
    ...(host === undefined || isHost(host) || isIpv6(host) ? [] : ["host" as const]),
    ...(host === undefined ? [] : faultOfPort(port)),
    ...(user !== undefined && password === undefined ? ["noPassword" as const] : []),
    ...(login.includes("\t") ? ["extra" as const] : isLoose ? ["space" as const] : []),
  ]
}

const faultOfPort = (port: string | undefined): ReadonlyArray<BadLine> => {
  if (port === undefined) return ["noPort"]
  if (isPort(port)) return []
  return [/^\d{1,5}\s/.test(port) ? "space" : /^\d{1,5}:/.test(port) ? "extra" : "port"]
}

/** `user:password@host:port` and `host:port@user:password`. */
const aroundAt = (line: string): ReadonlyArray<Parts> => {
  const [first, last] = [line.indexOf("@"), line.lastIndexOf("@")]
  if (first < 0) return []
  return [
    { ...loginIn(line.slice(0, last)), ...endpointIn(line.slice(last + 1)) },
    { ...loginIn(line.slice(first + 1)), ...endpointIn(line.slice(0, first)) },
  ].map((parts) => (isEitherSide(parts) ? { ...parts, misfit: "ambiguous" as const } : parts))
}

/** Whether the login may as well be the address: no better one is there, or it looks like one. */
const isEitherSide = ({ host, user = "", password = "" }: Parts) =>
  host !== undefined && isPort(password) && (!isAddress(host) || isAddress(user))

const endpointIn = (text: string): Pick<Parts, "host" | "port" | "misfit"> => {
  const [host, port] = hostAndRest(text)
  return host === undefined ? { host, port, misfit: "brackets" } : { host, port }
}

const loginIn = (text: string): Pick<Parts, "user" | "password"> => {
  if (text === "") return {}
  const [user, password] = splitOnce(text)
  return { user, password }
}

/** `host:port:user:password`, perhaps with spaces around all of its colons. */
const betweenColons = (line: string): ReadonlyArray<Parts> => {
  const bracket = line.startsWith("[") ? line.indexOf("]") + 1 : 0
  const cells = line.slice(bracket).split(":")
  const [head = "", port = ""] = cells
  if (bracket > 0 && head.trim() !== "") return []
  const parts = partsOf(fieldsOf(line), "extra")
  if (head === head.trim() && port === port.trim()) return [parts]
  const closed = `${line.slice(0, bracket)}${cells.map((cell) => cell.trim()).join(":")}`
  return [...(parts.host === undefined ? [] : [parts]), partsOf(fieldsOf(closed), "extra")]
}

/** `host|port|user|password`, where a colon may stand in place of the first sign or of the last. */
const betweenSigns = (line: string): ReadonlyArray<Parts> => {
  const bySign = ["|", ";", "\t"].flatMap((sign) =>
    line.includes(sign) ? [line.split(sign).map((piece) => piece.trim())] : [],
  )
  const bySpace = /\s/.test(line) ? [line.split(/\s+/)] : []
  const byAny = line.split(/[|;\s]+/)
  const isMixed = bySign.length + bySpace.length > 1 && byAny.length <= fieldsMax
  return [
    ...bySign.map((pieces) => partsOf(fieldsOfPieces(pieces), "extra")),
    ...bySpace.map((pieces) => partsOf(fieldsOfPieces(pieces), "space")),
    ...(isMixed ? [partsOf(fieldsOfPieces(byAny), "extra")] : []),
  ]
}

/** Host, port, user, password. */
const fieldsMax = 4

/** The fields of a text with colons between; no host where brackets are missing or wrong. */
const fieldsOf = (text: string): ReadonlyArray<string | undefined> => {
  const [host, rest] = hostAndRest(text)
  if (rest === undefined) return [host]
  const [port, login] = splitOnce(rest)
  return login === undefined ? [host, port] : [host, port, ...loginFields(login)]
}

const loginFields = (text: string) => {
  const [user, password] = splitOnce(text)
  return password === undefined ? [user] : [user, password]
}

/** The same where other signs stand between. Empty pieces at the end are cells without a value. */
const fieldsOfPieces = (pieces: ReadonlyArray<string>): ReadonlyArray<string | undefined> => {
  const filled = pieces.slice(0, pieces.findLastIndex((piece) => piece !== "") + 1)
  const [first = "", ...others] = filled
  const isAlone = isIpv6(first) && isPort(others[0] ?? "")
  const fields = isAlone ? [first] : [...fieldsOf(first)]
  for (const [index, piece] of others.entries()) {
    const isLogin = fields.length === 2 && index === others.length - 1
    fields.push(...(isLogin ? loginFields(piece) : [piece]))
  }
  return fields
}

const partsOf = (fields: ReadonlyArray<string | undefined>, tooMany: BadLine): Parts => {
  const [host, port, user, password] = fields
  // A user with a colon could not be written down again.
  const isTooMuch = fields.length > fieldsMax || user?.includes(":") === true
  const misfit = host === undefined ? "brackets" : isTooMuch ? tooMany : undefined
  return { host, port, user, password, misfit }
}

const hostAndRest = (text: string): readonly [string | undefined, string | undefined] => {
  if (text.startsWith("[")) {
    const [host, rest] = bracketed(text)
    return host === undefined ? [host, text.split("]:")[1]] : [host, rest]
  }
  const [host, rest] = splitOnce(text)
  return isBareIpv6(text, host) ? [undefined, undefined] : [host, rest]
}

/** Whether the text begins with an IPv6 address that has no brackets, so that its end is unknown. */
const isBareIpv6 = (text: string, host: string) => {
  if (isHost(host) && isPort(splitOnce(text)[1]?.split(":")[0] ?? "")) return false
  const start = /^[\da-f:]*/i.exec(text)?.[0] ?? ""
  return start.includes("::") || start.split(":").length > 6
}

/** Whether the text is a proxy by itself, with an address that can be nothing else. */
const isWholeProxy = (text: string) =>
  [...aroundAt(text), ...betweenColons(text)].some(
    (parts) => isAddress(parts.host ?? "") && faultsIn(parts).length === 0,
  )

/** Whether it looks like an address, and not like a mere name. */
const isAddress = (host: string) => /[.:]/.test(host) || host === "localhost"

/**
 * Reads one proxy from each line, of the chosen type or of any. Lines are numbered from 1; blank
 * ones and those with a comment alone are passed over, and count too. A line is repeated where its password is the same as well.
 */
export const parseProxyText = (text: string, type: ProxyType | null): ProxyText => {
  const good: Array<ProxyText["good"][number]> = []
  const bad: Array<ProxyText["bad"][number]> = []
  const keys = new Set<string>()
  for (const [index, line] of linesOf(text).entries()) {
    if (line.trim() === "" || isComment(line)) continue
    const at = { number: index + 1, text: line.trim() }
    const read = parsePastedLine(line, type)
    if (Result.isFailure(read)) {
      bad.push({ ...at, reason: read.failure })
      continue
    }
    const key = sessionKey(read.success)
    if (keys.has(key)) bad.push({ ...at, reason: "repeated" })
    else good.push({ ...at, endpoint: read.success })
    keys.add(key)
  }
  return { good, bad }
}

/** The most characters that Telegram puts into one message; it cuts longer texts into several. */
export const messageLengthMax = 4096

/** The last line of a message that may have been cut. */
export interface Tail {
  readonly text: string
  /** The message had the greatest length, so that the cut may be anywhere in a line. */
  readonly isHeld: boolean
}

/**
 * What the end of one message and the beginning of the next are: two `whole` lines, halves of one
 * that are `joined` without doubt, or `torn`, where nobody can say.
 *
 * Telegram cuts at the greatest length, or before that at a space or the end of a line.
 */
export const atSeam = (
  { text, isHeld }: Tail,
  next: string,
  type: ProxyType | null,
): "whole" | "joined" | "torn" => {
  const reads = (line: string) => isComment(line) || Result.isSuccess(parsePastedLine(line, type))
  const areBoth = reads(text) && reads(next)
  const isOne = reads(text + next)
  if (isHeld) return !areBoth && isOne ? "joined" : "torn"
  const isNeither = !reads(text) && !reads(next) && !isOne && !reads(`${text} ${next}`)
  return areBoth || isNeither ? "whole" : "torn"
}

export const linesOf = (text: string): ReadonlyArray<string> =>
  text.split(/\r\n|[\n\r\u2028\u2029]/)

/** Tells proxies apart in a list without giving them away: `192.0.2.x:8080`, no login. */
export const maskedAddress = ({ host, port }: Endpoint): string => `${maskedHost(host)}:${port}`

/** The address as programs take it: `socks5://user:password@host:port`. */
export const proxyUrl = (type: ProxyType, endpoint: Endpoint): string => {
  const { user, password } = endpoint
  const login = user === "" && password === "" ? "" : `${inUrl(user)}:${inUrl(password)}@`
  return `${type}://${login}${hostInUrl(endpoint)}:${endpoint.port}`
}

/** Controls, invisible signs, halves of surrogate pairs, line breaks of any kind. */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u

const splitOnce = (text: string): readonly [string, string | undefined] => {
  const at = text.indexOf(":")
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)]
}

/** Splits a line that begins with a bracket. There is no host if the brackets hold no IPv6 address. */
const bracketed = (line: string): readonly [string | undefined, string | undefined] => {
  const end = line.indexOf("]")
  const host = line.slice(1, end)
  if (end < 0 || !isIpv6(host)) return [undefined, undefined]
  const rest = line.slice(end + 1)
  if (rest === "") return [host, undefined]
  return rest.startsWith(":") ? [host, rest.slice(1)] : [undefined, undefined]
}

const isHost = (host: string) => {
  const labels = host.split(".")
  if (host.length > 253 || !labels.every((label) => labelOfHost.test(label))) return false
  // A last label of digits alone makes it an IPv4 address, or nothing at all.
  const last = labels.at(-1) ?? ""
  if (!/^(?:\d+|0x[\da-f]*)$/i.test(last)) return true
  return labels.length === 4 && labels.every((label) => octet.test(label))
}

const labelOfHost = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/i
const octet = /^(?:\d|[1-9]\d|1\d\d|2[0-4]\d|25[0-5])$/

const isPort = (text: string) => /^[1-9]\d{0,4}$/.test(text) && Number(text) <= 65_535

const isIpv6 = (text: string) => /^[\da-f:.]{2,45}$/i.test(text) && URL.canParse(`http://[${text}]`)

const hostInUrl = ({ host }: Endpoint) => (host.includes(":") ? `[${host}]` : host)

const inUrl = (text: string) => encodeURIComponent(text.toWellFormed())

const maskedHost = (host: string) => {
  if (host.includes(":")) {
    const shown = (host.split("::")[0] ?? "").split(":").slice(0, 2).filter(Boolean)
    return `[${[...shown, "x"].join(":")}]`
  }
  const labels = host.split(".")
  return /^\d+$/.test(labels.at(-1) ?? "")
    ? [...labels.slice(0, -1), "x"].join(".")
    : [ends(labels[0] ?? ""), ...labels.slice(1)].join(".")
}
