/** Adding proxies: the draft from its first button to the registry, through every interruption. */
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Layer, Option, Schema } from "effect"
import { TestClock } from "effect/testing"
import { ProxyDrafts } from "../../../src/bot/ProxyDrafts.ts"
import { hasLogin } from "../../../src/bot/wizards/proxyAdd.ts"
import { layer as ProxyNotices } from "../../../src/bot/ProxyNotices.ts"
import { Day } from "../../../src/domain/Day.ts"
import { CountryCode } from "../../../src/domain/Proxy.ts"
import { MemoryJournal } from "../../store/MemoryJournal.ts"
import * as FakeTelegram from "../FakeTelegram.ts"
import { labelsOf } from "../FakeTelegram.ts"
import { add, line, afternoon } from "../proxyFixtures.ts"
import * as Scene from "../Scene.ts"
import { anna, boris } from "../Scene.ts"

type TheScene = Effect.Success<ReturnType<typeof Scene.make>>

const begin = Effect.fnUntraced(function* (scene: TheScene, type = "SOCKS5") {
  yield* TestClock.setTime(afternoon)
  yield* scene.fromMenu(anna, "Прокси", "Добавить прокси", type)
})

const registered = (scene: TheScene) =>
  Effect.map(scene.proxies.registry, (all) => all.map(({ endpoint }) => endpoint.host))

const draftOf = (scene: TheScene) => Context.get(scene.context, ProxyDrafts).find(anna)

const documents = (disk: ReturnType<typeof MemoryJournal.makeDisk>) => [
  ...(disk.tables.documents.get("proxy draft") ?? []),
]

describe("adding proxies", () => {
  it.effect(
    "type, lines, what for, country, days: saved, and of the draft only the refused line is left",
    () =>
      Effect.gen(function* () {
        const scene = yield* Scene.make()
        yield* TestClock.setTime(afternoon)
        yield* scene.fromMenu(anna, "Прокси")
        assert.strictEqual(scene.lastText(anna), "Прокси\n\nСвободно сейчас: 0")
        assert.deepStrictEqual(labelsOf(scene.last(anna).screen), [
          ["Получить прокси", "Добавить прокси"],
          ["‹ Назад"],
        ])
        yield* scene.tap(anna, "Добавить прокси")
        assert.strictEqual(scene.lastText(anna), "Добавление прокси\n\nКакого они типа?")
        assert.deepStrictEqual(labelsOf(scene.last(anna).screen), [
          ["HTTP", "SOCKS5"],
          ["‹ Назад", "✕ Отмена"],
        ])
        yield* scene.tap(anna, "SOCKS5")
        assert.include(scene.lastText(anna), "Добавление прокси › SOCKS5")
        assert.include(scene.lastText(anna), "proxy.example.com:8080:user:password")
        assert.deepStrictEqual(labelsOf(scene.last(anna).screen), [["‹ Назад", "✕ Отмена"]])
        const typed = scene.telegram.nextMessageId() + 1
        yield* scene.say(
          anna,
          [line(1), line(2), "", "192.0.2.3:70000:user:secret", line(1)].join("\n"),
        )
        assert.deepStrictEqual(scene.telegram.removed, [{ chatId: anna, messageId: typed }])
        assert.include(
          scene.lastText(anna),
          [
            "Принято 2, не принято 2:",
            "строка 4: порт должен быть от 1 до 65535",
            "строка 5: такая же строка уже есть выше",
            "",
            "Всего к сохранению: 2",
          ].join("\n"),
        )
        yield* scene.say(anna, `${line(2)}\n${line(4)}`)
        assert.include(
          scene.lastText(anna),
          "Принято 1, не принято 1:\nстрока 1: такую же строку вы уже прислали",
        )
        yield* scene.tap(anna, "Далее ›")
        assert.include(scene.lastText(anna), "Для чего эти прокси уже использованы?")
        yield* scene.press(anna, "⬜ Mamba", "⬜ VK", "☑️ Mamba", "Далее ›")
        yield* scene.press(anna, "›", "›", "🇩🇪 Германия")
        assert.include(scene.lastText(anna), "Добавление прокси › SOCKS5 › 3 шт. › 🇩🇪 Германия")
        assert.deepStrictEqual(labelsOf(scene.last(anna).screen).slice(0, 4), [
          ["5 дней, до 27.11.2026"],
          ["10 дней, до 02.12.2026"],
          ["15 дней, до 07.12.2026"],
          ["30 дней, до 22.12.2026"],
        ])
        yield* scene.tap(anna, "10 дней, до 02.12.2026")
        assert.strictEqual(
          scene.lastText(anna),
          [
            "Добавление прокси › SOCKS5 › 3 шт. › 🇩🇪 Германия",
            "",
            "Сохранено: 3 прокси. Брать уже можно.",
            "В таблице «Прокси» они появятся через несколько секунд.",
            "Срок: до 02.12.2026 включительно",
          ].join("\n"),
        )
        assert.lengthOf(scene.telegram.chat(anna), 1)
        // Nothing is left but the line that was refused, for its sender to look at.
        const left = Option.getOrThrow(yield* draftOf(scene))
        assert.deepStrictEqual(left.endpoints, [])
        assert.deepStrictEqual(left.refused, [
          { text: "192.0.2.3:70000:user:secret", problem: "port" },
        ])
        yield* scene.say(anna, "/cancel")
        assert.deepStrictEqual(documents(scene.disk), [])
        assert.deepStrictEqual(
          (yield* scene.proxies.registry).map(({ type, country, until, addedBy, uses }) => ({
            type,
            country,
            until,
            addedBy,
            uses: uses.map(({ target, by }) => `${target} ${by}`),
          })),
          [1, 2, 3].map(() => ({
            type: "socks5" as const,
            country: CountryCode.make("DE"),
            until: Day.make("2026-12-02"),
            addedBy: anna,
            uses: ["vk null"],
          })),
        )
      }),
  )

  it.effect("speaks English where that is set", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make({ language: "en" })
      yield* TestClock.setTime(afternoon)
      yield* scene.fromMenu(anna, "Proxies", "Add proxies", "HTTP")
      yield* scene.say(anna, `${line(1)}\nnothing`)
      yield* scene.press(anna, "Next ›", "⬜ Tabor", "Next ›", "›", "‹")
      yield* scene.say(anna, "Atlantis")
      yield* scene.say(anna, "pl")
      yield* scene.press(anna, "5 days, until 27.11.2026")
      yield* scene.fromMenu(anna, "Proxies", "Add proxies")
      yield* scene.say(anna, line(2))
      yield* scene.say(anna, "/cancel")
      for (const { screen } of scene.telegram.chat(anna)) {
        const ours = [FakeTelegram.textOf(screen), ...labelsOf(screen).flat()].join("\n")
        // The tab has the name that the company gave it.
        assert.notMatch(ours.replaceAll("“Прокси”", ""), /[А-Яа-яЁё]/)
      }
      assert.deepStrictEqual(yield* registered(scene), ["192.0.2.1"])
    }),
  )

  it.effect("asks, joins and gives back in English as in Russian", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make({ language: "en" })
      yield* TestClock.setTime(afternoon)
      yield* add(scene, { count: 2 })
      yield* scene.fromMenu(anna, "Proxies", "Add proxies", "SOCKS5")
      const last = () => scene.lastText(anna)
      yield* scene.say(
        anna,
        [
          "user:secret@192.0.2.3:80800",
          "192.0.2.3|8080|user",
          "http://192.0.2.3:8080",
          "192.0.2.3:8080:u:p\toffice",
          "192.0.2.3:8080:u:two words # office",
        ].join("\n"),
      )
      assert.include(
        last(),
        [
          "Accepted 1, rejected 4:",
          "line 1: the port must be from 1 to 65535",
          "line 2: there is a user but no password",
          "line 3: it starts with a different type from the one you chose",
          "line 4: there is something extra at the end; put a space and a # before a comment",
          "A space was read as part of the login or password, line numbers: 5.",
        ].join("\n"),
      )
      yield* scene.say(anna, `${line(1)}-new\n${line(2)}-new`)
      assert.include(
        last(),
        "And 2 lines with a known address, port and user but a different password",
      )
      assert.deepStrictEqual(labelsOf(scene.last(anna).screen), [
        ["A new password for the same proxies"],
        ["Sessions of a rotating gateway"],
        ["Leave these lines out"],
        ["‹ Back", "✕ Cancel"],
      ])
      yield* scene.tap(anna, "A new password for the same proxies")
      assert.include(last(), "New passwords saved: 2.")
      const text = Array.from(
        { length: 70 },
        (_, n) => `198.51.100.7:${n + 1000}:user:secret-${n}-abcdefghijklmnopqrstuvwxyz`,
      ).join("\n")
      yield* scene.say(anna, text.slice(0, 4_096))
      assert.include(last(), "The last line is on hold: Telegram may have cut it.")
      yield* scene.say(anna, text.slice(4_096))
      assert.include(last(), "A line that Telegram had split between two messages is whole again.")
      yield* scene.tap(anna, "Show the rejected lines (4)")
      assert.include(last(), "Rejected lines\nYour message with them has been deleted")
      assert.include(last(), "# the port must be from 1 to 65535\nuser:secret@192.0.2.3:80800")
      yield* scene.tap(anna, "Drop them, I don't need them")
      assert.notInclude(last(), "192.0.2.3")
      yield* scene.say(anna, Array.from({ length: 60 }, (_, n) => `bad-${n}`).join("\n"))
      yield* scene.tap(anna, "Show the rejected lines (60)")
      const { document, screen } = scene.last(anna)
      assert.include(
        document?.text,
        "# there is no colon in it; it needs at least an address and a port",
      )
      assert.include(FakeTelegram.textOf(screen), "The bot rejected 60 lines")
      yield* scene.say(anna, "nothing")
      yield* scene.say(anna, "/menu")
      const ended = scene.read(anna).join("\n")
      assert.include(ended, "The rejected lines (1) aren't lost")
      for (const shown of scene.telegram.chat(anna)) {
        assert.notMatch(FakeTelegram.textOf(shown.screen), /[А-Яа-яЁё]/)
      }
    }),
  )

  it.effect("what the bot has is not taken twice, and a full draft takes no more", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* TestClock.setTime(afternoon)
      yield* add(scene)
      yield* begin(scene)
      const many = Array.from({ length: 205 }, (_, index) => `198.51.100.1:${index + 1}`)
      yield* scene.say(anna, [line(1), ...many].join("\n"))
      assert.include(
        scene.lastText(anna),
        [
          "Принято 200, не принято 6:",
          "строка 1: такой прокси уже есть у бота",
          "строка 202: больше 200 за один раз не принимается, пришлите её в следующий раз",
        ].join("\n"),
      )
    }),
  )

  it.effect("lines typed at another step are deleted, and not accepted", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* begin(scene)
      yield* scene.say(anna, line(1))
      for (const label of ["Далее ›", "Далее ›", "🇦🇱 Албания"]) {
        yield* scene.tap(anna, label)
        const before = scene.telegram.removed.length
        yield* scene.say(anna, line(2))
        assert.lengthOf(scene.telegram.removed, before + 1)
        assert.include(scene.lastText(anna), "Они не приняты")
      }
      yield* scene.press(anna, "‹ Назад", "‹ Назад", "‹ Назад")
      yield* scene.say(anna, line(2))
      assert.include(scene.read(anna)[0], "Всего к сохранению: 2")
    }),
  )

  it.effect("a line with a fault in it is deleted at another step all the same", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* begin(scene)
      yield* scene.say(anna, line(1))
      yield* scene.press(anna, "Далее ›")
      const faulty = [
        "socks5://user:secret@192.0.2.2:8080",
        "192.0.2.256:8080:user:secret",
        "192.0.2.2:80800:user:secret",
        "2001:db8::1:8080:user:secret",
        "user:secret@192.0.2.2:8080",
      ]
      for (const text of faulty) {
        const before = scene.telegram.removed.length
        yield* scene.say(anna, text)
        assert.lengthOf(scene.telegram.removed, before + 1, text)
        assert.include(scene.lastText(anna), "Они не приняты")
      }
      const before = scene.telegram.removed.length
      for (const text of ["что теперь?", "итак: дальше", "в 12:30", "Срок: 10 дней, с 12:30"]) {
        yield* scene.say(anna, text)
        assert.lengthOf(scene.telegram.removed, before, text)
      }
    }),
  )

  it.effect("a country is understood by its name or code, and nothing else by guessing", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* begin(scene)
      yield* scene.say(anna, line(1))
      yield* scene.press(anna, "Далее ›", "Далее ›")
      yield* scene.say(anna, "Атлантида")
      assert.include(scene.lastText(anna), "Такой страны бот не знает")
      const before = scene.telegram.removed.length
      const named = {
        _tag: "Text",
        userId: anna,
        chatId: anna,
        messageId: scene.telegram.nextMessageId(),
        text: " польша ",
        firstName: "Имя",
      } as const
      yield* scene.handler.handle(named)
      // Brought again it changes nothing: there is no password in it.
      yield* scene.handler.handle(named)
      assert.lengthOf(scene.telegram.removed, before)
      yield* scene.tap(anna, "5 дней, до 27.11.2026")
      assert.deepStrictEqual(
        (yield* scene.proxies.registry).map(({ country }) => country),
        ["PL"],
      )
      yield* scene.fromMenu(anna, "Прокси", "Добавить прокси", "HTTP")
      yield* scene.say(anna, line(2))
      yield* scene.press(anna, "Далее ›", "Далее ›")
      assert.strictEqual(scene.last(anna).screen.keyboard[0]?.[0]?.text, "🇵🇱 Польша")
    }),
  )

  it.effect("a picture or a file in the place of lines is answered, and the draft goes on", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* begin(scene)
      const other = scene.handler.handle({ _tag: "Other", userId: anna, chatId: anna })
      yield* other
      assert.include(scene.lastText(anna), "Пришлите строки обычным текстом")
      yield* scene.say(anna, line(1))
      assert.lengthOf(Option.getOrThrow(yield* draftOf(scene)).endpoints, 1)
      yield* scene.press(anna, "Далее ›")
      yield* other
      assert.include(scene.lastText(anna), "Бот читает только текст")
    }),
  )

  it.effect("text at a step without text gets the hint", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* begin(scene)
      yield* scene.say(anna, line(1))
      yield* scene.press(anna, "Далее ›")
      yield* scene.say(anna, "что теперь?")
      assert.include(scene.lastText(anna), "Нажимайте кнопки под сообщениями")
      assert.lengthOf(scene.telegram.removed, 1)
    }),
  )

  it.effect("a message that cannot be deleted: its owner is told so, the lines are kept", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* begin(scene)
      scene.telegram.fail("remove", { _tag: "MessageGone" })
      yield* scene.say(anna, line(1))
      assert.include(scene.read(anna).join("\n"), "удалите сообщение сами, в нём пароли")
      const draft = yield* draftOf(scene)
      assert.lengthOf(Option.getOrThrow(draft).endpoints, 1)
    }),
  )

  it.effect("one at another step is not said to be accepted where it cannot be deleted", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* begin(scene)
      yield* scene.say(anna, line(1))
      yield* scene.press(anna, "Далее ›")
      scene.telegram.fail("remove", { _tag: "MessageGone" })
      yield* scene.say(anna, line(2))
      const read = scene.read(anna).join("\n")
      assert.include(read, "удалите сообщение сами, в нём пароли")
      assert.notInclude(read, "Строки приняты")
    }),
  )
})

const gateway = ["aa11", "bb22", "cc33"].map(
  (name) => `gw.example.net:12321:acme77:k9Qz_country-de_session-${name}`,
)

const saveIt = (scene: TheScene) =>
  scene.press(anna, "Далее ›", "Далее ›", "🇦🇱 Албания", "5 дней, до 27.11.2026")

const passwords = (scene: TheScene) =>
  Effect.map(scene.proxies.registry, (all) => all.map(({ endpoint }) => endpoint.password))

describe("the same login with another password", () => {
  it.effect("is asked about once for the whole paste: sessions are proxies of their own", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* begin(scene)
      yield* scene.say(anna, gateway.join("\n"))
      assert.include(scene.lastText(anna), "Ещё 2 строки с адресом, портом и логином")
      assert.deepStrictEqual(labelsOf(scene.last(anna).screen), [
        ["Новый пароль тех же прокси"],
        ["Сессии ротационного шлюза"],
        ["Не брать эти строки"],
        ["‹ Назад", "✕ Отмена"],
      ])
      yield* scene.tap(anna, "Сессии ротационного шлюза")
      assert.include(scene.lastText(anna), "Всего к сохранению: 3")
      yield* saveIt(scene)
      assert.include(scene.lastText(anna), "Сохранено: 3 прокси")
      assert.deepStrictEqual(
        yield* passwords(scene),
        gateway.map((one) => one.split(":").at(-1)),
      )
      assert.deepStrictEqual(documents(scene.disk), [])
      yield* begin(scene)
      yield* scene.say(anna, [gateway[0], `${gateway[0]}x`].join("\n"))
      assert.include(
        scene.lastText(anna),
        "Принято 1, не принято 1:\nстрока 1: такой прокси уже есть у бота",
      )
    }),
  )

  it.effect("as a new password it goes to the proxy that is there, and to nothing else", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* TestClock.setTime(afternoon)
      yield* add(scene, { count: 2 })
      yield* begin(scene)
      yield* scene.say(anna, [`${line(1)}-new`, line(3), `${line(3)}-new`].join("\n"))
      yield* scene.tap(anna, "Новый пароль тех же прокси")
      assert.include(scene.lastText(anna), "Новый пароль записан: 1 прокси.")
      assert.include(scene.lastText(anna), "Всего к сохранению: 1")
      assert.deepStrictEqual(yield* passwords(scene), ["secret-1-new", "secret-2"])
      yield* saveIt(scene)
      assert.deepStrictEqual(yield* passwords(scene), ["secret-1-new", "secret-2", "secret-3-new"])
    }),
  )

  it.effect("left out, it is shown again to whoever sent it, also after the others are saved", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* begin(scene)
      yield* scene.say(anna, gateway.join("\n"))
      yield* scene.tap(anna, "Не брать эти строки")
      assert.include(scene.lastText(anna), "Всего к сохранению: 1")
      yield* saveIt(scene)
      yield* scene.tap(anna, "Показать непринятые строки (2)")
      for (const one of gateway.slice(1)) assert.include(scene.lastText(anna), one)
      assert.lengthOf(yield* scene.proxies.registry, 1)
      yield* scene.tap(anna, "Добавить ещё")
      assert.include(scene.lastText(anna), "Какого они типа?")
      // Still offered, until she says that they are not needed.
      yield* scene.press(anna, "HTTP", "Показать непринятые строки (2)")
      for (const one of gateway.slice(1)) assert.include(scene.lastText(anna), one)
      yield* scene.tap(anna, "Убрать их, они больше не нужны")
      assert.notInclude(scene.lastText(anna), "session-")
      assert.notInclude(JSON.stringify(documents(scene.disk)), "session-bb22")
    }),
  )
})

describe("a space in a password", () => {
  it.effect("is taken as it stands and named; with a # before it the rest is a comment", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* begin(scene)
      yield* scene.say(anna, `${line(1)}\n192.0.2.2:8080:u:two words\n192.0.2.3|8080|u|a b c`)
      assert.include(scene.lastText(anna), "Принято 3.")
      assert.include(
        scene.lastText(anna),
        "Пробел принят как часть логина или пароля, номера строк: 2, 3. Если это было примечание",
      )
      yield* scene.say(anna, "192.0.2.2:8080:u:two # words")
      assert.notInclude(scene.lastText(anna), "Пробел принят")
      yield* scene.tap(anna, "Новый пароль тех же прокси")
      const { endpoints } = Option.getOrThrow(yield* draftOf(scene))
      assert.deepStrictEqual(
        endpoints.map(({ password }) => password),
        ["secret-1", "two", "a b c"],
      )
    }),
  )
})

describe("refused lines", () => {
  it.effect("are offered back, from every step, to be copied", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* begin(scene)
      yield* scene.say(anna, [line(1), "192.0.2.3:70000:user:secret", "nonsense"].join("\n"))
      yield* scene.tap(anna, "Далее ›")
      yield* scene.say(anna, line(9))
      yield* scene.tap(anna, "‹ Назад")
      yield* scene.tap(anna, "Показать непринятые строки (3)")
      for (const one of ["192.0.2.3:70000:user:secret", "nonsense", line(9)]) {
        assert.include(scene.read(anna)[0], one)
      }
      assert.include(scene.read(anna)[0], "порт должен быть от 1 до 65535")
      yield* scene.tap(anna, "‹ Назад")
      assert.include(scene.read(anna)[0], "Всего к сохранению: 1")
    }),
  )

  it.effect("are gone with the draft after a day", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* begin(scene)
      yield* scene.say(anna, `${line(1)}\nnonsense`)
      yield* saveIt(scene)
      assert.include(JSON.stringify(documents(scene.disk)), "nonsense")
      yield* Effect.scoped(
        Effect.andThen(Layer.build(ProxyNotices), TestClock.adjust("25 hours")),
      ).pipe(Effect.provideContext(scene.context))
      assert.deepStrictEqual(documents(scene.disk), [])
    }),
  )

  it.effect("come as a file where they do not fit into a message, and the draft forgets them", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* begin(scene)
      const long = `192.0.2.9:99999:user:${"x".repeat(1_700)}`
      yield* scene.say(anna, `${line(1)}\n${long}\nnonsense`)
      yield* scene.say(anna, `${long}y`)
      yield* scene.tap(anna, "Показать непринятые строки (3)")
      const { document, screen } = scene.last(anna)
      const tooLong = "# она слишком длинная"
      assert.deepStrictEqual(document?.text.split("\n"), [
        tooLong,
        long,
        "# в ней нет двоеточия, нужен хотя бы адрес и порт",
        "nonsense",
        tooLong,
        `${long}y`,
        "",
      ])
      assert.include(FakeTelegram.textOf(screen), "удалите его")
      assert.notInclude(JSON.stringify(documents(scene.disk)), "xxx")
      assert.notInclude(scene.read(anna).join("\n"), "Показать непринятые")
      assert.lengthOf(Option.getOrThrow(yield* draftOf(scene)).endpoints, 1)
    }),
  )

  it.effect("stay in the draft where the file did not arrive, also over a restart", () =>
    Effect.gen(function* () {
      const disk = MemoryJournal.makeDisk()
      const telegram = FakeTelegram.make()
      const many = Array.from({ length: 60 }, (_, n) => `192.0.2.${n}:0:user:secret-${n}`)
      yield* Effect.scoped(
        Effect.gen(function* () {
          const scene = yield* Scene.make({ disk, telegram })
          yield* begin(scene)
          yield* scene.say(anna, many.join("\n"))
          telegram.fail("sendDocument", { _tag: "Unsure" })
          yield* scene.tap(anna, "Показать непринятые строки (60)")
          assert.isUndefined(scene.last(anna).document)
        }),
      )
      const scene = yield* Scene.make({ disk, telegram })
      assert.lengthOf(Option.getOrThrow(yield* draftOf(scene)).refused ?? [], 60)
      yield* scene.tap(anna, "Показать непринятые строки (60)")
      for (const one of many) assert.include(scene.last(anna).document?.text, one)
    }),
  )

  it.effect("are handed over as a file before a draft has too many, and none is lost", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* begin(scene)
      const sent = [1, 2, 3].flatMap((part) =>
        Array.from({ length: 250 }, (_, n) => `bad-${part}-${n}`),
      )
      for (const part of [0, 250]) yield* scene.say(anna, sent.slice(part, part + 250).join("\n"))
      scene.telegram.fail("sendDocument", { _tag: "Unsure" })
      yield* scene.say(anna, sent.slice(500).join("\n"))
      assert.lengthOf(Option.getOrThrow(yield* draftOf(scene)).refused ?? [], 750)
      yield* scene.say(anna, "bad-4")
      const { refused = [] } = Option.getOrThrow(yield* draftOf(scene))
      assert.deepStrictEqual(refused, [])
      const file = scene.telegram.chat(anna).find(({ document }) => document !== undefined)
      const lines = file?.document?.text.split("\n").filter((one) => one.startsWith("bad"))
      assert.deepStrictEqual(lines, [...sent, "bad-4"])
    }),
  )

  it.effect("outlive a draft that was left for the menu, and are gone after /cancel", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* begin(scene)
      yield* scene.say(anna, `${line(1)}\nnonsense`)
      const wizard = scene.last(anna).messageId
      const ended = () => {
        const shown = scene.telegram.chat(anna).find(({ messageId }) => messageId === wizard)
        return shown === undefined ? "" : FakeTelegram.textOf(shown.screen)
      }
      yield* scene.say(anna, "/menu")
      assert.include(ended(), "стёрто из памяти бота (1 строка)")
      assert.include(ended(), "Непринятые строки (1) не потеряны")
      assert.notInclude(JSON.stringify(documents(scene.disk)), "secret-1")
      yield* begin(scene)
      yield* scene.tap(anna, "Показать непринятые строки (1)")
      assert.include(scene.lastText(anna), "nonsense")
      yield* scene.say(anna, "/cancel")
      assert.deepStrictEqual(documents(scene.disk), [])
      assert.include(scene.read(anna).join("\n"), "Непринятые строки (1) стёрты")
    }),
  )

  it.effect("of a saved draft are offered on its message, whatever the person does meanwhile", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* begin(scene)
      yield* scene.say(anna, `${line(1)}\nnonsense`)
      yield* saveIt(scene)
      const { messageId, data } = scene.find(anna, "Показать непринятые строки (1)")
      yield* scene.say(anna, "/menu")
      yield* scene.tapData(anna, messageId, data)
      const shown = scene.telegram.chat(anna).find((one) => one.messageId === messageId)
      assert.include(FakeTelegram.textOf(shown!.screen), "nonsense")
      const forget = scene.find(anna, "Убрать их, они больше не нужны")
      yield* scene.tapData(anna, forget.messageId, forget.data)
      assert.deepStrictEqual(documents(scene.disk), [])
    }),
  )

  it.effect("copied as a whole and sent back mended, are read without the reasons", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* begin(scene)
      yield* scene.say(anna, "192.0.2.3:70000:user:secret\nuser:secret@192.0.2.256:8080")
      yield* scene.tap(anna, "Показать непринятые строки (2)")
      const block = /<pre>([^<]*)<\/pre>/.exec(String(scene.last(anna).screen.html))?.[1] ?? ""
      yield* scene.say(anna, block.replace("70000", "7000").replace("256", "25"))
      assert.include(scene.lastText(anna), "Принято 2.")
      assert.include(scene.lastText(anna), "Всего к сохранению: 2")
    }),
  )
})

describe("a paste that Telegram cut into messages", () => {
  const many = (length: number) =>
    Array.from({ length: 200 }, (_, n) => `198.51.100.7:${n + 1000}:user:secret-${n}`)
      .join("\n")
      .slice(0, length)

  it.effect("in the middle of a line: the line is whole again", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* begin(scene)
      const text = many(6_000)
      yield* scene.say(anna, text.slice(0, 4_096))
      const whole = text.slice(0, 4_096).split("\n").length - 1
      assert.include(scene.lastText(anna), `Всего к сохранению: ${whole}`)
      assert.include(scene.lastText(anna), "Последняя строка ждёт")
      yield* scene.say(anna, text.slice(4_096))
      assert.include(scene.lastText(anna), "собрана целиком")
      const draft = Option.getOrThrow(yield* draftOf(scene))
      const found = draft.endpoints.map(({ port, password }) => `${port}:${password}`)
      assert.deepStrictEqual(
        found,
        text.split("\n").map((one) => one.replace("198.51.100.7:", "").replace(":user:", ":")),
      )
    }),
  )

  it.effect("without what follows: the last line is refused, and offered back", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* begin(scene)
      const text = many(4_096)
      yield* scene.say(anna, text)
      yield* scene.tap(anna, "Далее ›")
      assert.include(scene.lastText(anna), "Telegram разрезал текст")
      yield* scene.tap(anna, "Показать непринятые строки (1)")
      assert.include(scene.lastText(anna), text.split("\n").at(-1) ?? "")
    }),
  )

  it.effect("at a space in a line: the half that was taken is given back", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* begin(scene)
      const head = many(3_900).split("\n").slice(0, -1).join("\n")
      yield* scene.say(anna, `${head}\n203.0.113.9 8080`)
      const { endpoints } = Option.getOrThrow(yield* draftOf(scene))
      assert.strictEqual(endpoints.at(-1)?.host, "203.0.113.9")
      yield* scene.say(anna, `user pass\n${line(5)}`)
      const after = Option.getOrThrow(yield* draftOf(scene))
      assert.deepStrictEqual(
        after.endpoints.map(({ host }) => host).filter((host) => host !== "198.51.100.7"),
        ["192.0.2.5"],
      )
      assert.deepStrictEqual(
        after.refused?.map(({ text, problem }) => `${problem} ${text}`),
        ["seam 203.0.113.9 8080", "seam user pass"],
      )
    }),
  )
})

describe("a draft", () => {
  it.effect("goes on at every step after a restart, on the message it stands on", () =>
    Effect.gen(function* () {
      const disk = MemoryJournal.makeDisk()
      const telegram = FakeTelegram.make()
      const afresh = <A, E>(use: (scene: TheScene) => Effect.Effect<A, E>) =>
        Effect.scoped(Effect.flatMap(Scene.make({ disk, telegram }), use))
      yield* afresh((scene) => begin(scene))
      yield* afresh((scene) => scene.say(anna, line(1)))
      yield* afresh((scene) => scene.say(anna, line(2)))
      yield* afresh((scene) => scene.tap(anna, "Далее ›"))
      yield* afresh((scene) => scene.tap(anna, "⬜ OK"))
      yield* afresh((scene) => scene.tap(anna, "Далее ›"))
      yield* afresh((scene) => scene.tap(anna, "🇦🇱 Албания"))
      yield* afresh((scene) => scene.tap(anna, "30 дней, до 22.12.2026"))
      const scene = yield* Scene.make({ disk, telegram })
      assert.deepStrictEqual(yield* registered(scene), ["192.0.2.1", "192.0.2.2"])
      assert.lengthOf(telegram.chat(anna), 1)
      assert.deepStrictEqual(documents(disk), [])
    }),
  )

  it.effect("the same message brought again adds nothing, and is deleted all the same", () =>
    Effect.gen(function* () {
      const disk = MemoryJournal.makeDisk()
      const telegram = FakeTelegram.make()
      const text = `${line(1)}\nnothing\n${line(2)}`
      const messageId = 5_000
      const bring = (scene: TheScene) =>
        scene.handler.handle({
          _tag: "Text",
          userId: anna,
          chatId: anna,
          messageId,
          text,
          firstName: "Имя",
        })
      const first = yield* Effect.scoped(
        Effect.gen(function* () {
          const scene = yield* Scene.make({ disk, telegram })
          yield* begin(scene)
          yield* bring(scene)
          return scene.lastText(anna)
        }),
      )
      const scene = yield* Scene.make({ disk, telegram })
      telegram.removed.length = 0
      yield* bring(scene)
      assert.strictEqual(scene.lastText(anna), first)
      assert.deepStrictEqual(telegram.removed, [{ chatId: anna, messageId }])
      assert.lengthOf(Option.getOrThrow(yield* draftOf(scene)).endpoints, 2)
    }),
  )

  it.effect("the last tap brought again says the same and adds nothing", () =>
    Effect.gen(function* () {
      const disk = MemoryJournal.makeDisk()
      const telegram = FakeTelegram.make()
      const last = yield* Effect.scoped(
        Effect.gen(function* () {
          const scene = yield* Scene.make({ disk, telegram })
          yield* begin(scene)
          yield* scene.say(anna, line(1))
          yield* scene.press(anna, "Далее ›", "Далее ›", "🇦🇱 Албания")
          const button = scene.find(anna, "5 дней, до 27.11.2026")
          // Added, but nobody could be shown that: the draft stays.
          telegram.fail("edit", { _tag: "Unsure" })
          yield* scene.tapData(anna, button.messageId, button.data)
          assert.lengthOf(documents(disk), 1)
          return button
        }),
      )
      const scene = yield* Scene.make({ disk, telegram })
      yield* scene.tapData(anna, last.messageId, last.data)
      assert.include(scene.lastText(anna), "Сохранено: 1 прокси")
      assert.deepStrictEqual(yield* registered(scene), ["192.0.2.1"])
      assert.deepStrictEqual(documents(disk), [])
      const answers = yield* scene.tapData(anna, last.messageId, last.data)
      assert.deepStrictEqual(
        answers.map(({ text }) => text),
        ["Уже сохранено, повторять не нужно."],
      )
      assert.lengthOf(telegram.chat(anna), 1)
    }),
  )

  it.effect("that was saved unseen is not said to be lost when it is given up", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* begin(scene)
      yield* scene.say(anna, line(1))
      yield* scene.press(anna, "Далее ›", "Далее ›", "🇦🇱 Албания")
      const wizard = scene.last(anna).messageId
      scene.telegram.fail("edit", { _tag: "Unsure" })
      yield* scene.tap(anna, "5 дней, до 27.11.2026")
      yield* scene.say(anna, "/cancel")
      const shown = scene.telegram.chat(anna).find(({ messageId }) => messageId === wizard)
      assert.include(shown && FakeTelegram.textOf(shown.screen), "уже есть у бота")
      assert.deepStrictEqual(yield* registered(scene), ["192.0.2.1"])
      assert.deepStrictEqual(documents(scene.disk), [])
    }),
  )

  it.effect("is ended by what leads elsewhere, and its message says so", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      for (const command of ["/cancel", "/menu", "/start"]) {
        yield* begin(scene)
        const { messageId } = scene.last(anna)
        yield* scene.say(anna, line(1))
        yield* scene.say(anna, command)
        assert.deepStrictEqual(documents(scene.disk), [], command)
        const wizard = scene.telegram.chat(anna).find((each) => each.messageId === messageId)
        assert.include(FakeTelegram.textOf(wizard!.screen), "стёрто из памяти бота (1 строка)")
      }
      for (const label of ["✕ Отмена", "‹ Назад"]) {
        yield* begin(scene)
        yield* scene.say(anna, line(1))
        if (label === "‹ Назад") yield* scene.press(anna, label)
        const { messageId, data } = scene.find(anna, label)
        const [answer] = yield* scene.tapData(anna, messageId, data)
        assert.include(answer?.text ?? "", "стёрто из памяти бота")
        assert.deepStrictEqual(documents(scene.disk), [], label)
      }
      for (const way of [["Mamba"], ["Прокси · нет", "Получить прокси"]]) {
        yield* scene.say(anna, "/menu")
        const menu = scene.last(anna).messageId
        const find = (label: string) => {
          const shown = scene.telegram.chat(anna).find((each) => each.messageId === menu)
          const button = shown?.screen.keyboard.flat().find(({ text }) => text === label)
          return button?.kind === "tap" ? button.data : ""
        }
        yield* scene.fromMenu(anna, "Прокси", "Добавить прокси")
        for (const label of way) yield* scene.tapData(anna, menu, find(label))
        assert.deepStrictEqual(documents(scene.disk), [], way.join())
      }
    }),
  )

  it.effect("lives on through marks, lists and help", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* scene.load("vk", "one")
      yield* scene.fromMenu(anna, "VK", "495", "1")
      yield* begin(scene)
      yield* scene.say(anna, line(1))
      yield* scene.press(anna, "✅ Хороший")
      yield* scene.say(anna, "/my")
      yield* scene.say(anna, "/help")
      yield* scene.press(anna, "Далее ›")
      assert.lengthOf(documents(scene.disk), 1)
    }),
  )

  it.effect("a newer one takes its place, and its buttons are out of date", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* begin(scene)
      yield* scene.say(anna, line(1))
      const old = scene.find(anna, "Далее ›")
      yield* scene.say(anna, "/my")
      yield* scene.tapAction(anna, scene.last(anna).messageId, { _tag: "ProxyAdd" })
      yield* scene.tap(anna, "HTTP")
      yield* scene.say(anna, line(2))
      const [answer] = yield* scene.tapData(anna, old.messageId, old.data)
      assert.include(answer?.text ?? "", "Кнопка устарела")
      const draft = Option.getOrThrow(yield* draftOf(scene))
      assert.deepStrictEqual(
        [draft.step, ...draft.endpoints.map(({ host }) => host)],
        ["lines", "192.0.2.2"],
      )
    }),
  )

  it.effect("back to the type keeps the lines; a step cannot be jumped to", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* TestClock.setTime(afternoon)
      yield* scene.say(anna, "/menu")
      const { messageId } = scene.last(anna)
      yield* scene.press(anna, "Прокси", "Добавить прокси")
      const [early] = yield* scene.tapAction(anna, messageId, { _tag: "ProxyLines" })
      assert.include(early?.text ?? "", "Кнопка устарела")
      assert.strictEqual(Option.getOrThrow(yield* draftOf(scene)).step, "type")
      yield* scene.tapAction(anna, messageId, { _tag: "ProxyType", type: "socks5" })
      for (const action of [
        { _tag: "ProxyUsed", targets: 0 },
        { _tag: "ProxyCountries", page: 0 },
        { _tag: "ProxyDays", days: 5 },
      ] as const) {
        const [answer] = yield* scene.tapAction(anna, messageId, action)
        assert.include(answer?.text ?? "", "Кнопка устарела", action._tag)
      }
      yield* scene.say(anna, line(1))
      yield* scene.tapAction(anna, messageId, { _tag: "ProxyAdd" })
      yield* scene.tapAction(anna, messageId, { _tag: "ProxyType", type: "http" })
      const draft = Option.getOrThrow(yield* draftOf(scene))
      assert.deepStrictEqual([draft.type, draft.endpoints.length], ["http", 1])
    }),
  )

  it.effect("while the disk refuses, nothing is taken and nothing deleted", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* begin(scene)
      yield* scene.say(anna, line(1))
      scene.telegram.removed.length = 0
      scene.disk.failing = true
      yield* scene.say(anna, line(2))
      assert.include(scene.lastText(anna), "это сообщение не принято и осталось в чате")
      assert.deepStrictEqual(scene.telegram.removed, [])
      const next = scene.find(anna, "Далее ›")
      const [answer] = yield* scene.tapData(anna, next.messageId, next.data)
      assert.include(answer?.text ?? scene.lastText(anna), "Диск бота сейчас не отвечает")
      scene.disk.failing = false
      assert.lengthOf(Option.getOrThrow(yield* draftOf(scene)).endpoints, 1)
    }),
  )

  it.effect("two people add the same line at once: it is there once", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* begin(scene)
      yield* scene.fromMenu(boris, "Прокси", "Добавить прокси", "HTTP")
      for (const person of [anna, boris]) {
        yield* scene.say(person, line(1))
        yield* scene.press(person, "Далее ›", "Далее ›", "🇦🇱 Албания")
      }
      yield* scene.tap(anna, "5 дней, до 27.11.2026")
      yield* scene.tap(boris, "5 дней, до 27.11.2026")
      assert.deepStrictEqual(yield* registered(scene), ["192.0.2.1"])
      assert.include(scene.lastText(boris), "все эти прокси уже добавил кто-то другой")
    }),
  )

  it.effect("an addition on a message that had one before is not lost", () =>
    Effect.gen(function* () {
      const disk = MemoryJournal.makeDisk()
      const telegram = FakeTelegram.make()
      const steps = ["Далее ›", "Далее ›", "🇦🇱 Албания", "5 дней, до 27.11.2026"]
      const wizard = yield* Effect.scoped(
        Effect.gen(function* () {
          const scene = yield* Scene.make({ disk, telegram })
          yield* begin(scene)
          yield* scene.say(anna, line(1))
          yield* scene.press(anna, ...steps)
          return scene.last(anna).messageId
        }),
      )
      const scene = yield* Scene.make({ disk, telegram })
      yield* scene.tapAction(anna, wizard, { _tag: "ProxyAdd" })
      yield* scene.press(anna, "HTTP")
      yield* scene.say(anna, line(2))
      yield* scene.press(anna, ...steps)
      assert.deepStrictEqual(yield* registered(scene), ["192.0.2.1", "192.0.2.2"])
      assert.include(scene.lastText(anna), "Сохранено: 1 прокси")
    }),
  )

  it.effect("an addition on a message whose former one added nothing is not lost", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      const steps = ["Далее ›", "Далее ›", "🇦🇱 Албания", "5 дней, до 27.11.2026"]
      yield* begin(scene)
      yield* scene.say(anna, line(1))
      yield* add(scene)
      yield* scene.press(anna, ...steps)
      assert.include(scene.lastText(anna), "все эти прокси уже добавил кто-то другой")
      const { messageId } = scene.last(anna)
      yield* scene.tapAction(anna, messageId, { _tag: "ProxyAdd" })
      yield* scene.press(anna, "HTTP")
      yield* scene.say(anna, line(2))
      yield* scene.press(anna, ...steps)
      assert.deepStrictEqual(yield* registered(scene), ["192.0.2.1", "192.0.2.2"])
      assert.include(scene.lastText(anna), "Сохранено: 1 прокси")
    }),
  )

  it.effect("lines sent after it was saved unseen are saved too", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* begin(scene)
      yield* scene.say(anna, line(1))
      yield* scene.press(anna, "Далее ›", "Далее ›", "🇦🇱 Албания")
      scene.telegram.fail("edit", { _tag: "Unsure" })
      yield* scene.tap(anna, "5 дней, до 27.11.2026")
      yield* scene.press(anna, "‹ Назад", "‹ Назад", "‹ Назад")
      yield* scene.say(anna, line(2))
      yield* scene.press(anna, "Далее ›", "Далее ›", "🇦🇱 Албания", "5 дней, до 27.11.2026")
      assert.deepStrictEqual(yield* registered(scene), ["192.0.2.1", "192.0.2.2"])
      assert.include(scene.lastText(anna), "Сохранено: 1 прокси")
      assert.notInclude(scene.lastText(anna), "кто-то другой")
    }),
  )

  it.effect("that nobody touched for a day is dropped, with its passwords", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* begin(scene)
      yield* scene.say(anna, line(1))
      yield* Layer.build(ProxyNotices).pipe(Effect.provideContext(scene.context))
      yield* TestClock.adjust("23 hours")
      assert.lengthOf(documents(scene.disk), 1)
      yield* TestClock.adjust("62 minutes")
      assert.deepStrictEqual(documents(scene.disk), [])
      assert.include(scene.lastText(anna), "Добавление прервано")
    }),
  )

  it.effect("of another version is dropped at the start", () =>
    Effect.gen(function* () {
      const disk = MemoryJournal.makeDisk()
      disk.tables.documents.set("proxy draft", new Map([[String(anna), '{"version":0}']]))
      const scene = yield* Scene.make({ disk })
      assert.isTrue(Option.isNone(yield* draftOf(scene)))
      assert.deepStrictEqual(documents(disk), [])
    }),
  )
})

describe("a text that seems to hold a login", () => {
  const signs = ["a", "1", ":", "@", " ", "\n"]
  const Text = Schema.Array(Schema.Literals(signs)).check(Schema.isMaxLength(14))

  it.prop(
    "has user:password@host:port in a word, or a password behind a port",
    [Text],
    ([parts]) => {
      const text = parts.join("")
      const isLink = /\S:\S+@\S+:\d/.test(text)
      const isLine = text.split("\n").some((one) => /:\d{1,6}:[^:]*:./.test(one))
      assert.strictEqual(hasLogin(text), isLink || isLine)
    },
    { arbitrary: { runs: 3_000, seed: 7 } },
  )

  for (const part of ["a:", "a:b@", "@:", ":1", "a:@c", "::", ":1:"]) {
    it(`is found, or not, in 64 kB of "${part}" without holding anybody up`, () => {
      const text = part.repeat(65_536 / part.length)
      assert.isBoolean(hasLogin(text))
      assert.isTrue(hasLogin(`${text} user:pass@192.0.2.1:80`))
    })
  }
})
