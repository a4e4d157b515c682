/** Which nicknames are taken: by anybody in the list, and by the admins together. */
import { foldNickname } from "../domain/Application.ts"
import { adminStage } from "./Access.ts"
import type { Member } from "./Whitelist.ts"

export const isTaken = (stage: string, others: ReadonlyArray<Member>) =>
  [adminStage, ...others.map((member) => member.stage)]
    .map(foldNickname)
    .includes(foldNickname(stage))
