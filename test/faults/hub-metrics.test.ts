import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { eventually } from '#test/support/eventually.ts'
import { startGatewayProcess } from './gateway-process.ts'

const prefix = 'infusion_watch_hub_'

interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** The text exposition format, strictly: HELP and TYPE before the samples of a family, every line well-formed. */
const parseExposition = (text: string): { types: Map<string, string>; samples: readonly Sample[] } => {
  const types = new Map<string, string>()
  const helped = new Set<string>()
  const samples: Sample[] = []
  expect(text.endsWith('\n')).toBe(true)
  for (const line of text.split('\n').filter((one) => one !== '')) {
    const help = /^# HELP ([a-z_]+) \S.*$/.exec(line)
    const type = /^# TYPE ([a-z_]+) (counter|gauge)$/.exec(line)
    const sample =
      /^([a-z_]+)(?:\{((?:[a-z_]+="(?:[^"\\\n]|\\["\\n])*",?)*)\})? (-?\d+(?:\.\d+)?(?:e[+-]?\d+)?|NaN)$/.exec(line)
    if (help?.[1] !== undefined) helped.add(help[1])
    else if (type?.[1] !== undefined && type[2] !== undefined) types.set(type[1], type[2])
    else if (sample?.[1] !== undefined) {
      expect(helped.has(sample[1]) && types.has(sample[1]), line).toBe(true)
      const labels = Object.fromEntries(
        [...(sample[2] ?? '').matchAll(/([a-z_]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]),
      )
      samples.push({ name: sample[1], labels, value: Number(sample[3]) })
    } else expect.fail(`not a line of the exposition format: ${line}`)
  }
  return { types, samples }
}

describe('the metrics of a running gateway', () => {
  it('are well-formed, complete, and the ones that docs/operations.md lists', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'metrics-'))
    onTestFinished(() => rm(folder, { recursive: true, force: true }))
    const gateway = await startGatewayProcess(folder, {
      server: { url: 'http://127.0.0.1:1' },
      ports: [{ name: 'bedside', url: 'tcp://127.0.0.1:1', protocol: 'ip1' }],
    })
    await gateway.status()
    const { port } = await eventually(() => gateway.log.find(({ msg }) => msg === 'status page listens'))
    const reply = await fetch(`http://127.0.0.1:${String(port)}/metrics`)
    expect(reply.headers.get('content-type')).toContain('text/plain; version=0.0.4')
    const { types, samples } = parseExposition(await reply.text())

    const value = (name: string, labels: Record<string, string> = {}): number | undefined =>
      samples.find(
        (sample) =>
          sample.name === prefix + name &&
          Object.entries(labels).every(([label, wanted]) => sample.labels[label] === wanted),
      )?.value
    expect(value('port_events_total', { port: 'bedside', event: 'crc' })).toBe(0)
    expect(value('port_link', { port: 'bedside', state: 'closed' })).toBe(1)
    expect(value('outbox_records', { lane: 'alarm' })).toBeGreaterThanOrEqual(1)
    expect(value('resident_memory_bytes')).toBeGreaterThan(20e6)
    expect(value('paired')).toBe(0)
    expect(value('annunciator_sounding')).toBe(0)

    const whole = await readFile(join(import.meta.dirname, '../../docs/operations.md'), 'utf8')
    const page = whole.slice(whole.indexOf('## Metrics of a hub'))
    const listed = new Map(
      [...page.matchAll(/^\| `([a-z_]+)` \| (counter|gauge)\b/gm)].map(([, name = '', type = '']) => [
        prefix + name,
        type,
      ]),
    )
    expect(Object.fromEntries(types)).toEqual(Object.fromEntries(listed))
    for (const { name, labels } of samples)
      expect(
        Object.keys(labels).every((label) => page.includes(`\`${label}\``)),
        `${name} ${JSON.stringify(labels)}`,
      ).toBe(true)
    const alerted = [...page.matchAll(/infusion_watch_hub_([a-z_]+)/g)]
      .map(([name]) => name)
      .filter((name) => name !== prefix)
    expect(alerted.filter((name) => !listed.has(name))).toEqual([])
  })
})
