import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { Authority } from '#test/support/certificates.ts'
import { freePort } from '#test/support/free-port.ts'
import { startHubServer } from '#test/support/hub-server.ts'
import { Program } from '#test/support/program.ts'
import { findService, missingService, servicesRequired } from '#test/support/services.ts'
import { startTlsTerminator } from '#test/support/tls-terminator.ts'

const folder = (): string => {
  const path = mkdtempSync(join(tmpdir(), 'enrol-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

const enrol = async (dataDir: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
  const program = new Program({ name: 'gateway', args: ['gateway/main.ts', 'enrol', '--data', dataDir, ...args], env })
  onTestFinished(() => program[Symbol.asyncDispose]())
  return { code: await program.ended(30_000), text: program.output }
}

const saying = (words: string): string => expect.stringContaining(words) as string
const code = 'ABCD-EFGH-JKMN'

if (findService('openssl') === null && servicesRequired()) throw new Error(missingService('openssl'))

describe('gateway enrol', () => {
  it('ends with 2 and sends nothing when something is missing or the code cannot be one', async () => {
    const server = `http://127.0.0.1:${await freePort()}`
    for (const args of [
      ['--server', server, '--claim', 'c'],
      ['--server', 'watch.example.org', '--claim', 'c', '--code', code],
      ['--server', server, '--code', code],
    ])
      expect(await enrol(folder(), args)).toMatchObject({ code: 2, text: saying('Needed: gateway enrol') })
    const short = await enrol(folder(), ['--server', server, '--claim', 'c', '--code', 'ABCD-EFGH'])
    expect(short).toMatchObject({ code: 2, text: saying('The code has 12 letters and digits') })
  })

  it('ends with 0 for a good claim, in one word or in the environment, with 3 when the claim is refused, with 4 when nobody answers', async () => {
    const dir = folder()
    const server = await startHubServer(dir)
    onTestFinished(() => server[Symbol.asyncDispose]())
    const { claimId, code: good } = await server.claim()
    const wrong = await enrol(join(dir, 'hub'), ['--server', server.url.origin, '--code', `${claimId}:${code}`])
    expect(wrong).toMatchObject({ code: 3, text: saying('Not paired: the server refuses the claim') })
    const inEnvironment = { GATEWAY_CLAIM: `${claimId}:${good}` }
    const right = await enrol(join(dir, 'hub'), ['--server', server.url.origin], inEnvironment)
    expect(right).toMatchObject({ code: 0, text: saying(`Paired with ${server.url.origin} as hub-`) })
    expect(right.text).toMatch(/Its key reads [a-z]{5}(-[a-z]{5}){3}\./)
    expect(right.text).not.toContain(good)
    const nobody = `http://127.0.0.1:${await freePort()}`
    expect(await enrol(folder(), ['--server', nobody, '--code', `c:${code}`])).toMatchObject({
      code: 4,
      text: saying('cannot be reached'),
    })
  })

  it.skipIf(findService('openssl') === null)(
    'ends with 5 when the server is not proven, and pairs when its root is given',
    async () => {
      const dir = folder()
      const server = await startHubServer(dir)
      const authority = new Authority(join(dir, 'authority'))
      const terminator = await startTlsTerminator(() => Number(server.url.port), authority.make('server'))
      server.answersTo(terminator.url.host)
      onTestFinished(async () => {
        await terminator[Symbol.asyncDispose]()
        await server[Symbol.asyncDispose]()
      })
      const { claimId, code: good } = await server.claim()
      const args = ['--server', terminator.url.origin, '--code', `${claimId}:${good}`]
      expect(await enrol(join(dir, 'hub'), args)).toMatchObject({
        code: 5,
        text: saying('give the right file as server.ca'),
      })
      expect(terminator.seen).toEqual([])
      writeFileSync(join(dir, 'roots.pem'), authority.root)
      expect(await enrol(join(dir, 'hub'), [...args, '--ca', join(dir, 'roots.pem')])).toMatchObject({ code: 0 })
      const missing = await enrol(join(dir, 'hub'), [...args, '--ca', join(dir, 'nothing.pem')])
      expect(missing).toMatchObject({ code: 1, text: saying('cannot read the roots') })
    },
  )
})
