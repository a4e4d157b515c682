/** When admins get the morning digest: a time of the clock on the wall, or never. */
import { Option } from "effect"

/** `09:00` */
export type WallTime = string

export const digestTime = {
  name: "DIGEST_TIME",
  expected: "a time from 00:00 to 23:59, or off",
  example: "09:00",
  read: (text: string): Option.Option<WallTime> | undefined => {
    if (text.toLowerCase() === "off") return Option.none()
    return /^([01]\d|2[0-3]):[0-5]\d$/.test(text) ? Option.some(text) : undefined
  },
  fallback: Option.some(Option.some<WallTime>("09:00")),
}
