import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { repository } from '#test/support/program.ts'

const analyze = (...args: readonly string[]) => spawnSync('systemd-analyze', args, { encoding: 'utf8' })
const [, version = '0'] = /systemd (\d+)/.exec(analyze('--version').stdout ?? '') ?? []
// --offline came with 250.
const possible = Number(version) >= 250

describe.skipIf(!possible).each(['gateway', 'server'])('the unit of the %s (needs systemd-analyze)', (name) => {
  const unit = join(repository, 'deploy/systemd', `infusion-watch-${name}.service`)

  it('has no line that systemd does not understand', () => {
    const { stdout, stderr } = analyze('verify', '--man=no', unit)
    // Not the unit's fault: where Node is on this machine, and that nothing is installed here.
    const complaints = `${stdout}${stderr}`.split('\n').filter((line) => line !== '' && !/is not executable/.test(line))
    expect(complaints).toEqual([])
  })

  it('is exposed to 2.0 at most on systemd’s scale to 10', () => {
    const { stdout } = analyze('security', '--offline=true', '--no-pager', unit)
    const exposure = Number(/Overall exposure level for .*: ([\d.]+)/.exec(stdout)?.[1])
    console.log(`exposure of infusion-watch-${name}: ${exposure}`)
    expect(exposure).toBeLessThanOrEqual(2)
  })
})
