/** Screens as people read them, and the limits that Telegram sets to every one of them. */
import { assert, describe, it } from "@effect/vitest"
import { Duration, Option, Struct } from "effect"
import { closedEdit, type EditView, manyEdits, openEdit } from "../../../src/bot/admin/edits.ts"
import { todayOnlyScreen } from "../../../src/bot/admin/todayOnly.ts"
import { decodeAction, encodeAction } from "../../../src/bot/buttons.ts"
import { ofAdminsOnly } from "../../../src/bot/Commands.ts"
import { todoScreen } from "../../../src/bot/admin/todo.ts"
import { alarmNote, comebackNote } from "../../../src/bot/Notices.ts"
import { openCard } from "../../../src/bot/screens/applicationCard.ts"
import type { Screen } from "../../../src/bot/Screen.ts"
import { batchScreen, wholeText } from "../../../src/bot/screens/batch.ts"
import { groupMenu, help, mainMenu } from "../../../src/bot/screens/menu.ts"
import { isBatchPage, my, reminderScreen } from "../../../src/bot/screens/my.ts"
import {
  cut,
  menuBelow,
  messageMax,
  notice,
  visibleLength,
} from "../../../src/bot/screens/parts.ts"
import { notIssued, outOfStock, sentenceOf } from "../../../src/bot/screens/refused.ts"
import {
  arrivedScreen,
  endedScreen,
  startedScreen,
  stoppedScreen,
} from "../../../src/bot/screens/waits.ts"
import {
  quantityStep,
  regionStep,
  targetsStep,
  variantStep,
} from "../../../src/bot/screens/wizard.ts"
import { en } from "../../../src/bot/texts/en.ts"
import { ru } from "../../../src/bot/texts/ru.ts"
import type { Texts } from "../../../src/bot/texts/Texts.ts"
import type { Wait } from "../../../src/bot/Waitlist.ts"
import { waitsMax } from "../../../src/config/Limits.ts"
import { Resource } from "../../../src/domain/Catalogue.ts"
import { Day } from "../../../src/domain/Day.ts"
import { TelegramId } from "../../../src/domain/Employee.ts"
import type { Found } from "../../../src/domain/HandEdit.ts"
import {
  type Batch,
  type Issuance,
  IssuanceId,
  type Mark,
  requestKeyOf,
} from "../../../src/domain/Issuance.ts"
import { CountryCode, type Proxy, ProxyId } from "../../../src/domain/Proxy.ts"
import { shippedCatalogue } from "../../../src/domain/shippedCatalogue.ts"
import {
  NotAllowed,
  OutOfStock,
  PoolPaused,
  type Stock,
  TooManyPending,
} from "../../../src/pool/Contract.ts"
import { StorageUnavailable } from "../../../src/store/Journal.ts"
import { buttonsOf, labelsOf, textOf } from "../FakeTelegram.ts"
import { anItem, anna, zone } from "../Scene.ts"

const resources = shippedCatalogue.resources
const resource = (id: string) => {
  const found = resources.find((each) => each.id === id)
  if (found === undefined) throw new Error(`no ${id}`)
  return found
}
const mamba = resource("mamba")
const numbers = resource("number")
const today = Day.make("2026-11-22")
const now = Date.UTC(2026, 10, 22, 11, 22)
const minute = 60_000

const message = { chatId: anna, messageId: 123_456_789 }
const idOf = (number: number) => IssuanceId.make(String(number).padStart(10, "Z"))

const anIssuance = (number: number, more: Partial<Issuance> = {}): Issuance => ({
  id: idOf(number),
  item: anItem("mamba", `n${number}`),
  request: requestKeyOf(message),
  holder: anna,
  stage: "anna",
  region: "495",
  targets: [],
  issuedAt: now,
  confirmAt: now + 10 * minute,
  delivery: "delivered",
  mark: null,
  row: null,
  replacementOf: null,
  replacedBy: null,
  replacementDeclined: false,
  generation: 0,
  ...more,
})

const aMark = (status: string, more: Partial<Mark> = {}): Mark => ({
  status,
  at: now,
  by: anna,
  auto: false,
  ...more,
})

const aProxy = (index: number): Proxy => ({
  id: ProxyId.make(String(index).padStart(10, "P")),
  type: "socks5",
  endpoint: { host: `${"h".repeat(200)}${index}`, port: 65_535, user: "u", password: "p" },
  country: CountryCode.make("DE"),
  until: today,
  addedBy: null,
  addedAt: now,
  uses: [],
  place: "listed",
  generation: 0,
  expiryTold: false,
})

/** As long as anything in it may be. */
const anEdit = (found: Found): EditView => ({
  resource: mamba,
  edit: {
    resource: "mamba",
    issuance: idOf(1),
    digest: "z".repeat(7),
    tab: "Вкладка".repeat(30),
    row: found._tag === "Gone" ? null : 1_000_000,
    stage: "s".repeat(500),
    issuedAt: now,
    mark: aMark("good"),
    rewrites: 0,
    found,
  },
  markedBy: "b".repeat(500),
  now,
  zone,
})

const aBatch = (...issuances: ReadonlyArray<Issuance>): Batch => ({
  request: {
    key: requestKeyOf(message),
    message,
    resource: "mamba",
    variant: null,
    region: "495",
    targets: [],
    quantity: issuances.filter(({ replacementOf }) => replacementOf === null).length,
    by: anna,
    stage: "anna",
    at: now,
  },
  issuances,
})

const show = (batch: Batch, at = now, texts: Texts = ru) =>
  batchScreen({ batch, resource: mamba, now: at, zone }, texts)

/** Five items, each replaced three times. */
const chains = (item: (number: number) => Issuance["item"]) => {
  const all: Array<Issuance> = []
  for (let generation = 0; generation <= 3; generation += 1) {
    for (let place = 1; place <= 5; place += 1) {
      const number = generation * 5 + place
      all.push(
        anIssuance(number, {
          item: item(number),
          generation,
          mark: generation < 3 ? aMark("block") : null,
          replacementOf: generation === 0 ? null : idOf(number - 5),
          replacedBy: generation === 3 ? null : idOf(number + 5),
        }),
      )
    }
  }
  return aBatch(...all)
}

const markupBytes = ({ keyboard }: Screen) =>
  new TextEncoder().encode(
    JSON.stringify(
      keyboard.map((row) =>
        row.map((button) =>
          button.kind === "tap"
            ? { text: button.text, callback_data: button.data, style: button.style }
            : { text: button.text, copy_text: { text: button.copies } },
        ),
      ),
    ),
  ).length

const fits = (screen: Screen) => {
  assert.isAtMost(visibleLength(screen.html), messageMax)
  assert.isAtMost(String(screen.html).length, 32_000)
  assert.isAbove(textOf(screen).trim().length, 0)
  assert.isAtMost(buttonsOf(screen).length, 100)
  for (const row of screen.keyboard) assert.isAtMost(row.length, 8)
  assert.isAtMost(markupBytes(screen), 10_000)
  for (const button of buttonsOf(screen)) {
    assert.isAbove(button.text.length, 0)
    if (button.kind === "copy") assert.isAtMost(button.copies.length, 256)
    else {
      assert.isAtMost(new TextEncoder().encode(button.data).length, 64)
      assert.isTrue(Option.isSome(decodeAction(button.data)), button.data)
    }
  }
}

describe("a batch", () => {
  it("names the columns in the language of the screen, and extras as the sheet does", () => {
    const item = { ...anItem("mamba", "one"), extras: [{ header: "Прокси", text: "x" }] }
    const batch = aBatch(anIssuance(1, { item }))
    const english = show(batch, now, en)
    for (const line of ["Login: one@example.com", "Password: secret-one", "Прокси: x"]) {
      assert.include(textOf(english), line)
    }
    assert.deepStrictEqual(labelsOf(english)[0], ["📋 Password"])
    assert.include(textOf(show(batch)), "Логин: one@example.com")

    const columns = mamba.columns.map((column) => Struct.omit(column, ["label"]))
    const own = { batch, resource: { ...mamba, columns }, now, zone }
    assert.include(textOf(batchScreen(own, en)), "Логин: one@example.com")

    const long = { ...item, fields: { ...item.fields, password: "p".repeat(5000) } }
    const file = wholeText(
      { ...own, batch: aBatch(anIssuance(1, { item: long })), resource: mamba },
      en,
    )
    assert.match(file ?? "", /^1\.\nLogin: one@example\.com\nPassword: p{5000}\nПрокси: x\n$/)
  })

  it("names no number of an item that was handed over or put aside", () => {
    const left = show(aBatch(anIssuance(1, { mark: aMark("block"), replacedBy: idOf(6) })))
    const came = show(aBatch(anIssuance(6, { replacementOf: idOf(1), generation: 1 })))
    for (const screen of [left, came]) assert.notMatch(textOf(screen), /замен\S* \S*\s*0|: 0/)
    assert.include(textOf(left), "⛔ Блок")
  })

  it("the row of an item: as issued, marked, ten minutes later, a day later", () => {
    const marked = anIssuance(1, { mark: aMark("block") })
    assert.deepStrictEqual(labelsOf(show(aBatch(anIssuance(1)))), [
      ["📋 Пароль"],
      ["⛔ Блок", "✅ Хороший", "🛠 Дефектный"],
      ["+10 минут", "➡️ Передать", "☰ Меню"],
    ])
    assert.deepStrictEqual(
      show(aBatch(anIssuance(1))).keyboard[1]?.map((button) =>
        button.kind === "tap" ? button.style : undefined,
      ),
      ["danger", "success", undefined],
    )
    assert.deepStrictEqual(labelsOf(show(aBatch(marked))), [
      ["отменить", "изменить"],
      ["✍️ Почему?"],
      ["Да, заменить", "Нет"],
      ["☰ Меню"],
    ])
    assert.deepStrictEqual(labelsOf(show(aBatch(marked), now + 11 * minute)), [
      ["изменить"],
      ["Да, заменить", "Нет"],
      ["☰ Меню"],
    ])
    assert.deepStrictEqual(labelsOf(show(aBatch(marked), now + 1441 * minute)), [
      ["🔁 Ещё раз так же", "☰ Меню"],
    ])
  })

  it("after the third replacement no further one is offered", () => {
    const third = anIssuance(1, { mark: aMark("block"), generation: 3 })
    assert.notInclude(labelsOf(show(aBatch(third))).flat(), "Да, заменить")
    const second = anIssuance(1, { mark: aMark("block"), generation: 2 })
    assert.include(labelsOf(show(aBatch(second))).flat(), "Да, заменить")
  })

  it("the mark of the timer says so, and cannot be undone", () => {
    const auto = anIssuance(1, { mark: aMark("good", { auto: true }) })
    assert.deepStrictEqual(labelsOf(show(aBatch(auto)))[1], ["изменить"])
    assert.include(textOf(show(aBatch(auto))), "✅ Хороший (сам)")
  })

  it("in English", () => {
    const text = textOf(show(aBatch(anIssuance(1)), now, en))
    assert.include(text, "Mamba › 495 › 1 pc › Any")
    assert.include(text, "confirms itself at 14:32")
  })

  it("a status that the catalogue no longer has is shown by its id", () => {
    assert.include(textOf(show(aBatch(anIssuance(1, { mark: aMark("gone") })))), "gone")
  })

  it("a password that no clipboard takes has no copy button", () => {
    const item = anItem("mamba", "x", { fields: { login: "x", password: "p".repeat(257) } })
    assert.notInclude(labelsOf(show(aBatch(anIssuance(1, { item })))).flat(), "📋 Пароль")
  })

  const extras = (length: number) =>
    Array.from({ length: 6 }, (_, index) => ({
      header: `Поле ${index} ${"х".repeat(60)}`,
      text: "&<".repeat(length / 2),
    }))
  for (const [what, item] of [
    ["short", (n: number) => anItem("mamba", `n${n}`)],
    ["with long extras", (n: number) => anItem("mamba", `n${n}`, { extras: extras(4000) })],
    [
      "with long values and long extras",
      (n: number) =>
        anItem("mamba", `n${n}`, {
          fields: { login: `${"l".repeat(90)}${n}`, password: `${"p".repeat(90)}${n}` },
          extras: extras(200),
        }),
    ],
    [
      "with values that no message holds",
      (n: number) =>
        anItem("mamba", `n${n}`, {
          fields: { login: `${n}${"💥".repeat(3000)}`, password: `${n}${"<".repeat(5000)}` },
        }),
    ],
  ] as const) {
    it(`5 items × 3 replacements, ${what}, fit one message`, () => {
      const batch = chains(item)
      for (const texts of [ru, en]) {
        for (const changing of [undefined, idOf(1), idOf(20)]) {
          const view = { batch, resource: mamba, now, zone, note: "x".repeat(100) }
          fits(batchScreen(changing === undefined ? view : { ...view, changing }, texts))
        }
      }
    })
  }

  it("login and password are whole as long as only extras have to give way", () => {
    const fields = { login: "l".repeat(90), password: "p".repeat(90) }
    const screen = show(
      chains((number) => anItem("mamba", `n${number}`, { fields, extras: extras(4000) })),
    )
    assert.lengthOf(textOf(screen).match(new RegExp(`\n${fields.password} · `, "g")) ?? [], 5)
    assert.include(textOf(screen), "Часть значений не поместилась")
  })

  it("extras that fit are whole, and nothing is said of what did not fit", () => {
    const item = anItem("mamba", "x", { extras: [{ header: "Ссылка", text: "s".repeat(500) }] })
    const text = textOf(show(aBatch(anIssuance(1, { item }))))
    assert.include(text, `Ссылка: ${"s".repeat(500)}`)
    assert.notInclude(text, "не поместилась")
  })
})

describe("regions", () => {
  const step = { resource: mamba, targets: 0, up: { _tag: "Menu" }, onlyDay: null } as const
  const many = Array.from({ length: 90 }, (_, index) => `Область${String(index).padStart(9, "0")}`)

  it("more than a page are turned over, each page within the limits", () => {
    const first = regionStep({ ...step, regions: many, page: 0 }, ru)
    assert.deepStrictEqual(labelsOf(first).at(-2), ["1/3", "›"])
    assert.lengthOf(labelsOf(first).slice(0, -2).flat(), 40)
    const last = regionStep({ ...step, regions: many, page: 9 }, ru)
    assert.deepStrictEqual(labelsOf(last).at(-2), ["‹", "3/3"])
    assert.lengthOf(labelsOf(last).slice(0, -2).flat(), 10)
  })

  it("a page knows the resource and the targets it is for", () => {
    const page = regionStep({ ...step, resource: numbers, targets: 5, regions: many, page: 1 }, ru)
    assert.deepStrictEqual(
      page.keyboard.at(-2)?.map((button) => (button.kind === "tap" ? button.data : "")),
      ["rs1:number.5.0", "rs1:number.5.1", "rs1:number.5.2"],
    )
    assert.include(textOf(page), "Номера › Beboo, Табор")
  })

  it("none at all is a sentence", () => {
    const screen = regionStep({ ...step, regions: [], page: 0 }, ru)
    assert.strictEqual(textOf(screen), "Mamba\n\nРегионов пока нет. Их добавляют администраторы.")
  })
})

describe("every screen", () => {
  const longest = Resource.make({
    ...mamba,
    id: "abcdefghi9",
    dayBound: true,
    columns: mamba.columns.map((column) => ({ ...column, required: true })),
    targets: Array.from({ length: 12 }, (_, index) => ({
      id: `target${index}`,
      label: { ru: `Ресурс ${index} ${"р".repeat(90)}`, en: `Resource ${index} ${"r".repeat(90)}` },
    })),
    variants: [
      { id: "abcdefg8", label: { ru: "Длинный вариант", en: "A long variant" } },
      ...mamba.variants,
    ],
    statuses: mamba.statuses.map((status, index) => ({ ...status, id: `abcdefghi${index}` })),
    autoStatus: null,
  })
  const region = "Владивостокский0"
  const regions = Array.from({ length: 60 }, (_, index) => `${index}Владивосток`).concat(region)
  const order = { resource: longest, targets: 4095, region, quantity: 5 }
  const first = {
    resource: longest,
    targets: 4095,
    up: { _tag: "Group", group: "accounts" },
    onlyDay: today,
  } as const
  const reason = {
    resource: longest.id,
    variant: "male",
    region,
    byVariant: { "": 3, male: 0, female: 12, abcdefg8: 4, unknown: 1 },
    byRegion: Object.fromEntries(regions.map((code) => [code, 7])),
    onlyDay: today,
    hidden: 34,
  }
  const stock: Stock = {
    byVariant: {},
    byTab: {},
    scarcest: {},
    available: 12_345,
    onlyDay: null,
    hidden: 1_234,
    returning: 123,
    pending: 0,
    buffer: 0,
    corrections: 0,
    abandoned: 0,
    quarantine: 0,
    pendingBy: {},
    unwrittenBy: {},
    quarantineBy: {},
    version: "0",
    paused: null,
    trash: [],
  }
  const disk = new StorageUnavailable({ operation: "write", cause: undefined })
  const application = {
    id: TelegramId.make(Number.MAX_SAFE_INTEGER),
    stage: "<Новый & ник>".padEnd(32, "ш"),
    openedAt: now,
    remindedAt: null,
    cards: [],
    decision: null,
  }

  const full = chains((index) =>
    anItem("mamba", `n${index}`, {
      fields: {
        login: `${index}${"l".repeat(3000)}`,
        password: "p".repeat(3000),
        date: `22.11.2026 ${"д".repeat(3000)}`,
      },
    }),
  )

  const known = { ...order, variant: "abcdefg8" }
  const waiting = { resources: [longest], now, zone }
  const aWait = (place: number): Wait => ({
    by: anna,
    resource: longest.id,
    targets: longest.targets.map(({ id }) => id),
    region: `${place}${region}`.slice(0, 16),
    variant: "abcdefg8",
    quantity: 5,
    since: now,
    at: now,
    isTelling: false,
  })
  const allWaits = Array.from({ length: waitsMax }, (_, place) => aWait(place))
  const everything = {
    issuances: Array.from({ length: 60 }, (_, index) =>
      anIssuance(index, {
        item: anItem("mamba", "l".repeat(300)),
        region,
        request: requestKeyOf({ chatId: anna, messageId: 123_450_000 + index }),
        mark: index < 10 ? null : aMark("good", { auto: true }),
      }),
    ),
    taken: {
      today,
      proxies: Array.from({ length: 40 }, (_, index) => aProxy(index)),
    },
  }

  const screens = (texts: Texts): Record<string, Screen | undefined> => ({
    menu: mainMenu(resources, texts),
    ...Object.fromEntries(
      (["accounts", "mail", "numbers", "proxies"] as const).map((group) => [
        group,
        groupMenu(group, resources, texts),
      ]),
    ),
    help: help(resources, texts),
    helpOfAdmins: help(resources, texts, ofAdminsOnly),
    notice: notice("…", texts, [menuBelow(texts)]),
    targets: targetsStep(first, texts),
    noTargets: targetsStep({ ...first, resource: numbers, targets: 0, onlyDay: null }, texts),
    regions: regionStep({ ...first, regions, page: 0 }, texts),
    regions2: regionStep({ ...first, regions, page: 1 }, texts),
    regionsFirst: regionStep({ ...first, resource: mamba, targets: 0, regions, page: 0 }, texts),
    quantity: quantityStep(order, texts),
    quantityOnly: quantityStep(
      { ...order, resource: { ...longest, variantQuestion: null } },
      texts,
    ),
    variant: variantStep(order, texts),
    outOfStock: outOfStock(order, new OutOfStock(reason), regions, texts),
    noneOfToday: outOfStock(
      { ...order, resource: numbers, targets: 7 },
      new OutOfStock({ ...reason, resource: "number", byVariant: {}, byRegion: {}, hidden: 0 }),
      regions,
      texts,
    ),
    todayOnly: todayOnlyScreen(
      [
        { resource: numbers, stock: { ...stock, onlyDay: today } },
        { resource: longest, stock },
      ],
      numbers,
      texts,
    ),
    nothingByDay: todayOnlyScreen([], undefined, texts),
    tooMany: notIssued(order, null, new TooManyPending({ limit: 10, pending: 10 }), texts),
    disk: notIssued(order, "abcdefg8", disk, texts),
    batch: batchScreen(
      { batch: aBatch(anIssuance(1)), resource: longest, now, zone, changing: idOf(1) },
      texts,
    ),
    changing: batchScreen(
      {
        batch: aBatch(anIssuance(1, { mark: aMark("abcdefghi0") })),
        resource: longest,
        now,
        zone,
        changing: idOf(1),
      },
      texts,
    ),
    offered: batchScreen(
      { batch: aBatch(anIssuance(1, { mark: aMark("abcdefghi0") })), resource: longest, now, zone },
      texts,
    ),
    fullest: batchScreen(
      {
        batch: {
          request: { ...full.request, targets: longest.targets.map(({ id }) => id) },
          issuances: full.issuances,
        },
        resource: longest,
        now,
        zone,
        note: "x".repeat(100),
      },
      texts,
    ),
    withdrawn: batchScreen({ batch: aBatch(), resource: longest, now, zone }, texts),
    my: my(
      {
        issuances: Array.from({ length: 200 }, (_, index) =>
          anIssuance(index, {
            item: anItem("mamba", "l".repeat(300)),
            request: requestKeyOf({ chatId: anna, messageId: 123_450_000 + index }),
            mark: index < 90 ? null : aMark("good", { auto: true }),
          }),
        ),
        resources,
        zone,
      },
      texts,
    ),
    nothing: my({ issuances: [], resources, zone }, texts),
    myFull: my({ ...everything, resources, zone, waits: { ...waiting, waits: allWaits } }, texts),
    waitStarted: startedScreen(aWait(0), waiting, texts),
    waitStopped: stoppedScreen(aWait(0), [longest], texts),
    waitEnded: endedScreen(aWait(0), known, [longest], texts),
    waitLost: endedScreen({ ...aWait(0), resource: "gone" }, undefined, [longest], texts),
    arrived: arrivedScreen(known, 3, texts),
    reminder: reminderScreen(
      {
        request: full.request,
        resource: longest,
        left: Duration.minutes(2),
        time: "14:32",
        count: 5,
      },
      texts,
    ),
    menuRepeating: mainMenu(resources, texts, known),
    paused: notIssued(
      order,
      "abcdefg8",
      new PoolPaused({ resource: longest.id, note: "п".repeat(200) }),
      texts,
    ),
    card: openCard(application, texts.admin.card, zone, texts),
    todo: todoScreen(
      {
        todos: Array.from({ length: 500 }, (_, index) => ({
          _tag: "Aside",
          resource: "vk",
          tab: `${index} ${"Вкладка".repeat(20)}`,
          rows: 12_345,
        })),
        solved: [{ _tag: "HeaderMoved", tab: "Вкладка".repeat(20) }],
        reasons: Array.from({ length: 500 }, (_, index) => ({
          pool: "vk",
          tab: `${index % 5} ${"Вкладка".repeat(20)}`,
          reason: index % 2 === 0 ? "missing" : "formula",
          column: `Столбец ${index}`,
          count: index,
          resource: undefined,
        })),
      },
      texts,
    ),
    alarm: alarmNote({ alarm: { _tag: "StorageUnavailable" }, raised: true }, texts),
    edit: openEdit(anEdit({ _tag: "Value", column: "С".repeat(100) }), texts),
    editOver: closedEdit(anEdit({ _tag: "Gone" }), texts.checks.edits.over, texts),
    edits: manyEdits(
      Array.from({ length: 500 }, (_, index) => ({
        ...anEdit({ _tag: "Gone" }).edit,
        tab: `${index} ${"Вкладка".repeat(20)}`,
      })),
      texts,
    ),
    comeback: comebackNote(
      {
        recovered: [{ resource: "vk", available: 21, pending: 2, buffer: 5, unsure: 1 }],
        left: { lastEventAt: 0, openWrites: 1 },
        isSettled: true,
        checked: undefined,
      },
      zone,
      texts,
    ),
  })

  for (const [language, texts] of [
    ["ru", ru],
    ["en", en],
  ] as const) {
    for (const [name, screen] of Object.entries(screens(texts))) {
      it(`${name} (${language}): text and buttons fit, every button decodes`, () => {
        if (screen === undefined) return assert.fail("no screen")
        return fits(screen)
      })
    }
  }

  it("no button does nothing, and the one that says which page this is draws it anew", () => {
    const noop = encodeAction({ _tag: "Noop" })
    for (const texts of [ru, en]) {
      const buttons = Object.entries(screens(texts)).flatMap(([name, screen]) =>
        (screen?.keyboard.flat() ?? []).flatMap((button) =>
          button.kind === "tap" ? [{ ...button, name }] : [],
        ),
      )
      assert.deepStrictEqual(
        buttons.filter(({ data }) => data === noop),
        [],
      )
      const pages = buttons.filter(({ text }) => /^(\d+\/\d+|стр\. \d+|page \d+)$/.test(text))
      assert.isNotEmpty(pages)
      for (const { name, text, data } of pages) {
        const number = Number(/\d+/.exec(text)?.[0])
        const action = Option.getOrThrow(decodeAction(data))
        assert.strictEqual("page" in action ? action.page : undefined, number - 1, name)
      }
    }
  })

  it("a list of mine leads to the batch it names", () => {
    const key = requestKeyOf({ chatId: anna, messageId: 987_654_321 })
    assert.isTrue(isBatchPage(key, 4321))
    assert.isFalse(isBatchPage(key, 4322))
  })
})

describe("nothing for a region", () => {
  it("counts variants that nobody is asked for together, under the one name people know", () => {
    const unasked = { ...mamba, variantQuestion: null }
    const error = new OutOfStock({
      resource: "mamba",
      variant: null,
      region: "495",
      byVariant: { male: 2, female: 3 },
      byRegion: { "812": 5 },
      onlyDay: null,
      hidden: 0,
    })
    const order = { resource: unasked, targets: 0, region: "495", quantity: 1 }
    const screen = outOfStock(order, error, ["495", "812"], ru)
    assert.include(textOf(screen), "Есть на складе: Mamba: 5\nЗакреплено за регионами: 812: 5")
  })
})

describe("sentences", () => {
  it("of a refusal fit an alert, whatever stands in it", () => {
    for (const texts of [ru, en]) {
      const long = { ...mamba, label: { ru: "Р".repeat(300), en: "R".repeat(300) } }
      const error = new OutOfStock({
        resource: "mamba",
        variant: null,
        region: "495",
        byVariant: {},
        byRegion: {},
        onlyDay: today,
        hidden: 3,
      })
      assert.strictEqual(sentenceOf(error, long, texts).length, 200)
    }
    assert.strictEqual(
      sentenceOf(new NotAllowed({ id: "x", reason: "undoOver" }), mamba, ru),
      "Десять минут прошли, снять отметку уже нельзя. Её можно изменить.",
    )
  })

  it("a cut text never ends in half a sign", () => {
    assert.strictEqual(cut("abc", 3), "abc")
    assert.strictEqual(cut("abcd", 3), "ab…")
    assert.isTrue(cut("💥💥💥", 4).isWellFormed())
  })
})
