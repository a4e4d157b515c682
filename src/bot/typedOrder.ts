/**
 * An order as people type it: «ok 495 2», «мамба ж 495», «812 3». The words come from the catalogue
 * and from the regions, in both languages and in any order; nothing is guessed.
 */
import { isRegistry, type Resource } from "../domain/Catalogue.ts"
import type { Region, RegionSpelling } from "../domain/Region.ts"
import type { Offer } from "./orders.ts"
import { asksVariant, type Wish } from "./screens/wizard.ts"

/** The order that a text names; a part that the text does not name is left out. */
export interface TypedOrder {
  readonly resource?: Resource
  /** As bits, see `isTargets`. */
  readonly targets: number
  readonly region?: Region
  readonly quantity?: number
  /** `null`: any variant. */
  readonly variant?: string | null
  /** Words that make no sense here, as they were typed. */
  readonly unknown: ReadonlyArray<string>
  /** Whether any word was understood. */
  readonly isUnderstood: boolean
}

interface Context {
  readonly offer: Offer
  /** The words for a piece that stand behind a number: «шт». */
  readonly units: ReadonlyArray<string>
  /** Other words for regions, as admins taught the bot: «Москва». */
  readonly spellings?: ReadonlyArray<RegionSpelling>
  /** What the person has chosen already: a text that names no resource goes on from there. */
  readonly begun?: Wish | undefined
  /** The only resource that the text may be about, because a command names it. */
  readonly only?: Resource | undefined
}

export const readOrder = (text: string, context: Context): TypedOrder => {
  const words = wordsOf(text)
  const { offer, begun, only } = context
  const { resources } = offer
  if (only !== undefined) return read(words, only, context)
  const named = resources.filter((resource) => names(resource, words))
  if (named.length > 0) return clearest(named.map((resource) => read(words, resource, context)))
  if (begun !== undefined) {
    const going = read(words, begun.resource, context)
    if (going.unknown.length === 0) return going
  }
  // «ж 495» can only be about one resource.
  const meant = resources
    .map((resource) => read(words, resource, context))
    .filter(
      ({ unknown, targets, variant }) =>
        unknown.length === 0 && (targets > 0 || typeof variant === "string"),
    )
  const ordered = meant.filter(({ resource }) => resource !== undefined && !isRegistry(resource))
  const [first, ...others] = ordered.length > 0 ? ordered : meant
  if (first !== undefined && others.length === 0) return first
  return read(words, begun?.resource, context)
}

/** The first of those with the fewest words that make no sense. */
const clearest = (all: ReadonlyArray<TypedOrder>): TypedOrder =>
  all.reduce((best, each) => (each.unknown.length < best.unknown.length ? each : best))

interface Word {
  readonly typed: string
  readonly folded: string
}

/** The same word however it is written: case, «ё» and signs do not count. */
const fold = (text: string) =>
  text.normalize("NFKC").toLowerCase().replaceAll("ё", "е").normalize("NFC")

const wordsOf = (text: string): ReadonlyArray<Word> =>
  (text.match(/[\p{L}\p{M}\p{N}]+/gu) ?? []).map((typed) => ({ typed, folded: fold(typed) }))

/** The words of a name as one string, by which it is found. */
const keyOf = (name: string) =>
  wordsOf(name)
    .map(({ folded }) => folded)
    .join(" ")

type Sense =
  | { readonly _tag: "Resource" | "Any" }
  | { readonly _tag: "Variant"; readonly id: string }
  | { readonly _tag: "Target"; readonly bit: number }
  | { readonly _tag: "Region"; readonly region: Region }

const namesOf = ({ id, label, names: others = [] }: Resource) => [id, label.ru, label.en, ...others]

const names = (resource: Resource, words: ReadonlyArray<Word>): boolean => {
  const keys = new Set(namesOf(resource).map(keyOf))
  return phrasesIn(words).some(({ key }) => keys.has(key))
}

/** The longest name has so many words; a label of more is known by its other names. */
const phraseMax = 4

const phrasesIn = (words: ReadonlyArray<Word>) =>
  words.flatMap((_, from) => phrasesFrom(words, from))

/** The longest phrase first. */
const phrasesFrom = (words: ReadonlyArray<Word>, from: number) =>
  Array.from({ length: Math.min(phraseMax, words.length - from) }, (_, index) => {
    const length = Math.min(phraseMax, words.length - from) - index
    const key = words
      .slice(from, from + length)
      .map(({ folded }) => folded)
      .join(" ")
    return { key, length }
  })

/** What each phrase means where that resource is spoken of. The earlier meaning of a phrase wins. */
const sensesFor = (
  resource: Resource | undefined,
  { offer: { regions }, spellings = [] }: Context,
): ReadonlyMap<string, Sense> => {
  const senses = new Map<string, Sense>()
  const add = (name: string, sense: Sense) => {
    const key = keyOf(name)
    if (key !== "" && !senses.has(key)) senses.set(key, sense)
  }
  if (resource !== undefined) {
    for (const name of namesOf(resource)) add(name, { _tag: "Resource" })
    for (const { id, label, names: others = [] } of resource.variants) {
      for (const name of [label.ru, label.en, id, ...others]) add(name, { _tag: "Variant", id })
    }
    if (asksVariant(resource)) {
      for (const name of [resource.anyVariant.ru, resource.anyVariant.en]) {
        add(name, { _tag: "Any" })
      }
    }
    for (const [index, { id, label }] of resource.targets.entries()) {
      for (const name of [label.ru, label.en, id]) add(name, { _tag: "Target", bit: 1 << index })
    }
    // Proxies are not ordered by region and number.
    if (isRegistry(resource)) return senses
  }
  for (const region of regions) add(region, { _tag: "Region", region })
  for (const { spelling, region } of spellings) {
    if (regions.includes(region)) add(spelling, { _tag: "Region", region })
  }
  return senses
}

/** What the words say about one resource, or, without one, about any order. */
const read = (
  words: ReadonlyArray<Word>,
  resource: Resource | undefined,
  context: Context,
): TypedOrder => {
  const { units, begun } = context
  const senses = sensesFor(resource, context)
  const takesNumbers = resource === undefined || !isRegistry(resource)
  const quantityOf = (word: string) => (takesNumbers ? quantityIn(word, units) : undefined)
  const said: { targets: number; region?: Region; quantity?: number; variant?: string | null } = {
    targets: 0,
  }
  const unknown: Array<string> = []
  let understood = 0
  /** Words that are a region and a quantity: what they mean depends on the others. */
  const either: Array<{ readonly word: Word; readonly region: Region }> = []

  /** `false` where the text says something else already. */
  const take = <K extends "region" | "quantity" | "variant">(field: K, value: (typeof said)[K]) => {
    if (said[field] !== undefined && said[field] !== value) return false
    said[field] = value
    return true
  }
  const takeSense = (sense: Sense): boolean => {
    switch (sense._tag) {
      case "Resource":
        return true
      case "Any":
        return take("variant", null)
      case "Variant":
        return take("variant", sense.id)
      case "Target":
        said.targets |= sense.bit
        return true
      case "Region":
        return take("region", sense.region)
    }
  }

  for (let at = 0; at < words.length;) {
    const found = phrasesFrom(words, at).find(({ key }) => senses.has(key))
    const length = found?.length ?? 1
    const sense = found === undefined ? undefined : senses.get(found.key)
    const phrase = words.slice(at, at + length)
    const [word] = phrase
    at += length
    if (word === undefined) continue
    const quantity = length === 1 ? quantityOf(word.folded) : undefined
    if (sense?._tag === "Region" && quantity !== undefined) {
      either.push({ word, region: sense.region })
      continue
    }
    if (sense === undefined && (units.includes(word.folded) || isPolite(word.folded))) continue
    const isTaken =
      sense === undefined ? quantity !== undefined && take("quantity", quantity) : takeSense(sense)
    if (isTaken) understood += 1
    else unknown.push(...phrase.map(({ typed }) => typed))
  }
  for (const { word, region } of either) {
    const isRegion = (said.region ?? begun?.region) === undefined
    const isTaken = isRegion ? take("region", region) : take("quantity", quantityOf(word.folded))
    if (isTaken) understood += 1
    else unknown.push(word.typed)
  }
  return {
    ...(resource === undefined ? {} : { resource }),
    ...said,
    unknown,
    isUnderstood: understood > 0,
  }
}

/** Words around an order that say nothing about it: «мне нужен ок на 495, пожалуйста». */
const polite = new Set(
  [
    "мне нам нужен нужна нужно нужны надо дай дайте можно хочу выдай выдайте пожалуйста плиз",
    "на для в и с по из еще регион региона региону",
    "i we need want give me us please pls can get a an the for in of and more region",
  ].flatMap((line) => line.split(" ")),
)
const isPolite = (word: string) => polite.has(word)

/** «2», «2шт»; nothing where it is no number of items that can be had at once. */
const quantityIn = (word: string, units: ReadonlyArray<string>): number | undefined => {
  const [, digit, unit = ""] = /^([1-5])(\p{L}*)$/u.exec(word) ?? []
  return digit !== undefined && (unit === "" || units.includes(unit)) ? Number(digit) : undefined
}

/** What was begun, and what the text adds or changes. Another resource begins anew. */
export const wishOf = (
  { resource, targets, region, quantity, variant }: TypedOrder,
  begun: Wish | undefined,
): Wish | undefined => {
  if (resource === undefined) return undefined
  const before = begun?.resource.id === resource.id ? begun : undefined
  return {
    ...before,
    resource,
    targets: targets > 0 ? targets : (before?.targets ?? 0),
    ...(region === undefined ? {} : { region }),
    ...(quantity === undefined ? {} : { quantity }),
    ...(variant === undefined ? {} : { variant }),
  }
}
