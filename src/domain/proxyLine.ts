/**
 * A proxy as people write it down: `host:port:user:password`, or `host:port` where it asks for
 * no login.
 *
 * The first three colons split it, so a password may hold colons; an IPv6 address stands in
 * brackets. What cannot be read without guessing is a fault, never a corrected line.
 */
import { Result } from "effect"
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
  | "repeated"
  /** A space in the user or in the password. */
  | "space"
  /** A name in place of the address, and an address where the login should be. */
  | "order"
  /** It can be read in two ways. */
  | "ambiguous"
  /** It begins with another type than the one that was chosen. */
  | "otherType"

/**
 * Reads a line that somebody pasted: as people write proxies down, with the parts in another order
 * or between other signs where that can mean one thing only, and with a comment behind `#`.
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
  const line = comment < 0 ? whole : whole.slice(0, comment).trim()
  const written = parseProxyLine(line)
  if (Result.isSuccess(written)) {
    const { host, user, password } = written.success
    if (/\s/.test(user + password)) return Result.fail("space")
    return !isAddress(host) && isAddress(user) && isHost(user) ? Result.fail("order") : written
  }
  if (written.failure === "tooLong") return written
  const readings = new Map(
    otherForms(line).flatMap((form) => {
      const read = parseProxyLine(form)
      return Result.isSuccess(read) ? [[formatProxyLine(read.success), read] as const] : []
    }),
  )
  const [only, ...others] = readings.values()
  return others.length > 0 ? Result.fail("ambiguous") : (only ?? written)
}

const typeOf = (scheme: string): ProxyType | undefined =>
  new Map<string, ProxyType>([
    ["http", "http"],
    ["https", "http"],
    ["socks5", "socks5"],
    ["socks5h", "socks5"],
  ]).get(scheme.toLowerCase())

/** The line as `host:port:user:password`, for each way in which it could be meant. */
const otherForms = (line: string): ReadonlyArray<string> => {
  const at = line.lastIndexOf("@")
  const [before, after] = [line.slice(0, Math.max(at, 0)), line.slice(at + 1)]
  const parts = line.split(/[|;\s]+/).filter((part) => part !== "")
  return [
    ...(at > 0 && isEndpoint(after) ? [`${after}:${before}`] : []),
    ...(at > 0 && isEndpoint(before) ? [`${before}:${after}`] : []),
    ...(parts.length > 1 && !parts.includes(":") ? [parts.join(":")] : []),
    ...(parts.includes(":") ? [parts.join("")] : []),
  ]
}

/** Whether it is `host:port` with a host that can be nothing else. */
const isEndpoint = (text: string) => {
  const read = parseProxyLine(text)
  return Result.isSuccess(read) && read.success.user === "" && isAddress(read.success.host)
}

/** Whether it looks like an address, and not like a mere name. */
const isAddress = (host: string) => /[.:]/.test(host) || host === "localhost"

/**
 * Reads one proxy from each line, of the chosen type or of any. Lines are numbered from 1, and blank
 * ones count too. A line is repeated where its password is the same as well.
 */
export const parseProxyText = (text: string, type: ProxyType | null): ProxyText => {
  const good: Array<ProxyText["good"][number]> = []
  const bad: Array<ProxyText["bad"][number]> = []
  const keys = new Set<string>()
  for (const [index, line] of linesOf(text).entries()) {
    if (line.trim() === "") continue
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
  const reads = (line: string) => Result.isSuccess(parsePastedLine(line, type))
  const areBoth = reads(text) && reads(next)
  const isOne = reads(text + next)
  if (isHeld) return !areBoth && isOne ? "joined" : "torn"
  const isNeither = !reads(text) && !reads(next) && !isOne && !reads(`${text} ${next}`)
  return areBoth || isNeither ? "whole" : "torn"
}

export const linesOf = (text: string): ReadonlyArray<string> =>
  text.split(/\r\n|[\n\r\u2028\u2029]/)

/** Tells proxies apart in a list without giving them away: `192.0.2.•••:8080`, no login. */
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
    return `[${[...shown, "•••"].join(":")}]`
  }
  const labels = host.split(".")
  return /^\d+$/.test(labels.at(-1) ?? "")
    ? [...labels.slice(0, -1), "•••"].join(".")
    : ["••••", ...labels.slice(1)].join(".")
}
