import { z } from 'zod'
import { PumpId } from '../ids.ts'
import { Person } from '../live/views.ts'

// A pump that somebody keeps an eye on although nothing rings, and who that is. Like an alarm it is handed over by an offer and an
// acceptance: until somebody takes it, it stays with the one who had it (alarms.md, "Hand-over").

export const WatchNote = z.string().trim().max(500)

/** One watched pump. */
export const Watch = z.object({
  pumpId: PumpId,
  owner: Person,
  since: z.int(),
  note: z.string(),
  offeredTo: Person.nullable(),
})
export type Watch = Readonly<z.infer<typeof Watch>>

export type WatchState = ReadonlyMap<PumpId, Watch>

const act = { pumpId: PumpId, at: z.int(), by: Person }

export const WatchEvent = z.discriminatedUnion('type', [
  z.object({ ...act, type: z.literal('watch-started'), note: z.string() }),
  z.object({ ...act, type: z.literal('watch-noted'), note: z.string() }),
  z.object({ ...act, type: z.literal('watch-offered'), to: Person }),
  z.object({ ...act, type: z.literal('watch-taken') }),
  z.object({ ...act, type: z.literal('watch-offer-ended') }),
  z.object({ ...act, type: z.literal('watch-ended') }),
])
export type WatchEvent = Readonly<z.infer<typeof WatchEvent>>

interface Act {
  readonly pumpId: PumpId
  readonly at: number
  readonly by: Person
}

export type WatchCommand =
  /** Begins to watch a pump, or writes another note on one that is watched already. */
  | (Act & { readonly type: 'watch'; readonly note: string })
  | (Act & { readonly type: 'offer'; readonly to: Person })
  | (Act & { readonly type: 'take' })
  /** By whoever offered it, or by whoever it was offered to. */
  | (Act & { readonly type: 'end-offer' })
  | (Act & { readonly type: 'end' })

export type WatchDecision =
  | { readonly outcome: 'ok'; readonly events: readonly WatchEvent[] }
  | { readonly outcome: 'refused'; readonly reason: 'not-watched' | 'not-yours' | 'not-offered' }

const happens = (...events: readonly WatchEvent[]): WatchDecision => ({ outcome: 'ok', events })
const refused = (reason: 'not-watched' | 'not-yours' | 'not-offered'): WatchDecision => ({ outcome: 'refused', reason })

export const decideWatch = (state: WatchState, command: WatchCommand): WatchDecision => {
  const { pumpId, at, by } = command
  const about = { pumpId, at, by }
  const watch = state.get(pumpId)
  if (watch === undefined)
    return command.type === 'watch'
      ? happens({ ...about, type: 'watch-started', note: command.note })
      : refused('not-watched')
  const own = watch.owner.userId === by.userId
  const offered = watch.offeredTo?.userId ?? null
  switch (command.type) {
    case 'watch':
      return watch.note === command.note ? happens() : happens({ ...about, type: 'watch-noted', note: command.note })
    case 'offer':
      if (!own) return refused('not-yours')
      return offered === command.to.userId || by.userId === command.to.userId
        ? happens()
        : happens({ ...about, type: 'watch-offered', to: command.to })
    case 'take':
      if (own) return happens()
      return offered === by.userId ? happens({ ...about, type: 'watch-taken' }) : refused('not-offered')
    case 'end-offer':
      if (offered === null) return happens()
      return own || offered === by.userId ? happens({ ...about, type: 'watch-offer-ended' }) : refused('not-yours')
    case 'end':
      return own ? happens({ ...about, type: 'watch-ended' }) : refused('not-yours')
  }
}

export const evolveWatch = (state: WatchState, event: WatchEvent): WatchState => {
  const { pumpId, at, by } = event
  if (event.type === 'watch-started')
    return new Map(state).set(pumpId, { pumpId, owner: by, since: at, note: event.note, offeredTo: null })
  const watch = state.get(pumpId)
  if (watch === undefined) return state
  const next = new Map(state)
  switch (event.type) {
    case 'watch-noted':
      return next.set(pumpId, { ...watch, note: event.note })
    case 'watch-offered':
      return next.set(pumpId, { ...watch, offeredTo: event.to })
    case 'watch-taken':
      return next.set(pumpId, { ...watch, owner: by, offeredTo: null })
    case 'watch-offer-ended':
      return next.set(pumpId, { ...watch, offeredTo: null })
    case 'watch-ended':
      next.delete(pumpId)
      return next
  }
}
