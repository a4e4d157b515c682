/** The block of a person with the names that its screens need. */
import { Effect, Option } from "effect"
import { Access } from "../../access/Access.ts"
import { type Block, Blocks } from "../../access/Blocks.ts"
import type { TelegramId } from "../../domain/Employee.ts"
import type { BlockView } from "./blockScreens.ts"
import { nameOf } from "./peopleParts.ts"

/** Gives a function that finds the block in force now. */
export const make = Effect.gen(function* () {
  const blocks = yield* Blocks
  const view = yield* viewing
  return Effect.fnUntraced(function* (id: TelegramId) {
    const block = Option.getOrUndefined(yield* blocks.find(id))
    return block === undefined ? undefined : yield* view(block)
  })
})

/** Gives a function that looks up the names. */
export const viewing = Effect.gen(function* () {
  const access = yield* Access
  return Effect.fnUntraced(function* (block: Block) {
    const view: BlockView = {
      block,
      person: { id: block.id, stage: yield* access.stageOf(block.id) },
      by: nameOf({ id: block.by, stage: yield* access.stageOf(block.by) }),
    }
    return view
  })
})
