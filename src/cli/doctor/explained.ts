/** Why a spreadsheet could not be read or written, and what to do about it. Pure. */
import type { SheetsReason } from "../../sheets/SheetsError.ts"

/** `email`: the address of the service account. */
export const explained = (
  reason: SheetsReason,
  email: string,
): { readonly what: string; readonly toDo: string } => {
  switch (reason._tag) {
    case "Denied":
      return reason.status === 401 || reason.status === 400
        ? {
            what: `Google does not accept the credentials (${reason.message})`,
            toDo: "Make a new key for the service account and put it into GOOGLE_CREDENTIALS_JSON",
          }
        : {
            what: `Google refuses (${reason.message})`,
            toDo: `Share the spreadsheet with ${email} as an editor, and switch the Sheets API on`,
          }
    case "NotFound":
      return {
        what: "there is no such spreadsheet",
        toDo: "Copy the id out of its address, from between /d/ and /edit",
      }
    case "Quota":
      return { what: "Google counts too many requests", toDo: "Try again in a minute" }
    case "Unsure":
      return {
        what: `Google does not answer (${reason.cause})`,
        toDo: "Check the network of this machine and SHEETS_ROOT_URL, and try again",
      }
    case "Refused":
      return {
        what: `Google cannot do that (${reason.message})`,
        toDo: "Check that the id is one of a Google spreadsheet, not of an uploaded file",
      }
    case "AnotherWriter":
    case "GuardTaken":
      return {
        what: "another bot writes into the spreadsheet",
        toDo: "Stop that one, wait for two minutes and try again",
      }
    case "Unsettled":
      return {
        what: "a write of an earlier run is still open",
        toDo: "Start the bot: it finishes the write and makes what is missing",
      }
  }
}
