/** The part of the control API where people write, tap and look at their chats. */
import { Effect, Option, Schema } from "effect"
import { HttpRouter, HttpServerRequest, HttpServerResponse } from "effect/http"
import { Chats } from "../telegram/Chats.ts"
import { NewUser, Sending } from "../telegram/Person.ts"
import { BotSettings } from "../telegram/TelegramState.ts"
import { answer, bodyAs, Since, Unknown, WholeNumber } from "./Answer.ts"

const Edit = Schema.Struct({ userId: Schema.Int, messageId: Schema.Int, text: Schema.String })

const Tap = Schema.Struct({
  userId: Schema.Int,
  messageId: Schema.optionalKey(Schema.Int),
  label: Schema.optionalKey(Schema.String),
  data: Schema.optionalKey(Schema.String),
}).check(
  Schema.makeFilter(
    ({ label, data }) =>
      (label === undefined) !== (data === undefined) || "expected either a label or data",
  ),
)

const Block = Schema.Struct({ userId: Schema.Int, blocked: Schema.Boolean })

export const chatRoutes = HttpRouter.use(
  Effect.fnUntraced(function* (router) {
    const chats = yield* Chats
    const person = Effect.gen(function* () {
      const { userId } = yield* HttpRouter.schemaPathParams(Schema.Struct({ userId: WholeNumber }))
      const known = (yield* chats.users).some(({ id }) => id === userId)
      return known ? userId : yield* new Unknown({ what: `user ${userId}` })
    })

    yield* router.add("GET", "/sim/users", answer(chats.users))
    yield* router.add(
      "POST",
      "/sim/users",
      answer(Effect.flatMap(bodyAs(NewUser), (user) => chats.addUser(user))),
    )
    yield* router.add(
      "POST",
      "/sim/messages",
      answer(Effect.flatMap(bodyAs(Sending), (sending) => chats.send(sending))),
    )
    yield* router.add(
      "POST",
      "/sim/edits",
      answer(Effect.flatMap(bodyAs(Edit), (edit) => chats.edit(edit))),
    )
    yield* router.add(
      "POST",
      "/sim/taps",
      answer(Effect.flatMap(bodyAs(Tap), (tap) => chats.tap(tap))),
    )
    yield* router.add(
      "POST",
      "/sim/blocks",
      answer(Effect.flatMap(bodyAs(Block), ({ userId, blocked }) => chats.block(userId, blocked))),
    )
    yield* router.add(
      "POST",
      "/sim/bot",
      answer(Effect.tap(bodyAs(BotSettings), (settings) => chats.setBot(settings))),
    )
    yield* router.add(
      "GET",
      "/sim/chats/:userId",
      answer(
        Effect.gen(function* () {
          const { since = 0 } = yield* HttpServerRequest.schemaSearchParams(Since)
          const messages = yield* chats.chat(yield* person)
          return messages.filter(({ messageId }) => messageId > since)
        }),
      ),
    )
    yield* router.add(
      "GET",
      "/sim/commands/:userId",
      answer(Effect.flatMap(person, (userId) => chats.commands(userId))),
    )
    yield* router.add(
      "GET",
      "/sim/callbacks/:id",
      answer(
        Effect.gen(function* () {
          const { id } = yield* HttpRouter.schemaPathParams(Schema.Struct({ id: Schema.String }))
          const callback = yield* chats.callback(id)
          return Option.isSome(callback)
            ? callback.value
            : yield* new Unknown({ what: `callback ${id}` })
        }),
      ),
    )
    yield* router.add("GET", "/sim/files/*", (request) =>
      Effect.gen(function* () {
        const path = new URL(request.url, "http://localhost").pathname
        const file = yield* chats.file(decodeURIComponent(path.slice("/sim/files/".length)))
        return Option.isSome(file)
          ? HttpServerResponse.uint8Array(file.value.bytes, { contentType: file.value.mime })
          : HttpServerResponse.jsonUnsafe({ error: "there is no such file" }, { status: 404 })
      }),
    )
  }),
)
