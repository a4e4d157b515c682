/**
 * Field masks: `replies,updatedSpreadsheet(sheets(properties/title,data))`.
 *
 * In a read they say what is answered, in a write which parts of a cell are replaced: a part
 * that is listed and not given is cleared.
 */
import { Result } from "effect"

/** Everything, or the members that are listed; `*` stands for any member. */
export type Mask = true | { readonly [member: string]: Mask }

/** The members that a message has; `true` where its inside is not modelled. */
export type Shape = true | { readonly [member: string]: Shape }

/** The mask of a text, with its paths checked against the message; a failure is the bad path. */
export const parseMask = (text: string, shape: Shape): Result.Result<Mask, string> => {
  const tokens = text.match(/[A-Za-z0-9_$]+|\S/g) ?? []
  let position = 0

  const list = (): Mask | undefined => {
    let mask: Mask | undefined = {}
    do {
      const next = path()
      mask = mask === undefined || next === undefined ? undefined : union(mask, next)
    } while (mask !== undefined && tokens[position] === "," && ++position > 0)
    return mask
  }
  const path = (): Mask | undefined => {
    const name = tokens[position++]
    if (name === undefined || !/^([A-Za-z0-9_$]+|\*)$/.test(name)) return undefined
    const below = rest()
    if (below === undefined) return undefined
    return name === "*" && below === true ? true : { [camelCase(name)]: below }
  }
  const rest = (): Mask | undefined => {
    const token = tokens[position]
    if (token === "." || token === "/") {
      position++
      return path()
    }
    if (token !== "(") return true
    position++
    const inner = list()
    return tokens[position++] === ")" ? inner : undefined
  }

  const mask = list()
  if (mask === undefined || position < tokens.length) return Result.fail(text)
  const stranger = strangerOf(mask, shape, "")
  return stranger === undefined ? Result.succeed(mask) : Result.fail(stranger)
}

const union = (one: Mask, other: Mask): Mask => {
  if (one === true || other === true) return true
  const both: Record<string, Mask> = { ...one }
  for (const [name, mask] of Object.entries(other)) {
    const known = both[name]
    both[name] = known === undefined ? mask : union(known, mask)
  }
  return both
}

const camelCase = (name: string): string =>
  name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())

const strangerOf = (mask: Mask, shape: Shape, parent: string): string | undefined => {
  if (mask === true || shape === true) return undefined
  for (const [name, below] of Object.entries(mask)) {
    const path = parent === "" ? name : `${parent}.${name}`
    const inner = name === "*" ? Object.values(shape) : [shape[name]]
    if (inner[0] === undefined) return path
    const stranger = inner.map((member) => strangerOf(below, member ?? true, path))
    const fitting = stranger.some((found) => found === undefined)
    if (!fitting) return stranger[0]
  }
  return undefined
}

const memberMask = (mask: Mask, name: string): Mask | undefined => {
  if (mask === true) return true
  const own = mask[name]
  const any = mask["*"]
  return own === undefined ? any : any === undefined ? own : union(own, any)
}

/** Whether the mask asks for anything at or below the path. */
export const asksFor = (mask: Mask, ...path: ReadonlyArray<string>): boolean => {
  let inner: Mask | undefined = mask
  for (const name of path) inner = inner === undefined ? undefined : memberMask(inner, name)
  return inner !== undefined
}

/** The listed part of an answer. A message of which nothing is left is left out. */
export const pruned = (message: object, mask: Mask): object => {
  if (mask === true) return message
  const kept: Record<string, unknown> = {}
  for (const [name, member] of Object.entries(message)) {
    const below = memberMask(mask, name)
    if (below === undefined) continue
    const inner = prunedMember(member, below)
    if (isEmptyMessage(inner) && !isEmptyMessage(member)) continue
    kept[name] = inner
  }
  return kept
}

const prunedMember = (value: unknown, mask: Mask): unknown => {
  if (Array.isArray(value)) return value.map((item) => prunedMember(item, mask))
  return typeof value === "object" && value !== null ? pruned(value, mask) : value
}

const isEmptyMessage = (value: unknown): boolean =>
  typeof value === "object" &&
  value !== null &&
  !Array.isArray(value) &&
  Object.keys(value).length === 0

/** `target` with the listed parts taken from `source`; listed and absent there means removed. */
export const merged = <T extends object>(target: T, source: T, mask: Mask): T =>
  // A mixture of the members of two messages of one kind is a message of that kind, which
  // the compiler cannot know of members that are found by name.
  mask === true ? source : (mixed(target, source, mask) as T)

const mixed = (target: unknown, source: unknown, mask: Mask): unknown => {
  if (mask === true) return source
  const before = members(target)
  const given = members(source)
  const after: Record<string, unknown> = { ...before }
  for (const name of new Set([...Object.keys(before), ...Object.keys(given)])) {
    const below = memberMask(mask, name)
    if (below === undefined) continue
    const value = mixed(before[name], given[name], below)
    if (value === undefined || isEmptyMessage(value)) delete after[name]
    else after[name] = value
  }
  return after
}

const members = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null ? { ...value } : {}
