import type { Conflict, Refusal } from '#domain/alarm/decision.ts'

/** What the loser of a race is told: who, what and when, in the facility's time. */
export const conflictMessage = (conflict: Conflict, timeZone: string): string => {
  const who = conflict.by?.name ?? null
  const when =
    conflict.at === null
      ? ''
      : ` at ${new Intl.DateTimeFormat('en-GB', { timeZone, timeStyle: 'medium' }).format(conflict.at)}`
  switch (conflict.reason) {
    case 'taken':
      return `${who ?? 'Somebody else'} took this alarm${when}.`
    case 'resolved':
      return `${who ?? 'Somebody else'} closed this alarm out${when}.`
    case 'closed':
      return `This alarm was closed${when}.`
    case 'changed':
      return who === null ? `This alarm changed${when}. Look again.` : `${who} changed this alarm${when}. Look again.`
  }
}

export const refusalMessage = (refusal: Refusal): string => {
  switch (refusal.reason) {
    case 'unknown-episode':
      return 'There is no such alarm.'
    case 'not-yours':
      return 'Only the person who took this alarm can do that.'
    case 'not-offered':
      return 'This alarm was not handed over to you.'
    case 'to-yourself':
      return 'This alarm is yours already.'
    case 'nobody-has-it':
      return 'Nobody has this alarm: take it.'
    case 'owner-is-there':
      return 'Its owner can be reached. Ask her to hand it over, or ask a lead to take it.'
    case 'only-low':
      return 'Only a low alarm can be shelved.'
    case 'too-long':
      return 'A low alarm can be shelved for at most 60 minutes.'
    case 'request-id-reused':
      return 'This request was used for another act before.'
  }
}
