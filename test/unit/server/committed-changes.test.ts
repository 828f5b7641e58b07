import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { EpisodeId, UserId } from '#domain/ids.ts'
import type { EpisodeChange } from '#server/core/alarm-index.ts'
import { occlusion, openServerBench, pump1, pump2, type ServerBench } from '#test/support/server-bench.ts'

const line = ({ subject, episodeId, before, after }: EpisodeChange): string =>
  [subject.kind === 'pump' ? subject.pumpId : subject.kind, episodeId, before?.response.state ?? 'none']
    .concat(after === null ? 'none' : after.closedAt === null ? after.response.state : 'closed')
    .join(' ')

describe('what a commit changed', () => {
  let bench: ServerBench
  let told: string[]
  beforeEach(async () => {
    bench = await openServerBench()
    told = []
    bench.alarms.onCommitted((changes) => told.push(...changes.map(line)))
  })
  afterEach(() => bench.close())

  const accept = (expectedVersion = 0) =>
    bench.alarms.desk.act(
      { userId: UserId.parse('u-1'), name: 'm.osei' },
      { kind: 'accept', requestId: `request-${expectedVersion}`, episodeId: EpisodeId.parse('ep-1'), expectedVersion },
    )

  it('is told once per commit, episode by episode, with what it was before', async () => {
    await bench.condition(pump1, occlusion('ep-1'))
    await bench.condition(pump2, occlusion('ep-2'))
    await accept()
    expect(told).toEqual(['P-1 ep-1 none new', 'P-2 ep-2 none new', 'P-1 ep-1 new accepted'])
  })

  it('is nothing when a commit changed no episode, or failed', async () => {
    await bench.condition(pump1, occlusion('ep-1'))
    told = []
    await bench.snapshot(pump1, [occlusion('ep-1')])
    bench.faults.journal = 'SRV_JOURNAL_UNAVAILABLE'
    await expect(accept()).rejects.toThrow('injected')
    expect(told).toEqual([])
  })

  it('tells a closed one a last time', async () => {
    const act = { requestId: 'request-x', episodeId: EpisodeId.parse('ep-1'), expectedVersion: 0 }
    await bench.condition(pump1, occlusion('ep-1'))
    await bench.condition(pump1, occlusion('ep-1', { phase: 'end', state: 'inactive' }))
    told = []
    await bench.alarms.desk.act(
      { userId: UserId.parse('u-1'), name: 'm.osei' },
      { ...act, kind: 'resolve', class: 'false', finding: 'none', note: '' },
    )
    expect(told).toEqual(['P-1 ep-1 new closed'])
    expect([...bench.alarms.openAlarms()]).toEqual([])
  })

  it('is not told while the journal is folded; the open alarms stand ready then', async () => {
    await bench.condition(pump1, occlusion('ep-1'))
    await bench.condition(pump2, occlusion('ep-2'))
    const { alarms } = await bench.restarted()
    expect([...alarms.openAlarms()]).toMatchObject([
      { subject: { pumpId: pump1 }, criticality: 'unknown', episode: { episodeId: 'ep-1' } },
      { subject: { pumpId: pump2 }, criticality: 'unknown', episode: { episodeId: 'ep-2' } },
    ])
  })
})
