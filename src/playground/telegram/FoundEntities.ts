/**
 * What Telegram finds in a text by itself: commands, mentions, hashtags, links, e-mail
 * addresses and phone numbers.
 *
 * Simpler than the server's grammar, yet enough to see that a login outside of `code` turns
 * into a link, and that a command is one.
 */
import type { Entity } from "./State.ts"

export const foundEntities = (text: string): ReadonlyArray<Entity> => {
  // Most texts of a wizard hold none of these characters, and this runs for every message.
  if (!/[/@#.+:]/.test(text)) return []
  const taken: Array<Entity> = []
  for (const [type, pattern] of patterns) {
    for (const match of text.matchAll(pattern)) {
      const [, before = "", body = ""] = match
      const entity = { type, offset: match.index + before.length, length: body.length }
      const overlaps = taken.some(
        (other) =>
          entity.offset < other.offset + other.length &&
          other.offset < entity.offset + entity.length,
      )
      if (!overlaps) taken.push(entity)
    }
  }
  return taken
}

const topDomains = "com|net|org|info|ru|su|рф|me|io|dev|app|pro|biz|online|site|shop|xyz|de|uk|us"

/** In the order in which they win; the first group is what must stand before. */
const patterns: ReadonlyArray<readonly [string, RegExp]> = [
  ["url", /()((?:https?|ftp|tonsite|tg):\/\/[^\s<>"«»]+[^\s<>"«».,:;!?)\]}'])/giu],
  ["email", /(^|[^\w.+-])([\w.+-]+@(?:[a-z\d-]+\.)+[a-z]{2,})(?![\w@])/giu],
  [
    "bot_command",
    /(^|[^\p{L}\p{N}_/<>])(\/[a-z\d_]{1,64}(?:@[a-z\d_]{3,32})?)(?![\p{L}\p{N}_/])/giu,
  ],
  ["mention", /(^|[^\p{L}\p{N}_@])(@[a-z][a-z\d_]{3,31})(?![\p{L}\p{N}_@])/giu],
  ["hashtag", /(^|[^\p{L}\p{N}_#&/])(#(?=\d*[\p{L}_])[\p{L}\p{N}_]{1,256})/giu],
  [
    "url",
    new RegExp(
      `(^|[^\\p{L}\\p{N}_@.-])((?:[\\p{L}\\p{N}-]+\\.)+(?:${topDomains})(?::\\d+)?(?:/[^\\s<>"]*)?)(?![\\p{L}\\p{N}_@-])`,
      "giu",
    ),
  ],
  [
    "url",
    /(^|[^\w.])((?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?::\d+)?)(?![\w.])/giu,
  ],
  ["phone_number", /(^|[^\w+])(\+\d{10,15})(?!\d)/giu],
]
