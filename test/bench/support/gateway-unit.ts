import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { repository } from '#test/support/program.ts'

/** Node's flags and the environment of the installed service: what is measured is what runs in a home. */
export const gatewayUnit = (): { readonly nodeFlags: readonly string[]; readonly env: Record<string, string> } => {
  const unit = readFileSync(join(repository, 'deploy/systemd/infusion-watch-gateway.service'), 'utf8')
  const start = /^ExecStart=\S+ (.*?)gateway\/main\.ts/m.exec(unit)
  if (start === null) throw new Error('the unit starts no gateway')
  const env = [...unit.matchAll(/^Environment=(.*)$/gm)].flatMap(([, line]) => (line ?? '').split(' '))
  return {
    nodeFlags: (start[1] ?? '').split(' ').filter((flag) => flag !== ''),
    env: Object.fromEntries(
      env.flatMap((pair) => {
        const [name = '', value = ''] = pair.split('=')
        // Folders of the installed system; the bench has its own.
        return value.startsWith('/') ? [] : [[name, value]]
      }),
    ),
  }
}
