import { mkdir, mkdtemp, rm, symlink, unlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { devicePlugged } from '#gateway/adapters/device-watch.ts'
import { eventually } from '#test/support/eventually.ts'

const newFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'dev-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** Waits for the device in the background; `told` turns true when the wait is over. */
const waitFor = (path: string, wasMissing: boolean) => {
  const stop = new AbortController()
  onTestFinished(() => stop.abort())
  const wait = { told: false, stop: () => stop.abort(), done: Promise.resolve() }
  const watch = async (): Promise<void> => {
    await devicePlugged({ path, wasMissing }, stop.signal)
    wait.told = true
  }
  wait.done = watch()
  return wait
}

/** The watch is armed at once; this lets its first look at the disk pass, so that it cannot be what tells. */
const armed = () => pause(100)

describe('waiting for a cable to be plugged in', () => {
  it('ends when the stable name appears in its folder, as udev makes it', async () => {
    const folder = await newFolder()
    await mkdir(join(folder, 'by-id'))
    await writeFile(join(folder, 'ttyUSB0'), '')
    const wait = waitFor(join(folder, 'by-id', 'usb-pump'), true)
    await armed()
    await writeFile(join(folder, 'by-id', 'usb-other'), '')
    await armed()
    expect(wait.told).toBe(false)
    await symlink('../ttyUSB0', join(folder, 'by-id', 'usb-pump'))
    await eventually(() => wait.told, { within: 1_000 })
  })

  it('ends when the folders above do not exist yet, and are removed and made again meanwhile', async () => {
    const folder = await newFolder()
    await writeFile(join(folder, 'ttyUSB0'), '')
    const wait = waitFor(join(folder, 'serial', 'by-id', 'usb-pump'), true)
    await armed()
    await mkdir(join(folder, 'serial', 'by-id'), { recursive: true })
    await armed()
    await rm(join(folder, 'serial'), { recursive: true })
    await armed()
    await mkdir(join(folder, 'serial'))
    await armed()
    expect(wait.told).toBe(false)
    await mkdir(join(folder, 'serial', 'by-id'))
    await symlink('../../ttyUSB0', join(folder, 'serial', 'by-id', 'usb-pump'))
    await eventually(() => wait.told, { within: 1_000 })
  })

  it('ends at once when the device has come since the last attempt found nothing', async () => {
    const folder = await newFolder()
    await writeFile(join(folder, 'ttyUSB0'), '')
    const wait = waitFor(join(folder, 'ttyUSB0'), true)
    await eventually(() => wait.told, { within: 1_000 })
  })

  it('goes on while a device is there that another program holds, until it goes and comes again', async () => {
    const folder = await newFolder()
    const path = join(folder, 'ttyUSB0')
    await writeFile(path, '')
    const wait = waitFor(path, false)
    await armed()
    expect(wait.told).toBe(false)
    await unlink(path)
    await armed()
    expect(wait.told).toBe(false)
    await writeFile(path, '')
    await eventually(() => wait.told, { within: 1_000 })
  })

  it('ends when it is called off, also where nothing can be watched', async () => {
    const wait = waitFor('/proc/self/no-such-folder/device', true)
    await armed()
    expect(wait.told).toBe(false)
    wait.stop()
    await wait.done
    expect(wait.told).toBe(true)
  })
})
