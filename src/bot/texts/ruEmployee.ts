/** Russian: around a request. */
import type { EmployeeTexts } from "./EmployeeTexts.ts"
import { russian } from "./plural.ts"

const minutes = russian("минуту", "минуты", "минут")
const things = russian("вещи", "вещей", "вещей")
const issuances = russian("выдача", "выдачи", "выдач")

export const ruEmployee = {
  repeat: {
    button: (what) => `🔁 Ещё раз: ${what}`,
    again: "🔁 Ещё раз так же",
    impossible:
      "Такого сейчас не запросить: оно больше не выдаётся, или выдача приостановлена. Ничего не изменилось.",
  },
  waiting: {
    ask: "🔔 Сообщить, когда появится",
    stop: "✕ Не ждать",
    started: (what, until) => `Сообщу, когда появится: ${what}. Жду до ${until}.`,
    tooMany: (limit) =>
      `Вы уже ждёте ${things(limit)}, больше сразу не получится. Новое ожидание не начато. Уберите лишнее в «Моих выдачах» и нажмите ещё раз.`,
    stopped: (what) => `Больше не жду: ${what}.`,
    title: (count) => `Жду появления: ${count}`,
    line: (what, until) => `🔔 ${what}, до ${until}`,
    stopOne: (what) => `✕ Не ждать: ${what}`,
    arrived: (what) => `🔔 Появилось: ${what}`,
    fits: (count, asked) =>
      `${count < asked ? `Сейчас есть ${count} из ${asked}. ` : ""}За вами это не закреплено: нажмите, пока не разобрали.`,
    take: (count) => `Взять ${count} шт.`,
    takeFewer: "Взять, что есть",
    ended: (what) => `За сутки не появилось: ${what}. Больше не жду.`,
    again: "🔔 Ждать ещё сутки",
  },
  reminder: {
    soon: (left, time, what) => `Через ${minutes(left)}, в ${time}, отметится само: ${what}`,
    atOnce: (time, what) => `Меньше чем через минуту, в ${time}, отметится само: ${what}`,
    show: "📄 Показать и отметить",
  },
  history: {
    title: "История выдач",
    open: "🕘 История",
    empty: "Вам ещё ничего не выдавалось. Взять новое: /menu.",
    unavailable:
      "Диск бота сейчас не отвечает, истории не прочесть. Ничего не потеряно, повторите через минуту.",
    pending: "ждёт отметки",
    withheld: "изъято администратором",
    earlier: (count) =>
      `Здесь последние ${issuances(count)}. Более ранние записаны в таблице, спросите администратора.`,
  },
} satisfies EmployeeTexts
