/**
 * What lists show of a value: enough to tell it from its neighbours, which often differ in their
 * last sign only, and never the whole of it. Of a secret nothing is shown.
 *
 * Addresses of proxies have their mask in proxyLine.ts, beside what reads them.
 */
import type { Resource } from "./Catalogue.ts"

/** «w301@…», «ivan…v301@…», «us…01»; a login that is a phone number is masked as one. */
export const maskedLogin = (login: string): string => {
  if (isPhone.test(login)) return maskedPhone(login)
  const at = login.lastIndexOf("@")
  const name = login.slice(0, Math.max(at, 0))
  if (name === "" || at === login.length - 1) return ends(login)
  return `${Array.from(name).length <= nameMax ? name : ends(name)}@${hidden}`
}

/** «…44-10» */
export const maskedPhone = (phone: string): string => {
  const digits = phone.replaceAll(/\D/g, "")
  const shown = digits.slice(digits.length - Math.min(4, Math.floor(digits.length / 2)))
  return hidden + shown.replace(/^(..)(..)$/, "$1-$2")
}

/** The value by which items of the resource are told apart, masked as its kind asks for. */
export const maskedIdentity = (value: string, resource: Resource | undefined): string => {
  const kind = resource?.columns.find(({ key }) => key === resource.identity)?.kind
  if (kind === undefined || kind === "secret") return hidden
  return kind === "phone" ? maskedPhone(value) : maskedLogin(value)
}

/** Of what nobody knows the kind of, even less is shown: it may be a code or a second password. */
export const maskedText = (text: string): string => {
  const signs = Array.from(text)
  return signs.length < 8
    ? secretDots
    : `${signs.slice(0, 2).join("")}${hidden}${signs.slice(-2).join("")}`
}

/** Stands for a password. */
export const secretDots = "•••"

const hidden = "…"
const isPhone = /^[\d\s+()-]+$/
/** The part of an address before its @ is whole up to that length: the address never is. */
const nameMax = 6

/** The beginning and the end, at most half of the signs; of a short text its end only. */
export const ends = (text: string): string => {
  const signs = Array.from(text)
  const shown = Math.min(8, Math.floor(signs.length / 2))
  const last = Math.min(shown, Math.max(2, Math.ceil(shown / 2)))
  return signs.slice(0, shown - last).join("") + hidden + signs.slice(signs.length - last).join("")
}
