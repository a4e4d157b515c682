/**
 * What the bot says in Russian, in the voice of a calm colleague: plain text that the screens
 * escape and lay out.
 *
 * Every other language has to have the sentences that stand here: `Texts` is the type of this
 * object. What is shown as an alert holds at most 200 characters, because Telegram shows no more.
 */
import type { Group, Label } from "../../domain/Catalogue.ts"
import type { CommentFault } from "../../domain/comment.ts"
import type { Role } from "../../domain/Employee.ts"
import type { Choice, Found } from "../../domain/HandEdit.ts"
import type { Quarantined, QuarantineWay } from "../../domain/Item.ts"
import type { Release } from "../../domain/Proxy.ts"
import type { Alarm } from "../../observe/Alarms.ts"
import type { Failure } from "../../observe/Vitals.ts"
import type { NotAllowed } from "../../pool/Contract.ts"
import type { Lack } from "../../pool/Supply.ts"
import type { ProxyUnavailable, ReservationOver, TakingOver } from "../../pool/proxies/rules.ts"
import type { Period } from "../../stats/Statistics.ts"
import type { LineProblem } from "../ProxyDrafts.ts"
import type { TelegramFailure } from "../TelegramError.ts"

const rules = new Intl.PluralRules("ru")

/** A counted word. Russian counts one, few, many: 1 строка, 2 строки, 5 строк, 21 строка. */
export const russian =
  (one: string, few: string, many: string) =>
  (count: number): string => {
    const category = rules.select(count)
    return `${count} ${category === "one" ? one : category === "few" ? few : many}`
  }

const countries = russian("страна", "страны", "стран")
const days = russian("день", "дня", "дней")
const issuances = russian("выдача", "выдачи", "выдач")
const items = russian("штука", "штуки", "штук")
const itemsAccusative = russian("штуку", "штуки", "штук")
const minutesAccusative = russian("минуту", "минуты", "минут")
const persons = russian("человек", "человека", "человек")
/** The word has one form. */
const proxies = russian("прокси", "прокси", "прокси")
const regions = russian("регион", "региона", "регионов")
const rows = russian("строка", "строки", "строк")
const rowsAccusative = russian("строку", "строки", "строк")
const waiting = russian("ждёт", "ждут", "ждут")
const waits = russian("ожидание", "ожидания", "ожиданий")

const decimal = new Intl.NumberFormat("ru", { maximumFractionDigits: 1 })

const withFullStop = (text: string) => (/[.!?…]$/.test(text) ? text : `${text}.`)

export const ru = {
  /** The literal type tells `Like` that this names a language and is no sentence. */
  language: "ru" as const,

  /** The name that the catalogue has in this language. */
  label: (label: Label) => label.ru,

  /** The menu, the help, and the commands. */
  menu: {
    title: "Что выдать?",
    my: "Мои выдачи",
    help: "Помощь",
    /** The button below other screens that opens the menu. */
    open: "☰ Меню",
    groups: {
      accounts: "Аккаунты",
      mail: "Почты",
      numbers: "Номера",
      proxies: "Прокси",
    } satisfies Record<Group, string>,
    /** Behind the name of what nobody can have now. */
    lacks: { none: "нет", paused: "пауза" } satisfies Record<Lack, string>,
    chooseInGroup: "Выберите, что нужно:",
    helpText: [
      "Как это работает",
      "1. /menu: выберите, что нужно, регион и количество, от 1 до 5. Для номеров сначала отметьте, для каких они ресурсов.",
      "2. Бот сразу покажет данные. Нажмите на значение, и оно скопируется.",
      "3. Проверьте каждое и отметьте кнопкой, каким оно оказалось. Если промолчать, отметка поставится сама: время написано рядом.",
      "4. Ошиблись? Десять минут работает «отменить», сутки работает «изменить». Вместо негодного можно сразу взять замену.",
      "Можно и просто написать: что, регион и сколько, в любом порядке. На любом шаге достаточно дописать недостающее.",
      "/my покажет всё, что у вас на руках, чего вы ждёте и что выдавалось раньше. /stats посчитает, что и сколько выдано. /cancel прервёт начатое и откроет меню. /language переключит язык.",
      "Что выдано вам, больше никому не показывается и не пропадёт, даже если бота перезапустят.",
    ],
    /** The heading of the commands that only admins have. */
    ofAdmins: "Команды администратора",
    /** The heading of the commands that order, and an example of one. */
    ofResources: "Команды для выдачи",
    orderByCommand: (example: string) => `Одной строкой: ${example}`,
    commandOf: (resource: string) => `Выдать: ${resource}`,
    /** `names` are commands like the misspelt one, which can be tapped: «/stock», «/start, /stats». */
    misspeltCommand: (names: string) =>
      `Такой команды нет. Может быть, ${names}? Меню: /menu, помощь: /help.`,
    commands: {
      start: "Начать",
      menu: "Меню: выдать",
      my: "Мои выдачи",
      stats: "Статистика",
      help: "Помощь",
      language: "Язык · Language",
      cancel: "Прервать и открыть меню",
      numbers_today_mod: "Номера: только сегодняшние или с любой датой",
      stock: "Склад: сколько чего есть",
      who: "Кто что держит без отметки",
      pause: "Приостановить выдачу: ресурс и текст",
      resume: "Возобновить выдачу: ресурс",
      buffer_clear: "Очистить склад, сутки можно вернуть",
      buffer_release: "Вернуть склад в таблицу",
      undo: "Вернуть очищенное",
      export: "Выгрузить выдачи в файл: ресурс, дни, ник",
      health: "Всё ли у бота в порядке",
      todo: "Сводка дел: что ждёт людей",
      failed: "Строки, которые Google не принимает",
      quarantine: "Карантин: строки, которые нельзя выдать",
      whitelist: "Люди: кто имеет доступ и что у них на руках",
      whitelist_remove: "Убрать доступ: ID или ник",
      block: "Приостановить доступ: ID или ник, часы, причина",
      unblock: "Вернуть приостановленный доступ: ID или ник",
      forget: "Стереть данные того, кто без доступа: ID",
      audit: "Журнал: всё, человек или ID выдачи",
      regions: "Регионы: список",
      add_region: "Добавить регион: код",
      remove_region: "Убрать регион: код",
    },
  },

  /** The choice of a language. */
  languages: {
    title: "Язык · Language",
    choose: "На каком языке вам писать? У остальных ничего не изменится.",
    /** A toast, written in the language that was chosen. */
    chosen: "Дальше по-русски",
    /** The answer to «/language ru». */
    switched: "Готово: дальше пишу вам по-русски.",
    /** The answer to «/language de». */
    unknown: (said: string) =>
      `Языка «${said}» у бота нет, ничего не изменилось. Есть русский и английский:`,
  },

  /** What the bot answers when it turns a person, a message or a tap away. */
  gate: {
    denied: "Доступ запрещён. Чтобы подать заявку, отправьте /start.",
    waiting: "Ожидайте одобрения. Заявка у администраторов, ответ придёт сюда.",
    stale: "Кнопка устарела. Ничего не изменилось, вот свежее меню.",
    hint: "Нажимайте кнопки под сообщениями или просто напишите: что, регион, сколько. Меню: /menu, помощь: /help.",
    /** Somebody sent a picture, a sticker or a file. */
    notText:
      "Бот читает только текст: картинки, стикеры и файлы с подписью он не видит. Ничего не изменилось. Нажимайте кнопки или напишите: что, регион, сколько. Меню: /menu",
    failed:
      "Не получилось: что-то сломалось внутри бота. Ничего не потеряно: выданное видно в /my. Попробуйте ещё раз, а если повторится, скажите администратору.",
    adminsOnly: "Это может только администратор. Ничего не изменилось.",
    unknownCommand: "Такой команды нет. Меню: /menu, помощь: /help.",
    /** The update waits in Telegram and is handled when the disk is back. Fits an alert. */
    diskWaits:
      "Диск бота сейчас не отвечает. Ничего не потеряно: бот сделает это, как только сможет. Если через минуту ничего нет, попробуйте ещё раз.",
    tooFast:
      "Слишком быстро: часть нажатий и сообщений пропущена. Ничего не потеряно, выданное видно в /my. Продолжайте чуть медленнее.",
    strayTap: "Кнопка не сработала. Нажмите ещё раз.",
  },

  /** What an applicant reads. */
  registration: {
    ask: "Здравствуйте! Чтобы получить доступ, напишите одним сообщением ваш рабочий ник: от 2 до 32 знаков, буквы, цифры, пробел, точка, _ и -.",
    invalid:
      "Так не подойдёт: нужно от 2 до 32 знаков, только буквы, цифры, пробел, точка, _ и -. Напишите ник ещё раз.",
    taken: "Такой ник уже занят. Напишите другой.",
    full: "Сейчас решения ждёт слишком много заявок. Напишите ник ещё раз через час.",
    submitted: (stage: string) =>
      `Заявка отправлена, ник: ${stage}. Ожидайте одобрения, ответ придёт сюда.`,
    approved: (stage: string) => `Доступ открыт, ваш рабочий ник: ${stage}.`,
    refused: (retryAt: string) => `Заявку отклонили. Подать новую можно после ${retryAt}.`,
    tooEarly: (retryAt: string) =>
      `Доступ запрещён: заявку недавно отклонили. Подать новую можно после ${retryAt}.`,
    expired:
      "За трое суток заявку никто не рассмотрел, она закрыта. Отправьте /start, чтобы подать её снова.",
    // What an applicant may do about the open application.
    rename: "✏️ Исправить ник",
    withdraw: "Отозвать заявку",
    askBetter: (stage: string) =>
      `Сейчас в заявке ник: ${stage}. Напишите новый одним сообщением в течение десяти минут: от 2 до 32 знаков, буквы, цифры, пробел, точка, _ и -.`,
    keep: "Оставить как есть",
    renamed: (stage: string) => `Ник исправлен: ${stage}. Ожидайте одобрения, ответ придёт сюда.`,
    renamedTooOften:
      "Ник в этой заявке больше исправить нельзя. Его может изменить администратор, когда будет решать.",
    withdrawn: (retryAt: string) =>
      `Заявка отозвана. Новую можно подать после ${retryAt}: отправьте /start.`,
    withdrawnTooEarly: (retryAt: string) =>
      `Вы недавно отозвали заявку. Подать новую можно после ${retryAt}: отправьте /start.`,
    /** An alert. */
    notOpen:
      "Открытой заявки у вас нет: по ней уже решили, её отозвали или вышел срок. Ничего не изменилось. Отправьте /start.",
  },

  /** The steps to an order. */
  wizard: {
    back: "‹ Назад",
    cancel: "✕ Отмена",
    cancelled: "Отменено",
    chooseTargets: "Для каких ресурсов? Отметьте один или несколько и нажмите «Далее».",
    next: "Далее ›",
    /** An alert: “Next” was tapped with nothing ticked. */
    noTargets:
      "Ничего не отмечено. Отметьте хотя бы один ресурс и нажмите ещё раз. Ничего не выдано.",
    // The first step says one of these two when the items of the resource are meant for a day.
    onlyDay: (name: string, day: string) =>
      `Сейчас выдаются только ${name} с сегодняшней датой, ${day}.`,
    anyDay: (name: string) => `Сейчас выдаются ${name} с любой датой.`,
    chooseRegion: "Выберите регион:",
    noRegions: "Регионов пока нет. Их добавляют администраторы.",
    regionGone: "Этого региона больше нет. Выберите другой.",
    chooseQuantity: "Сколько нужно?",
    chooseVariant: (question: string) => `${question}?`,
    /** Above the choice of a quantity: there are fewer than can be chosen. */
    onlyLeft: (count: number) => `Сейчас есть только ${count}.`,
    // Where there is nothing of a resource at all, the steps to an order become those to a wait.
    waitWhere: "Сообщить, когда появится? Выберите регион:",
    waitTargets: "Можно подождать: отметьте, для чего нужно, и нажмите «Далее».",
    pieces: (count: number) => `${count} шт.`,
    looking: "⏳ Смотрю в таблицу…",
    again: "🔄 Проверить ещё раз",
  },

  /** Orders that people type. */
  typed: {
    notUnderstood: (words: string) => `Не понял: «${words}». Ничего не выдано.`,
    /** Above the menu: the text names no resource. */
    ofWhat: (said: string) => `Понял: ${said}. Но что выдать? Выберите или напишите целиком.`,
    example: (text: string) => `Можно написать, например: «${text}».`,
    resources: (names: string) => `Что: ${names}.`,
    regions: (codes: string) => `Регион: ${codes}.`,
    quantity: "Сколько: от 1 до 5.",
    targets: (names: string) => `Для чего: ${names}.`,
    variants: (question: string, names: string) => `${question}: ${names}.`,
  },

  /** The message that shows issued items, and its buttons. */
  batch: {
    fewer: (given: number, asked: number) => `Выдано ${given} из ${asked}: больше сейчас нет.`,
    limited: (given: number, asked: number) =>
      `Выдано ${given} из ${asked}: слишком много осталось без отметки. Отметьте прежние и берите дальше.`,
    confirmsAt: (time: string) => `подтвердится сам в ${time}`,
    unclear: "ждёт вашей отметки",
    automatic: (status: string) => `${status} (сам)`,
    undo: "отменить",
    change: "изменить",
    replace: "Заменить?",
    copy: (header: string) => `📋 ${header}`,
    copyOf: (header: string, number: number) => `📋 ${header} ${number}`,
    /** `headers`: «Логин:Пароль» */
    copyAll: (headers: string) => `📋 Всё: ${headers}`,
    /** On the button of the item that is shown whole. */
    chosen: (label: string) => `‹ ${label} ›`,
    rest: (status: string) => `Остальные: ${status}`,
    restAsk: (numbers: string, status: string) => `Отметить ${status}: ${numbers}?`,
    restYes: (count: number) => `Да, отметить ${count}`,
    restMarked: (status: string, count: number) => `Отмечено ${status}: ${count}`,
    restChanged: "Пока вы думали, отметки изменились. Проверьте и нажмите ещё раз.",
    restNone: "Отмечать вместе больше нечего.",
    undoThese: (numbers: string) => `отменить отметки: ${numbers}`,
    undoneThese: (count: number) => `Отметки сняты: ${count}`,
    /** `numbers` where not all items that wait for a mark have the same time. */
    confirmThemselves: (numbers: string | undefined, status: string, time: string) =>
      `${numbers === undefined ? "С" : `${numbers}: с`}ами станут «${status}» в ${time}`,
    unclearThese: (numbers: string) => `Ждут вашей отметки: ${numbers}`,
    chooseHint: "Значение копируется касанием. Чтобы отметить, нажмите номер.",
    hidden: "🙈 Давно отмеченное скрыто.",
    reveal: "👁 Показать",
    hide: "🙈 Скрыть",
    replaceYes: "Да, заменить",
    no: "Нет",
    replacementOf: (number: number) => `замена для ${number}`,
    replacedBy: (number: number) => `замена: ${number}`,
    chooseStatus: "Какая отметка верная?",
    copyHint: "Нажмите на значение, чтобы скопировать.",
    tooLong:
      "Часть значений не поместилась в сообщение, целиком они в файле ниже. Если файла нет, откройте выдачу ещё раз в /my.",
    wholeText: "Значения целиком, которые не поместились в сообщение.",
    marked: (status: string) => `Отмечено: ${status}`,
    undone: "Отметка снята",
    extend: "+10 минут",
    /** A toast: when the first of the items marks itself now. */
    extended: (time: string) => `Отметится сам не раньше ${time}`,
    declined: "Без замены",
    replaced: "Замена выдана",
    noReplacementNow:
      "Замены сейчас нет. Отметка сохранена, попробуйте нажать «Да, заменить» позже.",
    /** To say in a few words why an item has its status. */
    why: {
      button: "✍️ Почему?",
      /** `what` names the item, «VK › 495, 2». */
      ask: (status: string, what: string) => `${what}. Почему ${status}?`,
      now: (comment: string) => `Сейчас записано: ${comment}.`,
      how: "Нажмите причину или напишите её одним сообщением, до 120 знаков. Она попадёт в таблицу и в статистику. Можно не отвечать.",
      skip: "✕ Не нужно",
      remove: "✕ Убрать причину",
      skipped: "Хорошо, без причины.",
      saved: (comment: string) => `✍️ Записано: ${comment}.`,
      removed: "Причина убрана.",
      faults: {
        empty: "В сообщении нет букв. Ничего не записано, напишите ещё раз или нажмите кнопку.",
        tooLong: "Это длиннее 120 знаков. Ничего не записано, напишите короче.",
        lines: "Здесь несколько строк, а причина в одну. Ничего не записано, напишите ещё раз.",
      } satisfies Record<CommentFault, string>,
    },
    withdrawn:
      "Показать выданное не удалось, поэтому оно вернулось на склад и за вами не числится. Запросите ещё раз.",
  },

  /** The list of one's own items. */
  my: {
    title: "Мои выдачи",
    nothing: "За последние сутки у вас ничего нет. Взять новое: /menu.",
    pending: (count: number) => `Ждут отметки: ${count}`,
    marked: (count: number) => `Отмечено за сутки: ${count}`,
    more: (count: number) => `И ещё ${issuances(count)} раньше.`,
  },

  /** Why something was not done. */
  refusals: {
    outOfStock: (resource: string, region: string) =>
      `${resource}: для региона ${region} сейчас нет свободных. Ничего не выдано.`,
    /** Nobody can have any, whatever the region. */
    noneAtAll: (resource: string) => `${resource}: сейчас нет свободных. Ничего не выдано.`,
    emptyEverywhere:
      "На складе пусто, и из таблицы сейчас ничего не взять. Как только строки появятся, бот возьмёт их сам.",
    /** Added when the stock has other items, but the sheet has none that fit. */
    noneInSheet: "Подходящего из таблицы сейчас тоже не взять.",
    /** Only items of today are issued, and the stock has items of other days. */
    otherDaysHidden: (name: string, day: string, count: number) =>
      `Выдаются только ${name} с сегодняшней датой, ${day}; ещё ${count} на складе с другой датой.`,
    /** Only items of today are issued, and the stock has no items of other days either. */
    noneOfToday: (name: string, day: string) =>
      `Выдаются только ${name} с сегодняшней датой, ${day}. Строки с этой датой бот сам возьмёт из таблицы, как только они появятся.`,
    /** The name of items without a variant, where items are counted by variant. */
    otherVariants: "другие",
    stockByVariant: "Есть на складе:",
    stockByRegion: "Закреплено за регионами:",
    tryOtherwise: "Выберите другое или проверьте чуть позже.",
    tooManyPending: (pending: number, limit: number) =>
      `У вас без отметки ${items(pending)}, а можно не больше ${limit}. Новое не выдано. Поставьте отметки в «Моих выдачах» и берите дальше.`,
    unknownIssuance:
      "Кнопка устарела: эта выдача давно закрыта. Ничего не изменилось, свежее видно в /my.",
    notHolder: "Это чужая кнопка: это выдано другому сотруднику. Ничего не изменилось.",
    alreadyMarked: (status: string) =>
      `Уже отмечено: ${status}. Новая отметка не поставлена; чтобы поправить, нажмите «изменить».`,
    /** `note` is the reason that the admin gave, "" when there is none. */
    poolPaused: (resource: string, note: string) =>
      `${resource}: выдачу приостановил администратор. Ничего не выдано, ваши выдачи на месте. Попробуйте позже.${note === "" ? "" : ` Причина: ${note}`}`,
    notAllowed: {
      pending: "Отметки ещё нет, менять нечего. Поставьте её кнопкой под сообщением.",
      extensionOver:
        "Больше времени не добавить: это можно два раза, и пока оно не вышло. Ничего не изменилось.",
      undoOver: "Десять минут прошли, снять отметку уже нельзя. Её можно изменить.",
      correctionOver:
        "Сутки прошли, отметка уже не меняется. Если она неверна, скажите администратору.",
      replaced: "Замена уже выдана, поэтому отметку снять нельзя. Её можно изменить.",
      noReplacement: "С такой отметкой замену не выдают. Ничего не изменилось.",
      replacementOver: "Сутки прошли, замену по этой выдаче уже не взять. Запросите новое в /menu.",
      chainTooLong:
        "Это уже третья замена подряд: похоже, дело в запасе. Скажите администратору или запросите новое в /menu.",
      offered: "Это уже предложено коллеге. Отзовите предложение или дождитесь ответа.",
      offerOver:
        "Предложение уже не действует: время вышло, его отозвали или отметка уже стоит. Ничего не изменилось.",
      heldByAnother: "Это уже у другого человека. Ничего не изменилось.",
      asksNoComment:
        "Отметка уже другая, причина к ней не нужна. Ничего не записано, кнопки обновлены.",
      unknownStatus: "Такой отметки больше нет. Ничего не изменилось, кнопки обновлены.",
      alreadyMarked: "Отметка по этой выдаче уже стоит, забрать её нельзя. Ничего не изменилось.",
      messageTaken:
        "Это сообщение занято другой выдачей. Ничего не изменилось, начните передачу заново.",
      written: "Строка уже записана в таблицу. Ничего не изменилось.",
      issuedBefore: "Такое уже есть на складе или выдавалось. Ничего не изменилось.",
    } satisfies Record<NotAllowed["reason"], string>,
    storageUnavailable:
      "Диск бота сейчас не отвечает. Ничего не выдано, не изменено и не потеряно. Повторите через минуту, администраторы уже предупреждены.",
    telegram: {
      Blocked: "Человек остановил бота. Ничего не потеряно: напишите ему, чтобы нажал /start.",
      MessageGone: "Сообщения в чате уже нет. Ничего не потеряно, откройте /my.",
      ChatNotFound: "Такого чата нет: человек ни разу не нажимал /start. Ничего не потеряно.",
      RateLimited: "Telegram просит подождать. Ничего не потеряно, повторите через минуту.",
      Conflict: "С этим же токеном работает другая программа. Ничего не потеряно, остановите её.",
      Unauthorized: "Telegram не принимает токен бота. Ничего не потеряно, проверьте BOT_TOKEN.",
      Unsure: "Telegram не ответил, дошло ли сообщение. Ничего не потеряно, бот повторит сам.",
      Rejected: "Telegram не принял сообщение. Ничего не потеряно, скажите администратору.",
    } satisfies Record<TelegramFailure["_tag"], string>,
  },

  /** Around an order: repeating it, waiting for stock, reminders, the history. */
  employee: {
    repeat: {
      /** The first button of the menu; `what` names the whole order. */
      button: (what: string) => `🔁 Ещё раз: ${what}`,
      /** The button below a batch that is done with. */
      again: "🔁 Ещё раз так же",
      /** Stands above the menu when such an order cannot be started now. */
      impossible:
        "Сейчас так не получится: этого больше не выдают или выдача приостановлена. Ничего не изменилось.",
    },
    waiting: {
      /** The button below the message that there is nothing in stock. */
      ask: "🔔 Сообщить, когда появится",
      stop: "✕ Не ждать",
      /** A choice of what to be told about: a region, or a variant. */
      askFor: (what: string) => `🔔 ${what}`,
      started: (what: string, until: string) => `Сообщу, когда появится: ${what}. Жду до ${until}.`,
      /** An alert. */
      tooMany: (limit: number) =>
        `У вас уже ${waits(limit)}, больше сразу нельзя. Новое не добавлено. Уберите лишнее в «Моих выдачах» и нажмите ещё раз.`,
      stopped: (what: string) => `Больше не жду: ${what}.`,
      /** The heading of what somebody waits for, in the list of their own items. */
      title: (count: number) => `Жду появления: ${count}`,
      line: (what: string, until: string) => `🔔 ${what}, до ${until}`,
      stopOne: (what: string) => `✕ Не ждать: ${what}`,
      arrived: (what: string) => `🔔 Появилось: ${what}`,
      /** How many there are, and that nobody keeps them for the person. */
      fits: (count: number, asked: number) =>
        `${count < asked ? `Сейчас есть ${count} из ${asked}. ` : ""}За вами это не закреплено: нажмите, пока не разобрали.`,
      take: (count: number) => `Взять ${count} шт.`,
      /** The button when there are fewer than were asked for: at the tap there may be more. */
      takeFewer: "Взять, что есть",
      ended: (what: string) => `За сутки не появилось: ${what}. Больше не жду.`,
      again: "🔔 Ждать ещё сутки",
    },
    reminder: {
      soon: (left: number, time: string, what: string) =>
        `Через ${minutesAccusative(left)}, в ${time}, отметится само: ${what}`,
      atOnce: (time: string, what: string) =>
        `Меньше чем через минуту, в ${time}, отметится само: ${what}`,
      show: "📄 Показать и отметить",
    },
    history: {
      title: "История выдач",
      open: "🕘 История",
      empty: "Вам ещё ничего не выдавали. Взять новое: /menu.",
      unavailable:
        "Диск бота сейчас не отвечает, историю не прочитать. Ничего не потеряно, повторите через минуту.",
      /** Stands between the turning buttons, and must not look like one. */
      page: (number: number) => `стр. ${number}`,
      pending: "ждёт отметки",
      /** Instead of a status: an admin took the item away. */
      withheld: "изъято администратором",
      /** Ends the last page when there are more issuances than the history shows. */
      earlier: (count: number) =>
        `Здесь последние ${issuances(count)}. Более ранние записаны в таблице, спросите администратора.`,
    },
  },

  /** Proxies: adding them, getting one, and those that somebody has. */
  proxies: {
    title: "Прокси",
    help: "Отметьте, для каких ресурсов он нужен, выберите страну и сам прокси. Выбранный держится за вами несколько минут: время написано рядом. Если взять его для ресурса, для этого ресурса он больше никому не достанется. Взятый зря можно вернуть десять минут, а о нерабочем сообщить целые сутки. Добавить можно сразу много строк одним сообщением.",
    free: (count: number) => `Свободно сейчас: ${count}`,
    get: "Получить прокси",
    add: "Добавить прокси",
    /** How long a proxy works after today: «9 дней»; 0 is its last day. */
    daysLeft: (count: number) => (count <= 0 ? "последний день" : days(count)),
    /** The last day on which it works: «до 02.12.2026 включительно». */
    through: (day: string) => `до ${day} включительно`,
    adding: {
      title: "Добавление прокси",
      chooseType: "Какого они типа?",
      sendLines: "Пришлите строки одним или несколькими сообщениями, каждый прокси с новой строки:",
      // The form of a line, with a login and without one.
      form: "адрес:порт:логин:пароль",
      formWithoutLogin: "или, если логин не нужен, адрес:порт",
      example: "Например:",
      willBeDeleted: "В строках пароли, поэтому ваши сообщения с ними бот сразу удалит из чата.",
      /** What became of the lines in the last message. */
      received: (accepted: number, rejected: number) =>
        rejected === 0 ? `Принято ${accepted}.` : `Принято ${accepted}, не принято ${rejected}:`,
      badLine: (number: number, problem: string) => `строка ${number}: ${problem}`,
      moreBad: (count: number) => `и ещё ${rows(count)}`,
      problems: {
        tooFewParts: "в ней нет двоеточия, нужен хотя бы адрес и порт",
        host: "адрес написан с ошибкой",
        port: "порт должен быть от 1 до 65535",
        noPassword: "есть логин, но нет пароля",
        brackets: "длинный адрес с двоеточиями пишется в квадратных скобках",
        scheme: "такой тип прокси бот не знает",
        otherType: "в начале другой тип, чем вы выбрали",
        tooLong: "она слишком длинная",
        unprintable: "в ней невидимые знаки, наберите её заново",
        space: "непонятно, к чему относится пробел; если это примечание, поставьте перед ним #",
        noPort: "после адреса нет порта",
        extra: "в конце есть лишнее; если это примечание, поставьте перед ним пробел и #",
        several: "похоже, в ней два прокси; пишите каждый с новой строки, адрес:порт:логин:пароль",
        order: "похоже, логин стоит перед адресом; пишите адрес:порт:логин:пароль",
        ambiguous: "её можно прочитать двояко; пишите адрес:порт:логин:пароль",
        repeated: "такая же строка уже есть выше",
        inDraft: "такую же строку вы уже прислали",
        known: "такой прокси уже есть у бота",
        tooMany: "больше 200 за один раз не принимается, пришлите её в следующий раз",
        otherPassword: "логин уже есть с другим паролем, вы её не взяли",
        seam: "Telegram разрезал текст как раз здесь: это может быть половина строки, пришлите её целиком",
        elsewhere: "вы прислали её, когда бот ждал другого",
      } satisfies Record<LineProblem, string>,
      /** How many lines the draft has. */
      total: (count: number) => `Всего к сохранению: ${count}`,
      /** The last line was completed by the first one of the next message. */
      joined: "Строка, которую Telegram разрезал между двумя сообщениями, собрана целиком.",
      held: "Последняя строка ждёт: Telegram мог её разрезать. Пришлите продолжение, и бот их соединит.",
      /** Lines were accepted with a space in the login or in the password. */
      spaced: (numbers: string) =>
        `Пробел принят как часть логина или пароля, номера строк: ${numbers}. Если это было примечание, пришлите строку снова, с # перед ним.`,
      renewed: (count: number) => `Новый пароль записан: ${proxies(count)}.`,
      asked: (count: number) =>
        `Ещё ${rows(count)} с адресом, портом и логином, которые уже есть, но с другим паролем. Что это?`,
      newPassword: "Новый пароль тех же прокси",
      newPasswordMeans:
        "Новый пароль: у прокси он сменится, в таблице тоже; последний из нескольких.",
      sessions: "Сессии ротационного шлюза",
      sessionsMean:
        "Сессии: каждая строка станет отдельным прокси, и дальше для этого логина тоже.",
      noneOfThem: "Не брать эти строки",
      showRefused: (count: number) => `Показать непринятые строки (${count})`,
      refusedTitle: "Непринятые строки",
      refusedHint:
        "Ваше сообщение с ними удалено, здесь они как были. Нажмите на текст, чтобы скопировать всё, исправьте и пришлите сюда: то, что после #, бот пропустит. Хранятся сутки.",
      refusedFile: (count: number) =>
        `Здесь ${rows(count)}, которые бот не принял, и почему. Исправьте их и пришлите текстом: файлы бот не читает. Файл лежит только в этом чате, в нём пароли: удалите его, когда закончите.`,
      refusedSent: "Непринятые строки ушли вам файлом, он в этом чате.",
      forgetRefused: "Убрать их, они больше не нужны",
      /** The draft was given up, and with it or without it the lines that were not accepted. */
      refusedKept: (count: number) =>
        `Непринятые строки (${count}) не потеряны: они будут там, где бот снова попросит строки.`,
      refusedErased: (count: number) => `Непринятые строки (${count}) стёрты из памяти бота.`,
      notDeleted:
        "Убрать ваше сообщение со строками из чата не получилось: удалите сообщение сами, в нём пароли.",
      usedFor: "Для чего эти прокси уже использованы?",
      usedForNothing:
        "Для отмеченного бот их никому не выдаст. Если ещё ни для чего, сразу жмите «Далее».",
      /** The answer to `usedFor`, as a sentence. */
      usedAlready: (targets: string) => `Уже использованы для: ${targets}.`,
      chooseCountry: "Выберите страну или пришлите сообщением её название или код из двух букв:",
      unknownCountry:
        "Такой страны бот не знает, ничего не изменилось. Пришлите её название целиком или код из двух букв, либо выберите кнопкой.",
      chooseDays: "Сколько дней они ещё проработают?",
      days: (count: number, until: string) => `${days(count)}, до ${until}`,
      addMore: "Добавить ещё",
      saved: (count: number) => `Сохранено: ${proxies(count)}. Брать уже можно.`,
      willAppear: (tab: string) => `В таблице «${tab}» они появятся через несколько секунд.`,
      alreadyThere: (count: number) =>
        `Уже есть у бота: ${rows(count)} из ваших. Второй раз они не записаны, ничего не потеряно.`,
      nothingSaved:
        "Пока вы добавляли, все эти прокси уже добавил кто-то другой. Ничего не потеряно, второй раз они не записаны.",
      /** A toast: the button was tapped twice. */
      isSaved: "Уже сохранено, повторять не нужно.",
      ended: "Добавление закончено.",
      /** The draft ended without a line in it. */
      endedEmpty: "Добавление прервано. Строк ещё не было, ничего не потеряно.",
      /** The draft ended, and the bot has all of its lines by now, from this draft or another one. */
      endedKnown: "Добавление закончено. Присланные прокси уже есть у бота, ничего не потеряно.",
      /** The draft ended, and `count` lines were dropped with it. */
      endedDropping: (count: number) =>
        `Добавление прервано. Принятое не сохранено и стёрто из памяти бота (${rows(count)}). Чтобы добавить это, начните заново.`,
      linesElsewhere:
        "Похоже на строки с паролями, а сейчас бот ждёт другого. Они не приняты. Дойдите кнопками до шага, где бот просит строки, и пришлите их снова: там же их покажет кнопка «Показать непринятые строки».",
      /** Somebody sent a picture or a file while the bot waits for lines. */
      notText:
        "Файлы и картинки бот не читает, ничего не добавлено. Пришлите строки обычным текстом, а если в файле пароли, удалите его из чата сами.",
      diskRefused:
        "Диск бота сейчас не отвечает: это сообщение не принято и осталось в чате, принятое раньше не потеряно. Пришлите его ещё раз через минуту.",
    },
    getting: {
      title: "Получение прокси",
      chooseTargets: "Для чего нужен прокси? Можно отметить несколько.",
      show: "Показать свободные ›",
      chooseCountry: "Свободные прокси есть в этих странах:",
      moreCountries: (count: number) => `И ещё ${countries(count)}, где их меньше всего.`,
      noneFree:
        "Свободных прокси для этого сейчас нет, ничего не выдано. Отметьте меньше или проверьте чуть позже.",
      choose: "Выберите прокси. Первыми стоят те, что закончатся раньше.",
      noneLeft: "Здесь свободных не осталось, ничего не выдано. Выберите другую страну.",
      refresh: "🔄 Обновить",
      toList: "‹ К списку",
      reserved: (time: string) => `⏳ За вами до ${time}, другие его сейчас не видят.`,
      /** What happens to the proxy when it is taken, and when it is not. */
      takeMeans: (targets: string) =>
        `Если возьмёте, он будет использован для: ${targets}. Если нет, в это время освободится сам.`,
      take: "Получить",
      cancel: "Отменить",
      extend: "+5 минут",
      // Toasts.
      taken: "Прокси ваш",
      /** Also said where it was extended before. */
      extended: (time: string) => `Прокси за вами до ${time}. Продлить можно один раз.`,
      released: "Прокси снова свободен",
      // Alerts.
      unavailable: {
        reserved:
          "Этот прокси только что выбрал другой сотрудник. Ничего не выдано, вот свежий список.",
        used: "Этот прокси для отмеченного уже использован. Ничего не выдано, вот свежий список.",
        ended: "Срок этого прокси закончился. Ничего не выдано, вот свежий список.",
        gone: "Этого прокси больше нет в таблице. Ничего не выдано, вот свежий список.",
        broken:
          "Про этот прокси сообщили, что он не работает. Ничего не выдано, вот свежий список.",
      } satisfies Record<ProxyUnavailable["reason"], string>,
      over: {
        cancelled: "Вы уже отказались от этого прокси. Ничего не выдано, выберите снова.",
        timedOut: "Время вышло, прокси уже освободился. Ничего не выдано, выберите снова.",
        superseded: "Вы уже выбрали другой прокси, этот освободился. Ничего не изменилось.",
        broken: "Про этот прокси сообщили, что он не работает. Ничего не выдано, выберите другой.",
        taken:
          "Прокси уже ваш. Ничего не изменилось. Первые десять минут его можно вернуть кнопкой под ним.",
        returned: "Вы уже вернули этот прокси. Ничего не изменилось.",
        notHolder: "Это чужая кнопка: прокси выбрал другой сотрудник. Ничего не изменилось.",
        unknown: "Кнопка устарела: это было давно. Ничего не изменилось, начните с /menu.",
      } satisfies Record<ReservationOver["reason"], string>,
      /** What the message of a reservation says once the reservation has ended. */
      endedSo: {
        cancelled: "Вы отказались от этого прокси, он снова свободен. Ничего не выдано.",
        timedOut: "Время вышло, прокси освободился. Ничего не выдано, можно выбрать снова.",
        superseded: "Вы выбрали другой прокси, а этот освободился. Ничего не потеряно.",
        broken: "Про этот прокси только что сообщили, что он не работает. Выберите другой.",
        returned: "Вы вернули этот прокси. За вами он больше не числится и снова свободен.",
      } satisfies Record<Release | "returned", string>,
    },
    goods: {
      title: "Ваш прокси",
      type: "Тип",
      host: "Адрес",
      port: "Порт",
      user: "Логин",
      password: "Пароль",
      noLogin: "Логин и пароль не нужны.",
      line: "Строкой",
      url: "Ссылкой",
      country: "Страна",
      until: "Срок",
      takenFor: (targets: string) => `Взят для: ${targets}.`,
      onlyYours: "Для этого он больше никому не достанется.",
      copyLine: "📋 Строка",
      copyUrl: "📋 Ссылка",
      giveBack: "↩️ Вернуть",
      broken: "⚠️ Не работает",
      /** `reason` may be empty. */
      isBroken: (reason: string) => `⚠️ Не работает${reason === "" ? "." : `: ${reason}`}`,
      // Toasts and alerts.
      returned: "Прокси возвращён",
      over: {
        late: "Время для этого прошло. Ничего не изменилось, прокси по-прежнему ваш.",
        returned: "Вы уже вернули этот прокси. Ничего не изменилось.",
        notHolder: "Это чужая кнопка: прокси взял другой сотрудник. Ничего не изменилось.",
        unknown: "Кнопка устарела: прокси взят слишком давно. Ничего не изменилось.",
      } satisfies Record<TakingOver["reason"], string>,
    },
    /** Reporting that a proxy does not work. */
    broken: {
      ask: "Что с ним? Напишите одним сообщением в двух словах или нажмите «Без причины». Прокси больше никому не предложат.",
      skip: "Без причины",
      keep: "Отмена, работает",
      kept: "Хорошо, прокси остаётся на выдаче",
      known: "Об этом уже сообщили, прокси никому не предлагается. Ничего не изменилось.",
      done: "Записано, спасибо. Его больше никому не предложат, и в таблице это видно.",
      another: (name: string) => `Взять другой: ${name}`,
      noOther: "Другого свободного в этой стране сейчас нет.",
      /** To the admins. */
      note: (name: string, by: string, reason: string) =>
        `Прокси ${name} не работает, по словам ${by}${reason === "" ? "." : `: ${reason}`}`,
      noteAdvice:
        "Он больше не предлагается. Чтобы вернуть, сотрите «не работает» в его строке на вкладке прокси или добавьте его снова.",
      /** To the others who took it. */
      toHolder: (name: string, reason: string) =>
        `Прокси ${name}, который вы брали, по словам коллеги не работает${reason === "" ? "." : `: ${reason}`}`,
      toHolderAdvice: "Если у вас так же, возьмите другой: /menu.",
    },
    mine: {
      title: (count: number) => `Прокси: ${count}`,
      more: (count: number) => `И ещё ${proxies(count)}, взятых раньше.`,
      /** An alert: the proxy is not, or not any more, among those that the person took. */
      gone: "Этого прокси у вас нет: его срок закончился или кнопка чужая. Ничего не изменилось.",
    },
    /** A warning to whoever took proxies that end soon. */
    ending: {
      title: (count: number) =>
        count === 1 ? "Ваш прокси скоро закончится" : "Ваши прокси скоро закончатся",
      more: (count: number) => `И ещё ${proxies(count)}, все они видны в /my.`,
      advice: "До конца этого дня всё работает. Если нужен новый, возьмите его заранее: /menu.",
    },
  },

  /** Statistics. */
  stats: {
    title: "Статистика",
    /** The heading of the total over all resources. */
    everything: "Статистика: всё вместе",
    /** A button: choose resource, kind, region and period one after the other. */
    steps: "🔎 По шагам",
    moreRegionsButton: "Другие регионы",
    byResource: "По ресурсам",
    bad: "Негод.",
    badMeaning: "Негод.: отметки, после которых бот предлагает замену.",
    chooseGroup: "Что посчитать?",
    chooseResource: "Выберите ресурс:",
    allVariants: "Все",
    allRegions: "Все регионы",
    choosePeriod: "За какое время?",
    periods: { day: "День", week: "Неделя", month: "Месяц" } satisfies Record<Period, string>,
    total: "Всего",
    byRegion: "По регионам",
    byDay: "По дням",
    // Buttons that only admins see.
    own: "Мои",
    all: "Все сотрудники",
    // The same choice, as the report says it.
    ownIssuances: "только ваши выдачи",
    allPeople: "все сотрудники",
    today: (day: string) => `Сегодня, ${day}`,
    range: (first: string, last: string) => `С ${first} по ${last}`,
    // Heads of the columns.
    region: "Регион",
    count: "Всего",
    auto: "Авто",
    autoMeaning: "Авто: отметка поставилась сама.",
    reasons: "Причины",
    otherReasons: "Другие причины",
    issued: "Выдано",
    pending: "Ждут отметки",
    /** Statuses that the catalogue does not have any more. */
    other: "Прочее",
    sum: "Итого",
    noRegion: "без региона",
    moreRegions: (count: number) => `ещё ${regions(count)}`,
    moreResources: (count: number) => `ещё ресурсов ${count}`,
    nothing: "За это время ничего не выдано.",
    chart: "📊 График",
    chartFailed:
      "Нарисовать график не удалось. Ничего не потеряно: те же числа есть в таблице. Попробуйте ещё раз, а если повторится, скажите администратору.",
    /** An alert. */
    unavailable:
      "Диск бота сейчас не отвечает, посчитать не получилось. Ничего не потеряно. Повторите через минуту, а если повторится, скажите администратору.",
  },

  /** What admins read about applications, quarantined rows, alarms and the today-only mode. */
  admin: {
    card: "Заявка на доступ",
    cardStage: "Ник",
    /** Before the name, or the words that open the profile where there is no name. */
    cardName: "Имя в Telegram",
    openProfile: "открыть профиль",
    cardId: "Telegram ID",
    cardSince: "Подана",
    approve: "Одобрить",
    refuse: "Отклонить",
    otherNickname: "✏️ Другой ник",
    reminder: "Заявка ждёт решения больше четырёх часов",
    decided: (decision: "approve" | "refuse", by: string, at: string) =>
      `${decision === "approve" ? "✅ Одобрено" : "⛔ Отклонено"}. Решение: ${by}, ${at}`,
    reopen: "↩️ Вернуть заявку",
    notRefused:
      "Вернуть заявку уже нельзя: она снова открыта, одобрена или прошли сутки. Ничего не изменилось.",
    nicknameTaken:
      "Этот ник тем временем занят. Ничего не изменилось. Через сутки можно подать заявку с другим.",
    /** A note to the other admins. */
    reopened: (name: string, by: string) =>
      `↩️ Заявка снова ждёт решения: ${name}. Решение: ${by}.`,
    alreadyDecided: "По этой заявке решение уже есть, оно показано на карточке.",
    cardGone: "Этой заявки больше нет. Ничего не изменилось.",
    /** The applicant took it back; an alert, and the outcome on the card. */
    withdrawnBefore: "Заявку отозвал тот, кто её подал. Ничего не изменилось.",
    cardWithdrawn: (at: string) => `↩️ Заявку отозвал тот, кто её подал, ${at}`,
    /** Stands above the buttons, which go on working. */
    cardExpired:
      "⌛ За трое суток решения не было, заявка закрыта. Одобрить или отклонить её можно и сейчас.",
    nicknameTakenSince:
      "Срок заявки вышел, и её ник тем временем занял другой человек. Ничего не изменилось. Попросите подать заявку снова, с другим ником.",
    newerCard: "Это карточка прежней заявки. Человек подал новую, её карточка ниже.",
    applicantNotTold: (reason: string) =>
      `Решение записано, но сообщить о нём не удалось. ${reason}`,
    quarantine: (tab: string, count: number) =>
      `Вкладка «${tab}»: ${rowsAccusative(count)} нельзя выдать, отложено`,
    quarantineReason: {
      missing: "нет обязательного значения",
      unreadable: "значение не читается",
      converted: "таблица заменила набранное датой или числом",
      formula: "вместо значения формула",
      duplicate: "повтор: такое уже есть",
      issuedBefore: "такое уже выдавали",
      header: "повтор заголовка",
      withheld: "изъято у сотрудника администратором",
      region: "такого региона нет на кнопках",
      restored: "после восстановления из копии неизвестно, выдано ли",
    } satisfies Record<Quarantined["reason"], string>,
    quarantineAdvice: "Строки не потеряны: бот хранит их и никому не выдаёт.",
    alarm: (alarm: Alarm) => `⚠️ ${troubleOf(alarm)}`,
    cleared: (alarm: Alarm) => `✅ Снова в порядке: ${placeOf(alarm)}.`,
    lowStock: (name: string, remaining: number) => `${name}: осталось ${remaining}`,
    lowStockAdvice:
      "Строки в таблице посчитаны вместе со складом. Добавьте новые на вкладки этих ресурсов, бот возьмёт их сам. Подробно: /stock.",
    /** The switch between issuing only items of today and items of any day. */
    todayOnly: {
      title: "Режим «Только сегодняшние»",
      isOn: "Режим включён.",
      isOff: "Режим выключен.",
      // What the mode means.
      whenOn: (name: string, day: string) =>
        `Выдаются только ${name} с сегодняшней датой, ${day}. Устаревшие бот сам возвращает в их вкладку таблицы, ничего не теряется.`,
      whenOff: (name: string) =>
        `Выдаются ${name} с любой датой, начиная с тех, что раньше попали на склад. В таблицу ничего не возвращается.`,
      stock: (available: number) => `На складе: ${available}`,
      hidden: (count: number) => `Из них не выдаются из-за даты: ${count}`,
      returning: (count: number) => `Возвращаются в таблицу: ${count}`,
      switchOn: "Включить",
      switchOff: "Выключить",
      /** `tabs` are those that outdated items go back to. */
      switchedOn: (name: string, returning: number, tabs: string) =>
        returning === 0
          ? "Режим включён. Устаревших на складе нет."
          : `Режим включён. Устаревшие ${name}, всего ${returning}, возвращаются в «${tabs}».`,
      switchedOff: "Режим выключен. Теперь выдаётся всё, что есть на складе.",
      // Notes to the other admins.
      switchedOnBy: (name: string, by: string) =>
        `📅 ${name}: теперь выдаются только сегодняшние. Решение: ${by}. Режим: /numbers_today_mod.`,
      switchedOffBy: (name: string, by: string) =>
        `📅 ${name}: теперь выдаются с любой датой. Решение: ${by}. Режим: /numbers_today_mod.`,
      /** The catalogue has no resource whose items are meant for a day. */
      none: "В каталоге нет ничего, что выдают по датам. Менять нечего.",
    },
  },

  /** An admin gives somebody another work nickname. */
  nicknames: {
    title: (id: string) => `Новый ник, Telegram ID ${id}`,
    how: "Напишите ник одним сообщением в течение десяти минут: от 2 до 32 знаков, буквы, цифры, пробел, точка, _ и -.",
    invalid:
      "Так не подойдёт: нужно от 2 до 32 знаков, только буквы, цифры, пробел, точка, _ и -. Напишите ещё раз.",
    taken: "Такой ник уже занят. Напишите другой.",
    same: "Этот ник и так стоит. Ничего не изменилось.",
    gone: "Этого человека уже нет в списке доступа. Ничего не изменилось.",
    isAdmin: "Это администратор: его имя задаёт настройка ADMIN_ID. Ничего не изменилось.",
    stopped: "Отменено, ник прежний.",
    done: (from: string, to: string) => `✏️ Ник изменён: ${from} → ${to}.`,
    meaning:
      "Новый ник пойдёт в таблицу со следующей выдачи. Что выдано раньше, останется под прежним.",
    stillOpen: "Заявка ждёт решения, на карточках уже новый ник.",
    /** To the employee. */
    yours: (stage: string) => `Ваш рабочий ник теперь: ${stage}.`,
    /** To the other admins. */
    note: (name: string, to: string, by: string) =>
      `✏️ Новый ник: ${name} → ${to}. Решение: ${by}.`,
  },

  /** The stock: what there is, who holds what, pausing, clearing, releasing. */
  stock: {
    // A moment after «до»: «14:32 сегодня», «14:32 завтра».
    today: (time: string) => `${time} сегодня`,
    tomorrow: (time: string) => `${time} завтра`,
    refresh: "🔄 Обновить",
    /** A toast: the screen was drawn again and is the same. */
    unchanged: "Без изменений",
    unknownResource: (names: string) =>
      `Такого ресурса здесь нет, ничего не изменилось. Напишите одно из этих названий или выберите кнопкой: ${names}.`,
    overview: {
      title: "Склад",
      ready: (count: number) => `Готово к выдаче: ${count}`,
      /** The name of items without a variant, where items are counted by variant. */
      noVariant: "другие",
      hidden: (count: number) => `Не выдаются из-за даты: ${count}`,
      pending: (count: number) => `На руках без отметки: ${count}`,
      unwritten: (count: number) => `Ждут записи в таблицу: ${count}`,
      /** Rows that admins decided not to write. */
      abandoned: (count: number) => `Решено не записывать: ${count}`,
      quarantine: (count: number) => `Отложено, выдать нельзя: ${count}`,
      returning: (count: number) => `Возвращаются в таблицу: ${count}`,
      trash: (count: number, until: string) => `В корзине: ${count}, до ${until}`,
      paused: (by: string, since: string) => `⏸ Выдача приостановлена: ${by}, ${since}`,
      free: (count: number) => `Свободно: ${count}`,
      reserved: (count: number) => `Выбраны и ждут решения: ${count}`,
      ending: (count: number) => `Закончатся за два дня: ${count}`,
    },
    who: {
      title: "Кто что держит",
      total: (count: number) => `Без отметки: ${items(count)}, первыми самые давние.`,
      nothing: "Сейчас ни у кого ничего нет на руках: всё выданное уже отмечено.",
      byPerson: "По людям",
      byItem: "Одним списком",
      /** A line in the list of people; `since` is when the oldest item was issued. */
      person: (name: string, count: number, since: string) =>
        `${name}: ${items(count)}, самая давняя с ${since}`,
      /** The heading of the list of one person. */
      heldBy: (name: string, count: number) => `${name}: ${items(count)}`,
      confirms: (time: string) => `сама отметится в ${time}`,
      /** The timer waits until the message arrives. */
      undelivered: "сообщение не дошло, бот повторяет",
      noTimer: "сама не отметится",
    },
    pause: {
      title: "Приостановка выдачи",
      choose: "Выберите ресурс. Кнопка сразу приостановит выдачу или возобновит её.",
      /** How to give the text that employees read. */
      hint: "С пояснением для сотрудников: /pause, название ресурса и текст до 200 знаков.",
      works: "выдаётся",
      paused: (by: string, since: string) => `выдача приостановлена: ${by}, ${since}`,
      meaning:
        "Пока выдача приостановлена, новое не выдаётся и из таблицы не берётся. Выданное остаётся у людей, отмечать его можно, ничего не теряется.",
      note: (text: string) => `Сотрудники читают: «${text}»`,
      noNote: "Пояснения для сотрудников нет.",
      done: (resource: string) => `${resource}: выдача приостановлена`,
      resumed: (resource: string) => `${resource}: выдача возобновлена`,
      // Toasts: another admin was faster.
      already: "Выдача уже была приостановлена, ничего не изменилось",
      alreadyResumed: "Выдача уже шла, ничего не изменилось",
      tooLong: (length: number) =>
        `В пояснении знаков: ${length}, а помещается 200. Выдача не изменилась. Сократите текст и пришлите команду ещё раз.`,
      // Buttons.
      pause: "⏸ Приостановить",
      resume: "▶️ Возобновить выдачу",
      all: "‹ Все ресурсы",
    },
    /** Clearing: what is ready to issue goes into the trash. */
    clear: {
      title: "Очистка склада",
      choose: "С какого склада убрать всё, что готово к выдаче? Сначала бот покажет, что именно.",
      /** What is going to happen to `count` items. */
      preview: (count: number) => `Со склада в корзину на сутки уйдёт ${items(count)}.`,
      after:
        "Сутки это можно вернуть. Потом бот возьмёт из таблицы новые строки, если они там есть.",
      nothing: "На складе пусто, очищать нечего.",
      confirm: "Очистить",
      done: "Склад очищен",
      changed: (resource: string) =>
        `${resource}: склад изменился, пока вы смотрели. Ничего не очищено, вот свежий список.`,
    },
    /** Releasing: what is ready to issue goes back into the sheet. */
    release: {
      title: "Возврат в таблицу",
      choose:
        "С какого склада вернуть в таблицу всё, что готово к выдаче? Сначала бот покажет, что именно.",
      /** What is going to happen to `count` items. */
      preview: (count: number) =>
        `Со склада в свои вкладки вернётся ${items(count)}, с датой и порядком.`,
      after:
        "Выдача этого ресурса приостановится, иначе бот тут же взял бы эти строки снова. Возобновить её можно кнопкой.",
      nothing: "На складе пусто, возвращать нечего.",
      confirm: "Вернуть в таблицу",
      done: "Возвращается в таблицу",
      changed: (resource: string) =>
        `${resource}: склад изменился, пока вы смотрели. Ничего не возвращено, вот свежий список.`,
    },
    buffer: {
      ofDay: (day: string) => `за ${day}`,
      noDay: "без даты",
      otherDays: "не выдаются из-за даты",
      untouched: (pending: number, unwritten: number) =>
        `Не тронет выданное: на руках без отметки ${pending}, ждут записи в таблицу ${unwritten}.`,
      count: items,
      cleared: (count: number, until: string) => `${items(count)} в корзине до ${until}.`,
      released: (count: number, tabs: string) =>
        `Возвращаются в «${tabs}»: ${items(count)}. Ничего не теряется.`,
      /** All that was released has arrived in the sheet. */
      arrived: (tabs: string) => `Всё уже вернулось в «${tabs}». Ничего не потеряно.`,
      pausedSo:
        "Выдача приостановлена. Когда возобновите, бот снова будет брать строки из таблицы.",
      cancel: "✕ Не надо",
    },
    undo: {
      title: "Что можно вернуть",
      nothing: "В корзине пусто, возвращать нечего. Очищенное лежит в ней сутки.",
      line: (count: number, by: string, at: string) => `${items(count)}, очистка ${at}, ${by}.`,
      until: (until: string) => `Можно вернуть до ${until}`,
      restore: "Вернуть",
      restored: (resource: string, count: number) =>
        `${resource}: бот вернул на склад ${itemsAccusative(count)}.`,
      gone: "Этого в корзине уже нет: кто-то вернул раньше или прошли сутки. Ничего не изменилось.",
    },
    /** To the admins who did not decide it; `by` is the one who did. */
    notes: {
      paused: (resource: string, by: string) =>
        `⏸ ${resource}: выдача приостановлена. Решение: ${by}.`,
      resumed: (resource: string, by: string) =>
        `▶️ ${resource}: выдача возобновлена. Решение: ${by}.`,
      /** `what` is the sentence of `buffer.cleared`. */
      cleared: (resource: string, by: string, what: string) =>
        `🗑 ${resource}: склад очищен. ${what} Решение: ${by}. Вернуть можно командой /undo.`,
      released: (resource: string, by: string, count: number) =>
        `↩️ ${resource}: в таблицу возвращается ${items(count)}, выдача приостановлена. Решение: ${by}.`,
      restored: (resource: string, by: string, count: number) =>
        `↩️ ${resource}: на склад из корзины возвращено ${items(count)}. Решение: ${by}.`,
    },
  },

  /** How long the stock lasts, and the morning digest. */
  outlook: {
    /**
     * Rows in all base tabs of the resource; `more` says when they were counted, and how many are of
     * which variant.
     */
    rows: (count: number, more: string) => `В таблице ещё строк: ${count} (${more})`,
    /** The same for rows dated today. */
    rowsToday: (count: number, more: string) =>
      `В таблице ещё строк на сегодня: ${count} (${more})`,
    countedAt: (time: string) => `в ${time}`,
    countedOn: (moment: string) => `на ${moment}`,
    rowsUnknown: "Сколько в таблице строк, пока неизвестно",
    /** How long the pool lasts, as the beginning of a line. */
    lasts: {
      lessThanDay: "Запаса хватит меньше чем на день",
      days: (count: number) => `Хватит примерно на ${days(count)}`,
      forEver: "Хватит больше чем на год",
      /** Only items of today are issued, and there are enough of them for the day. */
      today: "На сегодня хватит",
    },
    variantLasts: {
      lessThanDay: "меньше чем на день",
      days: (count: number) => `на ${days(count)}`,
      forEver: "больше чем на год",
      today: "на сегодня",
    },
    /** `lasts` is one of the texts above; `pace` is in items a day. */
    atPace: (lasts: string, pace: number) => `${lasts}: уходит ${decimal.format(pace)} в день`,
    pace: (pace: number) => `Уходит ${decimal.format(pace)} в день`,
    /** The journal could not be read. */
    paceUnknown:
      "Диск бота сейчас не отвечает, и посчитать, на сколько дней хватит запаса, не получилось. Ничего не потеряно.",
    digest: {
      title: (day: string) => `Сводка за ${day}`,
      // Headings of the parts.
      taken: "Выдано за день",
      left: "Что осталось",
      deliveries: "Качество поставок за 7 дней",
      nothingTaken: "За день ничего не выдано.",
      /** `statuses` says how many items have which status. */
      taking: (name: string, count: number, statuses: string) => `${name}: ${count} (${statuses})`,
      pending: "без отметки",
      /** Statuses that the catalogue does not have any more. */
      other: "прочее",
      byTimer: (count: number) => `сами отметились ${count}`,
      most: (names: string) => `Больше всего взяли: ${names}`,
      remaining: (name: string, count: number) => `${name}: ${count}`,
      /** Only items of today are issued. */
      remainingToday: (name: string, count: number) => `${name}: на сегодня ${count}`,
      /** `lasts` is one of the texts of `variantLasts`. */
      lasting: (name: string, count: number, lasts: string) => `${name}: ${count}, хватит ${lasts}`,
      /** The rows of the sheet were not counted. */
      stockOnly: (name: string, available: number) =>
        `${name}: готово ${available}, строки в таблице не посчитаны`,
      paused: (line: string) => `${line}, выдача приостановлена`,
      /** `place` names the resource and the day that its items are dated. */
      delivery: (place: string, bad: number, marked: number) =>
        `${place}: негодных ${bad} из ${marked} (${Math.round((bad / marked) * 100)} %)`,
      noDay: "без даты",
      suspects: "Поставки со знаком ⚠️ стоит проверить: негодных больше четверти.",
      more: (count: number) => `и ещё ${rows(count)}`,
    },
  },

  /** Rows that Google refuses. */
  failed: {
    title: (count: number) => `Google не принимает ${rowsAccusative(count)}`,
    hint: "Ничего не потеряно: бот хранит их и пробует снова, хотя бы раз в полчаса. Остальное пишется как обычно.",
    nothing: "Google принимает все строки, решать здесь нечего.",
    /** Where the row belongs. */
    place: (resource: string, tab: string) => `${resource}, вкладка «${tab}»`,
    isNew: "новая строка",
    isCorrection: "исправление отметки",
    issued: (at: string) => `выдано ${at}`,
    /** What the sheet says, and what it should say. */
    changed: (from: string, to: string) => `в таблице ${from}, нужно ${to}`,
    refused: (count: number, since: string) => `Отказов: ${count}, первый ${since}`,
    reason: (text: string) => `Ответ Google: ${text}`,
    // Buttons; `number` is that of the row in the list.
    retry: (number: number) => `🔁 Повторить ${number}`,
    drop: (number: number) => `🗑 Не записывать ${number}`,
    retryAll: "🔁 Повторить все",
    back: "‹ К списку",
    /** A toast. */
    retrying: "Бот пробует прямо сейчас. Что Google примет, пропадёт из списка.",
    // Alerts: another admin was faster, or the sheet took the row.
    gone: "Этой строки в списке больше нет: она записана, или отметку сняли, или бот после перезапуска пробует её заново. Ничего не изменилось.",
    already: (by: string) => `Уже решено: не записывать. Решение: ${by}. Ничего не изменилось.`,
    notDropped:
      "Этой строки среди не записанных уже нет: её вернули, или прошли сутки. Ничего не изменилось.",
    ask: {
      title: "Не записывать эту строку?",
      /** What it means not to write a new row. */
      missing: "В таблице не будет строки об этой выдаче: кто взял, когда взял и с какой отметкой.",
      /** What it means not to write a correction. */
      staying: (from: string, to: string) =>
        `В таблице останется прежняя отметка: ${from}. Новой, ${to}, не будет.`,
      meaning:
        "В статистике и в журнале бота выдача останется. Если отметку потом изменят, в таблицу это тоже не попадёт. Сутки решение можно отменить.",
      confirm: "Не записывать",
    },
    unwritten: {
      title: "Не записаны по решению администраторов",
      one: "Строка не записывается",
      nothing: "Таких строк нет: всё записано или ждёт записи.",
      /** Said of the trash when it is empty and there are unwritten rows. */
      only: "В корзине пусто. Строки, которые решено не записывать, можно вернуть кнопкой.",
      open: (count: number) => `Не записанные строки: ${count}`,
      decided: (by: string, at: string) => `Решение: ${by}, ${at}.`,
      until: (until: string) => `Отменить можно до ${until}.`,
      restore: "↩️ Вернуть в очередь",
      restoreOne: (number: number) => `↩️ Вернуть в очередь ${number}`,
      restored: (resource: string) => `${resource}: строка снова в очереди на запись.`,
    },
    /** To the admins who did not decide it; `by` is the one who did. */
    notes: {
      dropped: (resource: string, id: string, by: string) =>
        `🗑 ${resource}: строка выдачи ${id} не записывается в таблицу. Решение: ${by}. Отменить можно в /failed или /undo.`,
      restored: (resource: string, id: string, by: string) =>
        `↩️ ${resource}: строка выдачи ${id} снова в очереди на запись. Решение: ${by}.`,
    },
  },

  /** A holder hands an unmarked item to a colleague, who accepts. */
  handing: {
    button: "➡️ Передать коллеге",
    /** Under the goods, beside other buttons. */
    short: "➡️ Передать",
    kept: (what: string) => `Никому не предложено. ${what}: вещь у вас.`,
    choose: "Что передать? Здесь всё, что ждёт вашей отметки.",
    nothing: "Передавать нечего: без отметки у вас ничего нет.",
    to: (what: string) => `Кому предложить: ${what}? Пока коллега не примет, это остаётся у вас.`,
    /** To the colleague. */
    card: (name: string, what: string, time: string) =>
      `${name} передаёт вам ${what}. Принять можно до ${time}, данные появятся здесь.`,
    accept: "✅ Принять",
    decline: "✕ Отказаться",
    offered: (what: string, to: string, time: string) =>
      `Предложено: ${what}. Кому: ${to}. Ждём ответа до ${time}, до тех пор это у вас.`,
    withdraw: "↩️ Отозвать",
    withdrawn: (what: string) => `Предложение отозвано. Осталось у вас: ${what}.`,
    withdrawnCard: (name: string, what: string) => `${name} больше не передаёт вам ${what}.`,
    notTold: "Коллеге нельзя написать, пусть он нажмёт /start. Ничего не изменилось.",
    /** On the card of the colleague, once the offer is over. */
    ended: {
      declined: "Вы отказались. За вами ничего не числится.",
      expired: "Время предложения вышло. За вами ничего не числится.",
      over: "Предложение снято: отметка уже стоит или это забрал администратор. За вами ничего не числится.",
      failed: "Передача не состоялась. За вами ничего не числится.",
    },
    // To the holder.
    accepted: (what: string, to: string) => `✅ ${what}: теперь у ${to}.`,
    refused: (what: string, to: string) => `✕ ${to} не берёт ${what}. Это осталось у вас.`,
    expired: (what: string, to: string) =>
      `⏳ ${to} не ответил в срок, предложение снято. Осталось у вас: ${what}.`,
  },
  /** An admin takes an item from its holder, for a reason. */
  taking: {
    title: (name: string) => `На руках: ${name}`,
    hint: "Можно забрать: передать коллеге, убрать в карантин или отметить за человека. Потом бот спросит причину, её прочтёт тот, у кого забирают.",
    give: "➡️ Коллеге…",
    aside: "🗄 В карантин",
    toList: "‹ Кто что держит",
    ask: (what: string, way: string) => `${what}: ${way}. Почему?`,
    how: (name: string) =>
      `Напишите причину одним сообщением, до 120 знаков. Её прочтут ${name} и другие админы. Пока ничего не изменилось.`,
    /** The end of a sentence that says what becomes of the item. */
    ways: {
      aside: "в карантин",
      give: (name: string) => `передать, кому: ${name}`,
      mark: (status: string) => `отметка «${status}»`,
    },
    before:
      "Кто-то успел раньше: отметка уже стоит, или это уже передали или забрали. Ничего не изменилось, свежее видно в /who.",
    done: (name: string, what: string, way: string, comment: string) =>
      `Забрано у ${name}. ${what}: ${way}. Причина: ${comment}.`,
    /** To whoever held it. */
    yours: (what: string, way: string, by: string, comment: string) =>
      `❗ Администратор ${by} забирает у вас ${what}: ${way}. Причина: ${comment}. За вами это больше не числится.`,
    /** To the other admins. */
    note: (name: string, what: string, way: string, by: string, comment: string) =>
      `📦 У ${name} забрано ${what}: ${way}. Причина: ${comment}. Решение: ${by}.`,
    /** In the message of whoever held it, instead of the item. */
    line: (value: string, comment: string) =>
      `${value} · забрано администратором${comment === "" ? "" : `: ${comment}`}`,
    lineTo: (value: string, to: string, comment: string) =>
      `${value} · передано, кому: ${to}${comment === "" ? "" : `. Причина: ${comment}`}`,
  },
  /** What admins took into quarantine from people without access. */
  asides: {
    ask: {
      heading: (count: number, name: string) =>
        `Забрать в карантин ${itemsAccusative(count)}? На руках: ${name}`,
      meaning:
        "Бот будет это хранить и больше никому не выдаст. Строки в таблице выданного не будет. Сутки это можно отменить: /undo.",
      confirm: "🗄 В карантин",
    },
    title: "Изъято в карантин за сутки",
    nothing: "За сутки в карантин ничего не изъято или всё уже вернули.",
    /** Said of the trash when it is empty and there are items in quarantine. */
    only: "В корзине пусто. Изъятое в карантин можно вернуть кнопкой.",
    open: (count: number) => `Изъято в карантин: ${count}`,
    heldBy: (name: string) => `На руках до того: ${name}`,
    decided: (by: string, at: string) => `Решение: ${by}, ${at}.`,
    until: (until: string) => `Отменить можно до ${until}.`,
    restore: (number: number) => `↩️ Вернуть на руки ${number}`,
    restored: (what: string, name: string) => `${what}: снова на руках без отметки у ${name}.`,
    gone: "Вернуть уже нельзя: кто-то вернул раньше, прошли сутки или такая же строка снова взята из таблицы. Ничего не изменилось.",
    /** To the other admins. */
    notes: {
      /** `what` is one or more whole sentences. */
      settled: (name: string, what: string, by: string) =>
        `📦 ${name}, что осталось на руках. ${what} Решение: ${by}.`,
      /** Follows `settled` when something went into quarantine. */
      wayBack: "Изъятое в карантин сутки можно вернуть: /undo.",
      restored: (what: string, name: string, by: string) =>
        `↩️ ${what}: из карантина снова на руках без отметки у ${name}. Решение: ${by}.`,
    },
  },

  /** /quarantine: rows that cannot be issued. */
  quarantine: {
    tab: (title: string) => `«${title}»`,
    open: (count: number) => `🗄 Карантин: ${count}`,
    title: "Карантин: строки, которые нельзя выдать",
    hint: "Строки лежат у бота, в таблице их нет. Откройте группу, чтобы разобрать.",
    nothing: "В карантине пусто: все взятые строки можно выдать.",
    count: (count: number) => `Строк: ${count}`,
    since: (at: string) => `отложено ${at}`,
    blank: "без значения",
    show: "👁 Показать значения",
    hide: "🙈 Скрыть значения",
    back: "‹ Назад",
    toList: "‹ Весь карантин",
    one: {
      return: "↩️ Вернуть в таблицу",
      issue: "✅ Выдать всё равно",
      drop: "🗑 Удалить",
    } satisfies Record<QuarantineWay, string>,
    all: {
      return: (count: number) => `↩️ Вернуть в таблицу все: ${count}`,
      issue: (count: number) => `✅ Выдать всё равно все: ${count}`,
      drop: (count: number) => `🗑 Удалить все: ${count}`,
    } satisfies Record<QuarantineWay, (count: number) => string>,
    ask: {
      return: (count: number, tab: string) =>
        `Вернуть ${rowsAccusative(count)} на вкладку «${tab}»?`,
      issue: (count: number, tab: string) =>
        `Выдавать ${rowsAccusative(count)} вкладки «${tab}» несмотря на повтор?`,
      drop: (count: number, tab: string) => `Удалить ${rowsAccusative(count)} вкладки «${tab}»?`,
    } satisfies Record<QuarantineWay, (count: number, tab: string) => string>,
    meaning: {
      return:
        "Строки снова появятся на вкладке. Исправьте их там: неизменённую строку бот сутки не возьмёт.",
      issue: "Строки попадут на склад. Одно и то же может оказаться у двух людей.",
      drop: "Сутки это можно отменить, потом вернуть их нельзя.",
    } satisfies Record<QuarantineWay, string>,
    confirm: {
      return: "↩️ Вернуть",
      issue: "✅ Выдавать",
      drop: "🗑 Удалить",
    } satisfies Record<QuarantineWay, string>,
    done: {
      return: (count: number, tab: string) =>
        `На вкладку «${tab}» возвращается ${rows(count)}. Исправьте их там: неизменённые бот сутки не возьмёт.`,
      issue: (count: number, tab: string) =>
        `Из карантина на склад: ${rows(count)}, вкладка «${tab}».`,
      drop: (count: number, tab: string) =>
        `Удалено из карантина: ${rows(count)}, вкладка «${tab}». Сутки можно отменить.`,
    } satisfies Record<QuarantineWay, (count: number, tab: string) => string>,
    /** To the other admins; `what` is a whole sentence. */
    note: (what: string, by: string) => `🗄 ${what} Решение: ${by}.`,
    gone: "Этого в карантине уже нет: кто-то решил раньше. Ничего не изменилось.",
    unread:
      "Строка больше не читается по нынешнему каталогу, выдать её нельзя. Исправьте её или верните в таблицу. Ничего не изменилось.",
    advice: {
      missing: "Нет значения, без которого выдать нельзя. Впишите его кнопкой или верните строку.",
      unreadable: "Значение не читается. Впишите верное кнопкой или верните строку в таблицу.",
      converted:
        "Таблица переделала набранное, и что было набрано, неизвестно. Впишите верное значение.",
      formula: "В ячейке формула, а не значение. Верните строку и вставьте значение.",
      duplicate: "Такое же уже есть на складе или на руках. Если это другое, выдайте всё равно.",
      issuedBefore: "Такое уже выдавали. Если его можно выдать ещё раз, выдайте всё равно.",
      header: "Это заголовок вкладки. Его можно удалить.",
      withheld: "Сотрудник мог это видеть, поэтому больше никому бот этого не выдаст.",
      region:
        "Такой регион никто не может выбрать. Скажите, какой это регион, впишите другой или верните строку.",
      restored:
        "Данные бота восстановлены из копии, и это могли выдать после неё, но не успели записать. Спросите сотрудников: если не выдавали, верните строку в таблицу, бот возьмёт её снова; если выдавали, удалите.",
    } satisfies Record<Quarantined["reason"], string>,
    fix: {
      open: (column: string) => `✏️ Исправить: ${column}`,
      title: (column: string) => `Пришлите верное значение: ${column}`,
      how: "Одним сообщением. Бот его сразу удалит из чата.",
      cancel: "Не исправлять",
      still: (why: string) => `С этим значением выдать нельзя: ${why}. Ничего не изменилось.`,
      notDeleted: "Сообщение со значением не удалилось, удалите его сами.",
    },
    workedOpen: (count: number) => `↩️ Решено за сутки: ${count}`,
    workedTitle: "Карантин: решено за сутки",
    workedNothing: "За сутки решений не было или всё уже отменено.",
    decided: {
      return: (by: string, at: string) => `Возвращено в таблицу: ${by}, ${at}.`,
      issue: (by: string, at: string) => `На склад: ${by}, ${at}.`,
      drop: (by: string, at: string) => `Удалено: ${by}, ${at}.`,
    } satisfies Record<QuarantineWay, (by: string, at: string) => string>,
    undo: (number: number) => `↩️ Отменить ${number}`,
    undone: (tab: string) => `Строка вкладки «${tab}» снова в карантине.`,
    tooLate:
      "Отменить уже нельзя: строка уже в таблице, это выдали или прошли сутки. Ничего не изменилось.",
  },

  /** The note after a start, and rows of the sheet that were changed by hand. */
  checks: {
    /** After a start on an older copy of the data. */
    caughtUp: {
      title: "Бот запущен на старой копии данных и сверен с таблицей",
      madeAt: (at: string) => `копия сделана ${at}`,
      adopted: (count: number) => `выдано после копии и найдено в «…_Выдано», учтено: ${count}`,
      elsewhere: (count: number) => `уже не у тех, у кого было, когда делалась копия: ${count}`,
      taken: (count: number) =>
        `взято из таблицы после копии, найдено в служебной вкладке: ${count}`,
      inDoubt: (count: number) =>
        `неизвестно, выдано ли: ${rows(count)} в карантине. Спросите сотрудников, не выданное верните в таблицу: /quarantine`,
      allKnown: "обо всём известно, в карантин ничего не отложено",
    },
    comeback: {
      title: "Бот снова работает. Что восстановлено:",
      available: (count: number) => `готово к выдаче: ${items(count)}`,
      pending: (count: number) => `ждут отметки: ${issuances(count)}`,
      unsure: (count: number) => `показать ещё раз, доставка неясна: ${issuances(count)}`,
      buffer: (count: number) => `ждут записи в таблицу: ${issuances(count)}`,
      // Writes to the sheet that the stop had interrupted.
      finished: (count: number) => `прерванных записей в таблицу: ${count}, все доведены до конца`,
      unfinished: (count: number) =>
        `прерванных записей в таблицу: ${count}, бот доводит их до конца, ничего не удвоится`,
      /** Stands instead of the lines above when none of them applies. */
      nothing: "на складе пусто, ничего не ждёт отметки или записи",
      lastEvent: (at: string) => `Последняя запись до перерыва: ${at}.`,
      nothingLost: (count: number) => `Потеряно: 0. Сверено: ${items(count)}.`,
      /** `where` says how many in which resource. */
      adrift: (count: number, where: string) =>
        `Не сходится: ${items(count)} (${where}). Что делать, сказано в отдельном сообщении.`,
      checking: "Сверка ещё идёт. Если что-то не сойдётся, бот сообщит.",
      unchecked: "Сверка не удалась, причина записана в логе. Ночью бот сверит ещё раз.",
    },
    /** A row of an issued tab was changed by hand. */
    edits: {
      title: {
        Status: "В таблице вручную изменили статус",
        Value: "В таблице вручную изменили строку",
        Gone: "Из таблицы пропала строка",
      } satisfies Record<Found["_tag"], string>,
      /** `row` is `null` when the row is gone. */
      place: (tab: string, row: number | null) => (row === null ? tab : `${tab}, строка ${row}`),
      issued: (stage: string, at: string) => `Выдано: ${stage}, ${at}`,
      /** `by` is "" when the timer set the mark. */
      bot: (status: string, by: string, at: string) =>
        `Бот: ${status} (${by === "" ? at : `${by}, ${at}`})`,
      sheet: (said: string) => `Таблица: ${said}`,
      blank: "статус пуст",
      /** The sheet has a status that the catalogue does not have. */
      unknown: "такого статуса бот не знает",
      otherItem: (column: string) => `в столбце «${column}» другое значение`,
      gone: "строки с этим ID нет",
      buttons: {
        sheet: "Верно в таблице",
        keep: "Оставить как есть",
      } satisfies Record<Exclude<Choice, "bot">, string>,
      /**
       * The button for the bot's side: `right` when the sheet may be right too, otherwise what the
       * bot does about what was found.
       */
      bots: {
        right: "Верно у бота",
        Status: "Вернуть как у бота",
        Value: "Вернуть как у бота",
        Gone: "Вписать снова",
      } satisfies Record<Found["_tag"] | "right", string>,
      done: {
        sheet: "✅ Верно в таблице, бот учёл новый статус",
        bot: "↩️ Бот вернёт строку, как была",
        again: "↩️ Бот впишет строку снова",
        keep: "Осталось как в таблице, в журнале бота прежнее",
      } satisfies Record<Choice | "again", string>,
      decided: (what: string, by: string, at: string) => `${what}. Решение: ${by}, ${at}.`,
      over: "Решать больше нечего: строка снова такая, как у бота, или статус отметили заново.",
      // Alerts.
      alreadyDecided: "Решение уже принято, на карточке видно какое. Ничего не изменилось.",
      isOver:
        "Карточка устарела: строку уже вернули, статус отметили заново или прошли сутки. Ничего не изменилось.",
      tooLate:
        "Прошло больше 24 часов, статус уже не исправить. Ничего не изменилось. Остаётся вернуть как у бота или оставить.",
      many: (count: number) => `Вручную изменено сразу много: ${rows(count)} выданного`,
      counted: {
        Status: (count) => `статус ${count}`,
        Value: (count) => `другое значение ${count}`,
        Gone: (count) => `нет строк ${count}`,
      } satisfies Record<Found["_tag"], (count: number) => string>,
      manyAdvice:
        "Похоже, отсортировали или вставили часть столбцов. Бот ничего не менял, в его журнале всё верно. Верните вкладку как была: «Файл», «История версий».",
    },
  },

  /** People with access, what they leave behind, and regions. */
  people: {
    list: {
      title: (count: number) => `Доступ: ${persons(count)}`,
      waiting: (count: number) => `Из них ${waiting(count)} одобрения`,
      roles: {
        admin: "администратор",
        employee: "сотрудник",
        applicant: "ждёт одобрения",
        blocked: "доступ приостановлен",
      } satisfies Record<Exclude<Role, "stranger">, string>,
      /** How many items somebody holds, and the age of the oldest. */
      holds: (count: number, age: string) => `на руках ${count}, самое старое ${age}`,
      hint: "Нажмите на человека, чтобы открыть карточку.",
      back: "‹ К списку",
    },
    card: {
      stage: "Ник",
      id: "Telegram ID",
      role: "Роль",
      logName: "В логе программы",
      holds: (count: number) => `На руках без отметки: ${count}`,
      holdsNothing: "На руках ничего нет.",
      more: (count: number) => `И ещё ${issuances(count)}.`,
      dismiss: "Убрать доступ",
      rename: "✏️ Переименовать",
      open: "Открыть карточку",
    },
    /** A time that has passed, as the two greatest of its parts. */
    age: (dayCount: number, hourCount: number, minuteCount: number) =>
      dayCount > 0
        ? `${dayCount} дн. ${hourCount} ч`
        : hourCount > 0
          ? `${hourCount} ч ${minuteCount} мин`
          : `${minuteCount} мин`,
    dismissal: {
      usage:
        "Напишите после команды ID или ник, например: /whitelist_remove 123456789. Все люди: /whitelist. Ничего не изменилось.",
      unknown: (name: string) =>
        `В списке доступа нет никого с ID или ником «${name}». Ничего не изменилось. Все люди: /whitelist.`,
      several: (name: string) => `Ник «${name}» у нескольких человек. Выберите, о ком речь:`,
      isAdmin:
        "Это администратор: его доступ задан настройкой ADMIN_ID. Уберите оттуда его ID и перезапустите бота. Ничего не изменилось.",
      ask: (name: string) => `Убрать доступ: ${name}?`,
      meaning:
        "Доступ закроется сразу. То, что у человека на руках, не потеряется: дальше вы решите, что с этим делать. Сутки доступ можно вернуть.",
      meaningForApplicant:
        "Заявка закроется, новую можно подать через сутки. Сутки заявку можно вернуть.",
      done: (name: string) => `Доступ закрыт: ${name}`,
      by: (admin: string, at: string) => `Решение: ${admin}, ${at}.`,
      closed: "Доступ закрыт",
      readmit: "Вернуть доступ",
      /** Until when access can be given back. */
      until: (at: string) => `Вернуть можно до ${at}.`,
      readmitted: (name: string) => `Доступ снова открыт: ${name}. Запись такая же, как была.`,
      leftAsItIs: "Что за это время отметили, передали или отложили, осталось так.",
      alreadyBack: "У этого человека уже есть доступ. Ничего не изменилось.",
      backBy: (admin: string, at: string) =>
        `Доступ уже вернули: ${admin}, ${at}. Ничего не изменилось.`,
      tooLate:
        "Сутки прошли, вернуть кнопкой уже нельзя. Человек может отправить /start и подать заявку. Ничего не изменилось.",
      // To the person.
      ended:
        "Ваш доступ к боту закрыт. То, что было у вас на руках, не потеряно: им займутся администраторы.",
      begun: "Ваш доступ к боту снова открыт. Меню: /menu.",
      // To the other admins.
      endedBy: (name: string, by: string) =>
        `⛔ Доступ закрыт: ${name}. Решение: ${by}. Что осталось на руках, покажет /whitelist_remove с ID; там же сутки можно вернуть доступ.`,
      readmittedBy: (name: string, by: string) =>
        `▶️ Доступ снова открыт: ${name}. Решение: ${by}.`,
    },
    left: {
      title: "Осталось на руках без отметки",
      nothing: "На руках ничего не осталось.",
      confirmAll: "Всё подтвердить как хорошее",
      giveAll: "Всё передать…",
      asideAll: "Всё в карантин",
      confirm: "хорошее",
      give: "передать…",
      aside: "в карантин",
      legend:
        "Карантин: бот хранит и больше никому не выдаёт. Передать: дальше этим пользуется коллега.",
      chooseColleague: (what: string) => `Кому передать: ${what}?`,
      all: (count: number) => `всё, ${items(count)}`,
      noColleagues: "Передать некому: других людей с доступом нет.",
      colleagueGone: "У этого коллеги уже нет доступа. Ничего не передано, выберите другого.",
      hasAccess: "У этого человека снова есть доступ, поэтому выданное остаётся у него.",
      confirmed: (count: number) => `✅ Подтверждено: ${count}.`,
      given: (count: number, to: string) => `➡️ Передано: ${count}, кому: ${to}.`,
      setAside: (count: number) => `🗄 В карантине: ${count}.`,
      settledBefore: (count: number) => `Решено раньше: ${count}.`,
      notTold: (count: number) =>
        `Не передано: ${count}. Коллеге нельзя написать, пусть он нажмёт /start. Ничего не потеряно.`,
      notWritten: (count: number) =>
        `Не записано: ${count}, диск бота не отвечает. Ничего не потеряно, повторите через минуту.`,
      /** To the colleague, in the message that is going to show the item. */
      handedOver: (what: string) => `Вам передают: ${what}. Сейчас здесь появятся данные.`,
      handOverFailed: "Передать не получилось. За вами ничего не записано.",
    },
    regions: {
      title: (count: number) => `Регионы: ${count}`,
      none: "Регионов нет, поэтому взять ничего нельзя. Добавьте первый: /add_region 495",
      usage: (issued: number) =>
        issued === 0 ? "за 30 дней не выдавали" : `за 30 дней ${issuances(issued)}`,
      hint: "Добавить: /add_region 495. Убрать: /remove_region 495.",
      toAdd:
        "Напишите код после команды, например: /add_region 495. Можно сразу несколько, через запятую или пробел. Код: от 1 до 16 букв и цифр. Ничего не изменилось.",
      toRemove:
        "Напишите код после команды, например: /remove_region 495. Все коды: /regions. Ничего не изменилось.",
      added: (codes: string) => `Добавлено, уже на кнопках: ${codes}.`,
      already: (codes: string) => `Уже есть: ${codes}.`,
      invalid: (codes: string) =>
        `Не подходит: ${codes}. Код состоит только из букв и цифр, от 1 до 16. Это не добавлено.`,
      nothingChanged: "Ничего не изменилось.",
      unknown: (code: string) =>
        `Региона «${code}» в списке нет. Ничего не изменилось. Все коды: /regions.`,
      ask: (code: string) => `Убрать регион ${code}?`,
      meaning:
        "Он исчезнет с кнопок, и взять для него ничего будет нельзя. История выдач останется. Строки таблицы, закреплённые за ним, останутся на месте. Регион можно вернуть.",
      remove: "Убрать",
      removed: (code: string) => `Регион ${code} убран с кнопок.`,
      alreadyRemoved: (code: string) => `Региона ${code} на кнопках уже нет.`,
      /** What stood ready for it alone. */
      setAside: (count: number) =>
        `Из запаса в карантин: ${rows(count)}. Они вернутся, когда регион появится снова.`,
      by: (admin: string, at: string) => `Решение: ${admin}, ${at}.`,
      wayBack: (code: string) =>
        `Вернуть: кнопкой ниже в течение суток или командой /add_region ${code}.`,
      bringBack: "Вернуть",
      // To the other admins.
      addedBy: (codes: string, by: string) =>
        `➕ Новое на кнопках регионов: ${codes}. Решение: ${by}. Все коды: /regions.`,
      removedBy: (code: string, by: string) =>
        `🗑 Регион ${code} убран с кнопок. Решение: ${by}. Вернуть: /add_region ${code}.`,
      returnedBy: (code: string, by: string) =>
        `↩️ Регион ${code} снова на кнопках. Решение: ${by}.`,
      back: (code: string) => `Регион ${code} снова на кнопках.`,
      alreadyThere: "Этот регион уже на кнопках. Ничего не изменилось.",
      tooLate: "Сутки прошли. Вернуть можно командой /add_region. Ничего не изменилось.",
    },
    /** How else people spell regions in the sheet, and what the bot takes that for. */
    spellings: {
      openUnknown: (count: number) => `🗺 Непонятные регионы: ${count}`,
      unknownAll: "🗺 Какие это регионы?",
      open: (count: number) => `🔤 Другие написания: ${count}`,
      unknownTitle: "Регионы, которых нет на кнопках",
      unknownHint:
        "Так написано в столбце региона. Эти строки никому не выдаются. Нажмите и скажите, какой это регион.",
      unknownNone: "Непонятных регионов нет. Вкладки бот считает каждые несколько минут.",
      place: (tab: string, count: number) => `«${tab}», ${rows(count)}`,
      ask: (text: string) => `🗺 «${text}»: какой регион?`,
      question: (text: string) => `Какой это регион: «${text}»?`,
      meaning:
        "Бот запомнит ответ. Строки с таким регионом пойдут в выдачу, и эти, и новые. Забыть ответ можно в /regions.",
      tooLong: "Такой длинный текст бот не запоминает. Исправьте его в таблице или в карантине.",
      add: (code: string) => `➕ Добавить регион «${code}»`,
      means: (code: string) => `Это ${code}`,
      toUnknown: "‹ Все непонятные",
      toRegions: "‹ Регионы",
      /** `issued` counts the rows that left quarantine. */
      learnt: (text: string, code: string, issued: number) =>
        [
          text === code ? `Регион ${code} уже на кнопках.` : `«${text}» теперь значит ${code}.`,
          "Строки на вкладках бот возьмёт сам.",
          ...(issued > 0 ? [`Из карантина на склад: ${rows(issued)}.`] : []),
        ].join(" "),
      issued: (count: number) => `Из карантина на склад: ${rows(count)}.`,
      gone: "Строк с таким регионом бот сейчас не видит: их исправили, взяли, или он недавно запущен и ещё не считал вкладки. Ничего не изменилось.",
      title: "Другие написания регионов",
      hint: "Так пишут в таблице, и бот понимает. Если написание забыть, взятое раньше не изменится.",
      none: "Других написаний нет.",
      known: (text: string, code: string) => `«${text}» значит ${code}`,
      /** Follows `known`. */
      idle: "(сейчас не действует: такого региона нет на кнопках)",
      forget: (number: number, text: string) => `🗑 Забыть ${number}: «${text}»`,
      forgotten: (text: string, code: string) =>
        `«${text}» больше не значит ${code}. Новые строки с таким регионом останутся на вкладках.`,
      forgottenBefore: "Это написание уже забыто. Ничего не изменилось.",
      /** To the other admins; `what` is one or more whole sentences. */
      note: (what: string, by: string) => `🗺 ${what} Решение: ${by}.`,
      /** Asked along with the removal of a region. */
      alsoIdle: (texts: string) =>
        `Другие его написания тоже не будут действовать, пока его нет: ${texts}.`,
    },
    // A file of the bot could not be changed.
    unwritable: (file: string) =>
      `Файл ${file} не записался: диск бота не принимает запись. Ничего не изменилось и не потеряно. Проверьте свободное место и повторите.`,
    damaged: (file: string) =>
      `В файле ${file} ошибка, похоже, его правят руками. Бот его не тронул, ничего не изменилось. Исправьте файл и повторите.`,
  },

  /** /forget: the data of people without access are erased. */
  forgetting: {
    list: {
      title: (count: number) => `Без доступа, а данные ещё есть: ${persons(count)}`,
      nobody:
        "Стирать некого: у всех, кто что-то получал, есть доступ. Того, кто ничего не получал, можно стереть по ID: /forget 123456789.",
      last: (at: string) => `последняя выдача ${at}`,
      hint: "Нажмите на человека, чтобы стереть его данные. Перед этим бот спросит ещё раз.",
    },
    badId: (said: string) =>
      `«${said}» не ID. Напишите после команды цифры ID, например: /forget 123456789. Список: /forget. Ничего не изменилось.`,
    isAdmin:
      "Это администратор: доступ ему даёт настройка ADMIN_ID. Уберите оттуда ID и перезапустите бота. Ничего не изменилось.",
    hasAccess:
      "У этого человека есть доступ или заявка. Сначала уберите доступ: /whitelist_remove с ID. Ничего не изменилось.",
    holds: (count: number) =>
      `У этого человека на руках без отметки: ${items(count)}. Сначала решите, что с ними. Ничего не изменилось.`,
    unwritten: (count: number) =>
      `В таблицу ещё не записано строк этого человека: ${count}. Попробуйте через минуту. Ничего не изменилось.`,
    again: "Попробовать снова",
    ask: (name: string) => `Стереть данные: ${name}?`,
    issuances: (count: number) => `Получено за всё время: ${items(count)}.`,
    meaning:
      "Имя, ID и заявка исчезнут из данных бота и из резервных копий в его папках. Сами выдачи останутся без имени, поэтому учёт и статистика сойдутся. В таблицах имя и ID стоят рядом с выданным: их вы убираете там сами. Вернуть стёртое нельзя. Бот перезапустится, это несколько секунд.",
    erase: "Стереть",
    begun: "Стираю. Бот перезапускается и напишет, когда закончит.",
    done: (nameless: number, copies: number) =>
      `🧹 Данные человека стёрты. Выдач без имени: ${nameless}. Вычищено копий: ${copies}.`,
    by: (admin: string) => `Решение: ${admin}.`,
    byTheClock: "Так велит настройка FORGET_AFTER.",
    left: (places: string) =>
      `В этих копиях данные остались: бот не может их изменить. Удалите их сами: ${places}`,
  },

  /** Suspended access. */
  blocks: {
    /** To the person, at every try; `until` is "" for no end, `note` is "" for no reason. */
    suspended: (until: string, note: string) =>
      `Доступ приостановлен ${until === "" ? "до решения администратора" : `до ${until}`}.${note === "" ? "" : ` Причина: ${withFullStop(note)}`} Всё выданное вам записано за вами.`,
    list: {
      title: (count: number) => `Доступ приостановлен: ${persons(count)}`,
      nobody: "Сейчас доступ никому не приостановлен.",
      hint: "Приостановить: /block, ID или ник, часы, причина. Например: /block 123456789 8 Отпуск. Без часов срока нет, причину можно не писать.",
      lift: (name: string) => `Разблокировать: ${name}`,
      back: "‹ Все приостановленные",
    },
    state: {
      heading: (name: string) => `⏸ Доступ приостановлен: ${name}`,
      until: (until: string) => `Срок: до ${until}. Потом доступ откроется сам.`,
      noEnd: "Срок: пока администратор не вернёт доступ.",
      reason: (note: string) => `Причина, её видит человек: «${note}»`,
      noReason: "Причина не указана.",
      by: (admin: string, at: string) => `Решение: ${admin}, ${at}.`,
    },
    ask: {
      heading: (name: string) => `На сколько приостановить доступ: ${name}?`,
      meaning:
        "Закроется всё сразу: команды, кнопки, выдача. Выданное останется за человеком и отметится в свой срок; решить за него можно на карточке. Доступ можно вернуть в любой момент.",
      withReason: (id: number) => `Другой срок или причина: /block ${id} 8 Отпуск`,
      hours: (count: number) => `${count} ч`,
      noEnd: "Без срока",
    },
    // Buttons of the card.
    suspend: "⏸ Приостановить доступ",
    giveBack: "▶️ Вернуть доступ",
    holds: (count: number) => `На руках без отметки: ${count}`,
    already:
      "Доступ уже приостановлен, ничего не изменилось. Другой срок или причину задаёт команда /block.",
    card: "Карточка",
    done: "Доступ приостановлен",
    lifted: "Доступ снова открыт",
    liftedHeading: (name: string) => `▶️ Доступ снова открыт: ${name}`,
    isAdmin:
      "Это администратор: доступ задан настройкой ADMIN_ID, приостановить его нельзя. Ничего не изменилось.",
    isApplicant:
      "Доступа у этого человека ещё нет, заявка ждёт решения. Отклонить её можно на карточке заявки. Ничего не изменилось.",
    isUnknown:
      "Этого человека в списке доступа уже нет. Ничего не изменилось. Все люди: /whitelist.",
    notSuspended: (name: string) => `Доступ и так не приостановлен: ${name}. Ничего не изменилось.`,
    several: (name: string, people: string) =>
      `По «${name}» нельзя понять, о ком речь: ${people}. Ничего не изменилось. Напишите ID вместо ника.`,
    badHours: (text: string) =>
      `«${text}»: так срок не понять. Часы пишутся целым числом от 1 до 8760, причина после них, например: /block 123456789 8 Отпуск. Ничего не изменилось.`,
    tooLong: (length: number) =>
      `В причине знаков: ${length}, а помещается 200. Ничего не изменилось. Сократите её и пришлите команду ещё раз.`,
    notes: {
      /** `until` is "" for no end. */
      suspended: (name: string, until: string, by: string) =>
        `⏸ Доступ приостановлен ${until === "" ? "без срока" : `до ${until}`}: ${name}. Решение: ${by}. Все приостановленные: /block.`,
      trespass: (name: string, times: number) =>
        `🚫 ${name} нажимает чужие кнопки, отказов за сутки: ${times}. Ничего не изменилось, и ничего не показано. Если это не случайно, доступ можно приостановить на карточке.`,
      /** Somebody stopped the bot and holds `count` items without a mark. */
      botStopped: (name: string, count: number) =>
        `🔕 ${name}: бот остановлен, сообщения до человека не доходят. На руках без отметки: ${count}. Ничего не потеряно: отметки поставятся в свой срок.`,
      lifted: (name: string, by: string) => `▶️ Доступ снова открыт: ${name}. Решение: ${by}.`,
    },
  },

  /** Issuances as a file. */
  exports: {
    title: "Выгрузка в файл",
    chooseResource: "Что выгрузить?",
    choosePeriod: "За какое время?",
    /** How to ask for a file by text. */
    hint: "Можно и текстом: /export, а за ним в любом порядке ресурс, сколько дней и ник сотрудника или «ID» с его Telegram ID. Без числа дней бот возьмёт 30.",
    allResources: "Все ресурсы",
    /** Buttons, by the number of days. */
    periods: {
      "1": "Сегодня",
      "7": "7 дней",
      "30": "30 дней",
      all: "Всё время",
    } satisfies Record<"1" | "7" | "30" | "all", string>,
    making: "⏳ Собираю файл…",
    /** What the message says once the file stands below it. */
    sent: "Файл отправлен ниже.",
    // What is in the file.
    rows: (count: number) => `Строк: ${count}`,
    allTime: (first: string, last: string) => `За всё время, с ${first} по ${last}`,
    everSince: "за всё время",
    ofPerson: (name: string) => `сотрудник ${name}`,
    everybody: "все сотрудники",
    /** The file has only the newest issuances, because it takes no more than `count`. */
    cut: (count: number) =>
      `Здесь только самые новые выдачи, ${count}: больше в один файл не помещается. Чтобы получить остальные, сузьте время или выберите один ресурс.`,
    withoutSecrets: "Логины и номера скрыты, паролей в файле нет.",
    /** There are no rows, so no file is made; `what` names the filter. */
    nothing: (what: string) => `Выдач не нашлось, файла не будет. Искали: ${what}.`,
    unclear: (text: string) =>
      `Непонятно, что такое «${text}», поэтому файла не будет. Пишите так: ресурс, «7 дней», ник. Кого в списке уже нет, того бот найдёт по Telegram ID: «ID 123456789».`,
    tooManyDays: (most: number) =>
      `Столько дней не получится, самое большее ${most}. Файла не будет.`,
    namesakes: (people: string) =>
      `Так зовут нескольких: ${people}. Файла не будет. Напишите вместо ника «ID» и номер из скобок.`,
    unavailable:
      "Диск бота сейчас не отвечает, собрать файл не получилось. Ничего не потеряно. Повторите через минуту.",
    /** `reason` is a sentence of `refusals.telegram`. */
    notSent: (reason: string) => `Файл не отправлен. ${reason}`,
    unsure:
      "Telegram не ответил, дошёл ли файл. Ничего не потеряно: если ниже его нет, запросите ещё раз.",
    columns: {
      issuedAt: "Дата выдачи",
      resource: "Ресурс",
      variant: "Пол/Тип",
      region: "Регион",
      stage: "Сотрудник",
      telegramId: "Telegram ID",
      status: "Статус",
      markedAt: "Отмечено",
      auto: "Авто",
      item: "Что выдано",
      day: "Дата строки",
      id: "ID",
      replacementOf: "Замена для ID",
      imported: "Из таблицы",
      comment: "Комментарий к статусу",
    },
    yes: "да",
    pending: "ждёт отметки",
    /** Instead of a status: an admin took the item from its holder. */
    withheld: "изъято",
    // Statistics as a file: the button, and the heads of the columns.
    csv: "📄 Файлом",
    subject: "Что",
    whose: "Чьи",
    from: "С",
    to: "По",
    section: "Разрез",
    value: "Значение",
  },

  /** The list of what waits for people: «Сводка дел», /todo. */
  todo: {
    title: (count: number) => `🗂 Сводка дел: ${count}`,
    // Headlines: every line of the message is struck off, or nothing waits for whoever asked.
    done: "✅ Сводка дел: всё сделано",
    nothing: "✅ Сводка дел: ничего не ждёт",
    /** Stands in the place of an older message with the list. */
    moved: "🗂 Сводка дел ниже, новым сообщением.",
    // Headings of its parts.
    low: "⚠️ Запас на исходе",
    setAside: "⚠️ Отложено, выдать нельзя",
    solved: "Сделано",
    /** `todayOnly`: items of other days are not counted and are of no use. */
    lowStock: (name: string, remaining: number, tabs: string, todayOnly: boolean) =>
      `${name}: осталось${todayOnly ? " с сегодняшней датой" : ""} ${remaining} (${tabs})`,
    /** In the line above. */
    tab: (name: string) => `«${name}»`,
    // A few words for each kind.
    tabWaits: (tab: string) => `Вкладка «${tab}» ждёт`,
    halfTyped: (tab: string, count: number) => `Вкладка «${tab}»: недописанных строк ${count}`,
    unreadable: (tab: string, count: number) => `Вкладка «${tab}»: непонятных ячеек ${count}`,
    aside: (tab: string, count: number) => `Вкладка «${tab}»: отложенных строк ${count}`,
    more: (count: number) => `Ещё дел: ${count}`,
    toStock: "📦 Склад",
  },

  /** How the bot itself is. */
  health: {
    // Headlines: all is well, or what is wrong.
    well: "✅ Всё в порядке",
    diskRefuses: "⚠️ Диск бота не отвечает, новое не выдаётся",
    telegramSilent: (age: string) => `⚠️ Telegram не отвечает уже ${age}`,
    /** The headline where the bot is well and something waits for people. */
    todo: (count: number) => `🟡 Работает; дела: ${count}`,
    alarms: (count: number) => `⚠️ Нужна помощь, тревог: ${count}`,
    late: (age: string) => `⚠️ Выдачи ждут записи в таблицу уже ${age}`,
    noHeartbeat:
      "⚠️ Бот не может оставить знак жизни: программа, которая за ним следит, решит, что он стоит",
    moreAlarms: (count: number) => `Ещё тревог: ${count}`,
    running: (since: string, age: string, version: string) =>
      `Работает с ${since} (${age}), версия ${version}`,
    // Names of what may fail; `name` in `worked` and `neverWorked` is one of them.
    journal: "Журнал на диске",
    telegram: "Telegram",
    stockSheet: "Таблица с запасом",
    issuedSheet: "Таблица с выдачами",
    bothSheets: "Таблица",
    heartbeat: "Знак жизни",
    worked: (name: string, at: string) => `${name}: в порядке, ${at}`,
    neverWorked: (name: string) => `${name}: с запуска ответа ещё не было`,
    failed: (at: string, failure: string) => `последний сбой ${at}: ${failure}`,
    failures: {
      silent: "нет ответа",
      limited: "просят подождать, слишком много запросов",
      denied: "нет доступа",
      missing: "такой таблицы нет",
      refused: "отказ",
      taken: "вместо бота работает другая программа",
    } satisfies Record<Failure, string>,
    updates: (count: number) => `Сообщений и нажатий в работе: ${count}`,
    /** Below the line of the spreadsheet whose writes wait. */
    writesWait: (on: string, since: string, behind: number) =>
      `⏳ Запись в неё ждёт с ${since}: ${on}; строк в очереди: ${behind}`,
    waitsFor: {
      guard: "Google не сказал, сделана ли последняя",
      limiter: "Google просил паузу",
      outage: "Google не отвечает",
    },
    paused: (until: string) => `Google просит подождать до ${until}`,
    unwritten: (count: number) => `Ждут записи в таблицу: ${count}`,
    pending: (count: number) => `На руках без отметки: ${count}`,
    undelivered: (count: number) => `Не дошло, бот повторяет: ${count}`,
    /** The last check of the books. */
    books: (at: string, count: number, adrift: number) =>
      `Учёт сверен ${at}: проверено ${count}, расхождений ${adrift}`,
    backup: (at: string) => `Последняя резервная копия: ${at}`,
    noBackup: "Резервной копии ещё нет",
    /** Follows the count of something that waits. */
    oldest: (age: string) => `дольше всех ${age}`,
  },

  /** The journal: a sentence for everything that may happen. */
  audit: {
    title: "Журнал: последние события",
    ofPerson: (name: string) => `Журнал: ${name}`,
    ofIssuance: (id: string) => `Журнал выдачи ${id}`,
    button: "Журнал",
    newest: "⏮ Самые новые",
    older: "Раньше ›",
    card: "‹ К карточке",
    nothing: "Событий здесь нет.",
    unknown: (name: string) =>
      `«${name}»: такого человека и такой выдачи бот не знает. Напишите Telegram ID, ник или ID выдачи, в нём 10 знаков. Весь журнал: /audit.`,
    /** A record of the journal cannot be read. */
    damaged:
      "Одна из записей журнала не читается, поэтому показать его нельзя. Выдача работает. Скажите тому, кто обслуживает бота: место записи есть в логе.",
    // Who had it, who has it, and who did it.
    from: (name: string) => `от кого: ${name}`,
    to: (name: string) => `кому: ${name}`,
    by: (name: string) => `кто: ${name}`,
    more: (count: number) => `и ещё ${count}`,
    items: {
      loaded: (count: number, tab: string) => `взято с вкладки «${tab}»: ${count}`,
      /** Follows `loaded`: how many of the same rows cannot be issued. */
      unfit: (count: number) => `отложено: ${count}`,
      /** Follows `loaded` too: how many rows were taken while somebody typed them. */
      halfTyped: (count: number) => `не дописано и вернётся: ${count}`,
      issued: (count: number, region: string) => `выдано: ${count}, регион ${region}`,
      replacement: (of: string, region: string) => `выдана замена для ${of}, регион ${region}`,
      deliveryStarted: "бот снова пробует показать",
      delivered: "показано",
      deliveryRefused: "не показано: сообщение не дошло",
      deliveryUnsure: "неясно, дошло ли сообщение",
      withdrawn: "никто не увидел, вернулось на склад",
      marked: (status: string) => `отметка «${status}»`,
      markedItself: (status: string) => `отметка «${status}» поставилась сама`,
      undone: "отметка снята",
      extended: "ещё 10 минут до отметки",
      corrected: (status: string) => `отметка исправлена на «${status}»`,
      offered: "предложено коллеге",
      offerEnded: {
        declined: "коллега не взял",
        withdrawn: "предложение отозвано",
        expired: "на предложение не ответили",
      },
      commented: "сказано, почему такая отметка",
      uncommented: "причина отметки убрана",
      declined: "замену не взяли",
      written: (count: number) => `записано в таблицу: ${count}`,
      quarantineLeft: {
        return: (count: number) => `из карантина обратно на вкладку: ${count}`,
        issue: (count: number) => `из карантина на склад: ${count}`,
        drop: (count: number) => `удалено из карантина: ${count}`,
      } satisfies Record<QuarantineWay, (count: number) => string>,
      quarantineEntered: (count: number) => `решение отменено, снова в карантине: ${count}`,
      doubted: (count: number) => `данные из старой копии, в карантин до сверки: ${count}`,
      adopted: (count: number) => `после восстановления решено по таблице: ${count}`,
      quarantineEmptied: (count: number) =>
        `сутки прошли, удалённое из карантина уже не вернуть: ${count}`,
      quarantineReported: (count: number) => `сообщено об отложенных строках: ${count}`,
      todayOnly: "включён режим «Только сегодняшние»",
      anyDay: "выключен режим «Только сегодняшние»",
      returnBegun: (count: number, tabs: string) => `возвращается на вкладку «${tabs}»: ${count}`,
      returned: (count: number, tabs: string) => `вернулось на вкладку «${tabs}»: ${count}`,
      paused: "выдача приостановлена",
      resumed: "выдача возобновлена",
      cleared: (count: number) => `склад очищен, в корзине: ${count}`,
      restored: "очищенное вернулось из корзины",
      trashEmptied: "сутки прошли, корзина опустела",
      setAside: "изъято в карантин",
      broughtBack: "возвращено из карантина",
      transferred: "передано",
      /** Somebody changed the row by hand, and an admin wants it as it was. */
      rewriteBegun: "строку меняли вручную, бот запишет её заново",
      // An admin decided that the row is not to be written, and took that back.
      abandoned: "решено не записывать в таблицу",
      unabandoned: "всё-таки записывается в таблицу",
      retired: (count: number) => `закрытых выдач убрано из памяти: ${count}`,
    },
    people: {
      /** Stands where other events have their resource. */
      title: "Люди",
      nicknameChanged: (from: string, to: string) => `ник: ${from} → ${to}`,
      withdrawn: "заявка отозвана",
    },
    proxies: {
      added: (count: number) => `добавлено прокси: ${count}`,
      renewed: (count: number) => `продлено: ${count}`,
      changed: (count: number) => `строк изменено в таблице: ${count}`,
      looked: (listed: number, gone: number) =>
        `просмотр вкладки: новых строк ${listed}, пропавших ${gone}`,
      reserved: "прокси в резерве, ждёт решения",
      released: {
        cancelled: "резерв отменён",
        timedOut: "время резерва вышло",
        superseded: "резерв снят: выбран другой прокси",
        broken: "резерв снят: прокси не работает",
      } satisfies Record<Release, string>,
      extended: "резерв продлён на 5 минут",
      taken: "прокси взят",
      returned: "прокси возвращён",
      broken: "прокси не работает и больше не предлагается",
      shown: "итог показан",
      gatewaysNamed: (count: number) => `логины ротационных шлюзов, записано: ${count}`,
      expiryTold: (count: number) => `предупреждение о конце срока, прокси: ${count}`,
      retired: (count: number) => `старых запросов убрано из памяти: ${count}`,
    },
  },
}

/** What is wrong, and what to do about it. */
const troubleOf = (alarm: Alarm): string => {
  switch (alarm._tag) {
    case "TabUnusable":
      if (alarm.column === null)
        return `Вкладки «${alarm.tab}» нет или её не прочитать. Её ресурс ждёт, остальные работают. Создайте вкладку, бот продолжит сам.`
      return alarm.places !== undefined
        ? `На вкладке «${alarm.tab}» несколько столбцов «${alarm.column}»: ${alarm.places.join(", ")}. Бот не угадывает, какой из них верный, поэтому её ресурс ждёт, остальные работают, ничего не потеряно. Назовите столбцы по-разному, бот продолжит сам. Или укажите в файле каталога, после какого столбца стоит верный (поле after), и перезапустите бота.`
        : `На вкладке «${alarm.tab}» нет столбца «${alarm.column}»${alarm.header === undefined ? "" : `, а есть: ${alarm.header.map((name) => `«${name}»`).join(", ")}`}. Её ресурс ждёт, остальные работают. Верните заголовок, бот продолжит сам.`
    case "HeaderMoved":
      return `На вкладке «${alarm.tab}» над заголовком появились строки. Заголовок и всё, что не удалось прочитать, бот отложил и хранит, ничего не потеряно. С этой вкладки он больше не берёт, остальные работают. Верните заголовок в первую строку, бот продолжит сам.`
    case "TabRefused":
      return `Google не даёт боту изменить вкладку «${alarm.tab}»: «${alarm.message}». С неё бот пока не берёт, строки целы, остальные вкладки работают. Снимите защиту, разъедините ячейки, превратите таблицу в обычный диапазон или перенесите строки на обычную вкладку, бот продолжит сам.`
    case "RowsHalfTyped":
      return `На вкладке «${alarm.tab}» бот не берёт строки: ${alarm.rows.map(({ row, column, why, region }) => `строка ${row}, столбец «${column}» (${why === "missing" ? "пусто" : `такого региона у бота нет${region === undefined ? "" : `: «${region}»`}`})`).join("; ")}${alarm.more > 0 ? ` и ещё ${alarm.more}` : ""}. Они стоят, где стояли. Допишите или исправьте их, либо скажите, какой это регион, и бот возьмёт их сам.`
    case "SheetsUnavailable":
      return `Таблица ${alarm.spreadsheet}: ${unreachable[alarm.reason]}. Выдача идёт из запаса бота, записи копятся и не теряются.`
    case "AnotherWriter":
      return `В таблицу ${alarm.spreadsheet} пишет другой экземпляр бота. Этот остановил запись, чтобы ничего не удвоить. Оставьте работать один.`
    case "UnknownInboxRows":
      return `В служебной вкладке таблицы ${alarm.spreadsheet} чужие строки, всего ${alarm.rows}. Бот их не трогает. Проверьте, откуда они.`
    case "ClaimDamaged":
      return `Со вкладки «${alarm.tab}» взята партия ${alarm.claim}, но часть её ячеек могла пропасть: вкладку или служебную вкладку бота меняли в тот же миг. Откройте историю версий таблицы и сверьте последние взятые строки.`
    case "RowsRefused":
      return `Google не принимает строки для вкладки «${alarm.tab}». Они не потеряны, бот пробует снова, остальные пишутся как обычно. Какие строки, почему и что с ними делать: /failed.`
    case "RowVanished":
      return `На вкладке «${alarm.tab}» нет строки с ID ${alarm.issuance}: её удалили, поэтому исправить статус негде. В журнале бота он верный.`
    case "RowMistaken":
      return `На вкладке «${alarm.tab}» строки сдвинулись во время исправления, и статус попал в чужую строку ${alarm.row}${alarm.issuance === "" ? "" : ` (ID ${alarm.issuance})`}. Проверьте эту строку: какой она была, видно в истории версий таблицы.`
    case "RegistryUnreadable":
      return `На вкладке «${alarm.tab}» бот не понял ячейки или встретил повтор: ${alarm.rows.map(({ row, column }) => `строка ${row}, столбец «${column}»`).join("; ")}. Он их не трогает, ничего не потеряно, остальные прокси выдаются. Исправьте ячейки, бот прочитает их сам. Если это сессии шлюза (логин один, пароли разные), добавьте их один раз через бота, и он узнает все строки.`
    case "LowStock": {
      const dated = alarm.todayOnly ? " с сегодняшней датой" : ""
      return `Запас на исходе: ${alarm.label.ru}. Осталось${dated} ${alarm.remaining}, считая строки в таблице. Добавьте строки${dated} на вкладку «${alarm.tabs.join("» или «")}», бот возьмёт их сам.`
    }
    case "ItemsAdrift":
      return `Учёт ресурса ${alarm.resource} не сходится, расхождений: ${alarm.count}. Бот ничего не удалил и не изменил, остальное выдаётся как прежде. Сохраните папку data и лог, в нём сказано, где именно, и покажите разработчику. Остановить выдачу до выяснения можно командой /pause.`
    case "DataBehind":
      return "Бот запущен на старой копии данных. Что было на складе, отложено до сверки с таблицей: это могли выдать после копии. Новое не выдаётся и не пишется; сверка начнётся сама, как только таблицы станут доступны."
    case "BackupFailed":
      return alarm.reason === "disk"
        ? "Резервная копия не сделана: диск или папка для копий не принимает её. Бот работает как прежде и пробует снова каждые десять минут. Проверьте место на диске и папку BACKUP_DIR."
        : "Резервная копия не сделана: готовая копия не прошла проверку, и бот её не оставил. Прежние копии на месте. Остановите бота и запустите проверку verify, она назовёт первую ошибку; подробности в логе."
    case "StorageUnavailable":
      return "Диск бота не отвечает. Новое не выдаётся, выданное не потеряно. Проверьте место на диске; бот продолжит сам."
  }
}

const unreachable = {
  denied: "у бота нет к ней доступа. Откройте её служебному аккаунту с правом изменения",
  notFound: "её нет. Проверьте, что адрес в настройках верный",
  refused: "Google не принимает запросы бота",
  unreachable: "Google не отвечает",
}

/** What is in order again. */
const placeOf = (alarm: Alarm): string => {
  if (alarm._tag === "StorageUnavailable") return "диск бота"
  if (alarm._tag === "LowStock") return `запас «${alarm.label.ru}»`
  if (alarm._tag === "BackupFailed") return "резервная копия"
  if (alarm._tag === "DataBehind") return "данные бота, они сверены с таблицей"
  if (alarm._tag === "ItemsAdrift") return `учёт ресурса ${alarm.resource}`
  return "tab" in alarm ? `вкладка «${alarm.tab}»` : `таблица ${alarm.spreadsheet}`
}
