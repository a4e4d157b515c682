/** Which rows a correction really wrote to, and what is to be done about the wrong ones. Pure. */
import type { Resource } from "../domain/Catalogue.ts"
import { type Edit, repairOf, type Seen, type Snapshot } from "./correctionRequests.ts"

export interface CorrectionOutcome {
  /** Edits that are in their row. */
  readonly hits: ReadonlyArray<Edit>
  /** What puts right the rows that were hit instead. */
  readonly repairs: ReadonlyArray<Edit>
  /** Rows that were hit instead, of which nobody knows what they said before. */
  readonly doubtful: ReadonlyArray<{
    readonly tab: string
    readonly row: number
    readonly issuance: string
  }>
}

type Resources = ReadonlyArray<Resource>

/** `ids`: what stands in the rows that were written, by the write's own answer. */
export const outcomeByAnswer = (
  edits: ReadonlyArray<Edit>,
  ids: ReadonlyMap<Edit, string>,
  before: Snapshot,
  resources: Resources,
): CorrectionOutcome => {
  const missed = edits.filter((edit) => ids.get(edit) !== edit.id)
  const wrong = missed.map((edit) => ({ edit, id: ids.get(edit) ?? "", row: edit.row }))
  return outcomeOf(edits, missed, wrong, before, resources)
}

/** `after`: the tabs as they are now; rows may have moved again since the write. */
export const outcomeByLook = (
  edits: ReadonlyArray<Edit>,
  after: Snapshot,
  before: Snapshot,
  resources: Resources,
): CorrectionOutcome => {
  const missed = edits.filter((edit) => !says(after.get(edit.place.title)?.get(edit.id), edit))
  const intended = new Set(edits.map(({ id }) => String(id)))
  const wrong = missed.flatMap((edit) => {
    const was = before.get(edit.place.title)
    return [...(after.get(edit.place.title) ?? [])]
      .filter(([id, seen]) => {
        if (intended.has(id) || !says(seen, edit) || says(was?.get(id), edit)) return false
        // Without a time many rows say the same, so only a change is telling.
        return was?.has(id) === true || edit.markedAt !== ""
      })
      .map(([id, { row }]) => ({ edit, id, row }))
  })
  const once = new Map(wrong.map((one) => [`${one.edit.place.title}/${one.id}`, one]))
  return outcomeOf(edits, missed, [...once.values()], before, resources)
}

const says = (seen: Seen | undefined, { status, markedAt, value }: Edit) =>
  seen?.status === status &&
  seen.markedAt === markedAt &&
  (value === undefined || seen.value === value)

interface Wrong {
  readonly edit: Edit
  readonly id: string
  readonly row: number
}

const outcomeOf = (
  edits: ReadonlyArray<Edit>,
  missed: ReadonlyArray<Edit>,
  wrong: ReadonlyArray<Wrong>,
  before: Snapshot,
  resources: Resources,
): CorrectionOutcome => {
  const own = new Set(edits.filter(({ mark }) => mark !== null).map(({ id }) => String(id)))
  // A row that is to be corrected anyway gets its own values in the next round.
  const others = wrong
    .filter(({ id }) => !own.has(id))
    .map(({ edit, id, row }) => ({
      place: { tab: edit.place.title, row: row + 1, issuance: id },
      repair: repairOf(
        resources.find((one) => one.id === edit.resource),
        edit,
        id,
        before.get(edit.place.title)?.get(id),
      ),
    }))
  const unrepaired = missed.filter(({ mark, id }) => mark === null && !own.has(id))
  const waiting = new Set(unrepaired.map(({ id }) => String(id)))
  return {
    hits: edits.filter((edit) => !missed.includes(edit)),
    repairs: [
      ...others.flatMap(({ repair }) =>
        repair === undefined || waiting.has(repair.id) ? [] : [repair],
      ),
      ...unrepaired,
    ],
    doubtful: others.flatMap(({ place, repair }) => (repair === undefined ? [place] : [])),
  }
}
