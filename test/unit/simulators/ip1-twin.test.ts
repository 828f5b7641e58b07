import { describe, expect, it } from 'vitest'
import { crcHex, toBytes, toText } from '#simulators/core/crc.ts'
import {
  alarmBody,
  answerBody,
  frame,
  identityBody,
  logBody,
  statusBody,
  type Identity,
  type Status,
} from '#simulators/core/ip1/frames.ts'
import { Ip1Twin } from '#simulators/core/ip1/twin.ts'
import { pumpProfiles } from '#simulators/core/pump-settings.ts'
import type { Scenario } from '#simulators/core/scenario.ts'
import { storyNamed } from '#simulators/scenario-library.ts'
import { SimulatedPump } from '#simulators/core/simulated-pump.ts'
import type { Output } from '#simulators/core/statement.ts'

// Literal frames: ip1.md 5.
const boot = 0x7f3a
const lines = (bytes: Uint8Array): string => toText(bytes)
const identity: Identity = {
  serial: 'PUMP-0001',
  maker: 'Acme',
  model: 'AP100',
  firmware: '1.4.2',
  intervalMs: 1000,
  capabilities: ['AL', 'AK', 'LG', 'DEMO'],
}
const running: Status = {
  uptimeMs: 10250,
  state: 'R',
  mode: 'C',
  rateUlPerHour: 12500,
  infusedUl: 3217,
  remainingUl: 46783,
  remainingSeconds: 13473,
  pressureMmHg: 112,
  batteryPercent: 78,
  power: 'B',
  bitmap: 0,
  highest: '-',
}

describe('IP1 frames', () => {
  it('has the published check value', () => {
    expect(crcHex('123456789')).toBe('29B1')
  })

  it.each([
    [
      identityBody({ seq: 0, boot }, identity),
      '$IP1,HI,0000,7F3A,PUMP-0001,Acme,AP100,1.4.2,1000,AL+AK+LG+DEMO*4B89\r\n',
    ],
    [
      identityBody({ seq: 0, boot }, { ...identity, capabilities: ['AL', 'AK', 'LG'] }),
      '$IP1,HI,0000,7F3A,PUMP-0001,Acme,AP100,1.4.2,1000,AL+AK+LG*EDBF\r\n',
    ],
    [
      statusBody({ seq: 1, boot }, running),
      '$IP1,ST,0001,7F3A,10250,R,C,12500,3217,46783,13473,112,78,B,00000000,-*BB79\r\n',
    ],
    [
      statusBody(
        { seq: 2, boot },
        { ...running, uptimeMs: 11250, infusedUl: 3220, remainingUl: 46780, remainingSeconds: 13472 },
      ),
      '$IP1,ST,0002,7F3A,11250,R,C,12500,3220,46780,13472,112,78,B,00000000,-*CFAC\r\n',
    ],
    [
      alarmBody({ seq: 3, boot }, { uptimeMs: 11620, notification: 0x17, bit: 2, priority: 'H', raised: true }),
      '$IP1,AL,0003,7F3A,11620,0017,02,H,1*C5F9\r\n',
    ],
    [
      statusBody(
        { seq: 4, boot },
        {
          ...running,
          uptimeMs: 12250,
          state: 'A',
          rateUlPerHour: 0,
          infusedUl: 3221,
          remainingUl: 46779,
          remainingSeconds: null,
          bitmap: 4,
          highest: 'H',
        },
      ),
      '$IP1,ST,0004,7F3A,12250,A,C,0,3221,46779,,112,78,B,00000004,H*94A5\r\n',
    ],
    [answerBody({ seq: 5, boot }, '0000', 'OK'), '$IP1,AK,0005,7F3A,0000,OK*DD42\r\n'],
    [
      alarmBody({ seq: 6, boot }, { uptimeMs: 42100, notification: 0x18, bit: 2, priority: 'H', raised: false }),
      '$IP1,AL,0006,7F3A,42100,0018,02,H,0*D267\r\n',
    ],
    [answerBody({ seq: 7, boot }, '0001', 'UNSUP'), '$IP1,AK,0007,7F3A,0001,ERR,UNSUP*4088\r\n'],
    [
      logBody({ seq: 9, boot }, { index: 12, uptimeMs: 11620, kind: 'ALR', argument: '02' }),
      '$IP1,LG,0009,7F3A,12,11620,ALR,02*417E\r\n',
    ],
  ])('is as published: %s', (body, published) => {
    expect(lines(frame(body))).toBe(published)
  })

  it('wraps the uptime after 2^32 ms', () => {
    expect(statusBody({ seq: 1, boot }, { ...running, uptimeMs: 4294967296 + 10250 })).toBe(
      'IP1,ST,0001,7F3A,10250,R,C,12500,3217,46783,13473,112,78,B,00000000,-',
    )
  })
})

const settings = { ...pumpProfiles['generic-ambulatory'], rateMlPerHour: 125 }
const newPump = (scenario: string | Scenario = 'normal', seed = 1): SimulatedPump => {
  const story = typeof scenario === 'string' ? storyNamed(scenario) : scenario
  if (story === null) throw new Error('no such scenario')
  return new SimulatedPump({ id: 'PUMP-0001', seed, settings, scenario: story, twin: new Ip1Twin({ identity, seed }) })
}

const said = (outputs: readonly Output[]): readonly string[][] =>
  outputs.flatMap((output) =>
    output.kind === 'bytes'
      ? [
          toText(output.bytes)
            .replace(/^\$/, '')
            .replace(/\*....\r\n$/, '')
            .split(','),
        ]
      : [],
  )
const ofType = (outputs: readonly Output[], type: string) => said(outputs).filter((fields) => fields[1] === type)

/** A host's request as text, with its check. */
const ask = (pump: SimulatedPump, body: string): readonly Output[] =>
  pump.received(toBytes(`$${body}*${crcHex(body)}\r\n`))

describe('an IP1 pump', () => {
  it('names itself at power-on, marked as a demonstration, then tells its status every interval', () => {
    const outputs = newPump().advance(5000)
    const [hello] = said(outputs)
    expect(hello?.slice(0, 3)).toEqual(['IP1', 'HI', '0000'])
    expect(hello?.at(-1)).toContain('DEMO')
    expect(ofType(outputs, 'ST').map((fields) => Number(fields[4]))).toEqual([0, 1000, 2000, 3000, 4000, 5000])
    expect(said(outputs).map((fields) => Number.parseInt(fields[2] ?? '', 16))).toEqual([0, 1, 2, 3, 4, 5, 6])
  })

  it('repeats an alarm every second with the same number, ten times at most', () => {
    const pump = newPump('occlusion-downstream')
    const outputs = pump.advance(60_000)
    const alarms = ofType(outputs, 'AL')
    expect(alarms).toHaveLength(10)
    expect(new Set(alarms.map((fields) => fields.join(','))).size).toBe(1)
    expect(alarms[0]?.slice(6)).toEqual(['00', 'H', '1'])
    const times = outputs.flatMap((output) =>
      output.kind === 'bytes' && toText(output.bytes).includes(',AL,') ? [output.atMs] : [],
    )
    expect(times.slice(1).map((time, index) => time - (times[index] ?? 0))).toEqual(Array<number>(9).fill(1000))
  })

  it('stops repeating on ALRX for that number, and only for that', () => {
    const pump = newPump('occlusion-downstream')
    let number: string | undefined
    let boot: string | undefined
    for (let ms = 0; number === undefined && ms < 60_000; ms += 50)
      [, , , boot, , number] = ofType(pump.advance(ms), 'AL')[0] ?? []
    expect(said(ask(pump, `IP1,CM,0000,${boot},ALRX,FFFF`))[0]?.slice(4)).toEqual(['0000', 'OK'])
    expect(ofType(pump.advance(pump.nowMs + 2000), 'AL')).toHaveLength(2)
    expect(said(ask(pump, `IP1,CM,0001,${boot},ALRX,${number}`))[0]?.slice(4)).toEqual(['0001', 'OK'])
    expect(ofType(pump.advance(pump.nowMs + 5000), 'AL')).toEqual([])
  })

  it('raises and clears in the status bitmap what it raises and clears by AL', () => {
    const outputs = newPump('occlusion-downstream').advance(150_000)
    const bitmaps = [...new Set(ofType(outputs, 'ST').map((fields) => fields.slice(14).join(',')))]
    expect(bitmaps).toEqual(['00000000,-', '00000001,H'])
    expect(ofType(outputs, 'ST').at(-1)?.[14]).toBe('00000000')
    expect(new Set(ofType(outputs, 'AL').map((fields) => fields.slice(6).join(',')))).toEqual(
      new Set(['00,H,1', '00,H,0']),
    )
  })

  it('answers the five requests', () => {
    const pump = newPump()
    pump.advance(2000)
    const types = (body: string) => said(ask(pump, body)).map((fields) => fields[1])
    expect(types('IP1,CM,0000,0000,HI?')).toEqual(['AK', 'HI'])
    expect(types('IP1,CM,0001,0000,ST?')).toEqual(['AK', 'ST'])
    expect(types('IP1,CM,0002,0000,AL?')).toEqual(['AK'])
    expect(types('IP1,CM,0003,0000,LG?,0')).toEqual(['AK', 'LG'])
    pump.act({ act: 'cassette-off' })
    pump.advance(2100)
    expect(types('IP1,CM,0004,0000,AL?')).toEqual(['AK', 'AL'])
  })

  it('refuses every other verb, keeps a note of it, and does not change', () => {
    const pump = newPump()
    pump.advance(2000)
    const before = pump.state
    const outputs = ask(pump, 'IP1,CM,0000,0000,RATE,999')
    expect(said(outputs).map((fields) => fields.slice(4))).toEqual([['0000', 'ERR', 'UNSUP']])
    expect(outputs[0]?.fact).toMatchObject({ kind: 'refused', request: 'RATE,999' })
    expect(pump.state).toBe(before)
  })

  it('does not answer a damaged request', () => {
    const pump = newPump()
    pump.advance(1000)
    expect(pump.received(toBytes('$IP1,CM,0000,7F3A,HI?*BC83\r\n'))).toEqual([])
    expect(pump.received(toBytes(`$${'A'.repeat(4000)}\r\n`))).toEqual([])
    expect(said(pump.received(toBytes('$IP1,CM,0001,7F3A,HI?*BC82\r\n')))).toHaveLength(2)
  })

  it('starts again with another boot id and numbers from zero after a restart', () => {
    const pump = newPump()
    const first = said(pump.advance(3000))[0]
    const again = said(pump.act({ act: 'reboot' }))[0]
    expect(again?.slice(0, 3)).toEqual(['IP1', 'HI', '0000'])
    expect(again?.[3]).not.toBe(first?.[3])
  })

  it('says nothing without power', () => {
    const pump = newPump()
    pump.advance(1000)
    pump.act({ act: 'power-off' })
    expect(pump.advance(10_000)).toEqual([])
    expect(ask(pump, 'IP1,CM,0000,0000,HI?')).toEqual([])
    expect(said(pump.act({ act: 'power-on' }))[0]?.[1]).toBe('HI')
  })
})

const wire = (seed: number, cut: readonly number[]): string => {
  const pump = newPump('demo', seed)
  let text = ''
  for (let at = 0, i = 0; at < 3_600_000; i++) {
    at = Math.min(3_600_000, at + (cut[i % cut.length] ?? 1000))
    for (const output of pump.advance(at)) if (output.kind === 'bytes') text += toText(output.bytes)
  }
  return text
}

describe('the same seed and scenario', () => {
  it('gives the same bytes for an hour, however time is cut', () => {
    const once = wire(7, [3_600_000])
    expect(once.length).toBeGreaterThan(200_000)
    expect(wire(7, [50])).toBe(once)
    expect(wire(7, [37, 1013, 250])).toBe(once)
  })

  it('gives other bytes for another seed', () => {
    expect(wire(8, [60_000])).not.toBe(wire(7, [60_000]))
  })
})
