import { describe, expect, it } from 'vitest'
import { minutesMs, nurse, PagingBench } from '#test/support/paging-spec.ts'

/** Seconds until the backup is asked. */
const backupAfter = (receipts: (bench: PagingBench) => void): number => {
  const bench = new PagingBench()
  bench.critical = true
  bench.raise('a')
  receipts(bench)
  bench.pass(minutesMs(5))
  return Number.parseInt(bench.told.find((line) => line.includes('backup')) ?? 'never', 10)
}

describe('each missing receipt brings the next place forward', () => {
  it('sent, heard and looked at: as the table says, 3 min', () => {
    expect(backupAfter((bench) => bench.notice(nurse, 'audible').notice(nurse, 'viewed'))).toBe(180)
  })

  it('looked at counts as heard', () => {
    expect(backupAfter((bench) => bench.notice(nurse, 'viewed'))).toBe(180)
  })

  it('heard and not looked at: after 2 min', () => {
    expect(backupAfter((bench) => bench.notice(nurse, 'audible'))).toBe(120)
  })

  it('not even heard: after 1 min', () => {
    expect(backupAfter(() => undefined)).toBe(60)
  })

  it('not sent: at once', () => {
    expect(
      backupAfter((bench) => {
        bench.outcome = () => 'undeliverable'
        bench.settle('a').raise('b')
      }),
    ).toBe(0)
  })

  it('a receipt from before the page says nothing about it', () => {
    const bench = new PagingBench()
    bench.raise('a').notice(nurse, 'viewed').pass(minutesMs(2))
    expect(bench.told).toContain('120 backup k.ito high a')
  })
})
