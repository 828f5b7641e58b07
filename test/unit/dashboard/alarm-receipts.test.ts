import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { EpisodeId } from '#domain/ids.ts'
import { noticedAtOnce, PageNotice } from '#domain/live/messages.ts'
import { AlarmReceipts, type Eyes } from '#dashboard/core/alarm-receipts.ts'
import { ReceiptOutbox } from '#dashboard/core/receipt-outbox.ts'
import { alarmOf } from '#test/support/live-fixtures.ts'

const [a, b] = ['ep-a', 'ep-b'].map((id) => EpisodeId.parse(id)) as [EpisodeId, EpisodeId]
const high = alarmOf(a, { priority: 'high' })
const medium = alarmOf(b, { priority: 'medium' })

const eyes = (changes: Partial<Eyes> = {}): Eyes => ({
  inSight: new Set([a]),
  isOpen: true,
  inputAgeMs: 0,
  ...changes,
})
const outbox = () => new ReceiptOutbox('s-1')

let receipts: AlarmReceipts
beforeEach(() => {
  receipts = new AlarmReceipts()
})

describe('an alarm was heard here', () => {
  it('when a burst of its priority was played to its end, and is told once', () => {
    receipts.sounding([high, medium], 1_000)
    expect(receipts.heard('high', 1_000)).toEqual([a])
    expect(receipts.heard('high', 11_000)).toEqual([])
  })

  it('not when the burst began before the alarm did, nor when the sound was off meanwhile', () => {
    receipts.sounding([high], 2_000)
    expect(receipts.heard('high', 1_000)).toEqual([])
    receipts.sounding([], 3_000)
    receipts.sounding([high], 4_000)
    expect(receipts.heard('high', 3_500)).toEqual([])
    expect(receipts.heard('high', 4_000)).toEqual([a])
  })

  it('not a medium one under the sound of a high one', () => {
    receipts.sounding([high, medium], 1_000)
    receipts.heard('high', 1_000)
    receipts.sounding([medium], 9_000)
    expect(receipts.heard('medium', 9_000)).toEqual([b])
  })

  it.each([
    ['a rise', { ...medium, priority: 'high' }],
    ['a re-start', { ...medium, priority: 'medium', recurrence: 1 }],
    ['an answer that was taken back', { ...medium, version: medium.version + 2 }],
  ] as const)('%s has to be heard anew', (_, again) => {
    receipts.sounding([medium], 0)
    expect(receipts.heard('medium', 0)).toEqual([b])
    receipts.sounding([again], 5_000)
    expect(receipts.heard(again.priority, 4_000)).toEqual([])
    expect(receipts.heard(again.priority, 5_000)).toEqual([b])
  })
})

const look = (now: number, changes: Partial<Eyes> = {}) => receipts.seen([high, medium], eyes(changes), now)

describe('an alarm was looked at here', () => {
  it('when its row was in sight for a second, and is told once', () => {
    expect(look(0)).toEqual([])
    expect(look(900)).toEqual([])
    expect(look(1_000)).toEqual([a])
    expect(look(2_000)).toEqual([])
  })

  it.each<[string, Partial<Eyes>]>([
    ['scrolled out of sight', { inSight: new Set() }],
    ['behind another window, a dialog, or NOT LIVE', { isOpen: false }],
    ['on a page that nobody touched for a minute', { inputAgeMs: 60_001 }],
  ])('not %s: its second begins anew', (_, away) => {
    look(0)
    expect(look(500, away)).toEqual([])
    expect(look(1_200, away)).toEqual([])
    expect(look(1_400)).toEqual([])
    expect(look(2_399)).toEqual([])
    expect(look(2_400)).toEqual([a])
  })

  it('by the next person who signs in, too', () => {
    look(0)
    expect(look(1_000)).toEqual([a])
    receipts.forget()
    expect(look(2_000)).toEqual([])
    expect(look(3_000)).toEqual([a])
  })
})

describe('receipts on their way to the server', () => {
  it('are sent again until they are acknowledged, one message of a kind at a time', () => {
    const box = outbox()
    expect(box.next('viewed')).toBeNull()
    box.add({ kind: 'viewed', episodeIds: [a] })
    const first = box.next('viewed')
    expect(first).toEqual({ kind: 'viewed', about: { episodeIds: [a] }, station: 's-1' })
    box.add({ kind: 'viewed', episodeIds: [b] })
    expect(box.next('viewed')).toBeNull()
    if (first === null) throw new Error('nothing to send')
    box.unanswered(first)
    const again = box.next('viewed')
    expect(again?.about).toEqual({ episodeIds: [a, b] })
    if (again === null) throw new Error('nothing to send')
    box.acknowledged(again)
    expect(box.next('viewed')).toBeNull()
  })

  it('end with the session', () => {
    const box = outbox()
    box.add({ kind: 'audible', episodeIds: [a] })
    box.next('audible')
    box.clear()
    expect(box.next('audible')).toBeNull()
    box.add({ kind: 'audible', episodeIds: [b] })
    expect(box.next('audible')?.about).toEqual({ episodeIds: [b] })
  })

  it('all arrive, whatever gets lost, in messages that the server takes', () => {
    const id = fc.integer({ min: 0, max: 999 }).map((n) => EpisodeId.parse(`e-${n}`))
    const step = fc.record({ ids: fc.array(id, { maxLength: 300 }), lost: fc.boolean() })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const box = outbox()
        const arrived = new Set<string>()
        const send = (lost: boolean): boolean => {
          const notice = box.next('viewed')
          if (notice === null) return false
          expect(PageNotice.safeParse(notice).success).toBe(true)
          const ids = 'episodeIds' in notice.about ? notice.about.episodeIds : []
          expect(ids.length).toBeLessThanOrEqual(noticedAtOnce)
          if (lost) box.unanswered(notice)
          else {
            for (const one of ids) arrived.add(one)
            box.acknowledged(notice)
          }
          return true
        }
        for (const { ids, lost } of steps) {
          box.add({ kind: 'viewed', episodeIds: ids })
          send(lost)
        }
        while (send(false));
        expect(arrived).toEqual(new Set(steps.flatMap(({ ids }) => ids)))
      }),
    )
  })
})
