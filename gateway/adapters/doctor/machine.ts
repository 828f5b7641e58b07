import { readFile } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { isBelowNodeFloor, nodeFloor } from '#domain/node-floor.ts'
import { ok, warn } from '../../core/finding.ts'
import type { Finding } from '../../core/finding.ts'

export const examineNode = (version: string): Finding =>
  isBelowNodeFloor(version)
    ? warn('node', `${version} lacks security fixes`, `install Node ${nodeFloor} or a newer 24`)
    : ok('node', version)

/** Names of the groups this process is in. */
const groupNames = async (): Promise<readonly string[]> => {
  const own = new Set([...(process.getgroups?.() ?? []), process.getgid?.() ?? -1])
  const lines = (await readFile('/etc/group', 'utf8').catch(() => '')).split('\n')
  return lines.flatMap((line) => {
    const [name = '', , id] = line.split(':')
    return own.has(Number(id)) && id !== undefined && id !== '' ? [name] : []
  })
}

/** `wantsSerial`: a serial port is configured. */
export const examineUser = async (wantsSerial: boolean): Promise<Finding> => {
  const { username, uid } = userInfo()
  if (uid === 0)
    return warn(
      'user',
      'root may do everything, so rights are not judged here',
      'run the doctor as the gateway’s user: sudo -u infusion-watch -g infusion-watch …',
    )
  const groups = await groupNames()
  return wantsSerial && !groups.includes('dialout')
    ? warn(
        'user',
        `${username} is not in the group dialout`,
        `sudo usermod -aG dialout ${username}, then start it again`,
      )
    : ok('user', `${username}, groups ${groups.join(', ')}`)
}
