/** What people type, in any case and order, is what they would have tapped, or is not understood. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { asksVariant, targetsOf, type Wish } from "../../src/bot/screens/wizard.ts"
import { readOrder, wishOf } from "../../src/bot/typedOrder.ts"
import { isRegistry } from "../../src/domain/Catalogue.ts"
import { shippedCatalogue } from "../../src/domain/shippedCatalogue.ts"

const resources = shippedCatalogue.resources
const orderable = resources.filter((resource) => !isRegistry(resource))
const resource = (id: string) => {
  const found = resources.find((each) => each.id === id)
  if (found === undefined) throw new Error(`no ${id}`)
  return found
}
const units = ["шт", "pc", "pcs"]
const context = (regions: ReadonlyArray<string> = ["495", "812", "Крым", "Псёл77"]) => ({
  offer: { resources, regions },
  units,
})

/** What was read, by ids. */
const said = (text: string, more: Partial<Parameters<typeof readOrder>[1]> = {}) => {
  const {
    resource: about,
    targets,
    unknown,
    isUnderstood,
    ...rest
  } = readOrder(text, {
    ...context(),
    ...more,
  })
  return {
    ...(about === undefined ? {} : { resource: about.id }),
    ...(about === undefined || targets === 0 ? {} : { targets: targetsOf(about, targets) }),
    ...rest,
    ...(unknown.length > 0 ? { unknown } : {}),
    ...(isUnderstood ? {} : { isUnderstood }),
  }
}

const begun = (id: string, more: Partial<Wish> = {}): Wish => ({
  resource: resource(id),
  targets: 0,
  ...more,
})

describe("a typed order", () => {
  for (const [text, expected] of [
    ["495", { region: "495" }],
    ["ok", { resource: "ok" }],
    ["вк", { resource: "vk" }],
    ["ОК, 495: 2", { resource: "ok", region: "495", quantity: 2 }],
    ["812 3", { region: "812", quantity: 3 }],
    ["gmail 812 2", { resource: "gmail", region: "812", quantity: 2 }],
    ["2 шт. gmail.com 812", { resource: "gmail", region: "812", quantity: 2, variant: "gmail" }],
    ["мамба ж 495", { resource: "mamba", region: "495", variant: "female" }],
    ["Mamba F 3шт крым", { resource: "mamba", region: "Крым", quantity: 3, variant: "female" }],
    ["mamba male", { resource: "mamba", variant: "male" }],
    ["мамба любой", { resource: "mamba", variant: null }],
    ["ж 495", { resource: "mamba", region: "495", variant: "female" }],
    ["псел77", { region: "Псёл77" }],
    ["табор 495", { resource: "number", targets: ["tabor"], region: "495" }],
    [
      "номер beboo табор 812 1",
      {
        resource: "number",
        targets: ["beboo", "tabor"],
        region: "812",
        quantity: 1,
      },
    ],
    ["прокси vk", { resource: "proxy", targets: ["vk"] }],
    ["прокси 495", { resource: "proxy", unknown: ["495"] }],
    ["vk 496", { resource: "vk", unknown: ["496"] }],
    ["vk 495 6", { resource: "vk", region: "495", unknown: ["6"] }],
    ["vk 495 812", { resource: "vk", region: "495", unknown: ["812"] }],
    ["vk 2 3", { resource: "vk", quantity: 2, unknown: ["3"] }],
    ["vk ж 495", { resource: "vk", region: "495", unknown: ["ж"] }],
    ["мне нужен ок на 495, пожалуйста, 2", { resource: "ok", region: "495", quantity: 2 }],
    ["Please give me 2 vk for 812", { resource: "vk", region: "812", quantity: 2 }],
    ["не надо ок 495 2", { resource: "ok", region: "495", quantity: 2, unknown: ["не"] }],
    ["дай пожалуйста", { isUnderstood: false }],
    ["а что дальше?", { unknown: ["а", "что", "дальше"], isUnderstood: false }],
    ["", { isUnderstood: false }],
    ["шт", { isUnderstood: false }],
  ] as const) {
    it(`«${text}»`, () => assert.deepStrictEqual<unknown>(said(text), expected))
  }

  it("takes a region by the words that admins taught, as long as it is on the buttons", () => {
    const spellings = [
      { spelling: "Москва", region: "495" },
      { spelling: "Нижний Новгород", region: "831" },
    ]
    assert.deepStrictEqual<unknown>(said("ок москва 2", { spellings }), {
      resource: "ok",
      region: "495",
      quantity: 2,
    })
    assert.deepStrictEqual<unknown>(said("ок нижний новгород", { spellings }), {
      resource: "ok",
      unknown: ["нижний", "новгород"],
    })
  })

  it("goes on from what was chosen, unless it is about something else", () => {
    const at = { begun: begun("mamba", { region: "812", quantity: 2 }) }
    assert.deepStrictEqual<unknown>(said("ж", at), { resource: "mamba", variant: "female" })
    const wish = (text: string) => wishOf(readOrder(text, { ...context(), ...at }), at.begun)
    assert.deepStrictEqual(wish("ж"), {
      resource: resource("mamba"),
      targets: 0,
      region: "812",
      quantity: 2,
      variant: "female",
    })
    assert.strictEqual(wish("495")?.region, "495")
    assert.deepStrictEqual(wish("ok"), { resource: resource("ok"), targets: 0 })
    assert.deepStrictEqual<unknown>(said("табор", at), { resource: "number", targets: ["tabor"] })
    assert.deepStrictEqual<unknown>(said("что 495", at), {
      resource: "mamba",
      region: "495",
      unknown: ["что"],
    })
  })

  it("behind a command is about its resource only", () => {
    const only = { only: resource("ok") }
    assert.deepStrictEqual<unknown>(said("495 2", only), {
      resource: "ok",
      region: "495",
      quantity: 2,
    })
    assert.deepStrictEqual<unknown>(said("vk", only), {
      resource: "ok",
      unknown: ["vk"],
      isUnderstood: false,
    })
  })

  it("takes a number that is a region too as the one that is missing", () => {
    const offer = { resources, regions: ["2", "3", "495"] }
    assert.deepStrictEqual<unknown>(said("vk 3 2", { offer }), {
      resource: "vk",
      region: "3",
      quantity: 2,
    })
    assert.deepStrictEqual<unknown>(said("3 495", { offer }), { region: "495", quantity: 3 })
    const at = { offer, begun: begun("vk", { region: "495" }) }
    assert.deepStrictEqual<unknown>(said("3", at), { resource: "vk", quantity: 3 })
  })
})

const small = (maximum: number) => Schema.Int.check(Schema.isBetween({ minimum: 0, maximum }))

/** Numbers by which an order and the way it is written are picked. */
const Picks = Schema.Struct({
  resource: small(orderable.length - 1),
  region: small(3),
  quantity: small(4),
  variant: small(5),
  targets: small(6),
  word: Schema.Array(small(9)).check(Schema.isMinLength(12)),
  order: Schema.Array(small(999)).check(Schema.isMinLength(12)),
  style: Schema.Array(small(3)).check(Schema.isMinLength(12)),
  gap: small(3),
})

const styles = [
  (word: string) => word,
  (word: string) => word.toUpperCase(),
  (word: string) => word.toLowerCase().replaceAll("ё", "е"),
  (word: string) => word.charAt(0).toUpperCase() + word.slice(1),
]
const gaps = [" ", ", ", "\n", " - "]

/** The order, and its words in any order. */
const written = (picks: typeof Picks.Type) => {
  const { regions } = context().offer
  const about = orderable[picks.resource]!
  const pick = (words: ReadonlyArray<string>, place: number) =>
    words[picks.word[place]! % words.length]!
  const { variants, anyVariant, targets, label, names = [] } = about
  const choices = asksVariant(about) ? [...variants.map(({ id }) => id), null] : []
  const variant = choices.length === 0 ? undefined : choices[picks.variant % choices.length]
  const bits = targets.length === 0 ? 0 : 1 + (picks.targets % (2 ** targets.length - 1))
  const known = variants.find(({ id }) => id === variant)
  const words = [
    pick([about.id, label.ru, label.en, ...names], 0),
    regions[picks.region]!,
    pick([`${picks.quantity + 1}`, `${picks.quantity + 1}шт`, `${picks.quantity + 1} шт.`], 1),
    ...(variant === null ? [pick([anyVariant.ru, anyVariant.en], 2)] : []),
    ...(known === undefined
      ? []
      : [pick([known.label.ru, known.label.en, ...(known.names ?? [])], 3)]),
    ...targets.flatMap((target, index) =>
      (bits & (1 << index)) === 0
        ? []
        : [pick([target.id, target.label.ru, target.label.en], 4 + index)],
    ),
  ]
  const text = words
    .map((word, index) => ({ word: styles[picks.style[index]!]!(word), at: picks.order[index]! }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ word }) => word)
    .join(gaps[picks.gap])
  const order = {
    resource: about,
    targets: bits,
    region: regions[picks.region]!,
    quantity: picks.quantity + 1,
    ...(variant === undefined ? {} : { variant }),
  }
  return { text, order }
}

describe("any typed order", () => {
  it.prop(
    "of the catalogue's own words is read as it was meant",
    { picks: Picks },
    ({ picks }) => {
      const { text, order } = written(picks)
      const typed = readOrder(text, context())
      assert.deepStrictEqual(typed.unknown, [], text)
      assert.deepStrictEqual(wishOf(typed, undefined), order, text)
    },
    { arbitrary: { runs: 300, seed: 7 } },
  )

  it.prop(
    "with a word of no meaning names that word, and the rest is read all the same",
    { picks: Picks, place: small(1) },
    ({ picks, place }) => {
      const { text, order } = written(picks)
      const typed = readOrder(place === 0 ? `Ой, ${text}` : `${text} Ой`, context())
      assert.deepStrictEqual(typed.unknown, ["Ой"])
      assert.deepStrictEqual(wishOf(typed, undefined), order)
    },
    { arbitrary: { runs: 100, seed: 7 } },
  )

  it.prop(
    "of any characters: only what is offered is read, and every other word is named",
    { text: Schema.String, index: small(resources.length), region: small(3) },
    ({ text, index, region }) => {
      const about = resources[index]
      const before =
        about === undefined
          ? undefined
          : { resource: about, targets: 0, region: context().offer.regions[region]! }
      const typed = readOrder(text, { ...context(), begun: before })
      for (const word of typed.unknown) assert.include(text, word)
      if (typed.quantity !== undefined) assert.include([1, 2, 3, 4, 5], typed.quantity)
      if (typed.region !== undefined) assert.include(context().offer.regions, typed.region)
      if (!typed.isUnderstood) {
        assert.deepStrictEqual(
          [typed.region, typed.quantity, typed.variant],
          [undefined, undefined, undefined],
        )
      }
    },
    { arbitrary: { runs: 200, seed: 7 } },
  )
})
