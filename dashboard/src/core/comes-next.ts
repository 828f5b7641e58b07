import type { AlarmView } from '#domain/live/views.ts'
import type { PagedNote } from '#domain/paging/paging-view.ts'
import type { AlarmLook } from './alarm-look.ts'

/** What happens to an alarm next if nobody does anything, or what is wanted of its owner. */
export type ComesNext =
  | { readonly step: 'page' | 'again' | 'backup' | 'lead' | 'rise' | 'lapse'; readonly leftMs: number }
  | { readonly step: 'check-in'; readonly dueAt: number }
  | { readonly step: 'outcome' }

/** A step this far past its time did not come as it was told: it is promised no longer. */
const believedMs = 3_000

type Timed = { readonly step: 'page' | 'again' | 'backup' | 'lead' | 'rise'; readonly dueAt: number }

/** The server's own figures (dashboard.md 6, owner line). Null: nothing will come by itself, or nobody knows. */
export const comesNext = (
  { next }: Pick<AlarmView, 'next'>,
  status: AlarmLook['status'],
  note: Pick<PagedNote, 'next'> | null,
  now: number,
): ComesNext | null => {
  switch (status) {
    case 'new':
    case 'seen':
    case 'declined':
    case 'latched': {
      const steps: readonly Timed[] = [
        ...(note?.next == null ? [] : [note.next]),
        ...(next?.step === 'rise' ? [{ step: 'rise' as const, dueAt: next.dueAt }] : []),
      ]
      const [first] = steps.filter(({ dueAt }) => dueAt > now - believedMs).toSorted((a, b) => a.dueAt - b.dueAt)
      return first === undefined ? null : { step: first.step, leftMs: Math.max(0, first.dueAt - now) }
    }
    case 'taken':
    case 'taken-by-me':
      if (next?.step === 'lapse') return { step: 'lapse', leftMs: Math.max(0, next.dueAt - now) }
      return next?.step === 'check-in' ? { step: 'check-in', dueAt: next.dueAt } : null
    case 'ended-taken':
      return { step: 'outcome' }
    case 'handed-over':
    case 'offered-to-me':
    case 'closed-out':
    case 'ended-unanswered':
      return null
  }
}
