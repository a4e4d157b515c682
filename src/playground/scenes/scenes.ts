/**
 * The scenes: hard cases that play by themselves. Each first makes what it needs, then shows one
 * step after another, and fails where what it promises does not come.
 */
import { Effect } from "effect"
import type { Label } from "../../domain/Catalogue.ts"
import type { BadEdit, Stale } from "../spreadsheets/HumanEdit.ts"
import type { BadAct } from "../telegram/Method.ts"
import { admin, SceneFailed, type Stage } from "./stage.ts"

export interface Scene {
  readonly id: string
  readonly title: Label
  /** Two sentences: what happens, and what to watch. */
  readonly watch: Label
  readonly steps: number
  play(stage: Stage): Effect.Effect<void, SceneFailed | BadAct | BadEdit | Stale>
  /** The scene ends with the end of the process. */
  readonly kills?: boolean
  /** What the scene shows takes minutes or days, for which it moves the clock. */
  readonly movesClock?: boolean
}

const he = 2
const she = 3

const lastItem: Scene = {
  id: "last-item",
  title: { ru: "Двое хотят последнюю вещь", en: "Two people want the last item" },
  watch: {
    ru: "На складе остаётся одна вещь, и двое просят её в одно мгновение. Следите за обоими чатами: получит один, второму бот честно скажет, что закончилось.",
    en: "One item is left in stock, and two people ask for it in the same moment. Watch both chats: one gets it, and the bot tells the other plainly that there is none left.",
  },
  steps: 3,
  play: Effect.fnUntraced(function* (stage: Stage) {
    const { plain } = yield* stage.words
    yield* stage.hired(he)
    yield* stage.hired(she)
    yield* stage.stocked(plain, 1)
    const before = (yield* stage.pool(plain)).counts.pending
    yield* stage.step(
      { ru: `«${plain.tab}»: на складе одна вещь.`, en: `“${plain.tab}”: one item in stock.` },
      yield* stage.accounts(plain.tab),
    )
    const both = [yield* stage.nameOf(he), yield* stage.nameOf(she)]
    yield* stage.step(
      {
        ru: `${both.join(" и ")} просят её разом.`,
        en: `${both.join(" and ")} ask for it at once.`,
      },
      { userId: he },
    )
    const asked = yield* Effect.forEach(
      [he, she],
      (userId) => stage.say(userId, `${plain.order} 1`),
      { concurrency: "unbounded" },
    )
    yield* Effect.forEach([he, she], (userId, index) =>
      stage.until(
        `the answer to user ${userId}`,
        Effect.map(stage.newer(userId, asked[index] ?? 0), (all) =>
          all.find(({ keyboard }) => keyboard.length > 0),
        ),
        "2 seconds",
      ),
    )
    const after = yield* stage.pooled(
      "one of them to have it",
      plain,
      ({ counts }) => counts.available === 0 && counts.pending === before + 1,
    )
    const winner = after.pending.at(-1)?.userId ?? he
    const [first, second] = [yield* stage.nameOf(winner), yield* stage.nameOf(he + she - winner)]
    yield* stage.step(
      {
        ru: `Вещь у одного: ${first}. ${second}: «закончилось», и можно встать в очередь.`,
        en: `One has it: ${first}. ${second}: none left, with a place in the queue on offer.`,
      },
      { userId: he + she - winner },
    )
  }),
}

const googleDown: Scene = {
  id: "google-down",
  movesClock: true,
  title: { ru: "Google лежит десять минут", en: "Google is down for ten minutes" },
  watch: {
    ru: "Google десять минут отвечает отказом, а люди берут и отмечают как обычно. Следите за буфером: он ждёт, и после возвращения каждая строка записана ровно один раз.",
    en: "Google refuses everything for ten minutes, while people take and mark as usual. Watch the buffer: it waits, and once Google is back each row is written exactly once.",
  },
  steps: 4,
  play: Effect.fnUntraced(function* (stage: Stage) {
    const { plain } = yield* stage.words
    yield* stage.hired(he)
    yield* stage.stocked(plain, 2)
    const before = (yield* stage.pool(plain)).counts
    yield* stage.step({ ru: "Google перестал отвечать.", en: "Google no longer answers." })
    yield* stage.fault({ api: "sheets", times: 1_000, kind: "status", status: 503 })
    yield* stage.step(
      {
        ru: "Вещи выдаются и отмечаются из склада бота.",
        en: "Items are taken and marked from the bot's own stock.",
      },
      { userId: he },
    )
    for (const _ of [1, 2]) yield* stage.marked(he, yield* stage.take(he, plain))
    yield* stage.pooled(
      "two rows in the buffer",
      plain,
      ({ counts }) => counts.buffer >= before.buffer + 2,
    )
    yield* stage.step({
      ru: "Прошло десять минут: строки ждут в буфере, на диске.",
      en: "Ten minutes have passed: the rows wait in the buffer, on the disk.",
    })
    yield* stage.advance("10 minutes")
    yield* stage.pooled(
      "the rows to wait",
      plain,
      ({ counts }) => counts.buffer >= before.buffer + 2,
    )
    yield* stage.noFaults
    yield* stage.pooled(
      "the rows to be written",
      plain,
      ({ counts }) => counts.buffer === 0,
      "30 seconds",
    )
    yield* stage.step(
      { ru: "Google вернулся: строки записаны.", en: "Google is back: the rows are written." },
      yield* stage.issued(plain.issuedTab),
    )
  }),
}

const lostAnswer: Scene = {
  id: "lost-answer",
  title: { ru: "Ответ потерялся", en: "The answer was lost" },
  watch: {
    ru: "Telegram показал сообщение, Google записал строку, но ответы до бота не дошли. Следите за журналом вызовов: бот спрашивает или повторяет, и второй выдачи и второй строки нет.",
    en: "Telegram has shown the message and Google has written the row, but the answers never reach the bot. Watch the call log: the bot asks or repeats, and there is no second item and no second row.",
  },
  steps: 3,
  play: Effect.fnUntraced(function* (stage: Stage) {
    const { plain } = yield* stage.words
    yield* stage.hired(he)
    yield* stage.stocked(plain, 2)
    const before = (yield* stage.pool(plain)).counts
    yield* stage.step(
      {
        ru: "Ответ Telegram на показ вещи теряется.",
        en: "Telegram's answer to showing the item is lost.",
      },
      { userId: he },
    )
    yield* stage.fault({ api: "telegram", method: "editMessageText", times: 1, kind: "dropAfter" })
    const shown = yield* stage.take(he, plain)
    yield* stage.pooled(
      "one item in hand",
      plain,
      ({ counts }) => counts.available === 1 && counts.pending === before.pending + 1,
    )
    yield* stage.step(
      {
        ru: "Ответ Google на запись строки теряется.",
        en: "Google's answer to writing the row is lost.",
      },
      yield* stage.issued(plain.issuedTab),
    )
    yield* stage.fault({
      api: "sheets",
      method: "spreadsheets.batchUpdate",
      times: 1,
      kind: "dropAfter",
    })
    yield* stage.marked(he, shown)
    yield* stage.pooled(
      "the row to be written",
      plain,
      ({ counts }) => counts.buffer === 0 && counts.writtenToday > before.writtenToday,
      "20 seconds",
    )
    yield* stage.noFaults
    yield* stage.step(
      { ru: "Одна вещь, одна строка.", en: "One item, one row." },
      yield* stage.issued(plain.issuedTab),
    )
  }),
}

const kill: Scene = {
  id: "kill",
  kills: true,
  title: { ru: "kill -9 посреди выдачи", en: "kill -9 in the middle of a hand-over" },
  watch: {
    ru: "Вещь уже записана на диск, но на экране её ещё нет, и тут процесс бота убивают. Следите за чатом: через несколько секунд бот поднимется сам и покажет ту же вещь, один раз.",
    en: "The item is on the disk already but not on the screen yet when the bot's process is killed. Watch the chat: in a few seconds the bot is back by itself and shows the very same item, once.",
  },
  steps: 3,
  play: Effect.fnUntraced(function* (stage: Stage) {
    const { plain } = yield* stage.words
    yield* stage.hired(he)
    yield* stage.stocked(plain, 1)
    const before = (yield* stage.pool(plain)).counts.pending
    yield* stage.step({
      ru: "Telegram не отвечает на показ.",
      en: "Telegram does not answer the showing.",
    })
    yield* stage.fault({
      api: "telegram",
      method: "editMessageText",
      times: 20,
      kind: "hang",
      delayMs: 3_600_000,
    })
    yield* stage.step(
      {
        ru: `${yield* stage.nameOf(he)} берёт вещь: она на диске, не на экране.`,
        en: `${yield* stage.nameOf(he)} takes an item: it is on the disk, not on the screen.`,
      },
      { userId: he },
    )
    yield* stage.say(he, `${plain.order} 1`)
    yield* stage.pooled(
      "the item to be issued",
      plain,
      ({ counts }) => counts.pending === before + 1,
    )
    yield* stage.step({ ru: "kill -9.", en: "kill -9." }, { userId: he })
  }),
}

const midnight: Scene = {
  id: "midnight",
  movesClock: true,
  title: { ru: "Полночь", en: "Midnight" },
  watch: {
    ru: "Номера годны только в день своей даты, и день кончается. Следите за складом и вкладкой: в полночь вчерашние номера сами возвращаются в таблицу, а новые выдаются.",
    en: "Numbers are good only on the day of their date, and the day ends. Watch the stock and the tab: at midnight the numbers of yesterday go back to the sheet by themselves, and new ones are handed out.",
  },
  steps: 4,
  play: Effect.fnUntraced(function* (stage: Stage) {
    const { daily } = yield* stage.words
    yield* stage.hired(she)
    yield* stage.stocked(daily, 3)
    if (!(yield* stage.pool(daily)).onlyToday) {
      const mode = yield* stage.ask(admin, "/numbers_today_mod")
      yield* stage.press(admin, mode, ({ data }) => data !== undefined)
      yield* stage.pooled("the mode", daily, ({ onlyToday }) => onlyToday)
    }
    yield* stage.step(
      { ru: "Три номера с сегодняшней датой.", en: "Three numbers with today's date." },
      yield* stage.accounts(daily.tab),
    )
    yield* stage.step({ ru: "23:59.", en: "23:59." })
    yield* stage.advanceTo("23:59:00")
    yield* stage.advance("3 minutes")
    yield* stage.pooled(
      "the numbers to leave the stock",
      daily,
      ({ counts }) => counts.available + counts.hidden + counts.returning === 0,
      "20 seconds",
    )
    yield* stage.until(
      "the numbers in their tab",
      Effect.map(stage.rowsOf(daily.tab), (rows) => (rows.length >= 3 ? true : undefined)),
      "20 seconds",
    )
    yield* stage.step(
      {
        ru: "Новый день: вчерашние номера снова в таблице.",
        en: "A new day: yesterday's numbers are in the sheet again.",
      },
      yield* stage.accounts(daily.tab),
    )
    yield* stage.bring(daily, yield* stage.rowsFor(daily, 1))
    yield* stage.pooled(
      "a number of the new day",
      daily,
      ({ counts }) => counts.available === 1,
      "20 seconds",
    )
    yield* stage.take(she, daily)
    yield* stage.step(
      { ru: "Выдаётся номер нового дня.", en: "A number of the new day is handed out." },
      { userId: she },
    )
  }),
}

const digest: Scene = {
  id: "digest",
  movesClock: true,
  title: { ru: "Сводка следующего утра", en: "The next morning's digest" },
  watch: {
    ru: "За день кое-что выдано и отмечено, и наступает утро. Следите за чатом администратора: ровно в девять приходит сводка о вчерашнем дне и о том, что ждёт решения.",
    en: "Something was taken and marked during the day, and morning comes. Watch the admin's chat: at nine sharp the digest of yesterday arrives, with what waits for a decision.",
  },
  steps: 3,
  play: Effect.fnUntraced(function* (stage: Stage) {
    const { plain } = yield* stage.words
    yield* stage.hired(he)
    yield* stage.stocked(plain, 2)
    yield* stage.marked(he, yield* stage.take(he, plain))
    yield* stage.step(
      { ru: "Сегодня взята и отмечена вещь.", en: "An item was taken and marked today." },
      { userId: he },
    )
    const evening = (yield* stage.today).day
    yield* stage.advanceTo("08:59:00")
    if ((yield* stage.today).day === evening) yield* stage.advance("1 day")
    yield* stage.step({ ru: "Утро, 08:59.", en: "Morning, 08:59." }, { userId: admin })
    const last = (yield* stage.chat(admin)).at(-1)?.messageId ?? 0
    yield* stage.advance("3 minutes")
    yield* stage.until(
      "the digest",
      Effect.map(stage.newer(admin, last), (all) => all[0]),
      "30 seconds",
    )
    yield* stage.step({ ru: "Сводка пришла.", en: "The digest is there." }, { userId: admin })
  }),
}

const messySheet: Scene = {
  id: "messy-sheet",
  movesClock: true,
  title: { ru: "Неряшливая таблица", en: "A messy sheet" },
  watch: {
    ru: "В таблицу дописывают повтор, пустую строку, дату словом, строку без пароля, формулу и объединённые ячейки. Следите за администратором: годное выдаётся, а о каждой негодной строке бот говорит, где она и что с ней не так.",
    en: "A repeat, a blank row, a date in words, a row without a password, a formula and merged cells are added to the sheet. Watch the admin: what is good is handed out, and of each bad row the bot says where it is and what is wrong with it.",
  },
  steps: 4,
  play: Effect.fnUntraced(function* (stage: Stage) {
    const { plain, untidy } = yield* stage.words
    yield* stage.hired(he)
    yield* stage.stocked(plain, 0)
    const before = (yield* stage.pool(plain)).counts.setAside
    const { text, n } = yield* stage.today
    const rows = untidy(text, n)
    yield* stage.bring(plain, rows)
    yield* stage.edit({
      op: "merge",
      tab: plain.tab,
      row: rows.length,
      column: 0,
      rows: 1,
      columns: 2,
    })
    yield* stage.step(
      {
        ru: `«${plain.tab}»: строки, как их оставляют люди.`,
        en: `“${plain.tab}”: rows as people leave them.`,
      },
      yield* stage.accounts(plain.tab),
    )
    const after = yield* stage.pooled(
      "some to issue and some set aside",
      plain,
      ({ counts }) => counts.available > 0 && counts.setAside > before,
      "20 seconds",
    )
    yield* stage.step({
      ru: `Годных ${after.counts.available}, отложено ${after.counts.setAside - before}, остальное ждёт в таблице.`,
      en: `Good: ${after.counts.available}, set aside: ${after.counts.setAside - before}; the rest waits in the sheet.`,
    })
    yield* stage.step(
      { ru: "Администратор смотрит отложенное.", en: "The admin looks at what was set aside." },
      { userId: admin },
    )
    yield* stage.ask(admin, "/quarantine")
    const last = (yield* stage.chat(admin)).at(-1)?.messageId ?? 0
    yield* stage.advance("16 minutes")
    yield* stage.until(
      "a word about the row without a password",
      Effect.map(stage.chat(admin), (all) =>
        all.find(({ messageId, editedAt }) => messageId > last || editedAt !== undefined),
      ),
      "1 minute",
    )
    yield* stage.step(
      {
        ru: "О недописанной строке сказано через четверть часа.",
        en: "A quarter of an hour later the half-typed row is named.",
      },
      { userId: admin },
    )
  }),
}

const waitingList: Scene = {
  id: "waiting-list",
  title: { ru: "Пусто, и очередь", en: "Nothing left, and a waiting list" },
  watch: {
    ru: "Склад пуст, и человек просит сообщить, когда появится. Следите за его чатом: как только в таблицу приносят новое, бот пишет ему сам.",
    en: "The stock is empty, and somebody asks to be told when there is more. Watch that chat: as soon as new rows come into the sheet, the bot writes by itself.",
  },
  steps: 4,
  play: Effect.fnUntraced(function* (stage: Stage) {
    const { plain } = yield* stage.words
    yield* stage.hired(she)
    yield* stage.stocked(plain, 0)
    yield* stage.step(
      { ru: `«${plain.tab}»: ничего не осталось.`, en: `“${plain.tab}”: nothing is left.` },
      yield* stage.accounts(plain.tab),
    )
    const messageId = yield* stage.say(she, `${plain.order} 1`)
    const refusal = yield* stage.until(
      "a refusal",
      Effect.map(stage.newer(she, messageId), (all) =>
        all.find(({ keyboard }) => keyboard.flat().some(({ text }) => text.startsWith("🔔"))),
      ),
      "2 seconds",
    )
    yield* stage.step(
      {
        ru: `${yield* stage.nameOf(she)} просит сообщить, когда появится.`,
        en: `${yield* stage.nameOf(she)} asks to be told.`,
      },
      { userId: she },
    )
    yield* stage.press(she, refusal, ({ text }) => text.startsWith("🔔"))
    yield* Effect.sleep("300 millis")
    const last = (yield* stage.chat(she)).at(-1)?.messageId ?? 0
    yield* stage.step(
      { ru: "В таблицу приносят две строки.", en: "Two rows are brought into the sheet." },
      yield* stage.accounts(plain.tab),
    )
    yield* stage.bring(plain, yield* stage.rowsFor(plain, 2))
    yield* stage.until(
      "the news",
      Effect.map(stage.newer(she, last), (all) => all[0]),
      "20 seconds",
    )
    yield* stage.step(
      { ru: "Бот написал сам.", en: "The bot has written by itself." },
      { userId: she },
    )
  }),
}

export const scenes: ReadonlyArray<Scene> = [
  lastItem,
  googleDown,
  lostAnswer,
  kill,
  midnight,
  digest,
  messySheet,
  waitingList,
]
