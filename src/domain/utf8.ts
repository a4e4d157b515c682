/** Files that people edit are in UTF-8, whatever their editor thinks. */
import { Result } from "effect"

/**
 * The text in the bytes of a file, without the byte order mark that editors on Windows put in front.
 * Fails with what is wrong where they are no UTF-8: such a text would be read as question marks, and
 * written back as such.
 */
export const utf8Text = (bytes: Uint8Array): Result.Result<string, string> =>
  Result.try({
    try: () => new TextDecoder("utf-8", { fatal: true }).decode(bytes),
    catch: () => {
      const before = new TextDecoder().decode(bytes).split("\uFFFD", 1)[0] ?? ""
      return `line ${before.split("\n").length}: not UTF-8; save the file in UTF-8`
    },
  })
