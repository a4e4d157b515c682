/** Screens about proxies, within the limits that Telegram sets to every one of them. */
import { assert, describe, it } from "@effect/vitest"
import { Option } from "effect"
import { decodeAction } from "../../../src/bot/buttons.ts"
import { LineProblem, type ProxyDraft } from "../../../src/bot/ProxyDrafts.ts"
import type { Screen } from "../../../src/bot/Screen.ts"
import { my } from "../../../src/bot/screens/my.ts"
import { messageMax, visibleLength } from "../../../src/bot/screens/parts.ts"
import {
  addScreen,
  type AddView,
  endedScreen,
  refusedCaption,
  refusedScreen,
  savedScreen,
} from "../../../src/bot/screens/proxyAdd.ts"
import {
  endingScreen,
  goodsScreen,
  listStep,
  proxyMenu,
  releasedScreen,
  reservedScreen,
  stockStep,
  targetsStep,
} from "../../../src/bot/screens/proxyGet.ts"
import { bitsOf, daysLeft } from "../../../src/bot/screens/proxyParts.ts"
import { en } from "../../../src/bot/texts/en.ts"
import { ru } from "../../../src/bot/texts/ru.ts"
import type { Texts } from "../../../src/bot/texts/Texts.ts"
import { withLines } from "../../../src/bot/wizards/proxyAdd.ts"
import type { Resource } from "../../../src/domain/Catalogue.ts"
import { countryCodes } from "../../../src/domain/countries.ts"
import { Day } from "../../../src/domain/Day.ts"
import { IssuanceId, requestKeyOf } from "../../../src/domain/Issuance.ts"
import { CountryCode, type Proxy, ProxyId, type Reservation } from "../../../src/domain/Proxy.ts"
import { parseProxyText } from "../../../src/domain/proxyLine.ts"
import type { Standing } from "../../../src/pool/proxies/Proxies.ts"
import { shippedCatalogue } from "../../../src/domain/shippedCatalogue.ts"
import { buttonsOf, textOf } from "../FakeTelegram.ts"
import { anItem, anna, zone } from "../Scene.ts"

const today = Day.make("2026-11-22")
const resources = shippedCatalogue.resources
const shipped = resources.find(({ id }) => id === "proxy")
if (shipped === undefined) throw new Error("no proxies in the catalogue")

/** As many targets as a catalogue may have, with names that nobody would give them. */
const widest: Resource = {
  ...shipped,
  targets: Array.from({ length: 12 }, (_, index) => ({
    id: `t${index}`,
    label: { ru: "Р".repeat(100), en: "R".repeat(100) },
  })),
}
const everything = 2 ** 12 - 1
const ids = widest.targets.map(({ id }) => id)

const aProxy = (index: number, more: Partial<Proxy> = {}): Proxy => ({
  id: ProxyId.make(String(index).padStart(10, "0")),
  type: "socks5",
  endpoint: { host: `h${"x".repeat(60)}.example.com`, port: 65_535, user: "u", password: "p" },
  country: countryCodes[index % countryCodes.length] ?? CountryCode.make("DE"),
  until: Day.make("2026-12-22"),
  addedBy: anna,
  addedAt: 0,
  uses: [],
  place: "listed",
  generation: 1,
  expiryTold: false,
  ...more,
})

const free = Array.from({ length: 500 }, (_, index) => aProxy(index))

const reservation: Reservation = {
  proxy: ProxyId.make("0123456789"),
  generation: 1_000_000_000,
  targets: ["t0", ...ids.slice(1)],
  by: anna,
  stage: "anna",
  message: { chatId: anna, messageId: 1 },
  at: 0,
  until: 300_000,
}

const empty: ProxyDraft = {
  message: { chatId: anna, messageId: 1 },
  step: "type",
  type: "socks5",
  endpoints: [],
  texts: [],
  report: null,
  targets: ids,
  country: CountryCode.make("GS"),
  today,
  at: 0,
}

const nothingKnown: Standing = { lines: new Set(), logins: new Set(), gateways: new Set() }

/** Two hundred lines that will not do, and some that will. */
const draft = withLines(empty, {
  id: 1,
  lines: parseProxyText(
    [
      ...Array.from({ length: 200 }, () => "nonsense"),
      ...Array.from({ length: 250 }, (_, index) => `192.0.2.1:${index + 1}`),
    ].join("\n"),
    "http",
  ),
  known: nothingKnown,
})

const at = (step: ProxyDraft["step"], page = 0): AddView => ({
  draft: { ...draft, step },
  resource: widest,
  recent: [...countryCodes].toReversed(),
  page,
})

/** The first twenty lines of a message, each with another problem. */
const everyProblem = {
  rejected: LineProblem.literals.length,
  bad: LineProblem.literals.slice(0, 20).map((problem, index) => ({ number: index + 1, problem })),
}
const numbers = Array.from({ length: 20 }, (_, index) => index + 1_000)
const everyRefused = LineProblem.literals.map((problem) => ({ text: "<192.0.2.7>", problem }))

const cell = "x".repeat(50_000)
const monster = aProxy(1, { endpoint: { host: cell, port: 1, user: cell, password: cell } })

const screens = (texts: Texts): Readonly<Record<string, Screen>> => ({
  menu: proxyMenu(500, texts),
  type: addScreen(at("type"), texts),
  lines: addScreen(at("lines"), texts),
  used: addScreen(at("targets"), texts),
  ...Object.fromEntries(
    Array.from({ length: 13 }, (_, page) => [
      `countries ${page}`,
      addScreen(at("country", page), texts),
    ]),
  ),
  days: addScreen(at("days"), texts),
  saved: savedScreen({ draft, resource: widest, days: 30, saved: 150 }, texts),
  notSaved: savedScreen({ draft, resource: widest, days: 30, saved: 0 }, texts),
  asking: addScreen(
    { ...at("lines"), draft: { ...draft, step: "lines", asked: draft.endpoints } },
    texts,
  ),
  held: addScreen(
    {
      ...at("lines"),
      draft: { ...draft, step: "lines", tail: { number: 9, text: "192.0.2.1:80", isHeld: true } },
    },
    texts,
  ),
  reports: addScreen(
    {
      ...at("lines"),
      draft: {
        ...draft,
        step: "lines",
        report: { ...everyProblem, accepted: 200, renewed: 21, isJoined: true, spaced: numbers },
      },
    },
    texts,
  ),
  refused: refusedScreen({ refused: everyRefused, step: "lines" }, texts),
  refusedLater: refusedScreen({ refused: everyRefused, step: "saved" }, texts),
  refusedCaption: refusedCaption(everyRefused, texts),
  ended: endedScreen(draft, nothingKnown, texts),
  endedKept: endedScreen(draft, nothingKnown, texts, true),
  endedRefused: endedScreen({ ...draft, endpoints: [], step: "saved" }, nothingKnown, texts),
  endedEmpty: endedScreen({ endpoints: [] }, nothingKnown, texts),
  targets: targetsStep(widest, everything, texts),
  stock: stockStep({ resource: widest, targets: everything, free }, texts),
  none: stockStep({ resource: widest, targets: everything, free: [] }, texts),
  ...Object.fromEntries(
    [0, 62, 9_999].map((page) => [
      `list ${page}`,
      listStep(
        {
          resource: widest,
          targets: everything,
          free: free.map((proxy) => ({ ...proxy, country: CountryCode.make("GS") })),
          country: CountryCode.make("GS"),
          page,
          today,
        },
        texts,
      ),
    ]),
  ),
  nothingLeft: listStep(
    {
      resource: widest,
      targets: 1,
      free: [],
      country: CountryCode.make("GS"),
      page: 3,
      today,
    },
    texts,
  ),
  reserved: reservedScreen({ reservation, proxy: monster, resource: widest }, zone, texts),
  timedOut: releasedScreen({ reservation, proxy: monster, resource: widest }, "timedOut", texts),
  lostTargets: releasedScreen(
    { reservation, proxy: monster, resource: shipped },
    "superseded",
    texts,
  ),
  goods: goodsScreen({ proxy: monster, targets: ids, resource: widest }, texts),
  openProxy: goodsScreen(
    {
      proxy: aProxy(1, { endpoint: { host: "2001:db8::1", port: 1, user: "", password: "" } }),
      targets: ["t0"],
      resource: widest,
    },
    texts,
  ),
  ending: endingScreen(free, texts),
  my: my(
    {
      issuances: Array.from({ length: 200 }, (_, index) => ({
        id: IssuanceId.make(`I${String(index).padStart(9, "0")}`),
        item: anItem("mamba", "l".repeat(300)),
        request: requestKeyOf({ chatId: anna, messageId: 1_000 + index }),
        holder: anna,
        stage: "anna",
        region: "495",
        targets: [],
        issuedAt: 0,
        confirmAt: 600_000,
        delivery: "delivered",
        mark: null,
        row: null,
        replacementOf: null,
        replacedBy: null,
        replacementDeclined: false,
        generation: 0,
      })),
      resources,
      zone,
      taken: { proxies: free, today },
    },
    texts,
  ),
})

const fits = (screen: Screen) => {
  assert.isAtMost(visibleLength(screen.html), messageMax)
  assert.isAtLeast(textOf(screen).trim().length, 1)
  assert.isTrue(textOf(screen).isWellFormed())
  assert.isAtMost(buttonsOf(screen).length, 100)
  for (const row of screen.keyboard) assert.isAtMost(row.length, 8)
  for (const button of buttonsOf(screen)) {
    assert.isTrue(button.text.trim() !== "")
    if (button.kind === "copy") continue
    assert.isAtMost(new TextEncoder().encode(button.data).length, 64)
    assert.isTrue(Option.isSome(decodeAction(button.data)), button.data)
  }
}

describe("screens about proxies", () => {
  for (const [language, texts] of [
    ["ru", ru],
    ["en", en],
  ] as const) {
    for (const [name, screen] of Object.entries(screens(texts))) {
      it(`${name} (${language}): text and buttons fit, every button decodes`, () => fits(screen))
    }
  }

  it("in English have no word of Russian, but for what people and catalogues call by it", () => {
    const english: Resource = { ...widest, issuedTab: "Proxies" }
    const views = {
      ...screens(en),
      saved: savedScreen({ draft, resource: english, days: 30, saved: 150 }, en),
    }
    for (const [name, screen] of Object.entries(views)) {
      const read = [textOf(screen), ...buttonsOf(screen).map(({ text }) => text)].join("\n")
      assert.notMatch(read, /[А-Яа-яЁё]/, name)
    }
  })

  for (const [language, texts] of [
    ["ru", ru],
    ["en", en],
  ] as const) {
    it(`every problem of a line has a sentence of its own (${language})`, () => {
      const told = LineProblem.literals.map((problem) => texts.proxies.adding.problems[problem])
      assert.strictEqual(new Set(told).size, told.length)
      const text = textOf(refusedScreen({ refused: everyRefused, step: "lines" }, texts))
      for (const one of told) assert.include(text, `# ${one}\n<192.0.2.7>`)
    })
  }

  it("only the goods show an address, a user or a password", () => {
    const proxy = aProxy(1, {
      endpoint: { host: "192.0.2.77", port: 8080, user: "login-77", password: "secret-77" },
    })
    const view = { reservation, proxy, resource: widest }
    const masked = [
      listStep(
        {
          resource: widest,
          targets: 1,
          free: [proxy],
          country: proxy.country,
          page: 0,
          today,
        },
        ru,
      ),
      reservedScreen(view, zone, ru),
      releasedScreen(view, "timedOut", ru),
      endingScreen([proxy], ru),
      my({ issuances: [], resources, zone, taken: { proxies: [proxy], today } }, ru),
    ]
    for (const screen of masked) {
      assert.include(JSON.stringify(screen) + textOf(screen), "192.0.2.x:8080")
      assert.notMatch(JSON.stringify(screen) + textOf(screen), /192\.0\.2\.77|-77/)
    }
  })

  it("all countries can be reached, the ones used last first and none twice", () => {
    const shown = Array.from({ length: 13 }, (_, page) =>
      buttonsOf(
        addScreen({ ...at("country", page), recent: [CountryCode.make("ZW")] }, ru),
      ).flatMap((button) =>
        button.kind === "tap"
          ? Option.toArray(decodeAction(button.data)).flatMap((action) =>
              action._tag === "ProxyCountry" ? [action.country] : [],
            )
          : [],
      ),
    ).flat()
    assert.strictEqual(shown[0], "ZW")
    assert.lengthOf(shown, countryCodes.length)
    assert.strictEqual(new Set(shown).size, countryCodes.length)
  })

  it("countries stand two in a row: names of two words fit", () => {
    for (const page of [0, 6, 12]) {
      for (const row of addScreen(at("country", page), ru).keyboard.slice(0, -2)) {
        assert.isAtMost(row.length, 2)
      }
    }
  })

  it("the last question says what the proxies were used for, and nothing where for nothing", () => {
    const asking = (targets: ReadonlyArray<string>) => {
      const view = at("days")
      return textOf(addScreen({ ...view, draft: { ...view.draft, targets } }, ru))
    }
    assert.include(asking(ids.slice(0, 1)), "Уже использованы для: ")
    assert.notInclude(asking([]), "использованы")
  })

  it("where countries do not all fit, the fullest do", () => {
    const last = countryCodes.length - 1
    const more = Array.from({ length: 5 }, () => aProxy(last))
    const screen = stockStep({ resource: widest, targets: 1, free: [...free, ...more] }, ru)
    assert.include(textOf(screen), "И ещё 159 стран")
    assert.isTrue(buttonsOf(screen).some(({ text }) => text.endsWith(": 7")))
  })

  it("two hundred bad lines: the first twenty by number and reason, then how many more", () => {
    const text = textOf(addScreen(at("lines"), ru))
    assert.include(text, "Принято 200, не принято 250:")
    assert.include(text, "строка 20: в ней нет двоеточия")
    assert.notInclude(text, "строка 21:")
    assert.include(text, "и ещё 230 строк")
    assert.notInclude(text, "nonsense")
  })

  it("days are counted as people count them", () => {
    const texts = [0, 1, 2, 5, 11, 21].map((days) =>
      daysLeft(
        aProxy(1, { until: Day.make(`2026-12-${String(days + 1).padStart(2, "0")}`) }),
        Day.make("2026-12-01"),
        ru,
      ),
    )
    assert.deepStrictEqual(texts, [
      "последний день",
      "1 день",
      "2 дня",
      "5 дней",
      "11 дней",
      "21 день",
    ])
  })

  it("targets that the catalogue lost are no bits", () => {
    assert.strictEqual(bitsOf(widest, ["t0", "gone", "t11"]), 1 + 2 ** 11)
  })

  it("alerts and toasts fit into one", () => {
    for (const { proxies } of [ru, en]) {
      const { getting, adding, mine } = proxies
      const all = [
        ...Object.values(getting.unavailable),
        ...Object.values(getting.over),
        getting.taken,
        getting.released,
        adding.isSaved,
        adding.endedDropping(200),
        mine.gone,
      ]
      for (const text of all) assert.isAtMost(text.length, 200, text)
      for (const text of [...Object.values(getting.unavailable), ...Object.values(getting.over)]) {
        assert.match(text, /[Нн]ичего не|[Nn]othing (was|is|changed)/)
      }
    }
  })
})
