import { existsSync, watch } from 'node:fs'
import { access } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import type { FSWatcher } from 'node:fs'

export interface Awaited {
  readonly path: string
  /** The last attempt found nothing there, so a device that is there by now is news. */
  readonly wasMissing: boolean
}

/** A device that is there and changes (rights, other programs) is worth another attempt at most this often, ms. */
const changeAtMostEveryMs = 250

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )

/** The folder to watch: the device's own, or, as long as that is not there (no cable at all), the nearest one above. */
const watchable = (path: string): { readonly folder: string; readonly child: string } => {
  let child = path
  while (dirname(child) !== child && !existsSync(dirname(child))) child = dirname(child)
  return { folder: dirname(child), child: basename(child) }
}

/**
 * Resolves when a cable may have been plugged in: the path comes to be, or changes. Never rejects. Where folders cannot be watched
 * it waits until `signal` aborts, and the ladder of attempts goes on as without it.
 */
export const devicePlugged = async ({ path, wasMissing }: Awaited, signal: AbortSignal): Promise<void> => {
  const { promise, resolve } = Promise.withResolvers<void>()
  const since = performance.now()
  let wasThere = !wasMissing && (await isThere(path))
  let watcher: FSWatcher | null = null
  let watched = ''

  const look = async (touched: boolean): Promise<void> => {
    const there = await isThere(path)
    const changed = touched && there && performance.now() - since >= changeAtMostEveryMs
    if (changed || (there && !wasThere)) resolve()
    wasThere = there
  }
  const arm = (): void => {
    const { folder, child } = watchable(path)
    if (folder === watched && watcher !== null) return
    watcher?.close()
    watcher = null
    watched = folder
    try {
      watcher = watch(folder, { persistent: false }, (_, name) => {
        // Other devices of the folder come, go and are written to all the time.
        if (name !== null && name !== child && name !== basename(folder)) return
        arm()
        void look(name === basename(path) && folder === dirname(path))
      })
      watcher.on('error', () => {
        watcher?.close()
        watcher = null
      })
    } catch {
      watcher = null
    }
  }

  if (signal.aborted) return
  signal.addEventListener('abort', () => resolve(), { once: true })
  arm()
  // It may have come between the last attempt and the watching.
  void look(false)
  await promise
  // Assigned in `arm`, which the compiler does not follow.
  closeWatcher(watcher)
}

const closeWatcher = (watcher: FSWatcher | null): void => watcher?.close()
