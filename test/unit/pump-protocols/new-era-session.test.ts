import { describe, expect, it } from 'vitest'
import { ChannelId } from '#domain/ids.ts'
import { newEraProfile } from '#domain/pump-protocols/new-era-ne1000/profile.ts'
import { bytesOf, replies, requests } from '#test/vectors/new-era-ne1000.ts'
import { Bench } from './session-support.ts'
import { bytes, configuredProfile, safePacket } from './support.ts'

const polled = { poll: 'dis-rat', acceptPollEffects: true, safTimeoutS: 60 }
const basicPolled = { poll: 'dis-rat', mode: 'basic' }
const open = (settings: Readonly<Record<string, unknown>> = {}): Bench =>
  new Bench(configuredProfile('new-era-ne1000', settings).newSession('bench-1')).open()

const wireText = (hex: string): string => Buffer.from(bytesOf(hex)).toString('latin1').trimEnd()
const basic = (text: string): Uint8Array => bytes(`\u0002${text}\u0003`)
const stalled = bytesOf(replies.stalled)
const stopped = bytesOf(replies.stopped)

/** What the pump answers to each query; null: nothing. */
type Answer = (query: string) => Uint8Array | null
const healthy: Answer = (query) => safePacket(query.endsWith('DIS') ? '00II1.000W0.000ML' : '00I12.50MH')

/** Plays the pump: answers each query 20 ms after it was sent. Returns the queries. */
const play = (bench: Bench, answer: Answer, ms: number): string[] => {
  const asked: string[] = []
  const until = bench.nowMs + ms
  let seen = 0
  while (bench.nowMs < until) {
    for (; seen < bench.sent.length; seen += 1) {
      const query = /([0-9]{2})?(?:DIS|RAT)/.exec(bench.sent[seen] ?? '')?.[0] ?? ''
      asked.push(query)
      bench.nowMs += 20
      const reply = answer(query)
      if (reply !== null) bench.receive(reply)
    }
    bench.pass(100)
  }
  return asked
}

const codes = (bench: Bench): (string | null)[][] =>
  bench.of('alarms').map(({ active }) => active.map(({ vendorCode }) => vendorCode))

describe('a New Era line that is only listened to', () => {
  it('is named by its port, marked as a laboratory pump, and not supervised; nothing is sent', () => {
    const bench = open()
    expect(bench.kinds).toEqual(['link', 'identified', 'link'])
    expect(bench.of('identified')[0]?.identity).toEqual({
      serial: 'NE-1000-at-bench-1',
      maker: 'New Era',
      model: 'NE-1000 family, laboratory pump, not for patients',
      firmware: null,
      statusIntervalMs: 2000,
      measurementStatus: ['test'],
    })
    expect(bench.session).toMatchObject({ link: 'listening', reason: 'listening only, link not supervised' })
    bench.pass(3_600_000)
    expect(bench.session.link).toBe('listening')
    expect(bench.sent).toEqual([])
  })

  it('is named by the tag on its housing when there is one', () => {
    expect(open({ assetTag: 'LAB-7' }).session.identity?.serial).toBe('LAB-7')
  })

  it('says that Basic mode is deaf without queries', () => {
    expect(open({ mode: 'basic' }).session).toMatchObject({
      link: 'listening',
      reason: expect.stringContaining('never speaks unasked'),
    })
  })

  it('takes a pushed alarm, says that it is not re-read, and sends no answer', () => {
    const bench = open().clear().receive(stalled)
    expect(bench.of('alarms').at(-1)?.active).toEqual([
      {
        code: 'drive-fault',
        channelId: '00',
        vendorCode: 'A?S',
        vendorText: 'motor stalled, possible occlusion (not re-read: this pump is only listened to)',
        priority: null,
      },
    ])
    expect(bench.of('sample')[0]?.sample).toMatchObject({
      channelId: '00',
      operatingState: 'stopped-alarm',
      notDeliveringReason: 'alarming',
      rateMlPerHour: 0,
      activeAlarms: ['drive-fault'],
      measurementStatus: ['valid', 'test'],
    })
    bench.pass(600_000)
    expect(bench.session.link).toBe('listening')
    expect(bench.links).toEqual([])
    expect(bench.sent).toEqual([])
  })

  it('begins every list with what was before the push, so that an answered alarm of old comes back', () => {
    expect(codes(open().receive(stalled))).toEqual([[], ['A?S']])
  })

  it('takes repeated packets for one alarm', () => {
    const bench = open().receive(stalled).clear()
    for (let n = 0; n < 20; n += 1) bench.pass(10_000).receive(stalled)
    expect(codes(bench).every((list) => list.join() === 'A?S')).toBe(true)
    expect(bench.of('sample')).toEqual([])
  })

  it('takes a packet after a minute of silence for told anew', () => {
    const bench = open().receive(stalled).pass(60_000).clear().receive(stalled)
    expect(codes(bench)).toEqual([[], ['A?S']])
  })

  it('ends an alarm with a status of the same address, and of no other', () => {
    const bench = open().receive(stalled).clear().receive(safePacket('01S'))
    expect(codes(bench).at(-1)).toEqual(['A?S'])
    bench.receive(stopped)
    expect(codes(bench).at(-1)).toEqual([])
    expect(bench.of('sample').at(-1)?.sample).toMatchObject({ operatingState: 'stopped', activeAlarms: [] })
  })

  it('forgets an alarm that a person has closed out, and tells the next packet anew', () => {
    const bench = open().receive(stalled, safePacket('01A?E'))
    bench.session.forget?.({ channelId: ChannelId.parse('00'), vendorCode: 'A?S' })
    bench.clear().receive(safePacket('01A?E'))
    expect(codes(bench)).toEqual([['A?E']])
    bench.clear().receive(stalled)
    expect(codes(bench).at(-1)).toEqual(['A?S', 'A?E'])
    expect(bench.of('sample')).toHaveLength(1)
  })

  it('keeps two alarms of one pump apart', () => {
    expect(codes(open().receive(stalled, safePacket('00A?T'))).at(-1)).toEqual(['A?S', 'A?T'])
  })

  it.each([
    ['A?S', 'drive-fault', undefined],
    ['A?R', 'device-text', 'high'],
    ['A?T', 'host-timeout', 'high'],
    ['A?E', 'pump-malfunction', undefined],
    ['A?O', 'device-text', undefined],
    ['A?Z', 'device-text', undefined],
    ['A?', 'device-text', undefined],
    ['A?Sx', 'device-text', undefined],
  ])('reads %s as %s', (told, code, profilePriority) => {
    const [alarm] =
      open()
        .receive(safePacket(`00${told}`))
        .of('alarms')
        .at(-1)?.active ?? []
    expect(alarm).toMatchObject({ code, vendorCode: told, priority: null })
    expect(alarm?.profilePriority).toBe(profilePriority)
  })

  it('shows an unknown alarm verbatim', () => {
    const [alarm] = open().receive(safePacket('00A?NEW')).of('alarms').at(-1)?.active ?? []
    expect(alarm?.vendorText).toContain('A?NEW')
  })

  it('reports an interrupted power supply as a start, before its alarm', () => {
    const bench = open().clear().receive(safePacket('00A?R'))
    expect(bench.kinds.slice(0, 2)).toEqual(['power-on', 'alarms'])
  })

  it.each([
    ['a packet without text', bytesOf('02 04 00 00 03')],
    ['volumes nobody asked for', bytesOf(replies.dispensed)],
    ['an error', bytesOf(replies.notApplicable)],
    ['somebody else’s query', bytesOf(requests.rate)],
  ])('counts %s and gives it no effect', (_name, packet) => {
    const bench = open().receive(stalled).clear().receive(packet)
    expect(bench.events).toEqual([])
    expect(bench.session.counters).toMatchObject({ bad: 1 })
  })

  it('is closed with its port, lost after 10 s if it was heard, and listens again afterwards', () => {
    const bench = open().receive(stalled).clear().close('unplugged').pass(10_000)
    expect(bench.links).toEqual(['closed', 'lost'])
    expect(bench.clear().open().links).toEqual(['waiting', 'listening'])
  })
})

describe('a New Era line that is asked', () => {
  it('asks for volume every 2 s and rate every 10 s, and says what queries do', () => {
    const bench = open(polled)
    expect(bench.sent).toEqual([wireText(requests.dispensed)])
    const asked = play(bench, healthy, 60_000)
    expect(asked.filter((query) => query === 'DIS').length).toBeGreaterThanOrEqual(28)
    expect(asked.filter((query) => query === 'RAT').length).toBeGreaterThanOrEqual(6)
    expect(asked.filter((query) => query === 'RAT').length).toBeLessThanOrEqual(8)
    expect(bench.session).toMatchObject({ link: 'up', reason: 'queries acknowledge pump alarms' })
    expect(bench.session.counters).not.toHaveProperty('bad')
  })

  it('reads volume and rate; the rate flows only while the pump infuses', () => {
    const bench = open(polled)
    play(bench, healthy, 1000)
    expect(bench.of('sample').at(-1)?.sample).toMatchObject({
      operatingState: 'infusing',
      rateMlPerHour: 12.5,
      programmedRateMlPerHour: 12.5,
      infusedTotalMl: 1,
      raw: { status: 'I', dispensed: 'I1.000W0.000ML', rate: '12.50MH' },
    })
    play(bench, (query) => (query === 'DIS' ? safePacket('00PI1.000W0.000ML') : safePacket('00P12.50MH')), 2500)
    expect(bench.of('sample').at(-1)?.sample).toMatchObject({ operatingState: 'paused', rateMlPerHour: 0 })
  })

  it('asks for the rate after a change of state', () => {
    const bench = open(polled)
    play(bench, healthy, 3000)
    const asked = play(bench.clear(), () => safePacket('00S'), 3000)
    expect(asked).toContain('RAT')
  })

  it.each([
    ['I', 'infusing'],
    ['W', 'unknown'],
    ['S', 'stopped'],
    ['P', 'paused'],
    ['T', 'between-doses'],
    ['U', 'delay-start'],
    ['X', 'priming'],
  ])('reads status %s as %s', (letter, operatingState) => {
    const bench = open(polled).receive(safePacket(`00${letter}I0.100W0.000ML`))
    expect(bench.of('sample')[0]?.sample.operatingState).toBe(operatingState)
  })

  it('repeats a query once, then counts a time-out', () => {
    const bench = open(polled).pass(1000)
    expect(bench.sent.slice(0, 2)).toEqual([wireText(requests.dispensed), wireText(requests.dispensed)])
    expect(bench.session.counters).toMatchObject({ timeouts: 1 })
  })

  it('takes data of the other question for bad', () => {
    const bench = open(polled).clear().receive(bytesOf(replies.rate))
    expect(bench.events).toEqual([])
    expect(bench.session.counters).toMatchObject({ bad: 1 })
  })

  it('shows what the pump answers instead of data', () => {
    const bench = open(polled)
    play(bench, () => safePacket('00S?COM'), 4000)
    expect(bench.session.reason).toBe('pump 00 answers ?COM')
    expect(bench.of('sample')).toEqual([])
  })

  it('stops asking at the first alarm, and stays silent however long it lasts', () => {
    const bench = open(polled)
    play(bench, healthy, 3000)
    play(bench, (query) => (query === 'DIS' ? stalled : healthy(query)), 2500)
    expect(codes(bench).at(-1)).toEqual(['A?S'])
    bench.clear().pass(600_000)
    expect(bench.sent).toEqual([])
    expect(bench.session.link).toBe('listening')
    expect(bench.session.reason).toContain('queries to pump 00 stopped at its alarm')
    expect(bench.session.reason).toContain('restart the gateway')
    expect(bench.session.reason?.length).toBeLessThanOrEqual(256)
    expect(bench.of('alarms')).toEqual([])
  })

  it('stays silent over a reopening of the port, which no person need have made', () => {
    const bench = open(polled).receive(stalled).close().clear().open().pass(60_000)
    expect(bench.sent).toEqual([])
    expect(bench.session.link).toBe('listening')
  })

  it('stops asking at a pushed alarm, drops what was outstanding, and shows the time-out that follows', () => {
    const bench = open(polled).receive(stalled).clear().pass(10_000).receive(safePacket('00A?T'))
    expect(bench.sent).toEqual([])
    expect(bench.of('alarms').at(-1)?.active).toMatchObject([
      { vendorCode: 'A?S', vendorText: 'motor stalled, possible occlusion' },
      { code: 'host-timeout', profilePriority: 'high', vendorText: expect.stringContaining('queries had stopped') },
    ])
  })

  it('asks again in a new run of the gateway, and then ends what is over', () => {
    const bench = open(polled)
    play(bench, healthy, 200)
    expect(codes(bench)[0]).toEqual([])
  })

  it('is lost like any other pump when it does not answer', () => {
    const bench = open(polled)
    play(bench, healthy, 3000)
    expect(bench.clear().pass(12_000).links).toEqual(['stale', 'lost'])
  })
})

const answer: Answer = (query) =>
  safePacket(`${query.slice(0, 2)}${query.endsWith('DIS') ? 'SI1.000W0.000ML' : 'S5.000MH'}`)

describe('several New Era pumps on one line', () => {
  const line = { ...polled, addresses: '00,01' }

  it('are asked one after the other, each a channel', () => {
    const bench = open(line)
    const asked = play(bench, answer, 20_000)
    expect(asked.slice(0, 4)).toEqual(['00DIS', '01DIS', '00RAT', '01RAT'])
    expect(
      Math.abs(asked.filter((q) => q === '00DIS').length - asked.filter((q) => q === '01DIS').length),
    ).toBeLessThan(2)
    expect(new Set(bench.of('sample').map(({ sample }) => sample.channelId))).toEqual(new Set(['00', '01']))
  })

  it('give no list before each has spoken, and an alarm at once', () => {
    const bench = open(line).receive(safePacket('00A?S'))
    expect(bench.of('alarms')).toEqual([])
    expect(bench.of('alarm-edge')).toMatchObject([{ raised: true, alarm: { vendorCode: 'A?S', channelId: '00' } }])
    bench.pass(100).receive(safePacket('01SI1.000W0.000ML'))
    expect(codes(bench)).toEqual([['A?S']])
  })

  it('go on being asked when another one has told an alarm', () => {
    const bench = open(line)
    play(bench, answer, 3000)
    bench.receive(safePacket('01A?S')).clear()
    const asked = play(bench, answer, 10_000)
    expect(asked.length).toBeGreaterThan(4)
    expect(asked.every((query) => query.startsWith('00'))).toBe(true)
    expect(bench.session).toMatchObject({ link: 'up', reason: expect.stringContaining('queries to pump 01 stopped') })
  })

  it('are heard although one of them never answers', () => {
    const bench = open(line)
    play(bench, (query) => (query.startsWith('00') ? null : answer(query)), 20_000)
    expect(bench.of('sample').length).toBeGreaterThan(6)
    expect(bench.of('alarms')).toEqual([])
  })
})

describe('a New Era line in Basic mode', () => {
  it('is asked in text, and its values are unchecked', () => {
    const bench = open(basicPolled)
    expect(bench.sent).toEqual(['DIS'])
    bench.receive(basic('00SI0.250W0.000ML'))
    bench.pass(100)
    bench.receive(basic('00S5.000MH'))
    expect(bench.of('sample')[0]?.sample).toMatchObject({
      infusedTotalMl: 0.25,
      measurementStatus: ['questionable', 'test'],
      raw: { check: 'unchecked' },
    })
  })

  it('takes one reply for an alarm, and none for its end', () => {
    const bench = open(basicPolled).receive(basic('00SI0.250W0.000ML'))
    expect(bench.of('alarms')).toEqual([])
    expect(bench.of('sample')).toEqual([])
    bench.pass(100).receive(basic('00S5.000MH'))
    expect(codes(bench)).toEqual([[]])
    bench.receive(basic('00A?S'))
    expect(codes(bench).at(-1)).toEqual(['A?S'])
  })

  it('lets two replies of one status end an alarm, and not two of different ones', () => {
    const bench = open({ ...basicPolled, addresses: '00' })
      .receive(basic('00A?S'))
      .clear()
    bench.receive(basic('00S'), basic('00I'))
    expect(codes(bench).at(-1)).toEqual(['A?S'])
    bench.receive(basic('00I'))
    expect(codes(bench).at(-1)).toEqual([])
  })
})

const problems = (settings: unknown): string[] => {
  const configured = newEraProfile.configured(settings)
  return configured.ok ? [] : configured.problems.map(({ path }) => path.map(String).join('.'))
}

describe('the settings of a New Era line', () => {
  it.each([
    [{}, []],
    [{ mode: 'basic' }, []],
    [{ poll: 'dis-rat', mode: 'basic' }, []],
    [{ poll: 'dis-rat' }, ['acceptPollEffects', 'safTimeoutS']],
    [{ poll: 'dis-rat', acceptPollEffects: true }, ['safTimeoutS']],
    [{ poll: 'dis-rat', acceptPollEffects: true, safTimeoutS: 5 }, ['safTimeoutS']],
    [{ poll: 'dis-rat', acceptPollEffects: true, safTimeoutS: 6 }, []],
    [{ ...polled, safTimeoutS: 11, addresses: '00,01' }, ['safTimeoutS']],
    [{ ...polled, safTimeoutS: 12, addresses: '00,01' }, []],
    [{ addresses: '0' }, ['addresses']],
    [{ assetTag: 'LAB 7' }, ['assetTag']],
    [{ poll: 'all' }, ['poll']],
  ])('%j has the problems %j', (settings, expected) => {
    expect(problems(settings)).toEqual(expected)
  })
})
