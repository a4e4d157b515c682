/**
 * Where a text stops being JSON, for a person who edits it by hand.
 *
 * The engine's own message quotes the text, which may be secret, and often names no place.
 */

export interface SyntaxFault {
  readonly line: number
  readonly column: number
  readonly expected: string
}

/** `undefined` for JSON. */
export const findSyntaxFault = (text: string): SyntaxFault | undefined => {
  const scanner: Scanner = { text, at: 0 }
  const expected = scanValue(scanner, 0) ?? (rest(scanner) === "" ? undefined : "the end")
  if (expected === undefined) return undefined
  const before = text.slice(0, scanner.at).split("\n")
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1, expected }
}

interface Scanner {
  readonly text: string
  at: number
}

const space = /[ \t\n\r]*/y
const string = /"(?:[^"\\\p{Cc}]|[\u007f-\u009f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy
const scalar = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y

/** Deeper than anybody writes by hand, and less deep than the stack. */
const depthMax = 500

/** Moves past the pattern if it stands here. */
const skip = (scanner: Scanner, pattern: RegExp): boolean => {
  pattern.lastIndex = scanner.at
  if (!pattern.test(scanner.text)) return false
  scanner.at = pattern.lastIndex
  return true
}

const skipSign = (scanner: Scanner, sign: string): boolean => {
  skip(scanner, space)
  if (scanner.text[scanner.at] !== sign) return false
  scanner.at += 1
  return true
}

const rest = (scanner: Scanner) => {
  skip(scanner, space)
  return scanner.text.slice(scanner.at)
}

/** Moves past a value, or stops at the fault and says what was expected there. */
const scanValue = (scanner: Scanner, depth: number): string | undefined => {
  if (depth > depthMax) return "less nesting"
  if (skipSign(scanner, "{")) return scanMembers(scanner, depth, "}", scanProperty)
  if (skipSign(scanner, "[")) return scanMembers(scanner, depth, "]", scanValue)
  return skip(scanner, string) || skip(scanner, scalar) ? undefined : "a value"
}

const scanProperty = (scanner: Scanner, depth: number): string | undefined => {
  skip(scanner, space)
  if (!skip(scanner, string)) return "a name in double quotes"
  return skipSign(scanner, ":") ? scanValue(scanner, depth) : "a colon"
}

const scanMembers = (
  scanner: Scanner,
  depth: number,
  end: string,
  scanMember: (scanner: Scanner, depth: number) => string | undefined,
): string | undefined => {
  if (skipSign(scanner, end)) return undefined
  for (;;) {
    const expected = scanMember(scanner, depth + 1)
    if (expected !== undefined) return expected
    if (skipSign(scanner, end)) return undefined
    if (!skipSign(scanner, ",")) return `a comma or ${end}`
  }
}
