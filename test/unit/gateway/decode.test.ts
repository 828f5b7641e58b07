import { Readable, Writable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { decode } from '#gateway/commands/decode.ts'
import { derived, forbidden, infRequestHex, published } from '#test/vectors/alaris-acp.ts'
import * as neurowave from '#test/vectors/neurowave-ap4000.ts'
import * as miva from '#test/vectors/zyno-miva.ts'
import { airRaisedB, airRaisedBHex, content, hello, receipt17, statusA } from '#test/vectors/ip1.ts'
import * as newEra from '#test/vectors/new-era-ne1000.ts'
import * as terumo from '#test/vectors/terumo-xml-tcp.ts'
import { bytes, safePacket } from '#test/unit/pump-protocols/support.ts'

const collect = () => {
  const parts: string[] = []
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      parts.push(chunk.toString())
      done()
    },
  })
  return { stream, text: () => parts.join('') }
}

const run = async (args: readonly string[], input: string | readonly Uint8Array[] = '') => {
  const [out, err] = [collect(), collect()]
  const chunks = typeof input === 'string' ? [Buffer.from(input, 'latin1')] : [...input]
  const code = await decode(args, Readable.from(chunks), out.stream, err.stream)
  const text = out.text()
  const lines = text.startsWith('{')
    ? text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>)
    : []
  return { code, text, lines, errors: err.text() }
}

const hex = (text: string): string => Buffer.from(text, 'latin1').toString('hex').toUpperCase()

describe('gateway decode', () => {
  it('prints a status of IP1 field by field, and the counters last', async () => {
    const { code, lines } = await run(['--protocol', 'ip1'], `${statusA}\r\n`)
    expect(code).toBe(0)
    expect(lines).toEqual([
      {
        ok: true,
        type: 'ST',
        fields: {
          seq: '0001',
          boot: '7F3A',
          uptime: 10_250,
          state: 'R',
          mode: 'C',
          rate: 12_500,
          infused: 3217,
          remaining: 46_783,
          remainingTime: 13_473,
          pressure: 112,
          battery: 78,
          power: 'B',
          alarmBitmap: '00000000',
          highestPriority: '-',
        },
        hex: hex(`${statusA}\r`),
      },
      { counters: { bytes: 77, ok: 1 } },
    ])
  })

  it('reads an AP-4000 in both directions', async () => {
    const { published, derived } = neurowave
    const frames = [published.connectRequest, published.connected, derived.statusRequest, derived.occlusion]
    const wire = [...frames, '!CNTLREQ^1|0345'].map((frame) => `${frame}\r\n`).join('')
    const { lines } = await run(['--protocol', 'neurowave-ap4000', '--set', 'pollIntervalMs=1000'], wire)
    expect(lines.map(({ type }) => type)).toEqual(['CONNREQ', 'CONNREQ', 'STATREQ', 'STATREQ', 'CNTLREQ', undefined])
    expect(lines[1]).toMatchObject({ ok: true, fields: { version: '0.1', systemId: '032-19-50-014' } })
    expect(lines[2]).toMatchObject({ ok: true, fields: { raw: ['032-19-50-014'] } })
    expect(lines[3]).toMatchObject({
      ok: true,
      fields: {
        alarmCount: 2,
        alarms: [
          { code: 'PA.02', device: 'PUMP1', priority: 'HIGH', sound: 'HP_PUMP' },
          { code: 'BA.01', device: 'SYSTEM', priority: 'LOW', sound: 'LP_POW' },
        ],
        channels: [
          { serial: 'SN-0001', infused: 3.217, remaining: 46.783, target: 50, rate: 0, bolus: 0, bolusTotal: 1.5 },
          { serial: 'SN-0002', infused: 0, remaining: 0, rate: 5.5 },
        ],
      },
    })
    expect(lines.at(-1)).toEqual({ counters: { bytes: wire.length, ok: 5 } })
  })

  it('reads a MIVA in both directions, under either check', async () => {
    const { askEntry15, entry15, ring } = miva.derived
    const wire = [askEntry15, entry15, ring, 'WT020D'].map((frame) => `\u0002${frame}\u0003`).join('')
    const { lines } = await run(['--protocol', 'zyno-miva', '--set', 'check=sum'], wire)
    expect(lines.map(({ ok, type, fields }) => [ok, type, fields])).toEqual([
      [true, 'RE', { raw: '0000000F' }],
      [true, 'RE', { index: 15, entry: entry15.slice(10, -2) }],
      [true, 'RI', { tail: 0, head: 16 }],
      [true, 'WT', { raw: '02' }],
      [undefined, undefined, undefined],
    ])
    const other = await run(['--protocol', 'zyno-miva', '--set', 'check=xor'], `\u0002${miva.xorRequests.RI}\u0003`)
    expect(other.lines).toMatchObject([{ ok: true, type: 'RI' }, { counters: { ok: 1 } }])
    const wrong = await run(['--protocol', 'zyno-miva', '--set', 'check=crc'], '')
    expect(wrong).toMatchObject({ code: 2, errors: expect.stringContaining('Its settings: check, eventTable') })
  })

  it('reads both directions', async () => {
    const { lines } = await run(['--protocol', 'ip1'], `${hello}\r\n${airRaisedB}\r\n${receipt17}\r\n`)
    expect(lines.map(({ type, fields }) => [type, fields])).toEqual([
      [
        'HI',
        {
          seq: '0000',
          boot: '7F3A',
          devId: 'PUMP-0001',
          maker: 'Acme',
          model: 'AP100',
          firmware: '1.4.2',
          statusInterval: 1000,
          capabilities: 'AL+AK+LG',
        },
      ],
      [
        'AL',
        {
          seq: '0003',
          boot: '7F3A',
          uptime: 11_620,
          notification: '0017',
          alarmBit: '02',
          priority: 'H',
          raised: true,
        },
      ],
      ['CM', { seq: '0000', boot: '7F3A', verb: 'ALRX', argument: '0017' }],
      [undefined, undefined],
    ])
  })

  it('shows a malformed value raw in a frame that still counts', async () => {
    const { lines } = await run(['--protocol', 'ip1'], `${content.rateWithPoint}\r\n`)
    expect(lines).toMatchObject([
      { ok: true, fields: { rate: { raw: '12.5' }, infused: 3217 } },
      { counters: { ok: 1, bad: 1 } },
    ])
  })

  it('shows a void frame by its fault', async () => {
    const { lines } = await run(['--protocol', 'ip1'], `${content.otherVersion}\r\n${content.shortBitmap}\r\n`)
    expect(lines).toMatchObject([
      { ok: false, fault: 'unsup' },
      { ok: false, fault: 'bad' },
      { counters: { ok: 2, unsup: 1, bad: 1 } },
    ])
  })

  it('shows rejected bytes once, in order, and a partial at the end as gap', async () => {
    const { lines } = await run(
      ['--protocol', 'ip1'],
      `\xff\x00\x80\x7e\r\n\x41${statusA.slice(0, 30)}${statusA.replace('BB79', 'BB78')}\r\n${statusA.slice(0, 10)}`,
    )
    expect(lines).toEqual([
      { ok: false, fault: 'junk', hex: 'FF00807E41' },
      { ok: false, fault: 'restart', hex: hex(statusA.slice(0, 30)) },
      { ok: false, fault: 'crc', hex: hex(`${statusA.replace('BB79', 'BB78')}\r`) },
      { ok: false, fault: 'gap', hex: hex(statusA.slice(0, 10)) },
      { counters: { bytes: 124, ok: 0, junk: 5, restart: 1, crc: 1, gap: 1 } },
    ])
  })

  it('takes each hexadecimal line for a capture of its own and adds the counters up', async () => {
    const { lines } = await run(
      ['--protocol', 'ip1', '--hex'],
      `${airRaisedBHex}\n244950\n\n${airRaisedBHex.toLowerCase()}`,
    )
    expect(lines).toMatchObject([
      { ok: true, type: 'AL' },
      { ok: false, fault: 'gap', hex: '244950' },
      { ok: true, type: 'AL' },
      { counters: { bytes: 87, ok: 2, gap: 1 } },
    ])
  })

  it('reads hexadecimal text in any chunks', async () => {
    const text = Buffer.from(`${airRaisedBHex}\r\n${airRaisedBHex}\r\n`)
    const chunks = Array.from({ length: text.length }, (_, at) => text.subarray(at, at + 1))
    const { lines } = await run(['--protocol', 'ip1', '--hex'], chunks)
    expect(lines.at(-1)).toEqual({ counters: { bytes: 84, ok: 2 } })
  })

  it.each([
    ['24 49\n24 4x', 'Line 2: not hexadecimal.'],
    ['24 49 5\n', 'Line 1: an odd number of digits.'],
    ['24 4', 'Line 1: an odd number of digits.'],
  ])('says which line is not hexadecimal: %j', async (input, message) => {
    const { code, errors } = await run(['--protocol', 'ip1', '--hex'], input)
    expect(code).toBe(1)
    expect(errors).toBe(`${message}\n`)
  })

  it('reads Alaris replies', async () => {
    const frames = [derived.infusing, derived.occlusion, published.syringe]
    const { lines } = await run(['--protocol', 'alaris-acp'], frames.map((frame) => `${frame}\r`).join(''))
    expect(lines.map(({ type, fields }) => [type, fields])).toEqual([
      [
        'INF',
        {
          serial: '8002-00001',
          alarmFlag: '-',
          mode: 'SET',
          rate: 12.5,
          rateUnit: 'ml/h',
          drug: '',
          volumeInfused: 3.217,
          volumeInfusedUnit: 'ml',
          pressure: 17.9,
          pressureUnit: 'mmHg',
          timeLeft: '03:44:33',
          logType: 'EVENT',
          logEntryId: '000101',
        },
      ],
      ['ALARM', { code: 'AL_OCCLU', text: 'OCCLUSION' }],
      ['SYRINGE_STATUS', { syringeName: 'BD PLASTIPAK', size: 50, confirmation: 'CONF' }],
      [undefined, undefined],
    ])
  })

  it('takes Alaris requests and control frames for good frames without judging them', async () => {
    const wire = [...forbidden, published.remoteControl].map((frame) => `${frame}\r`).join('')
    const { lines } = await run(['--protocol', 'alaris-acp'], wire)
    expect(lines.map(({ ok, type, fields }) => [ok, type, fields])).toEqual([
      [true, 'INF_START', {}],
      [true, 'INF_STOP', {}],
      [true, 'INF_RATE', { raw: ['0.1', 'ml/h'] }],
      [true, 'INF_VTBI', { raw: ['DEACT'] }],
      [true, 'INF_VI_CLEAR', {}],
      [true, 'REMOTE_CTRL', { raw: ['DISABLED'] }],
      [true, 'REMOTE_CTRL', { raw: ['ENABLED', '****', 'PERMIT', '0', 'ms'] }],
      [undefined, undefined, undefined],
    ])
    expect((await run(['--protocol', 'alaris-acp', '--hex'], infRequestHex)).lines[0]).toMatchObject({
      ok: true,
      type: 'INF',
    })
  })

  it('reads Terumo packets in both directions, and alarms by the model it is told', async () => {
    const packets = [
      terumo.published.askIdentity,
      terumo.published.identity,
      terumo.requests.status00,
      terumo.replies.r2,
      terumo.replies.refused12,
    ]
    const wire = packets.map((packet) => `\u0002${packet}\u0003`).join('')
    const lf = await run(['--protocol', 'terumo-xml-tcp'], wire)
    expect(lf.lines).toMatchObject([
      { ok: true, type: 'identity request', fields: {} },
      { ok: true, type: 'identity', fields: { id: '000100700000001201000001' } },
      { ok: true, type: 'command request', fields: { id: terumo.derivedId, sequence: 0, command: '010000', data: '' } },
      {
        ok: true,
        type: 'basic status',
        fields: {
          sequence: 2,
          setRateMlPerHour: 12.5,
          deliveredMl: 3.25,
          alarms: [{ code: 'device-text', vendorText: 'LF alarm bit 3' }, { vendorText: 'LF alarm bit 15' }],
        },
      },
      { ok: true, type: 'refused', fields: { sequence: 3, result: '12' } },
      { counters: { ok: 5 } },
    ])
    const ss = await run(['--protocol', 'terumo-xml-tcp', '--set', 'model=ss'], wire)
    expect(ss.lines[3]).toMatchObject({
      fields: { alarms: [{ code: 'occlusion-unspecified', vendorCode: 'bit 3' }, { code: 'mains-lost' }] },
    })
    expect((await run(['--protocol', 'terumo-xml-tcp', '--set', 'model=xx'])).code).toBe(2)
  })

  it('reads New Era packets in both directions, in the mode it is told', async () => {
    const hex = [
      ...Object.values(newEra.replies),
      ...Object.values(newEra.requests),
      newEra.empty,
      Buffer.from(safePacket('00SAF0')).toString('hex'),
    ].join('\n')
    const { lines } = await run(['--protocol', 'new-era-ne1000', '--hex'], hex)
    expect(lines.map(({ ok, type, fields }) => [ok, type, fields])).toMatchObject([
      [true, 'alarm', { address: '00', alarm: 'A?S' }],
      [true, 'status', { address: '00', status: 'S' }],
      [true, 'status', { address: '00', status: 'I' }],
      [true, 'DIS', { address: '00', status: 'S', infusedMl: 0.25, withdrawnMl: 0 }],
      [true, 'RAT', { address: '00', status: 'I', setRateMlPerHour: 12.88 }],
      [true, 'error', { address: '00', status: 'S', error: '?NA' }],
      [true, 'DIS', {}],
      [true, 'RAT', {}],
      [true, 'status query', {}],
      [true, 'SAF', { address: '00', raw: '0' }],
      [undefined, undefined, undefined],
    ])
    expect(lines.at(-1)).toEqual({ counters: { bytes: 106, ok: 10, bad: 1 } })
    const basic = await run(
      ['--protocol', 'new-era-ne1000', '--set', 'mode=basic'],
      [bytes('DIS\r'), newEra.bytesOf(newEra.basicDispensed), bytes('\xff00RAT5.0MH\r\n')],
    )
    expect(basic.lines).toMatchObject([
      { ok: true, type: 'DIS', fields: {} },
      { ok: true, type: 'DIS', fields: { infusedMl: 0.25 } },
      { ok: false, fault: 'junk', hex: 'FF' },
      { ok: true, type: 'RAT', fields: { address: '00', raw: '5.0MH' } },
      { counters: { ok: 3, junk: 1 } },
    ])
  })

  it('prints nothing but counters for nothing', async () => {
    expect((await run(['--protocol', 'ip1'])).lines).toEqual([{ counters: { ok: 0 } }])
  })

  it('says which protocols there are', async () => {
    const unknown = await run(['--protocol', 'ip2'])
    expect(unknown).toMatchObject({ code: 2, text: '' })
    expect(unknown.errors).toContain('Unknown protocol "ip2". Known: ip1, alaris-acp')
    const missing = await run([])
    expect(missing.code).toBe(2)
    expect(missing.errors).toContain('ip1, alaris-acp')
  })

  it.each([
    [['--protocol', 'ip1', '--set', 'check=xor'], 'ip1: Unrecognized key: "check". It has no settings.'],
    [['--protocol', 'ip1', '--set', 'check'], '--set wants NAME=VALUE, not "check".'],
    [['--protocol', 'ip1', '--bogus'], '--bogus'],
    [['--protocol', 'ip1', 'file'], 'file'],
  ])('refuses %j', async (args, message) => {
    const { code, errors } = await run(args)
    expect(code).toBe(2)
    expect(errors).toContain(message)
  })

  it('helps', async () => {
    const { code, text } = await run(['--help'])
    expect(code).toBe(0)
    expect(text).toContain('--protocol NAME')
  })
})
