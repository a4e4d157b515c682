/** Russian: the stock, for admins. */
import { russian } from "./plural.ts"
import type { StockTexts } from "./StockTexts.ts"

const items = russian("единица", "единицы", "единиц")
const taken = russian("единицу", "единицы", "единиц")

export const ruStock = {
  today: (time) => `${time} сегодня`,
  tomorrow: (time) => `${time} завтра`,
  refresh: "🔄 Обновить",
  unchanged: "Без изменений",
  unknownResource: (names) =>
    `Такого ресурса здесь нет, ничего не изменилось. Напишите одно из этих названий или выберите кнопкой: ${names}.`,
  overview: {
    title: "Склад",
    ready: (count) => `Готово к выдаче: ${count}`,
    noVariant: "другие",
    hidden: (count) => `Не выдаются из-за даты: ${count}`,
    pending: (count) => `На руках без отметки: ${count}`,
    unwritten: (count) => `Ждут записи в таблицу: ${count}`,
    abandoned: (count) => `Решено не записывать: ${count}`,
    quarantine: (count) => `Отложено, выдать нельзя: ${count}`,
    returning: (count) => `Возвращаются в таблицу: ${count}`,
    trash: (count, until) => `В корзине: ${count}, до ${until}`,
    paused: (by, since) => `⏸ Выдача приостановлена: ${by}, ${since}`,
    free: (count) => `Свободно: ${count}`,
    reserved: (count) => `Выбраны и ждут решения: ${count}`,
    ending: (count) => `Закончатся за два дня: ${count}`,
  },
  who: {
    title: "Кто что держит",
    total: (count) => `Без отметки: ${items(count)}, первыми самые давние.`,
    nothing: "Сейчас никто ничего не держит: все выданные единицы уже отмечены.",
    byPerson: "По людям",
    byItem: "Одним списком",
    person: (name, count, since) => `${name}: ${items(count)}, самая давняя с ${since}`,
    heldBy: (name, count) => `${name}: ${items(count)}`,
    confirms: (time) => `сама отметится в ${time}`,
    undelivered: "сообщение не дошло, бот повторяет",
    noTimer: "сама не отметится",
  },
  pause: {
    title: "Приостановка выдачи",
    choose: "Выберите ресурс. Кнопка сразу приостановит выдачу или возобновит её.",
    hint: "С пояснением для сотрудников: /pause, название ресурса и текст до 200 знаков.",
    works: "выдаётся",
    paused: (by, since) => `выдача приостановлена: ${by}, ${since}`,
    meaning:
      "Пока выдача приостановлена, новое не выдаётся и из таблицы не берётся. Выданное остаётся у людей, отмечать его можно, ничего не теряется.",
    note: (text) => `Сотрудники читают: «${text}»`,
    noNote: "Пояснения для сотрудников нет.",
    done: (resource) => `${resource}: выдача приостановлена`,
    resumed: (resource) => `${resource}: выдача возобновлена`,
    already: "Выдача уже была приостановлена, ничего не изменилось",
    alreadyResumed: "Выдача уже шла, ничего не изменилось",
    tooLong: (length) =>
      `В пояснении знаков: ${length}, а помещается 200. Выдача не изменилась. Сократите текст и пришлите команду ещё раз.`,
    pause: "⏸ Приостановить",
    resume: "▶️ Возобновить выдачу",
    all: "‹ Все ресурсы",
  },
  clear: {
    title: "Очистка склада",
    choose: "С какого склада убрать всё, что готово к выдаче? Сначала бот покажет, что именно.",
    preview: (count) => `Со склада в корзину на сутки уйдёт ${items(count)}.`,
    after: "Сутки это можно вернуть. Потом бот возьмёт из таблицы новые строки, если они там есть.",
    nothing: "На складе пусто, очищать нечего.",
    confirm: "Очистить",
    done: "Склад очищен",
    changed: (resource) =>
      `${resource}: склад изменился, пока вы смотрели. Ничего не очищено, вот свежий список.`,
  },
  release: {
    title: "Возврат в таблицу",
    choose:
      "С какого склада вернуть в таблицу всё, что готово к выдаче? Сначала бот покажет, что именно.",
    preview: (count) => `Со склада в свои вкладки вернётся ${items(count)}, с датой и порядком.`,
    after:
      "Выдача этого ресурса приостановится, иначе бот тут же взял бы эти строки снова. Возобновить её можно кнопкой.",
    nothing: "На складе пусто, возвращать нечего.",
    confirm: "Вернуть в таблицу",
    done: "Возвращается в таблицу",
    changed: (resource) =>
      `${resource}: склад изменился, пока вы смотрели. Ничего не возвращено, вот свежий список.`,
  },
  buffer: {
    ofDay: (day) => `за ${day}`,
    noDay: "без даты",
    otherDays: "не выдаются из-за даты",
    untouched: (pending, unwritten) =>
      `Не тронет выданное: на руках без отметки ${pending}, ждут записи в таблицу ${unwritten}.`,
    count: items,
    cleared: (count, until) => `${items(count)} в корзине до ${until}.`,
    released: (count, tabs) => `Возвращаются в «${tabs}»: ${items(count)}. Ничего не теряется.`,
    arrived: (tabs) => `Всё уже вернулось в «${tabs}». Ничего не потеряно.`,
    pausedSo: "Выдача приостановлена. Когда возобновите, бот снова будет брать строки из таблицы.",
    cancel: "✕ Не надо",
  },
  undo: {
    title: "Что можно вернуть",
    nothing: "В корзине пусто, возвращать нечего. Очищенное лежит в ней сутки.",
    line: (count, by, at) => `${items(count)}, очистка ${at}, ${by}.`,
    until: (until) => `Можно вернуть до ${until}`,
    restore: "Вернуть",
    restored: (resource, count) => `${resource}: бот вернул на склад ${taken(count)}.`,
    gone: "Этого в корзине уже нет: кто-то вернул раньше или прошли сутки. Ничего не изменилось.",
  },
  notes: {
    paused: (resource, by) => `⏸ ${resource}: выдача приостановлена. Решение: ${by}.`,
    resumed: (resource, by) => `▶️ ${resource}: выдача возобновлена. Решение: ${by}.`,
    cleared: (resource, by, what) =>
      `🗑 ${resource}: склад очищен. ${what} Решение: ${by}. Вернуть можно командой /undo.`,
    released: (resource, by, count) =>
      `↩️ ${resource}: в таблицу возвращается ${items(count)}, выдача приостановлена. Решение: ${by}.`,
    restored: (resource, by, count) =>
      `↩️ ${resource}: на склад из корзины возвращено ${items(count)}. Решение: ${by}.`,
  },
} satisfies StockTexts
