import { describe, expect, it } from 'vitest'
import { ChannelId, EpisodeId } from '#domain/ids.ts'
import { emptySample } from '#domain/telemetry.ts'
import { UplinkRecord } from '#domain/uplink/records.ts'
import { alarmDefaults } from '#gateway/core/alarm-defaults.ts'
import { pumpIdOf, unknownPump } from '#gateway/core/pump-record.ts'
import { askSnapshot, deriveQuarantined, passTime, record } from '#gateway/core/recorder.ts'
import type { PumpEvent, PumpIdentity, ReportedAlarm } from '#domain/pump-protocols/profile.ts'
import type { NewRecord } from '#gateway/core/ports.ts'
import type { PumpRecordState, RecorderContext } from '#gateway/core/pump-record.ts'

const channelId = ChannelId.parse('1')
const identity = (serial: string): PumpIdentity => ({
  serial,
  maker: 'Acme',
  model: 'AP100',
  firmware: '1.4.2',
  statusIntervalMs: 1_000,
  measurementStatus: ['demo'],
})
const air: ReportedAlarm = { code: 'air-in-line', channelId, vendorCode: '02', vendorText: null, priority: 'high' }
const battery: ReportedAlarm = { ...air, code: 'battery-low', vendorCode: '06', priority: null }

const identified: PumpEvent = { kind: 'identified', identity: identity('PUMP-0001') }
const up: PumpEvent = { kind: 'link', link: 'up', reason: null }
const lost: PumpEvent = { kind: 'link', link: 'lost', reason: 'no status from the pump' }
const level = (...active: ReportedAlarm[]): PumpEvent => ({ kind: 'alarms', active })
const edge = (alarm: ReportedAlarm, raised: boolean): PumpEvent => ({ kind: 'alarm-edge', alarm, raised })

/** A pump that is told events one after the other; gives what became durable, in short words. */
const pumpOn = (marks: RecorderContext['marks'] = []) => {
  let state: PumpRecordState = unknownPump
  let nowMs = 1_000
  let episodes = 0
  const context: RecorderContext = {
    port: 'bed-1',
    experimental: false,
    marks,
    defaults: alarmDefaults,
    newEpisodeId: () => EpisodeId.parse(`episode-${(episodes += 1)}`),
  }
  const stamp = () => ({ monotonicMs: nowMs, wallAt: 1_767_600_000_000 + nowMs, clockQuality: 'unknown' as const })
  const keep = (result: { state: PumpRecordState; records: readonly NewRecord[] }): readonly string[] => {
    state = result.state
    for (const [index, one] of result.records.entries())
      expect(UplinkRecord.safeParse({ ...one, seq: index + 1, bootId: 'boot-1' }).error).toBeUndefined()
    return result.records.map(words)
  }
  return {
    tell: (...events: PumpEvent[]) => events.flatMap((event) => keep(record(state, event, context, stamp()))),
    records: (event: PumpEvent) => record(state, event, context, stamp()).records,
    snapshot: () => keep(askSnapshot(state, 'requested', context, stamp())),
    derive: (priority: 'low' | 'medium' = 'low') =>
      keep(deriveQuarantined(state, priority, 'refused: schema', context, stamp())),
    wait: (ms: number, isHeard = true) => {
      nowMs += ms
      return keep(passTime(state, context, stamp(), isHeard))
    },
    get state() {
      return state
    },
  }
}

const words = (record: NewRecord): string => {
  switch (record.kind) {
    case 'condition':
      return `${record.body.code} ${record.body.phase} ${record.body.priority}/${record.body.prioritySource} ${record.body.episodeId}`
    case 'snapshot':
      return `snapshot ${record.body.reason} [${record.body.alarms.map(({ code }) => code).join(' ')}]`
    case 'event':
      return `${record.body.event} ${record.pumpId ?? 'hub'}`
    case 'telemetry':
      return `telemetry ${record.body.measurementStatus.join('+')}`
    case 'thinned':
    case 'tombstone':
      return record.kind
  }
}

describe('the recorder', () => {
  it('names a pump, says that its link is up, and tells its full list', () => {
    expect(pumpOn().tell(identified, up, level())).toEqual(['link-up PUMP-0001', 'snapshot pump-connected []'])
  })

  it('says that the link is up when the name comes after the first frame', () => {
    expect(pumpOn().tell(up, identified, level())).toEqual(['link-up PUMP-0001', 'snapshot pump-connected []'])
  })

  it('tells a condition once, however often the pump repeats it', () => {
    const pump = pumpOn()
    pump.tell(identified, up, level())
    expect(pump.tell(edge(air, true), edge(air, true), level(air), level(air))).toEqual([
      'air-in-line start high/pump episode-1',
    ])
    expect(pump.tell(level())).toEqual(['air-in-line end high/pump episode-1'])
    expect(pump.tell(edge(air, false), level())).toEqual([])
  })

  it('lets the level heal a lost edge and overrule a wrong one', () => {
    const pump = pumpOn()
    pump.tell(identified, up, level())
    expect(pump.tell(level(air))).toEqual(['air-in-line start high/pump episode-1'])
    expect(pump.tell(edge(battery, true), level(air))).toEqual([
      'battery-low start medium/profile episode-2',
      'battery-low end medium/profile episode-2',
    ])
  })

  it('keeps alarms apart that share a code but not a vendor code', () => {
    const pump = pumpOn()
    pump.tell(identified, up, level())
    const other = { ...air, vendorCode: '99' }
    expect(pump.tell(level(air, other), level(other))).toEqual([
      'air-in-line start high/pump episode-1',
      'air-in-line start high/pump episode-2',
      'air-in-line end high/pump episode-1',
    ])
  })

  it('tells a change of priority and a pause at the pump, and takes silence for no change', () => {
    const pump = pumpOn()
    pump.tell(identified, up, level({ ...air, priority: 'medium' }))
    expect(pump.tell(level({ ...air, priority: null }))).toEqual([])
    expect(pump.tell(level(air))).toEqual(['air-in-line escalate high/pump episode-1'])
    expect(pump.tell(level({ ...air, inactivation: ['audio-paused'] }))).toEqual([
      'air-in-line inactivate high/pump episode-1',
    ])
    expect(pump.tell(level({ ...air, priority: 'low', inactivation: ['audio-paused'] }))).toEqual([
      'air-in-line deescalate low/pump episode-1',
    ])
  })

  it('claims no end for an alarm that ended while nobody listened: the snapshot says what is left', () => {
    const pump = pumpOn()
    pump.tell(identified, up, level(air, battery))
    expect(pump.tell(lost)).toEqual(['link-down PUMP-0001'])
    expect(pump.tell({ kind: 'link', link: 'waiting', reason: null }, up, level(air))).toEqual([
      'link-up PUMP-0001',
      'snapshot pump-connected [air-in-line]',
    ])
  })

  it('keeps silent about alarms while the link is lost, and owes the snapshot', () => {
    const pump = pumpOn()
    pump.tell(identified, up, level(air), lost)
    expect(pump.snapshot()).toEqual([])
    expect(pump.wait(120_000)).toEqual([])
    expect(pump.tell(up, level(air))).toEqual(['link-up PUMP-0001', 'snapshot pump-connected [air-in-line]'])
  })

  it('doubts all alarms after the pump was powered on anew', () => {
    const pump = pumpOn()
    pump.tell(identified, up, level(air))
    expect(pump.tell({ kind: 'event', event: 'power-on', detail: { inferred: true } }, level())).toEqual([
      'power-on PUMP-0001',
      'snapshot pump-connected []',
    ])
  })

  it('tells the list every 60 s and when it is asked', () => {
    const pump = pumpOn()
    pump.tell(identified, up, level(air))
    expect(pump.wait(59_999)).toEqual([])
    expect(pump.wait(1)).toEqual(['snapshot periodic [air-in-line]'])
    // An outage of an hour: nothing piles up before the next alarm, and the first list after it comes at once.
    for (let minute = 0; minute < 60; minute += 1) expect(pump.wait(60_000, false)).toEqual([])
    expect(pump.wait(1_000)).toEqual(['snapshot periodic [air-in-line]'])
    expect(pump.wait(59_999)).toEqual([])
    expect(pump.snapshot()).toEqual(['snapshot requested [air-in-line]'])
  })

  it('says once that the link is down, and nothing for a short break', () => {
    const pump = pumpOn()
    pump.tell(identified, up, level())
    const closed: PumpEvent = { kind: 'link', link: 'closed', reason: 'unplugged' }
    expect(pump.tell(closed, { kind: 'link', link: 'waiting', reason: null }, up)).toEqual([])
    expect(pump.tell(closed, lost, lost)).toEqual(['link-down PUMP-0001'])
  })

  it('never mixes two pumps on one port', () => {
    const pump = pumpOn()
    pump.tell(identified, up, level(air))
    expect(
      pump.tell(
        { kind: 'identity-changed', from: 'PUMP-0001', to: 'PUMP-0002' },
        { kind: 'identified', identity: identity('PUMP-0002') },
        level(),
      ),
    ).toEqual(['link-down PUMP-0001', 'identity-changed PUMP-0002', 'link-up PUMP-0002', 'snapshot pump-connected []'])
    expect(pump.state.alarms.size).toBe(0)
  })

  it('notices another pump even when the session does not say so', () => {
    const pump = pumpOn()
    pump.tell(identified, up, level())
    expect(pump.tell({ kind: 'identified', identity: identity('PUMP-0002') })).toContain('identity-changed PUMP-0002')
    expect(pump.state.pumpId).toBe('PUMP-0002')
  })

  it('attributes nothing to a pump without a name, and counts it', () => {
    const pump = pumpOn()
    expect(pump.tell(level(air), edge(air, true))).toEqual([])
    expect(pump.state.unattributed).toBe(2)
  })

  it('lets neither pump nor port take a demo mark away', () => {
    const pump = pumpOn(['test'])
    pump.tell(identified, up)
    const sample = { ...emptySample(channelId, 'PUMP-0001'), measurementStatus: ['valid' as const] }
    expect(pump.tell({ kind: 'sample', sample })).toEqual(['telemetry valid+demo+test'])
  })

  it('repairs a sample rather than let the server refuse it', () => {
    const pump = pumpOn()
    pump.tell(identified, up)
    const sample = { ...emptySample(channelId, 'PUMP-0001'), rateMlPerHour: Number.NaN, batteryPercent: 150 }
    const [told] = pump.records({ kind: 'sample', sample })
    expect(told?.body).toMatchObject({
      rateMlPerHour: null,
      batteryPercent: 150,
      measurementStatus: ['invalid', 'questionable', 'demo'],
    })
  })

  it('reports a record that was set aside once a minute, inside the list, and then ends it', () => {
    const pump = pumpOn()
    pump.tell(identified, up, level())
    expect(pump.derive()).toEqual(['record-quarantined start low/profile episode-1'])
    expect(pump.derive()).toEqual([])
    expect(pump.snapshot()).toEqual(['snapshot requested [record-quarantined]'])
    expect(pump.wait(60_000)).toEqual(['record-quarantined end low/profile episode-1', 'snapshot periodic []'])
  })

  it('reports one of the alarm lane as medium, also beside one that was not', () => {
    const pump = pumpOn()
    pump.tell(identified, up, level())
    pump.derive('low')
    expect(pump.derive('medium')).toEqual(['record-quarantined start medium/profile episode-2'])
    expect(pump.derive('medium')).toEqual([])
    expect(pump.derive('low')).toEqual([])
  })

  it('makes an id out of any serial number', () => {
    expect(pumpIdOf('SN 12/34')).toBe('SN-12-34')
    expect(pumpIdOf('__x')).toBe('x')
    expect(pumpIdOf('///')).toBeNull()
  })
})
