import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EpisodeId, PumpId } from '#domain/ids.ts'
import { LocalAlarm, noAnswerMs, nothingRemembered, quietMs } from '#gateway/core/local-alarm.ts'
import type { ListedAlarm, PumpLook } from '#gateway/core/high-alarms.ts'
import type { HubLook, LocalAlarmState } from '#gateway/core/local-alarm.ts'

const afterMs = 120_000
const p1 = PumpId.parse('P-1')
const p2 = PumpId.parse('P-2')
const id = (text: string): EpisodeId => EpisodeId.parse(text)

const occlusion = (episode = 'e1'): ListedAlarm => ({
  key: '1 occlusion',
  episodeId: id(episode),
  code: 'occlusion-downstream',
})

const pump = (high: readonly ListedAlarm[], change: Partial<PumpLook> = {}): PumpLook => ({
  pumpId: p1,
  port: 'bedside',
  verified: true,
  high,
  delivering: true,
  lost: false,
  ...change,
})

/** A hub in manual time, whose server answers each second unless told otherwise. */
class Hub {
  now = 0
  pumps: readonly PumpLook[] = [pump([])]
  server: readonly EpisodeId[] | null = []
  look: Partial<HubLook> = {}
  alarm = new LocalAlarm(afterMs, nothingRemembered, 0)
  state: LocalAlarmState = this.alarm.state(0)

  /** Looks now, and then every second for `ms`. */
  step(ms: number): LocalAlarmState {
    this.#look()
    for (let left = ms; left > 0; left -= 1_000) {
      this.now += Math.min(left, 1_000)
      this.#look()
    }
    return this.state
  }

  #look(): void {
    const look = { pumps: this.pumps, storageRefuses: false, undeliveredSinceMs: null, ...this.look }
    this.alarm.look(look, this.now)
    if (this.server !== null) this.alarm.answered(this.server, this.now, this.now)
    this.state = this.alarm.look(look, this.now)
  }

  restart(downMs: number): void {
    const kept = this.alarm.remembered(this.now)
    const aged = kept.alarms.map((alarm) => ({ ...alarm, heldMs: alarm.heldMs + downMs }))
    const acceptedAgoMs = kept.acceptedAgoMs === null ? null : kept.acceptedAgoMs + downMs
    this.now = 0
    this.alarm = new LocalAlarm(afterMs, { ...kept, alarms: aged, acceptedAgoMs }, 0)
    this.pumps = []
  }
}

const kinds = ({ reasons }: LocalAlarmState): readonly string[] => reasons.map(({ kind }) => kind)

describe('a high alarm that nobody accepts', () => {
  it('sounds at the hub after the configured time and not before, while a server answers', () => {
    const hub = new Hub()
    hub.pumps = [pump([occlusion()])]
    hub.step(0)
    expect(hub.step(afterMs - 1_000).sounding).toBe(false)
    expect(hub.step(1_000)).toMatchObject({ sounding: true, reasons: [{ kind: 'not-accepted' }] })
  })

  it('sounds after 5 s when no server answers', () => {
    const hub = new Hub()
    hub.server = null
    hub.step(60_000)
    expect(hub.state.sounding).toBe(false)
    hub.pumps = [pump([occlusion()])]
    hub.step(0)
    expect(hub.step(noAnswerMs - 1_000).sounding).toBe(false)
    expect(hub.step(1_000)).toMatchObject({ sounding: true, reasons: [{ kind: 'no-answer' }] })
  })

  it('sounds after 5 s when heartbeats are answered but its own record is not', () => {
    const hub = new Hub()
    hub.pumps = [pump([occlusion()])]
    hub.step(0)
    hub.look = { undeliveredSinceMs: hub.now }
    expect(hub.step(noAnswerMs)).toMatchObject({ sounding: true, reasons: [{ kind: 'no-answer' }] })
  })

  it('is quiet as soon as a nurse has accepted it, and as soon as it is over', () => {
    const hub = new Hub()
    hub.pumps = [pump([occlusion()])]
    hub.step(afterMs)
    hub.server = [id('e1')]
    expect(hub.step(1_000).sounding).toBe(false)
    hub.server = []
    expect(hub.step(1_000).sounding).toBe(true)
    hub.pumps = [pump([])]
    expect(hub.step(0)).toMatchObject({ sounding: false, reasons: [] })
  })

  it('sounds again when an acceptance was not confirmed for as long as the alarm may go unaccepted', () => {
    const hub = new Hub()
    hub.pumps = [pump([occlusion()])]
    hub.server = [id('e1')]
    hub.step(60_000)
    hub.server = null
    expect(hub.step(afterMs - 1_000).sounding).toBe(false)
    expect(hub.step(2_000).sounding).toBe(true)
  })

  it('does not put the sound off by flapping', () => {
    const hub = new Hub()
    for (let n = 0; n < 5; n++) {
      hub.pumps = [pump([occlusion(`e${n}`)])]
      hub.step(20_000)
      hub.pumps = [pump([])]
      expect(hub.step(10_000).sounding).toBe(false)
    }
    hub.pumps = [pump([occlusion('e9')])]
    expect(hub.step(0).sounding).toBe(true)
  })

  it('does not take the acceptance of the alarm before for its own', () => {
    const hub = new Hub()
    hub.pumps = [pump([occlusion()])]
    hub.server = [id('e1')]
    hub.step(afterMs)
    hub.pumps = [pump([])]
    hub.step(10_000)
    hub.pumps = [pump([occlusion('e2')])]
    expect(hub.step(0).sounding).toBe(true)
  })
})

describe('a pump that is not heard any more', () => {
  it('ends nothing: its high alarm goes on, on whatever port another pump answers now', () => {
    const hub = new Hub()
    hub.pumps = [pump([occlusion()])]
    hub.step(1_000)
    hub.pumps = [pump([], { verified: false, lost: true })]
    expect(hub.step(afterMs).sounding).toBe(true)
    hub.pumps = [pump([], { pumpId: p2 })]
    expect(hub.step(1_000).sounding).toBe(true)
    hub.pumps = [pump([], { pumpId: p2 }), pump([], { port: 'other' })]
    expect(hub.step(1_000).sounding).toBe(false)
  })

  it('is the server’s once a nurse had its alarm and the server has closed it', () => {
    const hub = new Hub()
    hub.pumps = [pump([occlusion()])]
    hub.step(1_000)
    hub.pumps = []
    hub.server = [id('e1')]
    hub.step(afterMs)
    hub.server = []
    expect(hub.step(1_000)).toMatchObject({ sounding: false, reasons: [] })
  })

  it('is judged where it is heard, when its cable moved to another port', () => {
    const hub = new Hub()
    hub.pumps = [pump([occlusion()])]
    hub.step(afterMs)
    const old = pump([occlusion()], { verified: false, lost: true })
    hub.pumps = [old, pump([], { port: 'other' })]
    expect(hub.step(1_000).sounding).toBe(false)
    hub.pumps = [pump([], { port: 'other' }), old]
    expect(hub.step(10_000).sounding).toBe(false)
  })

  it('sounds when it was delivering and no server can be told', () => {
    const hub = new Hub()
    hub.server = null
    hub.step(60_000)
    hub.pumps = [pump([], { verified: false, lost: true })]
    hub.step(0)
    expect(hub.step(noAnswerMs)).toMatchObject({ sounding: true, reasons: [{ kind: 'pump-lost' }] })
    hub.pumps = [pump([])]
    expect(hub.step(0).sounding).toBe(false)
  })

  it('does not sound when it was not delivering, or when the server was told of its silence', () => {
    const idle = new Hub()
    idle.server = null
    idle.pumps = [pump([], { delivering: false })]
    idle.step(1_000)
    idle.pumps = [pump([], { delivering: false, lost: true })]
    expect(idle.step(60_000).sounding).toBe(false)

    const told = new Hub()
    told.step(1_000)
    told.pumps = [pump([], { lost: true })]
    told.step(1_000)
    told.server = null
    expect(told.step(600_000).sounding).toBe(false)
  })

  it('is not handed to the server by an answer to a question asked before', () => {
    const hub = new Hub()
    hub.server = null
    hub.step(1_000)
    const asked = hub.now
    hub.pumps = [pump([], { lost: true })]
    hub.step(2_000)
    hub.alarm.answered([], asked, hub.now)
    expect(hub.step(noAnswerMs).sounding).toBe(true)
  })
})

describe('a restart of the hub', () => {
  it('remembers what was not accepted, and sounds when its time is up', () => {
    const hub = new Hub()
    hub.pumps = [pump([occlusion()])]
    hub.step(100_000)
    hub.restart(10_000)
    expect(hub.step(8_000).sounding).toBe(false)
    expect(hub.step(2_000).sounding).toBe(true)
    hub.pumps = [pump([])]
    expect(hub.step(0).sounding).toBe(false)
  })

  it('keeps an acceptance, also when the pump’s list comes with another episode', () => {
    const hub = new Hub()
    hub.pumps = [pump([occlusion()])]
    hub.server = [id('e1')]
    hub.step(afterMs * 2)
    hub.restart(1_000)
    expect(hub.step(0).sounding).toBe(false)
    hub.pumps = [pump([occlusion('e2')])]
    expect(hub.step(10_000).sounding).toBe(false)
  })

  it('looks for the pump that was delivering, and sounds when it is not found and no server answers', () => {
    const hub = new Hub()
    hub.server = null
    hub.step(1_000)
    hub.restart(1_000)
    expect(hub.step(10_000).sounding).toBe(false)
    expect(hub.step(15_000)).toMatchObject({ sounding: true, reasons: [{ kind: 'pump-lost', pumpId: p1 }] })
  })
})

const ringing = (): Hub => {
  const hub = new Hub()
  hub.pumps = [pump([occlusion()])]
  hub.step(afterMs)
  return hub
}

describe('the audio pause', () => {
  it('lasts 2 minutes, is not prolonged by asking again, and may be asked for anew afterwards', () => {
    const hub = ringing()
    hub.alarm.quiet(hub.now)
    expect(hub.step(0)).toMatchObject({ sounding: false, quietForMs: quietMs })
    hub.step(quietMs - 1_000)
    hub.alarm.quiet(hub.now)
    expect(hub.step(1_000)).toMatchObject({ sounding: true, quietForMs: null })
    hub.alarm.quiet(hub.now)
    expect(hub.step(0).sounding).toBe(false)
  })

  it('is broken by another alarm, and not by the same one for another reason', () => {
    const hub = ringing()
    hub.alarm.quiet(hub.now)
    hub.server = null
    expect(hub.step(10_000).sounding).toBe(false)
    hub.pumps = [pump([occlusion(), { key: '1 air', episodeId: id('e2'), code: 'air-in-line' }])]
    hub.step(0)
    expect(hub.step(noAnswerMs).sounding).toBe(true)
  })

  it('is broken by a store that refuses alarms', () => {
    const hub = ringing()
    hub.alarm.quiet(hub.now)
    hub.look = { storageRefuses: true }
    expect(kinds(hub.step(0))).toContain('storage')
    expect(hub.state.sounding).toBe(true)
  })

  it('does nothing while nothing sounds', () => {
    const hub = new Hub()
    hub.alarm.quiet(hub.now)
    hub.pumps = [pump([occlusion()])]
    expect(hub.step(afterMs).sounding).toBe(true)
  })
})

/** What may happen in one second. */
const second = fc.record({
  list: fc.constantFrom<'listed' | 'ended' | 'lost' | 'gone' | 'swapped'>('listed', 'ended', 'lost', 'gone', 'swapped'),
  episode: fc.integer({ min: 0, max: 3 }),
  server: fc.constantFrom<'silent' | 'answers' | 'accepts'>('silent', 'answers', 'accepts'),
  stuck: fc.boolean(),
  quiet: fc.boolean(),
  restart: fc.boolean(),
  forMs: fc.integer({ min: 1_000, max: 90_000 }),
})

describe('an acceptance that was taken back', () => {
  it('does not return with a restart of the hub', () => {
    const hub = new Hub()
    hub.pumps = [pump([occlusion()])]
    hub.server = [id('e1')]
    hub.step(10_000)
    hub.server = []
    hub.step(10_000)
    hub.restart(1_000)
    hub.pumps = [pump([occlusion('e2')])]
    hub.server = null
    expect(hub.step(noAnswerMs + 1_000)).toMatchObject({ sounding: true, reasons: [{ kind: 'no-answer' }] })
  })
})

describe('whatever happens', () => {
  it('a high alarm that goes on is never quiet for longer than its time or one audio pause without an acceptance', () => {
    fc.assert(
      fc.property(fc.array(second, { maxLength: 40 }), (story) => {
        const hub = new Hub()
        let ended = true
        let taken = false
        let closed = false
        let quietMsSoFar = 0
        for (const { list, episode, server, stuck, quiet, restart, forMs } of story) {
          if (restart) hub.restart(0)
          if (list === 'listed') hub.pumps = [pump([occlusion(`e${episode}`)])]
          if (list === 'ended') hub.pumps = [pump([])]
          if (list === 'lost')
            hub.pumps = [pump(ended ? [] : [occlusion(`e${episode}`)], { verified: false, lost: true })]
          if (list === 'gone') hub.pumps = []
          if (list === 'swapped') hub.pumps = [pump([], { pumpId: p2 })]
          if (list === 'listed') ended = false
          if (list === 'ended') ended = true
          if (list === 'listed') closed = false
          if (ended) taken = false
          else if (server === 'accepts') taken = true
          // A nurse had it, its pump is not heard, and the server does not list it any more: closed there.
          if (taken && server === 'answers' && !hub.pumps.some(({ pumpId, verified }) => pumpId === p1 && verified))
            closed = true
          const accepted = server === 'accepts' ? [0, 1, 2, 3].map((n) => id(`e${n}`)) : []
          hub.server = server === 'silent' ? null : accepted
          hub.look = { undeliveredSinceMs: stuck ? hub.now : null }
          if (quiet) hub.alarm.quiet(hub.now)
          for (let left = forMs; left > 0; left -= 1_000) {
            const stepMs = Math.min(left, 1_000)
            hub.step(stepMs)
            // Nothing sounds that is over: a list that is the pump's own and empty, and a server or a pump that is there.
            if (ended && hub.pumps.some(({ pumpId, verified }) => pumpId === p1 && verified))
              expect(hub.state.reasons.filter(({ kind }) => kind !== 'pump-lost')).toEqual([])
            const excused = ended || closed || server === 'accepts'
            quietMsSoFar = excused || hub.state.sounding ? 0 : quietMsSoFar + stepMs
            expect(quietMsSoFar).toBeLessThanOrEqual(Math.max(afterMs, quietMs) + 2_000)
          }
        }
      }),
      { numRuns: 150 },
    )
  })
})
